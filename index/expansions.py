"""Expansions: questions that people ask of a sentence, by which it is found too.

A report says 网上外卖用户规模, people ask 点外卖的有多少人: a question is often nearer to
another one that a sentence answers than to the sentence itself, so the sentence is indexed with
such questions (document expansion, Nogueira et al. 2019). They are those of the question bank.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import Span
from index.bank import BankQuestion
from index.encoder import Encoder

Vectors = NDArray[np.float32]
Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Expansion:
    """A known question.

    ``places`` (report, start, end) answer it, none if nothing does; it asks for ``figures``, as
    they are printed there.
    """

    id: str
    places: tuple[Place, ...]
    figures: tuple[str, ...]


class Likeness:
    """How like a question the known questions are, as cosines; 0 where there is none.

    :param questions: The known questions.
    :param cosines: One for each of them.
    """

    def __init__(self, questions: "Expansions", cosines: Vectors) -> None:
        self._questions = questions
        self._cosines = cosines
        rows, starts = questions.answers
        best = np.maximum.reduceat(cosines[rows], starts) if len(starts) else cosines[:0]
        self._best = np.maximum(best, 0).tolist()

    def of(self, report: str, span: Span) -> float:
        """The nearest question that a place answers."""
        column = self._questions.places.get((report, span.start, span.end))
        return 0.0 if column is None else self._best[column]

    def asking(self, report: str, span: Span) -> dict[tuple[str, ...], float]:
        """The nearest questions that a place answers, by the figures that they ask for."""
        found: dict[tuple[str, ...], float] = {}
        for row in self._questions.rows.get((report, span.start, span.end), ()):
            figures = self._questions.questions[row].figures
            found[figures] = max(found.get(figures, 0.0), float(self._cosines[row]))
        return found

    def first(self, count: int) -> list[Place]:
        """The places that answer the nearest questions, best first."""
        order = np.argsort(-np.array(self._best), kind="stable")[:count]
        places = list(self._questions.places)
        return [places[column] for column in order]

    @property
    def answered(self) -> float:
        """The nearest question that some place answers."""
        return max(self._best, default=0.0)

    @property
    def unanswered(self) -> float:
        """The nearest question that no place answers."""
        return float(max(self._cosines[self._questions.unanswered], default=0.0))


class Expansions:
    """Known questions and their vectors, row by row.

    ``rows`` are those that each place answers, ``places`` the places' numbers; ``answers`` gives
    those rows place after place and where each place's begin, and ``unanswered`` are those that
    none answers.

    :param vectors: (n, dimension) float32, unit rows.
    """

    def __init__(self, questions: Sequence[Expansion], vectors: Vectors) -> None:
        self.questions = tuple(questions)
        self._vectors = vectors
        self.rows: dict[Place, list[int]] = defaultdict(list)
        for row, one in enumerate(self.questions):
            for place in one.places:
                self.rows[place].append(row)
        self.places = {place: column for column, place in enumerate(self.rows)}
        ends = np.cumsum([0, *map(len, self.rows.values())], dtype=np.intp)
        found = [row for rows in self.rows.values() for row in rows]
        self.answers = np.array(found, dtype=np.intp), ends[:-1]
        self.unanswered = [row for row, one in enumerate(self.questions) if not one.places]

    @classmethod
    def build(
        cls, bank: Iterable[BankQuestion], reports: Collection[str], encoder: Encoder
    ) -> "Expansions":
        """Encode the questions of a bank that some reports answer, and those that none does.

        Follow-ups are left out, which say little by themselves, and so are claims.
        """
        asked = [
            one
            for one in bank
            if len(one.turns) == 1
            and not one.type.startswith("claim")
            and all(report in reports for report, _ in one.evidence)
        ]
        if not any(one.evidence for one in asked):
            return cls.none(encoder.dimension)
        vectors = encoder.encode([one.turns[0] for one in asked])
        known = [
            Expansion(
                one.id,
                tuple((report, span.start, span.end) for report, span in one.evidence),
                one.figures,
            )
            for one in asked
        ]
        return cls(known, vectors)

    def likeness(self, vector: Vectors) -> Likeness:
        """Compare a question's vector of shape (dimension,) with those of all that are known."""
        # By einsum: the threads of BLAS would spin on while the reader wants the cores.
        return Likeness(self, np.einsum("ij,j->i", self._vectors, vector))

    @classmethod
    def none(cls, dimension: int) -> "Expansions":
        """No questions at all."""
        return cls((), np.zeros((0, dimension), dtype=np.float32))

    def save(self, names: Path, vectors: Path) -> None:
        """Write the questions and their vectors to two files; :meth:`load` reads them.

        :raises OSError: If they cannot be written.
        """
        told = [[one.id, one.places, one.figures] for one in self.questions]
        names.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        np.save(vectors, self._vectors.astype(np.float16))

    @classmethod
    def load(cls, names: Path, vectors: Path) -> "Expansions":
        """Read what :meth:`save` wrote.

        :raises OSError: If a file is missing.
        :raises ValueError: If it is damaged.
        """
        questions = [
            Expansion(
                name,
                tuple((report, start, end) for report, start, end in places),
                tuple(figures),
            )
            for name, places, figures in json.loads(names.read_text(encoding="utf-8"))
        ]
        return cls(questions, np.load(vectors).astype(np.float32))
