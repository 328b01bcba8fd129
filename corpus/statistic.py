"""Statistics: a figure once, with every place that gives it, and those that disagree.

Facts whose metrics are called by the same canonical names (在线办公 and 远程办公),
of the same kind, period and base, say the same thing. Where their figures agree,
as 7.82亿 and 78241万 do, they are one statistic; where they don't, rivals.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.facts import Fact
from corpus.figures import FactKind
from corpus.glossary import Glossary
from corpus.period import Period
from corpus.quantity import Quantity
from corpus.regions import find_regions
from corpus.tables import TableRow

_CLOSE = Decimal("0.8")
_FILLER = re.compile(r"我国|全国(?!性|一)|中国(?!电信|联通|移动|互联|教育)|[的ㆍ·\s“”：:]")


@dataclass(frozen=True, slots=True)
class Statistic:
    """A figure of the reports with its meaning and all the facts that give it.

    ``metric`` is made of the glossary's names, ``terms``; ``quantity`` is the most
    precise one printed. ``rivals`` are the places, in the tuple it came in, of the
    statistics that give another figure for the same thing.
    """

    metric: str
    terms: frozenset[str]
    regions: tuple[str, ...]
    kind: FactKind
    quantity: Quantity
    period: Period | None
    base: Period | None
    whole: str | None
    facts: tuple[Fact, ...]
    rivals: tuple[int, ...] = ()

    @property
    def reports(self) -> frozenset[str]:
        """The ids of the reports that give it."""
        return frozenset(fact.sentence.passage.report for fact in self.facts)


def canonical(text: str, glossary: Glossary) -> str:
    """A metric by the glossary's names, without words that tell nothing apart.

    >>> canonical("我国远程办公的用户规模", load_glossary())
    '在线办公用户规模'
    """
    named = text
    mentions = glossary.find(text)
    for position, mention in reversed(list(enumerate(mentions))):
        name, printed = mention.entry.name, text[mention.start : mention.end]
        if not (name.startswith(printed) and position + 1 < len(mentions)):
            named = named[: mention.start] + name + named[mention.end :]
    return _FILLER.sub("", named)


def find_statistics(facts: Iterable[Fact], glossary: Glossary) -> tuple[Statistic, ...]:
    """Gather facts into statistics, in the order of their first facts.

    Rivals are figures for one metric and period that differ, and such of two
    reports by the same terms that are close: 57634 and 54592 blocks of IPv6
    addresses, which one report calls 数量 and the other 资源总量.
    """
    names: dict[str, str] = {}
    groups: dict[tuple[object, ...], list[Fact]] = {}
    for fact in facts:
        for text in (fact.metric, fact.whole or ""):
            names[text] = names.get(text) or canonical(text, glossary)
        groups.setdefault(_key(fact, names), []).append(fact)
    found = [
        _statistic(cluster, names[cluster[0].metric], glossary)
        for group in groups.values()
        for cluster in _clusters(group)
    ]
    places: dict[tuple[object, ...], list[int]] = {}
    for place, one in enumerate(found):
        places.setdefault((one.terms, one.regions, one.kind, one.period, one.base), []).append(
            place
        )
    parts = _endings(one.metric for one in found)
    return tuple(
        replace(
            one,
            rivals=tuple(
                other
                for other in places[(one.terms, one.regions, one.kind, one.period, one.base)]
                if found[other] is not one and _rivals(one, found[other], parts)
            ),
        )
        for one in found
    )


def same_figure(one: Quantity, other: Quantity) -> bool:
    """Whether two figures are the same but for rounding: 7.82亿 and 78241万.

    Each is taken to be exact to half of its last printed digit.
    """
    if one.measure is not other.measure:
        return False
    coarser = max(one.last_digit, other.last_digit)
    return abs(one.magnitude - other.magnitude) * 2 <= coarser


def _key(fact: Fact, names: Mapping[str, str]) -> tuple[object, ...]:
    metric, whole = names[fact.metric], names[fact.whole or ""]
    return metric, fact.kind, fact.quantity.measure, fact.period, fact.base, whole


def _clusters(facts: Sequence[Fact]) -> list[list[Fact]]:
    """Facts that give the same figure, each cluster's most precise first."""
    clusters: list[list[Fact]] = []
    for fact in sorted(facts, key=lambda one: one.quantity.last_digit):
        for cluster in clusters:
            alike = same_figure(cluster[0].quantity, fact.quantity)
            if alike and _same_unit(cluster[0], fact):
                cluster.append(fact)
                break
        else:
            clusters.append([fact])
    return clusters


def _statistic(cluster: Sequence[Fact], metric: str, glossary: Glossary) -> Statistic:
    most_precise = cluster[0]
    return Statistic(
        metric=metric,
        terms=frozenset(mention.entry.name for mention in glossary.find(metric)),
        regions=find_regions(metric),
        kind=most_precise.kind,
        quantity=most_precise.quantity,
        period=most_precise.period,
        base=most_precise.base,
        whole=next((fact.whole for fact in cluster if fact.whole), None),
        facts=tuple(sorted(cluster, key=_place)),
    )


def _endings(metrics: Iterable[str]) -> frozenset[str]:
    """Every ending of a metric that is shorter than it: 用户规模 of 网络购物用户规模."""
    return frozenset(one[start:] for one in metrics for start in range(1, len(one)))


def _rivals(one: Statistic, other: Statistic, endings: Container[str]) -> bool:
    """Whether two figures for the same thing contradict each other.

    Cells of one report's tables do not: tables of different things share their
    rows' and columns' names. Nor do the figures of one sentence.
    """
    if one.period is None or not one.terms or not _same_unit(one.facts[0], other.facts[0]):
        return False
    if any(a.sentence == b.sentence for a in one.facts for b in other.facts):
        return False
    if same_figure(one.quantity, other.quantity):
        return False
    named_alike = one.metric == other.metric and one.whole == other.whole
    if one.reports.isdisjoint(other.reports):
        low, high = sorted(abs(each.quantity.magnitude) for each in (one, other))
        return named_alike or low >= high * _CLOSE
    prose = all(any(not _is_cell(fact) for fact in each.facts) for each in (one, other))
    return named_alike and prose and one.metric not in endings


def _same_unit(one: Fact, other: Fact) -> bool:
    same = replace(one.quantity, value=other.quantity.value, scale=other.quantity.scale)
    return same.agrees(other.quantity)


def _is_cell(fact: Fact) -> bool:
    return isinstance(fact.sentence, TableRow)


def _place(fact: Fact) -> tuple[str, int, int]:
    return fact.sentence.passage.report, fact.sentence.span.start, fact.quantity.start
