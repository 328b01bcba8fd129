"""The number check: no figure is shown that a cited span does not hold.

Code decides this, for every path by which a text comes about: quotes, composed
sentences and what a language model writes. A number is held by a span if the
span has a quantity of the same kind, amount and unit (9.74亿 and 974 million are
the same, 5.9% and 5.9个百分点 are not), a date if it has that date, and any other
run of digits (5G, IPv6, 12315) if it has the same.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from corpus import Measure, Period, find_periods, find_quantities

_MARKER = re.compile(r"\s*[\[［【]\d+(?:\s*[,，、]\s*\d+)*[\]］】]")
_NAME = re.compile(r"[A-Za-z]*-?\d[\d,.]*\d[A-Za-z]*|[A-Za-z]*-?\d[A-Za-z]*")
_MONTH = re.compile(r"(1[0-2]|[1-9])\s*月")
_DAY = re.compile(r"(\d+)\s*日|\d{4}[./-]\d+[./-](\d+)")
_ENGLISH_DAY = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_TO = re.compile(r"\s*(?:至|到|to|-|–|—|~|～)\s*")
_SPELLED = re.compile(
    r"[零一二三四五六七八九十百千两〇]+(?:点[零一二三四五六七八九〇]+)?[万亿倍]+|"
    r"百分之[零一二三四五六七八九十百点两〇\d.]+|[翻]了?一?[番两]|过半|半数|"
    r"\b(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|one|two|three|four|"
    r"five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|hundred|half a|a|several)\s+"
    r"(?:hundred|thousand|million|billion|trillion|per\s?cent|percent|percentage points?|times)\b|"
    r"一半|\b(?:doubled|tripled|quadrupled|twice|threefold|twofold|half (?:of|the|its|their)|"
    r"(?:a|one)[- ](?:third|quarter|fifth|tenth)|two[- ]thirds|three[- ]quarters|dozens?|"
    r"(?:one|two|three|four|five|six|seven|eight|nine) (?:in|out of) (?:every )?"
    r"(?:two|three|four|five|six|seven|eight|nine|ten))\b",
    re.IGNORECASE,
)
_HEADER_UNITS = {"ten thousand": "万", "hundred million": "亿"}
"""What a column's unit in brackets is in English: （万人） is (ten thousand people)."""


def unsupported(text: str, cited: Iterable[str]) -> tuple[str, ...]:
    """Give the numbers of a text that none of the cited texts hold, as printed.

    :param text: What is to be shown; its ``[1]`` marks do not count.
    :param cited: The clean texts of the spans it cites.
    """
    shown = _MARKER.sub(" ", text)
    evidence = tuple(cited)
    quantities = [quantity for one in evidence for quantity in find_quantities(one)]
    dates = [(period, _days(one, period)) for one in evidence for period in find_periods(one)]
    periods = [period for period, _ in dates]
    names = {name for one in evidence for name in _names(one)}
    amounts = {one.magnitude for one in quantities if one.measure is Measure.AMOUNT}
    missing: list[tuple[int, str]] = []
    covered: list[tuple[int, int]] = []
    for period in _periods(shown, periods):
        covered.append((period.start, period.end))
        days = _days(shown, period)
        if period not in periods or (days and (period, days) not in dates):
            missing.append((period.start, shown[period.start : period.end]))
    for quantity in find_quantities(shown):
        covered.append((quantity.start, quantity.end))
        if not any(quantity.agrees(other) for other in quantities):
            missing.append((quantity.start, shown[quantity.start : quantity.end]))
    for match in _NAME.finditer(shown):
        if _overlaps(match, covered):
            continue
        name = _name(match)
        if name not in names and _number(name) not in amounts:
            missing.append((match.start(), match[0]))
    for match in _SPELLED.finditer(shown):
        if _overlaps(match, covered):
            continue
        unit = (
            _HEADER_UNITS.get(match[0].lower(), "") if shown[: match.start()].endswith("(") else ""
        )
        if unit and any(f"（{unit}" in one or f"({unit}" in one for one in evidence):
            continue
        if not any(match[0].lower() in one.lower() for one in evidence):
            missing.append((match.start(), match[0]))
    return tuple(printed for _, printed in sorted(missing))


def _periods(text: str, known: Sequence[Period]) -> list[Period]:
    """The periods of a text; 2020年7月至2020年12月 is one if that is a period known."""
    found: list[Period] = []
    for one in find_periods(text):
        if found and _TO.fullmatch(text, found[-1].end, one.start):
            whole = Period(found[-1].first, one.last, found[-1].start, one.end)
            if whole in known:
                found[-1] = whole
                continue
        found.append(one)
    return found


def _days(text: str, period: Period) -> tuple[int, ...]:
    """The days of a date, which its period leaves out: 1 and 11 of 2020年11月1日至11日."""
    if not period.month:
        return ()
    printed = text[period.start : period.end]
    form = _ENGLISH_DAY if re.search("[A-Za-z]", printed) else _DAY
    return tuple(int(match[match.lastindex or 0]) for match in form.finditer(printed))


def _names(text: str) -> set[str]:
    """The names of a text: digits that are no quantity, and months (12月) also of dates.

    8540 is none of 新增网民8540万, so that "8540 new users" does not pass.
    """
    covered = [(one.start, one.end) for one in find_periods(text)]
    covered += [(one.start, one.end) for one in find_quantities(text)]
    names = ((_name(match), match) for match in _NAME.finditer(text))
    return {name for name, match in names if name.endswith("月") or not _overlaps(match, covered)}


def _name(match: re.Match[str]) -> str:
    """A name as it is compared; a bare month keeps its 月."""
    month = _MONTH.match(match.string, match.start())
    return f"{month[1]}月" if month else match[0].lower()


def _number(name: str) -> Decimal | None:
    return Decimal(name.replace(",", "")) if _NUMBER.fullmatch(name) else None


def _overlaps(match: re.Match[str], spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < match.end() and match.start() < end for start, end in spans)
