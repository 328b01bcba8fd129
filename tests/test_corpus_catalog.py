"""Loading reports: a whole corpus, and each way in which one can be broken."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from corpus import CorpusError, Edition, Report, load_report, load_reports, numbers_lost, passages

SOURCE = "一、网民规模\n\n截至 2020 年 12 月，我国网民规模达 9.89 亿，互联网普及率达 70.4%。\n"
FIELDS = {
    "id": "made-up",
    "title": "互联网发展报告",
    "title_en": "Internet report",
    "short": "报告",
    "short_en": "Report",
    "publisher": "某机构",
    "publisher_en": "Someone",
    "published": "2021-02",
    "data_until": "2020-12",
    "language": "zh",
    "quality": "Clean.",
    "licence": "None.",
}


def write(folder: Path, source: str | bytes = SOURCE, **changes: str | int | None) -> Path:
    """Write a report; a changed field of None is left out, and an int is no text."""
    folder.mkdir(parents=True)
    data = source.encode("utf-8") if isinstance(source, str) else source
    fields: dict[str, str | int | None] = {**FIELDS, "sha256": sha256(data).hexdigest(), **changes}
    lines = [f"{name} = {json.dumps(value)}" for name, value in fields.items() if value is not None]
    (folder / "report.toml").write_text("\n".join(lines), encoding="utf-8")
    (folder / "source.txt").write_bytes(data)
    return folder


def error_of(load: Callable[[Path], object], folder: Path) -> str:
    """Give the message of the CorpusError that loading must end in: one line that names a file."""
    with pytest.raises(CorpusError) as caught:
        load(folder)
    message = str(caught.value)
    assert "\n" not in message
    assert "Traceback" not in message
    assert "Error(" not in message
    assert str(folder) in message
    return message


def test_a_made_up_report_is_loaded_as_it_is(tmp_path: Path) -> None:
    report = load_report(write(tmp_path / "folder-name"))
    digest = sha256(SOURCE.encode("utf-8")).hexdigest()
    assert report == Report(**FIELDS, sha256=digest, source=SOURCE, edition=Edition())
    (passage,) = passages(report)
    assert passage.text == "截至2020年12月，我国网民规模达9.89亿，互联网普及率达70.4%。"
    assert passage.section == ("一、网民规模",)
    assert not numbers_lost(report)


def test_reports_come_oldest_data_first(tmp_path: Path) -> None:
    write(tmp_path / "a", id="new", data_until="2024-12")
    write(tmp_path / "b", id="old", data_until="2019")
    write(tmp_path / "c", id="also-new", data_until="2024-12")
    (tmp_path / "notes.txt").write_text("no report", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    assert [report.id for report in load_reports(tmp_path)] == ["old", "also-new", "new"]


def test_numbers_lost_looks_at_the_text_alone(tmp_path: Path) -> None:
    figures = "截至 2020 年 12 月，网民规模达 9.89 亿，普及率达 70.4%，增长 8540 万。\n" * 20
    robbed = "截至年月，我国网民规模达亿，互联网普及率达，较上年增长万人。\n" * 20
    good = load_report(write(tmp_path / "news-2021", figures, id="news-2021", title="中新网报道"))
    lost = load_report(write(tmp_path / "cnnic-47", robbed, id="cnnic-47"))
    assert not numbers_lost(good)
    assert numbers_lost(lost)


def test_a_missing_folder(tmp_path: Path) -> None:
    assert "no reports" in error_of(load_reports, tmp_path / "nowhere")


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "report.toml and source.txt" in error_of(load_reports, tmp_path)


def test_a_file_where_a_folder_is_expected(tmp_path: Path) -> None:
    path = tmp_path / "corpus"
    path.write_text("not a folder", encoding="utf-8")
    error_of(load_reports, path)
    error_of(load_report, path)


@pytest.mark.parametrize("name", ["source.txt", "report.toml"])
def test_a_missing_file(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "report")
    (folder / name).unlink()
    assert name in error_of(load_report, folder)
    assert name in error_of(load_reports, tmp_path)


@pytest.mark.parametrize("name", ["source.txt", "report.toml"])
def test_an_unreadable_file(tmp_path: Path, name: str) -> None:
    """A folder in a file's place, as no file is unreadable to root."""
    folder = write(tmp_path / "report")
    (folder / name).unlink()
    (folder / name).mkdir()
    assert f"cannot read {folder / name}" in error_of(load_report, folder)


def test_one_broken_report_among_good_ones_is_named(tmp_path: Path) -> None:
    write(tmp_path / "good")
    (write(tmp_path / "bad", id="other") / "source.txt").unlink()
    assert str(tmp_path / "bad" / "source.txt") in error_of(load_reports, tmp_path)


def test_a_changed_source(tmp_path: Path) -> None:
    folder = write(tmp_path / "report")
    (folder / "source.txt").write_text(SOURCE.replace("9.89", "9.88"), encoding="utf-8")
    message = error_of(load_report, folder)
    assert "was changed" in message
    assert sha256(SOURCE.encode("utf-8")).hexdigest()[:12] in message


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (SOURCE.encode("gb18030"), "not UTF-8"),
        (SOURCE.encode("utf-16"), "not UTF-8"),
        (bytes(range(256)) * 4, "not UTF-8"),
        (SOURCE.encode("utf-8")[:-10] + b"\xe7\xbd", "not UTF-8"),
        (SOURCE.replace("\n", "\r\n").encode("utf-8"), "carriage returns"),
        (b"", "is empty"),
        (" \n\n\t\u3000\n".encode(), "is empty"),
    ],
    ids=["gb18030", "utf-16", "binary", "cut", "crlf", "empty", "blank"],
)
def test_a_source_that_is_no_text(tmp_path: Path, data: bytes, says: str) -> None:
    message = error_of(load_report, write(tmp_path / "report", data))
    assert says in message
    assert "source.txt" in message


@pytest.mark.parametrize(
    "toml",
    [b"id = ", b"= = =", b"\xff\xfe", "标题 = 无引号".encode(), b"[[["],
)
def test_invalid_toml(tmp_path: Path, toml: bytes) -> None:
    folder = write(tmp_path / "report")
    (folder / "report.toml").write_bytes(toml)
    assert f"{folder / 'report.toml'} is not valid TOML" in error_of(load_report, folder)


@pytest.mark.parametrize("field", [*FIELDS, "sha256"])
def test_a_missing_field(tmp_path: Path, field: str) -> None:
    message = error_of(load_report, write(tmp_path / "report", SOURCE, **{field: None}))
    assert message.endswith(f"missing, unknown or not text: {field}")


def test_fields_that_are_unknown_or_no_text(tmp_path: Path) -> None:
    folder = write(tmp_path / "report", published=2021, colour="red")
    with (folder / "report.toml").open("a", encoding="utf-8") as file:
        file.write('\nsource = "text"\n')
    assert error_of(load_report, folder).endswith(": colour, source, published")


@pytest.mark.parametrize("until", ["2020-13", "December 2020", "", "20-12"])
def test_a_date_that_is_no_month(tmp_path: Path, until: str) -> None:
    assert "data_until" in error_of(load_report, write(tmp_path / "report", data_until=until))


def test_two_reports_of_one_id(tmp_path: Path) -> None:
    write(tmp_path / "one")
    write(tmp_path / "two")
    assert "'made-up'" in error_of(load_reports, tmp_path)


def test_a_huge_source_is_loaded_whole(tmp_path: Path) -> None:
    source = SOURCE * (5_000_000 // len(SOURCE.encode("utf-8")) + 1)
    report = load_report(write(tmp_path / "report", source))
    assert report.source == source
    assert len(report.source.encode("utf-8")) >= 5_000_000
    assert not numbers_lost(report)
