"""The grader against a table of answers judged by hand."""

import json
from pathlib import Path

import pytest

from eval.grade import Outcome, grade
from eval.questions import Item, read_item
from qa import Answer

LINES = (Path(__file__).parent / "data" / "grades.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]


def item(case: dict[str, object]) -> Item:
    given = {"id": "t", "lang": "zh", "type": "lookup", "turns": ["?"], "evidence": []}
    return read_item({**given, **case})


def answer(text: str) -> Answer:
    return Answer(
        question="?", language="zh", status="answered" if text.strip() else "refused", text=text,
        values=[], citations=[], reason=None, timings_ms={},
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["why"])[:60])
def test_an_answer_is_graded_as_a_person_grades_it(case: dict[str, object]) -> None:
    found = grade(item(case), answer(str(case["answer"])))
    assert (found.outcome is Outcome.RIGHT) is case["right"], found.missed
