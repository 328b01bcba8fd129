"""Ranking: the rows of a table in the order of the column that a question asks about."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus import Fact, TableError, TableRow, table_facts
from qa.question import Question
from qa.scoring import Scored

_MOST = re.compile(
    r"最[多大高强快]|排[在名]?[第前]|居首|第[一二三]|前[一二两三四五六七八九十\d]+|领先|谁[更最]?[多大高]|"
    r"\b(?:most|biggest|largest|highest|top|lead(?:s|ing|er)?|first|greatest|fastest)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"最[少小低慢]|垫底|倒数|末位|\b(?:least|fewest|smallest|lowest|bottom|last|slowest)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"前(?P<zh>[一二两三四五六七八九十]|\d+)(?!年|季|个月)|(?P<places>[两三四五六七八九十])[个家省大]|"
    r"\b(?:top|leading|first|largest|biggest|which) (?P<en>two|three|four|five|six|ten|\d+)\b|"
    r"\b(?P<of>two|three|four|five|six|ten) (?:provinces|regions|places|cities|biggest|largest)",
    re.IGNORECASE,
)
_WORDS = {name: value for value, name in enumerate("一二三四五六七八九十", 1)} | {
    "两": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10,
}  # fmt: skip
_NO_ITEM = re.compile("合计|总计|其他|总体|全国|小计")
_LOOKED_AT = 4
_TOP = 6
_BEHIND = 2.0
_SHOWN = 10


def ranked_rows(
    question: Question, ranked: Sequence[Scored], likeness: Callable[[Fact], float]
) -> tuple[Scored, ...]:
    """The first or last rows of the table that a question asks to rank, in order; else none.

    :param likeness: How like the question a metric is.
    """
    most, least = _MOST.search(question.text), _LEAST.search(question.text)
    if not (most or least) or question.regions:
        return ()
    best = next((one for one in ranked[:_LOOKED_AT] if isinstance(one.sentence, TableRow)), None)
    if best is None or not isinstance(best.sentence, TableRow):
        return ()
    if best.score < ranked[0].score - _BEHIND:
        return ()
    until = best.periods[0] if best.periods else None
    try:
        facts = table_facts(best.sentence.table, until)
    except TableError:
        return ()
    column = _column(best.sentence, facts, question, likeness)
    if column is None:
        return ()
    alike = [
        fact
        for fact in facts
        if _name(fact) == column
        and isinstance(fact.sentence, TableRow)
        and not _NO_ITEM.search(fact.sentence.text.split("\t")[0])
    ]
    order = sorted(alike, key=lambda fact: fact.quantity.magnitude, reverse=least is None)
    return tuple(replace(best, sentence=fact.sentence) for fact in order[: _count(question.text)])


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
            round(likeness(fact), 2),
            fact.period is not None and fact.period.last == newest,
        ),
        default=None,
    )
    return _name(best) if best else None


def _name(fact: Fact) -> tuple[str, object]:
    label = fact.sentence.row.label if isinstance(fact.sentence, TableRow) else ""
    return fact.metric.removeprefix(label).strip(), fact.period


def _count(text: str) -> int:
    """How many rows are asked for."""
    found = _COUNT.search(text)
    if found is None:
        return 1
    printed = next(value for value in found.groupdict().values() if value).lower()
    count = int(printed) if printed.isdecimal() else _WORDS[printed]
    return max(1, min(count, _SHOWN))
