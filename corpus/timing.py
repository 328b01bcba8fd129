"""Timing: for when a figure holds, and against what a change is counted."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.figures import RISES, FactKind, Figure
from corpus.period import Period

_SAME_TIME = re.compile(r"同比|同期")
_YEAR_BEFORE = re.compile(r"(?:较|比)(?:上年|去年|上一年)(?P<end>[底末])?(?!同期)")
_COMPARED = re.compile(r"(?:较(?:[^，；。]{0,10}（)?|(?<![同环])比|相比|相较于?)\s*$")
_FROM = re.compile(r"[由从自][^由从，；。]*$")
_ENDS = re.compile(rf"(?:{RISES}|精减|调整|跃升|达)(?:到|至|为)[^，；。]*$|[至到][^，；。]*$")
_AVERAGE = re.compile(r"(?P<years>[两二三四五六七八九十]|\d+)年(?:平均|年均)")
_NUMERALS = {name: value for value, name in enumerate("一二三四五六七八九十", 1)} | {"两": 2}


def named_periods(text: str, periods: Sequence[Period], year: int | None) -> list[Period]:
    """The periods of a text as it means them: 2019年以来 lasts on, “十三五”初期 is a year."""
    found = []
    for one in periods:
        behind = text[one.end :]
        first, last = one.first, one.last
        if year and re.match(r"[年月底末”]*以来", behind) and one.last <= year * 12 + 11:
            last = year * 12 + 11
        elif last - first > 11 and re.match(r"”?(?:时期)?初", behind):
            last = first + 11
        elif last - first > 11 and re.match(r"”?(?:时期)?末", behind):
            first = last - 11
        found.append(replace(one, first=first, last=last))
    return found


def main_of(text: str, periods: Sequence[Period]) -> list[Period]:
    """The periods that a text gives figures for, without those it only compares them with."""
    return [one for one in periods if not _is_compared(text, one)]


def when(
    text: str,
    figure: Figure,
    kind: FactKind,
    periods: Sequence[Period],
    named: Period | None,
) -> tuple[Period | None, Period | None]:
    """A figure's period, and for a change the one it is counted from."""
    start = figure.quantity.start
    mains = main_of(text, periods)
    before = [one for one in mains if one.start < start]
    begin = figure.clause
    if figure.aside:
        begin = max(text.rfind(mark, 0, start) for mark in "，；。") + 1
    own = [one for one in periods if one not in mains and begin <= one.start < start]
    period = before[-1] if before else named
    clause = text[begin:start]
    if own and re.search(r"(?:较|比|从|由)[^，；。]*(?:的(?:约|近|不足|超过)?|（)$", clause):
        return own[-1], None
    if kind not in (FactKind.CHANGE, FactKind.GROWTH, FactKind.POINTS):
        return period, None
    average = _AVERAGE.search(clause)
    if period and average:
        years = _NUMERALS.get(average["years"]) or int(average["years"])
        return Period(period.last - years * 12 + 1, period.last), None
    if own:
        return period, own[-1]
    if period and (base := year_before(clause, period)):
        return period, base
    named_before = [
        one for one in periods if one.start < start and not _COMPARED.search(text[: one.start])
    ]
    if kind is FactKind.GROWTH and len(named_before) > 1:
        since, until = named_before[-2:]
        if since.year and until.year and ("年均" in clause or _spans(text, since, until)):
            return Period(since.first, until.last), None
    return period, None


def year_before(clause: str, period: Period) -> Period | None:
    """The period a year before that a clause counts a change from: 较上年, 较上年底, 同比.

    >>> str(year_before("较上年底增加", Period(2020 * 12, 2020 * 12 + 11)))
    '2019-12'
    """
    found = _YEAR_BEFORE.search(clause)
    if found:
        year = period.last // 12 - 1
        return Period(year * 12 + (11 if found["end"] else 0), year * 12 + 11)
    return Period(period.first - 12, period.last - 12) if _SAME_TIME.search(clause) else None


def ends(
    text: str, chains: Sequence[Sequence[Figure]], periods: Sequence[Period], named: Period | None
) -> dict[int, Period]:
    """The periods of 从A增长到B, by the places of its figures.

    Named beside them (由2015年底的…), before them (2017年到2021年, “十三五”期间), or by 上年.
    """
    found: dict[int, Period] = {}
    known: tuple[Period, Period] | None = None
    for first, last in pairwise(chains):
        lead = _FROM.search(first[0].left)
        if not (lead and last[0].second and _ENDS.search(last[0].left)):
            continue
        begin = first[0].quantity.start - len(lead[0])
        known = _pair(text, begin, first, last, periods, named) or known
        if known:
            found |= {one.quantity.start: known[0] for one in first}
            found |= {one.quantity.start: known[1] for one in last}
    return found


def _pair(
    text: str,
    begin: int,
    first: Sequence[Figure],
    last: Sequence[Figure],
    periods: Sequence[Period],
    named: Period | None,
) -> tuple[Period, Period] | None:
    """The two periods of a 从A增长到B whose 从 stands at ``begin``, if the text names them."""
    middle = first[-1].quantity.end
    beside = [one for one in periods if begin <= one.start < first[0].quantity.start]
    behind = [one for one in periods if middle <= one.start < last[0].quantity.start]
    outer = main_of(text, [one for one in periods if one.start < begin])
    now = behind[-1] if behind else (outer[-1] if outer else named)
    if beside and now:
        return beside[-1], now
    if now and re.search(r"(?:上年|去年)[^，；。]*$", text[begin : first[0].quantity.start]):
        return Period(now.first - 12, now.last - 12), now
    if len(outer) > 1 and _spans(text, outer[-2], outer[-1]):
        return outer[-2], outer[-1]
    if outer and outer[-1].last - outer[-1].first > 12:
        plan = outer[-1]
        return Period(plan.first - 1, plan.first - 1), Period(plan.last, plan.last)
    return None


def _is_compared(text: str, period: Period) -> bool:
    """Whether a figure is only compared with a period: 较2019年底, 是2017年的7.7倍, 从2012年的."""
    before, behind = text[: period.start], text[period.end :]
    if _COMPARED.search(before):
        return True
    if re.search(r"与\s*$", before) and re.match(r"[^，；。]{0,20}(?:相比|比较)", behind):
        return True
    if re.search(r"[从由]“?$", before) and re.match(r"年?[^，；。\d]{0,4}的", behind):
        return True
    stands_for = re.search(r"(?:是|为|相当于|恢复[到至])$", before)
    if not stands_for or re.search(r"[由从][^，；。]*$", before):
        return False
    return bool(re.match(r"年?(?:[底末]|同期)?的[\d.]+(?:倍|%)", behind))


def _spans(text: str, first: Period, last: Period) -> bool:
    return bool(re.fullmatch(r"年?\s*(?:到|至|-|—|–)\s*", text[first.end : last.start]))
