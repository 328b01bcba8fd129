"""Claims: the statistics that a text states, each with its kind, direction and period.

A text is cut into sentences; every figure, rank or spoken multiple of a sentence is a
claim of its own, and a sentence without any is one claim as a whole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from corpus import (
    FactKind,
    Measure,
    Period,
    Quantity,
    figures,
    find_periods,
    find_quantities,
    find_regions,
    kind_of,
    main_periods,
)
from qa.contract import Language
from qa.language import language_of

_UP = (
    r"增长|增加|增|涨|上升|提升|提高|升|扩大|拉大|多了|多出|新增|回升|翻|跃升|"
    r"\b(?:gr[eo]w\w*|growth|ris\w+|rose|increas\w+|climb\w*|gain\w*|jump\w*|surg\w+|expand\w*|"
    r"up|add(?:ed|s|ing)?|more|higher|widen\w*|larger|rebound\w*|improv\w+|soar\w*|doubled|faster)\b"
)
_DOWN = (
    r"减少|下降|降低|下滑|回落|缩小|收窄|缩短|减|降|跌|少了|萎缩|缩水|精减|"
    r"\b(?:f[ae]ll\w*|drop\w*|declin\w+|decreas\w+|down|shr[aiu]nk\w*|los[te]\w*|fewer|lower|less|"
    r"narrow\w*|cut|reduc\w+|slump\w*|plung\w+|slipp?\w*|slashed|trimmed)\b"
)
_RISES = re.compile(_UP, re.IGNORECASE)
_FALLS = re.compile(_DOWN, re.IGNORECASE)
_TO = re.compile(r"(?:到|至|达|为|\b(?:to|at|reached|reaching|stood at|hit))\W*(?:\w+\W+){0,1}$")
_BEHIND = re.compile(
    r"^\W*(?:\w+\W+){0,3}?(?:more|fewer|less|higher|lower|increase|decrease|rise|drop|fall|decline|"
    r"growth|jump|gain|year on year|year-on-year)\b|^的?(?:增长|增速|增幅|涨幅|降幅|下降)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[，；。：！？;:!?]|,(?!\d)|\b(?:and|while|whereas|but|with)\b")
_SENTENCE = re.compile(
    r"[^。！？!?；;\n.]+(?:\.(?=\S)[^。！？!?；;\n.]*)*[。！？!?；;.]*[”’\"')）]*"
)
_ABOUT = re.compile(
    r"约|大约|左右|差不多|将近|近|接近|几乎|大概|上下|不到|"
    r"\b(?:about|around|some|roughly|nearly|almost|close to|approximately|just under|under)\b",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"超|逾|多[个万亿%家人]?|以上|余|突破|不止|"
    r"\b(?:over|more than|above|exceed\w*|upwards of|at least|topp?\w*|pass\w*)\b|过",
    re.IGNORECASE,
)
_ORDINALS = {
    word: place
    for place, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1
    )
}
_TENS = {name: value for value, name in enumerate("一二三四五六七八九十", 1)}
_RANK = re.compile(
    r"(?P<zh>第(?:[一二三四五六七八九十]|\d{1,2}))(?=位|名|[，。、；！）\s]|$|的|大)|"
    r"(?P<top>居首|榜首|排首位|首位|more than any other)|"
    r"\b(?:rank\w*|placed?|came|stood|is|was|to|in|at|the|comes?|moved|climbed|position) "
    r"(?:the )?(?:\w+ )?(?P<en>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b"
    r"(?! (?:half|quarter|time|wave|batch|generation|year|and|-|"
    r"(?:\w+ )?(?:months?|quarters?|weeks?|days?|hours?|years?|halves)\b))|"
    r"\b(?:No\.? ?|number |rank\w* |#)(?P<digits>\d{1,2})(?:st|nd|rd|th)?\b|"
    r"\b(?P<nth>\d{1,2})(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"年?[底末初]?(?:时|的|才|仅|只|只有|就|还是|是|为|达)*第?")
_BEHIND_IT = re.compile(r"\w{0,2}\s+(?:in|at|by|as of)\s+(?:the end of\s+)?")
_MIN = 4
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|div|p|span|script|table|a)\b[^>]*>", re.IGNORECASE
)
_WORD = re.compile(r"[一-鿿]{2}|[A-Za-z]{3}")
MAX_CHARACTERS = 400_000


class ClaimError(Exception):
    """A text cannot be checked; the message says why, in one line, in both languages."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.chinese = chinese

    def text(self, language: Language) -> str:
        """Say why in one language."""
        return self.chinese if language == "zh" else str(self)


@dataclass(frozen=True, slots=True)
class Claim:
    """A statistic as a text states it: ``text[start:end]`` is the figure, as printed.

    ``quantity`` is None for a sentence that gives no figure. ``direction`` is 1 for a rise,
    -1 for a fall and 0 where neither is said; ``clause`` what the figure is said of.
    """

    sentence: str
    offset: int
    start: int
    end: int
    clause: str
    quantity: Quantity | None
    kind: FactKind | None
    direction: int
    about: bool
    over: bool
    periods: tuple[Period, ...]
    regions: tuple[str, ...]
    language: Language

    @property
    def printed(self) -> str:
        """The figure as printed, or the whole sentence."""
        at = self.offset
        return self.sentence[self.start - at : self.end - at]


def read_claims(text: str, language: Language | None = None) -> tuple[Claim, ...]:
    """Read the claims of a text that a person gave.

    Of a text of several sentences only those with figures count.

    :raises ClaimError: If it is empty, too long, no text or says nothing to check.
    """
    if len(text) > MAX_CHARACTERS:
        raise ClaimError(
            f"the text has {len(text):,} characters: check at most {MAX_CHARACTERS:,} at a time",
            f"文本有{len(text):,}个字符：一次最多核查{MAX_CHARACTERS:,}个",
        )
    control = _CONTROL.search(text)
    if control:
        raise ClaimError(
            f"the text holds a control character (U+{ord(control[0]):04X}) at position "
            f"{control.start() + 1}: give plain text",
            f"文本的第{control.start() + 1}个字符是控制字符（U+{ord(control[0]):04X}）：请给纯文本",
        )
    if _MARKUP.search(text):
        raise ClaimError("the text is HTML: give its plain text", "文本是HTML：请给其中的纯文本")
    found = find_claims(text, language)
    figured = tuple(one for one in found if one.quantity is not None)
    if not found or (len(found) > 1 and not figured):
        raise ClaimError(
            "the text has no statistic to check: give a sentence with a figure",
            "文本里没有可核查的统计数字：请给出带数字的句子",
        )
    if not _WORD.search(text):
        raise ClaimError(
            "the text has only numbers: say what they are of", "文本里只有数字：请写明是什么的数字"
        )
    return figured or found


def read_article(path: Path) -> str:
    """Read a text file to be checked.

    :raises ClaimError: If it cannot be read or is no UTF-8 text.
    """
    try:
        size = path.stat().st_size
        if size > 4 * MAX_CHARACTERS:
            raise ClaimError(
                f"{path} has {size:,} bytes: check at most {MAX_CHARACTERS:,} characters at a time",
                f"{path}有{size:,}个字节：一次最多核查{MAX_CHARACTERS:,}个字符",
            )
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ClaimError(
            f"cannot read {path}: {error.strerror}", f"无法读取{path}：{error.strerror}"
        ) from error
    except UnicodeDecodeError as error:
        raise ClaimError(
            f"{path} is not UTF-8 text (byte {error.start}): save it as UTF-8",
            f"{path}不是UTF-8文本（第{error.start}个字节）：请另存为UTF-8",
        ) from error


def find_claims(text: str, language: Language | None = None) -> tuple[Claim, ...]:
    """Find the claims of a text, in order; offsets are into the text."""
    found: list[Claim] = []
    named: tuple[Period, ...] = ()
    for match in _SENTENCE.finditer(text):
        sentence = match[0]
        if len(re.sub(r"\W", "", sentence)) < _MIN:
            continue
        read = _claims(sentence, match.start(), language or language_of(sentence), named)
        named = main_periods(sentence) or named
        found += read
    return tuple(found)


def _claims(
    sentence: str, offset: int, language: Language, named: tuple[Period, ...]
) -> list[Claim]:
    year = named[0].last // 12 if named else None
    periods = main_periods(sentence, year) or named
    regions = find_regions(sentence)
    found = []
    read = sorted((*_quantities(sentence), *_ranks(sentence)), key=lambda one: one.start)
    for quantity in read:
        begin, end = _clause(sentence, quantity)
        clause = sentence[begin:end]
        own = _told_of(sentence, quantity, (begin, end), year) or _carried(
            sentence, quantity, read, periods
        )
        kind = _kind(sentence, quantity, begin, end)
        around = sentence[max(begin, quantity.start - 12) : min(end, quantity.end + 4)]
        found.append(
            Claim(
                sentence=sentence,
                offset=offset,
                start=offset + quantity.start,
                end=offset + quantity.end,
                clause=clause,
                quantity=quantity,
                kind=kind,
                direction=direction(sentence[begin : quantity.start])
                or direction(sentence[quantity.end : end]),
                about=bool(_ABOUT.search(around)),
                over=bool(_OVER.search(around)),
                periods=own,
                regions=regions,
                language=language,
            )
        )
    if not found:
        found.append(
            Claim(
                sentence=sentence,
                offset=offset,
                start=offset,
                end=offset + len(sentence),
                clause=sentence,
                quantity=None,
                kind=None,
                direction=direction(sentence),
                about=False,
                over=False,
                periods=periods,
                regions=regions,
                language=language,
            )
        )
    return found


def _carried(
    sentence: str, quantity: Quantity, others: Sequence[Quantity], periods: tuple[Period, ...]
) -> tuple[Period, ...]:
    """A sentence's periods for a figure whose clause names none; not those of a later figure.

    Of 份额已到85%，2018年才70% the first figure is not of 2018.
    """
    later = [one.start for one in others if one.start > quantity.start]
    return tuple(
        one
        for one in periods
        if one.start < quantity.start
        or not any(_BESIDE.fullmatch(sentence, one.end, start) for start in later)
    )


def _told_of(
    sentence: str, quantity: Quantity, clause: tuple[int, int], year: int | None
) -> tuple[Period, ...]:
    """The periods that a figure's clause names: the one right before the figure, else the main.

    Of 比2018年的第65位 that is 2018.
    """
    begin, end = clause
    beside = [
        one
        for one in find_periods(sentence[begin : quantity.start], year)
        if _BESIDE.fullmatch(sentence, begin + one.end, quantity.start)
    ]
    behind = [
        one
        for one in find_periods(sentence, year)
        if _BEHIND_IT.fullmatch(sentence, quantity.end, one.start)
    ]
    return tuple((beside + behind)[-1:]) or main_periods(sentence[begin:end], year)


def _quantities(sentence: str) -> list[Quantity]:
    """The quantities that say something: no ages, and no bare small numbers of a name."""
    found = []
    for one in find_quantities(sentence):
        before, behind = sentence[: one.start], sentence[one.end :]
        if one.unit in ("岁", "年", "级", "周年") or re.match(r"\s*[-–]?\s*years?\b", behind):
            continue
        if re.search(r"(?:第|前|双|top|age[ds]?|aged|under|past|last|over the)\s*$", before, re.I):
            continue
        if re.match(
            r"\s*(?:(?:[-–—~至到]|to )\s*\d+\s*)?(?:岁|years? old|year-olds?|及以上|强)", behind
        ):
            continue
        found.append(one)
    return found


def _ranks(sentence: str) -> list[Quantity]:
    found = []
    for match in _RANK.finditer(sentence):
        printed = match["zh"] or match["en"] or match["digits"] or match["nth"]
        place = 1 if match["top"] else _place(printed or "")
        name = next(name for name, value in match.groupdict().items() if value)
        start, end = match.span(name)
        if place:
            found.append(Quantity(Decimal(place), Decimal(1), "名次", start, end))
    return found


def _place(printed: str) -> int:
    printed = printed.removeprefix("第")
    if printed.isdecimal():
        return int(printed)
    return _ORDINALS.get(printed.lower(), 0) or _TENS.get(printed, 0)


def _clause(sentence: str, quantity: Quantity) -> tuple[int, int]:
    cuts = [match.span() for match in _CLAUSE.finditer(sentence)]
    begin = max((end for _, end in cuts if end <= quantity.start), default=0)
    return begin, min((start for start, _ in cuts if start >= quantity.end), default=len(sentence))


def _kind(sentence: str, quantity: Quantity, begin: int, end: int) -> FactKind:
    """What a claimed figure is: by the report's own rules in Chinese, else by its clause."""
    if quantity.unit == "名次":
        return FactKind.RANK
    for figure in figures(sentence) if language_of(sentence) == "zh" else ():
        kind = kind_of(replace(figure, quantity=quantity))
        if figure.quantity.start == quantity.start and kind is not FactKind.RANK:
            return kind
    if quantity.measure is Measure.POINTS:
        return FactKind.POINTS
    if quantity.measure is Measure.MULTIPLE:
        return FactKind.MULTIPLE
    if quantity.measure is Measure.RATIO:
        return FactKind.RATIO
    before, behind = sentence[begin : quantity.start], sentence[quantity.end : end]
    moves = direction(before) and not _TO.search(before)
    if moves or _BEHIND.search(behind):
        return FactKind.GROWTH if quantity.measure is Measure.SHARE else FactKind.CHANGE
    return FactKind.SHARE if quantity.measure is Measure.SHARE else FactKind.LEVEL


def direction(text: str) -> int:
    """Whether a text speaks of a rise (1), a fall (-1) or neither; the last word decides."""
    rises = max((match.start() for match in _RISES.finditer(text)), default=-1)
    falls = max((match.start() for match in _FALLS.finditer(text)), default=-1)
    return 0 if rises == falls else 1 if rises > falls else -1
