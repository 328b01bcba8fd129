"""The causes of wrong answers: one run broken at each step."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from corpus import Fact, Span, load_reports, report_facts
from eval.causes import Cause, cause, causes, read_texts
from eval.grade import Grade, Outcome
from eval.questions import Item, Wanted
from eval.score import Run
from eval.systems import Ranked

QUOTE = "我国网民规模达9.89亿"
ITEM = Item(
    "made-1", "zh", "lookup", ("2020年底有多少网民？",), (Wanted("9.89亿", "2020-12"),), (), (),
    (("cnnic-47", QUOTE),),
)  # fmt: skip
WRONG = Grade(Outcome.WRONG, cited=False, missed=("9.89亿",))


@cache
def texts() -> dict[str, tuple[str, ...]]:
    return read_texts(load_reports())


@cache
def telling() -> tuple[Fact, ...]:
    """The facts of the sentences that hold the evidence."""
    report = next(one for one in load_reports() if one.id == "cnnic-47")
    return tuple(
        fact
        for fact in report_facts(report)
        if QUOTE in "".join(fact.sentence.text.split()) and f"{fact.quantity.value}" == "9.89"
    )


def ranked(text: str = QUOTE, before: int = 0) -> tuple[Ranked, ...]:
    others = [Ranked("cnnic-47", Span(0, 1), "别的话")] * before
    return (*others, Ranked("cnnic-47", Span(1, 2), text))


def run(
    found: Grade = WRONG,
    item: Item = ITEM,
    places: tuple[Ranked, ...] | None = None,
    facts: Sequence[Fact] | None = None,
) -> Run:
    known = telling() if facts is None else tuple(facts)
    return Run(item, None, found, ranked() if places is None else places, known)


CITED = replace(WRONG, cited=True)
SUM = replace(ITEM, numbers=(Wanted("19亿", None),))
STEPS: list[tuple[dict[str, Any], Cause | None]] = [
    ({}, Cause.UNDERSTANDING),
    ({"found": Grade(Outcome.RIGHT, cited=True)}, None),
    ({"found": Grade(Outcome.ERROR, cited=False)}, Cause.ERROR),
    ({"item": replace(ITEM, evidence=())}, Cause.REFUSING),
    ({"item": replace(ITEM, evidence=(("cnnic-47", "这句话不在报告里"),))}, Cause.READING),
    ({"item": replace(ITEM, evidence=(("no such report", QUOTE),))}, Cause.READING),
    ({"places": ranked(before=20)}, Cause.RETRIEVAL),
    ({"places": ranked("别的话")}, Cause.RETRIEVAL),
    ({"facts": ()}, Cause.FACTS),
    ({"found": Grade(Outcome.REFUSED, cited=False)}, Cause.REFUSING),
    ({"found": CITED}, Cause.COMPOSING),
    ({"found": replace(CITED, missed=("19亿",)), "item": SUM}, Cause.COMPUTING),
]


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_the_first_step_that_failed_is_the_cause(step: int) -> None:
    assert telling()
    changed, expected = STEPS[step]
    assert cause(run(**changed), texts()) is expected


def test_causes_are_counted_by_type_most_first() -> None:
    found = causes([run(), run(), run(CITED), run(Grade(Outcome.RIGHT, cited=True))], texts())
    assert [(step, dict(types)) for step, types in found.items()] == [
        (Cause.UNDERSTANDING, {"lookup": 2}),
        (Cause.COMPOSING, {"lookup": 1}),
    ]
