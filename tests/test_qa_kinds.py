"""Which kind of figure a question asks for, against a table made by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import FactKind, Measure
from qa.kinds import asked_kinds, likely_kinds, signs
from qa.question import read_question


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("全国有多少人养猫？", FactKind.LEVEL),
        ("How many cinemas are there?", FactKind.LEVEL),
        ("养猫的人占几成？", FactKind.SHARE),
        ("what portion of cinemas have a cafe?", FactKind.SHARE),
        ("电影票房同比涨了百分之几", FactKind.GROWTH),
        ("year-on-year growth of ticket sales", FactKind.GROWTH),
        ("影院比上年增加了多少家", FactKind.CHANGE),
        ("How many more cinemas than the year before?", FactKind.CHANGE),
        ("占比提高了几个百分点", FactKind.POINTS),
        ("票房是上一年的多少倍", FactKind.MULTIPLE),
        ("北京的影院数排第几", FactKind.RANK),
    ],
)
def test_the_likeliest_kind(text: str, kind: FactKind) -> None:
    assert likely_kinds(read_question([text]))[0] is kind


def test_patterns_say_a_level_where_none_matches() -> None:
    for text in ("养猫的人占全部的多大一块", "how many cinemas are there"):
        assert asked_kinds(read_question([text]))[0] is FactKind.LEVEL
    assert asked_kinds(read_question(["影院同比涨了百分之几"]))[0] is FactKind.GROWTH


def test_numbers_are_all_alike_and_patterns_are_named() -> None:
    assert signs("2020年涨了3.5%", None) == signs("1999年涨了17%", None)
    assert "(grows)" in signs("it grew", None)
    assert "(share)" in signs("几成", Measure.SHARE)


@given(st.text(max_size=60))
def test_any_text_has_signs(text: str) -> None:
    assert "bias" in signs(text, None)


@given(st.text(alphabet="网民多少占比涨落几成倍grows share%0123 ", max_size=30))
def test_any_question_has_kinds_each_once(text: str) -> None:
    for kinds in (kind(read_question([f"网民{text}"])) for kind in (asked_kinds, likely_kinds)):
        assert len(kinds) == len(set(kinds)) >= 1
