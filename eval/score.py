"""Scores: what a system's answers are worth, with how sure that is.

Errors of the program are counted apart from wrong answers, and a refusal is
neither.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import mean, median, quantiles

from corpus import Fact, find_periods, find_quantities
from eval.grade import Grade, Outcome, grade, holds, plain
from eval.questions import Item, Wanted
from eval.systems import Ranked, System
from qa import Answer
from qa.verify import unsupported

_RESAMPLES = 1000
_SEED = 13
_CUTS = (1, 5, 20)


@dataclass(frozen=True, slots=True)
class Run:
    """What a system did with one question; no answer if the program failed."""

    item: Item
    answer: Answer | None
    grade: Grade
    ranked: tuple[Ranked, ...]
    facts: tuple[Fact, ...] | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How often what decides a question is among the first ranked, by depth, and the MRR.

    The mean reciprocal rank (Voorhees 1999) counts what was not ranked as 0.
    """

    number: int
    recall: dict[int, float]
    mrr: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares from 0 to 1 over some runs; None where no question tells.

    ``interval`` is the 95 % bootstrap interval of ``right``. ``unsupported`` counts
    numbers shown that no cited span holds. ``passages`` tells where the first passage stands
    that holds evidence, ``facts`` the first fact that gives a number asked for and stands in
    evidence, over the questions whose numbers are printed there. Latencies are in milliseconds.
    """

    number: int
    right: float
    interval: tuple[float, float]
    wrong: float
    refused: float
    errors: int
    numbers_right: float | None
    wrong_figures: float | None
    citation_precision: float | None
    citation_recall: float | None
    refuses_unanswerable: float | None
    refuses_answerable: float | None
    unsupported: int
    passages: Retrieval | None
    facts: Retrieval | None
    p50: float
    p95: float


def run(system: System, items: Sequence[Item]) -> tuple[Run, ...]:
    """Ask a system every question; what it raises is an error of the program."""
    found = []
    for item in items:
        try:
            answer = system.answer(item.turns)
            ranked = tuple(system.rank(item.turns))
            facts = tuple(system.rank_facts(item.turns)) if system.rank_facts else None
        except Exception as error:  # a program may fail in any way
            failed = Grade(Outcome.ERROR, cited=False)
            found.append(Run(item, None, failed, (), error=f"{type(error).__name__}: {error}"))
            continue
        found.append(Run(item, answer, grade(item, answer), ranked, facts))
    return tuple(found)


def score(runs: Sequence[Run]) -> Scores:
    """Score some runs.

    :raises ValueError: If there are none.
    """
    if not runs:
        raise ValueError("no runs to score: choose questions that there are")
    times = [one.answer.timings_ms.get("total", 0.0) for one in runs if one.answer] or [0.0]
    return Scores(
        number=len(runs),
        right=_share(runs, _is(Outcome.RIGHT)),
        interval=_interval([one.grade.outcome is Outcome.RIGHT for one in runs]),
        wrong=_share(runs, _is(Outcome.WRONG)),
        refused=_share(runs, _is(Outcome.REFUSED)),
        errors=sum(one.grade.outcome is Outcome.ERROR for one in runs),
        numbers_right=_mean([_numbers_right(one) for one in runs if one.item.numbers]),
        wrong_figures=_mean([_wrong_figure(one) for one in runs if one.answer and _figured(one)]),
        citation_precision=_mean([p for one in runs for p in _citations(one)]),
        citation_recall=_mean([one.grade.cited for one in runs if one.item.evidence]),
        refuses_unanswerable=_mean([_refused(one) for one in runs if not one.item.answerable]),
        refuses_answerable=_mean([_refused(one) for one in runs if one.item.answerable]),
        unsupported=sum(len(unsupported_of(one.answer)) for one in runs if one.answer),
        passages=retrieval([rank_of(one.item, one.ranked) for one in runs if one.item.evidence]),
        facts=retrieval(
            [
                fact_rank(one.item, one.facts)
                for one in runs
                if one.facts is not None and printed_there(one.item)
            ]
        ),
        p50=median(times),
        p95=quantiles(times, n=20)[-1] if len(times) > 1 else times[0],
    )


def _share(runs: Sequence[Run], test: Callable[[Run], bool]) -> float:
    return mean(map(test, runs))


def _is(outcome: Outcome) -> Callable[[Run], bool]:
    return lambda one: one.grade.outcome is outcome


def _mean(values: Sequence[float]) -> float | None:
    return mean(values) if values else None


def _interval(rights: Sequence[bool]) -> tuple[float, float]:
    """The middle 95 % of the mean over resamples (Efron 1979), with a fixed seed."""
    dice = random.Random(_SEED)
    means = sorted(mean(dice.choices(rights, k=len(rights))) for _ in range(_RESAMPLES))
    return means[int(_RESAMPLES * 0.025)], means[int(_RESAMPLES * 0.975)]


def _refused(one: Run) -> bool:
    return one.answer is not None and one.answer.status == "refused"


def _numbers_right(one: Run) -> bool:
    missed = set(one.grade.missed)
    answered = one.answer is not None and one.answer.status == "answered"
    return answered and not missed.intersection(_printed(one))


def _printed(one: Run) -> set[str]:
    return {wanted.printed for wanted in one.item.numbers}


def _figured(one: Run) -> bool:
    return bool(one.item.numbers) and not _refused(one)


def _wrong_figure(one: Run) -> bool:
    """Whether an answer shows figures and not the one asked for."""
    shown = one.answer is not None and find_quantities(one.answer.text)
    return bool(shown) and bool(set(one.grade.missed).intersection(_printed(one)))


def _citations(one: Run) -> list[bool]:
    """Of an answer's citations, whether each touches a passage that decides the question."""
    if one.answer is None or one.answer.status == "refused" or not one.item.evidence:
        return []
    return [
        any(
            report == cited.report and touches(cited.quote, quote)
            for report, quote in one.item.evidence
        )
        for cited in one.answer.citations
    ]


def rank_of(item: Item, ranked: Sequence[Ranked]) -> int:
    """The rank of the first passage that holds some evidence; 0 if none does."""
    for rank, found in enumerate(ranked, 1):
        text = _packed(found.text)
        for report, quote in item.evidence:
            if report == found.report and touches(text, quote):
                return rank
    return 0


def fact_rank(item: Item, facts: Sequence[Fact]) -> int:
    """The rank of the first fact of the evidence that gives a number asked for; 0 if none does."""
    for rank, fact in enumerate(facts, 1):
        given = f"{fact.quantity.value:f}{fact.quantity.printed_unit}"
        if any(holds(one, given) for one in undated(item)) and any(
            report == fact.sentence.passage.report and _within(fact.sentence.text, quote)
            for report, quote in item.evidence
        ):
            return rank
    return 0


def printed_there(item: Item) -> bool:
    """Whether some number that a question asks for is printed in its evidence."""
    quotes = [plain(quote) for _, quote in item.evidence]
    return any(holds(one, quote) for one in undated(item) for quote in quotes)


def undated(item: Item) -> list[Wanted]:
    """The numbers that a question asks for, of whatever time."""
    return [replace(one, as_of=None) for one in item.numbers]


def _within(text: str, quote: str) -> bool:
    """Whether a sentence holds most of a quote, or is part of it."""
    return touches(text, quote) or _packed(text) in _packed(quote)


def retrieval(ranks: Sequence[int]) -> Retrieval | None:
    """Recall and mean reciprocal rank of some ranks, 0 for what was not found; None of none."""
    if not ranks:
        return None
    return Retrieval(
        number=len(ranks),
        recall={cut: mean(0 < rank <= cut for rank in ranks) for cut in _CUTS},
        mrr=mean(1 / rank if rank else 0.0 for rank in ranks),
    )


def touches(text: str, quote: str) -> bool:
    """Whether a text holds most of a quote: all of it, or three quarters from its start or end."""
    packed, wanted = _packed(text), _packed(quote)
    part = max(1, len(wanted) * 3 // 4)
    return wanted[:part] in packed or wanted[-part:] in packed


def unsupported_of(answer: Answer) -> tuple[str, ...]:
    """The numbers and periods of an answer that neither its citations nor its sums hold."""
    if answer.status == "refused":
        return ()
    cited = [text for one in answer.citations for text in (one.quote, one.english or "")]
    cited += _cells(answer)
    cited += [re.sub(r"\s+", "", text) for text in cited]
    missing = [
        one for statement in answer.text.split("\n\n") for one in unsupported(statement, cited)
    ]
    computed = {round(one.magnitude, 6) for one in answer.values if one.role == "computed"}
    periods = {one.period for one in answer.values if one.role == "computed"}
    return tuple(
        text
        for text in missing
        if not any(round(float(q.magnitude), 6) in computed for q in find_quantities(text))
        and not any(str(period) in periods for period in find_periods(text))
    )


def _cells(answer: Answer) -> list[str]:
    """Figures whose unit stands in a column's head, where their digits stand in the quote."""
    quotes = {one.marker: one.quote for one in answer.citations}
    return [
        f"{one.value:.10g}{one.unit}"
        for one in answer.values
        if re.search(
            rf"(?<!\d){one.value:,.10g}(?!\d)|(?<!\d){one.value:.10g}(?!\d)",
            quotes.get(one.citation, ""),
        )
    ]


def _packed(text: str) -> str:
    return re.sub(r"[\s⁰¹²³⁴-⁹]", "", text)
