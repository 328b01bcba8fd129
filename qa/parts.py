"""Parts: a question that sets several things against each other, as one question for each.

江苏和浙江的政府网站差多少 asks how many Jiangsu has and how many Zhejiang has; what was asked of
2015 and of 2020 are two questions as well. Each is answered by itself before anything is computed.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from corpus import (
    Measure,
    Mention,
    Period,
    find_periods,
    find_regions,
    load_glossary,
    without_region,
)
from qa.operation import (
    ARITHMETIC,
    Operation,
    alternatives,
    asks_doubled,
    asks_growth,
    denies_next,
    names_operands,
    operation,
    periods_of,
    sets_against,
    speaks_of_both,
    without_denial,
)
from qa.question import Question, read_question
from qa.when import YEARS_OFF, period_words

_JOINS = re.compile(
    r"(?:的?(?:用户(?:规模|数量?)?|使用率|普及率|占比|比例|规模|人数?)|网民|地区|[省市区]|的|"
    r"这?[一二两三]?[者样]|users?|people|'s)?\s*"
    r"(?:、|，|,|/|和|与|跟|同|及|以及|还是|比起?|相比|对比|加上?|减去?|或者?|是|相当于|超过|超出|"
    r"\b(?:and|or|vs\.?|versus|than|plus|minus|against|compared (?:with|to)|with|over|to|as|"
    r"as an? (?:share|percentage|proportion|fraction) of|"
    r"out ?number(?:ed|s)?|exceed(?:ed|s)?)\b)+\s*"
    r"(?:看|用|玩|的|in|on|of|the|for|those in|in the|"
    r"(?:the )?(?:(?:number|share)(?: of)? )?(?:those |people |the ones |users )?"
    r"(?:who|that|of|using|with)(?: (?:use[ds]?|do|did|are|were|have|had))?)?\s*",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r"(?<=[？?；;，])(?![？?！!])|(?<=,)(?=\s*and (?:how|what|which|who|when|where|why)\b)|"
    r"(?=\band (?:how|what|which|who|when|where|why)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"多少|几[个家成次款项种倍点]|什么|哪|谁|[吗呢][？?]|怎么|为什么|为何|如何|多[大高长快]|"
    r"\b(?:how|what|which|who|when|where|why)\b|\?\s*$",
    re.IGNORECASE,
)
_SINCE = frozenset({Operation.DIFFERENCE, Operation.MULTIPLE, Operation.COMPARE})
_QUOTED = re.compile('[“"「『][^”"」』]*[”"」』]')
_HALVES = 3
_ALONE = {"place", "law", "body", "measure"}
"""Kinds of terms that are only ever joined with their own: no place with a metric."""
_ASIDE = re.compile(
    r"[，,。？?；;、\s]*(?:各自?[是有占]?|分别[是有占]?)(?:多少|几[个家]?)?[？?。]*\s*$|"
    r"[,;.?]?\s*(?:and\s+)?(?:give|show|name|quote) (?:me )?(?:both|the two) "
    r"(?:figures|numbers)[^.?]*[.?]*|"
    r"[,;.?]?\s*(?:and\s+)?by how (?:much|many)(?: \w+)?(?: did it \w+)?[.?]*\s*$|"
    r"[,;.?]?\s*(?:and\s+)?what(?:'s| is| was) the (?:difference|gap|margin)[^.?]*[.?]*\s*$",
    re.IGNORECASE,
)
_COUNTABLE = {"metric", "group"}
"""Kinds of terms that are counted, so that one can be a part of another."""
_AGO = re.compile(
    rf"(?:[较比]|\b(?:than|against|from|since|over) )?(?:{YEARS_OFF.pattern})|"
    r"[较比](?:[前上]一?年|去年)|\b(?:(?:than|against|from|since|over) )?"
    r"(?:(?:a|one) year (?:earlier|before|ago)|the (?:previous year|year before))",
    re.IGNORECASE,
)
_TOWARDS = re.compile(
    r"(?:\s*[和与跟比较从到至]|\s*\b(?:at|by|in|from|to|than|and|over|between|versus|vs\.?|with|against))*"
    r"(?:\s*the)?(?:\s*(?:end|start|close) of)?\s*$",
    re.IGNORECASE,
)
_END_OF_YEAR = re.compile(r"^\s*年?[底末初]?[的和与跟比较]*")
_COMPARING = re.compile(
    r"相?差[了多几]?|差距|对比|相比|比较|加起来|加在一起|合起来|合计|之和|倍数?|哪个|谁|更|"
    r"\b(?:difference|gap|margin|together|combined|compared?|comparison|which|more|less|fewer|"
    r"higher|lower|bigger|larger|smaller|by how (?:much|many)|between)\b",
    re.IGNORECASE,
)
_MOVING = re.compile(
    r"增长|增加|涨|上升|提升|提高|下降|减少|降低|[多少高低]了|"
    r"\b(?:gr[eo]wn?|ris[ei]n?|rose|increased?|fell|fall(?:en)?|drop(?:ped)?|decreased?|changed?)\b",
    re.IGNORECASE,
)


def parts(question: Question) -> tuple[Question, ...]:
    """One question for each of the things, or the periods, that a question compares; or none."""
    if question.before:
        return question.before
    counted = question.wants_figure and question.measure is None
    left = _left_out(question.text) if counted else ()
    if left:
        return tuple(_part(question, text) for text in left)
    joined = operation(question) is not None or alternatives(question.text)
    named = things(question)
    if named and joined:
        return tuple(_part(question, text) for text in named)
    periods = periods_of(question)
    if len(periods) > 1:
        return tuple(
            replace(_part(question, _of_one_time(question, one)), periods=(one,), bases=())
            for one in periods
        )
    since = question.bases if not question.periods else ()
    if len(since) == 1 and (operation(question) in _SINCE or asks_doubled(question.text)):
        return tuple(
            replace(_part(question, question.text), periods=one, bases=()) for one in ((), since)
        )
    if operation(question) is None:
        return ()
    return tuple(_part(question, text) for text in _completed(alternatives(question.text)))


def _completed(sides: Sequence[str]) -> tuple[str, ...]:
    """Both sides of a comparison, with the metric that only one of them names.

    >>> _completed(("农村的在线教育使用率", "全国水平"))
    ('农村的在线教育使用率', '全国水平 在线教育')
    """
    named = [
        [
            side[one.start : one.end]
            for one in load_glossary().find(side)
            if one.entry.kind == "metric"
        ]
        for side in sides
    ]
    known = next(filter(None, named), [])
    return tuple(
        side if own else " ".join((side, *known)) for side, own in zip(sides, named, strict=True)
    )


def things(question: Question) -> tuple[str, ...]:
    """The text once for each of several regions or terms that a question names together."""
    found = _regions(question) or _things(question.text)
    if found or operation(question) not in ARITHMETIC:
        return found
    if speaks_of_both(question.text):
        found = _things(question.topic)
    return found or (_apart(question.text) if names_operands(question.text) else ())


def _left_out(text: str) -> tuple[str, ...]:
    """The text for a whole, and for that of it which a question denies; or nothing.

    >>> _left_out("不点外卖的网民有多少？")
    ('的网民有多少？', '点外卖有多少？')
    """
    named = [one for one in load_glossary().find(text) if one.entry.kind in _COUNTABLE]
    denied = [one for one in named if denies_next(text[: one.start])]
    if len(named) != 2 or len(denied) != 1:
        return ()
    part = denied[0]
    whole = next(one for one in named if one is not part)
    plain = text[: part.start]
    before = without_denial(plain)
    if whole.start < part.start:
        alone = text[: whole.start] + before[whole.end :] + text[part.start :]
    else:
        alone = before + text[part.start : part.end] + text[whole.end :]
    return (before + text[part.end :], alone)


def compares_things(question: Question) -> bool:
    """Whether a question sets one thing against another, not a thing against itself before."""
    return len(things(question)) > 1 or sets_against(question.text)


def _of_one_time(question: Question, period: Period) -> str:
    """A question's text without the other periods that it names, and without asking for a gap.

    >>> asked = read_question(["网民2024年比四年前多多少？各是多少"])
    >>> _of_one_time(asked, find_periods("2020年")[0])
    '网民  多多少 2020年'
    """
    text = _AGO.sub(" ", _ASIDE.sub(" ", question.text))
    named = find_periods(text)
    for other in reversed(named):
        if other != period:
            before, behind = text[: other.start], text[other.end :]
            text = f"{_TOWARDS.sub('', before)} {_END_OF_YEAR.sub('', behind)}"
    if period in named:
        return text
    return f"{text.rstrip()} {period_words(period, question.language)}"


def _regions(question: Question) -> tuple[str, ...]:
    """The text once for each of several regions that it names, without the others."""
    if len(question.regions) < 2 or find_regions(question.text) != question.regions:
        return ()
    return tuple(
        reduce(without_region, (other for other in question.regions if other != one), question.text)
        for one in question.regions
    )


def _things(text: str) -> tuple[str, ...]:
    """The text once for each of some terms that it joins by "and" or the like, or nothing.

    >>> _things("网购和网上支付哪个多")
    ('网购哪个多', '网上支付哪个多')
    """
    run: list[Mention] = []
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    named = load_glossary().find(text)
    told = [one for one in named if one.entry.kind != "measure"]
    for one in told if len({one.entry for one in told}) > 1 else named:
        if any(start < one.start < end for start, end in quoted):
            continue
        if run and not _joined(text, run[-1], one):
            if len(run) > 1:
                break
            run = []
        if one.entry not in [other.entry for other in run]:
            run.append(one)
    if len(run) < 2:
        return ()
    before, after = text[: run[0].start], text[run[-1].end :]
    return tuple(f"{before}{text[one.start : one.end]}{after}" for one in run)


def _apart(text: str) -> tuple[str, ...]:
    """The text for each of the only two metrics that it names, wherever they stand, or nothing.

    >>> _apart("网购的人数再除以外卖的人数")
    ('网购的人数再除以 的人数', ' 的人数再除以外卖的人数')
    """
    named = [one for one in load_glossary().find(text) if one.entry.kind in _COUNTABLE]
    if len(named) != 2 or named[0].entry == named[1].entry:
        return ()
    first, second = named
    return (
        f"{text[: second.start]} {text[second.end :]}",
        f"{text[: first.start]} {text[first.end :]}",
    )


def _joined(text: str, one: Mention, other: Mention) -> bool:
    """Whether "and" or the like, and no more, stands between two terms of one kind."""
    kinds = {one.entry.kind, other.entry.kind}
    return (len(kinds) == 1 or not kinds & _ALONE) and bool(
        _JOINS.fullmatch(text[one.end : other.start])
    )


def _part(question: Question, text: str) -> Question:
    """A question for one of the things alone: a figure of the kind that is compared."""
    alone = _COMPARING.sub(" ", text)
    if operation(question) is Operation.DIFFERENCE:
        alone = _MOVING.sub(" ", alone)
    named = find_regions(alone)
    kept = tuple(one for one in question.regions if one in named or not find_regions(question.text))
    return replace(
        question,
        text=alone,
        topic=question.topic.replace(question.text, alone),
        regions=kept,
        wants_figure=True,
        wants_definition=False,
        measure=_measure(question),
    )


def _measure(question: Question) -> Measure | None:
    """What the figures are of that a question sets against each other."""
    if asks_growth(question):
        return None
    return Measure.SHARE if question.measure is Measure.POINTS else question.measure


def one_by_one(
    turns: Sequence[str], question: Question, newest: int | None
) -> tuple[Question, ...]:
    """The questions that a conversation's last turn asks, mostly one, each after those before.

    Of two, the first is of the period that only the last names.

    :param question: That turn as read.
    :param newest: As for :func:`qa.question.read_question`.
    """
    asked = halves(question)
    if not asked:
        return (question,)
    read = [
        read_question([*turns[:-1], *asked[: place + 1]], question.language, newest)
        for place in range(len(asked))
    ]
    first, last = read[0], read[-1]
    if not find_periods(asked[0]) and len(turns) == 1 and not last.bases:
        read[0] = replace(first, periods=first.periods or last.periods)
    return tuple(read)


def halves(question: Question) -> tuple[str, ...]:
    """The questions of a turn that asks several, in order; none if it asks one or compares.

    >>> halves(read_question(["网民有多少人？农村呢？"]))
    ('网民有多少人？', '农村呢？')
    """
    if operation(question) not in (None, Operation.SHARE):
        return ()
    found: list[str] = []
    begun = ""
    for piece in _CLAUSES.split(question.text):
        begun += piece
        if _ASKS.search(piece):
            found.append(begun.strip())
            begun = ""
    return tuple(found) if 1 < len(found) <= _HALVES and not begun.strip() else ()
