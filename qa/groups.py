"""Groups: the rows that stand in a table under one label, for questions that ask for all of them.

“数字技术创新”拆成了哪两个二级指标 asks for two rows, which the table gives under 数字技术创新.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus import TableRow, quotable
from qa.question import Question, asks_for_list
from qa.scoring import Scored

_LOOKED_AT = 5
_BEHIND = 1.0


def rows_of_group(
    question: Question, ranked: Sequence[Scored], english: Callable[[TableRow], str]
) -> tuple[Scored, ...]:
    """All rows under a label that a question which asks for a list names; else none.

    :param ranked: Of its best sentences one must be such a row.
    :param english: The first label of a row in English, or ``""``.
    """
    if not asks_for_list(question.text):
        return ()
    asked = question.text.lower()
    for one in ranked[:_LOOKED_AT]:
        row = one.sentence
        if one.score < ranked[0].score - _BEHIND:
            break
        if not isinstance(row, TableRow) or len(row.row.labels) < 2:
            continue
        head, *own = (label.text for label in row.row.labels)
        names = [name.lower() for name in (head, english(row)) if name]
        if any(name in asked for name in names) and not any(name in asked for name in own):
            return tuple(
                replace(one, sentence=other)
                for other in quotable(row.passage)
                if isinstance(other, TableRow) and other.row.labels[0].text == head
            )
    return ()
