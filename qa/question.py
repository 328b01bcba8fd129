"""Questions: what a conversation asks for, as far as it can be read from its words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus import (
    Measure,
    Period,
    find_periods,
    find_regions,
    load_glossary,
    main_periods,
)
from qa.attribution import unattributed
from qa.contract import Language
from qa.language import HAN, LATIN_WORD, language_of
from qa.turns import leans, names_metric, refers, since_last_topic, topic_of
from qa.when import names_years_off, shift, shifted, written_in_turn, written_out

MAX_CHARACTERS = 1000
_BRIEF = 12


class QuestionError(Exception):
    """A question cannot be taken as it is; the message says why, in one line, in both languages."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.chinese = chinese

    def text(self, language: Language) -> str:
        """Say why in one language, as a sentence."""
        english = str(self)
        return f"{self.chinese}。" if language == "zh" else f"{english[0].upper()}{english[1:]}."


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what it carries over from the turns before it.

    ``text`` is the last turn; ``topic`` is what to search for: the question, and
    the turns before it where it leans on them. A short turn that names a metric itself
    takes over their period and region alone. ``periods`` and ``regions`` are those
    it asks for, none if it names none; ``bases`` the periods it compares with;
    ``measure`` is the kind of figure and ``unit`` what it counts, if its words say that;
    ``before`` are the two questions before it, if it sets their answers against each other:
    their periods and regions are its own.
    """

    text: str
    topic: str
    language: Language
    periods: tuple[Period, ...]
    bases: tuple[Period, ...]
    wants_figure: bool
    wants_definition: bool
    measure: Measure | None
    regions: tuple[str, ...]
    unit: str = ""
    before: tuple["Question", ...] = ()


_OTHER_SCRIPT = re.compile(
    "[\u0370-\u03ff\u0400-\u052f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0eff\u3040-\u30ff\uac00-\ud7af]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FIGURE = re.compile(
    r"多少|(?<!哪)几[个亿万家款人次年成块条项]|[第排]几|比例|占比|百分|率|规模|数量|总数|总量|增长|增速|"
    r"[户人家类量件次站台点种]数(?![据字码智])|"
    r"涨|降|差距|相差|多[少大久长高]|"
    r"\b(?:how (?:many|much|long|large|big|high|fast|often|far)|"
    r"what (?:share|percent|percentage|proportion|fraction|number|was the number|is the number)|"
    r"rates?|growth|numbers? of|count|totals?|totall?ed|revenues?|volume|size of)\b|per ?cent",
    re.IGNORECASE,
)
_MEASURES = {
    Measure.POINTS: re.compile(r"百分点|几个点|percentage points?", re.IGNORECASE),
    Measure.SHARE: re.compile(
        r"how much of (?:the|all|its|their)|usage rate|"
        r"比例|占比|百分[之比数]|比重|几成|in % terms|"
        r"占.{0,6}(?:多少|几)|普及率|使用率|增长率|增速|"
        r"\b(?:share|slice|proportion|fraction|penetration|what part|per\s?cent(?:age)?)\b",
        re.IGNORECASE,
    ),
    Measure.MULTIPLE: re.compile(
        r"[几多少]倍|how many times (?:as|more|bigger|larger)", re.IGNORECASE
    ),
}
_COUNTED = re.compile(
    r"(?<!哪)(?:多少|几)[亿万千百]*(?:个(?=小时))?(?P<unit>个|家|款|人次|人|户|次|种|项|门|件|张|篇|单|架|台|颗|座|条|所|名|位|元|岁|小时|分钟)"
    r"(?!百分点|点|月|[A-Za-z])"
)
_COUNTED_IN_ENGLISH = {
    "人": re.compile(r"\bhow many (?:\w+ ){0,3}(?:people|users|netizens|viewers)\b", re.IGNORECASE),
    "元": re.compile(r"\bhow (?:many|much) (?:\w+ )?(?:yuan|money|rmb)\b", re.IGNORECASE),
    "小时": re.compile(r"\bhow many hours\b", re.IGNORECASE),
}
_DEFINITION = re.compile(
    r"什么是|是什么|什么意思|啥意思|怎么定义|定义|指的?什么|算不算|怎样算|什么样的.{0,8}算|"
    r"what (?:on earth |exactly |actually )?(?:is|are) (?:an? |the )?|"
    r"what(?:'s| does| counts| do they mean)|"
    r"\bdefin|meaning of|\bmean\b",
    re.IGNORECASE,
)
_HOW_COUNTED = re.compile(
    r"怎么(?:算|统计|计算)(?:出来)?的|如何(?:计算|统计|定义)|"
    r"\bhow (?:is|are|was|were|do|does|did)\b.{2,80}"
    r"\b(?:work(?:ed)? out|calculated?|measured?|computed?|defined?)\b",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(
    r"最[多大高少小低常]|第[一二三几]|\b(?:most|largest|biggest|highest|top|main|least|lowest)\b",
    re.IGNORECASE,
)
_TWO_BEFORE = re.compile(
    r"前[者一]个?.{0,16}后[者一]个?|后[者一]个?.{0,16}前[者一]个?|两[者个]|这俩|二者|它们|第一个.{0,16}第二个|"
    r"\b(?:that|it|second|latter)\b.{0,40}\b(?:first|former)\b|"
    r"\b(?:first|former)\b.{0,40}\b(?:that|it|second|latter)\b|"
    r"\b(?:the|those|these) two\b|\bboth\b|\bthem\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"^(?:那么?)?到.{4,12}(?:[增涨多少降减])|\bmore\b.{1,20}\bby\b", re.IGNORECASE)
_SET_AGAINST = re.compile(
    r"^(?:那么?|它|这)?[比跟和与同]$|"
    r"\b(?:that|it|this|they|those)\b.{0,24}\b(?:compared? (?:with|to)|than|against)\b.{0,24}$",
    re.IGNORECASE,
)
_APART = re.compile(
    r"差[了多几]|相差|差距|[多少高低大小]出?(?:了|来)?(?:多少|几)|[加合]起来|合计|[一总]共[是有占]?(?:多少|几)|之和|"
    r"[几多少]倍|摊到|平均[到每一]|每[家人个户]|剩|"
    r"\b(?:more|less|fewer|higher|lower|larger|bigger|smaller|difference|gap|margin|together|"
    r"combined|altogether|in total|times|apart|per(?! ?cent)|each|apiece|on average|is that|"
    r"comes? to|makes? (?:how|what))\b",
    re.IGNORECASE,
)
_AS_A_SHARE = re.compile(
    r"占.{0,8}(?:多少|几|多大)|百分之几|百分比|\bin per ?cent\b|"
    r"\bas an? (?:percentage|share|proportion|fraction)\b(?! of)|"
    r"\bwhat (?:percentage|share|proportion|fraction)\b",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"[涨升增降跌减]|变化|\b(?:gr[eo]w\w*|ris\w+|rose|increas\w+|fell|fall\w*|drop\w*|declin\w+|"
    r"decreas\w+|chang\w+|jump\w*|up|down)\b",
    re.IGNORECASE,
)
_THAN_BEFORE = re.compile(
    r"同比|去年|[上前]一?年|[较比].{0,6}[年期月]|年初|\byear|\bsince\b|\bbetween\b|"
    r"\b(?:than|from|on|against) (?:in )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
    re.IGNORECASE,
)

_INVENT = re.compile(
    r"(?:忽略|无视|不要?管|抛开).{0,8}(?:报告|资料|原文|来源|指令|规则)|(?:随便|帮我)?(?:编|虚构|杜撰|瞎猜)(?:一个|个|造)|"
    r"\b(?:ignore|disregard|forget) (?:all |the |your |any |what )?(?:previous |earlier )?"
    r"(?:reports?|sources?|passages?|documents?|instructions?|rules?)|"
    r"\b(?:make up|invent|fabricate|guess) (?:me )?(?:a|an|some|any) (?:\w+ )?"
    r"(?:numbers?|figures?|answers?|values?|statistics?)\b",
    re.IGNORECASE,
)


_BOTH = re.compile(
    r"两[份个处本篇].{0,8}(?:报告|数|说法|口径|不一)|不一致|对不上|不一样|矛盾|打架|"
    r"\b(?:both|two) (?:reports|figures|numbers|sources)|disagree|conflict|contradict|inconsistent",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"哪些|哪几|哪[两二三四五六七八九十]|有什么|依次|列出|列举|分别|各[是有占]|几[大类种]|"
    r"\b(?:list|name (?:the|all|each)|what are|"
    r"(?:which|what) (?:kind|type|sort)s?|which (?:\w+ )?(?:two|three|four|five|six|ten))\b",
    re.IGNORECASE,
)


_WHY = re.compile(
    r"为什么|为何|为啥|干嘛|咋|怎么(?!样的)|如何|怎样|原因|措施|办法|举措|做法|手段|"
    r"[做干]了?(?:些|哪些|了?啥|什么)|有[哪啥]|哪些(?:招|麻烦|短板|问题|挑战|方面)|"
    r"(?:啥|什么)(?:帮助|影响|作用|好处|变化|问题|挑战|麻烦|短板|照顾|招|用)|"
    r"\b(?:why|how (?!many|much|long|large|big|high|fast|often|far|old|wide|deep)|in what ways?|"
    r"what (?:was|were|is|has been) (?:\w+ )?(?:being )?done|explain|describe|sketch|"
    r"what (?:measures|steps|ways|routes|reasons|problems|challenges|obstacles)|"
    r"what (?:do|did|does|are|is) .{2,60}\b(?:do|doing|about|say)\b)",
    re.IGNORECASE,
)
_REASONS = re.compile(
    r"为什么|为何|为啥|干嘛|原因|措施|办法|举措|做法|"
    r"\b(?:why|what (?:measures|steps|ways|routes|reasons|problems|challenges|obstacles))\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"多少|(?<!哪)几[个亿万家款人次年成]|百分|占比|"
    r"\bhow (?:many|much)|\bpercent|\bwhat share\b",
    re.IGNORECASE,
)


def asks_for_both(text: str) -> bool:
    """Whether a question says that the sources give different figures, or asks for both."""
    return _BOTH.search(text) is not None


def asks_for_list(text: str) -> bool:
    """Whether a question asks for several things."""
    return _LIST.search(text) is not None


def asks_why_or_how(question: Question) -> bool:
    """Whether a question asks for what is told in sentences: why, how, by which measures."""
    told = _WHY.search(question.text) is not None
    return told and not question.wants_definition and _AMOUNT.search(question.text) is None


def _asks_reasons(text: str) -> bool:
    """Whether reasons or measures are asked for, of a figure that rose, say, but not how much."""
    return bool(_REASONS.search(text)) and _AMOUNT.search(text) is None


def _asks_meaning(text: str, dated: bool) -> bool:
    """Whether what a term means, or how it is counted, is asked for."""
    if _HOW_COUNTED.search(text):
        return True
    plain = not (dated or _FIGURE.search(text) or _SUPERLATIVE.search(text))
    return plain and _DEFINITION.search(text) is not None


def asks_to_invent(text: str) -> bool:
    """Whether a question asks to leave the sources aside or to make something up."""
    return _INVENT.search(text) is not None


def read_question(
    turns: Sequence[str], language: Language | None = None, newest: int | None = None
) -> Question:
    """Read a conversation; its last turn is the question.

    :param language: The language to answer in; by default the question's own.
    :param newest: The newest year of the reports, which 今年 and "last year" are
        counted from; without it they name no period.
    :raises QuestionError: If the question is empty, too long, not text or in
        neither Chinese nor English.
    """
    if not turns:
        raise QuestionError(
            "the conversation is empty: its last turn is the question",
            "对话是空的：最后一句应是问题",
        )
    text = _checked(turns[-1], alone=len(turns) == 1)
    earlier = since_last_topic([turn.strip() for turn in turns[:-1] if _readable(turn)], text)
    topic = unattributed(text)
    written, year = written_in_turn(earlier, newest)
    if year is not None:
        year += shift(text) // 12
    dated = written_out(text, newest, year)
    periods = main_periods(dated, year)
    named = find_periods(dated, year)
    if len(periods) == 1 and names_years_off(text):
        named += shifted(periods, shift(text))
    regions = find_regions(text)
    asking = text
    if earlier and leans(text):
        months = shift(text)
        for turn in reversed(written):
            periods = periods or shifted(main_periods(turn), months)
            regions = regions or find_regions(turn)
            months += shift(turn)
        asking = next((one for one in (text, *reversed(earlier)) if _FIGURE.search(one)), text)
        asking = text if _unit(asking) else asking
        if refers(text) or not names_metric(text):
            topic = topic_of(earlier, topic)
            months = shift(text)
            for turn in reversed(written):
                named = named or shifted(find_periods(turn), months)
                months += shift(turn)
        if len(periods) == 1 and periods == tuple(named) and _UNTIL.search(text):
            named = (*named, *main_periods(written[-1])) if written else named
    before = _two_before(turns, text, newest)
    if before and not find_periods(dated, year):
        periods = tuple(dict.fromkeys(period for one in before for period in one.periods))
        named = periods
    if before and not find_regions(text):
        regions = tuple(dict.fromkeys(region for one in before for region in one.regions))
    return Question(
        text=text,
        topic=topic,
        language=language or _language(turns),
        periods=periods,
        bases=tuple(one for one in named if one not in periods),
        wants_figure=bool(_FIGURE.search(topic)) and not _asks_reasons(text),
        wants_definition=_asks_meaning(text, bool(periods)),
        measure=next((one for one, asks in _MEASURES.items() if asks.search(asking)), None),
        regions=regions,
        unit=_unit(text),
        before=before,
    )


def _two_before(turns: Sequence[str], text: str, newest: int | None) -> tuple[Question, ...]:
    """The two questions before a turn that speaks of both: 前者是后者的几倍, "than the first".

    So does one that names nothing, but a gap or a sum ("how many more is that?"), or after two
    times a rise: "so what was the percentage drop?".
    """
    compared = _compared_with(turns, text, newest)
    if compared:
        return compared
    spoken = _TWO_BEFORE.search(text) is not None
    if len(turns) <= 2 or not (spoken or _speaks_of(text, turns[-3:-1])):
        return ()
    moved = _MOVED.search(text) is not None
    apart = bool(_APART.search(text)) or (bool(_AS_A_SHARE.search(text)) and not moved)
    if not (spoken or apart or moved):
        return ()
    try:
        first, second = (read_question(turns[:count], None, newest) for count in (-2, -1))
    except QuestionError:
        return ()
    timed = first.periods and second.periods and first.periods != second.periods
    return (first, second) if spoken or apart or timed else ()


def _compared_with(turns: Sequence[str], text: str, newest: int | None) -> tuple[Question, ...]:
    """The question before a turn that sets its answer against one thing more, and that thing's.

    Of 点外卖的有多少人 and then 比打网约车的多还是少 the second asks of both.
    """
    named = [one for one in load_glossary().find(text) if one.entry.kind == "metric"]
    if len(turns) < 2 or len(named) != 1 or find_periods(text) or find_regions(text):
        return ()
    if not _SET_AGAINST.search(text[: named[0].start]):
        return ()
    known = {one.entry for one in load_glossary().find(turns[-2])}
    if named[0].entry in known:
        return ()
    form = text[named[0].start : named[0].end]
    other = f"{form}呢？" if language_of(text) == "zh" else f"What about {form}?"
    try:
        return (
            read_question(turns[:-1], None, newest),
            read_question([*turns[:-1], other], None, newest),
        )
    except QuestionError:
        return ()


def _speaks_of(text: str, turns: Sequence[str]) -> bool:
    """Whether a turn names no region, no time, and no term but what some turns name."""
    find = load_glossary().find
    known = {one.entry.name for turn in turns for one in find(turn)}
    named = any(one.entry.kind != "measure" and one.entry.name not in known for one in find(text))
    timed = find_periods(text) or shift(text) or _THAN_BEFORE.search(text)
    brief = len(HAN.findall(text)) <= _BRIEF and len(LATIN_WORD.findall(text)) <= _BRIEF
    return brief and leans(text) and not (named or timed or find_regions(text))


def _unit(text: str) -> str:
    """What a question asks the number of, as a Chinese unit: 人 of 多少人 and "how many people"."""
    counted = _COUNTED.search(text)
    if counted:
        return counted["unit"]
    return next((unit for unit, asks in _COUNTED_IN_ENGLISH.items() if asks.search(text)), "")


def _is_period(text: str) -> bool:
    """Whether a text names a period and no more: "2019?"."""
    named = find_periods(text)
    return len(named) == 1 and not re.search(r"\w", text[: named[0].start] + text[named[0].end :])


def _language(turns: Sequence[str]) -> Language:
    """The language of the last turn that has words: "2019?" goes on in that of the turn before."""
    worded = (one for one in reversed(turns) if HAN.search(one) or LATIN_WORD.search(one))
    return language_of(next(worded, turns[-1]))


def _readable(turn: str) -> bool:
    """Whether an earlier turn can be read; one that cannot is no part of the conversation."""
    try:
        return bool(_checked(turn, alone=False))
    except QuestionError:
        return False


def _checked(turn: str, *, alone: bool) -> str:
    """Give a turn without outer blanks, or say why it cannot be one.

    :param alone: It is the only turn; behind others a period without words asks something.
    """
    text = turn.strip()
    if not text:
        raise QuestionError(
            "the question is empty: type one, in Chinese or English",
            "问题是空的：请用中文或英文提问",
        )
    if len(text) > MAX_CHARACTERS:
        raise QuestionError(
            f"the question has {len(text):,} characters: ask in at most {MAX_CHARACTERS:,}",
            f"问题有{len(text):,}个字符：请不要超过{MAX_CHARACTERS:,}个",
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise QuestionError(
            f"the question has a broken character (half a surrogate pair) at position "
            f"{error.start + 1}: type it again",
            f"问题的第{error.start + 1}个字符是坏的（半个代理对）：请重新输入",
        ) from error
    control = _CONTROL.search(text)
    if control:
        raise QuestionError(
            f"the question has a control character (U+{ord(control[0]):04X}) at position "
            f"{control.start() + 1}: remove it",
            f"问题的第{control.start() + 1}个字符是控制字符（U+{ord(control[0]):04X}）：请删去",
        )
    known = len(HAN.findall(text)) + len(LATIN_WORD.findall(text))
    if len(_OTHER_SCRIPT.findall(text)) > known:
        raise QuestionError(
            "the question is in another language: ask in Chinese or English",
            "问题用的是另一种语言：请用中文或英文提问",
        )
    if not known and (alone or not _is_period(text)):
        raise QuestionError(
            "the question has no words: ask in Chinese or English",
            "问题里没有词语：请用中文或英文提问",
        )
    return text
