"""The question bank: whole, valid, without near-duplicates, and apart from the evaluation sets."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from corpus import load_reports
from eval.questions import QUESTIONS, read_questions
from index import load_encoder
from index.bank import BankError, BankQuestion, load_bank
from index.training.bank import HARD_CLAIMS, NEAR, alike, by_section

DEVELOPMENT = QUESTIONS.parent / "development.jsonl"
NO_EVIDENCE = {"unanswerable", "claim_nei"}


@cache
def bank() -> tuple[BankQuestion, ...]:
    return load_bank()


def test_it_is_as_large_and_balanced_as_it_should_be() -> None:
    types = Counter(one.type for one in bank())
    questions = sum(count for name, count in types.items() if not name.startswith(("claim", "una")))
    assert questions >= 8000
    assert types["unanswerable"] >= 1000
    assert sum(count for name, count in types.items() if name.startswith("claim")) >= 2000
    chinese = sum(one.language == "zh" for one in bank())
    assert 0.45 < chinese / len(bank()) < 0.55
    assert len({one.id for one in bank()}) == len(bank())


def test_evidence_stands_in_the_reports_and_holds_the_figures() -> None:
    sources = {report.id: report.source for report in load_reports()}
    for one in (*bank(), *load_bank(NEAR), *load_bank(HARD_CLAIMS)):
        assert bool(one.evidence) is (one.type not in NO_EVIDENCE), one.id
        quotes = [sources[name][span.start : span.end] for name, span in one.evidence]
        assert all(quote.strip() for quote in quotes), one.id
        packed = [re.sub(r"\s", "", quote) for quote in quotes]
        for figure in one.figures:
            digits = re.findall(r"\d+", figure)
            assert any(all(part in text for part in digits) for text in packed), (one.id, figure)


def test_every_section_is_asked_about() -> None:
    assert [key for key, count in by_section(bank(), load_reports()).items() if not count] == []


def test_no_two_questions_are_alike() -> None:
    assert alike([" ".join(one.turns) for one in bank()]) == []


def test_near_questions_come_in_pairs_of_which_one_is_answered() -> None:
    near = load_bank(NEAR)
    half = len(near) // 2
    assert half >= 400
    for answered, unanswered in zip(near[:half], near[half:], strict=True):
        assert answered.evidence, answered.id
        assert unanswered.type == "unanswerable", unanswered.id
        assert answered.language == unanswered.language, unanswered.id
        assert answered.turns != unanswered.turns, unanswered.id
    assert len({one.id for one in (*near, *bank())}) == len(near) + len(bank())


@pytest.mark.parametrize("path", [QUESTIONS, DEVELOPMENT])
def test_the_evaluation_sets_are_not_in_the_bank(path: Path) -> None:
    items = read_questions(path)
    asked = [" ".join(one.turns) for one in items]
    taught = (*bank(), *load_bank(NEAR))
    assert alike(asked, [" ".join(one.turns) for one in taught]) == []
    encoder = load_encoder()
    alone = [one.turns[0] for one in items if len(one.turns) == 1]
    known = encoder.encode([one.turns[0] for one in taught if len(one.turns) == 1])
    closeness = (encoder.encode(alone) @ known.T).max(axis=1)
    assert [text for text, close in zip(alone, closeness, strict=True) if close >= 0.95] == []


def test_the_evaluation_set_is_large_and_balanced() -> None:
    items = read_questions(QUESTIONS)
    assert len(items) >= 400
    chinese = sum(one.language == "zh" for one in items)
    assert 0.45 < chinese / len(items) < 0.55
    assert len({one.id for one in items}) == len(items)
    sources = {one.id: re.sub(r"\s", "", one.source) for one in load_reports()}
    for one in items:
        for report, quote in one.evidence:
            assert re.sub(r"\s", "", quote) in sources[report], one.id


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2020年底网民规模有多大？", "2024年底网民规模有多大", True),
        ("How many users in 2020?", "how many users in 2024", True),
        ("2020年底网民规模有多大？", "到2020年末有多少人上网", False),
        ("How many users in 2020?", "How many websites in 2020?", False),
    ],
)
def test_alike(one: str, other: str, same: bool) -> None:
    assert bool(alike([one, other])) is same
    assert bool(alike([one], [other])) is same


@pytest.mark.parametrize("line", ["no json", "[]", json.dumps({"id": "q-1", "lang": "zh"})])
def test_a_broken_line_is_told(tmp_path: Path, line: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(BankError, match="line 1"):
        load_bank(path)
