"""Every digit of a source is accounted for: in the five reports, and in made-up ones."""

import re
import tomllib
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Entry, Kind, Report, Use, blocks, count_digits, ledger, load_reports

OLD, NEW = "cnnic-47", "cnnic-55"
REPORTS = [OLD, NEW, "digital-china-2020", "digital-china-2021", "news-2021"]
READ = tomllib.loads((Path(__file__).parent / "data/ledger.toml").read_text(encoding="utf-8"))
CASES = [
    (report_id, kind, quote)
    for report_id, kinds in READ.items()
    for kind, quotes in kinds.items()
    for quote in quotes
]
DIGIT = re.compile("[0123456789０１２３４５６７８９⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉①②③④⑤⑥⑦⑧⑨⑩]")

every_report = pytest.mark.parametrize("report_id", REPORTS)


@cache
def library() -> dict[str, Report]:
    return {report.id: report for report in load_reports()}


@cache
def entered(report_id: str) -> tuple[Entry, ...]:
    return ledger(library()[report_id])


def made_up(source: str, report_id: str = OLD) -> list[tuple[str, str]]:
    """Give each number of a source with its kind."""
    report = replace(library()[report_id], source=source)
    check(report, ledger(report))
    return [
        (source[entry.span.start : entry.span.end], entry.kind.value) for entry in ledger(report)
    ]


def check(report: Report, entries: tuple[Entry, ...]) -> None:
    """Each digit is in one entry; entries are in order and begin and end with a digit."""
    times = Counter(
        offset for entry in entries for offset in range(entry.span.start, entry.span.end)
    )
    for match in DIGIT.finditer(report.source):
        place = match.start()
        assert times[place] == 1, report.source[max(0, place - 20) : place + 20]
    assert not times or max(times.values()) == 1
    starts = [entry.span.start for entry in entries]
    assert starts == sorted(starts)
    for entry in entries:
        assert DIGIT.fullmatch(report.source[entry.span.start])
        assert DIGIT.fullmatch(report.source[entry.span.end - 1])


@every_report
def test_no_number_of_a_report_is_left_over(report_id: str) -> None:
    source = library()[report_id].source
    assert [
        source[max(0, entry.span.start - 20) : entry.span.end + 20]
        for entry in entered(report_id)
        if entry.kind is Use.UNASSIGNED
    ] == []


@every_report
def test_every_digit_of_a_report_is_in_one_entry(report_id: str) -> None:
    check(library()[report_id], entered(report_id))


@pytest.mark.parametrize(("report_id", "kind", "quote"), CASES)
def test_a_number_is_what_a_reader_takes_it_for(report_id: str, kind: str, quote: str) -> None:
    source = library()[report_id].source
    before, number, after = re.split("[⟦⟧]", quote)
    assert source.count(before + number + after) == 1
    start = source.index(before + number + after) + len(before)
    found = [
        entry
        for entry in entered(report_id)
        if entry.span.start < start + len(number) and start < entry.span.end
    ]
    assert {entry.kind.value for entry in found} == {kind}
    if kind in ("quantity", "date", "name", "footnote mark"):
        assert [source[entry.span.start : entry.span.end] for entry in found] == [number]


def test_what_was_read_covers_all_kinds_and_reports() -> None:
    assert len(CASES) > 100
    assert set(READ) == set(REPORTS)
    assert {kind for _, kind, _ in CASES} == {use.value for use in Use} - {"unassigned"}
    for report_id in REPORTS:
        kinds = {entry.kind.value for entry in entered(report_id)}
        assert set(READ[report_id]) == kinds, report_id


@every_report
def test_entries_are_counted_by_kind(report_id: str) -> None:
    counts = count_digits(library()[report_id])
    assert list(counts) == [use.value for use in Use]
    assert sum(counts.values()) == len(entered(report_id))
    assert counts["unassigned"] == 0


TEXT = "截至 2020 年 12 月，我国网民规模达 9.89 亿，"
REST = "手机网民规模较上年有所增长，互联网普及率稳步提升。"


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("上网时长37为 28.7 个小时，", "37", "unassigned"),
        ("活跃用户数达 8.22 亿8；", "8", "unassigned"),
        ("占总数的 33.2%24；", "24", "unassigned"),
        ("互联网普及率⁹稳步提升，", "⁹", "unassigned"),
        ("从小到大、从7大到强，", "7", "unassigned"),
        ("面积达 10 m²，", "²", "unassigned"),
        ("举办“数字课堂”30，", "30", "unassigned"),
        ("系统升级到 10.15.7，", "10.15.7", "unassigned"),
        ("网民规模达９．８９亿，", "９．８９", "quantity"),
        ("比例为51.0:49.0，", "51.0:49.0", "quantity"),
        ("20至29岁的网民，", "20", "quantity"),
        ("约 1/4 的任务，", "1/4", "quantity"),
        ("位居世界第 9 位，", "9", "quantity"),
        ("2024/2/3 9:22:05 发布，", "2024/2/3 9:22:05", "date"),
        ("6 点到 7 点间使用，", "6", "date"),
        ("《2021 年报告》显示，", "2021", "name"),
        ("第 47 次报告显示，", "47", "name"),
        ("IPv6 地址，", "6", "name"),
        ("发布 4K 频道，", "4", "name"),
        ("开通12345热线，", "12345", "name"),
        ("增设“9710”方式，", "9710", "name"),
        ("安装 Windows 10 的设备，", "10", "name"),
        ("如图 3 所示，", "3", "name"),
        ("业务应用系统2.0上线，", "2.0", "name"),
        ("评价包括：（2）城乡差距，", "2", "list mark"),
        ("评价包括；3、城乡差距，", "3", "list mark"),
        ("评价包括：①城乡差距，", "①", "list mark"),
        ("（来源：工业和信息化部，2024 年 5 月）", "2024 年 5", "source or address"),
        ("见 http://www.a.cn/c_17.htm，", "17", "source or address"),
        ("来函请寄 a12@b.cn，", "12", "source or address"),
        ("致电 010-58813000，", "010-58813000", "source or address"),
    ],
)
def test_a_number_planted_in_a_paragraph(text: str, number: str, kind: str) -> None:
    assert (number, kind) in made_up(f"{TEXT}{text}{REST}\n")


@pytest.mark.parametrize(
    ("line", "number", "kind"),
    [
        ("1. 网民规模持续增长，结构不断优化。", "1", "list mark"),
        ("注 3：以上数据统计截止日期为本年末。", "3", "list mark"),
        ("数据来源：工业和信息化部\n\n2024.11", "2024.11", "source or address"),
        ("图 7 网民规模", "7", "caption"),
        ("1.1 调查总体", "1.1", "heading"),
        ("- 19 -", "19", "page furniture"),
        ("36.9%", "36.9", "chart remnant"),
        ("表 2 分类域名数\n\n分类\t数量\n.CN\t1,234\n其他\t7", "1,234", "table cell"),
        ("表 2 分类域名数\n\n分类\t2024.12\n.CN\t1,234\n其他\t7", "2024.12", "table cell"),
        # Not a table that can be put together: nobody can quote its cells.
        ("表 2 分类域名数\n\n1,234\t5,678", "1,234", "unassigned"),
    ],
)
def test_a_number_planted_on_a_line(line: str, number: str, kind: str) -> None:
    assert (number, kind) in made_up(f"{TEXT}{REST}\n\n{line}\n\n{TEXT}{REST}\n")


def without_note(report: Report, mark: int) -> Report:
    """Give a report whose source lost a footnote, but not the mark in its text."""
    (note,) = [block for block in blocks(report) if block.mark == mark]
    start = report.source.rindex("\n", 0, note.spans[0].start)
    return replace(report, source=report.source[:start] + report.source[note.spans[-1].end :])


@pytest.mark.parametrize(
    ("report_id", "mark", "context"),
    [
        (OLD, 100, "我国共有政府网站⟦¹⁰⁰⟧14444 个"),
        (NEW, 8, "活跃用户数达 8.22 亿⟦8⟧；"),
        (NEW, 30, "“银龄数字课堂”⟦30⟧，"),
        (NEW, 31, "3.13 亿人⟦31⟧，占"),
        (NEW, 37, "每周上网时长⟦37⟧为 28.7 个"),
        (NEW, 76, "网络视频⟦76⟧用户规模"),
    ],
)
def test_a_mark_whose_footnote_is_lost_is_not_taken_for_a_figure(
    report_id: str, mark: int, context: str
) -> None:
    report = without_note(library()[report_id], mark)
    before, number, after = re.split("[⟦⟧]", context)
    start = report.source.index(before + number + after) + len(before)
    (entry,) = [one for one in ledger(report) if one.span.start == start]
    assert (entry.kind, entry.span.end) == (Use.UNASSIGNED, start + len(number))


def test_what_a_page_break_cuts_is_entered_in_pieces() -> None:
    head = "第47次中国互联网络发展状况统计报告"
    pages = "".join(f"{head} {page}\n\n{TEXT}{REST}\n\n" for page in (16, 17, 18))
    assert made_up(f"{pages}{TEXT}较 2019\n\n{head} 19\n\n年 12 月有所提升，{REST}\n")[-5:] == [
        ("9.89", "quantity"),
        ("2019", "date"),
        ("47", "page furniture"),
        ("19", "page furniture"),
        ("12", "date"),
    ]


def test_a_footnotes_number_and_its_mark_are_marks() -> None:
    found = made_up(f"{TEXT}普及率¹提升。{REST}\n\n¹ 普及率：指 6 周岁及以上网民的占比。\n")
    assert found[-3:] == [("¹", "footnote mark"), ("¹", "footnote mark"), ("6", "quantity")]
    found = made_up(f"{TEXT}普及率¹提升。{REST}\n\n¹ 来源：商务部，2020 年 5 月 6 日。\n")
    assert found[-2:] == [("¹", "footnote mark"), ("2020 年 5 月 6", "source or address")]


def test_only_blocks_that_hold_no_text_give_their_kind_to_their_numbers() -> None:
    """Names of kinds are those of blocks, so that a reader of both knows what is meant."""
    shared = {kind.value for kind in Kind} & {use.value for use in Use}
    assert shared == {"caption", "chart remnant", "heading", "contents", "page furniture"}


PIECES = st.sampled_from(
    "截至 2020 年 12 月，|9.89 亿|1/3|第 4 位|表 1 域名|2016.12|\t|\n| |¹ 来源：|¹|注 1：|http://a.cn/1|"
    "《2020》|“618”|12345|1.|（2）|③|８．２|₂|5G|。|网民".split("|")
)


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_every_digit_of_any_text_is_in_one_entry(source: str) -> None:
    made_up(source)
