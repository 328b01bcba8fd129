"""The English edition: whole, not stale, and with the source's figures, one to one."""

import json
from pathlib import Path

import pytest

from corpus import CorpusError, differences, load_reports
from corpus.english import digest, load_edition
from corpus.records import Span
from eval.english import wanted

REPORTS = {report.id: report for report in load_reports()}
SOURCE = "我国网民规模达 9.89 亿，\n普及率为70.4%。"


@pytest.mark.parametrize("report_id", sorted(REPORTS))
def test_everything_is_rendered(report_id: str) -> None:
    missing = [(kind, text) for kind, text, english in wanted(REPORTS[report_id]) if not english]
    assert missing == []


@pytest.mark.parametrize("report_id", sorted(REPORTS))
def test_figures_and_periods_are_the_sources(report_id: str) -> None:
    for _, chinese, english in wanted(REPORTS[report_id]):
        assert english is not None
        assert differences(chinese, english) == (), (chinese, english)


@pytest.mark.parametrize(
    ("chinese", "english", "found"),
    [
        ("网民规模达9.89亿，普及率达70.4%。", "989 million users, 70.4%.", 0),
        ("网民规模达9.89亿。", "98.9 million users.", 2),
        ("提升5.9个百分点。", "up 5.9%.", 2),
        ("提升5.9个百分点。", "up 5.9 percentage points.", 0),
        ("占八成，增长十倍。", "80%, up ten times.", 0),
        ("占五分之一。", "one-fifth.", 0),
        ("57634块/32，位居第二。", "57,634 /32 blocks, second.", 0),
        ("截至2020年12月，有3个。", "As of December 2020, three.", 0),
        ("截至2020年12月，有3个。", "As of December 2021, three.", 2),
        ("2020年1-11月，有六家。", "From January to November 2020, 6 companies.", 0),
        ("“十三五”期间，有六家。", "In the 13th Five-Year Plan period (2016-2020), 6.", 0),
        ("有30个。", "There are 31.", 2),
        ("连续三年增长。", "It rose.", 0),
        ("规模增长。", "It rose 5%.", 1),
    ],
)
def test_differences(chinese: str, english: str, found: int) -> None:
    assert len(differences(chinese, english)) == found


def write(folder: Path, *lines: object) -> Path:
    path = folder / "english.jsonl"
    text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def test_a_rendering_is_found_by_place_and_by_words(tmp_path: Path) -> None:
    line = {"start": 0, "end": 16, "digest": digest(SOURCE[0:16]), "english": "989 million"}
    edition = load_edition(write(tmp_path, line), SOURCE)
    assert edition.at(Span(0, 16)) == "989 million"
    assert edition.at(Span(0, 15)) is None
    assert edition.of("我国网民规模达9.89亿，") == edition.of(SOURCE[0:16]) == "989 million"
    assert edition.within(Span(3, 5)) == "989 million"
    assert edition.within(Span(18, 20)) == ""


def test_no_file_is_no_edition(tmp_path: Path) -> None:
    assert load_edition(tmp_path / "english.jsonl", SOURCE).renderings == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"start": 0, "end": 5, "digest": "0" * 12, "english": "x"}, "line 1: stale"),
        ({"start": 0, "end": 5, "english": "x"}, "line 1: not a rendering"),
        ({"start": "a", "end": 5, "digest": "", "english": "x"}, "line 1: not a rendering"),
        ("no json", "line 1: not a rendering"),
        ("[1, 2]", "line 1: not a rendering"),
    ],
)
def test_a_broken_line_is_told(tmp_path: Path, line: object, said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        load_edition(write(tmp_path, line), SOURCE)


def test_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "english.jsonl"
    path.write_bytes("英文".encode("gbk"))
    with pytest.raises(CorpusError, match="cannot read"):
        load_edition(path, SOURCE)


def test_renderings_of_any_order_are_found_by_their_place(tmp_path: Path) -> None:
    source = "网民规模。普及率。"
    lines = [
        {"start": a, "end": b, "digest": digest(source[a:b]), "english": said}
        for a, b, said in ((5, 9, "Penetration."), (0, 5, "Users."))
    ]
    path = tmp_path / "english.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    edition = load_edition(path, source)
    assert edition.within(Span(0, 9)) == "Users. Penetration."
    assert edition.within(Span(0, 5)) == "Users."
    assert edition.within(Span(6, 7)) == "Penetration."
    assert edition.within(Span(9, 12)) == ""
