"""What is read of a report maps back to its source: in the five reports, and in made-up ones."""

import re
import tomllib
from collections import Counter
from dataclasses import replace
from functools import cache
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import REPORTS, Kind, Passage, Report, blocks, load_reports, passages, sentences

# Stated here once more, so that a source and its report.toml cannot change together unseen.
SHA256 = {
    "cnnic-47": "a582585f4f012397e9c91586ebf8f64cdc0f97b81a57f6377c7ca291474b5226",
    "cnnic-55": "c5a3c552b1544fd3c3ece9e131bfdb031d9b9682b96c77cdfa4784c5699c0309",
    "digital-china-2020": "0748af77a6f7bac1e7a08e6b8af8dbfe6bd5c1e1e02f13ab474258dec12b817a",
    "digital-china-2021": "d27f12d0970515189c6e1503467715627c4819315aa19d945ffadadc68684035",
    "news-2021": "6026c3469ef4cb74d8abe2d9ebbd497817a4b1e5e2b5797103108f04478788da",
}
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
MARK_OR_BULLET = re.compile(rf"(?:-\s*)?[◇●◆•]\s*|[{SUPERSCRIPTS}]+\s*|\d{{1,3}}\s+")
CITABLE = {Kind.PARAGRAPH, Kind.LIST, Kind.TABLE, Kind.FOOTNOTE}

every_report = pytest.mark.parametrize("report_id", SHA256)


@cache
def library() -> dict[str, Report]:
    return {report.id: report for report in load_reports()}


@cache
def read(report_id: str) -> tuple[Passage, ...]:
    return passages(library()[report_id])


def test_there_are_five_reports_and_the_oldest_data_come_first() -> None:
    reports = load_reports()
    assert {report.id for report in reports} == set(SHA256)
    assert [report.data_until for report in reports] == ["2020-12"] * 3 + ["2021-12", "2024-12"]


@every_report
def test_a_source_is_kept_byte_for_byte(report_id: str) -> None:
    data = (REPORTS / report_id / "source.txt").read_bytes()
    described = tomllib.loads((REPORTS / report_id / "report.toml").read_text(encoding="utf-8"))
    assert sha256(data).hexdigest() == described["sha256"] == SHA256[report_id]
    assert library()[report_id].source.encode("utf-8") == data


def check_blocks(report: Report) -> None:
    """Every printed line is in exactly one block; only its bullet or own mark may be in none."""
    source = report.source
    owners: list[list[int]] = [[] for _ in source]
    for number, block in enumerate(blocks(report)):
        end = 0
        for span in block.spans:
            assert end <= span.start < span.end <= len(source), block
            end = span.end
            for offset in range(span.start, span.end):
                owners[offset].append(number)
    start = 0
    for line in source.split("\n"):
        printed = [start + i for i, character in enumerate(line) if not character.isspace()]
        start += len(line) + 1
        covered = [offset for offset in printed if owners[offset]]
        if printed:
            assert len({tuple(owners[offset]) for offset in covered}) == 1, line
            assert len(owners[covered[0]]) == 1, line
            outside = source[printed[0] : covered[0]]
            assert MARK_OR_BULLET.fullmatch(outside) or not outside, line
            assert covered == [offset for offset in printed if offset >= covered[0]], line


def same_character(clean: str, source: str) -> bool:
    """The documented one-to-one mapping: full-width letters, digits, ％＋－．, and blanks."""
    if clean == source or (clean.isspace() and source.isspace()):
        return True
    return ord(source) - ord(clean) == 0xFEE0 and (clean.isalnum() or clean in "%+-.")


def check_passage(report: Report, passage: Passage) -> None:
    source, offsets = report.source, passage.clean.offsets
    assert passage.report == report.id
    assert passage.kind in CITABLE
    assert passage.text.strip(), passage
    assert len(passage.text) == len(offsets)
    assert all(before < after for before, after in pairwise(offsets)), passage
    inside = {offset for span in passage.spans for offset in range(span.start, span.end)}
    for character, offset in zip(passage.text, offsets, strict=True):
        assert same_character(character, source[offset]), (passage.text, character, source[offset])
        assert character.isspace() or offset in inside, (passage.text, character)
    cited = source[passage.start : passage.end]
    assert same_character(passage.text[0], cited[0])
    assert same_character(passage.text[-1], cited[-1])
    assert inside.issuperset({passage.start, passage.end - 1})
    for at in range(1, len(offsets)):
        if passage.text[at - 1].isdigit() and passage.text[at].isdigit():
            between = source[offsets[at - 1] + 1 : offsets[at]]
            assert not between or "\n" in between or set(between) == {"*"}, passage.text


def check_sentences(report: Report, passage: Passage) -> None:
    covered = [0] * len(passage.text)
    for sentence in sentences(passage):
        assert sentence.passage is passage
        assert sentence.text == passage.text[sentence.start : sentence.end]
        assert sentence.text == sentence.text.strip()
        for at in range(sentence.start, sentence.end):
            covered[at] += 1
        span = sentence.span
        assert 0 <= span.start < span.end <= len(report.source)
        cited = report.source[span.start : span.end]
        assert same_character(sentence.text[0], cited[0])
        assert same_character(sentence.text[-1], cited[-1])
        rest = (character for character in cited if not character.isspace())
        for character in re.sub(r"\s", "", sentence.text):
            assert any(same_character(character, other) for other in rest), (sentence.text, cited)
    for character, times in zip(passage.text, covered, strict=True):
        assert times == 1 or (times == 0 and character.isspace()), passage.text


@every_report
def test_every_printed_line_is_in_one_block(report_id: str) -> None:
    check_blocks(library()[report_id])


@every_report
def test_every_passage_maps_to_its_source(report_id: str) -> None:
    for passage in read(report_id):
        check_passage(library()[report_id], passage)


@every_report
def test_sentences_cover_every_passage_once(report_id: str) -> None:
    for passage in read(report_id):
        check_sentences(library()[report_id], passage)


def test_ids_are_distinct_and_come_from_content() -> None:
    found = [passage for report_id in SHA256 for passage in read(report_id)]
    assert len({passage.id for passage in found}) == len(found)
    again = [p.id for report_id in SHA256 for p in passages(library()[report_id])]
    assert again == [passage.id for passage in found]


def dropped(report_id: str) -> list[str]:
    """Give the printed runs that a passage's spans hold and its text lacks, emphasis aside."""
    source = library()[report_id].source
    found = []
    for passage in read(report_id):
        kept = set(passage.clean.offsets)
        for span in passage.spans:
            printed = "".join(
                "\0" if offset in kept or source[offset].isspace() else source[offset]
                for offset in range(span.start, span.end)
            )
            found += [run for run in re.split(r"\0|\*\*", printed) if run]
    return found


def test_nothing_but_emphasis_and_footnote_marks_is_dropped() -> None:
    assert dropped("news-2021") == dropped("digital-china-2020") == []
    assert dropped("digital-china-2021") == []  # its one mark stands in a caption
    marks = dropped("cnnic-47")
    noted = [run for run in marks if not run.startswith("^{注")]
    assert sorted(set(marks) - set(noted)) == ["^{注1}", "^{注2}", "^{注3}", "^{注4}"]
    numbers = [int(run.translate(str.maketrans(SUPERSCRIPTS, "0123456789"))) for run in noted]
    captions = {16, 17, 18, 19, 21, 22, 25, 27, 104, 106, 109, 110}
    assert sorted(numbers) == sorted(set(range(1, 190)) - captions)


def test_each_plain_footnote_mark_is_dropped_once() -> None:
    # Footnotes 44 to 51, 99 and 100 are on lost pages; the captions' are not in passages.
    lost = {*range(44, 52), 99, 100}
    captions = {13, 14, 38, 101, 102}
    table_marks = Counter((1, 2, 3, 4, 2, 3, 4, 1, 2))  # 注 1 to 注 4 in appended tables 2, 4, 10
    found = dropped("cnnic-55")
    numbers = Counter(int(run) for run in found if run.isdigit())
    assert numbers - table_marks == Counter(set(range(1, 103)) - lost - captions)
    assert [run for run in found if not run.isdigit()] == ["注"] * table_marks.total()


@every_report
def test_no_superscript_is_left(report_id: str) -> None:
    for passage in read(report_id):
        assert not set(passage.text) & set(SUPERSCRIPTS), passage.text


PIECES = st.sampled_from(
    (
        "截至 2020 年 12 月，我国网民规模达 9.89 亿，较 2020 年 3 月增长 8540 万，占网",
        "民整体的 75.1%；手机网民规模达 9.86 亿。",
        "近十亿网民构成了全球最大的数字社会，" * 4 + "截至 2020 年 12 月，我国网民已占全球的",
        "互联网普及率达 70.4%¹，",
        "上网时长37为 28.7 个小时。",
        "第一章 互联网基础建设状况",
        "一、网民规模",
        "（一）总体网民规模",
        "1. 网民人均每周上网时长",
        "表 1 分类域名数",
        "图 2 网民规模¹",
        "来源：工业和信息化部 2024.11",
        "注 1：以上数据统计截止日期为 2024 年 12 月，",
        "¹ 网民：指过去半年内使用过互联网的居民。",
        "37 人均每周上网时长：指过去半年内",
        "- ◇ 截至 2020 年 12 月，",
        "◇",
        "■ 满意 ■ 不满意",
        "省份\t2019.12\t2020.12",
        "\t北京\t^{注1}75",
        "70.2% 71.8%",
        "目 录",
        "一、网民规模\t17",
        "**数字**科技",
        "**",
        "*",
        "ＩＰｖ６ １２３％",
        "e\u0301",
        "A B C",
        "2001",
        "。",
    )
)
BEFORE = st.sampled_from(("", " ", "\f", "\t", "\u3000"))
LINES = st.tuples(BEFORE, PIECES, st.sampled_from(("", " ")))


@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(LINES.map("".join), st.sampled_from(("", " "))), max_size=25))
def test_made_up_sources_are_read_as_faithfully(lines: list[str]) -> None:
    report = replace(library()["cnnic-47"], source="\n".join(lines))
    check_blocks(report)
    for passage in passages(report):
        check_passage(report, passage)
        check_sentences(report, passage)


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet="一、（)1 2.\n\t\f表图注：来源¹*◇。网民%-", max_size=120))
def test_any_text_is_read(text: str) -> None:
    report = replace(library()["cnnic-47"], source=text)
    check_blocks(report)
    for passage in passages(report):
        check_passage(report, passage)
        check_sentences(report, passage)


@pytest.mark.parametrize(
    "source",
    [
        "\n".join(f"互联网发展第{number}项指标" for number in range(20_000)),
        "截至 2020 年 12 月，网民规模达 9.89 亿。" * 15_000,
        "网民" + " " * 300_000 + "规模。",
        "指标\t数值\n" * 40_000,
    ],
    ids=["short lines", "one line", "blanks", "rows"],
)
def test_reading_time_grows_with_length_only(source: str) -> None:
    """Each of these took minutes or hours while it grew with the square."""
    report = replace(library()["cnnic-47"], source=source)
    assert sum(len(passage.text) for passage in passages(report)) <= len(source)
