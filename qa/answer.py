"""Answers: from a conversation to a checked, cited answer or a refusal."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import cached_property
from time import perf_counter

from corpus import Fact, Measure, Passage, Report, load_glossary, load_reports, parse_month
from index import Index, Reader, Spelling, load_encoder, load_reader, open_index
from qa.asked import asked_fact, asked_facts
from qa.cite import Surroundings, place, surroundings
from qa.claims import ClaimError, read_claims
from qa.compose import Statement, computed, multiplied, over_time, placed, quote
from qa.compute import (
    backwards,
    change_of,
    compute,
    earlier,
    in_order,
    of_answers,
    of_things,
    states,
    states_result,
)
from qa.contract import Answer, Citation, Language, SearchResult, Verdict
from qa.derive import derive
from qa.draft import assemble, checked, together, written
from qa.evidence import PERIOD_NOT_COVERED, Evidence, Gatherer, Weights
from qa.formula import Formula
from qa.generate import Generator, TransformersGenerator
from qa.judge import Judge
from qa.language import language_of
from qa.operands import Heard, dated, facts_of, of_parts
from qa.operation import (
    Operation,
    asks_doubled,
    first_over_second,
    operation,
    wants_level,
)
from qa.parts import compares_things, one_by_one, parts
from qa.position import position
from qa.premise import contradicted
from qa.question import Question, QuestionError, read_question
from qa.ranking import fills, of_a_place, ranked_rows, rows_by_change
from qa.refuse import BAD_QUESTION, NOT_COMPUTED, unsaid
from qa.review import Review, review
from qa.scoring import Scored, in_turn
from qa.series import series
from qa.settings import Settings
from qa.verdict import verdict
from qa.workings import asked_formula

Say = Callable[[str], None]
PLAINLY = 0.6
"""How like a question a metric must be for a level that nobody asked to compute."""
ANSWERED = 0.5
"""How sure the answers to two questions before must be for a later one to be computed of them."""
UNSURE = 0.5
"""How sure the evidence of a level must be for none to be computed from a later one."""
_FACTS_FROM = 20
Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Tell nobody how far a task has come."""


def _change_asked(question: Question) -> Question:
    """A question, or if it asks for a level before a change, one for that change."""
    return earlier(question) if operation(question) is Operation.BEFORE else question


def open_assistant(
    settings: Settings,
    *,
    say: Say = lambda line: None,
    progress: Progress = _silent,
) -> "Assistant":
    """Load reports, encoder, index and, if one is named, the language model.

    :param say: Told in one line of anything worth knowing, such as an index being built.
    :param progress: Told how far building the index has come.
    :raises CorpusError, EncoderError, ReaderError, IndexBuildError, GeneratorError: If a part is
        missing or broken; each message is one line.
    """
    reports = load_reports(settings.corpus)
    encoder = load_encoder(settings.encoder)
    folder = settings.data / "index" / (re.sub(r"[^\w.-]+", "-", settings.encoder or "bundled"))
    index = open_index(reports, encoder, folder, say=say, progress=progress)
    generator = TransformersGenerator(settings.model) if settings.model else None
    return Assistant(index, load_reader(), generator, settings.weights)


class Assistant:
    """Answers questions over an index; holds nothing between them.

    :param reader: Reads the best sentences again with the question; None leaves that out.
    :param generator: Writes the answer in place of quoting; None quotes.
    """

    def __init__(
        self,
        index: Index,
        reader: Reader | None = None,
        generator: Generator | None = None,
        weights: Weights | None = None,
    ) -> None:
        self._index = index
        self._generator = generator
        self.gatherer = Gatherer(index, reader, weights)
        self.reports: tuple[Report, ...] = index.reports
        self._judge = Judge(index, self.gatherer.scorer, reader)

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
        newest = self._newest(reports)
        mended = self._spelled(turns)
        question = read_question(mended, language, newest)
        several = one_by_one(mended, question, newest)
        gathered = [self._gathered(one, reports) for one in several]
        found = perf_counter()
        answered = [self._answered(*one, reports) for one in gathered]
        statements, evidence = together(answered)
        answer = assemble(
            question,
            statements,
            evidence,
            self._report,
            lambda one: asked_fact(self.gatherer.scorer, question, one),
        )
        silent = [place for place, (said, _) in enumerate(answered) if not said]
        text = answer.text + (unsaid(silent, question.language) if statements else "")
        done = perf_counter()
        timings = {"evidence": found - started, "answer": done - found, "total": done - started}
        told = {name: round(s * 1000, 2) for name, s in timings.items()}
        asked = turns[-1].strip()
        return answer.model_copy(update={"question": asked, "text": text, "timings_ms": told})

    def _gathered(
        self, question: Question, reports: Collection[str] | None
    ) -> tuple[Question, Evidence]:
        """A question, one for a level before a change as one for that change, and its evidence."""
        asked = _change_asked(question)
        return asked, self.gatherer.gather(asked, reports)

    def _answered(
        self, question: Question, evidence: Evidence, reports: Collection[str] | None
    ) -> tuple[tuple[Statement, ...], Evidence]:
        """The checked statements that answer a question, and the evidence that they rest on."""
        if self._generator is not None:
            texts = written(self._generator, question, evidence)
            statements = checked(texts, self._report)
            if statements:
                return statements, evidence
        statements, evidence = self._composed(question, evidence, reports)
        return (*self._corrected(question, evidence), *statements), evidence

    def _corrected(self, question: Question, evidence: Evidence) -> tuple[Statement, ...]:
        """What a question takes for granted and the best sentence of its evidence denies."""
        best = max(evidence.chosen, key=lambda one: one.score, default=None)
        fact = asked_fact(self.gatherer.scorer, question, best) if best else None
        if best is None or fact is None:
            return ()
        text = contradicted(question, fact, facts_of(best))
        return (Statement(text, (best.sentence,)),) if text else ()

    def _composed(
        self, question: Question, evidence: Evidence, reports: Collection[str] | None
    ) -> tuple[tuple[Statement, ...], Evidence]:
        """The checked statements of an answer, and the evidence that they rest on.

        What is computed comes first; where it fails its check, the plain evidence is quoted.
        """
        facts = [
            one
            for one in series(question, self.gatherer.scorer.lookup, reports)
            if checked([over_time([one], question.language)], self._report)
        ]
        if len(facts) > 1:
            table = over_time(facts, question.language)
            return checked([table], self._report), replace(evidence, chosen=(), reason=None)
        place = self._placed(question, evidence)
        if place:
            return place, replace(evidence, reason=None)
        worked, formula = self._computed(question, evidence, reports)
        several = compares_things(question)
        if (
            worked.chosen
            and formula is None
            and not states_result(question, several, worked.chosen)
        ):
            return (), replace(worked, chosen=(), reason=NOT_COMPUTED, nearest=worked.chosen[:1])
        quoted = quote(worked.chosen, question.language, self._report)
        statements = (
            *(self._shown(formula, question) if formula else ()),
            *checked(quoted, self._report),
        )
        if statements or worked is evidence:
            return statements, worked
        plain = quote(evidence.chosen, question.language, self._report)
        return checked(plain, self._report), evidence

    def _placed(self, question: Question, evidence: Evidence) -> tuple[Statement, ...]:
        """The place that a question asks for, and the sentence or row that it is counted from."""
        likeness = self.gatherer.scorer.likeness(question.topic)
        found = position(question, evidence.ranked, likeness) if evidence.chosen else None
        if found is None:
            return ()
        edition = self._report[found.scored.sentence.passage.report].edition
        told = (placed(found, question.language, edition, dated=one) for one in (True, False))
        said = next((one for one in (checked([each], self._report) for each in told) if one), ())
        return (
            *said,
            *checked(quote([found.scored], question.language, self._report), self._report),
        )

    def _shown(self, formula: Formula, question: Question) -> tuple[Statement, ...]:
        """A formula with its operands named and dated, or bare where that is not supported."""
        told = (
            computed(formula, question.language, named=named, dated=dated)
            for dated in (True, False)
            for named in (True, False)
        )
        shown = next((one for one in (checked([each], self._report) for each in told) if one), ())
        times = multiplied(formula, question.language) if asks_doubled(question.text) else None
        return (*shown, *checked([times] if times else [], self._report))

    def _computed(
        self, question: Question, evidence: Evidence, reports: Collection[str] | None
    ) -> tuple[Evidence, Formula | None]:
        """What is computed of some evidence, and the evidence that then is to be quoted.

        A level that is given for no period asked is computed from a later one and its change.
        """
        scorer = self.gatherer.scorer
        since: Heard | None = None
        unsure = evidence.reason is not None or evidence.sure < UNSURE
        if unsure and question.periods and wants_level(question):
            later = self.gatherer.gather(earlier(question), reports)
            since = self.gatherer.heard(earlier(question), later)
            if evidence.reason and later.chosen:
                stated = states(later.ranked, question.periods)
                if stated is not None and evidence.reason == PERIOD_NOT_COVERED:
                    return replace(later, chosen=(stated,), reason=None), None
                level = backwards(since, question.periods, PLAINLY)
                if level is not None:
                    return replace(later, chosen=level.scored, reason=None), level
        compared = parts(question)
        named = len({one.text for one in compared}) > 1
        likeness = scorer.likeness(question.topic)
        place = of_a_place(question)
        one = self.gatherer.hear(place, reports) if place else None
        if one and one.sure >= self.gatherer.weights.compared:
            moved = rows_by_change(question, one.ranked)
            if moved:
                heard = replace(one, question=question)
                change = change_of(heard, moved[0]) if len(moved) == 1 else None
                return replace(evidence, chosen=moved, reason=None), change
            rows = ranked_rows(question, one.ranked, likeness)
            if rows:
                return replace(evidence, chosen=rows, reason=None), None
        rows = () if named else ranked_rows(question, evidence.ranked, likeness)
        if rows and (evidence.chosen or fills(rows, evidence.ranked)):
            return replace(evidence, chosen=rows, reason=None), None
        heard = self.gatherer.heard(question, evidence)
        heard_of_each = [self.gatherer.hear_part(one, reports) for one in compared]
        heard = of_parts(heard, heard_of_each)
        of_both = self._of_the_two(question, heard_of_each) if question.before else None
        ruled = of_both or derive(heard) or compute(heard, heard_of_each)
        formula = of_both or asked_formula(heard, heard_of_each, ruled, since)
        least = self.gatherer.weights.refused if evidence.reason else self.gatherer.weights.worked
        if formula is not None and formula.result is not None and formula.sure < least:
            formula = ruled
        several = compares_things(question)
        if formula is None and not states_result(question, several, evidence.chosen):
            formula = ruled
        if formula is None and evidence.reason and question.measure is Measure.SHARE:
            counted = self.gatherer.hear(replace(question, measure=None), reports)
            formula = compute(replace(counted, question=question))
        if formula is None or formula.sure < self.gatherer.weights.compared:
            return evidence, None
        first = first_over_second(question.text)
        if formula.result is not None and first is not None:
            formula = in_order(formula, heard_of_each if first else heard_of_each[::-1])
        chosen = replace(evidence, chosen=formula.scored, reason=None)
        return chosen, formula if formula.result is not None else None

    def _of_the_two(self, question: Question, before: Sequence[Heard]) -> Formula | None:
        """What the figures come to that answer the two questions before one; None if it is open."""
        told = [one for one in before if one.ranked]
        if len(told) < 2:
            return None
        first, second = (
            [
                dated(fact, one.ranked[0], one.question)
                for fact in asked_facts(self.gatherer.scorer, one.question, one.ranked[0])
            ]
            for one in told
        )
        alike = next((fact for fact in second if first and fact.kind is first[0].kind), None)
        if alike is None:
            return None
        formula = of_answers(question, (first[0], alike), [one.ranked[0] for one in told])
        if formula is None:
            return None
        sure = min(one.sure for one in told)
        if sure < ANSWERED:
            return None
        return replace(formula, sure=sure, over_time=not of_things(before))

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

    def check(
        self,
        text: str,
        *,
        reports: Collection[str] | None = None,
        language: Language | None = None,
        progress: Progress = _silent,
    ) -> Verdict:
        """Hold each statistic of a claim or an article against the reports.

        :param language: Language of the verdict; by default the text's.
        :param progress: Told how many of how many statistics are done.
        :raises ClaimError: If the text cannot be taken.
        :raises QuestionError: If a report is unknown.
        """
        return self.review(text, reports=reports, language=language, progress=progress).verdict

    def review(
        self,
        text: str,
        *,
        reports: Collection[str] | None = None,
        language: Language | None = None,
        progress: Progress = _silent,
    ) -> Review:
        """Check as :meth:`check`, and say where in the text each statistic stands."""
        self._check_reports(reports)
        claims = read_claims(text)
        findings = []
        for done, claim in enumerate(claims, 1):
            findings.append(self._judge.judge(claim, reports))
            progress(done, len(claims))
        spoken = language or language_of(text)
        return review(verdict(text, spoken, findings, self._report), findings)

    def check_or_say_why(
        self,
        text: str,
        *,
        reports: Collection[str] | None = None,
        language: Language | None = None,
    ) -> Verdict:
        """Check as :meth:`check`; of a text that cannot be taken, the verdict says why."""
        self._check_reports(reports)
        spoken = language or language_of(text)
        try:
            return self.check(text, reports=reports, language=language)
        except (ClaimError, QuestionError) as error:
            return Verdict(
                claim=text.encode("utf-8", "replace").decode(),
                language=spoken,
                verdict="not_enough_info",
                text=error.text(spoken),
                findings=[],
                citations=[],
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

    def rank(self, turns: Sequence[str]) -> tuple[Scored, ...]:
        """Rank the sentences that may answer the last turn of a conversation, best first.

        Of a turn that asks several questions, or sets several things against each other, the
        best for each come in turn.

        :raises QuestionError: If the question cannot be taken.
        """
        newest = self._newest(None)
        turns = self._spelled(turns)
        question = read_question(turns, newest=newest)
        views = [
            view
            for one in map(_change_asked, one_by_one(turns, question, newest))
            for view in (one, *parts(one))
        ]
        return in_turn(self.gatherer.weigh(view)[0].ranked for view in views)

    def rank_facts(self, turns: Sequence[str]) -> tuple[Fact, ...]:
        """Rank the facts that the last turn of a conversation may ask for, best first.

        By the rank of a fact's sentence and its rank in that sentence together; of the first
        twenty sentences.

        :raises QuestionError: If the question cannot be taken.
        """
        question = read_question(self._spelled(turns), newest=self._newest(None))
        scorer = self.gatherer.scorer
        ranked = [
            (place + within, place, fact)
            for place, one in enumerate(self.rank(turns)[:_FACTS_FROM])
            for within, fact in enumerate(asked_facts(scorer, question, one))
        ]
        return tuple(fact for *_, fact in sorted(ranked, key=lambda one: one[:2]))

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

    def _spelled(self, turns: Sequence[str]) -> list[str]:
        """Turns with the slips in their English words mended."""
        return [self._spelling.mended(turn) for turn in turns]

    @cached_property
    def _spelling(self) -> Spelling:
        editions = (one.english for report in self.reports for one in report.edition.renderings)
        terms = (form for entry in load_glossary().entries for form in entry.en)
        return Spelling([*editions, *terms])

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
