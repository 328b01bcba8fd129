"""Building an index: once, whole or not at all, and again when anything has changed."""

import errno
import json
import multiprocessing
import resource
import shutil
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus import Report, load_reports
from index import Index, IndexBuildError, open_index
from index.vectors import VectorIndex

Vectors = NDArray[np.float32]


class HashEncoder:
    """Counts of hashed character pairs, as unit rows."""

    name = "hash"
    dimension = 32

    def __init__(self, digest: str = "one") -> None:
        self.digest = digest
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for pair in pairwise(text):
                vectors[row, zlib.crc32("".join(pair).encode()) % self.dimension] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


class SlowEncoder(HashEncoder):
    """Takes its time and notes in a file that it was asked."""

    def __init__(self, notes: Path) -> None:
        super().__init__()
        self.notes = notes

    def encode(self, texts: Sequence[str]) -> Vectors:
        if len(texts) > 1:
            with self.notes.open("a", encoding="utf-8") as file:
                file.write(f"{len(texts)}\n")
            time.sleep(0.5)
        return super().encode(texts)


SOURCE = """一、网民规模

截至2020年12月，我国网民规模达9.89亿，互联网普及率达70.4%。

截至2020年12月，我国手机网民规模达9.86亿，网民使用手机上网的比例达99.7%。

二、域名

截至2020年12月，我国域名总数为4198万个。
"""


def reports(source: str = SOURCE) -> tuple[Report, ...]:
    template = load_reports()[0]
    one = replace(template, id="one", title="报告一", source=source)
    other = replace(template, id="other", title="报告二", source=source.replace("2020", "2021"))
    return one, other


Opened = tuple[Index, list[str]]


def opened(
    folder: Path, encoder: HashEncoder | None = None, read: tuple[Report, ...] | None = None
) -> Opened:
    """Open an index, with what was said meanwhile."""
    said: list[str] = []
    return open_index(read or reports(), encoder or HashEncoder(), folder, say=said.append), said


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def beside(folder: Path) -> list[str]:
    """What stands beside an index, but for its lock."""
    names = (path.name for path in folder.parent.iterdir())
    return sorted(name for name in names if name not in (folder.name, f"{folder.name}.lock"))


QUERIES = ("网民规模", "2021年12月手机网民", "域名总数4198万", "nothing of it")


def check(index: Index) -> None:
    """It finds, and what it finds is what an index built in memory finds."""
    best = index.search("我国域名总数为4198万个", reports=["other"])[0]
    assert best.passage.report == "other"
    assert best.passage.section == ("二、域名",)
    assert len(index.vectors) == len(index.chunks) == 6


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "index"


def test_it_is_built_once_and_loaded_after_that(folder: Path) -> None:
    first, said = opened(folder)
    check(first)
    assert len(said) == 1
    assert "\n" not in said[0]
    before = contents(folder)
    encoder = HashEncoder()
    second, said = opened(folder, encoder)
    assert said == []
    assert encoder.encoded == 0
    check(second)
    assert contents(folder) == before
    for query in QUERIES:
        assert second.search(query) == first.search(query)
    assert beside(folder) == []


def test_two_builds_write_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    opened(folder)
    opened(tmp_path / "again")
    assert contents(folder) == contents(tmp_path / "again")


def test_progress_is_told_to_the_end(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    open_index(reports(), HashEncoder(), folder, progress=lambda *done: told.append(done))
    assert told[-1] == (6, 6)
    assert told == sorted(told)
    told.clear()
    open_index(reports(), HashEncoder(), folder, progress=lambda *done: told.append(done))
    assert told == []


def edit_manifest(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, **changes}), encoding="utf-8")


def largest(folder: Path) -> Path:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]
    return max(files, key=lambda path: path.stat().st_size)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def half_written(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    (folder / "vectors.faiss").unlink()


def emptied(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
    "empty manifest": lambda folder: (folder / "manifest.json").write_bytes(b""),
    "garbage for a manifest": lambda folder: (folder / "manifest.json").write_bytes(b"\xff\x00{"),
    "a list for a manifest": lambda folder: (folder / "manifest.json").write_text("[1, 2]"),
    "a manifest of no files": lambda folder: edit_manifest(folder, files=None),
    "a manifest of odd files": lambda folder: edit_manifest(folder, files=[1, 2]),
    "another format": lambda folder: edit_manifest(folder, format=0),
    "a later format": lambda folder: edit_manifest(folder, format=10_000),
    "another dimension": lambda folder: edit_manifest(folder, dimension=31),
    "other chunks": lambda folder: edit_manifest(folder, chunks=7),
    "another encoder": lambda folder: edit_manifest(folder, encoder="two"),
    "another corpus": lambda folder: edit_manifest(folder, corpus="other"),
    "a cut file": lambda folder: largest(folder).write_bytes(largest(folder).read_bytes()[:-100]),
    "an empty file": lambda folder: largest(folder).write_bytes(b""),
    "a missing file": lambda folder: largest(folder).unlink(),
    "a flipped bit": lambda folder: flip(largest(folder)),
    "no vectors": lambda folder: (folder / "vectors.faiss").unlink(),
    "a flipped bit in the vectors": lambda folder: flip(folder / "vectors.faiss"),
    "no terms": lambda folder: shutil.rmtree(folder / "terms"),
    "a half-written folder": half_written,
    "an empty folder": emptied,
    "no folder": shutil.rmtree,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_seen_and_mended(folder: Path, damage: str) -> None:
    first, _ = opened(folder)
    before = contents(folder)
    DAMAGES[damage](folder)
    encoder = HashEncoder()
    second, said = opened(folder, encoder)
    check(second)
    assert len(said) == 1
    assert said[0].startswith("Building the search index (")
    assert "\n" not in said[0]
    assert encoder.encoded > 0
    assert contents(folder) == before
    assert beside(folder) == []
    assert opened(folder)[1] == []
    for query in QUERIES:
        assert second.search(query) == first.search(query)


def test_another_encoder_or_corpus_builds_anew(folder: Path) -> None:
    opened(folder)
    _, said = opened(folder, HashEncoder("two"))
    assert "encoder" in said[0]
    assert opened(folder, HashEncoder("two"))[1] == []
    changed = reports(SOURCE.replace("9.89", "9.88"))
    index, said = opened(folder, HashEncoder("two"), changed)
    assert "corpus" in said[0]
    assert "9.88亿" in index.search("网民规模达9.88亿")[0].chunk.text
    _, said = opened(folder, HashEncoder("two"), changed[:1])
    assert len(said) == 1
    assert beside(folder) == []


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Let this process write no longer files: the system refuses, as with a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def failing_build(folder: Path, encoder: HashEncoder) -> str:
    with pytest.raises(IndexBuildError) as caught:
        open_index(reports(), encoder, folder)
    message = str(caught.value)
    assert "\n" not in message
    assert str(folder) in message
    return message


@pytest.mark.parametrize("size", [0, 100, 700])
def test_a_system_that_refuses_to_write_leaves_the_old_index(folder: Path, size: int) -> None:
    opened(folder)
    before = contents(folder)
    with no_file_beyond(size):
        message = failing_build(folder, HashEncoder("two"))
    assert message.startswith(f"cannot write the index to {folder}: ")
    assert contents(folder) == before
    assert beside(folder) == []
    assert opened(folder)[1] == []
    check(opened(folder, HashEncoder("two"))[0])


def test_a_full_disk_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: VectorIndex, path: Path) -> None:
        path.write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(VectorIndex, "save", full)
        assert "No space left on device" in failing_build(folder, HashEncoder())
        assert not folder.exists()
        assert beside(folder) == []
    check(opened(folder)[0])


def test_an_index_that_cannot_be_put_in_place_leaves_the_old_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(folder)
    before = contents(folder)
    move = Path.replace

    def refused(self: Path, target: Path) -> Path:
        if self.name.startswith(f"{folder.name}-new-") and target == folder:
            raise OSError(errno.EIO, "Input/output error")
        return move(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refused)
        assert "Input/output error" in failing_build(folder, HashEncoder("two"))
    assert contents(folder) == before
    assert beside(folder) == []


def test_a_parent_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine", encoding="utf-8")
    failing_build(tmp_path / "data" / "index", HashEncoder())
    assert (tmp_path / "data").read_text(encoding="utf-8") == "mine"


def test_a_file_in_the_folders_place_is_kept(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("mine", encoding="utf-8")
    assert "name another folder" in failing_build(tmp_path / "index", HashEncoder())
    assert (tmp_path / "index").read_text(encoding="utf-8") == "mine"
    assert beside(tmp_path / "index") == []


def test_a_folder_of_other_files_is_kept(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "letter.txt").write_text("mine", encoding="utf-8")
    (folder / "manifest.json").write_text('{"name": "a web page"}', encoding="utf-8")
    before = contents(folder)
    assert "name another folder" in failing_build(folder, HashEncoder())
    assert contents(folder) == before


def test_an_index_of_a_later_version_is_replaced(folder: Path) -> None:
    """It may hold files this version does not know, but its manifest lists them."""
    opened(folder)
    (folder / "graph.bin").write_bytes(b"later")
    content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    edit_manifest(folder, format=10_000, files={**content["files"], "graph.bin": "0"})
    check(opened(folder)[0])
    assert "graph.bin" not in contents(folder)


def test_reports_without_a_passage_give_an_empty_index(folder: Path) -> None:
    read = (replace(load_reports()[0], source="第一章 网民规模\n"),)
    for _ in range(2):
        index = open_index(read, HashEncoder(), folder)
        assert index.chunks == ()
        assert index.search("网民规模") == ()


def build_with_others(arguments: tuple[Path, Path]) -> tuple[int, list[str], list[str]]:
    """Build an index in a process of its own."""
    folder, notes = arguments
    said: list[str] = []
    index = open_index(reports(), SlowEncoder(notes), folder, say=said.append)
    return len(index.chunks), [hit.chunk.text for hit in index.search("网民规模")], said


def test_of_two_processes_one_builds(folder: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        (count, texts, said), (other_count, other_texts, other_said) = pool.map(
            build_with_others, [(folder, notes)] * 2, chunksize=1
        )
        pool.close()
        pool.join()
    assert count == other_count == 6
    assert texts == other_texts
    assert len(said + other_said) == 1
    assert notes.read_text(encoding="utf-8").splitlines().count("6") == 1
    assert beside(folder) == []
    assert opened(folder)[1] == []
