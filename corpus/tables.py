"""Tables: a table passage to rows and columns, each cell with its place.

Three forms occur: cells between tabs; a row a line with blanks between cells;
and PDF text that gives all row labels, then each column's values. The last is
put together again from the numbers of lines alone, and what does not fit its
header or its own printed totals is refused, not guessed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from corpus.records import Kind, Passage, Sentence, Span


class TableError(Exception):
    """A table cannot be put together; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text and where it stands in the passage: ``passage.text[start:end]``."""

    text: str
    start: int
    end: int

    @property
    def number(self) -> Decimal | None:
        """Its value, if it is a number: thousands separators and % are left out."""
        bare = self.text.replace(",", "").rstrip("%")
        return Decimal(bare) if re.fullmatch(r"-?\d+(?:\.\d+)?", bare) else None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's headers, the spanning one first, and the unit they name."""

    headers: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its headers as one text."""
        return " ".join(self.headers)

    @property
    def unit(self) -> str:
        """The unit in brackets in its headers, or ``""``."""
        return _unit(self.name)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its labels, the carried-down one first, and a cell for each column."""

    labels: tuple[Cell, ...]
    cells: tuple[Cell, ...]

    @property
    def label(self) -> str:
        """Its labels as one text."""
        return " ".join(cell.text for cell in self.labels)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: ``rows[i].cells[j]`` stands under ``columns[j]``.

    ``by_columns`` says that the source gives it column by column.
    """

    passage: Passage
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    by_columns: bool = False

    @property
    def title(self) -> str:
        """Its caption."""
        return self.passage.title

    def span(self, cell: Cell) -> Span:
        """Where a cell stands in the report's source."""
        return self.passage.clean.span(cell.start, cell.end)

    def row(self, label: str) -> Row:
        """Give the row of that label.

        :raises KeyError: If there is none or more than one.
        """
        found = [row for row in self.rows if label in (row.label, row.labels[-1].text)]
        if len(found) != 1:
            raise KeyError(f"{len(found)} rows {label!r} in {self.title}")
        return found[0]


@dataclass(frozen=True, slots=True)
class TableRow(Sentence):
    """A row as something to quote.

    ``start`` and ``end`` are its line's; where the source gives the table column
    by column, those of the page's part of the table, as its cells lie apart.
    """

    row: Row
    table: Table = field(compare=False, repr=False)

    @property
    def text(self) -> str:
        """Labels and cells, between tabs."""
        return "\t".join(cell.text for cell in (*self.row.labels, *self.row.cells))


def table_rows(table: Table) -> tuple[TableRow, ...]:
    """Give a table's rows as things to quote."""
    if not table.by_columns:
        return tuple(
            TableRow(table.passage, row.labels[-1].start, _last(row).end, row, table)
            for row in table.rows
        )
    lines = _lines(table.passage.text)
    starts = [line.start for line in lines if line.text == lines[0].text]
    ends = [*(start - 1 for start in starts[1:]), lines[-1].end]
    found = []
    for row in table.rows:
        part = max(i for i, start in enumerate(starts) if start <= row.labels[0].start)
        found.append(TableRow(table.passage, starts[part], ends[part], row, table))
    return tuple(found)


def _last(row: Row) -> Cell:
    return max((*row.labels, *row.cells), key=lambda cell: cell.end)


_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?%?|--?|\d+[ABC](?:\+\d+[ABC])*")
_TOKEN = re.compile(r"(?:[比较] ?)?\d{4} ?年 ?\d{1,2} ?月\S*|\S+")
_IN_BRACKETS = re.compile(r"[（(]([^（）()]{1,12})[)）]")
_UNIT = re.compile(r"%|[KMGT]?B|块/32|[万亿]{0,2}(?:[个人户元款家件次项]|美元)?")
_BRACKETED = re.compile(r"[（(].*[)）]")
_RATIO = re.compile("、.*比例")
_MEAN = re.compile("平均")
_CHANGE = re.compile(r"[比较] ?\d{4} ?年")
_UNITS = "单位"
_TOTALS = ("合计", "全国", "总计")


def read_table(passage: Passage) -> Table:
    """Put a table passage together.

    :raises TableError: If its lines fit no arrangement, or its totals deny the only one that fits.
    """
    if passage.kind is not Kind.TABLE:
        raise TableError(f"not a table: {passage.kind} in {passage.report}")
    lines = _lines(passage.text)
    if any("\t" in line.text for line in lines):
        table = _tabbed(passage, lines)
    elif sum(map(_is_row, lines)) * 2 > len(lines):
        table = _spaced(passage, lines)
    else:
        table = _by_columns(passage, lines)
    failed = [check for check in checks(table) if not check.passed]
    if failed and table.by_columns:
        raise TableError(f"{passage.title} in {passage.report}: {failed[0].name} does not hold")
    return table


def unit_of(row: Row, index: int, table: Table) -> str:
    """Give a cell's unit: its own, its column's, its row's or the caption's, else ``""``."""
    if row.cells[index].text.endswith("%"):
        return "%"
    named = [i for i, column in enumerate(table.columns) if column.name == _UNITS]
    own = row.cells[named[0]].text if named else ""
    column = table.columns[index].unit
    if _RATIO.search(table.columns[index].name):
        return column
    if "率" in table.columns[index].name or "比例" in table.columns[index].name:
        return column or "%"
    return column or own or _unit(row.label) or _unit(table.title)


def _unit(name: str) -> str:
    """The unit that a name gives in brackets: （万人）, （以块/32为单位）."""
    found = _IN_BRACKETS.findall(name)
    unit = re.sub(r"^以|为单位$", "", found[-1]).strip() if found else ""
    return unit if _UNIT.fullmatch(unit) or unit in ("Mbps", "万人", "万户") else ""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that a table prints of itself, and whether it holds."""

    name: str
    passed: bool


def checks(table: Table) -> tuple[Check, ...]:
    """Check a table by what it prints: totals, shares that add to 100, growth from its columns."""
    return tuple([*_totals(table), *_growth(table)])


def _totals(table: Table) -> Iterator[Check]:
    """Rows named 合计 or 全国 against the sum of the others; means and ratios have no total."""
    total = next((row for row in table.rows if row.labels[0].text in _TOTALS), None)
    if total is None:
        return
    parts = [row for row in table.rows if row is not total]
    for index, column in enumerate(table.columns):
        values = [row.cells[index].number for row in parts]
        printed = total.cells[index].number
        known = [value for value in values if value is not None]
        whole = known and len(known) == len(parts)
        if printed is None or not whole or _MEAN.search(column.name) or _RATIO.search(column.name):
            continue
        share = total.cells[index].text.endswith("%")
        decimals = max(-int(value.as_tuple().exponent) for value in known)
        slack = Decimal(len(known)) / 2 / 10**decimals if share else Decimal(0)
        yield Check(f"total of {column.name}", abs(sum(known) - printed) <= slack)


def _growth(table: Table) -> Iterator[Check]:
    """A growth column against the two columns of sizes before it, where there are just two."""
    growth = [i for i, column in enumerate(table.columns) if "增长率" in column.name]
    sizes = [
        i
        for i, column in enumerate(table.columns)
        if i not in growth
        and column.name != _UNITS
        and "率" not in column.name
        and "%" not in column.unit
    ]
    if len(growth) != 1 or len(sizes) != 2:
        return
    for row in table.rows:
        before, after, printed = (row.cells[i].number for i in (*sizes, growth[0]))
        if before and after is not None and printed is not None and before > 1000:
            computed = (after / before - 1) * 100
            yield Check(f"growth of {row.label}", abs(computed - printed) <= Decimal("0.06"))


def _lines(text: str) -> list[Cell]:
    return [Cell(match[0], *match.span()) for match in re.finditer(r"[^\n]+", text)]


def _tokens(line: Cell) -> list[Cell]:
    return [
        Cell(match[0], line.start + match.start(), line.start + match.end())
        for match in _TOKEN.finditer(line.text)
    ]


def _is_row(line: Cell) -> bool:
    tokens = _tokens(line)
    return len(tokens) > 1 and bool(_NUMBER.fullmatch(tokens[-1].text)) and not _is_header(tokens)


def _is_header(tokens: Sequence[Cell]) -> bool:
    form = r"(?!--?$)\D*|(?:[比较] ?)?\d{4}[.年].*"
    return all(re.fullmatch(form, token.text) for token in tokens[1:])


def _tabbed(passage: Passage, lines: list[Cell]) -> Table:
    """Cells between tabs; a header spans empty cells to its right, a label those below it.

    A label below it stands one cell further right: in a column of its own or in that of the units.
    """
    grid = [_tab_cells(line) for line in lines]
    width = max(map(len, grid))
    grid = [[*cells, *[_empty(cells[-1])] * (width - len(cells))] for cells in grid]
    first = next(
        (
            i
            for i, cells in enumerate(grid)
            if any(_NUMBER.fullmatch(cell.text) for cell in cells[1:])
            and not all(re.fullmatch(r"(?:\d{4}[.年].*)?|\D*", cell.text) for cell in cells[1:])
        ),
        1,
    )
    header = grid[:first]
    printed = {_packed(cells) for cells in header}
    body = [cells for cells in grid[first:] if _packed(cells) not in printed]
    if not header or not body:
        raise TableError(f"{passage.title} in {passage.report}: no rows under a header")
    units = _headers(header, 1) == (_UNITS,)
    labels = 2 if not units and any(cells[0].text == "" for cells in body) else 1
    rows = []
    carried = body[0][0]
    for cells in body:
        carried = cells[0] if cells[0].text else carried
        names = (carried, *cells[1:labels])
        values = cells[labels:]
        if units and cells[0].text == "":
            names, values = (carried, cells[1]), [_empty(cells[1]), *cells[2:]]
        rows.append(Row(tuple(cell for cell in names if cell.text), tuple(values)))
    below = [label.text for row in rows for label in row.labels[1:]]
    if not all(row.labels for row in rows) or any(map(_NUMBER.fullmatch, below)):
        raise TableError(f"{passage.title} in {passage.report}: a row has no label")
    columns = []
    for index in range(labels, width):
        columns.append(Column(_headers(header, index)))
    return Table(passage, tuple(columns), tuple(rows))


def _headers(header: Sequence[Sequence[Cell]], index: int) -> tuple[str, ...]:
    """A column's headers, top down; in all but the last line the one to the left may span it."""
    found = []
    for level, cells in enumerate(header):
        reach = 0 if level < len(header) - 1 else index - 1
        found.append(next((cells[i].text for i in range(index, reach, -1) if cells[i].text), ""))
    return tuple(text for text in found if text)


def _empty(before: Cell) -> Cell:
    return Cell("", before.end, before.end)


def _packed(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(cell.text.replace(" ", "") for cell in cells)


def _tab_cells(line: Cell) -> list[Cell]:
    cells = []
    start = line.start
    for text in line.text.split("\t"):
        inner = start + len(text) - len(text.lstrip())
        cells.append(Cell(text.strip(), inner, inner + len(text.strip())))
        start += len(text) + 1
    return cells


def _spaced(passage: Passage, lines: list[Cell]) -> Table:
    """A row a line: the label, then numbers."""
    first = next(i for i, line in enumerate(lines) if _is_row(line))
    header = [line.text for line in lines[:first]]
    body = [line for line in lines[first:] if line.text not in header]
    split = [_label_and_values(line) for line in body]
    width = Counter(len(values) for _, values in split).most_common(1)[0][0]
    wrong = [label.text for label, values in split if len(values) != width]
    if wrong:
        raise TableError(f"{passage.title} in {passage.report}: row {wrong[0]!r} has other columns")
    rows = tuple(Row((label,), tuple(values)) for label, values in split)
    words = [token for line in lines[:first] for token in _tokens(line)]
    columns = _columns(words, width, levels=first > 1)
    if columns is None:
        raise TableError(f"{passage.title} in {passage.report}: no header for {width} columns")
    return Table(passage, columns, rows)


def _label_and_values(line: Cell) -> tuple[Cell, list[Cell]]:
    tokens = _tokens(line)
    count = 0
    while count < len(tokens) - 1 and _NUMBER.fullmatch(tokens[-1 - count].text):
        count += 1
    end = tokens[-1 - count].end
    return Cell(line.text[: end - line.start], line.start, end), tokens[len(tokens) - count :]


def _columns(tokens: Sequence[Cell], width: int, *, levels: bool) -> tuple[Column, ...] | None:
    """Share a header's words among columns, the label's own header first or left out."""
    words = [token.text for token in tokens]
    for skipped in (1, 0):
        rest = words[skipped:]
        groups = _grouped(rest, width, levels=levels)
        if groups is not None:
            return tuple(Column(tuple(group)) for group in groups)
    return None


def _grouped(words: list[str], width: int, *, levels: bool) -> list[list[str]] | None:
    """Cut header words into one group a column: one each, level by level, or up to a unit each."""
    joined: list[list[str]] = []
    for word in words:
        if joined and _BRACKETED.fullmatch(word) and not _BRACKETED.fullmatch(joined[-1][-1]):
            joined[-1].append(word)
        else:
            joined.append([word])
    if len(joined) == width:
        return joined
    if levels and joined and len(joined) % width == 0:
        stacked = [joined[i : i + width] for i in range(0, len(joined), width)]
        return [[word for level in stacked for word in level[column]] for column in range(width)]
    closed: list[list[str]] = [[]]
    for word in words:
        closed[-1].append(word)
        if _BRACKETED.fullmatch(word):
            closed.append([])
    return closed[:-1] if len(closed) == width + 1 and not closed[-1] else None


def _by_columns(passage: Passage, lines: list[Cell]) -> Table:
    """All labels, then each column's values; over a page break the header comes again."""
    starts = [i for i, line in enumerate(lines) if line.text == lines[0].text]
    columns: tuple[Column, ...] | None = None
    rows: list[Row] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        segment = _segment(lines[start:end])
        if segment is None or (columns is not None and segment[0] != columns):
            raise TableError(f"{passage.title} in {passage.report}: its columns do not line up")
        columns = segment[0]
        rows += segment[1]
    return Table(passage, columns or (), tuple(_named_apart(rows)), by_columns=True)


def _named_apart(rows: Sequence[Row]) -> Iterator[Row]:
    """Give a row whose label recurs the labels of the row above that it divides."""
    printed = Counter(row.label for row in rows)
    above: tuple[Cell, ...] = ()
    for row in rows:
        if printed[row.label] == 1:
            above = row.labels
            yield row
        else:
            yield Row((*above, *row.labels), row.cells)


def _segment(lines: list[Cell]) -> tuple[tuple[Column, ...], list[Row]] | None:
    """Line up one page's part: the shortest header that names every column, one word each first."""
    values = 0
    while values < len(lines) and _NUMBER.fullmatch(lines[-1 - values].text):
        values += 1
    found = []
    for count in range(2, values + 1):
        if values % count:
            continue
        for texts in (1, 2):
            header = len(lines) - values - texts * count
            if header < 1:
                continue
            arranged = _arranged(lines, header, count, texts)
            if arranged is not None:
                longest = max(len(column.headers) for column in arranged[0])
                found.append((header, longest, arranged))
    found.sort(key=lambda one: one[:2])
    if not found or (len(found) > 1 and found[0][:2] == found[1][:2]):
        return None
    return found[0][2]


def _arranged(
    lines: list[Cell], header: int, count: int, texts: int
) -> tuple[tuple[Column, ...], list[Row]] | None:
    """Arrange lines as a header, ``texts`` columns of words, and numbers, if that fits.

    A header of several lines ends with a unit; else a label could be taken for its last word.
    """
    blocks = [lines[i : i + count] for i in range(header, len(lines), count)]
    words, numbers = blocks[:texts], blocks[texts:]
    if any(_BRACKETED.fullmatch(cell.text) for cell in words[0]):
        return None
    if header > 1 and not _BRACKETED.fullmatch(lines[header - 1].text):
        return None
    if texts == 2 and not all(_UNIT.fullmatch(cell.text) for cell in words[1]):
        return None
    tokens = [token for line in lines[:header] for token in _tokens(line)]
    headers = [token.text for token in tokens[1:]]
    groups = _grouped(headers, texts - 1 + len(numbers), levels=False)
    if groups is None:
        return None
    columns = tuple(Column(tuple(group)) for group in groups)
    if any(_CHANGE.match(column.name) and not column.unit for column in columns):
        return None
    rows = [
        Row((words[0][i],), tuple(block[i] for block in (*words[1:], *numbers)))
        for i in range(count)
    ]
    return columns, rows
