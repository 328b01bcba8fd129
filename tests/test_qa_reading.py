"""The span that answers: the run of a passage's sentences that the reader says most for."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Kind, load_reports, passages, sentences
from eval.spans import measured
from index import load_encoder, open_index
from index.reader import Scores
from qa.question import read_question
from qa.reading import read_span, told_on
from qa.scoring import Scored, Scorer

LONGEST = 5
QUESTION = read_question(["为什么2020年网民增长很快？"])


class Said:
    """A reader that says given numbers, by the sentences' words."""

    def __init__(self, numbers: dict[str, float]) -> None:
        self.numbers = numbers

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """The number of the sentence that each text ends with."""
        return np.array(
            [next(n for said, n in self.numbers.items() if text.endswith(said)) for text in texts],
            dtype=np.float32,
        )


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    """A scorer over the reports' index."""
    folder = Path(tmp_path_factory.mktemp("reading")) / "index"
    return Scorer(open_index(load_reports(), load_encoder(), folder))


@cache
def passage_of_short_sentences() -> tuple[Scored, ...]:
    """The first eight sentences of a passage that has so many, none longer than 90 characters."""
    for report in load_reports():
        for passage in passages(report):
            found = sentences(passage) if passage.kind is not Kind.TABLE else ()
            if len(found) >= 8 and all(len(one.text) < 90 for one in found[:8]):
                return tuple(Scored(one, 0.0, ()) for one in found[:8])
    raise AssertionError("no passage has eight short sentences")


def brute(said: Sequence[float], best: int) -> float:
    """The greatest sum of a run of at most LONGEST numbers that holds the best one's place."""
    return max(
        sum(said[start:end])
        for start in range(len(said))
        for end in range(start + 1, len(said) + 1)
        if start <= best < end and end - start <= LONGEST
    )


@settings(deadline=None, max_examples=60)
@given(
    said=st.lists(st.integers(-8, 8), min_size=8, max_size=8),
    best=st.integers(0, 7),
    seed=st.randoms(use_true_random=False),
)
def test_the_span_is_the_run_around_the_best_of_the_greatest_sum(
    scorer: Scorer, said: list[int], best: int, seed: object
) -> None:
    told = passage_of_short_sentences()
    reader = Said({one.sentence.text: float(n) for one, n in zip(told, said, strict=True)})
    others = [one for one in told if one is not told[best]]
    seed.shuffle(others)  # type: ignore[attr-defined]
    span = read_span(reader, scorer, QUESTION, [told[best], *others], LONGEST)
    places = [told.index(one) for one in span]
    assert places == list(range(places[0], places[-1] + 1))
    assert best in places
    assert len(places) <= LONGEST
    assert sum(said[place] for place in places) == brute(said, best)


def test_without_a_reader_the_best_sentence_stands_alone(scorer: Scorer) -> None:
    told = passage_of_short_sentences()
    assert read_span(None, scorer, QUESTION, told, LONGEST) == told[:1]


def test_precision_and_recall_of_a_span() -> None:
    assert measured([True, False, True, False], 2) == (0.5, 1.0, 4)
    assert measured([True], 4) == (1.0, 0.25, 1)
    assert measured([False, False], 1) == (0.0, 0.0, 2)


@cache
def points() -> tuple[Scored, ...]:
    """The sentences of the passage of the 55th report that tells of ride-hailing for the old."""
    for report in load_reports():
        for passage in passages(report):
            found = sentences(passage) if passage.kind is not Kind.TABLE else ()
            if any(one.text.startswith("二是平台助老服务更加完善") for one in found):
                return tuple(Scored(one, 0.0, ()) for one in found)
    raise AssertionError("no passage tells of it")


def _opening(words: str) -> Scored:
    return next(one for one in points() if one.sentence.text.startswith(words))


def test_a_point_is_told_on_up_to_the_next() -> None:
    """Read in the report: four sentences follow 二是 before 三是 or the end."""
    told = told_on([_opening("二是平台助老服务")], points(), LONGEST)
    assert len(told) > 1
    assert any("一键叫车" in one.sentence.text for one in told)
    assert not any(one.sentence.text.startswith(("一是", "三是")) for one in told)


def test_what_introduces_points_is_told_on_by_what_opens_each() -> None:
    first = _opening("一是")
    before = points()[points().index(first) - 1]
    told = told_on([before], points(), LONGEST)
    assert [one.sentence.text[:2] for one in told[1:3]] == ["一是", "二是"]


@pytest.mark.parametrize("longest", [1, 2, 3, 5])
def test_no_more_is_told_than_the_longest(longest: int) -> None:
    told = told_on([_opening("二是平台助老服务")], points()[::-1], longest)
    assert len(told) <= longest
    assert [one.sentence.start for one in told] == sorted(one.sentence.start for one in told)
