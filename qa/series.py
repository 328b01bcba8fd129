"""Series: one metric over time, of all the reports that give it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from corpus import Fact, Measure, Period, Statistic, same_figure
from qa.lookup import Found, Lookup
from qa.operands import same_unit
from qa.operation import periods_of
from qa.question import Question

_TREND = re.compile(
    r"历年|逐年|每[一]?年|各年|走势|(?:变化|发展|增长)?趋势|变化过程|这些年|几年来|怎么变化?|如何变化|"
    r"\b(?:over (?:the )?(?:years|time)|trends?|year by year|(?:each|every) year|history of|"
    r"evol\w+|how has|how have|track)\b",
    re.IGNORECASE,
)
_CHANGING = re.compile(
    r"变化|增长|增加|发展|\b(?:chang\w+|gr[eo]w\w*|develop\w*|ris\w+|increas\w*)\b", re.IGNORECASE
)
_LEAST, _MOST = 3, 12
_LEAST_SCORE = -0.5


def series(
    question: Question, lookup: Lookup, reports: Collection[str] | None = None
) -> tuple[Fact, ...]:
    """Give the figures of the metric that a question asks to follow over time, oldest first.

    None if it asks for no series, or fewer than three periods are known.
    """
    asked = periods_of(question)
    several = len(asked) >= _LEAST
    if not several and _TREND.search(question.text) is None:
        return ()
    text = _CHANGING.sub(" ", _TREND.sub(" ", question.text))
    level = replace(
        question,
        text=text,
        topic=question.topic.replace(question.text, text),
        periods=(),
        bases=(),
        measure=question.measure if question.measure is Measure.SHARE else None,
    )
    found = lookup.find(level, reports)
    if not found or found[0].score < _LEAST_SCORE:
        return ()
    alike = [one for one in found if _is_of(one.statistic, found[0].statistic)]
    timely = [one for one in alike if _timely(one.statistic, asked)]
    facts = _each_once(timely)
    return facts[-_MOST:] if len(facts) >= _LEAST else ()


def _is_of(one: Statistic, first: Statistic) -> bool:
    """Whether two statistics are one metric's at different times."""
    alike = (one.metric, one.kind, one.regions) == (first.metric, first.kind, first.regions)
    units = one.quantity.unit, first.quantity.unit
    return alike and ("" in units or same_unit(one.quantity, first.quantity))


def _timely(one: Statistic, asked: Sequence[Period]) -> bool:
    """Whether a statistic's period is one of those asked for, or between the first and last."""
    if one.period is None:
        return False
    if len(asked) == 0:
        return True
    if len(asked) == 2:
        return asked[0].first <= one.period.last <= asked[1].last
    return any(one.period.answers(wanted) for wanted in asked)


def _each_once(found: Sequence[Found]) -> tuple[Fact, ...]:
    """One fact a period; a year's figure that a month of it gives as well is left out."""
    kept: list[tuple[Period, Found]] = []
    for one in sorted(found, key=lambda each: each.statistic.quantity.last_digit):
        period = one.statistic.period
        if period is None or any(_covers(period, one, *other) for other in kept):
            continue
        kept.append((period, one))
    ordered = sorted(kept, key=lambda pair: (pair[0].last, pair[0].first))
    return tuple(one.fact for _, one in ordered)


def _covers(period: Period, one: Found, other: Period, known: Found) -> bool:
    """Whether a figure is known already: of the same period, or the same figure close by."""
    if period == other:
        return True
    near = period.answers(other) or other.answers(period)
    return near and same_figure(one.statistic.quantity, known.statistic.quantity)
