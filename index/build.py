"""Building: an index that fits the corpus and the encoder, loaded or made anew."""

import json
import shutil
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from corpus import Glossary, Report, load_glossary, passages
from index import manifest
from index.bank import BANK, BankError, load_bank
from index.chunk import Chunk, split
from index.encoder import Encoder
from index.expansions import Expansions
from index.lexical import LexicalIndex
from index.manifest import Manifest, StaleIndexError
from index.search import Index, corpus_digest
from index.thesaurus import Thesaurus
from index.vectors import VectorIndex

_VECTORS = "vectors.faiss"
_TERMS = "terms"
_WORDS = "words.json"
_WORD_VECTORS = "words.faiss"
_QUESTIONS = "questions.json"
_QUESTION_VECTORS = "questions.npy"
_BATCH = 256
_LOCK_SECONDS = 600

Say = Callable[[str], None]
Progress = Callable[[int, int], None]


class IndexBuildError(Exception):
    """An index cannot be written."""


def open_index(
    reports: tuple[Report, ...],
    encoder: Encoder,
    folder: Path,
    *,
    glossary: Glossary | None = None,
    say: Say = lambda line: None,
    progress: Progress = lambda done, total: None,
) -> Index:
    """Load the index in a folder, or build it there if it is missing, stale or damaged.

    Several processes may call this at once: one builds, the others wait for it.

    :param glossary: What else the corpus's terms are called; the bundled one by default.
    :param say: Told in one line why an index is built.
    :param progress: Told how many of how many chunks are encoded.
    :raises IndexBuildError: If the folder cannot be written or stays locked.
    """
    glossary = load_glossary() if glossary is None else glossary
    editions = {report.id: report.edition for report in reports}
    chunks = split((read for report in reports for read in passages(report)), editions)
    expected = Manifest(
        corpus_digest(chunks), encoder.digest, encoder.dimension, len(chunks), _digest()
    )
    try:
        return _load(folder, expected, reports, chunks, encoder, glossary)
    except StaleIndexError:
        pass
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f"{folder.name}.lock"), timeout=_LOCK_SECONDS):
            try:
                return _load(folder, expected, reports, chunks, encoder, glossary)
            except StaleIndexError as error:
                if not _replaceable(folder):
                    raise IndexBuildError(
                        f"{folder} holds something else than an index: name another folder"
                    ) from error
                say(f"Building the search index ({error}).")
            index = _build(reports, chunks, encoder, glossary, progress)
            _write(folder, expected, index)
            return index
    except Timeout as error:
        raise IndexBuildError(
            f"another process has been building the index in {folder} for ten minutes: "
            f"stop it, or name another folder"
        ) from error
    except OSError as error:
        raise IndexBuildError(
            f"cannot write the index to {folder}: {error.strerror or error}; "
            f"free some space or name another folder"
        ) from error


def _digest() -> str:
    """The hash of the question bank.

    :raises BankError: If it cannot be read.
    """
    try:
        return sha256(BANK.read_bytes()).hexdigest()
    except OSError as error:
        raise BankError(f"cannot read {BANK}: {error.strerror or error}") from error


def _load(
    folder: Path,
    expected: Manifest,
    reports: tuple[Report, ...],
    chunks: tuple[Chunk, ...],
    encoder: Encoder,
    glossary: Glossary,
) -> Index:
    manifest.check(folder, expected)
    try:
        vectors = VectorIndex.load(folder / _VECTORS)
        lexical = LexicalIndex.load(folder / _TERMS)
        rarities = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        words = VectorIndex.load(folder / _WORD_VECTORS)
        expansions = Expansions.load(folder / _QUESTIONS, folder / _QUESTION_VECTORS)
    except (OSError, RuntimeError, ValueError) as error:
        raise StaleIndexError("its files cannot be read") from error
    thesaurus = Thesaurus(chunks, rarities, words, encoder, glossary)
    return Index(reports, chunks, encoder, vectors, lexical, thesaurus, expansions)


def _build(
    reports: tuple[Report, ...],
    chunks: tuple[Chunk, ...],
    encoder: Encoder,
    glossary: Glossary,
    progress: Progress,
) -> Index:
    texts = [chunk.searched for chunk in chunks]
    vectors = np.zeros((len(texts), encoder.dimension), dtype=np.float32)
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        vectors[start : start + len(batch)] = encoder.encode(batch)
        progress(start + len(batch), len(texts))
    thesaurus = Thesaurus.build(chunks, encoder, glossary)
    lexical = LexicalIndex([f"{chunk.searched}\n{chunk.english}" for chunk in chunks])
    expansions = Expansions.build(load_bank(), {report.id for report in reports}, encoder)
    return Index(reports, chunks, encoder, VectorIndex(vectors), lexical, thesaurus, expansions)


def _write(folder: Path, expected: Manifest, index: Index) -> None:
    """Write an index beside its place, then put it there; the old one goes last."""
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}-new-", dir=folder.parent))
    try:
        index.vectors.save(unfinished / _VECTORS)
        index.lexical.save(unfinished / _TERMS)
        index.thesaurus.vectors.save(unfinished / _WORD_VECTORS)
        index.expansions.save(unfinished / _QUESTIONS, unfinished / _QUESTION_VECTORS)
        words = json.dumps(index.thesaurus.rarities, ensure_ascii=False)
        (unfinished / _WORDS).write_text(words, encoding="utf-8")
        manifest.write(unfinished, expected)
        if folder.exists():
            _replace(folder, unfinished)
        else:
            unfinished.replace(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _replace(folder: Path, finished: Path) -> None:
    """Put a finished index in an old one's place; if that fails, the old one stays."""
    old = Path(tempfile.mkdtemp(prefix=f"{folder.name}-old-", dir=folder.parent))
    try:
        folder.replace(old / folder.name)
        try:
            finished.replace(folder)
        except OSError:
            (old / folder.name).replace(folder)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _replaceable(folder: Path) -> bool:
    """Whether a folder is missing or holds only an index, so that nobody's files are lost."""
    if not folder.exists():
        return True
    files = (_VECTORS, _TERMS, _WORDS, _WORD_VECTORS, _QUESTIONS, _QUESTION_VECTORS)
    ours = {*files, manifest.NAME, *manifest.listed(folder)}
    return folder.is_dir() and ours.issuperset(path.name for path in folder.iterdir())
