"""Passages of the five reports against what a reader finds in the sources with their own eyes."""

import re
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from corpus import (
    Kind,
    Passage,
    Report,
    blocks,
    digits_per_clause,
    load_reports,
    numbers_lost,
    passages,
    sentences,
)

OLD, NEW, CAC20, CAC21, NEWS = (
    "cnnic-47",
    "cnnic-55",
    "digital-china-2020",
    "digital-china-2021",
    "news-2021",
)


EXPECTED = tomllib.loads((Path(__file__).parent / "data/passages.toml").read_text(encoding="utf-8"))


def cases(kind: str) -> list[tuple[str, str]]:
    return [(report_id, text) for report_id, texts in EXPECTED[kind].items() for text in texts]


@cache
def library() -> dict[str, Report]:
    return {report.id: report for report in load_reports()}


@cache
def read(report_id: str) -> tuple[Passage, ...]:
    return passages(library()[report_id])


def holding(report_id: str, text: str) -> list[Passage]:
    return [passage for passage in read(report_id) if text in passage.text]


def at(report_id: str, printed: str) -> list[Passage]:
    """Give the passages that a text stands in where the source prints it (once)."""
    source = library()[report_id].source
    assert source.count(printed) == 1, printed
    place = source.index(printed)
    return [
        passage
        for passage in read(report_id)
        for span in passage.spans
        if span.start < place + len(printed) and place < span.end
    ]


@pytest.mark.parametrize(("report_id", "whole"), cases("whole"))
def test_a_passage_reads_as_a_whole(report_id: str, whole: str) -> None:
    assert whole in [passage.text for passage in read(report_id)]


@pytest.mark.parametrize(("report_id", "part"), cases("part"))
def test_a_passage_holds(report_id: str, part: str) -> None:
    assert holding(report_id, part)


@pytest.mark.parametrize(("report_id", "wrong"), cases("absent"))
def test_no_passage_holds(report_id: str, wrong: str) -> None:
    assert holding(report_id, wrong) == []


def test_a_paragraph_cut_by_a_footnote_has_two_spans() -> None:
    same = [p for p in read(OLD) if p.text == EXPECTED["whole"][OLD][0]]
    (passage,) = [p for p in same if p.section == ("摘要·Abstract", "一、基础数据")]
    source = library()[OLD].source
    first, second = passage.spans
    assert source[first.start : first.end].endswith("占网")
    assert source[second.start : second.end].startswith("民整体的 75.1%")
    assert "受新冠肺炎疫情影响" in source[passage.start : passage.end]
    assert "受新冠肺炎疫情影响" not in passage.text


@pytest.mark.parametrize(
    ("report_id", "text", "section"),
    [
        (OLD, "我国共有政府网站14444个",
         ("第四章 互联网政务发展状况", "三、政府网站发展状况", "（一）政府网站总体及分省状况")),
        (OLD, "各级政府共开通政务抖音号26098个",
         ("第四章 互联网政务发展状况", "四、政务新媒体发展状况", "(二) 政务头条号、抖音号发展状况",
          "3、政务抖音号总体及分省状况")),
        (OLD, "我国89%的中小企业受自身实力和资源",
         ("第三章 互联网应用发展状况", "三、商务交易类应用", "（三）网络支付")),
        (OLD, "省内采取样本自加权的抽样方式",
         ("附录一 调查方法", "一、调查方法", "(一) 网民个人调查", "1.2 抽样方式")),
        # The chapter's title takes two lines.
        (NEW, "支撑数字经济蓬勃发展的重要基石", ("第一章 互联网基础资源发展及应用状况",)),
        (NEW, "我国网民的人均每周上网时长为28.7个小时",
         ("第二章 网民规模及结构状况", "二、网民结构及上网设备", "（四）上网时间",
          "1. 网民人均每周上网时长")),
        (NEW, "我国有3.31亿人表示自己听说过生成式人工智能产品",
         ("第三章 互联网应用发展状况", "六、 生成式人工智能发展状况", "（一）用户使用情况")),
        (NEW, "我国社交网络用户规模达11.01亿人，占网民整体的99.3%。", ("核心数据",)),
        (CAC20, "信息便民惠民加速普及。",
         ("一、“十三五”时期数字中国建设取得重要成就", "（一）数字中国建设质量效益加快提升")),
        (CAC21, "2021年我国新增5G基站65.4万个",
         ("第二篇", "三、数字基础设施有力支撑经济社会数字化发展",
          "（一）网络基础设施加速迈向“双千兆”时代")),
        (CAC21, "从网络空间治理方面看", ("附件", "四、网络综合治理营造安全清朗的网络环境")),
        (NEWS, "近日，中国互联网络信息中心在京发布", ("报告显示我国网民规模接近亿互联网普及率达",)),
    ],
)  # fmt: skip
def test_a_passage_knows_its_headings(report_id: str, text: str, section: tuple[str, ...]) -> None:
    assert section in [passage.section for passage in holding(report_id, text)]


TABLES = {
    OLD: [
        "表 1 2019.12-2020.12 互联网基础资源对比",
        "表 2 分类域名数",
        "表 3 分类“.CN”域名数",
        "表 4 主要骨干网络国际出口带宽数",
        "表5 网页数量",
        "表 6 2020.3-2020.12 网民各类互联网应用用户规模和使用率",
        "表7 2020.3-2020.12 手机网民各类手机互联网应用用户规模和使用率",
        "表 8 2019.12-2020.12 分省政府网站数量",
        "附表 1 各地区 IPv4 地址数",
        "附表 2 大陆地区按分配单位 IPv4 地址数",
        "附表3 各地区 IPv6 地址数 (以块/32为单位)",
        "附表4 大陆地区按分配单位 IPv6 地址数",
        "附表5 各省 IPv4 比例",
        "附表6 分省“.CN”域名数、分省“.中国”域名数",
        "附表 7 按后缀形式分类的网页情况",
        "附表8 分省网页数",
        "附表9 分省网页字节数",
    ],
    NEW: [
        "表 1 2024.12 互联网基础资源发展状况",
        "表 2 分类域名数",
        "表 3 分类“.CN”域名数",
        "表 4 2023.12-2024.12 网页数量对比",
        "表 5 2023.12-2024.12 各类互联网应用用户规模和网民使用率",
        "表 6 2023.12-2024.12 分省政府网站数量",
        "附表 1 IPv4 地址数",
        "附表 2 按分配单位 IPv4 地址数",
        "附表 3 IPv6 地址数（以块/32 为单位）",
        "附表 4 按分配单位 IPv6 地址数",
        "附表 5 分地区 IPv4 比例",
        "附表 6 分地区域名数",
        "附表 7 按后缀形式分类的网页情况",
        "附表 8 分地区网页数",
        "附表 9 分地区网页字节数",
        "附表 10 互联网接入状况",
    ],
    CAC20: ["表 1 信息化发展评价指标体系", "表 2 各省（区、市）信息化发展水平排名"],
    CAC21: ["表1 数字中国发展评价指标体系"],
    NEWS: [],
}


@pytest.mark.parametrize("report_id", TABLES)
def test_each_table_is_one_passage_under_its_caption(report_id: str) -> None:
    """A table that two pages share is one; footnote marks come off the caption."""
    found = [passage.title for passage in read(report_id) if passage.kind is Kind.TABLE]
    assert found == TABLES[report_id]


@pytest.mark.parametrize("report_id", [OLD, CAC20, CAC21])
def test_tables_keep_every_cell(report_id: str) -> None:
    mark = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\^\{注\s*\d\}")
    source = library()[report_id].source
    checked = 0
    for passage in read(report_id):
        if passage.kind is not Kind.TABLE:
            continue
        printed = [mark.sub("", source[span.start : span.end]) for span in passage.spans]
        expected = [[" ".join(cell.split()) for cell in row.split("\t")] for row in printed]
        rows = passage.text.split("\n")
        assert [[cell.strip() for cell in row.split("\t")] for row in rows] == expected
        assert [sentence.text for sentence in sentences(passage)] == [
            row.strip(" \t") for row in rows
        ]
        checked += sum(map(len, expected))
    assert checked >= 29


def table(caption: str) -> Passage:
    tables = (passage for passage in read(NEW) if passage.kind is Kind.TABLE)
    (found,) = [passage for passage in tables if passage.title.startswith(caption)]
    return found


def test_tables_of_two_pages_and_of_columns_keep_their_order() -> None:
    websites = table("表 6 ")
    rows = websites.text.split("\n")
    assert rows.count("省份 2023.12 2024.12") == 2
    assert rows[:7] == ["省份 2023.12 2024.12", "北京", "天津", "河北", "山西", "内蒙古", "辽宁"]
    assert rows[-28:-26] == ["13383", "287"]
    assert rows[-1] == "13037"
    assert sum(row.isdigit() for row in rows) == 2 * 6 + 2 * 27
    uses = table("表 5 ")
    assert uses.text.split("\n").count("网络视频") == 1  # 网络视频43 in the source
    assert "-1.3" in uses.text.split("\n")
    domains = table("表 3 ")
    rows = [".CN 12,417,282", ".COM.CN 3,878,437", ".ADM.CN 2,406,924"]
    assert domains.text.split("\n")[1:4] == rows
    units = table("附表 2 ")
    assert "中国联合网络通信集团有限公司 69,866,752 4A+42B+21C" in units.text.split("\n")
    reach = table("附表 10 ")
    assert reach.text.split("\n")[1:] == [
        "使用互联网的个人比例 91.5 92.0",
        "互联网接入家庭普及率 100 100",
        "拥有手机的个人百分比 99.2 99.1",
    ]


def test_a_note_under_a_table_carries_the_tables_caption() -> None:
    for passage in holding(NEW, "截止日期为2024年12月"):
        if passage.text.startswith("注"):
            assert passage.kind is Kind.FOOTNOTE
            assert passage.title.startswith("附表")
    (note,) = holding(CAC21, "注：网民评价暂作为参考指标")
    assert note.title == "表1 数字中国发展评价指标体系"


@pytest.mark.parametrize(
    ("report_id", "first", "last"),
    [
        (OLD, "目 录\n", "附录三 调查支持单位\t117"),
        (CAC21, "目 录\n", "附件：2021年数字中国发展网民感知情况分析.....\t56"),
    ],
)
def test_the_table_of_contents_is_in_no_passage(report_id: str, first: str, last: str) -> None:
    source = library()[report_id].source
    start, end = source.index(first), source.index(last) + len(last)
    for passage in read(report_id):
        assert all(span.end <= start or span.start >= end for span in passage.spans), passage.text
    (contents,) = [block for block in blocks(library()[report_id]) if block.kind is Kind.CONTENTS]
    assert (contents.spans[0].start, contents.spans[-1].end) == (start, end)


@pytest.mark.parametrize(
    ("report_id", "remnant"),
    [
        (NEW, "70.2% 71.8%"),  # figure 12
        (NEW, "29.8% 28.2%"),
        (NEW, "2023年12月 2024年12月\n"),
        (NEW, "城镇 农村"),
        (NEW, "36528 \n"),  # figure 33
        (NEW, "45261 43708"),
        (NEW, "52765 53945 36.9%"),
        (NEW, "48.3% 48.7%"),
        (NEW, "2020年12月 2021年12月 2022年12月 2023年12月 2024年12月"),
        (NEW, "用户规模（万人，左轴） 使用率（右轴）"),
        (NEW, "\n 23.9%\n19.1%\n"),  # figure 35
        (NEW, "缺少休闲娱乐活动"),
        (CAC21, "■ 非常满意 ■ 比较满意 ■ 一般满意"),
        (OLD, "App分类占比\n"),
        (OLD, "2016.12 - 2020.12 手机在线教育用户规模及使用率"),
    ],
)
def test_what_is_left_of_a_chart_is_in_no_passage(report_id: str, remnant: str) -> None:
    source = library()[report_id].source
    place = source.index(remnant) + len(remnant) - len(remnant.lstrip())
    for passage in read(report_id):
        assert not any(span.start <= place < span.end for span in passage.spans), passage.text


@pytest.mark.parametrize("page", [19, 41, 43, 63])
def test_running_heads_are_in_no_passage(page: int) -> None:
    assert at(NEW, f"第 55 次中国互联网络发展状况统计报告 {page}") == []
    assert not holding(NEW, f"统计报告{page}")


def test_chapters_that_follow_a_chart_are_read_as_text() -> None:
    """The remnants of figure 33 once took the next two pages with them."""
    (passage,) = holding(NEW, "网约车行业有效助力绿色低碳出行")
    assert passage.kind is Kind.PARAGRAPH
    assert passage.title == ""
    (passage,) = holding(NEW, "20-29岁网民使用生成式人工智能产品的比例最高，达到41.5%")
    assert passage.kind is Kind.PARAGRAPH


@pytest.mark.parametrize(("report_id", "definition"), cases("definition"))
def test_a_footnote_that_defines_is_a_passage(report_id: str, definition: str) -> None:
    found = holding(report_id, definition)
    assert found
    assert {passage.kind for passage in found} == {Kind.FOOTNOTE}


def test_a_footnote_that_only_names_a_source_is_none() -> None:
    assert at(NEW, "来源：光明网，https://economy.gmw.cn/2024-08/26/content_37521703.htm") == []
    assert at(NEW, "https://www.cac.gov.cn/2024-04/02/c_1713729983803145.htm") == []
    assert at(OLD, "来源：天眼查。") == []
    assert at(OLD, "http://www.gov.cn/xinwen/2020-04/17/content_5503585.htm") == []
    # This one gives figures.
    assert at(OLD, "覆盖 10 个省的 12 个城市，共 265189 台上网设备")
    for report_id in TABLES:
        notes = [passage for passage in read(report_id) if passage.kind is Kind.FOOTNOTE]
        assert not [note.text for note in notes if "http" in note.text]


@pytest.mark.parametrize("report_id", TABLES)
def test_only_the_news_article_lost_its_numbers(report_id: str) -> None:
    assert numbers_lost(library()[report_id]) is (report_id == NEWS)


@pytest.mark.parametrize("report_id", [OLD, NEW, CAC20, CAC21])
def test_lost_numbers_are_found_by_measure_not_by_name(report_id: str) -> None:
    report = library()[report_id]
    digitless = re.sub(r"\d", "", report.source)
    robbed = replace(report, id="another", title="另一份报告", source=digitless)
    assert digits_per_clause(robbed.source) == 0
    assert numbers_lost(robbed)
    for name in (NEWS, "another"):
        renamed = replace(report, id=name, title=library()[NEWS].title, publisher="中新网")
        assert not numbers_lost(renamed)
    assert numbers_lost(replace(library()[NEWS], id=report_id, title=report.title))


def test_digits_per_clause_by_hand() -> None:
    # Clauses of four characters or more: two; runs of digits: 9.89, 2,020 and 3.
    assert digits_per_clause("网民规模达9.89亿，计，较2,020年3月增长。") == 1.5
    assert digits_per_clause("") == 0


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("网民规模达9.89亿。\n\n普及率达70.4%。\n", ["网民规模达9.89亿。", "普及率达70.4%。"]),
        # PDF text: a blank marks each paragraph's end, and lines are cut anywhere.
        (
            "截至 2020 年 12 月，我国网民规模达 9.89 亿，较 2020 年 3 月增长 8540 万，互联网\n\n"
            "普及率达 70.4%。2020 \n\n网民规模持续增长。 \n",
            [
                "截至2020年12月，我国网民规模达9.89亿，较2020年3月增长8540万，互联网普及率达70.4%。2020",
                "网民规模持续增长。",
            ],
        ),
        # The same without the blanks: a paragraph ends with its sentence.
        (
            "截至 2020 年 12 月，我国网民规模达 9.89 亿，较 2020 年 3 月增长 8540 万，互联网普\n"
            "及率达 70.4%。\n网民规模持续增长。\n",
            [
                "截至2020年12月，我国网民规模达9.89亿，较2020年3月增长8540万，互联网普及率达70.4%。",
                "网民规模持续增长。",
            ],
        ),
    ],
    ids=["short lines", "PDF text", "wrapped"],
)
def test_paragraphs_of_a_made_up_report(source: str, expected: list[str]) -> None:
    report = replace(library()[NEW], source=source)
    assert [passage.text for passage in passages(report)] == expected


HALVES = (
    "截至 2020 年 12 月，我国网民规模达 9.89 亿，较 2020 年 3 月增长 8540 万，互联网普及率达到了",
    "70.4%，较 2020 年 3 月提升 5.9 个百分点。",
)


@pytest.mark.parametrize(
    "end", ["", " "], ids=["paragraphs unmarked", "paragraphs end with a blank"]
)
@pytest.mark.parametrize("page", ["19", "1608", "- 19 -", "— 19 —", "第 19 页", "第19页 共80页"])
def test_a_page_number_in_a_paragraph_is_not_read(page: str, end: str) -> None:
    first, second = HALVES
    others = "".join(f"网民规模持续增长，这是第{number}段。{end}\n\n" for number in "一二三四五")
    source = f"{others}{first}\n\n{page}{end}\n\n{second}{end}\n\n{others}"
    report = replace(library()[NEW], source=source)
    whole = (first + second).replace(" ", "")
    assert whole in [passage.text for passage in passages(report)]


def test_a_figure_alone_on_a_line_is_no_heading() -> None:
    for line in ("9.89 亿", "29.8 %", "8.5 万"):
        report = replace(library()[OLD], source=f"{line}\n\n{''.join(HALVES)}\n")
        assert {passage.section for passage in passages(report)} == {()}
    for line in ("1.1 调查总体", "2.3 万维网的发展"):
        report = replace(library()[OLD], source=f"{line}\n\n{''.join(HALVES)}\n")
        assert {passage.section for passage in passages(report)} == {(line,)}


def test_a_date_under_a_source_line_belongs_to_it() -> None:
    dates = [
        report.source[span.start : span.end]
        for report in library().values()
        for block in blocks(report)
        if block.kind is Kind.REMNANT
        for span in block.spans
    ]
    assert "2020.12" not in dates


def test_full_width_numbers_are_read_whole() -> None:
    report = replace(
        library()[OLD], source="网民规模达９．８９亿，占７５．１％，手机网民规模增长。\n"
    )
    assert [passage.text for passage in passages(report)] == [
        "网民规模达9.89亿，占75.1%，手机网民规模增长。"
    ]
