"""Facts on a metric: what the reports give over time, each figure once with all its places."""

from collections.abc import Collection, Iterable

from corpus import Fact, Report, Span, report_facts
from qa.contract import FactRecord, Place


def list_facts(
    reports: Iterable[Report], metric: str, chosen: Collection[str] | None = None
) -> tuple[FactRecord, ...]:
    """Give the facts whose metric holds some words, the shortest metrics first, then by period.

    A figure that a report repeats is one record with several places.

    :param metric: Words of the metric, in Chinese; blanks do not count.
    :param chosen: Ids of the reports to read; None for all.
    """
    wanted = _packed(metric)
    found: dict[tuple[object, ...], tuple[Fact, str, list[Span]]] = {}
    for report in reports:
        if chosen is not None and report.id not in chosen:
            continue
        for fact in report_facts(report):
            if wanted and wanted in _packed(fact.metric):
                key = (report.id, _packed(fact.metric), fact.quantity.magnitude, *_meaning(fact))
                found.setdefault(key, (fact, report.id, []))[2].append(fact.sentence.span)
    ordered = sorted(found.values(), key=lambda one: _order(one[0], one[1]))
    return tuple(_record(fact, report, spans) for fact, report, spans in ordered)


def _meaning(fact: Fact) -> tuple[object, ...]:
    return fact.quantity.measure, fact.kind, fact.period, fact.base, fact.whole


def _order(fact: Fact, report: str) -> tuple[int, str, int, str, str]:
    metric = _packed(fact.metric)
    return len(metric), metric, fact.period.last if fact.period else 0, report, fact.kind.value


def _record(fact: Fact, report: str, spans: list[Span]) -> FactRecord:
    return FactRecord(
        metric=fact.metric,
        value=float(fact.quantity.value),
        unit=fact.quantity.printed_unit,
        magnitude=float(fact.quantity.magnitude),
        kind=fact.kind.value,
        period=str(fact.period) if fact.period else None,
        base=str(fact.base) if fact.base else None,
        whole=fact.whole,
        report=report,
        places=[Place(start=span.start, end=span.end) for span in spans],
    )


def _packed(text: str) -> str:
    return "".join(text.split()).lower()
