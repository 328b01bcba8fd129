"""Imports go one way: corpus <- index <- qa <- app.py, eval."""

import ast
import importlib
import importlib.util
import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RANK = {"corpus": 0, "index": 1, "qa": 2, "app": 3, "eval": 3}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def resolve(name: str, package: list[str]) -> str:
    """Make a relative name absolute: `..x` in the package a.b is `a.x`."""
    rest = name.lstrip(".")
    level = len(name) - len(rest)
    if not level:
        return name
    return ".".join([*package[: len(package) - level + 1], rest])


def called_import(node: ast.Call) -> str | None:
    """Return the module that an `import_module("x")` or `__import__("x")` names."""
    function = node.func.attr if isinstance(node.func, ast.Attribute) else None
    if isinstance(node.func, ast.Name):
        function = node.func.id
    if function not in ("import_module", "__import__"):
        return None
    arguments = [*node.args, *(word.value for word in node.keywords)]
    literals = [arg.value for arg in arguments if isinstance(arg, ast.Constant)]
    match [literal for literal in literals if isinstance(literal, str)]:
        case [name]:
            return name
        case [name, package, *_]:
            return resolve(name, package.split("."))
    return None


def imports(tree: ast.Module, package: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the absolute name and the local name of each import, wherever it stands."""
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                for alias in node.names:
                    yield node.lineno, alias.name, alias.asname or alias.name.split(".")[0]
            case ast.ImportFrom():
                origin = resolve("." * node.level + (node.module or ""), package).strip(".")
                for alias in node.names:
                    dotted = f"{origin}.{alias.name}".strip(".")
                    yield node.lineno, dotted, alias.asname or alias.name
            case ast.Call() if name := called_import(node):
                yield node.lineno, resolve(name, package), ""


def violations(source: str, path: str) -> list[str]:
    """Say which imports of a file break the order of the rooms or another room's privacy."""
    tree = ast.parse(source)
    *package, stem = Path(path).with_suffix("").parts
    here = package[0] if package else stem
    found = []
    foreign = set()
    for line, dotted, local in imports(tree, package):
        there, *inner = dotted.split(".")
        if there == here or there not in RANK:
            continue
        foreign.add(local)
        if RANK[there] >= RANK[here]:
            found.append(f"{path}:{line}: {here} must not import {there}")
        elif any(map(is_private, inner)):
            found.append(f"{path}:{line}: {dotted} is private to {there}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            owner = node.value
            while isinstance(owner, ast.Attribute):
                owner = owner.value
            if isinstance(owner, ast.Name) and owner.id in foreign:
                found.append(f"{path}:{node.lineno}: {ast.unparse(node)} is private")
    return found


def source_files() -> list[Path]:
    rooms = [ROOT / room for room in RANK if room != "app"]
    return [ROOT / "app.py", *(path for room in rooms for path in sorted(room.rglob("*.py")))]


def test_imports_go_one_way() -> None:
    assert [
        violation
        for path in source_files()
        for violation in violations(
            path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()
        )
    ] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("corpus/facts.py", "import qa"),
        ("corpus/facts.py", "import qa.answer as answer"),
        ("corpus/facts.py", "from index import search"),
        ("corpus/facts.py", "def late():\n    from index.search import Hit"),
        ("corpus/facts.py", "import importlib\nimportlib.import_module('qa.answer')"),
        ("corpus/facts.py", "from importlib import import_module as m, import_module\n"
         "import_module('.answer', package='qa')"),
        ("corpus/facts.py", "__import__('index')"),
        ("corpus/facts.py", "from .. import qa"),
        ("index/training/static.py", "from ...qa import answer"),
        ("qa/answer.py", "if TYPE_CHECKING:\n    import app"),
        ("app.py", "import eval.grade"),
        ("eval/grade.py", "import app"),
        ("qa/answer.py", "from corpus import _secret"),
        ("qa/answer.py", "from corpus.facts import _parse"),
        ("qa/answer.py", "import corpus._facts"),
        ("qa/answer.py", "import corpus.facts\ncorpus.facts._parse('1')"),
        ("qa/answer.py", "from corpus import facts as f\nf._parse('1')"),
    ],
)  # fmt: skip
def test_a_wrong_import_is_seen(path: str, source: str) -> None:
    assert len(violations(source, path)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("qa/answer.py", "import corpus\nfrom index.search import Hit\nimport index.search as s"),
        ("qa/answer.py", "from ._private import _name\nfrom . import _name\nself._name"),
        ("qa/answer.py", "import indexing\nimport torch._dynamo\nlocal._name"),
        ("qa/answer.py", "import corpus\ncorpus.__file__"),
        ("index/training/__init__.py", "from ..encoder import Encoder\nfrom . import static"),
        ("index/training/static.py", "import importlib\nimportlib.import_module('..encoder')"),
        ("app.py", "def draw():\n    from qa import ask"),
        ("eval/__main__.py", "from eval.grade import grade\nfrom qa import ask"),
    ],
)
def test_a_right_import_passes(path: str, source: str) -> None:
    assert violations(source, path) == []


@pytest.mark.parametrize("room", RANK)
def test_each_room_is_ours(room: str) -> None:
    spec = importlib.util.find_spec(room)
    assert spec is not None, f"{room} is missing"
    assert spec.origin is not None, f"{room} has no __init__.py"
    assert Path(spec.origin).resolve().is_relative_to(ROOT)


@pytest.mark.parametrize("room", ["corpus", "index", "qa", "eval"])
def test_what_a_room_exports_exists_and_is_sorted(room: str) -> None:
    module = importlib.import_module(room)
    exported = list(getattr(module, "__all__", []))
    assert [name for name in exported if not hasattr(module, name)] == []
    assert exported == sorted(set(exported), key=as_ruff_sorts)


def as_ruff_sorts(name: str) -> tuple[int, str]:
    """Order constants before classes before the rest (ruff's RUF022)."""
    if len(name) > 1 and name.isupper():
        return 0, name
    return 1 if name[:1].isupper() else 2, name


def test_ruffs_order() -> None:
    names = ["answer", "Verdict", "REFUSAL", "Answer"]
    assert sorted(names, key=as_ruff_sorts) == ["REFUSAL", "Answer", "Verdict", "answer"]


def test_every_package_is_shipped() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        listed = tomllib.load(file)["tool"]["setuptools"]["packages"]
    assert sorted(listed) == sorted(
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for room in ("corpus", "index", "qa")
        for path in (ROOT / room).rglob("__init__.py")
    )


def test_no_test_leaves_the_machine() -> None:
    with socket.socket() as sock, pytest.raises(RuntimeError, match="tried to reach"):
        sock.connect(("192.0.2.1", 80))
    with pytest.raises(RuntimeError, match="tried to look up"):
        socket.create_connection(("reports.invalid", 80))
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
