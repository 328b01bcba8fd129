"""Grading: whether an answer is right, wrong or a refusal.

A refusal is not a wrong answer, and both are told apart from an error of the
program. A number is right if the answer gives the same amount of the same kind,
for no other period, and does not deny it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from corpus import (
    Measure,
    Period,
    Quantity,
    find_periods,
    find_quantities,
    main_periods,
    parse_month,
)
from eval.questions import Item, Wanted
from qa import Answer, Citation

_LARGE = Decimal(10**6)
_SPOKEN = Decimal("0.005")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_OF_ANOTHER = re.compile(
    r"[较比从由][^，。；\d]{0,8}$|(?:\bfrom|\bthan|\bsince)\s+(?:in\s+|the end of\s+)?$|"
    r"\d[\d.]*(?:%| percent| million| billion)?\s+(?:in|at the end of)\s+$",
    re.IGNORECASE,
)
"""Before a period that a clause compares with, or gives another figure for."""
_MARK = re.compile(r"\[\d+\]")
_DENIED_BEFORE = re.compile(
    r"(?:\b(?:not|wasn't|isn't|weren't|rather than|instead of)\b|不是|并非|而非|没有)"
    r"[^，。,.;；]{0,24}$",
    re.IGNORECASE,
)
_DENIED_BEHIND = re.compile(r"^[^，。,.;；]{0,4}[，,]?\s*(?:这不对|不对|有误|is wrong|is false)")
_FALLS = re.compile(
    r"下降|减少|降低|下滑|回落|缩小|跌|降|少|fell|fall|down|drop|declin|decreas|lower|shrank|narrow",
    re.IGNORECASE,
)
_MINUTES = {"小时": 60, "个小时": 60, "hour": 60, "hours": 60, "分钟": 1, "minute": 1, "minutes": 1}
_COUNTERS = frozenset("个家款项件种台套座所条处张类部门起款门篇次支只名位")
_FAMILIES = {
    "kWh": "千瓦时", "KWh": "千瓦时", "kwh": "千瓦时",
    "people": "人", "users": "人", "households": "户", "yuan": "元", "RMB": "元", "人民币": "元",
    "美金": "美元", "US dollar": "美元", "US dollars": "美元", "块": "块/32", "/32 blocks": "块/32",
    "/32 block": "块/32",
    "times": "倍", "km": "公里", "mile": "miles", "秒": "seconds", "second": "seconds",
}  # fmt: skip
_WORDS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
}
_SAID = {
    "twice": "2 times", "doubled": "2 times", "tripled": "3 times", "tenfold": "10 times",
    "twofold": "2 times", "threefold": "3 times", "two hundred million": "200 million",
}  # fmt: skip


class Outcome(StrEnum):
    """How an answer did."""

    RIGHT = "right"
    WRONG = "wrong"
    REFUSED = "refused"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Grade:
    """An outcome, whether a citation holds the evidence, and what was missed."""

    outcome: Outcome
    cited: bool
    missed: tuple[str, ...] = ()


def grade(item: Item, answer: Answer) -> Grade:
    """Grade an answer to a question; verdicts on claims are graded in eval/claims.py."""
    cited = any(covers(answer.citations, report, quote) for report, quote in item.evidence)
    if answer.status == "refused":
        return Grade(Outcome.REFUSED if item.answerable else Outcome.RIGHT, cited)
    if not item.answerable:
        return Grade(Outcome.WRONG, cited, ("answered the unanswerable",))
    text = plain(answer.text)
    missed = [one.printed for one in item.numbers if not holds(one, text)]
    missed += [
        "/".join(group) for group in item.texts if not any(says(answer.text, one) for one in group)
    ]
    missed += [f"gave {one}" for one in item.forbid if _given(one, item, answer, text)]
    return Grade(Outcome.WRONG if missed else Outcome.RIGHT, cited, tuple(missed))


def plain(text: str) -> str:
    """An answer's text without marks, its digits and number words as plain digits.

    >>> plain("网民规模达９．８９亿 [1]，共十七个")
    '网民规模达9.89亿 ，共17个'
    """
    text = _MARK.sub("", text).translate(_FULL_WIDTH).replace("**", "")
    text = re.sub(r"(?<=\d)，(?=\d{3}(?!\d))", ",", text)
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", ",", text)
    text = re.sub(r"(?<=[一-鿿]) (?=[一-鿿])", "", text)
    text = re.sub(
        r"\b(\d+)(?:st|nd|rd|th)\b(?= (?:place|position|in|worldwide|globally)\b|\s*$)",
        r"\1位",
        text,
    )
    for said, means in _SAID.items():
        text = re.sub(rf"\b{said}\b", means, text, flags=re.IGNORECASE)
    for word, value in _WORDS.items():
        text = re.sub(
            rf"\b{word}\b(?!-| (?:of|times|hundred|half|third|quarter|fifth|tenth))",
            str(value),
            text,
            flags=re.IGNORECASE,
        )
    text = re.sub(r"([一二三四五六七八九])成([一二三四五六七八九])", _tenths, text)
    text = re.sub(r"([一二三四五六七八九])点([一二三四五六七八九])(?=个百分点|%)", _point, text)
    tens = "(?<![第十])([一二三四五六七八九]?)十([一二三四五六七八九]?)(?=[个家款项种件国省])"
    return re.sub(tens, _tens, text)


def holds(wanted: Wanted, text: str) -> bool:
    """Whether a text gives a number: the same amount of the same kind, or a fair rounding of it.

    :param text: As :func:`plain` gives it.
    """
    read = find_quantities(wanted.printed)
    if not read:
        return re.sub(r"\s", "", wanted.printed) in re.sub(r"\s", "", text)
    return any(
        _same(read[0], given, text)
        and not _denied(text, given.start, given.end)
        and _dated(wanted.as_of, given, text)
        for given in find_quantities(text)
    )


def _same(wanted: Quantity, given: Quantity, text: str) -> bool:
    mine, theirs = _MINUTES.get(wanted.unit), _MINUTES.get(given.unit)
    if mine and theirs:
        return abs(wanted.magnitude * mine - given.magnitude * theirs) * 2 <= mine
    if wanted.measure is not given.measure and not _bare(wanted, given):
        return False
    if not _alike(wanted.unit, given.unit):
        return False
    if not _same_sign(wanted, given, text):
        return False
    gap = abs(abs(wanted.magnitude) - abs(given.magnitude))
    exponent = wanted.value.as_tuple().exponent
    digit = Decimal(10) ** int(exponent) * wanted.scale / 2
    rounded = given.scale != 1 or given.value % 1000 == 0
    large = rounded and abs(wanted.magnitude) >= _LARGE
    return gap < digit or (large and gap <= abs(wanted.magnitude) * _SPOKEN)


def _bare(wanted: Quantity, given: Quantity) -> bool:
    """Whether a number without a unit stands for a share, as in a table whose head has the %."""
    return wanted.measure is Measure.SHARE and not given.unit and given.scale == 1


def _alike(wanted: str, given: str) -> bool:
    """Whether two units name the same thing, or one of them nothing special."""
    first, second = (_FAMILIES.get(one, one) for one in (wanted, given))
    if not first or not second or first == second or {first, second} <= {"%", "成", "分之"}:
        return True
    return first in _COUNTERS or second in _COUNTERS


def _same_sign(wanted: Quantity, given: Quantity, text: str) -> bool:
    falls = _FALLS.search(text[max(0, given.start - 20) : given.end + 16])
    if wanted.value >= 0:
        return given.value >= 0 or falls is not None
    return given.value < 0 or falls is not None


def _denied(text: str, start: int, end: int) -> bool:
    return bool(_DENIED_BEFORE.search(text[:start]) or _DENIED_BEHIND.match(text[end:]))


def _dated(as_of: str | None, given: Quantity, text: str) -> bool:
    """Whether a text gives a number for the period asked, as far as it names one.

    The period that stands with the number in its clause tells; else any that is named.
    """
    try:
        asked = parse_month(as_of) if as_of else None
    except ValueError:
        return True
    if asked is None or given.measure is Measure.MULTIPLE:
        return True
    behind = re.match(r"[^，。,.;；\d]{0,12}\bin\s+(?=\w+ ?\d{4}|\d{4})", text[given.end :])
    if behind and not re.search(r"\bthan\s+in\s+$", behind[0]):
        start = given.end + behind.end()
        named = [one for one in find_periods(text) if one.start == start]
        if named:
            return _fits(named[0], asked)
    clause = max(text.rfind(mark, 0, given.start) for mark in "，。；,;\n") + 1
    periods = find_periods(text)
    own = [one for one in periods if clause <= one.start < given.start]
    if len(own) == 1 and not _OF_ANOTHER.search(text[clause : own[0].start]):
        return _fits(own[0], asked)
    mains = main_periods(text)
    return not mains or any(_fits(one, asked) for one in mains)


def _fits(named: Period, asked: Period) -> bool:
    return named.answers(asked) or asked.answers(named)


def says(text: str, wanted: str) -> bool:
    """Whether a text has a word, from its start on (``investigat``), and does not deny it."""
    pattern = re.escape(wanted)
    if wanted[:1].isascii() and wanted[:1].isalnum():
        pattern = rf"(?<![A-Za-z0-9]){pattern}"
    return any(
        not _denied(text, *match.span()) for match in re.finditer(pattern, text, re.IGNORECASE)
    )


def _given(forbidden: str, item: Item, answer: Answer, text: str) -> bool:
    """Whether an answer gives a forbidden number as its answer."""
    read = find_quantities(forbidden)
    if not read or forbidden in {one.printed for one in item.numbers}:
        return False
    leading = {Decimal(str(one.value)) for one in answer.values if one.role == "answer"}
    leading |= {Decimal(str(one.magnitude)) for one in answer.values if one.role == "answer"}
    shown = {one.value for one in find_quantities(text) if not _denied(text, one.start, one.end)}
    return read[0].value in (leading if item.numbers else leading | shown)


def _tenths(match: re.Match[str]) -> str:
    digits = "一二三四五六七八九"
    return f"{digits.index(match[1]) + 1}{digits.index(match[2]) + 1}%"


def _tens(match: re.Match[str]) -> str:
    digits = "零一二三四五六七八九"
    return str(digits.index(match[1] or "一") * 10 + digits.index(match[2] or "零"))


def _point(match: re.Match[str]) -> str:
    digits = "零一二三四五六七八九"
    return f"{digits.index(match[1])}.{digits.index(match[2])}"


def covers(citations: Sequence[Citation], report: str, quote: str) -> bool:
    """Whether one of some citations holds a quote, white space aside."""
    return any(one.report == report and _packed(quote) in _packed(one.quote) for one in citations)


def _packed(text: str) -> str:
    return re.sub(r"\s", "", text)
