"""Signs of a sentence, each against cases made by hand."""

import json

import pytest

from corpus import find_quantities
from index import Term
from qa import Assistant
from qa.confidence import MODEL as CONFIDENCE
from qa.question import read_question
from qa.scoring import around, load_weights
from qa.signs import closeness, coverage, digits_of, digits_sign

RURAL = Term("农村", 3.0, (("农村", 1.0), ("乡村", 0.5)))
RATE = Term("普及率", 1.0, (("普及率", 1.0),))


@pytest.mark.parametrize(
    ("text", "close"), [("农村地区", 1.0), ("乡村地区", 0.5 / 0.6), ("城镇地区", 0.0)]
)
def test_closeness_is_that_of_the_nearest_word(text: str, close: float) -> None:
    assert closeness(RURAL, text) == pytest.approx(close)


def test_a_latin_word_stands_for_itself() -> None:
    term = Term("site", 1.0, (("site", 1.0),))
    assert closeness(term, "all sites") == 1.0
    assert closeness(term, "parasite") == 0.0


def test_coverage_counts_rare_terms_more() -> None:
    assert coverage((RURAL, RATE), "农村网民") == pytest.approx(3 / 4)
    assert coverage((RURAL, RATE), "普及率") == pytest.approx(1 / 4)
    assert coverage((), "普及率") == 0.0


@pytest.mark.parametrize(
    ("question", "digits"),
    [
        ("2020年12月60岁及以上网民占比", {"60"}),
        ("Share of users aged 10 to 19 at the end of 2020?", {"10", "19"}),
        ("2024年网民规模", set()),
        ("第47次报告里IPv4地址有多少", set()),
        ("How many 5G base stations, says the 47th report?", set()),
        ("21年底3亿元以上的项目", {"3"}),
        ("近10年增长了多少", {"10"}),
    ],
)
def test_numbers_that_are_no_dates(question: str, digits: set[str]) -> None:
    assert digits_of(question) == digits


def test_all_numbers_asked_about_must_be_there() -> None:
    assert digits_sign(frozenset(), "20-29岁") == 0.0
    assert digits_sign(frozenset({"20", "29"}), "20-29岁和30-39岁") == 1.0
    assert digits_sign(frozenset({"10", "19"}), "10岁和20-29岁") == -1.0


def test_the_words_around_a_figure() -> None:
    text = "Penetration was 85.3% in urban areas, up 1.9 percentage points; 67.4% in rural areas"
    urban, change, rural = find_quantities(text)
    assert around(text, urban) == "Penetration was   in urban areas"
    assert "up" in around(text, change)
    assert "rural" in around(text, rural)
    assert "rural" not in around(text, urban)
    assert around("no figures", urban) == ""


def test_every_sign_has_a_weight(real_assistant: Assistant) -> None:
    gatherer = real_assistant.gatherer
    _, standing = gatherer.weigh(read_question(["2020年农村地区互联网普及率是多少？"]))
    assert standing is not None
    assert set(standing.signs.numbers()) == set(load_weights())
    for models in json.loads(CONFIDENCE.read_text(encoding="utf-8")).values():
        assert set(models) == {"right", "answerable"}
        assert all(set(standing.numbers()) == set(weights) for weights in models.values())
