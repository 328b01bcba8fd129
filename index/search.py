"""Search: the chunks that fit a query, from words and vectors together."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from corpus import (
    Passage,
    Period,
    Relation,
    Report,
    Statistic,
    find_periods,
    find_statistics,
    load_glossary,
    parse_month,
    report_facts,
)
from index.chunk import Chunk
from index.encoder import Encoder
from index.expansions import Expansions
from index.lexical import LexicalIndex
from index.thesaurus import Thesaurus
from index.vectors import Ranking, VectorIndex

RRF_CONSTANT = 60
LEXICAL_WEIGHT = 2.0
_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found, with its fused score and its ranks (from 1; None where not found)."""

    chunk: Chunk
    score: float
    lexical_rank: int | None
    vector_rank: int | None

    @property
    def passage(self) -> Passage:
        """The passage the chunk is a piece of."""
        return self.chunk.passage


@dataclass(frozen=True)
class Index:
    """Everything that is searched: chunks, their vectors and their terms, row by row.

    Beside them ``expansions``, the questions that people ask of their sentences.
    """

    reports: tuple[Report, ...]
    chunks: tuple[Chunk, ...]
    encoder: Encoder
    vectors: VectorIndex
    lexical: LexicalIndex
    thesaurus: Thesaurus
    expansions: Expansions

    def search(
        self,
        query: str,
        *,
        reports: Collection[str] | None = None,
        periods: Collection[Period] = (),
        limit: int = 20,
    ) -> tuple[Hit, ...]:
        """Rank chunks by reciprocal rank fusion of BM25 and vectors, best first.

        Cormack, Clarke and Büttcher 2009; the constant is theirs.

        :param reports: Search these reports only (ids); None for all.
        :param periods: Only passages that speak of one of these periods, or of
            none while their report's figures end in one.
        """
        allowed = [
            row
            for row, chunk in enumerate(self.chunks)
            if (reports is None or chunk.passage.report in reports)
            and (not periods or _meets(self.periods[row], periods))
        ]
        lexical = self.lexical.search(query, allowed, _DEPTH, self.thesaurus.terms(query))
        vector = self.vectors.search(self.encoder.encode([query])[0], allowed, _DEPTH)
        return tuple(
            Hit(self.chunks[row], score, *ranks)
            for row, score, ranks in fuse((lexical, LEXICAL_WEIGHT), (vector, 1.0))[:limit]
        )

    def unexpanded(self) -> "Index":
        """The same without its known questions, to learn from the bank that they come from."""
        return replace(self, expansions=Expansions.none(self.encoder.dimension))

    @cached_property
    def statistics(self) -> tuple[Statistic, ...]:
        """The statistics of the reports, under the glossary's names."""
        facts = (fact for report in self.reports for fact in report_facts(report))
        return find_statistics(facts, load_glossary())

    @cached_property
    def periods(self) -> tuple[tuple[Period, ...], ...]:
        """The periods each chunk's passage speaks of, else the one its report ends in."""
        until = {report.id: parse_month(report.data_until) for report in self.reports}
        return tuple(
            find_periods(f"{chunk.passage.title} {chunk.passage.text}")
            or (until[chunk.passage.report],)
            for chunk in self.chunks
        )


def fuse(
    first: tuple[Ranking, float], second: tuple[Ranking, float]
) -> list[tuple[int, float, tuple[int | None, int | None]]]:
    """Fuse two rankings by reciprocal rank, each with its weight: (row, score, its rank in each).

    Best first; rows of equal score come in their own order.
    """
    one, other = (
        {row: rank for rank, (row, _) in enumerate(ranking, 1)} for ranking, _ in (first, second)
    )
    found = []
    for row in sorted({*one, *other}):
        score = first[1] / (RRF_CONSTANT + one[row]) if row in one else 0.0
        score += second[1] / (RRF_CONSTANT + other[row]) if row in other else 0.0
        found.append((row, score, (one.get(row), other.get(row))))
    return sorted(found, key=lambda item: -item[1])


def corpus_digest(chunks: Iterable[Chunk]) -> str:
    """Hash what is searched: any change of a source, of reading or of chunking shows."""
    digest = sha256()
    for chunk in chunks:
        digest.update(f"{chunk.passage.id}:{chunk.start}:{chunk.end}:".encode())
        digest.update(f"{chunk.searched}\n{chunk.english}\n".encode())
    return digest.hexdigest()


def _meets(spoken: Iterable[Period], asked: Collection[Period]) -> bool:
    return any(one.relation(other) is not Relation.DIFFERENT for one in spoken for other in asked)
