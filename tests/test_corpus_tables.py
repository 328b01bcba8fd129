"""Every table of the reports against cells typed by hand from the sources; damaged ones refused."""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from corpus import (
    Cell,
    Clean,
    Kind,
    Passage,
    Report,
    Span,
    Table,
    TableError,
    TableRow,
    load_reports,
    passages,
    quotable,
    read_table,
    unit_of,
)
from corpus.tables import checks, table_rows

NEW = "cnnic-55"
COUNTS = {"cnnic-47": 17, NEW: 16, "digital-china-2020": 2, "digital-china-2021": 1, "news-2021": 0}


@dataclass(frozen=True)
class Expected:
    """A table as a reader finds it in the source; ``tests/data/tables.toml`` says what is what."""

    report: str
    title: str
    columns: list[str]
    rows: int
    checks: int
    notes: list[str]
    cells: list[tuple[int, str, int, str]]
    units: list[tuple[str, int, str]]
    parts: list[tuple[int, int, int]]


def typed() -> list[Expected]:
    path = Path(__file__).parent / "data/tables.toml"
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Expected(report=report, **{"parts": [], **fields})
        for report, tables in read.items()
        for fields in tables
    ]


EXPECTED = typed()
BY_COLUMNS = [one for one in EXPECTED if one.parts]


def name(one: Expected) -> str:
    return f"{one.report}:{one.title}"


each_table = pytest.mark.parametrize("expected", EXPECTED, ids=name)
each_by_columns = pytest.mark.parametrize("expected", BY_COLUMNS, ids=name)


@cache
def library() -> dict[str, Report]:
    return {report.id: report for report in load_reports()}


@cache
def read(report_id: str) -> tuple[Passage, ...]:
    return passages(library()[report_id])


@cache
def tables(report_id: str) -> dict[str, Table]:
    found = [passage for passage in read(report_id) if passage.kind is Kind.TABLE]
    return {passage.title: read_table(passage) for passage in found}


def table(expected: Expected) -> Table:
    return tables(expected.report)[expected.title]


def big(title: str) -> Table:
    """Give a table of the newest report by the beginning of its caption."""
    (found,) = [one for known, one in tables(NEW).items() if known.startswith(title)]
    return found


def bare(text: str) -> str:
    """A text without blanks and footnote marks."""
    return re.sub(r"\s|[⁰¹²³⁴⁵⁶⁷⁸⁹]|\^\{注\s*\d\}", "", re.sub(r"(?<=[\d\s])注 \d", "", text))


def printed(expected: Expected, span: Span) -> str:
    return library()[expected.report].source[span.start : span.end]


def line_of(expected: Expected, place: int) -> int:
    return library()[expected.report].source.count("\n", 0, place) + 1


def texts(cells: Sequence[Cell]) -> list[str]:
    return [cell.text for cell in cells]


@pytest.mark.parametrize("report_id", COUNTS)
def test_every_table_of_every_report_is_read(report_id: str) -> None:
    passages_read = [passage for passage in read(report_id) if passage.kind is Kind.TABLE]
    assert len(passages_read) == COUNTS[report_id]
    assert list(tables(report_id)) == [one.title for one in EXPECTED if one.report == report_id]
    assert sum(COUNTS.values()) == len(EXPECTED) == 36


@each_table
def test_rows_and_columns(expected: Expected) -> None:
    read_one = table(expected)
    assert [column.name for column in read_one.columns] == expected.columns
    assert len(read_one.rows) == expected.rows
    assert {len(row.cells) for row in read_one.rows} == {len(expected.columns)}
    assert read_one.by_columns is bool(expected.parts)


@each_table
def test_cells_typed_by_hand(expected: Expected) -> None:
    read_one = table(expected)
    possible = expected.rows * len(expected.columns)
    assert len({tuple(cell) for cell in expected.cells}) >= min(5, possible)
    for line, label, column, text in expected.cells:
        found = [
            row.cells[column - 1]
            for row in read_one.rows
            if row.label == label
            and line_of(expected, read_one.span(row.cells[column - 1]).start) == line
        ]
        assert texts(found) == [text], (line, label, column)
        assert bare(printed(expected, read_one.span(found[0]))) == bare(text)
    first, last = expected.cells[0], expected.cells[-1]
    assert read_one.rows[0].label == first[1]
    assert read_one.rows[-1].label == last[1]
    assert (last[2], last[3]) == (len(expected.columns), read_one.rows[-1].cells[-1].text)


@each_table
def test_every_label_and_cell_maps_back_to_the_source(expected: Expected) -> None:
    read_one = table(expected)
    for row in read_one.rows:
        for cell in (*row.labels, *row.cells):
            assert read_one.passage.text[cell.start : cell.end] == cell.text
            if cell.text:  # no unit is printed beside 占网页总数比例
                assert bare(printed(expected, read_one.span(cell))) == bare(cell.text)


@each_table
def test_each_printed_character_is_in_one_cell_or_the_header(expected: Expected) -> None:
    read_one = table(expected)
    cells = {cell for row in read_one.rows for cell in (*row.labels, *row.cells)}
    places = [place for cell in cells for place in range(cell.start, cell.end)]
    assert len(places) == len(set(places))
    text = read_one.passage.text
    start = min(places)
    header = {bare(line) for line in text[:start].split("\n")}
    for match in re.finditer(r"[^\n]+", text[start:]):
        here = range(start + match.start(), start + match.end())
        left = "".join(text[place] for place in here if place not in set(places))
        assert not left.strip() or bare(match[0]) in header, match[0]


@each_table
def test_units(expected: Expected) -> None:
    read_one = table(expected)
    for label, column, unit in expected.units:
        rows = [row for row in read_one.rows if row.label == label]
        assert {unit_of(row, column - 1, read_one) for row in rows} == {unit}, (label, column)


@each_table
def test_what_a_table_prints_of_itself_holds(expected: Expected) -> None:
    found = checks(table(expected))
    assert [check.name for check in found if not check.passed] == []
    assert len(found) == expected.checks


@each_table
def test_notes_stand_under_their_tables_caption(expected: Expected) -> None:
    titled = [passage for passage in read(expected.report) if passage.title == expected.title]
    found = [passage for passage in titled if passage.kind is not Kind.TABLE]
    assert len(found) == len(expected.notes) == len(titled) - 1
    assert {passage.kind for passage in found} <= {Kind.FOOTNOTE}
    for passage, note in zip(found, expected.notes, strict=True):
        first, last = note.split("…")
        assert passage.text.startswith(first)
        assert passage.text.endswith(last)
        assert passage.start > table(expected).passage.end
    assert not any(re.search("来源[:：]", passage.text) for passage in titled)


def test_no_note_stands_under_no_table() -> None:
    for report_id in COUNTS:
        notes = [p for p in read(report_id) if re.match(r"注\s?\d?[:：]", p.text)]
        captions = [one.title for one in EXPECTED for _ in one.notes if one.report == report_id]
        assert [note.title for note in notes if "表" in note.title[:2]] == captions


@each_table
def test_rows_to_quote(expected: Expected) -> None:
    read_one = table(expected)
    found = table_rows(read_one)
    assert quotable(read_one.passage) == found
    assert tuple(one.row for one in found) == read_one.rows
    for one in found:
        assert one.table is read_one
        assert one.text.split("\t") == texts((*one.row.labels, *one.row.cells))
        quoted = printed(expected, one.span)
        if not expected.parts:
            assert "\n" not in quoted
            # A plain-digit footnote mark stands behind the label: 其他15 680,956.
            form = re.escape(bare(one.row.labels[-1].text)) + r"(?:\d\d)?"
            form += re.escape(bare("".join(texts(one.row.cells))))
            assert re.fullmatch(form, bare(quoted))
    assert len({one.span for one in found}) == len(expected.parts or found)


@pytest.mark.parametrize(
    ("report_id", "title", "line", "text"),
    [
        ("cnnic-47", "表5 网页数量", 351,
         "网页总数\t个\t297,829,914,511\t315,501,097,812\t5.9%"),
        # The label of the row above is carried down; no unit is printed.
        ("cnnic-47", "表5 网页数量", 353, "静态网页\t占网页总数比例\t\t69.3%\t68.3%\t--"),
        ("cnnic-47", "附表 2 大陆地区按分配单位 IPv4 地址数", 2061,
         "中国联合网络通信有限公司\t69,866,752\t4A+42B+21C"),
        ("cnnic-47", "附表6 分省“.CN”域名数、分省“.中国”域名数", 2188,
         "海南\t417,704\t1.0%\t287,014\t1.5%\t606\t0.0%"),
        (NEW, "表 3 分类“.CN”域名数", 535, ".ADM.CN\t2,406,924"),
        (NEW, "附表 2 按分配单位 IPv4 地址数", 2574,
         "CNNIC IP 地址分配联盟\t62,957,312\t3A+192B+133C"),
        ("digital-china-2021", "表1 数字中国发展评价指标体系", 552,
         "数字政府\t共享开放\t政务数据共享与数据开放水平"),
        # Column by column: the line is that of the page's header.
        (NEW, "表 4 2023.12-2024.12 网页数量对比", 610,
         "网页长度（总字节数）\tKB\t34,822,667,008,589\t7.7"),
        (NEW, "表 5 2023.12-2024.12 各类互联网应用用户规模和网民使用率", 1046,
         "搜索引擎\t82,670\t75.7\t87,782\t79.2\t6.2"),
        (NEW, "表 5 2023.12-2024.12 各类互联网应用用户规模和网民使用率", 1187,
         "网约车\t52,765\t48.3\t53,945\t48.7\t2.2"),
        (NEW, "表 6 2023.12-2024.12 分省政府网站数量", 2184, "广东\t521\t510"),
    ],
)  # fmt: skip
def test_a_row_reads(report_id: str, title: str, line: int, text: str) -> None:
    (expected,) = [one for one in EXPECTED if (one.report, one.title) == (report_id, title)]
    (row,) = [row for row in table_rows(table(expected)) if row.text == text]
    assert line_of(expected, row.span.start) == line


@each_by_columns
def test_a_row_of_columns_quotes_its_pages_part(expected: Expected) -> None:
    read_one = table(expected)
    rows = table_rows(read_one)
    assert sum(count for *_, count in expected.parts) == expected.rows
    for first, last, count in expected.parts:
        part, rows = rows[:count], rows[count:]
        for one in part:
            assert line_of(expected, one.span.start) == first
            assert line_of(expected, one.span.end) == last
            for cell in (*one.row.labels, *one.row.cells):
                place = read_one.span(cell)
                assert one.span.start <= place.start < place.end <= one.span.end


def test_a_row_by_its_label() -> None:
    pages = tables("cnnic-47")["表5 网页数量"]
    assert texts(pages.row("网页总数").cells)[1] == "297,829,914,511"
    assert texts(pages.row("静态网页 占网页总数比例").cells)[1:] == ["69.3%", "68.3%", "--"]
    for label in ("占网页总数比例", "网页"):
        with pytest.raises(KeyError, match=label):
            pages.row(label)
    indicators = tables("digital-china-2021")["表1 数字中国发展评价指标体系"]
    assert indicators.row("城市管理") is indicators.row("数字社会 城市管理")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("393,256", Decimal(393256)),
        ("-1.3", Decimal("-1.3")),
        ("45.2%", Decimal("45.2")),
        ("--", None),
        ("-", None),
        ("", None),
        ("5B+33C", None),
    ],
)
def test_a_cells_number(text: str, number: Decimal | None) -> None:
    assert Cell(text, 0, len(text)).number == number


def made_up(lines: Sequence[str], title: str = "表 9 分省网站数量", report: str = NEW) -> Passage:
    text = "\n".join(lines)
    spans = (Span(0, len(text)),)
    return Passage(report, Kind.TABLE, (), title, spans, Clean(text, tuple(range(len(text)))))


def refused(lines: Sequence[str], like: Table) -> None:
    """A table of these lines is refused with one line that names it."""
    passage = made_up(lines, like.title, like.passage.report)
    with pytest.raises(TableError) as error:
        read_table(passage)
    message = str(error.value)
    assert like.title in message
    assert like.passage.report in message
    assert "\n" not in message
    assert quotable(passage) == ()


@each_by_columns
def test_a_table_of_columns_with_any_line_missing_is_refused(expected: Expected) -> None:
    """A line of the header, a label, a unit or a value."""
    lines = table(expected).passage.text.split("\n")
    for index in range(len(lines)):
        refused([*lines[:index], *lines[index + 1 :]], table(expected))


@each_by_columns
def test_a_table_of_columns_with_any_line_doubled_is_refused(expected: Expected) -> None:
    lines = table(expected).passage.text.split("\n")
    for index in range(len(lines)):
        refused([*lines[: index + 1], *lines[index:]], table(expected))


@each_by_columns
def test_a_table_of_columns_with_its_end_cut_off_is_refused(expected: Expected) -> None:
    """Unless it is cut where a page's part ends."""
    lines = table(expected).passage.text.split("\n")
    starts = [index for index, line in enumerate(lines) if line == lines[0]]
    for end in range(1, len(lines)):
        if end not in starts:
            refused(lines[:end], table(expected))


def swapped(one: Table, first: Cell, second: Cell) -> list[str]:
    lines = one.passage.text.split("\n")
    places = [one.passage.text.count("\n", 0, cell.start) for cell in (first, second)]
    assert [lines[place] for place in places] == [first.text, second.text]
    lines[places[0]], lines[places[1]] = second.text, first.text
    return lines


def test_values_of_two_columns_swapped_deny_the_total() -> None:
    websites = big("表 6 ")
    for before in websites.rows:
        for after in websites.rows[::4]:
            if before.cells[0].text != after.cells[1].text:
                refused(swapped(websites, before.cells[0], after.cells[1]), websites)


def test_a_value_swapped_with_its_total_denies_it() -> None:
    websites = big("表 6 ")
    for row in websites.rows[:-1]:
        for cell, total in zip(row.cells, websites.rows[-1].cells, strict=True):
            refused(swapped(websites, cell, total), websites)


def test_sizes_swapped_deny_the_growth() -> None:
    uses = big("表 5 ")
    for index, row in enumerate(uses.rows):
        refused(swapped(uses, row.cells[0], row.cells[2]), uses)
        for other in uses.rows[:index]:
            for column in (0, 2):
                refused(swapped(uses, row.cells[column], other.cells[column]), uses)


def test_a_growth_with_the_wrong_sign_is_refused() -> None:
    uses = big("表 5 ")
    lines = uses.passage.text.split("\n")
    assert lines.count("-1.3") == 1
    refused(["1.3" if line == "-1.3" else line for line in lines], uses)


PLACES = ("北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江")
grids = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 999), min_size=width, max_size=width),
        min_size=2,
        max_size=len(PLACES),
    )
)


def by_columns(grid: Sequence[Sequence[int]]) -> list[str]:
    """A table of places with a total, column by column as PDF text gives it."""
    width = len(grid[0])
    header = ["省份", *(f"202{year}.12" for year in range(width))]
    whole = [*grid, [sum(row[column] for row in grid) for column in range(width)]]
    values = [str(row[column]) for column in range(width) for row in whole]
    return [" ".join(header), *PLACES[: len(grid)], "合计", *values]


@given(grids)
def test_a_made_up_table_of_columns_reads_back(grid: list[list[int]]) -> None:
    read_one = read_table(made_up(by_columns(grid)))
    assert read_one.by_columns
    assert [row.label for row in read_one.rows] == [*PLACES[: len(grid)], "合计"]
    assert [[cell.number for cell in row.cells] for row in read_one.rows[:-1]] == grid
    assert len(checks(read_one)) == len(grid[0])
    assert all(check.passed for check in checks(read_one))


@given(grids, st.booleans(), st.data())
def test_a_made_up_table_with_a_line_missing_or_doubled_is_refused(
    grid: list[list[int]], total: bool, data: st.DataObject
) -> None:
    """Also where it prints no total: no label is taken for a column's name."""
    lines = by_columns(grid)
    if not total:
        lines = [re.sub("合计", "上海", line) for line in lines]
    index = data.draw(st.integers(0, len(lines) - 1))
    with pytest.raises(TableError, match="表 9 分省网站数量"):
        read_table(made_up([*lines[:index], *lines[index + 1 :]]))
    with pytest.raises(TableError, match="表 9 分省网站数量"):
        read_table(made_up([*lines[: index + 1], *lines[index:]]))


@given(grids, st.data())
def test_a_made_up_table_with_one_wrong_value_is_refused(
    grid: list[list[int]], data: st.DataObject
) -> None:
    lines = by_columns(grid)
    values = (len(grid) + 1) * len(grid[0])
    wrong = len(lines) - 1 - data.draw(st.integers(0, values - 1))
    other = str(data.draw(st.integers(0, 9999)))
    assume(other != lines[wrong])
    with pytest.raises(TableError, match="does not hold"):
        read_table(made_up([*lines[:wrong], other, *lines[wrong + 1 :]]))


FORMS = st.sampled_from(
    [
        "省份",
        "合计",
        "北京",
        "2023.12",
        "（%）",
        "个",
        "KB",
        "单位",
        "增长率",
        "--",
        "-",
        "12",
        "3.5%",
    ]
)
SEPARATORS = st.sampled_from([" ", "\t", "\n", "\t\t", "\n\t"])


@given(st.lists(st.tuples(FORMS, SEPARATORS), min_size=1, max_size=30))
@example([("省份", "\t"), ("2023.12", "\n")])
@example([("省份", " "), ("2023.12", "\n"), ("合计", " "), ("12", "\n")])
@example([("12", "\t"), ("3.5%", "\n")])
def test_any_lines_are_a_table_or_refused(pieces: list[tuple[str, str]]) -> None:
    """Whatever stands under a caption: nothing but a TableError comes out."""
    text = "".join(text + separator for text, separator in pieces)
    try:
        read_one = read_table(made_up(text.split("\n")))
    except TableError:
        return
    assert read_one.rows
    assert {len(row.cells) for row in read_one.rows} == {len(read_one.columns)}
    for row in read_one.rows:
        for index, cell in enumerate(row.cells):
            assert read_one.passage.text[cell.start : cell.end] == cell.text
            unit_of(row, index, read_one)
    assert [one.row for one in table_rows(read_one)] == list(read_one.rows)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["\t2023.12\t2024.12"], "no rows under a header"),
        (["北京\t12\t13", "天津\t14\t15"], "no rows under a header"),
        (["\t2023.12", "北京\t12", "\t13"], "a row has no label"),
        (["省份\t2023.12\t2024.12", "北京\t1\t2", "\t3\t4"], "a row has no label"),
        (["类\t单位\t2023.12", "网页\t个\t1", "\t5\t2"], "a row has no label"),
        (["省份 2023.12 2024.12", "北京 12 13", "天津 14"], "row '天津' has other columns"),
        # A row that lost its values is not left out in silence.
        (["省份 2023.12", "北京 12", "天津", "河北 13", "上海 14"], "row '天津' has other columns"),
        (["省份 2023.12 2024.12", "北京 12", "天津 14"], "no header for 1 columns"),
        (["省份 2023.12", "北京", "天津", "12"], "its columns do not line up"),
        # A label more than values fit: no column is called 北京.
        (["省份 2023.12 2024.12", "北京", "天津", "1", "2", "3"], "its columns do not line up"),
        # How much is 4.5 more than in 2023? Without its unit a change would take that of its row.
        (["分类 单位 比 2023 年 12 月", "网页", "网站", "个", "个", "4.5", "5.2"],
         "its columns do not line up"),
        # The two pages' headers differ.
        (["省份 2023.12", "北京", "天津", "1", "2", "省份 2024.12", "河北", "上海", "3", "4"],
         "its columns do not line up"),
        (["省份 2023.12", "北京", "天津", "合计", "1", "2", "4"],
         "total of 2023.12 does not hold"),
        (["应用 2023.12 2024.12 增长率", "外卖", "文学", "2000", "3000", "2200", "3000",
          "10.0", "1.0"],
         "growth of 文学 does not hold"),
    ],
)  # fmt: skip
def test_why_a_table_is_refused(lines: list[str], why: str) -> None:
    with pytest.raises(TableError, match=re.escape(why)) as error:
        read_table(made_up(lines))
    assert str(error.value).startswith(f"表 9 分省网站数量 in {NEW}: ")


def test_a_row_of_dashes_is_a_row() -> None:
    read_one = read_table(made_up(["分类 2023.12", "网页 12", "网站 --", "应用 13"]))
    assert [texts(row.cells) for row in read_one.rows] == [["12"], ["--"], ["13"]]


def test_only_a_table_is_read_as_one() -> None:
    passage = next(passage for passage in read(NEW) if passage.kind is Kind.PARAGRAPH)
    with pytest.raises(TableError, match="not a table: paragraph in cnnic-55"):
        read_table(passage)


PDF = """\
截至 2024 年 12 月，我国共有政府网站 13037 个，主要包括政府门户网站和部门网站，比上一年少。 \n
表 1  2023.12-2024.12 分省网站数量 \n
省份 2023.12 2024.12 \n
北京 \n
天津 \n
合计 \n
75 \n
82 \n
157 \n
73 \n
79 \n
152 \n
来源：开普云 \n
注：表中数据不含各部委政府网站数量。 \n
"""


def of_pdf(edit: Callable[[str], str] = str) -> list[Passage]:
    return list(passages(replace(library()[NEW], source=edit(PDF))))


def test_a_table_of_a_made_up_report() -> None:
    title = "表 1 2023.12-2024.12 分省网站数量"
    _, found, note = of_pdf()
    read_one = read_table(found)
    assert read_one.by_columns
    assert (read_one.title, note.title) == (title, title)
    assert [texts((*row.labels, *row.cells)) for row in read_one.rows] == [
        ["北京", "75", "73"],
        ["天津", "82", "79"],
        ["合计", "157", "152"],
    ]
    for row in read_one.rows:
        for cell in row.cells:
            place = read_one.span(cell)
            assert PDF[place.start : place.end] == cell.text
    assert all(isinstance(one, TableRow) for one in quotable(found))
    assert PDF[found.start : found.end].startswith("省份")
    assert PDF[found.start : found.end].endswith("152")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n82 \n", "\n"),
        ("\n82 \n", "\n82 \n\n82 \n"),
        ("\n82 \n", "\n73 \n"),
        ("\n天津 \n", "\n"),
        ("省份 2023.12 2024.12 \n", ""),
        ("2023.12 2024.12 \n", "2023.12 \n"),
    ],
)
def test_a_damaged_table_of_a_made_up_report_is_refused(old: str, new: str) -> None:
    read_all = of_pdf(lambda source: source.replace(old, new, 1))
    (found,) = [passage for passage in read_all if passage.kind is Kind.TABLE]
    with pytest.raises(TableError, match=re.escape("表 1 2023.12-2024.12 分省网站数量")):
        read_table(found)
    assert quotable(found) == ()
