"""Which figure of a sentence is asked for, against sentences of the reports read by hand."""

import json
from decimal import Decimal

import pytest

from qa import Assistant
from qa.asked import MODEL, asked_fact, fact_signs
from qa.operands import facts_of
from qa.question import read_question
from qa.scoring import Scored

DELIVERY = "我国网上外卖用户规模达 4.19 亿"
THINGS = "三家基础电信企业发展蜂窝物联网终端"
SCHOOLS = "小学及以下网民群体占比由"


def _sentence(assistant: Assistant, question: str, words: str) -> Scored:
    """The sentence of the reports with some words, as it was found for a question."""
    bare = words.replace(" ", "")
    ranked = assistant.gatherer.scorer.rank(read_question([question]))
    return next(one for one in ranked if bare in one.sentence.text.replace(" ", ""))


@pytest.mark.parametrize(
    ("question", "words", "value"),
    [
        ("2020年底点外卖的有多少人？", DELIVERY, "4.19"),
        ("2020年底，用手机点外卖的人数是多少？", DELIVERY, "4.18"),
        ("外卖用户占全体网民的几成？2020年12月", DELIVERY, "42.3"),
        ("点外卖的人2020年3月到12月多了多少", DELIVERY, "2103"),
        ("What share of all internet users ordered takeaways in December 2020?", DELIVERY, "42.3"),
        ("2020年底蜂窝物联网终端用户一共多少", THINGS, "11.36"),
        ("2020年底蜂窝物联网用户里智慧交通占多少", THINGS, "18.3"),
        ("2020年12月初中学历的网民占比", SCHOOLS, "40.3"),
        ("2020年12月小学及以下的网民占多少", SCHOOLS, "19.3"),
    ],
)
def test_the_figure_asked_for(
    real_assistant: Assistant, question: str, words: str, value: str
) -> None:
    one = _sentence(real_assistant, question, words)
    fact = asked_fact(real_assistant.gatherer.scorer, read_question([question]), one)
    assert fact is not None
    assert fact.quantity.value == Decimal(value)


def test_every_sign_has_a_weight(real_assistant: Assistant) -> None:
    one = _sentence(real_assistant, "2020年底点外卖的网民有多少？", DELIVERY)
    scorer, question = real_assistant.gatherer.scorer, read_question(["点外卖的有多少人"])
    weights = set(json.loads(MODEL.read_text(encoding="utf-8")))
    signs = fact_signs(scorer, question, facts_of(one))
    assert signs
    assert all(set(each) == weights for each in signs)
    assert fact_signs(scorer, question, ()) == []


def test_what_of_a_metric_a_question_speaks_of(real_assistant: Assistant) -> None:
    scorer = real_assistant.gatherer.scorer
    terms = scorer.terms_of("网上外卖")
    assert scorer.spoken_share("网上外卖", terms) == pytest.approx(1.0)
    assert scorer.spoken_share("", terms) == 0.0
    assert scorer.spoken_share("网上外卖", ()) == 0.0
    part = scorer.spoken_share("网上外卖骑手保险", terms)
    assert 0.0 < part < 1.0
