"""Answers: from a conversation to a checked, cited answer or a refusal."""

import re
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from time import perf_counter

from corpus import Passage, Report, load_reports, parse_month
from index import Index, load_encoder, open_index
from qa.cite import Surroundings, place, surroundings
from qa.compose import Statement, computed, quote
from qa.compute import compute
from qa.contract import Answer, Citation, Language, SearchResult
from qa.draft import assemble, checked, written
from qa.evidence import Scorer, Weights
from qa.generate import Generator, TransformersGenerator
from qa.question import QuestionError, language_of, read_question
from qa.refuse import BAD_QUESTION
from qa.settings import Settings

Say = Callable[[str], None]
Progress = Callable[[int, int], None]


def open_assistant(
    settings: Settings,
    *,
    say: Say = lambda line: None,
    progress: Progress = lambda done, total: None,
) -> "Assistant":
    """Load reports, encoder, index and, if one is named, the language model.

    :param say: Told in one line of anything worth knowing, such as an index being built.
    :param progress: Told how far building the index has come.
    :raises CorpusError, EncoderError, IndexBuildError, GeneratorError: If a part is
        missing or broken; each message is one line.
    """
    reports = load_reports(settings.corpus)
    encoder = load_encoder(settings.encoder)
    folder = settings.data / "index" / (re.sub(r"[^\w.-]+", "-", settings.encoder or "bundled"))
    index = open_index(reports, encoder, folder, say=say, progress=progress)
    generator = TransformersGenerator(settings.model) if settings.model else None
    return Assistant(index, generator, settings.weights)


class Assistant:
    """Answers questions over an index; holds nothing between them.

    :param generator: Writes the answer in place of quoting; None quotes.
    """

    def __init__(
        self, index: Index, generator: Generator | None = None, weights: Weights | None = None
    ) -> None:
        self._index = index
        self._generator = generator
        self._scorer = Scorer(index, weights or Weights())
        self.reports: tuple[Report, ...] = index.reports
        self._editions = {report.id: report.edition for report in index.reports}

    def ask(
        self,
        turns: Sequence[str],
        *,
        reports: Collection[str] | None = None,
        language: Language | None = None,
    ) -> Answer:
        """Answer the last turn of a conversation.

        :param reports: Ids of the reports to answer from; None for all.
        :param language: Language of the answer; by default the question's.
        :raises QuestionError: If the question cannot be taken or a report is unknown.
        """
        started = perf_counter()
        self._check_reports(reports)
        question = read_question(turns, language, self._newest(reports))
        evidence = self._scorer.gather(question, reports)
        found = perf_counter()
        statements: tuple[Statement, ...] = ()
        if self._generator is not None:
            texts = written(self._generator, question, evidence)
            statements = checked(texts, self._editions)
        if not statements:
            quoted = quote(evidence.chosen, question.language, self._editions)
            formula = compute(question, evidence.chosen)
            first = (computed(formula, question.language),) if formula else ()
            statements = checked((*first, *quoted), self._editions)
        answer = assemble(question, statements, evidence, self._report)
        done = perf_counter()
        timings = {"evidence": found - started, "answer": done - found, "total": done - started}
        return answer.model_copy(
            update={"timings_ms": {name: round(s * 1000, 2) for name, s in timings.items()}}
        )

    def ask_or_refuse(
        self,
        turns: Sequence[str],
        *,
        reports: Collection[str] | None = None,
        language: Language | None = None,
    ) -> Answer:
        """Answer as :meth:`ask`; a question that cannot be taken is refused, not raised."""
        self._check_reports(reports)
        try:
            return self.ask(turns, reports=reports, language=language)
        except QuestionError as error:
            last = (turns[-1] if turns else "").encode("utf-8", "replace").decode()
            return Answer(
                question=last,
                language=language or language_of(last),
                status="refused",
                text=error.text(language or language_of(last)),
                values=[],
                citations=[],
                reason=BAD_QUESTION,
                timings_ms={},
            )

    def search(
        self, query: str, *, reports: Collection[str] | None = None, limit: int = 10
    ) -> tuple[SearchResult, ...]:
        """Rank passages for a query, the best chunk of each counting.

        :raises QuestionError: If the query cannot be taken or a report is unknown.
        """
        question = read_question([query])
        self._check_reports(reports)
        best: dict[Passage, float] = {}
        for hit in self._index.search(question.text, reports=reports, limit=limit * 5):
            best.setdefault(hit.passage, hit.score)
        return tuple(
            SearchResult(
                rank=rank,
                score=round(score, 6),
                report=passage.report,
                title=self._report[passage.report].title,
                section=place(passage),
                start=passage.start,
                end=passage.end,
                text=passage.text,
            )
            for rank, (passage, score) in enumerate(list(best.items())[:limit], 1)
        )

    def surroundings(self, citation: Citation) -> Surroundings:
        """Give the passage around a citation's quote, as the source has it."""
        for chunk in self._index.chunks:
            passage = chunk.passage
            if (
                passage.report == citation.report
                and any(span.start <= citation.start < span.end for span in passage.spans)
                and citation.end <= passage.end
            ):
                return surroundings(citation, self._report[citation.report], passage)
        return surroundings(citation, self._report[citation.report], None)

    @property
    def chunks(self) -> int:
        """How many chunks are searched."""
        return len(self._index.chunks)

    def _newest(self, reports: Collection[str] | None) -> int:
        """The newest year that the reports chosen have figures of."""
        chosen = [one for one in self.reports if reports is None or one.id in reports]
        return max(parse_month(one.data_until).last // 12 for one in chosen)

    @cached_property
    def _report(self) -> dict[str, Report]:
        return {report.id: report for report in self.reports}

    def _check_reports(self, reports: Collection[str] | None) -> None:
        unknown = sorted(set(reports or ()) - set(self._report))
        if unknown:
            known = ", ".join(sorted(self._report))
            raise QuestionError(
                f"no report {unknown[0]!r}: there are {known}",
                f"没有名为{unknown[0]!r}的报告：现有{known}",
            )
        if reports is not None and not reports:
            raise QuestionError(
                "no report is chosen: choose at least one", "没有选择报告：请至少选择一份"
            )
