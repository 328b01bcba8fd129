"""Subjects: what a figure is of, in the report's own words.

It stands before the figure in its clause, without dates, verbs and qualifiers,
or behind it where the clause puts it there. A clause without one takes the
clause's before it; a list of figures takes its items by position.
"""

import re
from collections.abc import Sequence

from corpus.figures import RISES, FactKind, Figure
from corpus.period import find_periods

_CLAUSE = re.compile(r"[，；。：！？]|,(?!\d)")
_NEAR = r"(?:均|在|了|约|近|超过|超|逾|达到|达|为|幅度|分别|至少|最高|仅|仍|同比|环比|\s)*"
_OF = re.compile(
    rf"(?:占(?!比|地(?!级|区))|相当于|恢复[到至])(?:我国|全国|全部|到|了)?(?P<whole>[^，；。]*?)(?:的)?(?:比例|比重|份额)?"
    rf"(?:的|为|达|{_NEAR})*$"
)
_AMONG = re.compile(
    rf"(?:[在占](?!线))?(?P<whole>(?:(?!在)[^，；。]){{2,16}}?)中的?(?:占比|比例|比重)[却也]?(?:为|达|小于|大于|{_NEAR})*$"
)
_GENERIC = re.compile(
    r"(?:占|所占)?(?:总体|全部|整体)?(?:数量)?(?:占比|比例|比重|份额)|"
    r"(?:[近过]?[\d两二三四五六七八九十]+年(?:来|间)?|扣除价格因素|实际|名义|同比|环比|年均|平均|复合|半年)*"
    r"(?:增长率|增速|增幅|降幅|跌幅|涨幅)?|同|规模|数量|其|后者|前者|[位名]"
)
_SAID = re.compile(
    r"^(?:其中|此外|同时|同期|目前|另外|截至|截止|到|自|从|由|在(?!线|校|园|册|建|岗)|数据显示|我国|中国|全国|全省|全球|已|共|累计|"
    r"有(?!线|关|效|机|限|害|色|所)|如|而|并|但|且|还|也|均|均为|分别|其次为|其次是|其次|以及|和|与|及|、|“十.五”(?:期间|时期|以来)?|"
    r"[一二三四五六七八九]是|另一方面|一方面|期间|以来|底|末|仅)+"
)
_VERB = re.compile(
    r"(?:新增|净增|增设|缩短|压缩|收窄|偏高|偏低|偏多|偏少|平均|年均|持续|连续|调整|上调|下调|上涨|下滑|下跌|上升|少增|多增|同比多|同比少|(?<![最提降走新])[高低]|高出|快于|分别|累计|合计|总计|共计|共有|总共|均已|已经|已有|已达|达到|达成|超过|突破|接近|高达|完成|实现|"
    r"位居|位列|稳居|稳|继续|保持|拥有|恢复|相当于|分列|精减|跃升|不足|目前的?|包括|近|约|超|逾|共|达|为|是|有|至|到|由|从|的|了|在|已|均|仍|还|"
    r"仅|各|：|（|“|增长|增加|减少|下降|提升|提高|上升|降低|回落|扩大|缩小|增|减|升|降|涨|同比|环比|第|全球|世界|"
    r"全国|就)$"
)
_BEYOND = re.compile(r"(?:好于|优于|高出|高于|低于|快于|慢于|超出)[^，；。]*$")
_PLACED = re.compile(
    r"(?:连续.{1,3}年)?[均稳已]*(?:保持|位居|位列|名列|排在|分列|位于|居|列(?!车)|提升至|上升至|跃升至|升至|由|从)[^，；。]*$|"
    r"(?:全球|世界|全国)$"
)
_COPULA = re.compile(
    r"(?:由|从|达到|达|为|是|有|共|：|（|超过|超|近|约|突破|接近|高达|至|到|分别|累计)\s*$"
)
_FROM = re.compile(r"[由从][^由从，；。]*$")
_COMPARISON = re.compile(
    r"(?:较(?!大|小|高|低|多|少|好|快|慢|为)|(?<![同环占对类性])比(?![例重率如较])|相比|相较)[^，；。]*?(?:同期)?"
    r"(?=增(?!加值|值|速|幅)|减(?!少量)|提高|提升|下降|下滑|上升|上涨|净增|新增|高|低|缩|扩|降|回落|快|多|少|分别|又|仍|还|$)"
)
_OF_ALL = re.compile(
    r"(?P<item>[^的]{1,10}?)(?:[两二三四五六七八九十]|等)?[省市地国种类者个家县区]{0,2}的(?P<head>.{2,}?)(?:占比|比例|比重)?$"
)
_LIST = re.compile(r"、|以及|(?<![普以])及|(?<![参])与|(?<![共饱缓总])和(?!谐)")
_HEAD = re.compile(
    r"(?:用户|总)?(?:规模|数量|总数|总量|数|量|比例|占比|比重|使用率|普及率|覆盖率|率|收入|金额|额|产量|面积|人数|"
    r"人口|水平|指数|排名|网民|企业|消费|支出|投资|增加值)(?:的|中)?$"
)
_GOES_ON = re.compile(rf"(?:{RISES}|至|到|左右|之间|精减|跃升|调整)")
_NEXT = re.compile(r"(?:以及|和|及|与)(?=[^，；。]*\d|数[十百千]).*")
_IN_LIST = re.compile(r"(?:[、和及与]|[^，；。]的)\s*(?:超过|超|近|约|逾)?$")
_EXAMPLES = re.compile(r"、[^，；。]*等(?:超过|超|近|约|逾)?$")
_AFTER = re.compile(
    r"^(?:以上|以下|左右|多|余|的|种|个|家|款|项|件|条|次)*(?P<noun>(?:[^，；。、：（）]|（[^（）]{1,8}）){1,24})"
)


def subject(figure: Figure, kind: FactKind) -> tuple[str, str | None]:
    """What a figure is of, in its clause's own words, and for a share what it is a share of."""
    left = without_dates(figure.left)
    whole = None
    if kind is FactKind.SHARE:
        share = _OF.search(left) or _AMONG.search(left)
        if share:
            left = left[: share.start()]
            whole = share["whole"].strip() or None
    if kind is FactKind.MULTIPLE:
        left = re.sub(r"(?:是|为|相当于)(?:上年|去年|上一年)?(?:同期)?$", "", left.rstrip("的"))
    if kind is not FactKind.RATIO:
        left = _COMPARISON.sub("", left)
    if kind in (FactKind.CHANGE, FactKind.GROWTH, FactKind.POINTS):
        left = _BEYOND.sub("", left)
    stem = _PLACED.sub("", left) if kind is FactKind.RANK else left
    trimmed = True
    while trimmed:
        shorter = _VERB.sub("", stem.rstrip())
        trimmed = shorter != stem
        stem = shorter
    stem = _SAID.sub("", stem).strip("，的、（）() ")
    if stem and _GENERIC.fullmatch(stem):
        return "", whole
    copula = (
        _COPULA.search(left)
        or _FROM.search(figure.left)
        or kind in (FactKind.CHANGE, FactKind.GROWTH, FactKind.POINTS)
    )
    if kind is FactKind.RANK:
        return stem, None
    listed = _IN_LIST.search(figure.left) if figure.second else _EXAMPLES.search(figure.left)
    noun = _noun_behind(figure)
    if not noun:
        return stem, whole
    if kind is FactKind.SHARE and not whole and (figure.right.startswith("的") or not stem):
        return f"{stem}{noun}", None
    if kind is FactKind.CHANGE and not _HEAD.search(stem):
        return (noun if len(noun) > 1 else f"{stem}{noun}"), None
    if kind is not FactKind.LEVEL or (len(stem) > 2 and copula and not listed):
        return stem, whole
    return noun if listed else f"{stem}{noun}", whole


def _noun_behind(figure: Figure) -> str:
    """What a clause counts behind its figure: 240万个基站; none where a verb goes on."""
    found = _AFTER.match(figure.right)
    noun = _NEXT.sub("", found["noun"]) if found else ""
    return "" if _GOES_ON.match(noun) else noun


def topic(text: str, figures: Sequence[Figure]) -> str:
    """What a sentence speaks of before its first figure's clause, where that names nothing."""
    if not figures or not figures[0].clause:
        return ""
    earlier = [part for part in _CLAUSE.split(text[: figures[0].clause]) if part]
    stems = [_SAID.sub("", without_dates(part)) for part in earlier]
    return next((stem for stem in reversed(stems) if len(stem) > 1), "")


def clause_before(text: str, figure: Figure) -> str:
    """What the clause before a figure's own speaks of, if it holds no figure itself."""
    earlier = re.split(r"[，；：]", text[: max(figure.clause - 1, 0)])[-1]
    if not figure.clause or figure.second or re.search(r"\d", earlier):
        return ""
    stem = _SAID.sub("", without_dates(earlier)).strip()
    return "" if re.match(rf"{RISES}|占", stem) else stem


def items(text: str, count: int, of: str = "") -> list[str]:
    """The items that a list of figures goes with: those listed last in a text, as many.

    :param of: What is said of each, where the text names the items alone.
    """
    left = _SAID.sub("", without_dates(text))
    left = _COMPARISON.sub("", left)
    left = re.sub(r"(?:紧随其后|紧跟其后|次之|随后|位居前列|居前)$", "", left)
    left = re.sub(rf"(?:{RISES})(?:最|较|明显|显著|迅速|快)[^，；。]{{0,3}}$", "", left)
    stem = re.sub(rf"(?:{_VERB.pattern[:-1]}|分别)*$", "", left)
    parts = [part for part in _LIST.split(stem) if part]
    if len(parts) < count:
        return []
    parts = parts[-count:] if len(parts) > count else parts
    return [part + of for part in parts] if of else _named(parts)


def _named(parts: list[str]) -> list[str]:
    """Give every item the words that only the last one carries: 即时通信、搜索引擎用户规模."""
    *others, last = parts
    ending = _common_ending(others) if len(others) > 1 else ""
    position = last.rfind(ending) + len(ending) if ending and ending in last else -1
    if position > 0:
        tail = last[position:]
    elif shared := _OF_ALL.match(last):
        tail = shared["head"]
        last = shared["item"] + tail
    else:
        head = _HEAD.search(last)
        tail = last[head.start() :] if head and head.start() else ""
    whole = [part if _HEAD.search(part) else part + tail for part in others]
    return [*whole, last]


def _common_ending(parts: Sequence[str]) -> str:
    shortest = min(map(len, parts))
    size = next((n for n in range(shortest, 0, -1) if len({part[-n:] for part in parts}) == 1), 0)
    return parts[0][-size:] if size else ""


def without_dates(text: str) -> str:
    """A text without its dates and what leads them in."""
    for period in reversed(find_periods(text, year=2000)):
        rest = re.sub(
            r"^”?(?:年|月份?|底|末|初(?![中级步次])|期间|时期|以来|间|期)*(?:的(?=\d|约|近|超|$))?",
            "",
            text[period.end :],
        )
        text = re.sub("“$", "", text[: period.start]) + rest
    text = re.sub(r"^(?:年|月|日(?![常均活益])|底|末|初(?![中级步次])|期间|时期|以来)+", "", text)
    return re.sub(r"(?:截至|截止|到|自|从|由|在)(?=的|底|末|，|$|我国|全国)", "", text)
