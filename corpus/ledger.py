"""The ledger: what each number of a source is there for, and that none is left over.

It says again, from the source's side, what the reader made of it: the kinds of
its blocks, its footnote marks, the cells of its tables, the dates and quantities
of its prose. Only what no fact can be made of, names and the like, is told here.
A number that nothing accounts for is entered as such.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.lines import NUMBERED, SOURCE_LINE, TABLE_NOTE
from corpus.marks import footnote_marks
from corpus.period import find_periods
from corpus.quantity import POWER, Quantity, find_quantities
from corpus.reader import blocks, names_source, passages
from corpus.records import Kind, Passage, Report, Span
from corpus.tables import TableError, read_table


class Use(StrEnum):
    """What a number is there for."""

    QUANTITY = "quantity"
    CELL = "table cell"
    DATE = "date"
    NAME = "name"
    LIST_MARK = "list mark"
    FOOTNOTE_MARK = "footnote mark"
    SOURCE = "source or address"
    CAPTION = "caption"
    REMNANT = "chart remnant"
    HEADING = "heading"
    CONTENTS = "contents"
    FURNITURE = "page furniture"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True)
class Entry:
    """A number, from its first digit to its last: 70.4, 1/3, 2020年12月31.

    A cited source with all its digits is one entry. Where something with digits of
    its own cuts a number, such as a page break in the middle of a date, each piece
    has an entry.
    """

    kind: Use
    span: Span


_BLOCKS = {
    Kind.CAPTION: Use.CAPTION,
    Kind.REMNANT: Use.REMNANT,
    Kind.HEADING: Use.HEADING,
    Kind.CONTENTS: Use.CONTENTS,
    Kind.FURNITURE: Use.FURNITURE,
}
_RUN = re.compile("[0-9]+|[０-９]+|[⁰¹²³⁴⁵⁶⁷⁸⁹₀-₉]+|[①-⑳]+")
_NUMBER = re.compile(rf"\d+(?:[.．,]\d+)*|{_RUN.pattern}")
_LINE = re.compile(r"[^\n]+")
_LIST_MARKS = re.compile(
    rf"(?:^|(?<=[。；;：:]))(?:{NUMBERED.pattern}|\d{{1,2}}[)）])|[①-⑳]+|(?<![\d)）])[（(]\d{{1,2}}[)）]",
    re.MULTILINE,
)
_CITATIONS = re.compile(rf"(?:^|(?<=[（(])){SOURCE_LINE.pattern}[^。)）]*")
# A web or mail address, a telephone number.
_ADDRESSES = re.compile(
    r"(?:https?://|www\.)[!-~]+|(?<![!-~])[!-~]+@[!-~]+"
    r"|(?<!\d)[（(]?0\d{2,3}[)）]?[\s-]?\d{7,8}(?!\d)"
)
_TITLES = re.compile(r"《[^《》]*》")
# The time of day: 11-12点, 6点到7点, and 9:22 behind a date.
_HOURS = re.compile(r"(?<![\d.,])(?:\d{1,2}\s*[-—–~～]\s*)?\d{1,2}\s*点(?!\d)")
_CLOCK = re.compile(r"\s*\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?!\d)")
_RANKS = re.compile(r"第\s*\d+\s*[位名]")
# 5G, IPv6, 第47次, 图3, the /32 of an address block.
_LABELS = re.compile(
    r"[A-Za-z][A-Za-z0-9/.+-]*|\d+(?:\.\d+)?[A-Za-z][A-Za-z0-9]*|[第图表/]\s*\d+(?:\.\d+)*"
)
_NEXT_NUMBER = re.compile(r"\s*[-—–~～至到:：和与、]\s*\d")
# Behind one of these a number is a figure; behind a noun it may be the noun's: 系统2.0.
_TELLS = "为是达到至于由升降增减约近超过逾共有仅比和与计前及成"
_TOLD = re.compile(rf"(?:[{_TELLS}]|\d\s*[-—–~～:：、])\s*$")
_CHINESE = re.compile("[一-鿿，。；：、（）%]")
_QUOTED = re.compile("[“‘「+]0|0[”’」+]|[”’」]0[一-鿿]")
_VERSION = re.compile(rf"(?<=[^\W\d_{_TELLS}])[1-9]\.0")
# Public services, carriers and companies have numbers of five digits.
_SERVICE = re.compile(rf"(?<![{_TELLS}])(?:1[012]|9[56])\d{{3}}")
_MODEL = re.compile(r"[A-Z][A-Za-z]* ?$")
_NAMED = re.compile(r"强|号|星|平台|热线|电话|工程|行动|计划|系统")


def count_digits(report: Report) -> dict[str, int]:
    """Count the entries of each kind in a report's ledger, under the kinds' names."""
    counts = Counter(entry.kind for entry in ledger(report))
    return {kind.value: counts[kind] for kind in Use}


def ledger(report: Report) -> tuple[Entry, ...]:
    """Enter each number of a report's source, in order: every digit is in one entry."""
    claims: dict[int, tuple[Use, int]] = {}
    for kind, offsets in _claims(report):
        for offset in offsets:
            claims.setdefault(offset, (kind, offsets[0]))
    found: list[Entry] = []
    last: tuple[Use, int] | None = None
    for run in _RUN.finditer(report.source):
        start, end = run.span()
        mine = {claims[offset] for offset in range(start, end)}
        claim = mine.pop() if len(mine) == 1 else (Use.UNASSIGNED, start)
        if claim == last:
            start = found.pop().span.start
        found.append(Entry(claim[0], Span(start, end)))
        last = claim
    return tuple(found)


def _claims(report: Report) -> Iterator[tuple[Use, Sequence[int]]]:
    """Say of stretches of a source what their digits are; the first to claim one has it."""
    source = report.source
    read = blocks(report)
    marks = footnote_marks(source, read)
    for run in _RUN.finditer(source):
        if run.start() in marks:
            yield Use.FOOTNOTE_MARK, range(*run.span())
    cited = passages(report)
    known = {passage.spans for passage in cited}
    for block in read:
        if block.mark is not None:
            start = block.spans[0].start
            yield Use.FOOTNOTE_MARK, range(source.rfind("\n", 0, start) + 1, start)
        if block.kind is Kind.SOURCE_LINE or (
            # A footnote that is no passage names a source and nothing else.
            block.kind is Kind.FOOTNOTE and block.spans not in known
        ):
            yield Use.SOURCE, [at for span in block.spans for at in range(span.start, span.end)]
        elif block.kind in _BLOCKS:
            for span in block.spans:
                for found in _numbers(source, span.start, span.end):
                    yield _BLOCKS[block.kind], range(*found)
    for passage in cited:
        claimed = _in_table(passage) if passage.kind is Kind.TABLE else _in_prose(passage)
        for kind, start, end in claimed:
            if start < end:
                yield kind, passage.clean.offsets[start:end]
    yield from ((Use.UNASSIGNED, range(*at)) for at in _numbers(source, 0, len(source)))


def _numbers(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _NUMBER.finditer(text, start, end))


def _in_table(passage: Passage) -> Iterator[tuple[Use, int, int]]:
    """Cells with their labels, and of the other lines what stands in a column's header."""
    try:
        table = read_table(passage)
    except TableError:
        return
    cells = [cell for row in table.rows for cell in (*row.labels, *row.cells)]
    for cell in cells:
        yield Use.CELL, cell.start, cell.end
    named = {match[0] for column in table.columns for match in _NUMBER.finditer(column.name)}
    starts = {passage.text.rfind("\n", 0, cell.start) + 1 for cell in cells}
    for line in _LINE.finditer(passage.text):
        for start, end in _numbers(passage.text, *line.span()):
            if line.start() not in starts and passage.text[start:end] in named:
                yield Use.CELL, start, end


def _in_prose(passage: Passage) -> Iterator[tuple[Use, int, int]]:
    text = passage.text
    note = TABLE_NOTE.match(text)
    if note and passage.kind is Kind.FOOTNOTE:
        yield Use.LIST_MARK, *note.span()
    yield from ((Use.LIST_MARK, *match.span()) for match in _LIST_MARKS.finditer(text))
    for match in _CITATIONS.finditer(text):
        if names_source(match[0]):
            yield Use.SOURCE, *match.span()
    yield from ((Use.SOURCE, *match.span()) for match in _ADDRESSES.finditer(text))
    for pattern in (_TITLES, POWER):
        for match in pattern.finditer(text):
            yield from ((Use.NAME, *at) for at in _numbers(text, *match.span()))
    yield from ((Use.DATE, *match.span()) for match in _HOURS.finditer(text))
    for period in find_periods(text, year=2000):
        clock = _CLOCK.match(text, period.end)
        yield Use.DATE, period.start, clock.end() if clock else period.end
    for quantity in find_quantities(text):
        if _is_name(text, quantity):
            yield Use.NAME, quantity.start, quantity.end
        elif not _is_stray(text, quantity):
            yield Use.QUANTITY, quantity.start, quantity.end
    yield from ((Use.QUANTITY, *match.span()) for match in _RANKS.finditer(text))
    yield from ((Use.NAME, *match.span()) for match in _LABELS.finditer(text))


def _is_name(text: str, quantity: Quantity) -> bool:
    """Whether a number with neither unit nor scale names something: 12345热线, “618”, 02星."""
    start, end = quantity.start, quantity.end
    printed = text[start:end]
    if quantity.unit or quantity.scale != 1 or _NEXT_NUMBER.match(text, end):
        return False
    if _QUOTED.search(text[start - 1 : start] + "0" + text[end : end + 1]):
        return True
    if not printed.isdecimal():
        return bool(_VERSION.fullmatch(text, start, end))
    return (
        (printed[0] == "0" and len(printed) > 1)
        or bool(_MODEL.search(text, max(0, start - 12), start))
        or bool(_NAMED.match(text, end))
        or bool(_SERVICE.fullmatch(text, start, end))
    )


def _is_stray(text: str, quantity: Quantity) -> bool:
    """Whether a short number stands among words with nothing that it could count: 时长37为."""
    start, end = quantity.start, quantity.end
    printed = text[start:end]
    if quantity.unit or quantity.scale != 1 or not printed.isdecimal() or len(printed) > 3:
        return False
    around = text[start - 1 : start] + text[end : end + 1]
    counts = _NEXT_NUMBER.match(text, end) or _TOLD.search(text, max(0, start - 6), start)
    return bool(_CHINESE.search(around)) and not counts
