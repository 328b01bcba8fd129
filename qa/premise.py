"""Premises: a question that takes for granted that something rose, or fell, when it did not."""

import re
from collections.abc import Sequence

from corpus import MOVING_KINDS, Fact
from qa.contract import Language
from qa.formula import fell
from qa.question import Question

_UP = re.compile(
    r"增长|增加|增多|上升|提升|提高|上涨|涨|扩大|"
    r"\b(?:rose|ris(?:e|en|ing)|gr[eo]w\w*|increas\w+|gain\w*|climb\w*|expand\w*)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"下降|减少|下滑|降低|下跌|跌|缩小|萎缩|回落|"
    r"\b(?:fell|fall(?:en|ing)?|drop(?:ped|ping)?|declin\w+|decreas\w+|shr[aiu]nk\w*|lost)\b",
    re.IGNORECASE,
)
_NO_PREMISE = re.compile(
    r"最|还是|差距|差异|增速|增长率|增幅|降幅|涨幅|\b(?:most|least|or|rate|gap|fastest|slowest)\b",
    re.IGNORECASE,
)
_TEXTS: dict[Language, dict[bool, str]] = {
    "zh": {True: "报告所说的是下降，而不是上升。", False: "报告所说的是上升，而不是下降。"},
    "en": {
        True: "By the report it went down, not up.",
        False: "By the report it went up, not down.",
    },
}


def contradicted(question: Question, asked: Fact, facts: Sequence[Fact]) -> str:
    """Say that what is asked about moved the other way than the question has it; else "".

    :param asked: The fact that the question asks for.
    :param facts: All facts of its sentence, among which its change may be.
    """
    up, down = _UP.search(question.text), _DOWN.search(question.text)
    if bool(up) == bool(down) or _NO_PREMISE.search(question.text):
        return ""
    change = next(
        (
            fact
            for fact in facts
            if fact.kind in MOVING_KINDS
            and fact.metric == asked.metric
            and fact.period == asked.period
        ),
        None,
    )
    if change is None or fell(change) is bool(down):
        return ""
    return _TEXTS[question.language][fell(change)]
