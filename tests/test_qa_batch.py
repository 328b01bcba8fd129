"""Batches: every question in gets an answer out, or nothing is written and the line is named."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa import Answer, Assistant
from qa.batch import BatchError, read_batch, write_batch
from qa.cli import main

GOOD = '{"id": "a", "turns": ["网民规模有多少？"]}'


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> None:
    for name in ("WENSHU_CORPUS", "WENSHU_ENCODER", "WENSHU_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WENSHU_DATA", str(data_folder))


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return [json.loads(line) for line in lines]


def test_every_question_is_answered_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], real_assistant: Assistant
) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "z", "turns": ["网络购物用户规模是多少？"]},
        {
            "id": 7,
            "turns": ["2020年底网民规模有多少？", "那2024年呢？"],
            "lang": "zh",
            "note": None,
        },
        {"id": "z", "turns": ["How many people shop online?"]},
        {"id": "", "turns": []},
        {"id": "空", "turns": ["   "]},
        {"id": -1, "turns": ["\ud800网民"]},
        {"id": "\udfff", "turns": ["网民\0"]},
        {"id": "long", "turns": ["网民" * 600_000]},
        {"id": "ru", "turns": ["Сколько пользователей?"]},
        {"id": "u2028", "turns": ["网民\u2028规模\u0085有多少？"]},
        {"id": "last", "turns": ["网络购物用户规模是多少？"]},
    ]
    source = write(tmp_path / "in.jsonl", *map(json.dumps, rows))
    before = source.read_bytes()
    assert main(["ask", "--batch", str(source), "--out", str(tmp_path / "out.jsonl")]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"11 answers written to {tmp_path / 'out.jsonl'}\n"
    answers = read(tmp_path / "out.jsonl")
    ids = [row["id"] if row["id"] != "\udfff" else "?" for row in rows]
    assert [answer.pop("id") for answer in answers] == ids
    parsed = [Answer.model_validate(answer) for answer in answers]
    bad = [bool(answer.reason == "bad_question") for answer in parsed]
    assert bad == [row["id"] in ("", "空", -1, "\udfff", "long", "ru") for row in rows]
    for row, answer in zip(rows, parsed, strict=True):
        alone = real_assistant.ask_or_refuse(row["turns"])
        assert answer.model_copy(update={"timings_ms": {}}) == alone.model_copy(
            update={"timings_ms": {}}
        )
    assert source.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


@pytest.mark.parametrize(
    ("content", "turns"),
    [
        (GOOD, [("a", ("网民规模有多少？",))]),
        (f"\n\n{GOOD}\r\n   \n", [("a", ("网民规模有多少？",))]),
        (f"\ufeff{GOOD}\n", [("a", ("网民规模有多少？",))]),
        ('{"id":"a\u2028b","turns":["x\u2029"]}', [("a\u2028b", ("x\u2029",))]),
        ('{"turns":[],"id":0}', [(0, ())]),
        ('{"id":"1","turns":["x"]}\n{"id":1,"turns":["y"]}', [("1", ("x",)), (1, ("y",))]),
        ('{"id":"s","turns":["\\ud83d\\ude00"]}', [("s", ("😀",))]),
    ],
)
def test_what_is_read(tmp_path: Path, content: str, turns: list[tuple[object, object]]) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(content.encode())
    assert [(item.id, item.turns) for item in read_batch(path)] == turns


BAD_LINES = [
    "{",
    "nothing",
    '{"id": "b", "turns": ["x"],}',
    '{"id": "b" "turns": ["x"]}',
    "\0",
    "[" * 100_000,
    '{"id": ' + "9" * 10_000 + ', "turns": ["x"]}',
    "[]",
    "null",
    "7",
    '"x"',
    "{}",
    '{"turns": ["x"]}',
    '{"id": null, "turns": ["x"]}',
    '{"id": true, "turns": ["x"]}',
    '{"id": 1.5, "turns": ["x"]}',
    '{"id": ["b"], "turns": ["x"]}',
    '{"id": "b"}',
    '{"id": "b", "turns": null}',
    '{"id": "b", "turns": "x"}',
    '{"id": "b", "turns": {"0": "x"}}',
    '{"id": "b", "turns": ["x", 2]}',
    '{"id": "b", "turns": [["x"]]}',
    '{"id": "b", "question": "x"}',
]


def failed(
    capsys: pytest.CaptureFixture[str], source: Path | str, out: Path | str, *more: str
) -> str:
    """Run a batch that must fail; give its one line."""
    assert main(["ask", "--batch", str(source), "--out", str(out), *more]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("wenshu: ")
    assert printed.err.count("\n") == 1
    assert len(printed.err) < 1000
    return printed.err


@pytest.mark.parametrize("line", BAD_LINES, ids=[f"{n}" for n in range(len(BAD_LINES))])
def test_a_bad_line_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    source = write(tmp_path / "in.jsonl", GOOD, "", line, GOOD)
    out = write(tmp_path / "out.jsonl", "kept")
    assert f"{source}, line 3: " in failed(capsys, source, out)
    with pytest.raises(BatchError, match="line 3"):
        read_batch(source)
    assert out.read_text(encoding="utf-8") == "kept\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n \n\n", "is empty"),
        (GOOD.encode("gbk"), "is not UTF-8 text (byte 23)"),
        (GOOD.encode("utf-16"), "is not UTF-8 text (byte 0)"),
        (b'{"id": "a", "turns": ["\xed\xa0\x80"]}', "is not UTF-8 text (byte 23)"),
    ],
    ids=["empty", "blank", "gbk", "utf-16", "surrogate"],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, says: str
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(content)
    assert f"{source} {says}" in failed(capsys, source, tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


def test_a_missing_file_or_a_folder_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for source in (tmp_path / "missing.jsonl", tmp_path, tmp_path / "no" / "in.jsonl"):
        assert f"cannot read {source}: " in failed(capsys, source, tmp_path / "out.jsonl")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("real_assistant")
def test_a_place_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path / "in.jsonl", GOOD)
    file = write(tmp_path / "file", "kept")
    folder = tmp_path / "folder"
    folder.mkdir()
    for out in (tmp_path / "no" / "out.jsonl", file / "out.jsonl", folder):
        assert f"cannot write {out}: " in failed(capsys, source, out)
    assert file.read_text(encoding="utf-8") == "kept\n"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder", "in.jsonl"]


@pytest.mark.usefixtures("real_assistant")
def test_a_report_that_is_not_there_ends_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path / "in.jsonl", GOOD)
    out = write(tmp_path / "out.jsonl", "kept")
    assert "no report 'x'" in failed(capsys, source, out, "--report", "x")
    assert out.read_text(encoding="utf-8") == "kept\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_a_run_that_breaks_leaves_the_old_file(tmp_path: Path, real_assistant: Assistant) -> None:
    out = write(tmp_path / "out.jsonl", "kept")
    answer = real_assistant.ask(["网络购物用户规模是多少？"])

    def broken() -> Iterator[tuple[str, Answer]]:
        yield "a", answer
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        write_batch(out, broken())
    assert out.read_text(encoding="utf-8") == "kept\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


@pytest.mark.usefixtures("real_assistant")
def test_language_and_reports_count_for_every_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path / "in.jsonl", GOOD, GOOD, '{"id": "b", "turns": [""]}')
    out = write(tmp_path / "out.jsonl", "old")
    options = ["--lang", "en", "--report", "cnnic-55"]
    assert main(["ask", "--batch", str(source), "--out", str(out), *options]) == 0
    answers = read(out)
    assert [answer["language"] for answer in answers] == ["en"] * 3
    assert {one["report"] for answer in answers for one in answer["citations"]} == {"cnnic-55"}
    assert capsys.readouterr().err.endswith(f"3 answers written to {out}\n")


@pytest.mark.usefixtures("real_assistant")
def test_a_batch_may_replace_its_own_file(tmp_path: Path) -> None:
    path = write(tmp_path / "both.jsonl", GOOD)
    assert main(["ask", "--batch", str(path), "--out", str(path)]) == 0
    (answer,) = read(path)
    assert answer["id"] == "a"
    assert answer["status"] in ("answered", "refused")


@pytest.mark.usefixtures("real_assistant")
def test_a_relative_place_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("in.jsonl"), GOOD)
    assert main(["ask", "--batch", "in.jsonl", "--out", "out.jsonl"]) == 0
    assert sorted(os.listdir()) == ["in.jsonl", "out.jsonl"]
