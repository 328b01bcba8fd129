"""Spelling: slips typed by hand are mended, and words that are right stay as they are."""

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import load_glossary, load_reports
from index import Spelling


@cache
def spelling() -> Spelling:
    editions = [one.english for report in load_reports() for one in report.edition.renderings]
    return Spelling([*editions, *(form for one in load_glossary().entries for form in one.en)])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("goverment websites in 2024", "government websites in 2024"),
        ("hwo many netizens", "how many netizens"),
        ("total transction volume", "total transaction volume"),
        ("intenet penetraton rate", "internet penetration rate"),
        ("moblie payment uesrs", "mobile payment users"),
        ("rural popluation", "rural population"),
    ],
)
def test_a_slip_is_mended(typed: str, meant: str) -> None:
    assert spelling().mended(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "takeaways, shoppers and travellers",
        "fandom, porn, masts and a bourse: words that no report has",
        "Weibo, Didi, TikTok, WeChat and Goverment",
        "IPv6 and .CN at 5G, www.goverment.cn, goverment@mail",
        "2020年goverment网站有多少",
        "",
    ],
)
def test_what_is_no_slip_stays(text: str) -> None:
    assert spelling().mended(text) == text


def test_the_words_of_the_english_edition_stay() -> None:
    for report in load_reports():
        for one in report.edition.renderings[::40]:
            assert spelling().mended(one.english) == one.english


@given(st.text(max_size=60))
def test_only_latin_words_change(text: str) -> None:
    mended = spelling().mended(text)
    assert re.sub("[a-z]+", "", mended) == re.sub("[a-z]+", "", text)
    assert spelling().mended(mended) == mended
