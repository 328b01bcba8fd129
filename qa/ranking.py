"""Ranking: the rows of a table in the order of the column that a question asks about."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from corpus import MOVING_KINDS, Fact, TableError, TableRow, find_regions, table_facts
from qa.kinds import asked_kinds
from qa.operation import asks_rate
from qa.question import Question
from qa.scoring import Scored
from qa.signs import speaks_of
from qa.when import NUMBERS

_MOST = re.compile(
    r"最[多大高强快长重]|排[在名]?[第前]|居首|第[一二三]|前[一二两三四五六七八九十\d]+(?![年季周天次半]|个?月)|领先|谁[更最]?[多大高]|"
    r"\b(?:most|top|lead(?:s|ing|er)?|first|"
    r"(?!inter|lat|earli|requ|harv|sugg|for|inv|cont|dig|hon|mod)\w{3,}est)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"最[少小低慢短轻]|垫底|倒数|末位|"
    r"\b(?:least|last|bottom|(?:few|small|low|slow|light|short|slim|thin|weak|poor|tini)est)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"前(?P<zh>[一二两三四五六七八九十]|\d+)(?!年|季|个月)|(?P<places>[两三四五六七八九十])[个家省大]|"
    r"\b(?:top|leading|first|largest|biggest|which) (?P<en>two|three|four|five|six|ten|\d+)\b|"
    r"\b(?P<of>two|three|four|five|six|ten) (?:provinces|regions|places|cities|biggest|largest)",
    re.IGNORECASE,
)
_NO_ITEM = re.compile("合计|总计|其他|总体|全国|小计")
_EXCEPT = re.compile(
    r"除[了去开]?|不[算含计包]|剔除|"
    r"\b(?:except|exclud\w+|leaving out|apart from|other than|without|not counting)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"(?:之外|以外)|\baside\b", re.IGNORECASE)
_PLACES = re.compile(
    r"哪[些几个一二两三四五六七八九十]*(?:省区?市?|地区|地方)|(?:各|全国)省|"
    r"\b(?:provinces?|provincial[- ]level regions?|regions)\b",
    re.IGNORECASE,
)
_PLACE = "北京"
_NEAR = 40
_FALLS = re.compile(
    r"减|[更最]?少了|降|跌|关[停闭掉]|流失|"
    r"\b(?:lost|lose|shed|shut|clos\w+|cut|fell|drop\w*|declin\w*|shr[aiu]nk|decreas\w*)\b",
    re.IGNORECASE,
)
_FAST = re.compile(r"快|慢|\b(?:fast|slow|quick)\w*", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]+")
_LOOKED_AT = 4
_TOP = 6
_BEHIND = 2.0
_SHOWN = 10


def of_a_place(question: Question) -> Question | None:
    """A question that ranks provinces as one for a single province, whose table is then found.

    None if it ranks nothing, or no provinces.
    """
    ranks = _MOST.search(question.text) or _LEAST.search(question.text)
    if not ranks or not _PLACES.search(question.text):
        return None
    if set(question.regions) - set(_excepted(question)):
        return None
    text = _PLACES.sub(_PLACE, question.text, count=1)
    topic = question.topic.replace(question.text, text)
    return replace(question, text=text, topic=topic, regions=(_PLACE,))


def ranked_rows(
    question: Question, ranked: Sequence[Scored], likeness: Callable[[Fact], float]
) -> tuple[Scored, ...]:
    """The first or last rows of the table that a question asks to rank, in order; else none.

    :param likeness: How like the question a metric is.
    """
    most, least = _MOST.search(question.text), _LEAST.search(question.text)
    if not (most or least) or set(question.regions) > set(_excepted(question)):
        return ()
    near = [one for one in ranked[:_LOOKED_AT] if one.score >= ranked[0].score - _BEHIND]
    rows = [one for one in near if isinstance(one.sentence, TableRow)]
    if not rows:
        return ()
    best = rows[0] if question.periods else max(rows, key=_newest)
    left_out = _excepted(question)
    alike = [
        fact
        for fact in column_of(best, question, likeness)
        if not any(name in fact.sentence.text.split("\t")[0] for name in left_out)
    ]
    order = sorted(alike, key=lambda fact: fact.quantity.magnitude, reverse=least is None)
    return tuple(replace(best, sentence=fact.sentence) for fact in order[: _count(question.text)])


def rows_by_change(question: Question, ranked: Sequence[Scored]) -> tuple[Scored, ...]:
    """The rows of a table that changed most between two columns of one name, in order; else none.

    None as well where a question asks for a rate, or the table prints changes itself.
    """
    falls = _FALLS.search(question.text)
    moves = falls or asked_kinds(question)[0] in MOVING_KINDS
    if not moves or not _MOST.search(question.text) or asks_rate(question.text):
        return ()
    if _FAST.search(question.text) or set(question.regions) > set(_excepted(question)):
        return ()
    for one in ranked[:_LOOKED_AT]:
        if isinstance(one.sentence, TableRow):
            changes = _changes(one.sentence, question)
            order = sorted(changes, key=lambda row: changes[row], reverse=falls is None)
            if not order or (changes[order[0]] < 0) is not bool(falls):
                return ()
            return tuple(replace(one, sentence=row) for row in order[: _count(question.text)])
    return ()


def _changes(row: TableRow, question: Question) -> dict[TableRow, Decimal]:
    """By how much each row of a table changed from its first to its last period."""
    try:
        facts = table_facts(row.table)
    except TableError:
        return {}
    if any(fact.kind in MOVING_KINDS for fact in facts):
        return {}
    found: dict[TableRow, Decimal] = {}
    for other in dict.fromkeys(fact.sentence for fact in facts):
        own = [fact for fact in facts if fact.sentence == other and fact.period]
        if len({_name(fact)[0] for fact in own}) != 1 or not isinstance(other, TableRow):
            return {}
        if _NO_ITEM.search(other.row.label):
            continue
        own.sort(key=lambda fact: fact.period.last if fact.period else 0)
        first, last = own[0], own[-1]
        if first.period == last.period:
            return {}
        if last.period and question.periods and not speaks_of((last.period,), question.periods):
            return {}
        found[other] = last.quantity.magnitude - first.quantity.magnitude
    return found


def _excepted(question: Question) -> tuple[str, ...]:
    """The regions that a question leaves out."""
    aside = _ASIDE.search(question.text)
    if aside:
        return find_regions(question.text[: aside.start()][-_NEAR:])
    found = _EXCEPT.search(question.text)
    return find_regions(question.text[found.start() :][:_NEAR]) if found else ()


def column_of(
    one: Scored, question: Question, likeness: Callable[[Fact], float]
) -> tuple[Fact, ...]:
    """The column of a row's table that a question asks about: a fact a row, totals left out."""
    if not isinstance(one.sentence, TableRow):
        return ()
    until = one.periods[0] if one.periods else None
    try:
        facts = table_facts(one.sentence.table, until)
    except TableError:
        return ()
    column = _column(one.sentence, facts, question, likeness)
    return tuple(
        fact
        for fact in facts
        if column is not None
        and _name(fact) == column
        and isinstance(fact.sentence, TableRow)
        and not _NO_ITEM.search(fact.sentence.text.split("\t")[0])
    )


def _newest(one: Scored) -> int:
    return max((period.last for period in one.periods), default=0)


def fills(rows: Sequence[Scored], ranked: Sequence[Scored]) -> bool:
    """Whether most of the best sentences for a question are rows of the table of some rows."""
    table = rows[0].sentence.passage
    found = ranked[:_TOP]
    return sum(one.sentence.passage == table for one in found) * 2 > len(found)


def _column(
    row: TableRow, facts: Sequence[Fact], question: Question, likeness: Callable[[Fact], float]
) -> tuple[str, object] | None:
    """The column of a row that is asked about, by name and period."""
    own = [fact for fact in facts if fact.sentence == row]
    if question.periods:
        timely = [
            fact
            for fact in own
            if fact.period and any(fact.period.answers(asked) for asked in question.periods)
        ]
        own = timely or own
    newest = max((fact.period.last for fact in own if fact.period), default=0)
    best = max(
        own,
        key=lambda fact: (
            _said(fact, question),
            round(likeness(fact), 2),
            fact.period is not None and fact.period.last == newest,
        ),
        default=None,
    )
    return _name(best) if best else None


def _said(fact: Fact, question: Question) -> int:
    """How many names in Latin letters (.CN, IPv6) a fact's column shares with a question."""
    named = {word.lower() for word in _LATIN.findall(_name(fact)[0])}
    return len(named & {word.lower() for word in _LATIN.findall(question.text)})


def _name(fact: Fact) -> tuple[str, object]:
    label = fact.sentence.row.label if isinstance(fact.sentence, TableRow) else ""
    return fact.metric.removeprefix(label).strip(), fact.period


def _count(text: str) -> int:
    """How many rows are asked for."""
    found = _COUNT.search(text)
    if found is None:
        return 1
    printed = next(value for value in found.groupdict().values() if value).lower()
    count = int(printed) if printed.isdecimal() else NUMBERS[printed]
    return max(1, min(count, _SHOWN))
