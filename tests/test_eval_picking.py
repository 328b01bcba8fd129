"""The choice of twenty facts: the right one once, and none other that gives its figure."""

from pathlib import Path

import pytest

from corpus import load_reports, same_figure
from eval.picking import choice_of, pick
from index import load_encoder, open_index
from qa.evidence import Gatherer
from qa.operands import facts_of
from qa.question import read_question


@pytest.fixture(scope="module")
def gatherer(tmp_path_factory: pytest.TempPathFactory) -> Gatherer:
    """A gatherer without a reader."""
    folder = Path(tmp_path_factory.mktemp("picking")) / "index"
    return Gatherer(open_index(load_reports(), load_encoder(), folder))


def test_the_choice_holds_the_right_fact_and_others_like_it(gatherer: Gatherer) -> None:
    question = read_question(["截至2024年12月我国网民规模是多少"], newest=2024)
    nearest = gatherer.scorer.rank(question)[:40]
    right = next(fact for one in nearest for fact in facts_of(one))
    choice = choice_of(right, nearest)
    assert len(choice) == len(set(choice)) == 20
    assert choice[0] == right
    assert not any(same_figure(fact.quantity, right.quantity) for fact in choice[1:])
    beside = {fact for one in nearest for fact in facts_of(one) if fact.sentence == right.sentence}
    assert len(beside & set(choice)) >= min(4, len(beside))


def test_the_pick_is_one_of_the_choice_or_none(gatherer: Gatherer) -> None:
    question = read_question(["截至2024年12月我国网民规模是多少"], newest=2024)
    nearest = gatherer.scorer.rank(question)[:40]
    choice = choice_of(next(fact for one in nearest for fact in facts_of(one)), nearest)
    picked = pick(gatherer, question, choice)
    assert picked in choice
    assert pick(gatherer, question, ()) is None
