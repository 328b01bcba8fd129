"""The English edition: a rendering of each sentence, heading and label of a report.

``reports/<id>/english.jsonl`` holds one a line, keyed by offsets into the source
and a digest of what stands there, so that a stale line is found. Renderings were
written by hand; code checks that their figures and periods are the source's.
"""

import json
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from corpus.period import Period, find_periods
from corpus.quantity import Measure, Quantity, find_quantities
from corpus.records import CorpusError, Edition, Rendering, Span

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_SCALES = {"百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_SPELLED = "zero one two three four five six seven eight nine ten eleven twelve".split()


def digest(text: str) -> str:
    """The first twelve characters of a source text's sha256."""
    return sha256(text.encode()).hexdigest()[:12]


def load_edition(path: Path, source: str) -> Edition:
    """Read a report's English edition; none is there if the file is missing.

    :raises CorpusError: If a line is not one, or renders what the source no longer says.
    """
    if not path.exists():
        return Edition()
    renderings = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"cannot read {path}: {error}") from error
    for number, line in enumerate(lines, 1):
        try:
            read = json.loads(line)
            span = Span(int(read["start"]), int(read["end"]))
            english, known = str(read["english"]), str(read["digest"])
        except (ValueError, LookupError, TypeError) as error:
            raise CorpusError(f"{path}, line {number}: not a rendering: {error!r}") from error
        if digest(source[span.start : span.end]) != known:
            raise CorpusError(
                f"{path}, line {number}: stale, the source says something else at "
                f"{span.start}-{span.end}; render it again"
            )
        renderings.append(Rendering(span, source[span.start : span.end], english))
    return Edition(tuple(sorted(renderings, key=lambda one: one.span.start)))


def differences(chinese: str, english: str) -> tuple[str, ...]:
    """Say which figures and periods a sentence and its rendering do not share.

    Figures go one to one, by amount and kind; a bare number may also be part of a name.

    >>> differences("网民规模达9.89亿，普及率为70.4%。", "There were 989 million users, 70.4%.")
    ()
    >>> differences("普及率为70.4%。", "The rate was 74.0%.")
    ('70.4% is missing', '74.0% is not in the source')
    """
    theirs = list(find_quantities(english))
    found: list[str] = []
    for mine in find_quantities(chinese):
        same = next((one for one in theirs if _equal(mine, one)), None)
        if same is not None:
            theirs.remove(same)
        elif not (_bare(mine) and _names(english, mine)):
            found.append(f"{chinese[mine.start : mine.end]} is missing")

    def printed(one: Quantity) -> str:
        return english[one.start : one.end].split()[0]

    digits = set(_DIGITS.findall(chinese)) | _counted(chinese)
    found += [
        f"{english[one.start : one.end]} is not in the source"
        for one in theirs
        if not (_round(one) and {f"{one.magnitude:f}", printed(one)} & digits)
    ]
    return tuple(found + _periods(chinese, english))


def _counted(chinese: str) -> set[str]:
    """What a text's Chinese numerals and scales count, as digits: 六家 is 6, 百兆 100."""
    numerals = {str(_numeral(found)) for found in re.findall("[一二两三四五六七八九十]+", chinese)}
    return numerals | {str(size) for name, size in _SCALES.items() if name in chinese}


def _numeral(printed: str) -> int:
    """Read 六, 十六 or 三十."""
    tens, ten, ones = printed.replace("两", "二").rpartition("十")
    digits = "零一二三四五六七八九"
    return (digits.find(tens[-1:] or "一") * 10 if ten else 0) + digits.find(ones[-1:] or "零")


def _periods(chinese: str, english: str) -> list[str]:
    theirs = set(find_periods(english))
    mine = list(find_periods(chinese))
    hints = {month // 12 for one in theirs for month in (one.first, one.last)}
    allowed = set(mine) | {one for year in hints for one in find_periods(chinese, year)}
    with_year = {one for one in mine if re.search(r"\d{4}|十", chinese[one.start : one.end])}
    return [
        f"{one} is missing" for one in sorted(with_year - theirs) if not _within(one, theirs)
    ] + [f"{one} is not in the source" for one in sorted(theirs - allowed)]


def _within(one: Period, others: Iterable[Period]) -> bool:
    """Whether two periods named, as in “from 2017 to 2021”, are written as one."""
    return any(other.first in (one.first,) or other.last == one.last for other in others)


def _equal(one: Quantity, other: Quantity) -> bool:
    close = abs(one.magnitude - other.magnitude) <= abs(one.magnitude) / 10**9
    return one.measure is other.measure and close


def _bare(one: Quantity) -> bool:
    return one.scale == 1 and one.measure is Measure.AMOUNT


def _round(one: Quantity) -> bool:
    return one.measure is Measure.AMOUNT and one.magnitude % 1 == 0


def _names(text: str, one: Quantity) -> bool:
    """Whether a text has a number as digits or, up to twelve, as a word."""
    if f"{one.value:f}" in {found.replace(",", "") for found in _DIGITS.findall(text)}:
        return True
    spelled = _SPELLED[int(one.value)] if 0 <= one.value <= 12 and one.value % 1 == 0 else ""
    return bool(spelled) and re.search(rf"\b{spelled}\b", text, re.IGNORECASE) is not None
