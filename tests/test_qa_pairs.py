"""Pairs: which two figures a question sets against each other, against pairs read by hand."""

from collections.abc import Callable

import numpy as np
import pytest

from corpus import Clean, Fact, Kind, Passage, Span, find_periods, sentences
from eval.fitting import fit_tables
from index import Term
from qa.operands import Heard, same_unit
from qa.pairs import asked_pairs, candidates, pair_signs
from qa.parts import parts
from qa.question import read_question
from qa.scoring import Scored

_NAMES = ("手机", "电视", "平板", "农村", "城镇", "普及率", "规模", "企业", "员工")


def scored(text: str, score: float = 1.0) -> Scored:
    passage = Passage("r", Kind.PARAGRAPH, (), "", (Span(0, len(text)),),
                      Clean(text, tuple(range(len(text)))))  # fmt: skip
    (one, *_) = sentences(passage)
    return Scored(one, score, find_periods(text)[:1])


def like(text: str) -> Callable[[Fact], float]:
    """The share of a metric's characters that a text has: what an encoder's cosine stands for."""
    return lambda fact: len(set(fact.metric) & set(text)) / (len(set(fact.metric)) or 1)


def heard(question: str, texts: list[str]) -> tuple[Heard, list[Heard]]:
    asked = read_question([question])
    ranked = [scored(text, 1.0 - place) for place, text in enumerate(texts)]
    known = [Term(one, 3.0, ((one, 1.0),)) for one in _NAMES]
    views = [
        Heard(one, ranked, [term for term in known if term.word in one.topic], like(one.topic))
        for one in (asked, *parts(asked))
    ]
    return views[0], views[1:]


DEVICES = "使用手机上网的比例为99.7%，使用电视上网的比例为23.1%，使用平板上网的比例为22.1%。"
RATES = "城镇普及率为79.8%，较2019年提升3.3个百分点；农村普及率为55.9%，较2019年提升9.7个百分点。"
AGES = "20-29岁网民规模占比为13.1%，30-39岁网民规模占比为19.0%，60岁网民规模占比为14.1%。"
FIRMS = "企业达5万家，较上年增加3000家，员工规模为800万人，较上年增加20万人。"


@pytest.mark.parametrize(
    ("question", "texts", "shown"),
    [
        ("电视和平板上网的比例差几个百分点", [DEVICES], {"23.1%", "22.1%"}),
        ("手机和平板上网的比例差几个百分点", [DEVICES], {"99.7%", "22.1%"}),
        ("城镇和农村普及率差几个百分点", [RATES], {"79.8%", "55.9%"}),
        ("农村和城镇普及率差几个百分点", [RATES, DEVICES], {"79.8%", "55.9%"}),
        ("20-29岁和60岁的网民规模占比差几个百分点", [AGES], {"13.1%", "14.1%"}),
    ],
)
def test_the_two_figures_are_those_of_what_is_named(
    question: str, texts: list[str], shown: set[str]
) -> None:
    best = asked_pairs(*heard(question, texts))[0]
    facts = (best.first.fact, best.second.fact)
    printed = {one.sentence.text[one.quantity.start : one.quantity.end] for one in facts}
    assert printed == shown


def test_the_first_figure_is_of_the_first_thing() -> None:
    one, other = (
        asked_pairs(*heard(question, [DEVICES]))[0]
        for question in ("电视和平板上网的比例差几个百分点", "平板和电视上网的比例差几个百分点")
    )
    assert "电视" in one.first.fact.metric
    assert (one.first.fact, one.second.fact) == (other.second.fact, other.first.fact)


EARLY = "2020年使用手机上网的比例为99.7%，使用平板上网的比例为22.9%，电视用户增加300万人。"
LATE = "2024年使用手机上网的比例为99.6%，使用平板上网的比例为30.8%，电视用户增加500万人。"


@pytest.mark.parametrize(
    ("thing", "shown"), [("平板", ("22.9%", "30.8%")), ("手机", ("99.7%", "99.6%"))]
)
def test_over_time_both_are_of_one_thing_and_the_first_of_the_first_time(
    thing: str, shown: tuple[str, str]
) -> None:
    views = heard(f"{thing}上网的比例2020年和2024年差几个百分点", [EARLY, LATE])
    found = asked_pairs(*views, over_time=True)
    best = (found[0].first.fact, found[0].second.fact)
    assert tuple(one.sentence.text[one.quantity.start : one.quantity.end] for one in best) == shown
    for one in found:
        assert "2020" in one.first.fact.sentence.text
        assert "2024" in one.second.fact.sentence.text
        assert "增加" not in one.first.fact.sentence.text[one.first.fact.quantity.start - 2 :][:2]
    assert asked_pairs(*heard("手机上网的比例2020年和2024年差多少", [EARLY]), over_time=True) == ()


def test_shares_of_likelihood_add_up_to_no_more_than_one() -> None:
    found = asked_pairs(*heard("企业和员工规模差多少", [FIRMS, RATES, DEVICES]))
    assert all(0 <= one.sure <= 1 for one in found)
    assert sum(one.sure for one in found) <= 1 + 1e-9
    assert found[0].sure == max(one.sure for one in found)


def test_nothing_is_paired_with_itself_or_where_there_is_one_figure() -> None:
    whole, views = heard("城镇和农村普及率差几个百分点", [RATES, RATES])
    for one in asked_pairs(whole, views):
        assert one.first.fact.quantity.magnitude != one.second.fact.quantity.magnitude
    assert asked_pairs(*heard("城镇和农村普及率差几个百分点", ["城镇普及率为79.8%。"])) == ()
    assert asked_pairs(*heard("城镇和农村普及率差几个百分点", [])) == ()


def test_signs_are_those_of_every_two_facts() -> None:
    whole, views = heard("城镇和农村普及率差几个百分点", [RATES, FIRMS])
    found = candidates(whole, views)
    signs, allowed = pair_signs(whole, views, found)
    for row, one in enumerate(found):
        for column, other in enumerate(found):
            mine, theirs = one.fact, other.fact
            assert signs["kind"][row, column] == (mine.kind is theirs.kind)
            assert signs["metric"][row, column] == (mine.metric == theirs.metric)
            assert signs["unit"][row, column] == (
                same_unit(mine.quantity, theirs.quantity)
                and mine.quantity.measure is theirs.quantity.measure
            )
            assert signs["like"][row, column] == pytest.approx(one.like[1] + other.like[2])
            assert signs["least fit"][row, column] == min(one.fit[1], other.fit[2])
            assert allowed[row, column] == (
                (mine.quantity.magnitude, mine.quantity.measure)
                != (theirs.quantity.magnitude, theirs.quantity.measure)
            )


def test_weights_are_learnt_by_which_the_right_one_comes_first() -> None:
    dice = np.random.default_rng(3)
    hidden = np.array([2.0, -1.0, 0.0, 0.5])
    tables = []
    for _ in range(60):
        signs = dice.normal(size=(12, 4))
        tables.append((signs, (np.arange(12) == (signs @ hidden).argmax()).astype(float)))
    weights = fit_tables(tables)
    first = [right[(signs @ weights).argmax()] for signs, right in tables]
    assert np.mean(first) > 0.9
    assert weights[0] > weights[3] > weights[1]
