"""Figures: the quantities of a sentence that say something, each with its clause.

A number that only names or bounds something (an age group, a title, 等13部门) is no
figure. No rule here names a metric.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from corpus.quantity import Measure, Quantity, find_quantities

_CLAUSE = re.compile(r"[，；。：！？]|,(?!\d)")
RISES = (
    "增长|增加|新增|净增|增|减少|下降|降低|降|减|提升|提高|上升|上涨|涨|回落|缩小|扩大|缩短|压缩|收窄|"
    "偏高|偏低|偏多|偏少|上调|下调|下滑|下跌|回升|精减|压减|跃升|多增|少增|多降|少降|高出|高于|低于|快于|高|低|快|节约|节省|多|少"
)
_NEAR = r"(?:均|在|了|约|近|超过|超|逾|达到|达|为|幅度|分别|至少|最高|仅|仍|同比|环比|\s)*"
_RISE = re.compile(rf"(?<!最)(?:{RISES})(?<!于)(?!为|(?<=高)达){_NEAR}$")
_RATE = re.compile(rf"(?:增长率|增速|增幅|涨幅|降幅|跌幅|增长幅度){_NEAR}$")
_REACHED = re.compile(rf"(?:{RISES})(?:到|至|为){_NEAR}$|(?:至|到|达|达到){_NEAR}$")
_NEW = re.compile(r"(?:新增|净增|增设|(?:增加|减少)(?!到|至))[^，；。]{0,16}$")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_JOINS = re.compile(rf"\s*(?:、|和|与|及|以及)\s*(?:{RISES})?\s*")
_RUNS = re.compile(rf"{_JOINS.pattern}|\s*[-—~～至]+\s*")
_RANK = re.compile(
    r"(?:(?:全球|世界|全国|位居|位列|名列|排名|排在|居|列|保持|升至|升到|由|从|至)[^，；。、]{0,6}?|[位名][和、])"
    r"(?P<printed>第(?P<rank>\d+(?=[位名])|[一二三四五六七八九十]+(?![一二三四五六七八九十个次批版期届款季章篇条大产梯代类]))[位名]?)"
)
_TENS = {"十": 10} | {name: value for value, name in enumerate("一二三四五六七八九", 1)}
_DEFINITION = re.compile(r"^[^，。；]{1,25}[：:]?\s*(?:是指|指(?!数|标|出|导|挥|令|引|示|定|南))")
_COUNT_OF_LIST = re.compile(r"(?:[^，；。：、]+、)+[^，；。：、]*$")
_NO_UNITS = frozenset({"年", "级", "类", "周年", "期", "批"})


class FactKind(StrEnum):
    """What a figure is."""

    LEVEL = "level"
    SHARE = "share"
    CHANGE = "change"
    GROWTH = "growth"
    POINTS = "points"
    MULTIPLE = "multiple"
    RANK = "rank"
    INDEX = "index"
    RATIO = "ratio"


MOVING_KINDS = frozenset({FactKind.CHANGE, FactKind.GROWTH, FactKind.POINTS})
"""The kinds of figures that say how much something rose or fell."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with the text of its clause before and behind it; an ``aside`` is in brackets."""

    quantity: Quantity
    left: str
    right: str
    clause: int
    second: bool = False
    aside: bool = False


def figures(text: str) -> list[Figure]:
    """The quantities that say something, each with its clause."""
    quantities = sorted((*find_quantities(text), *_ranks(text)), key=lambda one: one.start)
    brackets = [match.span() for match in _BRACKETS.finditer(text)]
    asides = [span for span in brackets if find_quantities(text[slice(*span)])]
    found: list[Figure] = []
    for position, quantity in enumerate(quantities):
        begin, end, aside = _clause(text, quantity, brackets)
        earlier = [one.end for one in quantities[:position] if one.end > begin]
        following = quantities[position + 1] if position + 1 < len(quantities) else None
        left = text[max(earlier, default=begin) : quantity.start]
        if _defines(left, text[quantity.end : end], quantity, following, text):
            continue
        kept = [
            one.quantity.end for one in found if one.quantity.end > begin and one.aside == aside
        ]
        cut = max(kept, default=begin)
        around = [] if aside else asides
        found.append(
            Figure(
                _with_unit(quantity, quantities, position, text),
                _without(text, cut, quantity.start, around),
                _without(text, quantity.end, end, around),
                begin,
                cut > begin,
                aside,
            )
        )
    return found


def _clause(
    text: str, quantity: Quantity, brackets: Sequence[tuple[int, int]]
) -> tuple[int, int, bool]:
    """Where a quantity's clause begins and ends, and whether it is an aside in brackets."""
    inside = next((span for span in brackets if span[0] < quantity.start < span[1]), None)
    lower, upper = (inside[0] + 1, inside[1] - 1) if inside else (0, len(text))
    ends = [
        match.start()
        for match in _CLAUSE.finditer(text, lower, upper)
        if inside or not any(start < match.start() < end for start, end in brackets)
    ]
    begin = max((end + 1 for end in ends if end < quantity.start), default=lower)
    return begin, min((end for end in ends if end >= quantity.end), default=upper), bool(inside)


def _without(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> str:
    """A stretch of a text without some spans of it."""
    for first, last in reversed(spans):
        if start <= first and last <= end:
            text, end = text[:first] + text[last:], end - (last - first)
    return text[start:end]


def chains(text: str, figures: Sequence[Figure]) -> list[list[Figure]]:
    """Figures that stand in one list: 32.8%、28.2%和22.9%."""
    chains: list[list[Figure]] = []
    for figure in figures:
        before = chains[-1][-1].quantity if chains else None
        if before and _JOINS.fullmatch(text[before.end : figure.quantity.start]):
            chains[-1].append(figure)
        else:
            chains.append([figure])
    return chains


def kind_of(figure: Figure) -> FactKind:
    """Say what a figure is, by its unit and the words that lead up to it."""
    measure = figure.quantity.measure
    left = figure.left
    if figure.quantity.unit == "名次":
        return FactKind.RANK
    if measure is Measure.POINTS:
        return FactKind.POINTS
    if measure is Measure.MULTIPLE:
        return FactKind.MULTIPLE
    if measure is Measure.RATIO:
        return FactKind.RATIO
    reached = bool(_REACHED.search(left)) and not _RISE.search(left)
    if measure is Measure.SHARE:
        rises = _RATE.search(left) or (_RISE.search(left) and not reached)
        return FactKind.GROWTH if rises else FactKind.SHARE
    if not figure.quantity.unit and figure.quantity.scale == 1 and not _RISE.search(left):
        return FactKind.INDEX
    if _NEW.search(left) or (not reached and _RISE.search(left)):
        return FactKind.CHANGE
    return FactKind.LEVEL


def _ranks(text: str) -> list[Quantity]:
    """Ranks among countries, provinces or firms: 位居世界第一, 由全球第34位跃升至第9位."""
    return [
        Quantity(
            _ordinal(match["rank"]),
            Decimal(1),
            "名次",
            *match.span("printed"),
        )
        for match in _RANK.finditer(text)
    ]


def _ordinal(printed: str) -> Decimal:
    """Read 9 or 十三."""
    if printed.isdecimal():
        return Decimal(printed)
    tens, ten, ones = printed.rpartition("十")
    return Decimal((_TENS.get(tens, 1) * 10 if ten else 0) + _TENS.get(ones, 0))


def _defines(
    left: str, right: str, quantity: Quantity, following: Quantity | None, text: str
) -> bool:
    """Whether a number only names or bounds something: an age group, a title, a rank's length."""
    if quantity.unit == "名次":
        return False
    if _DEFINITION.match(text):
        return True
    if left.endswith(("表", "图", "附件", "=", "（=", "+")) or right.startswith(
        ("=", "周年", "位随机")
    ):
        return True
    if quantity.scale == 1 and quantity.value == _listed(left):
        return True
    if (
        re.search(r"等(?:[^，；。、的]{1,10}的)?$", left)
        and quantity.scale == 1
        and not re.search("[多余]", text[quantity.start : quantity.end])
    ):
        return True
    if re.match(r"(?:以上|以下|以内)的|[^，；。\d]{1,8}分别(?:是|为)(?![^，；。]*\d)", right):
        return True
    if re.match(r"计(?:[）)]|$)", right) or (quantity.unit == "周" and right.startswith("年")):
        return True
    if quantity.unit in _NO_UNITS or (
        re.search(r"(?:前|第|近|连续|过去|未来|《[^》]*|“[^”]{0,3})$", left)
        and (quantity.unit in ("", "年", "位", "名", "个") and quantity.scale == 1)
        and not (left.endswith("近") and quantity.unit == "个" and right[:1] not in "月季交")
    ):
        return True
    if re.match(r"(?:元|岁|%)?(?:及以[上下])|周岁", right) or left.endswith("/"):
        return True
    if not quantity.unit and quantity.scale == 1 and re.match(r"\s*[-—~～至]+\s*\d", right):
        behind = text[following.end :] if following else "的"
        return following is None or not _ends_clause(following, behind)
    if re.search(r"(?<![\d.])\d+\s*[-—~～至]+\s*$", text[: quantity.start]):
        return not _ends_clause(quantity, right)
    if right.startswith("兑"):
        return True
    if quantity.unit == "岁" and not re.match(r"[，；。、）]|$|提高|增|升|降", right):
        return True
    if (
        following
        and following.unit == "岁"
        and text[quantity.end : following.start].strip() in ("-", "—", "至")
    ):
        return True
    return (
        not quantity.unit
        and quantity.scale == 1
        and not _lists_on(text, quantity, following)
        and (not re.search(r"(?:指数|得分|分值|评分|系数|性别比)[^，；。]*$", left))
        and not (_RISE.search(left) and quantity.value % 1)
    )


def _ends_clause(quantity: Quantity, right: str) -> bool:
    """Whether a range ends its clause (降水200～400毫米), and so names no group (2至3天的游客)."""
    return quantity.unit not in ("", "岁") and not re.match(r"\s*[^，；。、）\s之]", right)


def _lists_on(text: str, quantity: Quantity, following: Quantity | None) -> bool:
    return following is not None and bool(_JOINS.fullmatch(text[quantity.end : following.start]))


def _with_unit(
    quantity: Quantity, quantities: Sequence[Quantity], position: int, text: str
) -> Quantity:
    """Give a list's figure the unit that only its last one prints: 4.3和16.7个百分点."""
    last = position
    while last + 1 < len(quantities) and _RUNS.fullmatch(
        text[quantities[last].end : quantities[last + 1].start]
    ):
        last += 1
    named = quantity.unit and not (quantity.unit == "个" and quantities[last].unit == "个百分点")
    if named or last == position:
        return quantity
    scale = quantity.scale if quantity.scale != 1 else quantities[last].scale
    return replace(quantity, unit=quantities[last].unit, scale=scale)


def _listed(left: str) -> int:
    """How many items a list has that ends where a number stands: 苹果、大豆、棉花等3个品种."""
    found = _COUNT_OF_LIST.search(left)
    return len(re.split("、|和|与|以及", found[0])) if found else 0
