"""Expansions: nearest known questions by brute force, saved and read back, and broken files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpus import Span
from index.bank import BankQuestion
from index.expansions import Expansion, Expansions

A, B, C = ("one", 0, 10), ("one", 10, 20), ("two", 0, 10)
KNOWN = (
    Expansion("q-1", (A,), ("9.89亿",)),
    Expansion("q-2", (A, B), ("70.4%",)),
    Expansion("q-3", (), ()),
    Expansion("q-4", (C,), ()),
)


class LengthEncoder:
    """Encodes a text by its length alone."""

    name, digest, dimension = "length", "length", 2

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        angles = np.array([len(text) for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


vectors = st.lists(
    st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=3), min_size=5, max_size=5
).map(lambda rows: np.array(rows, dtype=np.float32))


@given(vectors)
def test_the_nearest_question_is_found_as_by_hand(rows: NDArray[np.float32]) -> None:
    known, asked = rows[:4], rows[4]
    like = Expansions(KNOWN, known).likeness(asked)
    cosines = [float(np.dot(one, asked)) for one in known]
    assert like.of("one", Span(0, 10)) == pytest.approx(max(cosines[0], cosines[1], 0), abs=1e-6)
    assert like.of("one", Span(10, 20)) == pytest.approx(max(cosines[1], 0), abs=1e-6)
    assert like.of("two", Span(0, 10)) == pytest.approx(max(cosines[3], 0), abs=1e-6)
    assert like.of("two", Span(0, 11)) == 0
    assert like.unanswered == pytest.approx(cosines[2], abs=1e-6)
    assert like.answered == pytest.approx(max(cosines[0], cosines[1], cosines[3], 0), abs=1e-6)


def test_what_is_asked_of_a_place_is_told_by_its_figures() -> None:
    like = Expansions(KNOWN, np.eye(4, 3, dtype=np.float32)).likeness(np.array([0.6, 0.8, 0.0]))
    asking = like.asking("one", Span(0, 10))
    assert asking == {("9.89亿",): pytest.approx(0.6), ("70.4%",): pytest.approx(0.8)}
    assert like.asking("one", Span(5, 10)) == {}


def test_the_first_places_are_those_of_the_nearest_questions() -> None:
    like = Expansions(KNOWN, np.eye(4, 3, dtype=np.float32)).likeness(np.array([0.6, 0.8, 0.0]))
    assert like.first(2) == [A, B]
    assert len(like.first(99)) == 3


def question(name: str, report: str, *turns: str, kind: str = "lookup") -> BankQuestion:
    evidence = ((report, Span(0, 10)),) if report else ()
    return BankQuestion(name, "zh", kind, turns, evidence, ("9.89亿",), "")


def test_only_questions_that_the_reports_may_answer_are_known() -> None:
    bank = (
        question("q-1", "one", "网民有多少"),
        question("q-2", "elsewhere", "网民有多少"),
        question("q-3", "one", "网民有多少", "农村呢"),
        question("q-4", "one", "网民有9.89亿", kind="claim_true"),
        question("q-5", "", "网民有多少是外国人"),
    )
    known = Expansions.build(bank, {"one", "two"}, LengthEncoder())
    assert [one.id for one in known.questions] == ["q-1", "q-5"]
    assert not Expansions.build(bank, {"two"}, LengthEncoder()).questions


def test_without_questions_nothing_is_alike() -> None:
    like = Expansions.none(3).likeness(np.ones(3, dtype=np.float32))
    assert (like.answered, like.unanswered, like.first(3)) == (0, 0, [])


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    names, rows = tmp_path / "questions.json", tmp_path / "questions.npy"
    known = Expansions(KNOWN, np.eye(4, 3, dtype=np.float32))
    known.save(names, rows)
    again = Expansions.load(names, rows)
    assert again.questions == known.questions
    asked = np.array([0.5, 0.25, 0.125], dtype=np.float32)
    assert again.likeness(asked).first(3) == known.likeness(asked).first(3)


@pytest.mark.parametrize("broken", [b"", b"{", b"\xff\xfe"])
def test_a_damaged_file_is_told(tmp_path: Path, broken: bytes) -> None:
    names, rows = tmp_path / "questions.json", tmp_path / "questions.npy"
    Expansions(KNOWN, np.eye(4, 3, dtype=np.float32)).save(names, rows)
    names.write_bytes(broken)
    with pytest.raises(ValueError, match=r"."):
        Expansions.load(names, rows)
