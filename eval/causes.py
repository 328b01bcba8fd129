"""Causes: at which step an answer that is not right went wrong.

The steps are those of an answer: a report is read, its facts are found, a passage is retrieved, the
question is understood, figures are computed, the answer is composed. A cause is the first step
that did not do its part.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from corpus import Report, passages, quotable
from eval.grade import Outcome, holds, plain
from eval.score import Run, fact_rank, printed_there, rank_of, touches, undated

_DEPTH = 20


class Cause(StrEnum):
    """What went wrong, by the step that did.

    ``READING``: no passage read holds the evidence. ``RETRIEVAL``: none of the first twenty does.
    ``FACTS``: a number asked for is printed in the evidence, and no fact gives it.
    ``UNDERSTANDING``: the evidence was found and another passage was given. ``REFUSING``:
    what is answered was refused, or what is not was answered. ``COMPUTING``: the evidence was
    given, and a number that it does not print lacks. ``COMPOSING``: it was given, and what it says
    was told in part, or for something else.
    """

    ERROR = "error"
    READING = "reading"
    RETRIEVAL = "retrieval"
    FACTS = "facts"
    REFUSING = "refusing"
    UNDERSTANDING = "understanding"
    COMPUTING = "computing"
    COMPOSING = "composing"


def read_texts(reports: Iterable[Report]) -> dict[str, tuple[str, ...]]:
    """What can be quoted of each report: its sentences and rows, by the report's id."""
    return {
        report.id: tuple(one.text for read in passages(report) for one in quotable(read))
        for report in reports
    }


def cause(run: Run, texts: Mapping[str, Sequence[str]]) -> Cause | None:
    """The step at which a run went wrong; None if it is right.

    :param texts: What can be quoted, as :func:`read_texts` gives it.
    """
    item, found = run.item, run.grade
    if found.outcome is Outcome.RIGHT:
        return None
    if found.outcome is Outcome.ERROR:
        return Cause.ERROR
    if not item.evidence:
        return Cause.REFUSING
    if not any(
        touches(text, quote) for name, quote in item.evidence for text in texts.get(name, ())
    ):
        return Cause.READING
    if not 0 < rank_of(item, run.ranked) <= _DEPTH:
        return Cause.RETRIEVAL
    if run.facts is not None and printed_there(item) and not fact_rank(item, run.facts):
        return Cause.FACTS
    if found.outcome is Outcome.REFUSED:
        return Cause.REFUSING
    if not found.cited:
        return Cause.UNDERSTANDING
    quotes = [plain(quote) for _, quote in item.evidence]
    lacking = [one for one in undated(item) if one.printed in found.missed]
    if any(not any(holds(one, quote) for quote in quotes) for one in lacking):
        return Cause.COMPUTING
    return Cause.COMPOSING


def causes(runs: Sequence[Run], texts: Mapping[str, Sequence[str]]) -> dict[Cause, Counter[str]]:
    """How many runs went wrong at each step, the most frequent first, by the questions' types."""
    found: dict[Cause, Counter[str]] = {}
    for run in runs:
        step = cause(run, texts)
        if step is not None:
            found.setdefault(step, Counter())[run.item.type] += 1
    return dict(sorted(found.items(), key=lambda one: -one[1].total()))
