"""Computing: differences, sums and earlier levels from the figures of the sentences found.

A result is shown with its arithmetic, each operand as the report prints it, and is
checked again before it is shown: the operands by the number check, the result by
doing the sum once more.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus import Fact, FactKind, Period, Quantity, Sentence, TableRow, find_facts, find_regions
from qa.evidence import Scored
from qa.question import Question

_BACK = re.compile(
    r"推算|倒推|往回推|反推|推回|反过来算|work(?:ing|ed)? (?:it )?back|back out|impl(?:y|ied|ies)|"
    r"must .{0,40}have been|derive|infer",
    re.IGNORECASE,
)
_GAP = re.compile(
    r"差[了多几]|相差|差距|[高低多少]出?[了]?(?:几|多少)|多了|(?<!多)少了|"
    r"\b(?:difference|gap|margin|apart)\b|how (?:much|many) (?:more|less|fewer|higher|lower)|"
    r"by how (?:much|many)|(?:rise|grow|increase|change|add(?:ed)?)\b.{0,40}\bfrom\b",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"加起来|加在一起|合起来|合计|之和|\b(?:together|combined|sum|altogether|added up)\b",
    re.IGNORECASE,
)
_LESS = re.compile(r"减少|下降|降低|下滑|回落|缩小|减|降|跌|少")


@dataclass(frozen=True, slots=True)
class Formula:
    """A result of two or more facts: ``facts`` joined by ``sign``, a minus or a plus."""

    facts: tuple[Fact, ...]
    sign: str
    result: Quantity
    period: Period | None = None

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences that its operands stand in."""
        return tuple(dict.fromkeys(fact.sentence for fact in self.facts))

    def holds(self) -> bool:
        """Whether the arithmetic is right."""
        first, *others = (fact.quantity.magnitude for fact in self.facts)
        total = first + sum(others) if self.sign == "+" else first - sum(others)
        return abs(total) == self.result.magnitude


def compute(question: Question, chosen: Sequence[Scored]) -> Formula | None:
    """The sum or difference that a question asks for, of the figures of the best sentence."""
    for one in chosen:
        if isinstance(one.sentence, TableRow):
            continue
        facts = _facts(one)
        found = None
        if _BACK.search(question.text):
            found = _before(facts)
        elif _SUM.search(question.text):
            found = _together(facts, question)
        elif _GAP.search(question.text):
            found = _between(facts)
        if found is not None and found.holds():
            return found
    return None


def _facts(one: Scored) -> tuple[Fact, ...]:
    """The facts of a sentence, read in its passage."""
    year = one.periods[0].last // 12 if one.periods else None
    facts = find_facts(one.sentence.passage, year)
    return tuple(fact for fact in facts if fact.sentence.start == one.sentence.start)


def _before(facts: Sequence[Fact]) -> Formula | None:
    """The level before a change: 24.6万家 less 3.3万家."""
    for level in facts:
        if level.kind not in (FactKind.LEVEL, FactKind.SHARE):
            continue
        kind = FactKind.CHANGE if level.kind is FactKind.LEVEL else FactKind.POINTS
        changes = [
            fact
            for fact in facts
            if fact.kind is kind
            and fact.metric == level.metric
            and fact.quantity.start > level.quantity.start
        ]
        if not changes:
            continue
        change = changes[0]
        sign = "+" if _fell(change) else "-"
        result = _sum(level.quantity, change.quantity, 1 if sign == "+" else -1)
        return Formula((level, change), sign, result, change.base)
    return None


def _between(facts: Sequence[Fact]) -> Formula | None:
    """The difference of the only two levels, or the only two shares, of a sentence."""
    for kind in (FactKind.LEVEL, FactKind.SHARE):
        two = [fact for fact in facts if fact.kind is kind]
        if len(two) != 2 or two[0].quantity.measure is not two[1].quantity.measure:
            continue
        if two[0].quantity.unit != two[1].quantity.unit:
            continue
        larger, smaller = sorted(two, key=lambda fact: -fact.quantity.magnitude)
        result = _sum(larger.quantity, smaller.quantity, -1)
        if kind is FactKind.SHARE:
            result = replace(result, unit="个百分点")
        return Formula((larger, smaller), "-", result)
    return None


def _together(facts: Sequence[Fact], question: Question) -> Formula | None:
    """The sum of the levels, or shares, of what a question names."""
    regions = set(find_regions(question.text))
    named = [
        fact
        for fact in facts
        if fact.kind in (FactKind.LEVEL, FactKind.SHARE)
        and regions & set(find_regions(fact.metric))
    ]
    if len(named) < 2 or len({(fact.kind, fact.quantity.unit) for fact in named}) > 1:
        return None
    result = named[0].quantity
    for fact in named[1:]:
        result = _sum(result, fact.quantity, 1)
    return Formula(tuple(named), "+", result)


def _sum(first: Quantity, second: Quantity, factor: int) -> Quantity:
    """A quantity with another added or taken away, in the scale of the first."""
    total = abs(first.magnitude + factor * second.magnitude)
    value = total / first.scale
    unit = first.unit if first.unit not in ("成", "分之") else "%"
    return Quantity(_plain(value), first.scale, unit, -1, -1)


def _plain(value: Decimal) -> Decimal:
    bare = value.normalize()
    return bare.quantize(Decimal(1)) if bare == bare.to_integral() else bare


def _fell(change: Fact) -> bool:
    text = change.sentence.text[: change.quantity.start]
    return bool(_LESS.search(re.split("[，；。]", text)[-1]))
