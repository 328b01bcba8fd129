r"""Quantities: the numbers of a text with their scale and unit.

Exact decimals, never floats; numbers are found with digit look-arounds, since
``\b`` finds no number beside a Chinese character. Names such as 5G, IPv6, 4K and
第47次 hold no quantity, and neither do dates, which ``period`` reads.
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from corpus.period import find_periods

_KEPT = 2**15


class Measure(StrEnum):
    """What kind of thing a unit counts: only like can equal like."""

    SHARE = "share"
    POINTS = "percentage points"
    MULTIPLE = "multiple"
    RATIO = "ratio"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as printed: 9.89亿人 has value 9.89, scale 10**8, unit 人.

    Of a ratio (51.0:49.0) the value is the first part over the second, the unit a
    colon and what further parts there are; 6.31‰ has the scale of a tenth, so that
    its magnitude is in percent.
    ``text[start:end]`` of the text it was found in is the printed form.
    """

    value: Decimal
    scale: Decimal
    unit: str
    start: int
    end: int

    @property
    def magnitude(self) -> Decimal:
        """The value in single units: 989000000."""
        return self.value * self.scale

    @property
    def measure(self) -> Measure:
        """What kind of thing it measures."""
        return _MEASURES.get(self.unit[:1] if self.unit[:1] == ":" else self.unit, Measure.AMOUNT)

    @property
    def last_digit(self) -> Decimal:
        """What one is worth in the last printed digit: 100万 in 9.89亿."""
        exponent = self.value.as_tuple().exponent
        return self.scale.scaleb(exponent if isinstance(exponent, int) else 0)

    @property
    def printed_unit(self) -> str:
        """The unit of ``value`` with its Chinese scale: 亿人; % for tenths and fractions."""
        if self.unit in ("成", "分之"):
            return "%"
        return _SCALE_NAMES.get(self.scale, "") + self.unit

    def equals(self, other: "Quantity") -> bool:
        """Whether both are the same amount of the same kind: 9.74亿人 is 974 million."""
        return self.measure is other.measure and self.magnitude == other.magnitude

    def agrees(self, other: "Quantity") -> bool:
        """Whether both are equal and their units name the same thing, or one names none."""
        mine, theirs = _FAMILIES.get(self.unit, self.unit), _FAMILIES.get(other.unit, other.unit)
        named = mine.strip("个") and theirs.strip("个")
        return self.equals(other) and (not named or mine == theirs)


_CHINESE_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_SCALES = {
    "": Decimal(1),
    "thousand": Decimal(10**3),
    "million": Decimal(10**6),
    "mn": Decimal(10**6),
    "billion": Decimal(10**9),
    "bn": Decimal(10**9),
    "trillion": Decimal(10**12),
    "trn": Decimal(10**12),
    "tn": Decimal(10**12),
}
_SCALE_NAMES = {
    Decimal(math.prod(_CHINESE_SCALES[character] for character in name)): name
    for name in ("百", "千", "万", "百万", "千万", "亿", "十亿", "百亿", "千亿", "万亿")
}
# A power whose raised digits came down: 2（128-32）= 296 is 2 to the 96th.
POWER = re.compile(r"(?<![\d.])\d+\^?\{?[（(]\d+[-+]\d+[)）]\}?\s*=\s*\d+(?:\^\{?\d+\}?)?")
_POINTS = r"个?百分点|percentage[\s-]points?|pp\b|ppts?\b"
_SHARE = r"%|％|per\s?cent(?:age)?\b|percent\b"
_PER = "/(?:人|户|月|年|天|日|小时|吨|公斤|千克|亩|公顷|平方公里|平方米|立方米|千瓦时)"
_COUNTED = (
    "个点|平方公里|平方米|立方米|公里|公顷|公斤|海里|千克|[毫微]?克|[毫微厘]米|千?瓦时|[千兆]瓦|吨标准煤|人次|人年|批次|"
    "周年|周岁|部门|大类|户次|辆次|架次|亿次|人民币|[美欧日]元|美金|元|台套|个?小时|分钟|秒|课程|"
    "块\\s?(?:[（(]/32[）)]|/32)|[（(]块/32[）)]|块|人|户|个|家|款|件|次|项|条|所|门|张|篇|种|名|册|台|辆|部|"
    "本|座|份|只|股|笔|单|店|城|岁|年|天|日|周|级|类|起|处|支|颗|艘|吨|米|亩|字|场|期|批|期间|位|国|省|县|村|倍|"
    "头|匹|羽|列(?!入|为|车|出)|集(?![成群中团合])|℃|株|枚|套|架|层|床|例(?!外)|宗|幅|栋|箱"
)
_LATIN = (
    "EFLOPS|[KMGTPEZ]FLOPS|[KMGTPEZ]F|[KMGT]bps|[KMGTPEZ]B(?:/户·月)?|[KMGT]W(?:h)?|"
    "/32\\sblocks?|people|users|households|times|US\\sdollars?|yuan|RMB|"
    "hours?|minutes?|seconds?|km|miles?"
)
_PATTERN = re.compile(
    rf"""
    (?P<whole>\d+|[一二三四五六七八九十百]+)分之
    (?P<part>\d+(?:\.\d+)?|[零一二三四五六七八九十百两]+(?:点[零一二三四五六七八九]+)?)
  | (?<![\d/.A-Za-z])(?P<over>[1-9]\d?)/(?P<under>[1-9]\d?)(?![\dA-Za-z/.])
  | (?<![一二三四五六七八九十年月完变生造形构合组建落促\d.])
    (?P<tenths>[一二三四五六七八九两]|[1-9](?:\.\d)?)成(?![为立果员长本功都就效型])
  | (?<![\d.:：])(?:(?<=比)|(?<=比[为是])|(?<=比例为)|(?=\d+\.\d+[:：∶]|\d+[:：∶]\d+\.\d))
    (?P<first>\d+(?:\.\d+)?)[:：∶](?P<second>\d+(?:\.\d+)?)
    (?P<third>(?:[:：∶]\d+(?:\.\d+)?)*)(?![\d.:：百千万亿])
  | (?P<half>一半|半数|(?<!first\s)(?<!second\s)\bhalf\s+(?:of|the|its|their)\b)
  | (?<!first\s)(?<!last\s)\b(?P<over_word>one|an?|two|three|four|five|seven)[-\s]
    (?P<under_word>third|quarter|fourth|fifth|sixth|eighth|ninth|tenth)s?\b
  | (?<![\d.,])(?P<some>[1-9]\d?)\s+(?:in|out\s+of)(?:\s+every)?\s+
    (?P<all>[2-9]|10{{1,3}})(?![\d.,]*\d)
  | (?<![A-Za-z-])(?P<some_word>one|two|three|four|five|six|seven|eight|nine)
    \s+(?:in|out\s+of)(?:\s+every)?\s+
    (?P<all_word>two|three|four|five|six|seven|eight|nine|ten)\b(?!\s+(?:years?|months?|days?|hundred))
  | \b(?P<word_times>two|three|four|five|six|seven|eight|nine|ten)\s+times\b
  | (?<!第)(?P<times>[两二三四五六七八九十]+)倍 | 翻了?(?P<doubled>[一两二三四])番
  | (?<![第\d点一二三四五六七八九十两零百千万亿])
    (?P<spelled>[一二三四五六七八九十两][一二三四五六七八九十百千两零]*(?:点[零一二三四五六七八九]+)?)
    (?P<spelled_scale>[百千]?[万亿]{{1,2}})(?![一二三四五六七八九])(?P<spelled_unit>{_COUNTED})?
  | (?:突破|超过?|接?近|达到?|逾)
    (?P<round>[十百千]?[万亿]{{1,2}})(?P<round_unit>{_COUNTED})?(?![\d一])
  | (?<![A-Za-z\d.第/])(?<![A-Za-z]-)(?<!\d,)
    (?P<sign>(?<![\d%％十百千万亿人元])[-−](?=\d))?
    (?P<currency>US\$|\$|(?:RMB|CNY)\s?|[¥￥])?(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)
    (?![\d]|[.,]\d)
    \s*[余多]?\s*
    (?P<scale>[十百千]?[万亿]{{1,2}}|[百千](?=[万亿元人个家款件公户台辆吨])|(?:thousand|million|mn|billion|bn|trillion|trn|tn)\b)?
    \s*[余多]?\s*
    (?P<unit>{_POINTS}|{_SHARE}|‰|per\s(?:mille|thousand)\b|{_LATIN}|(?:{_COUNTED})(?:{_PER})?)?
    (?P<label>(?<!\s)[A-Za-z])?
    """,
    re.VERBOSE | re.IGNORECASE,
)
# 第47次, 如表1所示
_NUMBERED = re.compile(r"(?:第|[如见附][图表])\s*$")
_FAMILIES = {
    "people": "人",
    "users": "人",
    "households": "户",
    "人民币": "元",
    "yuan": "元",
    "RMB": "元",
    "美金": "美元",
    "US dollar": "美元",
    "US dollars": "美元",
    "个小时": "小时",
    "/32 block": "块/32",
    "/32 blocks": "块/32",
    "times": "倍",
    "GB/户·月": "GB",
    "hour": "小时",
    "hours": "小时",
    "minute": "分钟",
    "minutes": "分钟",
    "second": "秒",
    "seconds": "秒",
    "km": "公里",
    "mile": "miles",
    "块": "块/32",
    "成": "%",
    "分之": "%",
}
_DIGITS = {name: digit for digit, name in enumerate("零一二三四五六七八九十")} | {
    "两": 2,
    "百": 100,
    "千": 1000,
}
_WORDS = {
    name: value
    for value, names in enumerate(
        "a,an,one two,half three,third four,quarter,fourth five,fifth six,sixth seven,seventh "
        "eight,eighth nine,ninth ten,tenth".split(),
        1,
    )
    for name in names.split(",")
}
_MEASURES = {
    "%": Measure.SHARE,
    "成": Measure.SHARE,
    "分之": Measure.SHARE,
    "个百分点": Measure.POINTS,
    "‰": Measure.SHARE,
    ":": Measure.RATIO,
    "倍": Measure.MULTIPLE,
    "times": Measure.MULTIPLE,
}


@lru_cache(maxsize=_KEPT)
def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Find the quantities of a Chinese or English text, in order, dates left out."""
    dates = [(period.start, period.end) for period in find_periods(text, year=2000)]
    dates += [match.span() for match in POWER.finditer(text)]
    found = []
    for match in _PATTERN.finditer(text):
        start, end = match.span()
        if any(start < date_end and date_start < end for date_start, date_end in dates):
            continue
        quantity = _read(match)
        if quantity is not None:
            found.append(quantity)
    return tuple(found)


def _read(match: "re.Match[str]") -> Quantity | None:
    start, end = match.span()
    if _NUMBERED.search(match.string, max(0, start - 3), start):
        return None
    if match["some"]:
        share = Decimal(match["some"]) * 100 / Decimal(match["all"])
        return Quantity(share, Decimal(1), "分之", start, end) if share < 100 else None
    if match["some_word"]:
        some, whole = (Decimal(_WORDS[match[name].lower()]) for name in ("some_word", "all_word"))
        return (
            Quantity(some * 100 / whole, Decimal(1), "分之", start, end) if some < whole else None
        )
    if match["over_word"]:
        part, whole = (Decimal(_WORDS[match[name].lower()]) for name in ("over_word", "under_word"))
        return Quantity(part * 100 / whole, Decimal(1), "分之", start, end)
    if match["word_times"]:
        return Quantity(
            Decimal(_WORDS[match["word_times"].lower()]), Decimal(1), "times", start, end
        )
    if match["part"] or match["over"]:
        part = _digits(match["part"] or match["over"])
        whole = _digits(match["whole"] or match["under"])
        if whole == 0 or (match["over"] and part >= whole):
            return None
        return Quantity(part * 100 / whole, Decimal(1), "分之", start, end)
    if match["tenths"]:
        return Quantity(_digits(match["tenths"]) * 10, Decimal(1), "成", start, end)
    if match["first"]:
        second = Decimal(match["second"])
        if not second:
            return None
        unit = ":" + match["third"].replace("：", ":")
        return Quantity(Decimal(match["first"]) / second, Decimal(1), unit, start, end)
    if match["half"]:
        return Quantity(Decimal(50), Decimal(1), "分之", start, end)
    if match["times"]:
        return Quantity(_digits(match["times"]), Decimal(1), "倍", start, end)
    if match["doubled"]:
        return Quantity(2 ** _digits(match["doubled"]), Decimal(1), "倍", start, end)
    if match["round"]:
        unit = _unit(match["round_unit"] or "")
        return Quantity(Decimal(1), _scale(match["round"]), unit, match.start("round"), end)
    if match["spelled"]:
        scale = _scale(match["spelled_scale"])
        unit = _unit(match["spelled_unit"] or "")
        return Quantity(_digits(match["spelled"]), scale, unit, start, end)
    if match["label"] and not (match["scale"] or match["unit"]):
        return None
    if match["label"]:
        end -= 1
    scale = _scale((match["scale"] or "").lower())
    value = Decimal(match["number"].replace(",", ""))
    unit = _unit(match["unit"] or _currency(match["currency"]))
    if unit == "‰":
        scale = Decimal("0.1")
    printed = match[0][: end - start].rstrip()
    return Quantity(-value if match["sign"] else value, scale, unit, start, start + len(printed))


def _unit(printed: str) -> str:
    if re.fullmatch(_POINTS, printed, re.IGNORECASE):
        return "个百分点"
    if re.fullmatch(_SHARE, printed, re.IGNORECASE):
        return "%"
    if re.match(r"per\s(?:mille|thousand)", printed, re.IGNORECASE):
        return "‰"
    return re.sub(r"[（(]?块\s?[（(]?/32[）)]?", "块/32", printed)


def _currency(printed: str | None) -> str:
    """The unit that a sign before a number means."""
    if not printed:
        return ""
    return "US dollars" if printed.endswith("$") else "yuan"


def _scale(printed: str) -> Decimal:
    """Read a scale: million, 万亿, and 百亿亿 as they multiply."""
    known = _SCALES.get(printed)
    return known or Decimal(math.prod(_CHINESE_SCALES[character] for character in printed))


def _digits(text: str) -> Decimal:
    """Read a number in digits or Chinese: 5.9, 三, 十二, 七十点四."""
    if text[0].isdigit():
        return Decimal(text)
    whole, _, decimals = text.partition("点")
    total = ones = 0
    for character in whole:
        digit = _DIGITS[character]
        if digit < 10:
            ones = digit
        else:
            total += (ones or 1) * digit
            ones = 0
    places = "".join(str(_DIGITS[character]) for character in decimals)
    return Decimal(f"{total + ones}.{places}" if places else total + ones)
