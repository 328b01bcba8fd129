"""Deriving: a figure that the reports give only in its factors.

8,795.4亿元 for 833.6亿件 are 10.55元 apiece; 22.1% of 11.36亿户 are 2.511亿户; 7,768亿元 that are
12.9% of a whole make it 6.022万亿元.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from corpus import Fact, FactKind, Measure, Period, Quantity, TableRow, load_glossary, table_facts
from qa.formula import Formula, shown, total
from qa.kinds import asked_kinds
from qa.operands import AVERAGED, SIZE, Heard, counts_asked, facts_of, same_unit
from qa.operation import (
    Operation,
    asks_average,
    asks_count,
    asks_each_day,
    operation,
    wanted_measure,
)
from qa.question import Question
from qa.scoring import Scored
from qa.signs import closeness, speaks_of

MONEY = frozenset({"元", "美元", "人民币", "美金", "港元", "欧元"})
IN_MONEY = re.compile(
    r"钱|元|额|价|费|收入|花|[投融]资|\b(?:yuan|rmb|money|dollars?|value|amount|size|worth|price|spen[dt]|"
    r"revenue|income|cost)\b",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"(?:每|一)[个家名台部款座所条门]?\s*$|\b(?:per|each|every|an?)\s+$", re.IGNORECASE
)
_TOTAL = re.compile("合计|总计|全国|总体")
_AMONG = re.compile(
    r"在?(?:我国|全国)?(?P<whole>[一-鿿A-Za-z]{2,12}?)(?:群体|整体|总体|用户)?[中里]"
)
_OF_A_DAY = re.compile("[当单全]日|当天")
_OF_A_WEEK = re.compile("[每一]周")
_THING = re.compile(r"[每一][位个名家人单笔件门场台户条]([一-鿿]{2})")
_DAYS = re.compile(r"(\d{1,2})月(\d{1,2})日(?:至|到|—|－|-|~)(?:(\d{1,2})月)?(\d{1,2})日")
_SENTENCES, _WHOLES = 3, 8
_APART, _WITHIN = 0.2, 0.3
_BEHIND = 3.0
_NEXT_SCALE = 10**4
_WEEK = 7
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def derive(heard: Heard) -> Formula | None:
    """An average or the count of a share, if a question asks for one that no sentence states."""
    if not heard.ranked:
        return None
    alone = operation(heard.question) in (None, Operation.SHARE)
    found = _share_of_total(heard) if alone else None
    if found:
        pass
    elif asks_average(heard.question.text):
        found = _average(heard)
    elif asks_count(heard.question.text):
        found = _count_of_share(heard)
    else:
        return None
    return replace(found, sure=heard.sure) if found and found.holds() else None


def whole_of(heard: Heard, periods: Collection[Period] = ()) -> Formula | None:
    """The whole that a part and its share make, of the best sentence that gives both.

    :param periods: It is asked for one of these; for any if there are none.
    """
    for one in _near(heard.ranked):
        facts = facts_of(one)
        for share in facts:
            part = _before(facts, share)
            if share.kind is not FactKind.SHARE or part is None or not share.quantity.value:
                continue
            if not periods or (part.period and speaks_of((part.period,), periods)):
                exact = part.quantity.value / share.quantity.value * 100
                result = amount(exact, part.quantity)
                return Formula((part, share), "whole", result, part.period, (one,))
    return None


def rest_of(heard: Heard) -> Formula | None:
    """What is left of a whole without a part, of the sentences that give both."""
    if not heard.ranked:
        return None
    first = heard.ranked[0]
    counted = [
        (fact, one)
        for one in heard.ranked[:_WHOLES]
        if one.score >= first.score - _BEHIND or one.sentence.passage == first.sentence.passage
        for fact in _levels(one)
        if _of_time(fact, heard.question) and not AVERAGED.search(fact.metric)
    ]
    pairs = [
        (_rest_fit(whole, part, heard) - (one != other) * _APART, whole, part, one, other)
        for whole, one in counted
        for part, other in counted
        if same_unit(whole.quantity, part.quantity)
        and whole.quantity.magnitude > part.quantity.magnitude
        and _at_once(whole, part)
        and whole.metric != part.metric
        and _holds(whole, part)
    ]
    best = max(pairs, key=lambda pair: pair[0], default=None)
    if best is None or not _is_in(best[2], best[1]):
        shared = whole_of(heard, heard.question.periods)
        if shared and shared.result:
            rest = total(shared.result, shared.facts[0].quantity, -1)
            return replace(shared, sign="rest", result=rest, sure=heard.sure)
    if best is None:
        return None
    _, whole, part, one, other = best
    result = total(whole.quantity, part.quantity, -1)
    scored = tuple({each.sentence: each for each in (one, other)}.values())
    return Formula((whole, part), "-", result, part.period, scored, sure=heard.sure)


def _is_in(part: Fact, whole: Fact) -> bool:
    """Whether a part's name ends as the whole's does: 实物商品网上零售额, 网上零售额."""
    named = SIZE.sub("", whole.metric)
    return len(named) > 1 and named in part.metric


def _holds(whole: Fact, part: Fact) -> bool:
    """Whether a level may hold another: by its name, or as one sentence tells of both."""
    if whole.sentence == part.sentence:
        clause = re.split("[，。；]", part.sentence.text[: part.quantity.start])[-1]
        listed = "分别" in clause or part.sentence.text[part.quantity.start - 1] in "、和"
        return not listed
    return set(SIZE.sub("", whole.metric)[-2:]) <= set(part.metric)


def _rest_fit(whole: Fact, part: Fact, heard: Heard) -> float:
    """How well one figure is taken from another: both are asked about, one is in the other."""
    return heard.likeness(whole) + heard.likeness(part) + _WITHIN * _is_in(part, whole)


def _share_of_total(heard: Heard) -> Formula | None:
    """The share of a table's row in its total, where the table gives counts alone."""
    best = heard.ranked[0]
    question = heard.question
    if not isinstance(best.sentence, TableRow) or question.measure is not Measure.SHARE:
        return None
    own = [fact for fact in facts_of(best) if _of_time(fact, question)]
    if any(fact.quantity.measure is not Measure.AMOUNT for fact in own):
        return None
    until = best.periods[0] if best.periods else None
    rows = table_facts(best.sentence.table, until)
    totals = {
        (_column(fact), fact.period): fact for fact in rows if _TOTAL.match(fact.metric.strip())
    }
    pairs = [
        (heard.likeness(fact), fact, totals[_column(fact), fact.period])
        for fact in own
        if (_column(fact), fact.period) in totals
    ]
    _, fact, whole = max(pairs, key=lambda pair: pair[0], default=(0.0, None, None))
    if fact is None or whole is None or whole.sentence == fact.sentence:
        return None
    exact = fact.quantity.magnitude / whole.quantity.magnitude * 100
    result = Quantity(shown(exact, fact.quantity, whole.quantity), Decimal(1), "%", -1, -1)
    of_total = replace(best, sentence=whole.sentence)
    return Formula((fact, whole), "%", result, fact.period, (best, of_total))


def _column(fact: Fact) -> str:
    label = fact.sentence.row.label if isinstance(fact.sentence, TableRow) else ""
    return fact.metric.removeprefix(label).strip()


def _of_time(fact: Fact, question: Question) -> bool:
    return not question.periods or not fact.period or speaks_of((fact.period,), question.periods)


def _average(heard: Heard) -> Formula | None:
    near = _near(heard.ranked)
    each_day = asks_each_day(heard.question.text)
    names = [fact.metric for one in heard.ranked[:1] for fact in facts_of(one)]
    weekly = each_day and any(map(_OF_A_WEEK.search, names))
    if not weekly and any(map(AVERAGED.search, names)):
        return None
    if each_day:
        return _each_day(heard, near)
    for one in near:
        pairs = [
            (heard.likeness(above) + _fits_each(below, heard), above, below)
            for above in _levels(one)
            for below in _levels(one)
            if _divides(above, below, heard)
        ]
        if pairs:
            _, above, below = max(pairs, key=lambda pair: pair[0])
            return ratio(above, below, (one,))
    return _of_two_sentences(heard) or _of_counts(heard, near)


def _of_counts(heard: Heard, near: Sequence[Scored]) -> Formula | None:
    """How many of one thing come to each of another, of the best sentence that counts both."""
    if IN_MONEY.search(heard.question.text):
        return None
    for one in near[:1]:
        pairs = [
            (heard.likeness(above) + _fits_each(below, heard), above, below)
            for above in _levels(one)
            for below in _levels(one)
            if above.quantity.magnitude > below.quantity.magnitude
            and above.metric != below.metric
            and above.period == below.period
            and counts_asked(above, heard.question)
        ]
        if pairs:
            _, above, below = max(pairs, key=lambda pair: pair[0])
            return ratio(above, below, (one,))
    return None


def _of_two_sentences(heard: Heard) -> Formula | None:
    """An average of what one sentence counts over what another does, each named by a term."""
    text = heard.question.text
    thing = next(
        (one.entry for one in load_glossary().find(text) if _EACH.search(text[: one.start])), None
    )
    if thing is None:
        return None
    counted = [
        (fact, one)
        for one in heard.ranked[:_WHOLES]
        for fact in _levels(one)
        if _of_time(fact, heard.question)
    ]
    below = next(
        (pair for pair in counted if SIZE.sub("", pair[0].metric).endswith(thing.name)), None
    )
    above = next(
        (
            pair
            for pair in counted
            if below
            and pair[0].metric != below[0].metric
            and pair[0].period == below[0].period
            and thing.name in pair[0].metric
            and counts_asked(pair[0], heard.question)
        ),
        None,
    )
    if below is None or above is None or above[0].quantity.magnitude <= below[0].quantity.magnitude:
        return None
    return ratio(above[0], below[0], (above[1], below[1]))


def _fits_each(below: Fact, heard: Heard) -> float:
    """How well a level is what an average is taken over: 每位老人 of 老年人, 一笔 of 5万笔."""
    text = heard.question.text
    found = _THING.search(text)
    named = found is not None and set(found[1]) <= set(below.metric)
    unit = below.quantity.unit
    counted = bool(unit) and re.search(f"(?:每|一|平均){re.escape(unit)}", text) is not None
    return heard.likeness(below) + named + counted


def ratio(above: Fact, below: Fact, scored: tuple[Scored, ...] = ()) -> Formula | None:
    """How much of one figure comes to each of another."""
    if not below.quantity.magnitude:
        return None
    exact = above.quantity.magnitude / below.quantity.magnitude
    result = amount(exact, replace(above.quantity, scale=Decimal(1)))
    return Formula((above, below), "/", result, above.period, scored)


def _divides(above: Fact, below: Fact, heard: Heard) -> bool:
    """Whether one level over another is the average asked for: money, or the unit, apiece."""
    unit = above.quantity.unit
    if above.period != below.period or not unit or same_unit(above.quantity, below.quantity):
        return False
    if below.quantity.unit in MONEY:
        return False
    if IN_MONEY.search(heard.question.text):
        return unit in MONEY
    return unit == heard.question.unit


def _each_day(heard: Heard, near: Sequence[Scored]) -> Formula | None:
    for one in near:
        whole = [fact for fact in _levels(one) if not _OF_A_DAY.search(fact.metric)]
        fitting = [fact for fact in whole if counts_asked(fact, heard.question)]
        fact = max(fitting or whole, key=heard.likeness, default=None)
        days = _length(one, fact) if fact else 0
        if fact and days:
            exact = fact.quantity.magnitude / days
            result = amount(exact, replace(fact.quantity, scale=Decimal(1)))
            return Formula((fact,), "/days", result, fact.period, (one,), divisor=days)
    return None


def _length(one: Scored, fact: Fact) -> int:
    """How many days a figure is counted over: a week's, those its sentence names, its period's."""
    if _OF_A_WEEK.search(fact.metric):
        return _WEEK
    named = _DAYS.search(one.sentence.text)
    if named and named.end() <= fact.quantity.start and not named[3]:
        return int(named[4]) - int(named[2]) + 1
    period = fact.period or next(iter(one.periods), None)
    if period is None:
        return 0
    if period.month:  # a level at that time, or the month up to which a report counts
        return 0
    months = range(period.first, period.last + 1)
    return sum(_MONTH_DAYS[month % 12] + _leaps(month) for month in months)


def _leaps(month: int) -> int:
    year = month // 12
    return int(month % 12 == 1 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def _count_of_share(heard: Heard) -> Formula | None:
    """How many a share is, where the best sentence gives the share alone and no count of it."""
    best = heard.ranked[0]
    facts = facts_of(best)
    counted = [name for one in _levels(best) for name in _told(one, heard)]
    share = max(
        (fact for fact in facts if fact.kind is FactKind.SHARE),
        key=lambda fact: (len(_told(fact, heard).difference(counted)), heard.likeness(fact)),
        default=None,
    )
    if share is None or not _wants_count(heard.question):
        return None
    if heard.question.measure in (Measure.POINTS, Measure.MULTIPLE):
        return None
    if share.whole and any(fact.metric == share.metric for fact in _levels(best)):
        return None
    if counted and _told(share, heard) <= set(counted):
        return None
    whole = _whole(share, heard)
    if whole is None:
        return None
    fact, scored = whole
    exact = fact.quantity.value * share.quantity.value / 100
    result = amount(exact, fact.quantity)
    found = tuple({one.sentence: one for one in (best, scored)}.values())
    return Formula((fact, share), "x", result, share.period or fact.period, found)


def _wants_count(question: Question) -> bool:
    """Whether a question asks how many, though it may also speak of a share: 按占比有几个亿."""
    wanted = wanted_measure(question.text) is Measure.AMOUNT
    return wanted or FactKind.LEVEL in asked_kinds(question)


def _told(fact: Fact, heard: Heard) -> set[str]:
    """The terms asked about that a fact's name says."""
    label = fact.metric.lower()
    return {term.word for term in heard.terms if closeness(term, label) > 0}


def _whole(share: Fact, heard: Heard) -> tuple[Fact, Scored] | None:
    """What a share is of: the level of the same time whose name the share's ends in."""
    named = SIZE.sub("", share.whole or share.metric)
    found = [
        (len(label), fact, one)
        for one in heard.ranked[:_WHOLES]
        for fact in _levels(one)
        if fact.quantity.scale > 1 or fact.quantity.magnitude > 1
        if _at_once(fact, share)
        for label in [_ending(SIZE.sub("", fact.metric), named, bool(share.whole))]
        if label
    ]
    best = max(found, key=lambda each: each[0], default=None)
    if best:
        return best[1], best[2]
    told = _AMONG.search(share.sentence.text[: share.quantity.start])
    name = share.whole or (told["whole"] if told else "")
    fact = heard.level(name, share.period) if name else None
    return (fact, Scored(fact.sentence, 0.0, ())) if fact else None


def _ending(label: str, named: str, given: bool) -> str:
    """The end that two names share, if it is all of a name: 非网民 of 农村地区非网民."""
    if given:
        return label if label and (named.startswith(label) or label.startswith(named)) else ""
    shared = ""
    for one, other in zip(reversed(label), reversed(named), strict=False):
        if one != other:
            break
        shared = one + shared
    return shared if len(shared) >= 2 and len(shared) < len(named) else ""


def _at_once(one: Fact, other: Fact) -> bool:
    return one.period is None or other.period is None or one.period == other.period


def _before(facts: Sequence[Fact], share: Fact) -> Fact | None:
    """The level that a share is said of: of the same name, or the one just before or behind it."""
    levels = [fact for fact in facts if _is_amount(fact) and _at_once(fact, share)]
    same = [fact for fact in levels if fact.metric == share.metric]
    if same or share.whole:
        return next(iter(same), None)
    return min(
        levels, key=lambda fact: abs(fact.quantity.start - share.quantity.start), default=None
    )


def _near(ranked: Sequence[Scored]) -> list[Scored]:
    """The best sentences of prose, none far behind the first."""
    return [
        one
        for one in ranked[:_SENTENCES]
        if one.score >= ranked[0].score - _BEHIND and not isinstance(one.sentence, TableRow)
    ]


def _levels(one: Scored) -> Iterator[Fact]:
    return (fact for fact in facts_of(one) if _is_amount(fact))


def _is_amount(fact: Fact) -> bool:
    return fact.kind is FactKind.LEVEL and fact.quantity.measure is Measure.AMOUNT


def amount(exact: Decimal, like: Quantity) -> Quantity:
    """A computed figure in the unit of another, and in its scale or a larger (亿, 万亿)."""
    while exact >= _NEXT_SCALE:
        exact, like = exact / _NEXT_SCALE, replace(like, scale=like.scale * _NEXT_SCALE)
    return replace(like, value=shown(exact, like), start=-1, end=-1)
