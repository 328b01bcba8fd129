"""Scores of verdicts against counts made by hand."""

from dataclasses import replace

import pytest

from eval.claims import Judged, judge_all, score_verdicts
from eval.questions import Item, Wanted
from qa import Verdict


def item(verdict: str) -> Item:
    return Item("c", "en", "claim", ("a claim",), (), (), (), (), verdict)


def judged(gold: str, said: str) -> Judged:
    found = Verdict.model_construct(verdict=said, text="", citations=[], findings=[])
    return Judged(item(gold), found, cited=False, corrected=None)


def test_macro_f1_by_hand() -> None:
    runs = [judged("supported", "supported")] * 3 + [judged("supported", "refuted")]
    runs += [judged("refuted", "refuted")] * 2 + [judged("not_enough_info", "supported")] * 2
    found = score_verdicts(runs)
    assert found.precision["supported"] == pytest.approx(3 / 5)
    assert found.recall["supported"] == pytest.approx(3 / 4)
    assert found.f1["refuted"] == pytest.approx(2 * 2 / (3 + 2))
    assert found.f1["not_enough_info"] == 0
    assert found.macro_f1 == pytest.approx((2 * 3 / 9 + 4 / 5 + 0) / 3)
    assert found.false_alarms == pytest.approx(1 / 4)


def test_a_system_that_always_says_one_thing_is_caught() -> None:
    golds = ("supported", "refuted", "not_enough_info")
    for said in golds:
        assert score_verdicts([judged(gold, said) for gold in golds]).macro_f1 < 0.2


def test_a_verdict_without_the_right_figure_is_counted() -> None:
    wanted = replace(item("refuted"), numbers=(Wanted("9.89亿", None),))
    for text, right in (("报告给出的是9.89亿", True), ("报告给出的是98.9亿", False)):
        (found,) = judge_all(
            lambda _, text=text: Verdict.model_construct(  # type: ignore[misc]
                verdict="refuted", text=text, citations=[], findings=[]
            ),
            [wanted],
        )
        assert found.corrected is right


def test_an_error_of_the_program_is_told_apart() -> None:
    def fail(text: str) -> Verdict:
        raise RuntimeError(text)

    (found,) = judge_all(fail, [item("supported")])
    assert (found.verdict, found.error) == (None, "RuntimeError: a claim")
    assert score_verdicts([found]).errors == 1


def test_nothing_cannot_be_scored() -> None:
    with pytest.raises(ValueError, match="no verdicts"):
        score_verdicts([])
