"""Periods: which months a text speaks of.

A period is a range of whole months. A point in time (截至2020年12月, 2020年底) is
the month it falls in; 2020年 is twelve months; “十三五” is 2016 to 2020.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

_KEPT = 2**15


class Relation(StrEnum):
    """How one period lies to another."""

    EQUAL = "equal"
    INSIDE = "inside"
    OVERLAPPING = "overlapping"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Months from ``first`` to ``last``, both counted as year * 12 + month - 1.

    ``start`` and ``end`` say where the text names it; they do not count in
    comparisons.
    """

    first: int
    last: int
    start: int = field(default=-1, compare=False)
    end: int = field(default=-1, compare=False)

    @property
    def month(self) -> bool:
        """Whether it is a single month."""
        return self.first == self.last

    @property
    def year(self) -> bool:
        """Whether it is a calendar year."""
        return self.first % 12 == 0 and self.last == self.first + 11

    def relation(self, other: "Period") -> Relation:
        """Say how this period lies to another: equal, inside it, overlapping or different."""
        if self == other:
            return Relation.EQUAL
        if other.first <= self.first and self.last <= other.last:
            return Relation.INSIDE
        if self.first <= other.last and other.first <= self.last:
            return Relation.OVERLAPPING
        return Relation.DIFFERENT

    def answers(self, asked: "Period") -> bool:
        """Whether a figure for this period answers for another: the same, or within its year."""
        years = {month // 12 for one in (self, asked) for month in (one.first, one.last)}
        related = self.relation(asked)
        return related is Relation.EQUAL or (len(years) == 1 and related is not Relation.DIFFERENT)

    def __str__(self) -> str:
        """Give it as ``2020-12``, ``2020`` or ``2020-01/2020-06``."""
        if self.year:
            return f"{self.first // 12}"
        if self.month:
            return _month(self.first)
        return f"{_month(self.first)}/{_month(self.last)}"


def main_periods(text: str, year: int | None = None) -> tuple[Period, ...]:
    """Find the periods that a text gives figures for, without those it compares them with.

    >>> [str(p) for p in main_periods("截至2020年12月，较2020年3月增长8540万")]
    ['2020-12']
    """
    found = find_periods(text, year)
    return tuple(
        one
        for one in found
        if not _COMPARED.search(text[: one.start])
        and not (_WITH.search(text[: one.start]) and _SET_AGAINST.match(text, one.end))
    )


def parse_month(text: str) -> Period:
    """Read ``2020-12`` or ``2020``.

    :raises ValueError: If the text is neither.
    """
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-\d{1,2})?)?", text)
    if not match or (match[2] and not 1 <= int(match[2]) <= 12):
        raise ValueError(f"not a month or year: {text!r}; write 2020-12 or 2020")
    return _months(int(match[1]), int(match[2] or 1), int(match[1]), int(match[2] or 12))


_COMPARED = re.compile(
    r"(?:较|(?<!占)比|同比|相比|相较于?)\s*$|"
    r"\b(?:compar(?:ed?|ing|ison) (?:with|to)|against|than in|from|versus|vs\.?)\s+$|"
    r"\bfrom\s+\S{0,3}\d\S*(?:\s+(?!to\b)\w+){0,2}\s+(?:in|at|by|as of)\s+(?:the end of\s+)?$|"
    r"\b(?:up|down|more|fewer|less|higher|lower|changed?|gr[eo]wn?|growth|ris(?:e|en|ing)|rose|gain(?:ed)?|"
    r"increased?|decreased?|f[ae]ll(?:en)?|drop(?:ped)?|climb(?:ed)?)\b[^.?!;]{0,40}"
    r"\b(?:on|over|since)\s+$",
    re.IGNORECASE,
)
_WITH = re.compile(r"[与和跟同]\s*$")
_SET_AGAINST = re.compile(r"(?:年?[底末初]?|同期)(?:的[^，。]{0,12})?相?(?:比|较)")
_ENGLISH_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_MONTH_NAME = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _ENGLISH_MONTHS) + "|sept"
_YEAR = r"(?<![\d.])(?<!\d,)(?P<year>19\d\d|20\d\d)"
_TO = r"\s*(?:至|到|-|—|–|~|～)\s*"
_DAY = rf"(?:\s*(?:\d{{1,2}}\s*日?{_TO})?\d{{1,2}}\s*日)?"
_ENGLISH_DAY = (
    r"(?:(?<![\d.,])(?:[12]?\d|3[01])(?:st|nd|rd|th)?"
    r"(?:\s*(?:to|-|–|and)\s*\d{1,2}(?:st|nd|rd|th)?)?,?[^\S\n]+)?"
)
# 2000名, 1900多家 and 2001-5000元 hold no year.
_COUNTED = (
    r"\s*(?:[%％余多万亿个件家款元户条次名台辆倍岁天张篇座块]|人(?![工民才口力社类均])|项(?!目)"
    r"|[十百千][万亿]|[美欧日]元|美金|[KMGTPEZ](?:B|bps)|(?:people|users|households|yuan|times)\b"
    r"|(?:thousand|million|mn|billion|bn|trillion|trn|percent|per\s?cent|percentage|pp)\b"
    rf"|{_TO}(?!(?:19|20)\d\d(?!\d))\d{{3,}})"
)
_PLANS = {"十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026}
_QUARTERS = {
    name: quarter
    for quarter, names in enumerate(("一1 first", "二2 second", "三3 third", "四4 fourth"), 1)
    for name in (names[0], names[1], names[3:])
}

_CHINESE_YEAR = re.compile("(?:一九|二[〇零○])[〇零○一二三四五六七八九]{2}(?=年)")
_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_TRACE = re.compile(r"[\d年季月五庆]")
"""What every name of a period has one of, in either language."""
_PATTERN = re.compile(
    rf"""
    {_YEAR}\s*年\s*(?P<from>\d{{1,2}})\s*月?{_TO}(?P<to>\d{{1,2}})\s*月
  | {_YEAR.replace("year", "year_m")}\s*年\s*(?P<month>\d{{1,2}})\s*月{_DAY}
  | {_YEAR.replace("year", "year_d")}[./-](?P<dotted>0?[1-9]|1[0-2])
    (?:[./-](?:0?[1-9]|[12]\d|3[01]))?(?!\d|{_COUNTED})
  | {_YEAR.replace("year", "year_h")}\s*年\s*(?P<half>上半年|下半年)
  | {_YEAR.replace("year", "year_q")}\s*年\s*(?:第\s*)?(?P<quarter>[一二三四1-4])\s*季度
    (?P<quarter_end>[末底])?
  | {_YEAR.replace("year", "year_f")}\s*年\s*前\s*(?P<first_quarters>[二两三3])\s*(?:个\s*)?季度
  | {_YEAR.replace("year", "year_g")}\s*年\s*前\s*
    (?P<months>\d{{1,2}}|[二三四五六七八九十]+)\s*个?月
  | {_YEAR.replace("year", "year_e")}\s*年?\s*(?P<ending>年?[底末]|年终|收官)
  | (?:\bend(?:\s+of)?[\s-]+|\bat\s+the\s+close\s+of\s+|\blate\s+|年[底末]\s*)
    (?P<year_end>20\d\d|19\d\d)
  | (?P<name_from>{_MONTH_NAME})\.?\s*(?:-|–|—|to|through|until|and)\s*(?:the\s+end\s+of\s+)?
    (?P<name_to>{_MONTH_NAME})\.?,?\s+(?:of\s+)?(?P<year_r>19\d\d|20\d\d)
  | (?P<en_plan>1[2-5])th\s+Five-Year\s+Plan\s+[Pp]eriod(?:\s*\(20\d\d\s*[-–—]\s*20\d\d\))?
  | {_ENGLISH_DAY}(?P<name>{_MONTH_NAME})\.?,?\s+{_ENGLISH_DAY}(?P<year_n>19\d\d|20\d\d)
  | (?:first\s+(?:nine\s+months|three\s+quarters)\s+of\s+)(?P<year_3q>20\d\d)
  | (?P<en_half>first|second)\s+half\s+of\s+(?P<year_eh>20\d\d)
  | (?P<en_quarter>first|second|third|fourth)\s+quarter\s+of\s+(?P<year_eq>20\d\d)
  | \bQ(?P<short_quarter>[1-4])\s+(?:of\s+)?(?P<year_sq>20\d\d)
  | (?P<plan>十[二三四五]五)(?!”?[^，。；”]{{0,8}}(?:规划(?!期)|任务|目标))
    (?P<plan_end>”?(?:时期|期间)?(?:末|收官|结束|最后一年))?
  | (?<![\d./第])(?<!\d,)(?:(?P<bare_from>[1-9]|1[0-2])\s*月?{_TO})?
    (?<!第)(?P<bare>[1-9]|1[0-2])\s*月(?!活|薪|球|租|饼){_DAY}
  | (?P<part>上半年|下半年|前[二两三](?:个)?季度|[一二三四]季度[末底]?|全年|今年|当年
    |前(?:[2-9]|1[01]|[二三四五六七八九])个月|近(?:[两三四五六七八九十]|[2-9])年|(?<![\d同上去])年[底末]|“?五一”?(?:小长假|假期|黄金周|期间)|国庆(?:节|中秋)?(?:长?假期?|黄金周|期间))
  | {_YEAR.replace("year", "year_y")}(?=\s*年|(?![\d.,]*\d|{_COUNTED}))
    """,
    re.VERBOSE | re.IGNORECASE,
)


@lru_cache(maxsize=_KEPT)
def find_periods(text: str, year: int | None = None) -> tuple[Period, ...]:
    """Find the periods that a Chinese or English text names, in order, with their place.

    :param year: The year of a month or half named without one, where the text
        names no year before it; without either, such a period is left out.
    """
    found: list[Period] = []
    if not _TRACE.search(text):
        return ()
    text = _CHINESE_YEAR.sub(lambda year: year[0].translate(_CHINESE_DIGITS), text)
    for match in _PATTERN.finditer(text):
        if match["bare"]:
            known = found[-1].last // 12 if found else year
            first = int(match["bare_from"] or match["bare"])
            months = _checked(known, first, int(match["bare"])) if known else None
        elif match["part"]:
            known = found[-1].last // 12 if found else year
            months = _part(known, match["part"]) if known else None
        else:
            months = _read(match)
        if months is not None:
            found.append(Period(months.first, months.last, *match.span()))
    return tuple(found)


def _read(match: "re.Match[str]") -> Period | None:
    group = {name: value for name, value in match.groupdict().items() if value}
    if plan := group.pop("en_plan", None):
        first = 2011 + (int(plan) - 12) * 5
        return _months(first, 1, first + 4, 12)
    if plan := group.pop("plan", None):
        last = _PLANS[plan] + 4
        return _months(last if "plan_end" in group else _PLANS[plan], 1, last, 12)
    year = next(int(value) for name, value in group.items() if name.startswith("year"))
    if "from" in group:
        return _checked(year, int(group["from"]), int(group["to"]))
    if "month" in group or "dotted" in group:
        month = int(group.get("month") or group["dotted"])
        return _checked(year, month, month)
    if "months" in group:
        return _checked(year, 1, _month_count(group["months"]))
    if "half" in group or "en_half" in group:
        early = group.get("half") == "上半年" or group.get("en_half", "").lower() == "first"
        return _months(year, 1 if early else 7, year, 6 if early else 12)
    if quarter := next((value for name, value in group.items() if name.endswith("quarter")), None):
        last = _QUARTERS[quarter.lower()] * 3
        return _months(year, last if "quarter_end" in group else last - 2, year, last)
    if "first_quarters" in group:
        return _months(year, 1, year, 9 if group["first_quarters"] in "三3" else 6)
    if "year_3q" in group:
        return _months(year, 1, year, 9)
    if "ending" in group or "year_end" in group:
        return _months(year, 12, year, 12)
    if "name_from" in group:
        return _checked(year, _month_of(group["name_from"]), _month_of(group["name_to"]))
    if "name" in group:
        month = _month_of(group["name"])
        return _months(year, month, year, month)
    return _months(year, 1, year, 12)


def _month_count(printed: str) -> int:
    """Read the 4 or 十一 of 前11个月."""
    _, ten, ones = printed.rpartition("十")
    if printed.isdecimal():
        return int(printed)
    return (10 if ten else 0) + " 一二三四五六七八九".find(ones or " ")


def _month_of(name: str) -> int:
    """The number of a month by its English name."""
    return [known[:3] for known in _ENGLISH_MONTHS].index(name[:3].lower()) + 1


def _part(year: int, name: str) -> Period:
    """Read a part of a year that is named without it: 上半年, 前三季度, 年底."""
    if name[0] == "近":
        years = _month_count(name[1].replace("两", "二"))
        return _months(year - years + 1, 1, year, 12)
    if name[0] == "年":
        return _months(year, 12, year, 12)
    if "五一" in name or "国庆" in name:
        month = 5 if "五一" in name else 10
        return _months(year, month, year, month)
    if "半年" in name:
        return _months(year, 1, year, 6) if name[0] == "上" else _months(year, 7, year, 12)
    if name.endswith("个月"):
        return _months(year, 1, year, _month_count(name[1:-2]))
    if name[0] == "前":
        return _months(year, 1, year, 9 if name[1] == "三" else 6)
    if "季度" in name:
        last = _QUARTERS[name[0]] * 3
        return _months(year, last if name[-1] in "末底" else last - 2, year, last)
    return _months(year, 1, year, 12)


def _checked(year: int, first: int, last: int) -> Period | None:
    if 1 <= first <= last <= 12:
        return _months(year, first, year, last)
    return None


def _months(year: int, month: int, last_year: int, last_month: int) -> Period:
    return Period(year * 12 + month - 1, last_year * 12 + last_month - 1)


def _month(index: int) -> str:
    return f"{index // 12}-{index % 12 + 1:02d}"
