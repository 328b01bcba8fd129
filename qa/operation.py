"""Operations: what a question asks to be computed or compared, and what stands on both sides."""

import re
from dataclasses import replace
from enum import StrEnum

from corpus import (
    FactKind,
    Measure,
    Period,
)
from qa.kinds import asked_kinds
from qa.question import Question


class Operation(StrEnum):
    """What is to be done with the operands."""

    WHOLE = "whole"
    BEFORE = "before"
    SUM = "+"
    REST = "rest"
    DIFFERENCE = "-"
    MULTIPLE = "times"
    SHARE = "share"
    GROWTH = "growth"
    COMPARE = "compare"


ARITHMETIC = frozenset(
    {Operation.SUM, Operation.REST, Operation.DIFFERENCE, Operation.MULTIPLE, Operation.SHARE}
)
"""The operations that come to one figure of two."""
_BACK = (
    r"推算|[倒反]着?[推算]|往[回前]推|推回|反过来算|按(?:这个|此|这样).{0,4}推|"
    r"(?:涨|增长?|增速|降|跌).{0,24}[前上]一?年(?!.{0,4}(?:相?比|增|涨)).{0,10}(?:多少|几)|"
    r"work(?:ing|ed)? (?:it )?back|back out|impl(?:y|ied|ies)|must .{0,40}have been|derive|infer|"
    r"(?:given|judging (?:by|from)|going by|based on|using)\b.{0,60}\b(?:growth|increase|rise)\b"
)
_REST = (
    r"[除扣刨减剔][了除掉去开].{1,20}(?:外|剩|还|其[他余])|(?:去掉|拿掉|减去(?![^，。？]{1,12}[数量额率模])|刨[掉去]|扣掉|除去).{2,}|"
    r"不[算含用].{1,14}(?:还[有剩]|多少|几)|剩下的?.{0,14}(?:多少|几)|还剩.{0,4}(?:多少|几)|但还没|"
    r"\b(?:strip(?:ping)? out|tak(?:e|ing) .{1,24} out|subtract|minus|(?:the )?rest of|remainder|"
    r"left over|does that leave|remaining|were not|have not|not from|other than|excluding|except|"
    r"apart from|outside)\b"
)
_GAP = (
    r"差[了多几]|相差|减去(?=[^，。？]{1,12}[数量额率模])|净增|增[加长]?了多少|差距|[高低多少大快慢]出?(?:了|下来)?(?:几|多少)|多了|(?<!多)少了|(?:落后|领先).{0,6}(?:几|多少)|还差|差.{0,4}[几多]|隔着?.{0,2}[几多]|"
    r"\b(?:difference|gap|margin|apart|separat(?:es?|ed|ing))\b|"
    r"how (?:much|many) (?:\w+ ){0,2}(?:more|less|fewer|higher|lower|bigger|larger|smaller|longer|"
    r"shorter|faster|slower)|"
    r"by how (?:much|many)|"
    r"how far (?:ahead|behind|(?:did|has|have)\b.{0,60}\b(?:climb|rise|fall|drop|grow|move|slip))|"
    r"\bout ?number|"
    r"(?:rise|grow|increase|change|add(?:ed)?(?! (?:up|together))|move)\b.{0,60}"
    r"\b(?:from|between)\b|"
    r"[涨升增多]了?还是[跌降减少]|比一?比|变[多少大小]了|outgr[eo]w|"
    r"\b(?:up|rise|increase|grow)\b.{0,6}\bor (?:down|fall|drop|decline|decrease|shrink)|"
    r"\bwhich way\b|\bpoints? apart\b"
)
_SUM = (
    r"加起来|(?<!增)加.{1,10}[一总]共|加[在到]?一[起块]|合起来|合计|之和|加总|拢共|一共.{0,6}[和与、]|"
    r"再加上?.{1,14}(?:得|是|有|一?共|总)|相加|"
    r"\b(?:together|combined|sum|altogether|add(?:ed|ing)? (?:.{0,24}\b)?up|in total|"
    r"add the .{4,80} to the|plus)\b"
)
_TIMES = (
    r"[几多少]倍|倍数|times (?:as|more|bigger|larger|higher|greater)|multiple of|"
    r"how many times "
    r"(?!(?:was|were|is|are|did|do|does|has|have|had|can|could|a|an|per|each|every)\b)"
)
_PART = (
    r"占.{0,14}(?:几成|多少|百分之几|几分之)|"
    r"(?:是|相当于|等于).{2,14}的(?:几成|百分之几|百分之多少|几分之几)|"
    r"what (?:share|part|portion|proportion|fraction|percent(?:age)?) of|"
    r"as an? (?:share|proportion|fraction|percentage) of"
)
_EITHER = (
    r"谁|[多高大快少低]还是|哪[个家种类边样省国年]?.{0,8}[更最多高大少低]|[更还]?是.{1,20}还是|对比|相比|比较|区别|差别|"
    r"各[是占有自]?(?:多少|几)|分别|"
    r"\b(?:compare[ds]?|versus|vs|or|which|whether|than|both|respectively|against|differ)\b"
)
_AVERAGE = re.compile(
    r"平均|人均|[日月年户]均|均摊|摊到|单价|除以|每[位人个名家单笔件门场台户][^，。？]{0,10}(?:多少|几)|"
    r"\b(?:on average|average|per (?!cent)\w+|(?:a|each|every) day|daily|apiece|divid(?:e|ed|ing)|"
    r"each (?:\w+ ){1,3}(?:took|made|spent|paid|got|had|used|generated|handled|carried))\b",
    re.IGNORECASE,
)
_EACH_DAY = re.compile(
    r"(?:平均|均|摊到|摊下来|算下来|合).{0,4}(?:一|每)[天日]|(?:每|一)[天日].{0,2}平均|日均|"
    r"\b(?:per|a|each|every) day\b|\bdaily\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"多少[万亿千百]*(?:[人个家户次条款种项件台]|网民|用户)|几个?[万亿]|多少?[万亿]|绝对数|人数|折合|换算|"
    r"\bhow many\b|\bhead ?count\b|\babsolute\b|\bnumber of\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"新[增冒]|增[长速幅加]|涨得|降幅|流失|关停|增量|\b(?:grew|grow(?:th|ing|s)?|outgr[eo]w|gain(?:ed|s)?|"
    r"lost|lose|shrank|shrink|added(?! (?:up|together|to))|picked up|bled|increased?|rose|fell|"
    r"drop(?:ped)?|decline[ds]?|multiplied)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"[一两三四五六七八九十几\d]年前|从.{2,14}[到至]|[前上]一?年|去年|"
    r"\bfrom\b.{2,40}\bto\b|\byears? (?:earlier|before|ago)\b",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"百分之|增[长]?[速率幅]|涨幅|降幅|%|percent|per cent|\brate\b|how fast", re.IGNORECASE
)
_TURNED = re.compile(
    r"变[多少大小]了|[涨升增多]了?还是[跌降减少]|前后两|"
    r"\b(?:up|rise|increase|grow|rose|grew)\b.{0,6}"
    r"\bor (?:down|fall|drop|decline|decrease|shrink|fell)|"
    r"\bwhich way\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"[涨升变]|多了|增幅|"
    r"\b(?:bigger|larger|grow\w*|up|down|chang\w+|more|less|higher|lower)\b",
    re.IGNORECASE,
)
_RATED = re.compile(
    r"使用率|普及率|渗透率|比例|占比|比重|\b(?:shares?|penetration|proportions?|usage rate)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"[前上]一?年|去年|同期|\b(?:year|years) (?:before|earlier)\b|\bprevious\b|\bprior\b|"
    r"\bsame (?:months|period)\b",
    re.IGNORECASE,
)
_COMPUTED = re.compile(
    r"(?<![计运换推就还不说清预核电])算(?![法力数作是不上])|计算一下|"
    r"\b(?:calculate|compute|work (?:it |this )?out)\b",
    re.IGNORECASE,
)
_THE_MOST = re.compile(
    r"最[多大高少小低快慢]|\b(?:most|least|largest|biggest|highest|smallest|lowest|fastest)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?<!是)不(?![断同少仅但足过包含算])|没(?!收)|[未非](?![来洲])|够不|之外的|以外的|"
    r"\b(?:not|non|without|never|neither|outside|other than)\b|n't\b",
    re.IGNORECASE,
)
_DENIED_NEXT = re.compile(
    r"(?:(?<!是)不(?:会|用|在|去|上|是|想|能)?|没有?(?:用过?|在|去|上|会)?|从不|从未|从没|未)[一-鿿]?$|"
    r"(?:\b(?:do|did|does|have|has|had|were|are|was|is)\s+)?(?:\bnot|n't|\bnever|\bwithout)"
    r"(?:\s+(?:yet|use[ds]?|using|ever|do|go|did))?\s*$",
    re.IGNORECASE,
)
_DOUBLED = re.compile(r"翻[了一]*[倍番]|\bdoubl(?:e|ed|ing)\b|\btwice\b", re.IGNORECASE)
_WHOLE = (
    r"(?:judging|going|work\w* (?:it )?(?:back|out)|infer\w*|derive\w*|"
    r"[按照由从]|根据|倒推|反推).{0,60}"
    r"(?:share|percentage|proportion|占比|比例|比重|百分比).{0,60}"
    r"(?:overall|total|whole|altogether|总|整[个体]|全部|一共)|"
    r"(?:占比|比例|比重|百分比|share).{0,12}[倒反往]回?[推算]|"
    r"占.{0,30}(?:%|％|百分之).{0,40}(?:一共|总共|总数|总量|全部|整个)|"
    r"\d\s?(?:%|per ?cent).{0,80}\b(?:whole|total|overall|altogether)\b"
)
_DIVIDED = re.compile(
    r"除以|之比|看[作成]100%|当[作成]100%|当[作成]一百|"
    r"\b(?:divid(?:e|ed|ing)\b.{2,60}\bby\b|ratio\b.{2,80}\bto\b|relative to|"
    r"set at 100%|as (?:a )?percent(?:age)? of|percentage of the number)",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"百分|%|\bper ?cent", re.IGNORECASE)
_FIRST_OVER_SECOND = re.compile(
    r"[一-鿿]的?(?:人数?|用户)?是[^，。？?]{1,16}的?[几多少]+倍|"
    r"\bhow many times as (?:many|much)\b.{4,60}\bas\b",
    re.IGNORECASE,
)
_SECOND_OVER_FIRST = re.compile(
    r"后[者一]个?.{0,6}是.{0,4}前[者一]个?|\b(?:latter|second)\b.{0,40}\b(?:former|first)\b",
    re.IGNORECASE,
)
_ARITHMETIC = re.compile(
    r"[再，、]加上?|相加|[数量额率模]减|拿掉|去掉|"
    r"\b(?:add|adding|plus|minus|subtract\w*|sum of|total of|put .{2,40} together|away from)\b",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"还是|哪|谁|[快慢]|增[速长]|\b(?:or|which|who|faster|slower|growth|rise|increase|gains?)\b",
    re.IGNORECASE,
)
_BOTH_OF_THEM = re.compile(
    r"两[者个]|[这那]俩|二者|前者|后者|前一个|第一个|相加|"
    r"\b(?:the|those|these) two\b|\bboth\b|\bin between\b|\bthe (?:first|former)\b",
    re.IGNORECASE,
)
_READ = (
    (Operation.WHOLE, _WHOLE),
    (Operation.BEFORE, _BACK),
    (Operation.REST, _REST),
    (Operation.SUM, _SUM),
    (Operation.MULTIPLE, _TIMES),
    (Operation.DIFFERENCE, _GAP),
    (Operation.SHARE, _PART),
    (Operation.COMPARE, _EITHER),
)
_QUANTITIES = re.compile(
    r"[更多高大快低少慢]|对比|相比|比较|多少|几|分别|"
    r"\b(?:more|less|fewer|most|least|than|compare[ds]?|comparison|versus|vs|both|rank(?:s|ed)?|"
    r"(?:high|low|bigg|larg|small|fast|slow|great|happi|wid|strong|quick)er|how (?:many|much)|"
    r"respectively|against|share|users?|number)\b",
    re.IGNORECASE,
)
PATTERNS = tuple((one, re.compile(pattern, re.IGNORECASE)) for one, pattern in _READ)
_IN_POINTS = re.compile(r"百分点|几个点|个点|percentage points?|points", re.IGNORECASE)
_IN_NUMBERS = re.compile(
    r"[多几]少?个?[万亿]|多少[个家人户元次款项种台件]|人数|用户数|"
    r"\bhow many\b|\bnumber\b|\busers\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"\b(?:people|those) (?:who|that)\b", re.IGNORECASE)
_IN_SHARES = re.compile(
    r"\b(?:shares?|rates?|percent|percentages?|proportions?|per cent)\b|%", re.IGNORECASE
)
_JOINED = re.compile(
    r"还是|(?<!总)和|跟|(?<!参)与|(?<![不相共])同(?![比期一类样年时])|以及|(?<![普以涉])及(?![以时其格])|"
    r"(?<![占对同环分])比(?![例重率较值如])|是(?=[^，。]{2,14}的(?:几|多少)[倍成])|、(?=[^、]+$)|加上|(?<![增参更附])加(?![起在入快强大总])|"
    r"\b(?:and|or|vs\.?|versus|than|against|to|from|over|but not|plus)\b",
    re.IGNORECASE,
)
_EITHER_OR = re.compile(
    r"还是|(?<![占对同环分])比(?![例重率较值如])|or|vs\.?|versus|than", re.IGNORECASE
)
_THAN = re.compile(r"(?<![占对同环分])比|than|vs\.?|versus", re.IGNORECASE)
_NO_THING = re.compile(
    r"\s*(?:[，,。？?]|[起一]?来|\d|half\b|one\b|two\b|ever\b|expected\b)", re.IGNORECASE
)
_BESIDE_YEARS = re.compile(
    r"(?:19|20)\d\d\s*$|年[底末中初]?\s*$|\d月\s*$|[多少涨跌升降增减][了加长高]?\s*$|"
    r"\b(?:up|more|rise|grow)\s*$"
)
_TIME = re.compile(
    r"\s*[它其这那]?的?(?:一年|上[一个]?年|去年|前一?年|同期|上期|年初|上月|\d{4}|[“\"]?十[二三四]五|"
    r"(?:a|one|the|last|previous|prior) (?:year|month|previous|same|end|start)|"
    r"(?:by |in |at |what|how|where|when|why|whether|which)|Jan|Mar|Jun|Dec)",
    re.IGNORECASE,
)
_OTHER_WAY = re.compile(
    r"\s*(?:down|not|no|fewer|less|lower|smaller|fell|fall|drop|declin|decreas|shr[iau]nk|so|[跌降减少没])",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\bbetween\b.{2,24}\band\b|\bfrom\b.{2,24}\bto\b|从.{1,10}[到至]|"
    r"\d年(?:\d+月)?[底末初]?(?:[到至]|—|－|-)(?:19|20)\d\d",
    re.IGNORECASE,
)
_SIDE, _WORDS = 14, 5
_ASKING = re.compile(r"(.*[,:])\s*([^,:]+)$", re.DOTALL)
_YEAR, _TWO_YEARS = 12, 24


def operation(question: Question) -> Operation | None:
    """What a question asks to be computed or compared, if anything."""
    if question.wants_definition:
        return None
    if _DIVIDED.search(question.text):
        return Operation.SHARE if _PERCENT.search(question.text) else Operation.MULTIPLE
    found = next((one for one, pattern in PATTERNS if pattern.search(question.text)), None)
    if found is Operation.COMPARE and not _QUANTITIES.search(question.text):
        return None
    return found


def asks_average(text: str) -> bool:
    """Whether a question asks for an average, or for so much of one thing for each of another."""
    return _AVERAGE.search(text) is not None


def asks_each_day(text: str) -> bool:
    """Whether a question asks for an average day's figure."""
    return _EACH_DAY.search(text) is not None


def asks_changes(text: str) -> bool:
    """Whether a question asks about changes themselves: which of two things grew more."""
    return _CHANGED.search(text) is not None


def asks_since(question: Question) -> bool:
    """Whether a question sets a figure against an earlier one of the same thing."""
    return bool(question.bases) or _SINCE.search(question.text) is not None or turns(question)


def turns(question: Question) -> bool:
    """Whether a question asks which way something went: 是不是变少了, "up or down"."""
    return _TURNED.search(question.text) is not None


def asks_rate(text: str) -> bool:
    """Whether a question asks by what rate something changed."""
    return _RATE.search(text) is not None


def asks_growth(question: Question) -> bool:
    """Whether it is asked by how much in a hundred a count grew from one time to another."""
    text = question.text
    if question.measure is not Measure.SHARE or len({*question.periods, *question.bases}) != 2:
        return False
    moved = asks_changes(text) or _MORE.search(text) is not None
    return asks_rate(text) and moved and _RATED.search(text) is None


def asks_earlier(text: str) -> bool:
    """Whether a question asks for the time before one that it names."""
    return _EARLIER.search(text) is not None


def asks_doubled(text: str) -> bool:
    """Whether a question asks if something doubled."""
    return _DOUBLED.search(text) is not None


def asks_to_compute(text: str) -> bool:
    """Whether a question says that its answer is to be computed: 帮我算算, "work out"."""
    return _COMPUTED.search(text) is not None


def denies(text: str) -> bool:
    """Whether a text speaks of what is not so: 没对接成的, 非网民, "not physical goods"."""
    return _DENIED.search(text) is not None


def denies_next(text: str) -> bool:
    """Whether what comes right behind a text is denied: "users who did not", 没有."""
    return _DENIED_NEXT.search(text) is not None


def without_denial(text: str) -> str:
    """A text without the words at its end that deny what comes next."""
    return _DENIED_NEXT.sub("", text)


def first_over_second(text: str) -> bool | None:
    """Which of two things a multiple is asked of: true for the first, false for the second.

    >>> first_over_second("点外卖的是网购的几倍"), first_over_second("后者是前者的几倍")
    (True, False)
    """
    if _SECOND_OVER_FIRST.search(text):
        return False
    return True if _FIRST_OVER_SECOND.search(text) else None


def names_operands(text: str) -> bool:
    """Whether a text says in so many words what to do with two figures: 除以, "add ... to"."""
    return _ARITHMETIC.search(text) is not None or _DIVIDED.search(text) is not None


def speaks_of_both(text: str) -> bool:
    """Whether a text speaks of two things that were named before: 两者, "the two"."""
    return _BOTH_OF_THEM.search(text) is not None


def asks_the_most(text: str) -> bool:
    """Whether a question asks which of all is the first or the last."""
    return _THE_MOST.search(text) is not None


def asks_count(text: str) -> bool:
    """Whether a question asks how many there are."""
    return _COUNT.search(text) is not None


def sets_against(text: str) -> bool:
    """Whether a text says that one thing is more or less than another, not than before.

    >>> sets_against("How many more people shop than play?")
    True
    >>> sets_against("网民比上年多多少")
    False
    """
    return any(
        _THAN.fullmatch(one[0]) and not _NO_THING.match(text[one.end() :]) for one in _joins(text)
    )


def _joins(text: str) -> list[re.Match[str]]:
    """The words that may join two things in a text: no "and" between years or times."""
    return [
        one
        for one in _JOINED.finditer(text)
        if _EITHER_OR.fullmatch(one[0]) or not _BESIDE_YEARS.search(text[: one.start()])
        if not _TIME.match(text[one.end() :]) and not _OTHER_WAY.match(text[one.end() :])
    ]


def alternatives(text: str) -> tuple[str, ...]:
    """What stands on both sides of the word that joins two things, or nothing.

    >>> alternatives("江苏和浙江的政府网站差多少")
    ('江苏', '浙江的政府网站差多少')
    """
    places = _joins(text)
    joined = next((one for one in places if _EITHER_OR.fullmatch(one[0])), None)
    joined = joined or next(iter(places), None)
    if joined is None:
        return ()
    left, right = text[: joined.start()], text[joined.end() :]
    if re.search("[一-鿿]", text):
        return re.split("[，。；、：]", left)[-1][-_SIDE:], re.split("[，。；？]", right)[0][:_SIDE]
    parted = _ASKING.match(left)
    asking, first = (parted[1], parted[2]) if parted else ("", left)
    second = " ".join(re.split("[?;,.]", right)[0].split()[:_WORDS])
    if parted and len(first.split()) <= _WORDS:
        return f"{asking} {first}".strip(), f"{asking} {second}".strip()
    return " ".join(left.split()[-_WORDS:]), f"{asking} {second}".strip()


def periods_of(question: Question) -> tuple[Period, ...]:
    """The periods that a question names; of a stretch of years, the first and the last."""
    found: list[Period] = []
    between = turns(question) and _BETWEEN.search(question.text)
    for one in (*question.periods, *question.bases):
        if any(one.answers(other) for other in found):
            continue
        if between and not one.month and one.last - one.first < _YEAR - 1:
            found += [replace(one, last=one.first), replace(one, first=one.last)]
        elif one.last - one.first >= _TWO_YEARS - 1:
            found += [
                replace(one, last=one.first + _YEAR - 1),
                replace(one, first=one.last - _YEAR + 1),
            ]
        else:
            found.append(one)
    return tuple(found)


def ends_of(question: Question) -> tuple[Period, ...]:
    """The two periods between which a question asks what changed, or none."""
    named = periods_of(question)
    between = bool(question.before) or _BETWEEN.search(question.text) is not None
    if not between and operation(question) is Operation.DIFFERENCE:
        text = question.text
        between = not (_WHICH.search(text) or asks_rate(text) or asks_earlier(text))
    return named if len(named) == 2 and between else ()


def wanted_measure(text: str) -> Measure | None:
    """What kind of figure a difference is wanted of: shares for points, amounts for a count."""
    if _IN_POINTS.search(text):
        return Measure.SHARE
    people = _PEOPLE.search(text) and not _IN_SHARES.search(text)
    return Measure.AMOUNT if people or _IN_NUMBERS.search(text) else None


def wants_level(question: Question) -> bool:
    """Whether a question asks how much there was, not how much that changed."""
    return asked_kinds(question)[0] is FactKind.LEVEL and operation(question) is None
