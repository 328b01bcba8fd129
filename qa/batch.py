"""Batches: a file of questions or claims in, a file of answers out, line by line in order."""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel


class BatchError(Exception):
    """A batch file cannot be read or written; the message names the line."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a batch: an id and the turns of a conversation, or one claim."""

    id: str | int
    turns: tuple[str, ...]


def read_batch(path: Path, *, claims: bool = False) -> tuple[Item, ...]:
    """Read a JSONL file of ``{"id", "turns"}`` or ``{"id", "claim"}``; other keys are let be.

    :raises BatchError: If the file or one of its lines cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BatchError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BatchError(f"{path} is not UTF-8 text (byte {error.start})") from error
    items = [
        _item(path, number, line, claims)
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip()
    ]
    if not items:
        raise BatchError(f"{path} is empty: it needs a line of JSON for each question or claim")
    return tuple(items)


def write_batch(path: Path, answers: Iterable[tuple[str | int, BaseModel]]) -> int:
    """Write answers with their ids as JSONL; a file is there only when it is whole.

    :returns: How many were written.
    :raises BatchError: If the file cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    except OSError as error:
        raise BatchError(f"cannot write {path}: {error.strerror}") from error
    count = 0
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            for line in _lines(answers):
                file.write(line)
                count += 1
        os.chmod(name, 0o666 & ~_umask())
        Path(name).replace(path)
    except OSError as error:
        raise BatchError(f"cannot write {path}: {error.strerror}") from error
    finally:
        Path(name).unlink(missing_ok=True)
    return count


def _lines(answers: Iterable[tuple[str | int, BaseModel]]) -> Iterator[str]:
    for name, answer in answers:
        line = json.dumps({"id": name, **answer.model_dump()}, ensure_ascii=False)
        yield line.replace("\u2028", r"\u2028").replace("\u2029", r"\u2029") + "\n"


def _umask() -> int:
    """The process's file mode mask; to read it is to set it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _item(path: Path, number: int, line: str, claims: bool) -> Item:
    where = f"{path}, line {number}"
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BatchError(f"{where}: not JSON") from error
    if not isinstance(record, dict) or not _is_id(record.get("id")):
        wanted = "claim" if claims else "turns"
        raise BatchError(f'{where}: it needs an object with "id" and "{wanted}"')
    if claims:
        if not isinstance(record.get("claim"), str):
            raise BatchError(f'{where}: "claim" must be a text')
        return Item(record["id"], (record["claim"],))
    turns = record.get("turns")
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise BatchError(f'{where}: "turns" must be a list of texts')
    return Item(record["id"], tuple(turns))


def _is_id(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)
