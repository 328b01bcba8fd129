"""Reading: a report's source to blocks, and blocks to passages.

The reader goes down the lines once to say what each is, then once more to put
paragraphs together across line wraps, page breaks, footnotes, captions and
chart remnants. Every printed line lands in exactly one block.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import add

from corpus.clean import clean
from corpus.lines import (
    BULLET,
    CAPTION,
    CONTENTS_LINE,
    CONTENTS_TITLE,
    LEGEND,
    PAGE_NUMBER,
    PLAIN_NOTE,
    SOURCE_LINE,
    SUPERSCRIPT_NOTE,
    TABLE_NOTE,
    TERMINAL,
    Line,
    hard_wrapped,
    lines,
    running_heads,
)
from corpus.marks import footnote_marks
from corpus.period import find_periods
from corpus.quantity import find_quantities
from corpus.records import CITABLE, Block, Kind, Passage, Report, Span

_REPORTS_KEPT = 16
_LONG = 50
_FILLED = 60
_LIST_LENGTH = 5
_FREQUENT = 3
_UNNUMBERED = 5
_HAN = re.compile(r"[一-鿿]+")
_WORD = re.compile(r"[^\W\d_]")
_STOP = re.compile(r"[。；]")
# A footnote that names a source and defines nothing: 来源：商务部。 or 商务部，https://…
_SOURCE_NOTE = re.compile(r"(?:(?:数据)?来源\s*[:：，]|[^：。]*https?://)[^。]*。?")
_TITLE_OR_ADDRESS = re.compile(r"《[^《》]*》|https?://[!-~]+")


@dataclass(frozen=True, slots=True)
class _Role:
    """A line and what it is; ``opens`` says that it begins a block of its own."""

    line: Line
    kind: Kind
    opens: bool = False
    mark: int | None = None


@lru_cache(maxsize=_REPORTS_KEPT)
def passages(report: Report) -> tuple[Passage, ...]:
    """Give what can be cited of a report: paragraphs, lists, tables and footnotes.

    Searching and looking up statistics both start from them, so they are kept.
    """
    read = blocks(report)
    dropped = footnote_marks(report.source, read)
    titles = {
        report.source[span.start : span.end]: clean(report.source, (span,), dropped, rows=True).text
        for block in read
        if block.kind is Kind.CAPTION
        for span in block.spans
    }
    found = []
    for block in read:
        if block.kind not in CITABLE:
            continue
        rows = block.kind in (Kind.TABLE, Kind.LIST)
        text = clean(report.source, block.spans, dropped, rows=rows)
        if block.mark is not None and names_source(text.text):
            continue
        if text.text.strip():
            title = titles.get(block.title, block.title)
            found.append(Passage(report.id, block.kind, block.section, title, block.spans, text))
    return tuple(found)


def names_source(text: str) -> bool:
    """Whether a note names a source and neither defines a thing nor gives a figure."""
    figures = find_quantities(_TITLE_OR_ADDRESS.sub(" ", text))
    counted = any(figure.unit or figure.scale != 1 for figure in figures)
    return bool(_SOURCE_NOTE.fullmatch(text)) and not counted


def blocks(report: Report) -> tuple[Block, ...]:
    """Cut a report's source into blocks, in the order in which they begin."""
    found = lines(report.source)
    wrapped = hard_wrapped(found)
    roles = _roles(found, report.title, wrapped)
    pairs = Counter(map(add, report.source, report.source[1:]))
    joined = _joined(pairs, roles, wrapped)
    return _with_sections(report.source, _lists(report.source, joined))


def _roles(found: tuple[Line, ...], title: str, wrapped: bool) -> list[_Role]:
    """Say of each printed line what it is, headings without a number aside."""
    heads = running_heads(found, title)
    contents = _contents(found)
    notes = _plain_notes(found) if wrapped else _superscript_notes(found)
    torn = _torn(found, notes) if wrapped else frozenset()
    roles: list[_Role] = []
    in_table = False
    header = ""
    for index, line in enumerate(found):
        if line.blank:
            continue
        if line.text in heads or PAGE_NUMBER.fullmatch(line.text):
            roles.append(_Role(line, Kind.FURNITURE))
        elif index in contents:
            roles.append(_Role(line, Kind.CONTENTS))
        elif index in notes:
            roles.append(_Role(line, Kind.FOOTNOTE, notes[index] is not None, notes[index]))
        else:
            in_table = in_table or (wrapped and line.text == header)
            role = _role(line, in_table and wrapped)
            if wrapped and role.kind is Kind.PARAGRAPH and _in_table_note(roles, line):
                role = _Role(line, Kind.FOOTNOTE)
            if roles and roles[-1].kind is Kind.SOURCE_LINE and _is_date(line.text):
                role = _Role(line, Kind.SOURCE_LINE)
            if index in torn:
                role = replace(role, opens=True)
            if role.kind is Kind.TABLE and roles and roles[-1].kind is Kind.CAPTION:
                header = line.text
            in_table = role.kind is Kind.TABLE or _captions_table(role)
            roles.append(role)
    return roles


def _captions_table(role: _Role) -> bool:
    return role.kind is Kind.CAPTION and "表" in role.line.text[:2]


def _in_table_note(roles: list[_Role], line: Line) -> bool:
    """Whether a line goes on with a note under a table, as the line before ends no sentence."""
    if not roles or roles[-1].kind is not Kind.FOOTNOTE or TERMINAL.search(roles[-1].line.text):
        return False
    opening = next(role for role in reversed(roles) if role.opens)
    return opening.kind is Kind.FOOTNOTE and opening.mark is None and not line.starts_page


def _is_date(text: str) -> bool:
    return [(0, len(text))] == [(period.start, period.end) for period in find_periods(text)]


def _role(line: Line, in_table: bool) -> _Role:
    caption = CAPTION.match(line.text)
    if caption and not TERMINAL.search(line.text):
        return _Role(line, Kind.CAPTION, opens=True)
    if SOURCE_LINE.match(line.text):
        return _Role(line, Kind.SOURCE_LINE, opens=True)
    if TABLE_NOTE.match(line.text):
        return _Role(line, Kind.FOOTNOTE, opens=True)
    if LEGEND.match(line.text):
        return _Role(line, Kind.REMNANT)
    if "\t" in line.raw.rstrip():
        return _Role(line, Kind.TABLE)
    if line.heading_level:
        return _Role(line, Kind.HEADING, opens=True)
    if (
        in_table
        and not TERMINAL.search(line.text)
        and (line.columns < _LONG or line.ends_paragraph)
    ):
        return _Role(line, Kind.TABLE)
    return _Role(line, Kind.PARAGRAPH, opens=bool(BULLET.match(line.text)))


def _contents(found: tuple[Line, ...]) -> frozenset[int]:
    """Line numbers of the table of contents, from its title to its last entry."""
    inside: set[int] = set()
    pending: list[int] | None = None
    misses = 0
    for index, line in enumerate(found):
        if line.blank:
            continue
        if CONTENTS_TITLE.fullmatch(line.text):
            pending, misses = [index], 0
        elif pending is not None:
            pending.append(index)
            if CONTENTS_LINE.fullmatch(line.text):
                inside.update(pending)
                pending, misses = [], 0
            else:
                misses += 1
                if misses > 2:
                    pending = None
    return frozenset(inside)


def _superscript_notes(found: tuple[Line, ...]) -> dict[int, int | None]:
    """Footnote lines that open with a superscript; a line's mark, or None for the rest of one."""
    notes: dict[int, int | None] = {}
    for index, line in enumerate(found):
        match = SUPERSCRIPT_NOTE.match(line.text)
        if match:
            notes[index] = int(match[1].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")))
        elif index - 1 in notes and not line.blank and not TERMINAL.search(found[index - 1].text):
            notes[index] = None
    return notes


def _plain_notes(found: tuple[Line, ...]) -> dict[int, int | None]:
    """Footnote lines of PDF text: from a line of blanks and a next number to the last note's end.

    What follows the notes on a page is what is left of its charts, or text again.
    """
    notes: dict[int, int | None] = {}
    last = 0
    inside = False
    finished = False
    ruled = False
    for index, line in enumerate(found):
        if line.blank:
            ruled = ruled or bool(line.raw)
            continue
        match = PLAIN_NOTE.match(line.text)
        if line.starts_page:
            inside = False
        elif match and int(match[1]) > last and (inside or ruled):
            inside = True
            last = int(match[1])
            notes[index] = last
        elif inside and not finished:
            notes[index] = None
        else:
            inside = False
        finished = line.ends_paragraph
        ruled = False
    return notes


def _torn(found: tuple[Line, ...], notes: dict[int, int | None]) -> frozenset[int]:
    """First lines of pages after missing ones: there the numbers of the footnotes jump."""
    torn: set[int] = set()
    first = last = 0
    for index, line in enumerate(found):
        first = index if line.starts_page else first
        mark = notes.get(index)
        if mark is not None:
            if last and mark > last + 1:
                torn.add(first)
            last = mark
    return frozenset(torn)


def _joined(pairs: Counter[str], roles: list[_Role], wrapped: bool) -> Iterator[Block]:
    """Put the lines of each block together.

    :param pairs: How often each two neighbouring characters stand in the source.
    """
    unfinished: dict[Kind, list[_Role]] = {}
    finished: list[Block] = []
    title = ""

    def close(*kinds: Kind) -> None:
        for kind in kinds:
            parts = unfinished.pop(kind, [])
            if parts:
                finished.append(_block(parts, title if _takes_title(parts[0]) else ""))

    for index, role in enumerate(roles):
        role = _prose_role(pairs, roles, index, unfinished, wrapped)
        if role.kind in (Kind.HEADING, Kind.CAPTION, Kind.PARAGRAPH):
            close(Kind.TABLE)
        if role.kind is Kind.HEADING:
            close(Kind.PARAGRAPH, Kind.FOOTNOTE)
            title = ""
        if role.kind is Kind.CAPTION:
            close(Kind.FOOTNOTE)
            title = role.line.text
        if role.opens or role.kind in (Kind.FURNITURE, Kind.REMNANT):
            close(role.kind)
        unfinished.setdefault(role.kind, []).append(role)
        if _ends(pairs, roles, index, role, wrapped):
            close(role.kind)
    close(*list(unfinished))
    yield from sorted(finished, key=lambda block: block.spans[0].start)


def _prose_role(
    pairs: Counter[str],
    roles: list[_Role],
    index: int,
    unfinished: dict[Kind, list[_Role]],
    wrapped: bool,
) -> _Role:
    """Tell prose from headings without a number and from what is left of a chart."""
    role = roles[index]
    line = role.line
    if role.kind is Kind.HEADING and wrapped and Kind.PARAGRAPH in unfinished:
        return replace(role, kind=Kind.PARAGRAPH, opens=False)
    if role.kind is not Kind.PARAGRAPH or TERMINAL.search(line.text):
        return role
    if Kind.HEADING in unfinished:
        return replace(role, kind=Kind.HEADING)
    if _titles(pairs, roles, index, wrapped):
        return replace(role, kind=Kind.HEADING, opens=True)
    if role.opens:
        return role
    goes_on = Kind.PARAGRAPH in unfinished and bool(_WORD.search(line.text))
    if wrapped:
        prose = goes_on if line.ends_paragraph else line.columns >= _FILLED
        return role if prose else _remnant(role)
    return role if line.columns >= _LONG or _seamless(pairs, roles, index) else _remnant(role)


def _remnant(role: _Role) -> _Role:
    return replace(role, kind=Kind.REMNANT)


def _titles(pairs: Counter[str], roles: list[_Role], index: int, wrapped: bool) -> bool:
    """Whether a short line with no number stands as a title over the prose that follows."""
    line = roles[index].line
    text = BULLET.sub("", line.text)
    if not 8 <= line.columns <= 80 or not _HAN.search(text) or _STOP.search(text):
        return False
    if wrapped and not line.ends_paragraph:
        return False
    following = _following(roles, index)
    if following is None:
        return False
    if following.kind is Kind.HEADING:
        return bool(index and roles[index - 1].kind is Kind.HEADING)
    if following.kind is not Kind.PARAGRAPH or _seamless(pairs, roles, index):
        return False
    if wrapped and following.line.ends_paragraph:
        return bool(TERMINAL.search(following.line.text))
    return following.line.columns >= _LONG or bool(TERMINAL.search(following.line.text))


def _following(roles: list[_Role], index: int) -> _Role | None:
    following = (roles[i] for i in range(index + 1, len(roles)))
    return next((role for role in following if role.kind is not Kind.FOOTNOTE), None)


def _seamless(pairs: Counter[str], roles: list[_Role], index: int) -> bool:
    """Whether a line runs on into the next: the two characters at the seam are often one word.

    Measured in the report's own text; Chinese marks no word ends, and a page
    break cuts anywhere.
    """
    following = _following(roles, index)
    if following is None or following.kind in (Kind.SOURCE_LINE, Kind.CAPTION):
        return False
    seam = roles[index].line.text[-1] + following.line.text[0]
    return bool(_HAN.fullmatch(seam[0])) and pairs[seam] >= _FREQUENT


def _ends(pairs: Counter[str], roles: list[_Role], index: int, role: _Role, wrapped: bool) -> bool:
    """Whether a block is over with this line."""
    if role.kind in (Kind.TABLE, Kind.CONTENTS, Kind.FOOTNOTE):
        return False
    if role.kind in (Kind.CAPTION, Kind.REMNANT):
        return True
    if wrapped:
        return role.line.ends_paragraph
    if role.kind is Kind.HEADING:
        following = _following(roles, index)
        short = following is not None and following.line.columns < _LONG
        return not (short and _seamless(pairs, roles, index))
    return bool(TERMINAL.search(role.line.text)) or role.kind is not Kind.PARAGRAPH


def _takes_title(role: _Role) -> bool:
    return role.kind is Kind.TABLE or (role.kind is Kind.FOOTNOTE and role.mark is None)


def _block(parts: list[_Role], title: str) -> Block:
    first = parts[0]
    if first.kind is Kind.FOOTNOTE and first.mark is not None:
        mark = SUPERSCRIPT_NOTE.match(first.line.text) or PLAIN_NOTE.match(first.line.text)
        skipped = mark.end() if mark else 0
    else:
        bullet = BULLET.match(first.line.text) if first.kind is Kind.PARAGRAPH else None
        skipped = bullet.end() if bullet else 0
    spans = [Span(part.line.start, part.line.end) for part in parts]
    if skipped < spans[0].end - spans[0].start:
        spans[0] = Span(spans[0].start + skipped, spans[0].end)
    if first.kind is Kind.TABLE:
        spans = [_whole_row(part.line) for part in parts]
    return Block(first.kind, tuple(spans), title=title, mark=first.mark)


def _whole_row(line: Line) -> Span:
    """A row from its first cell on, also where that cell is empty."""
    return Span(line.start - (1 if line.raw.startswith("\t") else 0), line.end)


def _lists(source: str, read: Iterator[Block]) -> Iterator[Block]:
    """Make a list of each longer run of short lines of words, and of a table with no caption."""
    for kind, run in groupby(read, key=lambda block: block.kind):
        items = list(run)
        spans = tuple(span for item in items for span in item.spans)
        if kind is Kind.REMNANT and len(items) >= _LIST_LENGTH and _words(source, spans):
            yield Block(Kind.LIST, spans)
        elif kind is Kind.TABLE:
            yield from (item if item.title else replace(item, kind=Kind.LIST) for item in items)
        else:
            yield from items


def _words(source: str, spans: tuple[Span, ...]) -> bool:
    """Whether lines are mostly words, not the values and years of a chart's axes."""
    return sum(any(map(str.isdigit, source[s.start : s.end])) for s in spans) * 2 < len(spans)


def _with_sections(source: str, read: Iterator[Block]) -> tuple[Block, ...]:
    """Give each block the headings above it; a heading's own path includes itself."""
    path: list[tuple[int, str]] = []
    found = []
    for block in read:
        if block.kind is Kind.HEADING:
            printed = "".join(source[span.start : span.end] for span in block.spans)
            text = " ".join(printed.replace("**", "").split()).lstrip("—")
            level = _level(source, block, text)
            while path and path[-1][0] >= level:
                path.pop()
            path.append((level, text))
        found.append(replace(block, section=tuple(name for _, name in path)))
    return tuple(found)


def _level(source: str, block: Block, text: str) -> int:
    """A heading's depth: by its number; without one, a page's first line is a chapter."""
    start = block.spans[0].start
    numbered = Line(start, block.spans[-1].end, text, text).heading_level
    opens_page = source[start - 2 : start] in ("\n ", "\n\f")
    return numbered or (1 if opens_page else _UNNUMBERED)
