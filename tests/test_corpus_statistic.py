"""Statistics: facts that say the same thing gathered, those that disagree linked."""

from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import (
    Fact,
    Statistic,
    find_quantities,
    find_statistics,
    load_glossary,
    load_reports,
    report_facts,
)
from corpus.statistic import canonical, same_figure


@cache
def facts() -> tuple[Fact, ...]:
    return tuple(fact for report in load_reports() for fact in report_facts(report))


@cache
def statistics() -> tuple[Statistic, ...]:
    return find_statistics(facts(), load_glossary())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("7.82亿", "78241万", True),
        ("78241万", "7.82亿", True),
        ("7.82亿", "7.83亿", False),
        ("7.82亿", "78251万", False),
        ("11亿人", "11.08亿人", True),
        ("34.9%", "34.86%", True),
        ("34.9%", "34.9个百分点", False),
        ("4000万台", "6000万台", False),
        ("75KB", "74.86KB", True),
    ],
)
def test_figures_are_the_same_but_for_rounding(one: str, other: str, same: bool) -> None:
    (first,), (second,) = find_quantities(one), find_quantities(other)
    assert same_figure(first, second) is same


@given(st.integers(1, 10**7), st.integers(0, 5))
def test_a_rounded_figure_is_the_same(number: int, places: int) -> None:
    value = Decimal(number).scaleb(-6)
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    (exact,), (short,) = find_quantities(f"{value:f}亿人"), find_quantities(f"{rounded:f}亿人")
    assert same_figure(exact, short)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("在线办公用户规模", "在线办公用户规模"),
        ("我国远程办公的用户规模", "在线办公用户规模"),
        ("线上办公 用户规模", "在线办公用户规模"),
        ("全国网民规模", "网民规模"),
        ("手机网民使用率", "手机网民使用率"),
        ("煤炭产量", "煤炭产量"),
    ],
)
def test_a_metric_has_one_name(printed: str, name: str) -> None:
    assert canonical(printed, load_glossary()) == name


def test_every_fact_is_in_one_statistic() -> None:
    gathered = [id(fact) for one in statistics() for fact in one.facts]
    assert sorted(gathered) == sorted(map(id, facts()))


def test_a_statistic_s_facts_give_its_figure() -> None:
    for one in statistics():
        for fact in one.facts:
            assert same_figure(fact.quantity, one.quantity), one
            assert (fact.kind, fact.period, fact.base) == (one.kind, one.period, one.base)


def test_a_figure_of_summary_chapter_and_table_is_one_statistic() -> None:
    (one,) = (
        one
        for one in statistics()
        if (one.metric, one.kind, str(one.period)) == ("在线办公用户规模", "level", "2024-12")
    )
    assert one.quantity.magnitude == 570_480_000
    assert {fact.metric for fact in one.facts} == {
        "在线办公用户规模",
        "线上办公用户规模",
        "在线办公 用户规模",
    }


def test_rivals_differ_and_name_each_other() -> None:
    found = statistics()
    for place, one in enumerate(found):
        for rival in one.rivals:
            assert place in found[rival].rivals
            assert not same_figure(one.quantity, found[rival].quantity)
            assert (one.kind, one.period) == (found[rival].kind, found[rival].period)


# Read in the reports: what two of them say of one thing at one time.
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14444个", "14581个"),  # government websites, end of 2020
        ("79.2%", "79.37%"),  # schools on the internet, end of 2016
        ("57634块/32", "54592块/32"),  # IPv6 addresses, end of 2020
        ("70个", "80家"),  # industrial internet platforms, June 2020
        ("4000万台", "6000万台"),  # connected industrial devices, June 2020
    ],
)
def test_disagreements_of_the_reports_are_linked(one: str, other: str) -> None:
    found = statistics()
    pairs = {(printed(each), printed(found[rival])) for each in found for rival in each.rivals}
    assert (one, other) in pairs


def printed(one: Statistic) -> str:
    return f"{one.quantity.value:f}{one.quantity.printed_unit}"
