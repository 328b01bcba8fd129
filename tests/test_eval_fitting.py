"""Fitting near a prior: what is right comes to the front, and without lessons nothing moves."""

import pytest

from eval.fitting import adapt_chance, adapt_first


def test_a_sign_that_the_prior_lacks_is_learnt() -> None:
    lists = [([{"old": 1.0, "new": 0.0}, {"old": 0.0, "new": 1.0}], [False, True])] * 20
    before = {"old": 1.0, "new": 0.0}
    after = adapt_first(lists, before)
    assert after["new"] > after["old"]
    assert after["new"] > before["new"]


def test_lists_without_an_answer_teach_nothing() -> None:
    right = ([{"sign": 0.0}, {"sign": 0.0}], [True, False])
    wrong = ([{"sign": 5.0}, {"sign": 0.0}], [False, False])
    assert adapt_first([right, wrong], {"sign": 2.0})["sign"] == pytest.approx(2.0)


def test_chances_move_to_what_is_seen() -> None:
    signs = [{"sign": float(place % 2), "bias": 1.0} for place in range(40)]
    labels = [place % 2 == 1 for place in range(40)]
    after = adapt_chance(signs, labels, {"sign": 0.0, "bias": 0.0})
    assert after["sign"] > 1
    assert after["sign"] + after["bias"] > 0 > after["bias"]
