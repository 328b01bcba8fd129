"""Timing: for when a figure holds, and against what a change is counted."""

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.figures import RISES, FactKind, Figure
from corpus.period import Period

_SAME_TIME = re.compile(r"同比|同期")
_YEAR_BEFORE = re.compile(r"(?:较|比)(?:上年|去年|上一年)(?P<end>[底末])?(?!同期)")


def when(
    text: str,
    figure: Figure,
    kind: FactKind,
    periods: Sequence[Period],
    named: Period | None,
) -> tuple[Period | None, Period | None]:
    """A figure's period, and for a change the one it is counted from."""
    start = figure.quantity.start
    compared = [one for one in periods if _is_compared(text, one)]
    mains = [one for one in periods if one not in compared]
    before = [one for one in mains if one.start < start]
    own = [one for one in compared if figure.clause <= one.start < start]
    period = before[-1] if before else named
    clause = text[figure.clause : start]
    if own and re.search(r"(?:较|比)[^，；。]*(?:的(?:约|近)?|（)$", clause):
        return own[-1], None
    if kind not in (FactKind.CHANGE, FactKind.GROWTH, FactKind.POINTS):
        return period, None
    if own:
        return period, own[-1]
    before_this = _YEAR_BEFORE.search(clause)
    if period and before_this:
        year = period.last // 12 - 1
        first = year * 12 + (11 if before_this["end"] else 0)
        return period, Period(first, year * 12 + 11)
    if period and _SAME_TIME.search(clause):
        return period, Period(period.first - 12, period.last - 12)
    spans = len(before) > 1 and ("年均" in clause or _spans(text, before[-2], before[-1]))
    if kind is FactKind.GROWTH and spans and before[-2].year and before[-1].year:
        return Period(before[-2].first, before[-1].last), None
    return period, None


def ends(text: str, figures: Sequence[Figure], periods: Sequence[Period]) -> dict[int, Period]:
    """The periods of 从A增长到B where they stand elsewhere: 2017年到2021年, “十三五”期间."""
    found: dict[int, Period] = {}
    known: tuple[Period, Period] | None = None
    for first, last in pairwise(figures):
        if not re.search(r"[由从][^由从]*$", first.left) or not last.second:
            continue
        if not re.search(rf"(?:{RISES}|精减|跃升)(?:到|至)[^，；。]*$", last.left):
            continue
        own = [one for one in periods if first.clause <= one.start < last.quantity.start]
        before = [one for one in periods if one.start < first.clause]
        if len(own) > 1:
            known = own[-2], own[-1]
            continue
        if not own and len(before) > 1 and _spans(text, before[-2], before[-1]):
            known = before[-2], before[-1]
        elif not own and before and before[-1].last - before[-1].first > 12:
            plan = before[-1]
            known = Period(plan.first - 1, plan.first - 1), Period(plan.last, plan.last)
        if known and not own:
            found[first.quantity.start], found[last.quantity.start] = known
    return found


def _is_compared(text: str, period: Period) -> bool:
    """Whether a figure is only compared with a period: 较2019年底, 是2017年的7.7倍."""
    before, behind = text[: period.start], text[period.end :]
    if re.search(r"(?:较|(?<![同环])比|相比|相较于?)\s*$", before):
        return True
    stands_for = re.search(r"(?:是|为|相当于|恢复[到至])$", before)
    return bool(stands_for and re.match(r"年?(?:[底末]|同期)?的[\d.]+(?:倍|%)", behind))


def _spans(text: str, first: Period, last: Period) -> bool:
    return bool(re.fullmatch(r"年?\s*(?:到|至|-|—|–)\s*", text[first.end : last.start]))
