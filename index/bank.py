"""The question bank: what people ask of the reports, to search by and to learn from.

``questions.jsonl`` holds one a line, written by hand: questions with the sentences or
rows that answer them, near-topic ones that the reports do not answer, and claims.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from corpus import Span

BANK = Path(__file__).parent / "questions.jsonl"


class BankError(Exception):
    """The question bank or a line of it cannot be read."""


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """A question of the bank, the last of ``turns``.

    ``evidence`` are the places (report and span) that answer it, none for an
    unanswerable one; ``figures`` what it asks for, as a place prints it; ``kind``
    says of a claim how it is true or false, and of a question that computes by which
    operation (:mod:`qa.workings`), where that is known.
    """

    id: str
    language: str
    type: str
    turns: tuple[str, ...]
    evidence: tuple[tuple[str, Span], ...]
    figures: tuple[str, ...]
    kind: str


def load_bank(path: Path = BANK) -> tuple[BankQuestion, ...]:
    """Read the bank.

    :raises BankError: If the file or a line of it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BankError(f"cannot read {path}: {error}") from error
    found = []
    for number, line in enumerate(lines, 1):
        try:
            read = json.loads(line)
            found.append(
                BankQuestion(
                    id=read["id"],
                    language=read["lang"],
                    type=read["type"],
                    turns=tuple(read["turns"]),
                    evidence=tuple(
                        (one["report"], Span(one["start"], one["end"])) for one in read["evidence"]
                    ),
                    figures=tuple(read["figures"]),
                    kind=read.get("kind", ""),
                )
            )
        except (ValueError, LookupError, TypeError) as error:
            raise BankError(f"{path}, line {number}: {error!r}") from error
    return tuple(found)
