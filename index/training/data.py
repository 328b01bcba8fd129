"""Read the training data: sentence pairs, dictionary senses and question-sentence pairs."""

import gzip
import importlib.util
import json
import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HELD_OUT_SOURCES = frozenset({"tico19", "sdg"})
"""Sources nearest to statistical reports; part of them is kept for testing only."""

_NOTE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）")
_NOT_A_SENSE = re.compile(
    r"^(?:CL:|variant of|old variant|see |see also|abbr\. (?:for|of)|surname |also |used in |"
    r"Japanese variant|erhua|Taiwan pr|also pr)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*")


class TrainingError(Exception):
    """The data folder, a data file or a setting cannot be used for training."""


@dataclass(frozen=True)
class Pair:
    """Two texts that mean the same, or a question and the sentence that answers it."""

    source: str
    left: str
    right: str


@dataclass(frozen=True)
class Corpus:
    """What there is to learn from, and what is kept back to measure.

    ``pairs`` and ``test_pairs`` hold (English, Chinese); ``senses`` (one English sense, Chinese
    headword); ``questions`` and ``test_questions`` (Chinese question, Chinese sentence that holds
    its answer). ``test_sentences`` are all sentences of the held-out questions' contexts.
    """

    pairs: list[Pair]
    senses: list[Pair]
    questions: list[Pair]
    test_pairs: list[Pair]
    test_questions: list[Pair]
    test_sentences: list[str]


def load_corpus(
    folder: Path,
    *,
    held_out_pairs: int = 2000,
    held_out_questions: int = 1000,
    limit: int | None = None,
) -> Corpus:
    """Read ``folder`` and split it; the split depends on the texts alone, never on a seed.

    :param folder: holds ``parallel.tsv.gz``, ``cedict.tsv.gz`` and ``qa-zh.jsonl.gz``.
    :param limit: keep at most so many training pairs of each kind, for quick trials.
    :raises TrainingError: if the folder or a file is missing, broken or empty.
    """
    if not folder.is_dir():
        raise TrainingError(f"data folder not found: {folder}")
    pairs = read_parallel(folder / "parallel.tsv.gz")
    train, test = split_pairs(pairs, held_out_pairs)
    senses = read_dictionary(folder / "cedict.tsv.gz")
    questions, test_questions, sentences = read_questions(
        folder / "qa-zh.jsonl.gz", held_out_questions
    )
    if not train:
        raise TrainingError(f"no training pairs left in {folder / 'parallel.tsv.gz'}")
    return Corpus(train[:limit], senses[:limit], questions[:limit], test, test_questions, sentences)


def read_parallel(path: Path) -> list[Pair]:
    """Pairs (English, Chinese) of a ``source, en, zh`` table with a header line."""
    pairs = []
    for number, line in enumerate(_lines(path), start=1):
        fields = line.rstrip("\n").split("\t")
        if len(fields) != 3:
            raise TrainingError(f"{path}: line {number} has {len(fields)} fields, not 3")
        if number > 1:
            pairs.append(Pair(*fields))
    return pairs


def split_pairs(pairs: list[Pair], held_out: int) -> tuple[list[Pair], list[Pair]]:
    """Training and test pairs; no text of a test pair occurs in training, on either side."""
    test: list[Pair] = []
    seen: set[str] = set()
    candidates = (pair for pair in pairs if pair.source in HELD_OUT_SOURCES)
    for pair in sorted(candidates, key=lambda pair: _digest(pair.left + "\t" + pair.right)):
        left, right = _plain(pair.left), _plain(pair.right)
        if len(test) < held_out and left not in seen and right not in seen:
            test.append(pair)
            seen.update((left, right))
    train = [
        pair for pair in pairs if _plain(pair.left) not in seen and _plain(pair.right) not in seen
    ]
    return train, test


def group_by_source(pairs: list[Pair], minimum: int) -> list[list[Pair]]:
    """Pairs of one source together; sources with fewer than ``minimum`` pairs form one group.

    A batch from one source is harder to tell apart, so it teaches more.
    """
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(pair.source, []).append(pair)
    small = [pair for group in groups.values() if len(group) < minimum for pair in group]
    large = [group for group in groups.values() if len(group) >= minimum]
    return [*large, small] if small else large


def read_reports(folder: Path) -> list[str]:
    """Lines of all ``.txt`` files below ``folder``: unlabelled text of the domain.

    :raises TrainingError: if there is none.
    """
    lines: list[str] = []
    for path in sorted(folder.rglob("*.txt")):
        try:
            lines.extend(path.read_text(encoding="utf-8").splitlines())
        except (OSError, UnicodeDecodeError) as error:
            raise TrainingError(f"cannot read {path}: {error}") from error
    if not lines:
        raise TrainingError(f"no report text (*.txt) found in {folder}")
    return lines


def read_dictionary(path: Path, senses_each: int = 3) -> list[Pair]:
    """Pairs (one sense, headword) of a ``zh, en`` table, notes and cross-references dropped."""
    senses: list[Pair] = []
    for number, line in enumerate(_lines(path), start=1):
        headword, tab, glosses = line.rstrip("\n").partition("\t")
        if not tab:
            raise TrainingError(f"{path}: line {number} has no tab")
        senses.extend(
            Pair("cedict", sense, headword) for sense in clean_glosses(glosses)[:senses_each]
        )
    return senses


def clean_glosses(glosses: str) -> list[str]:
    """Distinct senses without notes: ``"(coll.) beeper; CL:個"`` gives ``["beeper"]``."""
    bare = _NOTE.sub(" ", _NOTE.sub(" ", glosses))
    senses: dict[str, None] = {}
    for part in re.split(r"[;/]", bare):
        sense = " ".join(part.split()).strip(" ,.:")
        if sense and not _NOT_A_SENSE.match(sense) and not re.search(r"[\u4e00-\u9fff|]", sense):
            senses[re.sub(r"\b(?:sb|sth)\b", "", sense).strip()] = None
    return [sense for sense in senses if sense]


def read_questions(path: Path, held_out: int) -> tuple[list[Pair], list[Pair], list[str]]:
    """Training pairs, test pairs and test sentences; no context is on both sides."""
    by_context: dict[str, list[Pair]] = {}
    for number, line in enumerate(_lines(path), start=1):
        try:
            item: dict[str, Any] = json.loads(line)
            context, start = item["context"], int(item["start"])
            pair = Pair("qa", item["question"], _sentence_at(context, start))
        except (ValueError, KeyError, TypeError) as error:
            raise TrainingError(f"{path}: line {number} is not a question: {error!r}") from error
        by_context.setdefault(context, []).append(pair)
    train: list[Pair] = []
    test: list[Pair] = []
    sentences: dict[str, None] = {}
    for context in sorted(by_context, key=_digest):
        if len(test) < held_out:
            test.extend(by_context[context])
            sentences.update(dict.fromkeys(split_sentences(context)))
        else:
            train.extend(by_context[context])
    random.Random(0).shuffle(train)
    return train, test[:held_out], list(sentences)


def split_sentences(text: str) -> list[str]:
    """Sentences of a Chinese text, white space trimmed, none empty."""
    return [match.group().strip() for match in _SENTENCE.finditer(text) if match.group().strip()]


def word_list() -> list[str]:
    """Words of jieba's dictionary (MIT), as candidates for tokens; jieba itself is not run."""
    spec = importlib.util.find_spec("jieba")
    if spec is None or spec.origin is None:
        raise TrainingError("training needs the package jieba, whose word list it reads")
    path = Path(spec.origin).with_name("dict.txt")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise TrainingError(f"cannot read {path}: {error}") from error
    return [line.split(" ")[0] for line in lines]


def _sentence_at(text: str, position: int) -> str:
    for match in _SENTENCE.finditer(text):
        if match.start() <= position < match.end():
            return match.group().strip()
    raise ValueError(f"no sentence at {position} of {len(text)} characters")


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _digest(text: str) -> int:
    return zlib.crc32(text.encode("utf-8"))


def _lines(path: Path) -> Iterator[str]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            empty = True
            for line in file:
                empty = False
                yield line
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise TrainingError(f"cannot read {path}: {error}") from error
    if empty:
        raise TrainingError(f"{path} is empty")
