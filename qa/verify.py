"""The number check: no figure is shown that a cited span does not hold.

Code decides this, for every path by which a text comes about: quotes, composed
sentences and what a language model writes. A number is held by a span if the
span has a quantity of the same kind, amount and unit (9.74亿 and 974 million are
the same, 5.9% and 5.9个百分点 are not), a date if it has that date, and any other
run of digits (5G, IPv6, 12315) if it has the same.
"""

import re
from collections.abc import Iterable

from corpus import Relation, find_periods, find_quantities

_MARKER = re.compile(r"\s*[\[［【]\d+(?:\s*[,，、]\s*\d+)*[\]］】]")
_NAME = re.compile(r"[A-Za-z]*-?\d[\d,.]*\d[A-Za-z]*|[A-Za-z]*-?\d[A-Za-z]*")
_SPELLED = re.compile(
    r"[零一二三四五六七八九十百千两〇]+(?:点[零一二三四五六七八九〇]+)?[万亿倍]+|"
    r"百分之[零一二三四五六七八九十百点两〇\d.]+|[翻]了?一?[番两]|过半|半数|"
    r"\b(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|one|two|three|four|"
    r"five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|hundred|half a|a|several)\s+"
    r"(?:hundred|thousand|million|billion|trillion|per\s?cent|percent|percentage points?|times)\b|"
    r"\b(?:doubled|tripled|quadrupled|twice|threefold|twofold|half of|one[- ]third|two[- ]thirds|"
    r"a quarter|three[- ]quarters)\b",
    re.IGNORECASE,
)


def unsupported(text: str, cited: Iterable[str]) -> tuple[str, ...]:
    """Give the numbers of a text that none of the cited texts hold, as printed.

    :param text: What is to be shown; its ``[1]`` marks do not count.
    :param cited: The clean texts of the spans it cites.
    """
    shown = _MARKER.sub(" ", text)
    evidence = tuple(cited)
    quantities = [quantity for one in evidence for quantity in find_quantities(one)]
    periods = [period for one in evidence for period in find_periods(one)]
    names = {name for one in evidence for name in _names(one)}
    missing: list[tuple[int, str]] = []
    covered: list[tuple[int, int]] = []
    for period in find_periods(shown):
        covered.append((period.start, period.end))
        if not any(period.relation(other) is Relation.EQUAL for other in periods):
            missing.append((period.start, shown[period.start : period.end]))
    for quantity in find_quantities(shown):
        covered.append((quantity.start, quantity.end))
        if not any(quantity.agrees(other) for other in quantities):
            missing.append((quantity.start, shown[quantity.start : quantity.end]))
    for match in _NAME.finditer(shown):
        if any(start < match.end() and match.start() < end for start, end in covered):
            continue
        if match[0].lower() not in names:
            missing.append((match.start(), match[0]))
    for match in _SPELLED.finditer(shown):
        if any(start < match.end() and match.start() < end for start, end in covered):
            continue
        if not any(match[0].lower() in one.lower() for one in evidence):
            missing.append((match.start(), match[0]))
    return tuple(printed for _, printed in sorted(missing))


def _names(text: str) -> set[str]:
    return {match[0].lower() for match in _NAME.finditer(text)}
