"""Footnote marks in running text: where they stand, so that they can come off.

Two forms: superscripts (``政府网站¹⁰⁰14444``) and plain digits glued to the word
before (``8.22 亿8``, ``上网时长37为 28.7``). A mark is one only if its footnote
exists: superscripts without a footnote stay (exponents), and a plain digit comes
off only between the footnote before it and its own footnote block.
"""

import re
from collections.abc import Iterable

from corpus.clean import SUPERSCRIPTS
from corpus.records import Block, Kind

_SUPERSCRIPT_RUN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_TABLE_MARK = re.compile(r"\^\{注\s*\d*\}|(?<=[\d\s])注 \d(?=\s|$)")
_PAGE = re.compile(r"(?:^|\n)[ \f](?=\S)")
_AFTER_MARK = r"(?![\d%.]|\s*[年月日万亿个元件家款次倍户岁点])"


def footnote_marks(source: str, blocks: Iterable[Block]) -> frozenset[int]:
    """Give the offsets of all characters of footnote marks in a source."""
    read = tuple(blocks)
    notes = {block.mark: block for block in read if block.mark is not None}
    marks: set[int] = set()
    for match in _SUPERSCRIPT_RUN.finditer(source):
        if int(match[0].translate(SUPERSCRIPTS)) in notes:
            marks.update(range(*match.span()))
    for block in read:
        if block.kind in (Kind.TABLE, Kind.CAPTION):
            for span in block.spans:
                for match in _TABLE_MARK.finditer(source, span.start, span.end):
                    marks.update(range(*match.span()))
    if not any(map(_SUPERSCRIPT_RUN.match, _before_notes(source, notes.values()))):
        marks.update(_plain_marks(source, read, notes))
    return frozenset(marks)


def _before_notes(source: str, notes: Iterable[Block]) -> list[str]:
    """The characters right before each footnote's text, blanks aside: its own mark."""
    return [source[: note.spans[0].start].rstrip()[-1:] for note in notes]


def _plain_marks(source: str, blocks: tuple[Block, ...], notes: dict[int, Block]) -> set[int]:
    """Find plain-digit marks: in order, each on the page at whose foot its note stands."""
    body = [
        span
        for block in blocks
        if block.kind in (Kind.PARAGRAPH, Kind.TABLE, Kind.CAPTION, Kind.HEADING)
        for span in block.spans
    ]
    pages = [match.start() for match in _PAGE.finditer(source)]
    marks: set[int] = set()
    reached = 0
    for number, note in sorted(notes.items()):
        start = note.spans[0].start
        page = max((page for page in pages if page < start), default=0)
        pattern = re.compile(rf"(?<=[^\s\d./-]){number}{_AFTER_MARK}")
        for span in body:
            if span.end <= max(reached, page) or span.start >= start:
                continue
            match = pattern.search(source, max(reached, span.start), span.end)
            if match:
                marks.update(range(*match.span()))
                reached = match.end()
                break
    return marks
