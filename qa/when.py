"""When: the periods that a question names in everyday words, and periods in words."""

import re
from collections.abc import Iterable
from dataclasses import replace

from corpus import Period, find_periods
from qa.contract import Language

_YEARS_AGO = (
    (re.compile(r"(?:今|本)(?=年)"), re.compile(r"\b(?:this|the current) year\b", re.IGNORECASE)),
    (re.compile(r"(?<![较比于])(?:去|上)(?=年)"), re.compile(r"\blast year\b", re.IGNORECASE)),
    (re.compile(r"(?<![目之以])前(?=年)"), re.compile(r"\bthe year before last\b", re.IGNORECASE)),
)
_SHORT_YEAR = re.compile(
    r"(?<![\d近前后过去这每约])(?:’|')?([012]\d)(?=年(?!来|间|内|里|前|后|以|多(?![多少了出几])|了|的时间))"
)
_THAT_YEAR = re.compile(r"[当同那](?:一)?年(?=\s*(?:\d|十|[一二三四五六七八九])+月)")
_LATER = re.compile(
    r"一年之?以?后|次年|翌年|第二年|"
    r"\b(?:a|one) year (?:later|on|after)\b|\b(?:the )?(?:following|next) year\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"(?<![比较跟和与])一年之?以?前|(?<![比较到于])(?<!比[它其这那])[上前]一年|"
    r"\b(?:a|one) year (?:earlier|before|ago)\b|"
    r"(?<!than )(?<!from )(?<!to )(?<!with )(?<!on )(?<!over )\bthe year before\b",
    re.IGNORECASE,
)
YEARS_OFF = re.compile(
    r"(?P<zh>(?<!十)[二两三四五六七八九十]|(?<!\d)[1-9])年之?以?[前后](?![一二两三四五六七八九十\d])|"
    r"\b(?P<en>two|three|four|five|six|seven|eight|nine|ten|[1-9]) years "
    r"(?:earlier|before|ago|previously|later|after|on\b)",
    re.IGNORECASE,
)
NUMBERS = {name: number for number, name in enumerate("一二三四五六七八九十", 1)} | {
    "两": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}  # fmt: skip
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_MONTH = re.compile(
    r"(?P<zh>(?<![一二三四五六七八九十第每个])(?:十[一二]?|[一二三四五六七八九]))(?=月(?!活|薪|球|租|饼))|"
    r"\b(?P<en>(?:January|February|March|April|June|July|August|September|October|November|"
    r"December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)|"
    r"(?<=\b(?:in|by|of) )May|(?<=\bsince )May|"
    r"(?:first|second) half|(?:first|second|third|fourth) quarter)\b"
    r"(?!\s*(?:-|–|—|to\b|through\b|until\b)\s*[A-Z])"
    r"(?!,? (?:\d|of (?:the )?\d|and \w+ (?:of )?\d{4}))"
)


def written_out(text: str, newest: int | None, year: int | None = None) -> str:
    """A question with 去年, "last year" or "in June" written as the time they mean.

    :param newest: The year that 去年 is counted from; None leaves such words as they are.
    :param year: The year of a month that is named without one, unless the text names a year.
    """
    text = _SHORT_YEAR.sub(r"20\1", text)
    if year is not None:
        text = _THAT_YEAR.sub(f"{year}年", text)
    if newest is not None:
        for back, patterns in enumerate(_YEARS_AGO):
            for pattern in patterns:
                text = pattern.sub(str(newest - back), text)
    named = find_periods(text)
    known = named[-1].last // 12 if named else year
    return _MONTH.sub(lambda found: _of_year(found, known), text) if known else text


def written_in_turn(turns: Iterable[str], newest: int | None) -> tuple[list[str], int | None]:
    """Turns as :func:`written_out` gives them, and the year that the last of them speaks of."""
    written: list[str] = []
    year = None
    for turn in turns:
        written.append(written_out(turn, newest, year))
        named = find_periods(written[-1], year)
        if named:
            year = named[-1].last // 12
        elif year is not None:
            year += shift(turn) // 12
    return written, year


def shift(text: str) -> int:
    """How many months a turn moves the period of those before it: 一年以后 moves it by twelve."""
    found = YEARS_OFF.search(text)
    if found:
        printed = (found["zh"] or found["en"]).lower()
        years = int(printed) if printed.isdecimal() else NUMBERS[printed]
        return 12 * years * (1 if re.search("后|later|after|on$", found[0]) else -1)
    return 12 * (bool(_LATER.search(text)) - bool(_EARLIER.search(text)))


def names_years_off(text: str) -> bool:
    """Whether a text names a time by its distance in years: 五年前, "two years later"."""
    return YEARS_OFF.search(text) is not None


def shifted(periods: Iterable[Period], months: int) -> tuple[Period, ...]:
    """Some periods moved by months."""
    return tuple(replace(one, first=one.first + months, last=one.last + months) for one in periods)


def _of_year(found: "re.Match[str]", year: int) -> str:
    if found["en"]:
        of = " of " if found["en"].endswith(("half", "quarter")) else " "
        return f"{found['en']}{of}{year}"
    ten, ones = "十" in found["zh"], found["zh"].replace("十", "")
    return str(10 * ten + (NUMBERS[ones] if ones else 0))


def period_words(period: Period, language: Language) -> str:
    """Name a period: ``2020年12月``, ``December 2020``."""
    first, last = (
        (f"{month // 12}年{month % 12 + 1}月", f"{_MONTHS[month % 12]} {month // 12}")[
            language == "en"
        ]
        for month in (period.first, period.last)
    )
    if period.year:
        return f"{period.first // 12}年" if language == "zh" else f"{period.first // 12}"
    if period.month:
        return first
    return f"{first}至{last}" if language == "zh" else f"{first} to {last}"
