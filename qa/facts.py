"""Facts on a metric: what the reports give over time, each figure once with all its places."""

from collections.abc import Collection, Iterable, Sequence

from corpus import (
    Fact,
    Report,
    Statistic,
    find_statistics,
    load_glossary,
    report_facts,
)
from qa.contract import FactPlace, FactRecord, Rival


def list_facts(
    reports: Iterable[Report], metric: str, chosen: Collection[str] | None = None
) -> tuple[FactRecord, ...]:
    """Give the figures on a metric, the shortest metrics first, then by period.

    A figure that is given several times is one record with several places; those
    that other places contradict name their rivals.

    :param metric: Words of the metric, or another name that the glossary knows for
        it, in Chinese or English; blanks do not count.
    :param chosen: Ids of the reports to read; None for all.
    """
    glossary = load_glossary()
    read = [one for one in reports if chosen is None or one.id in chosen]
    found = find_statistics((fact for one in read for fact in report_facts(one)), glossary)
    wanted = _packed(metric)
    mentions = glossary.find(metric)
    terms = {one.entry.name for one in mentions}
    whole = sum(one.end - one.start for one in mentions) == len(metric.strip())
    named = [
        one
        for one in found
        if (terms and whole and terms <= one.terms)
        or (wanted and any(wanted in _packed(text) for text in _names(one)))
    ]
    return tuple(_record(one, found) for one in sorted(named, key=_order))


def _names(one: Statistic) -> tuple[str, ...]:
    return one.metric, *(fact.metric for fact in one.facts)


def _order(one: Statistic) -> tuple[int, str, int, str]:
    return len(one.metric), one.metric, one.period.last if one.period else 0, one.kind.value


def _record(one: Statistic, found: Sequence[Statistic]) -> FactRecord:
    return FactRecord(
        metric=one.metric,
        value=float(one.quantity.value),
        unit=one.quantity.printed_unit,
        magnitude=float(one.quantity.magnitude),
        kind=one.kind.value,
        period=str(one.period) if one.period else None,
        base=str(one.base) if one.base else None,
        whole=one.whole,
        places=[_place(fact) for fact in one.facts],
        rivals=[
            Rival(
                value=float(rival.quantity.value),
                unit=rival.quantity.printed_unit,
                place=_place(rival.facts[0]),
            )
            for rival in (found[place] for place in one.rivals)
        ],
    )


def _place(fact: Fact) -> FactPlace:
    sentence = fact.sentence
    return FactPlace(
        report=sentence.passage.report,
        start=sentence.span.start,
        end=sentence.span.end,
        metric=fact.metric,
        printed=f"{fact.quantity.value:,f}{fact.quantity.printed_unit}",
    )


def _packed(text: str) -> str:
    return "".join(text.split()).lower()
