"""The command line: what each command prints, and one line with status 2 for what goes wrong."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import pytest
from jsonschema import Draft202012Validator

from qa import Answer, Assistant, SearchResult
from qa.cli import main
from qa.contract import FactRecord

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "网络购物用户规模是多少？"
REPORTS = ["cnnic-47", "digital-china-2020", "news-2021", "digital-china-2021", "cnnic-55"]
RUN = "import sys; from qa.cli import main; sys.exit(main())"

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> None:
    for name in ("WENSHU_CORPUS", "WENSHU_ENCODER", "WENSHU_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WENSHU_DATA", str(data_folder))


def printed(capsys: Captured, *arguments: str) -> str:
    """What a command that succeeds prints; it says nothing else."""
    assert main(arguments) == 0
    output = capsys.readouterr()
    assert output.err == ""
    return output.out


def failed(capsys: Captured, *arguments: str) -> str:
    """The one line that a command that fails prints on standard error."""
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    check_one_line(output.err)
    return output.err


def check_one_line(error: str) -> None:
    assert error.startswith("wenshu: ")
    assert error.endswith("\n")
    assert error.count("\n") == 1
    assert "Traceback" not in error
    assert len(error) > len("wenshu: \n") + 5


# What succeeds.

usefixtures = pytest.mark.usefixtures("real_assistant")


@usefixtures
def test_ask_prints_text_and_citations(capsys: Captured, real_assistant: Assistant) -> None:
    answer = real_assistant.ask([QUESTION])
    output = printed(capsys, "ask", QUESTION)
    assert output.startswith(f"{answer.text}\n\n[1] ")
    for one in answer.citations:
        assert f"\n[{one.marker}] {one.title} · {one.section}\n" in output
        assert " ".join(one.quote.split()) in output


@usefixtures
def test_ask_prints_json(capsys: Captured, real_assistant: Assistant) -> None:
    chosen = ["cnnic-47", "digital-china-2021"]
    named = [word for one in chosen for word in ("--report", one)]
    for options in ([], ["--lang", "en", *named]):
        output = json.loads(printed(capsys, "ask", QUESTION, "--json", *options))
        Draft202012Validator(Answer.model_json_schema()).validate(output)
        found = Answer.model_validate(output)
        expected = real_assistant.ask(
            [QUESTION],
            language="en" if options else None,
            reports=chosen if options else None,
        )
        assert found.model_copy(update={"timings_ms": {}}) == expected.model_copy(
            update={"timings_ms": {}}
        )


@usefixtures
def test_a_refusal_is_an_answer(capsys: Captured) -> None:
    output = json.loads(printed(capsys, "ask", "1950年网络购物用户规模是多少？", "--json"))
    assert output["status"] == "refused"
    assert output["reason"]


@usefixtures
def test_search_prints_ranked_passages(capsys: Captured) -> None:
    output = json.loads(printed(capsys, "search", "网购", "--json", "--limit", "3"))
    assert [one["rank"] for one in output] == [1, 2, 3]
    for one in output:
        Draft202012Validator(SearchResult.model_json_schema()).validate(one)
    text = printed(capsys, "search", "网购", "--limit", "1", "--report", output[0]["report"])
    assert re.findall(r"^(\d+)\. ", text, re.M) == ["1"]
    assert output[0]["text"][:50] in text


def test_facts_prints_what_the_reports_give(capsys: Captured) -> None:
    output = json.loads(printed(capsys, "facts", "互联网医疗用户规模", "--json"))
    for one in output:
        Draft202012Validator(FactRecord.model_json_schema()).validate(one)
    level = [
        (one["period"], one["magnitude"])
        for one in output
        if (one["kind"], one["metric"]) == ("level", "互联网医疗用户规模") and one["period"]
    ]
    assert level == [
        ("2020-12", 214_800_000.0),
        ("2023-12", 413_930_000.0),
        ("2024-12", 417_650_000.0),
    ]
    text = printed(capsys, "facts", "互联网医疗用户规模", "--report", "cnnic-55")
    assert "37.7% share of 网民整体, 2024-12" in text
    assert "cnnic-47" not in text
    assert "no figure" in printed(capsys, "facts", "没有这个指标")


def test_facts_goes_by_what_people_call_a_metric(capsys: Captured) -> None:
    asked = printed(capsys, "facts", "food delivery").splitlines()
    assert "网上外卖用户规模: 59,231万人 level, 2024-12" in {one.split(";")[0] for one in asked}
    assert set(asked) <= set(printed(capsys, "facts", "网上外卖").splitlines())


def test_facts_names_what_contradicts_a_figure(capsys: Captured) -> None:
    text = printed(capsys, "facts", "政府网站")
    assert re.search(r"^政府网站: 14,444个 .*but 14,581个 in digital-china-2020", text, re.M)


def test_reports_prints_what_there_is(capsys: Captured) -> None:
    output = json.loads(printed(capsys, "reports", "--json"))
    fields = {
        "id", "title", "title_en", "short", "short_en", "publisher", "publisher_en", "published",
        "data_until", "language", "sha256", "quality", "licence", "numbers_lost",
        "digits_per_clause", "digits", "english",
    }  # fmt: skip
    assert [set(one) for one in output] == [fields] * 5
    assert sorted(one["id"] for one in output) == sorted(REPORTS)
    assert {one["id"] for one in output if one["numbers_lost"]} == {"news-2021"}
    for one in output:
        assert re.fullmatch(r"\d{4}(-\d\d){0,2}", one["data_until"])
        assert re.fullmatch("[0-9a-f]{64}", one["sha256"])
        assert one["digits_per_clause"] >= 0
    text = printed(capsys, "reports")
    for one in output:
        assert f"{one['id']}: {one['title']} / {one['title_en']}\n" in text
        assert one["quality"] in text


@usefixtures
def test_index_says_what_it_holds(capsys: Captured, real_assistant: Assistant) -> None:
    size = {"reports": 5, "chunks": real_assistant.chunks}
    assert json.loads(printed(capsys, "index", "--json")) == size
    assert f"5 reports, {real_assistant.chunks} chunks" in printed(capsys, "index")


@pytest.mark.parametrize("command", ["", "ask", "search", "facts", "reports", "index", "chat"])
def test_help(capsys: Captured, command: str) -> None:
    output = printed(capsys, *[command] * bool(command), "--help")
    assert output.startswith("Usage: wenshu")
    assert "--help" in output


def test_an_index_is_built_where_it_is_asked_for(capsys: Captured, tmp_path: Path) -> None:
    small = small_corpus(tmp_path / "corpus")
    arguments = ["index", "--corpus", str(small), "--data", str(tmp_path / "data"), "--json"]
    assert main(arguments) == 0
    output = capsys.readouterr()
    assert json.loads(output.out)["reports"] == 1
    assert output.err == "Building the search index (there is none yet).\n"
    assert main(arguments) == 0
    assert capsys.readouterr().err == ""


def small_corpus(folder: Path) -> Path:
    """A corpus of the shortest report alone."""
    report = folder / "news-2021"
    report.mkdir(parents=True)
    for path in (ROOT / "corpus" / "reports" / "news-2021").iterdir():
        (report / path.name).write_bytes(path.read_bytes())
    return folder


# What fails.

USAGE = [
    ["frobnicate"],
    ["--frobnicate"],
    ["ask"],
    ["ask", "网民", "规模"],
    ["ask", "网民", "--frobnicate"],
    ["ask", "网民", "--lang", "fr"],
    ["ask", "网民", "--lang"],
    ["ask", "网民", "--batch", "in.jsonl", "--out", "out.jsonl"],
    ["ask", "网民", "--out", "out.jsonl"],
    ["ask", "--batch", "in.jsonl"],
    ["ask", "--out", "out.jsonl"],
    ["search"],
    ["search", "网民", "--limit", "0"],
    ["search", "网民", "--limit", "101"],
    ["search", "网民", "--limit", "many"],
    ["reports", "cnnic-47"],
    ["chat", "--port", "0"],
    ["chat", "--port", "65536"],
    ["chat", "now"],
]


def test_without_a_command_the_help_is_printed(capsys: Captured) -> None:
    assert main([]) == 0
    printed = capsys.readouterr()
    assert "Usage: wenshu" in printed.out
    assert printed.err == ""


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_usage(capsys: Captured, arguments: list[str]) -> None:
    failed(capsys, *arguments)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("网" * 20_000, "20,000 characters"),
        ("网民\x1b[31m", "control character"),
        ("网民\udce9", "broken character"),
        ("Сколько?", "another language"),
        ("123", "no words"),
    ],
)
@usefixtures
def test_a_question_that_cannot_be_taken(capsys: Captured, question: str, says: str) -> None:
    assert says in failed(capsys, "ask", question)
    assert says in failed(capsys, "search", question)


@usefixtures
def test_an_unknown_report(capsys: Captured) -> None:
    for command, report in (("ask", "cnnic-48"), ("ask", ""), ("search", "../cnnic-47")):
        error = failed(capsys, command, QUESTION, "--report", "cnnic-47", "--report", report)
        assert f"no report {report!r}: there are cnnic-47, " in error


def test_a_corpus_that_is_not_there(capsys: Captured, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    for folder in (tmp_path / "missing", tmp_path, file):
        for command in (["ask", QUESTION], ["search", QUESTION], ["reports"], ["index"]):
            assert f"no reports in {folder}" in failed(capsys, *command, "--corpus", str(folder))


def test_a_broken_report(capsys: Captured, tmp_path: Path) -> None:
    folder = small_corpus(tmp_path)
    source = folder / "news-2021" / "source.txt"
    text = source.read_text(encoding="utf-8")
    for content in (text + "9", "", text.encode("gbk", "replace").decode("latin-1")):
        source.write_text(content, encoding="utf-8")
        assert str(source) in failed(capsys, "reports", "--corpus", str(folder))
    source.write_bytes(b"\xff")
    assert "is not UTF-8" in failed(capsys, "index", "--corpus", str(folder))
    source.unlink()
    assert str(source) in failed(capsys, "ask", QUESTION, "--corpus", str(folder))


def test_a_data_folder_that_cannot_be_written(capsys: Captured, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"kept")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "index").write_bytes(b"kept")
    for command, folder in (("ask", file), ("search", file / "data"), ("index", tmp_path / "data")):
        arguments = [QUESTION] * (command != "index")
        error = failed(capsys, command, *arguments, "--data", str(folder))
        assert f"cannot write the index to {folder / 'index' / 'bundled'}: " in error
    assert file.read_bytes() == (tmp_path / "data" / "index").read_bytes() == b"kept"


def test_somebody_elses_files_are_not_replaced(capsys: Captured, tmp_path: Path) -> None:
    folder = tmp_path / "index" / "bundled"
    folder.mkdir(parents=True)
    (folder / "thesis.txt").write_bytes(b"kept")
    assert f"{folder} holds " in failed(capsys, "index", "--data", str(tmp_path))
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("name", ["nobody/no-such-model", "no-such-model"])
@usefixtures
def test_an_unknown_model(capsys: Captured, name: str) -> None:
    for option in ("--encoder", "--model"):
        error = failed(capsys, "ask", QUESTION, option, name)
        assert repr(name) in error
        assert "tried to" not in error, "the network was tried"


@usefixtures
def test_the_environment_names_what_options_do_not(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WENSHU_CORPUS", str(tmp_path))
    monkeypatch.setenv("WENSHU_MODEL", "")
    assert f"no reports in {tmp_path}" in failed(capsys, "ask", QUESTION)
    reports = str(ROOT / "corpus" / "reports")
    assert printed(capsys, "ask", QUESTION, "--corpus", reports)
    monkeypatch.delenv("WENSHU_CORPUS")
    monkeypatch.setenv("WENSHU_MODEL", "no-such-model")
    assert "'no-such-model'" in failed(capsys, "ask", QUESTION)


# As a process of its own.


def run(
    code: str,
    *arguments: str,
    stdout: "int | IO[str]" = subprocess.PIPE,
    env: Mapping[str, str] | None = None,
) -> "subprocess.CompletedProcess[str]":
    """Run Python code in a new process, at the root of the checkout."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.slow
@usefixtures
def test_a_process_ends_with_the_status() -> None:
    asked = run(RUN, "ask", QUESTION, "--json", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (asked.returncode, asked.stderr) == (0, "")
    assert Answer.model_validate_json(asked.stdout).question == QUESTION
    wrong = run(RUN, "ask", "12345")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    check_one_line(wrong.stderr)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["reports"], ["reports", "--json"], ["--help"]])
def test_a_reader_that_goes_away_is_no_error(arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result = run(RUN, *arguments, stdout=writer)
    finally:
        os.close(writer)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_said() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        result = run(RUN, "reports", stdout=full)
    assert result.returncode == 2
    check_one_line(result.stderr)


FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="limits file sizes the Unix way")
def test_a_disk_that_is_full_is_said(tmp_path: Path) -> None:
    """No file may grow over 20 kB, which ends in the same place as a full disk."""
    small = small_corpus(tmp_path / "corpus")
    folder = tmp_path / "data"
    result = run(FULL + RUN, "index", "--corpus", str(small), "--data", str(folder))
    assert (result.returncode, result.stdout) == (2, "")
    progress, error = result.stderr.splitlines(keepends=True)
    assert progress == "Building the search index (there is none yet).\n"
    check_one_line(error)
    assert f"cannot write the index to {folder / 'index' / 'bundled'}: " in error
    assert [path.name for path in (folder / "index").iterdir()] == ["bundled.lock"]


UNPLUGGED = """
import socket, sys
tried = []
def blocked(*address, **options):
    tried.append(address)
    raise OSError("blocked")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = blocked
from qa.cli import main
status = main(["ask", "网民规模", sys.argv[1], "nobody/no-such-model"])
sys.exit(f"{status} {tried}")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "option",
    [
        "--model",
        "--encoder",
    ],
)
@usefixtures
def test_no_model_is_fetched(tmp_path: Path, option: str) -> None:
    """Not even where the libraries are not told to stay offline, as tests tell them."""
    offline = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
    environment = {name: value for name, value in os.environ.items() if name not in offline}
    result = run(UNPLUGGED, option, env={**environment, "HF_HOME": str(tmp_path)})
    error, last = result.stderr.splitlines(keepends=True)
    check_one_line(error)
    assert last == "2 []\n"


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.slow
def test_chat_on_a_taken_port_says_so_and_takes_the_next(taken_port: int, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [sys.executable, "-c", RUN, "chat", "--port", str(taken_port)],
            cwd=ROOT,
            env={**os.environ, "STREAMLIT_SERVER_HEADLESS": "true"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as server,
    ):
        try:
            port = announced_port(server, log)
            assert taken_port < port <= taken_port + 100
            lines = log.read_text(encoding="utf-8").splitlines()
            assert lines[0] == f"Port {taken_port} is taken; using {port}."
            assert f"http://127.0.0.1:{port} " in lines[1]
            assert health(port, server) == b"ok"
        finally:
            os.killpg(server.pid, 2)  # as Ctrl+C does, to the page as well
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, 9)
    assert "Traceback" not in log.read_text(encoding="utf-8")
    socket.create_server(("127.0.0.1", port)).close()


def announced_port(server: "subprocess.Popen[bytes]", log: Path) -> int:
    """Wait until the second line of the log names the port."""
    end = time.monotonic() + 40
    while server.poll() is None and time.monotonic() < end:
        found = re.search(r"http://127\.0\.0\.1:(\d+) ", log.read_text(encoding="utf-8"))
        if found:
            return int(found[1])
        time.sleep(0.05)
    pytest.fail(f"no address was told: {log.read_text(encoding='utf-8')}")


def health(port: int, server: "subprocess.Popen[bytes]") -> bytes:
    """Ask the page how it is until it answers."""
    end = time.monotonic() + 40
    while server.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health") as answer:
                content: bytes = answer.read()
                return content
        except OSError:
            time.sleep(0.1)
    pytest.fail("the page did not start")
