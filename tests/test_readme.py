"""Every command that a README shows exists, and every subcommand of wenshu is shown."""

import importlib.util
import re
import shlex
from collections.abc import Mapping, Set
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).resolve().parent.parent
READMES = ["README.md", "README.zh.md"]

FENCE = re.compile(r"^[ ]*```(?:sh|bash|console)[ ]*\n(.*?)^[ ]*```", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"^([a-z][\w-]*):", re.MULTILINE)
SETTING = re.compile(r"^([A-Z_]+) \?=", re.MULTILINE)
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")

Options = Mapping[str, Set[str]]  # of each subcommand


def commands(markdown: str) -> list[list[str]]:
    """Split the shell blocks of a page into simple commands, each a list of words."""
    found = []
    for block in FENCE.findall(markdown):
        for line in block.replace("\\\n", " ").splitlines():
            lexer = shlex.shlex(line.strip().removeprefix("$ "), posix=True, punctuation_chars=True)
            lexer.whitespace_split = True
            command: list[str] = []
            for word in [*lexer, ";"]:
                if word and set(word) <= set(";&|"):
                    found.append(command)
                    command = []
                elif command or not ASSIGNMENT.match(word):
                    command.append(word)
    return [command for command in found if command]


def make_problems(words: list[str], makefile: str) -> list[str]:
    """Say which targets and variables of a make command the Makefile lacks."""
    known = {*TARGET.findall(makefile), *SETTING.findall(makefile)}
    names = [word.split("=")[0] for word in words if not word.startswith("-")]
    return [f"make: no {name}" for name in names if name not in known]


def wenshu_problems(words: list[str], options: Options) -> list[str]:
    """Say which subcommand or options of a wenshu command do not exist."""
    name = words[0] if words and not words[0].startswith("-") else ""
    if name not in options:
        return [f"wenshu: no {name}"]
    given = [word.split("=")[0] for word in words if word.startswith("-")]
    return [
        f"wenshu {name}: no {option}".replace(" :", ":")
        for option in given
        if option not in options[name]
    ]


def module_problems(words: list[str]) -> list[str]:
    """Say whether `python -m` would find nothing to run."""
    if "-m" not in words[:-1]:
        return []
    module = words[words.index("-m") + 1]
    try:
        spec = importlib.util.find_spec(module)
        if spec and spec.submodule_search_locations is not None:
            spec = importlib.util.find_spec(f"{module}.__main__")
    except ModuleNotFoundError:
        spec = None
    return [] if spec else [f"python: no module {module} to run"]


def problems(command: list[str], makefile: str, options: Options) -> list[str]:
    """Check one command; programs that are not this project's pass."""
    program, words = Path(command[0]).name, command[1:]
    if program == "make":
        return make_problems(words, makefile)
    if program == "wenshu":
        return wenshu_problems(words, options)
    return module_problems(words) if program.startswith("python") else []


def options_of(app: typer.Typer) -> dict[str, set[str]]:
    """List the options of each subcommand; the program's own stand under the empty name."""
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    return {
        name: {"--help"}.union(
            option
            for parameter in command.params
            for option in [*parameter.opts, *parameter.secondary_opts]
            if option.startswith("-")
        )
        for name, command in {"": group, **group.commands}.items()
    }


def wenshu_options() -> dict[str, set[str]]:
    from qa.cli import app

    return options_of(app)


def read(name: str) -> str:
    path = ROOT / name
    assert path.is_file(), f"{name} is missing"
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("readme", READMES)
def test_every_command_shown_exists(readme: str) -> None:
    shown, makefile, options = commands(read(readme)), read("Makefile"), wenshu_options()
    assert shown, f"{readme} shows no commands"
    assert [problem for command in shown for problem in problems(command, makefile, options)] == []


@pytest.mark.parametrize("readme", READMES)
def test_every_subcommand_is_shown(readme: str) -> None:
    shown = {
        command[1]
        for command in commands(read(readme))
        if len(command) > 1 and Path(command[0]).name == "wenshu"
    }
    assert set(wenshu_options()) - {""} - shown == set()


PAGE = """
Text with `make nothing` in it.

```sh
$ git clone URL && cd wenshu   # it's a comment
PIP_OPTIONS="--extra-index-url X" make chat
make train DATA=../data
.venv/bin/wenshu ask "网络购物用户规模有多大？" \\
    --lang en | head -1
python -m eval.bench
```

- a list
  ```sh
  make lint
  ```

```python
make = "not a command"
```
"""


def test_commands_are_read_from_shell_blocks_only() -> None:
    assert commands(PAGE) == [
        ["git", "clone", "URL"],
        ["cd", "wenshu"],
        ["make", "chat"],
        ["make", "train", "DATA=../data"],
        [".venv/bin/wenshu", "ask", "网络购物用户规模有多大？", "--lang", "en"],
        ["head", "-1"],
        ["python", "-m", "eval.bench"],
        ["make", "lint"],
    ]


MAKEFILE = "DATA ?= data\nchat: stamp ## open\n\techo\nsub-target:\n"
OPTIONS = {"": {"--help"}, "ask": {"--help", "--lang", "-l"}}


@pytest.mark.parametrize(
    "command",
    [
        "make",
        "make -s chat sub-target DATA=x",
        "wenshu --help",
        "wenshu ask 问题 --lang=en",
        "bin/wenshu ask 问题 -l en",
        "python -m json.tool",
        "python3.11 -m unittest",
        "python --version",
        "ls --no-such-option",
    ],
)
def test_a_right_command_passes(command: str) -> None:
    assert problems(command.split(), MAKEFILE, OPTIONS) == []


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("make tea", "make: no tea"),
        ("make chat DATE=x", "make: no DATE"),
        ("make stamp", "make: no stamp"),
        ("wenshu tell 问题", "wenshu: no tell"),
        ("wenshu ask 问题 --language en", "wenshu ask: no --language"),
        ("wenshu --lang", "wenshu: no --lang"),
        ("python -m no_such_module", "python: no module no_such_module to run"),
        ("python -m json.no_such_module", "python: no module json.no_such_module to run"),
        ("python -m importlib", "python: no module importlib to run"),
    ],
)
def test_a_wrong_command_is_seen(command: str, problem: str) -> None:
    assert problems(command.split(), MAKEFILE, OPTIONS) == [problem]


def test_options_are_read_from_the_program() -> None:
    app = typer.Typer()

    @app.command()
    def ask(question: str, as_json: bool = typer.Option(False, "--json", "-j")) -> None: ...

    @app.command("reports")
    def list_reports() -> None: ...

    options = options_of(app)
    assert set(options) == {"", "ask", "reports"}
    assert options["ask"] == {"--help", "--json", "-j"}
    assert "--help" in options[""]
