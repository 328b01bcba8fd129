"""Evaluation questions: a JSONL file, a question a line."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import Report, Span
from index.bank import BankQuestion

QUESTIONS = Path(__file__).parent / "questions.jsonl"


class QuestionsError(Exception):
    """A file of evaluation questions cannot be read."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number that a right answer contains, in the report's unit, and for when it holds."""

    printed: str
    as_of: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A question with what a right answer holds.

    ``numbers`` are what it must contain, in the report's unit; ``texts`` groups of
    alternatives of which one each must occur; ``forbid`` what must not be the
    answer; ``evidence`` pairs of report and quote, one of which must be cited;
    ``verdict`` what a claim deserves.
    """

    id: str
    language: str
    type: str
    turns: tuple[str, ...]
    numbers: tuple[Wanted, ...]
    texts: tuple[tuple[str, ...], ...]
    forbid: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]
    verdict: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the reports answer it."""
        return self.type != "unanswerable"

    @property
    def claim(self) -> bool:
        """Whether it is a claim to be judged, not a question."""
        return self.type.startswith("claim")


def read_questions(path: Path = QUESTIONS) -> tuple[Item, ...]:
    """Read a file of questions.

    :raises QuestionsError: If the file or a line of it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"cannot read {path}: {error}") from error
    items = []
    for number, line in enumerate(lines, 1):
        try:
            items.append(read_item(json.loads(line)))
        except (ValueError, LookupError, TypeError) as error:
            raise QuestionsError(f"{path}, line {number}: {error!r}") from error
    return tuple(items)


def read_item(record: dict[str, Any]) -> Item:
    """Read a question from a line's fields.

    :raises LookupError, TypeError: If one is missing or of another kind.
    """
    return Item(
        id=record["id"],
        language=record["lang"],
        type=record["type"],
        turns=tuple(record["turns"]),
        numbers=tuple(
            Wanted(f"{one['value']}{one['unit']}", one["as_of"]) for one in record["numbers"]
        ),
        texts=tuple(tuple(group) for group in record["texts"]),
        forbid=tuple(str(one) for one in record["forbid"]),
        evidence=tuple((one["report"], one["quote"]) for one in record["evidence"]),
        verdict=record.get("verdict") or "",
    )


def as_bank(items: Iterable[Item], reports: Iterable[Report]) -> tuple[BankQuestion, ...]:
    """Questions as the bank has them: with the places of their evidence, wherever it stands."""
    sources = {report.id: _Packed(report.source) for report in reports}
    return tuple(
        BankQuestion(
            one.id,
            one.language,
            one.type,
            one.turns,
            tuple(
                (report, span)
                for report, quote in one.evidence
                for span in sources[report].find(quote)
            ),
            tuple(wanted.printed for wanted in one.numbers),
            "",
        )
        for one in items
    )


class _Packed:
    """A text without white space, with where each of its characters stands."""

    def __init__(self, text: str) -> None:
        self._places = [place for place, letter in enumerate(text) if not letter.isspace()]
        self._text = "".join(text[place] for place in self._places)

    def find(self, quote: str) -> list[Span]:
        """Where a quote stands in the text, white space aside."""
        packed = re.sub(r"\s", "", quote)
        return [
            Span(self._places[match.start()], self._places[match.end() - 1] + 1)
            for match in re.finditer(re.escape(packed), self._text)
        ]
