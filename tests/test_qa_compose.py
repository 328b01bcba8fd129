"""Figures and periods in English: exact, and readable again."""

import re
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import (
    Measure,
    Period,
    Quantity,
    Sentence,
    find_periods,
    find_quantities,
    load_reports,
    parse_month,
    passages,
    sentences,
)
from qa.compose import in_english, quote, western
from qa.scoring import Scored
from qa.verify import unsupported
from qa.when import period_words

WESTERN = [
    ("9.89亿人", "989 million people"),
    ("9.89亿", "989 million"),
    ("11.08亿人", "1.108 billion people"),
    ("5947万人", "59.47 million people"),
    ("79524万人", "795.24 million people"),
    ("9.7412345亿人", "974,123,450 people"),
    ("0.5万户", "5,000 households"),
    ("1575.57万人次", "15.7557 million person-times"),
    ("2.05万亿元", "2.05 trillion yuan"),
    ("97.4亿美元", "9.74 billion US dollars"),
    ("57634块/32", "57,634 /32 blocks"),
    ("419.1万个", "4.191 million"),
    ("16个", "16"),
    ("70.4%", "70.4%"),
    ("70.40%", "70.40%"),
    ("1100%", "1,100%"),
    ("-3.5%", "-3.5%"),
    ("5.9个百分点", "5.9 percentage points"),
    ("八成", "80%"),
    ("五分之一", "20%"),
    ("三分之一", "1/3"),
    ("2/3", "2/3"),
    ("1.6倍", "1.6 times"),
    ("28.7个小时", "28.7 hours"),
    ("60岁", "60 years old"),
    ("1000Mbps", "1,000 Mbps"),
    ("100公里", "100 km"),
]


@pytest.mark.parametrize(("chinese", "english"), WESTERN)
def test_a_quantity_in_english(chinese: str, english: str) -> None:
    (quantity,) = find_quantities(chinese)
    assert western(quantity) == english


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("网民规模达9.89亿，普及率达70.4%", "9.89亿 = 989 million; 70.4%"),
        ("较2020年3月提升5.9个百分点", "5.9个百分点 = 5.9 percentage points"),
        ("占87.9%，又占87.9%", "87.9%"),
        ("开放3500多公里道路，发放700余张牌照", "3500多公里 = over 3,500 km; 700余张 = over 700"),
        ("收入在2001-5000元的网民", "5000元 = 5,000 yuan"),
        ("第47次调查，5G，IPv6，12315", ""),
        ("截至2020年12月", ""),
        ("", ""),
    ],
)
def test_the_figures_of_a_text_in_english(chinese: str, english: str) -> None:
    assert in_english(chinese) == english


@pytest.mark.parametrize(
    ("month", "chinese", "english"),
    [
        ("2020-12", "2020年12月", "December 2020"),
        ("2021-01", "2021年1月", "January 2021"),
        ("2020", "2020年", "2020"),
        ("2020-01/2020-06", "2020年1月至2020年6月", "January 2020 to June 2020"),
        ("2016-01/2020-12", "2016年1月至2020年12月", "January 2016 to December 2020"),
    ],
)
def test_a_period_in_words(month: str, chinese: str, english: str) -> None:
    first, _, last = month.partition("/")
    period = Period(parse_month(first).first, parse_month(last or first).last)
    assert period_words(period, "zh") == chinese
    assert period_words(period, "en") == english
    assert str(period) == month


SCALES = st.sampled_from(
    [Decimal(1), Decimal(10**4), Decimal(10**6), Decimal(10**8), Decimal(10**12)]
)
UNITS = st.sampled_from("人 户 元 美元 个 家 块/32 % 个百分点 公里 小时 岁 人次 Mbps".split())
VALUES = st.decimals(min_value="0.01", max_value="99999", places=2) | st.integers(1, 10**7).map(
    Decimal
)


@settings(deadline=None)
@given(VALUES, SCALES, UNITS)
def test_what_is_written_in_english_reads_back_the_same(
    value: Decimal, scale: Decimal, unit: str
) -> None:
    if unit in ("%", "个百分点"):
        scale = Decimal(1)
    quantity = Quantity(value, scale, unit, 0, 1)
    english = western(quantity)
    (again,) = find_quantities(f"was {english} in all")
    assert (again.magnitude, again.measure) == (quantity.magnitude, quantity.measure), english
    assert again.agrees(quantity), english


@cache
def corpus_sentences() -> tuple[Sentence, ...]:
    """Every sentence of the reports that has a digit."""
    read = (one for report in load_reports() for one in passages(report))
    found = (one for passage in read for one in sentences(passage))
    return tuple(one for one in found if re.search("[0-9]", one.text))


def test_every_figure_of_the_reports_reads_back_the_same() -> None:
    for sentence in corpus_sentences():
        for quantity in find_quantities(sentence.text):
            if quantity.measure in (Measure.MULTIPLE, Measure.RATIO):
                continue  # shown as printed
            english = western(quantity)
            (again,) = find_quantities(f"was {english} in all")
            assert abs(again.magnitude - quantity.magnitude) < Decimal("1e-20"), english
            assert again.measure is quantity.measure, english


def test_every_period_of_the_reports_is_held_by_its_sentence() -> None:
    for sentence in corpus_sentences():
        for period in find_periods(sentence.text):
            assert unsupported(period_words(period, "zh"), [sentence.text]) == (), sentence.text
            assert unsupported(period_words(period, "en"), [sentence.text]) == (), sentence.text


def test_every_sentence_can_be_quoted() -> None:
    """What is put around a quote never fails the check by itself; headings of tables aside."""
    failed = []
    for sentence in corpus_sentences():
        scored = Scored(sentence, score=1.0, periods=())
        for statement in (*quote([scored], "zh"), *quote([scored], "en")):
            if wrong := unsupported(statement.text, [one.text for one in statement.cited]):
                failed.append((wrong, statement.text))
    assert [text for wrong, text in failed if "|---|" not in text] == []


def test_multiples_read_back_as_multiples() -> None:
    (times,), (again,) = find_quantities("1.6倍"), find_quantities("1.6 times")
    assert again.measure is times.measure is Measure.MULTIPLE
    assert unsupported("1.6 times", ["是2017年的1.6倍"]) == ()
