"""``wenshu check``: what it prints, and one line with status 2 for what goes wrong."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from qa import Verdict
from qa.cli import main

CLAIM = "截至2020年12月，我国网民规模达8.89亿。"

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> None:
    for name in ("WENSHU_CORPUS", "WENSHU_ENCODER", "WENSHU_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WENSHU_DATA", str(data_folder))


def printed(capsys: Captured, *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_a_claim_is_judged(capsys: Captured) -> None:
    text = printed(capsys, "check", CLAIM)
    assert "与报告不符" in text
    assert "9.89亿" in text
    assert "[1]" in text


def test_json_is_as_the_contract_says(capsys: Captured) -> None:
    record = json.loads(printed(capsys, "check", CLAIM, "--json"))
    Draft202012Validator(Verdict.model_json_schema()).validate(record)
    assert (record["verdict"], record["findings"][0]["found"]) == ("refuted", "9.89亿")


def test_the_language_can_be_chosen(capsys: Captured) -> None:
    assert "Refuted" in printed(capsys, "check", CLAIM, "--lang", "en")


def test_an_article_is_read_from_a_file(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "article.md"
    path.write_text(f"# 标题\n\n{CLAIM}互联网普及率达70.4%。\n", encoding="utf-8")
    record = json.loads(printed(capsys, "check", "--file", str(path), "--json"))
    assert [one["verdict"] for one in record["findings"]] == ["refuted", "supported"]


def test_a_batch_keeps_ids_and_order(capsys: Captured, tmp_path: Path) -> None:
    given, written = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [{"id": 7, "claim": CLAIM}, {"id": "b", "claim": ""}, {"id": "c", "claim": CLAIM}]
    given.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    printed(capsys, "check", "--batch", str(given), "--out", str(written))
    records = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    assert [one["id"] for one in records] == [7, "b", "c"]
    assert [one["verdict"] for one in records] == ["refuted", "not_enough_info", "refuted"]
    assert records[0]["text"] == records[2]["text"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", CLAIM, "--file", "x.md"),
        ("check", "--batch", "in.jsonl"),
        ("check", ""),
        ("check", "今天天气很好。我们去公园。"),
        ("check", "--file", "missing.md"),
        ("check", CLAIM, "--report", "none"),
    ],
)
def test_bad_input_is_one_line(capsys: Captured, arguments: tuple[str, ...]) -> None:
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("wenshu: ")
    assert output.err.count("\n") == 1


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[1]\n", b'{"id": 1}\n'])
def test_a_bad_batch_is_one_line(capsys: Captured, tmp_path: Path, content: bytes) -> None:
    given, written = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_bytes(content)
    assert main(("check", "--batch", str(given), "--out", str(written))) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not written.exists()
