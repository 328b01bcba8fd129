"""Workings: what two figures come to, against sums done by hand."""

from decimal import Decimal

import pytest

from corpus import Clean, Fact, FactKind, Kind, Passage, Span, find_facts
from qa import Assistant
from qa.operands import Heard
from qa.question import read_question
from qa.scoring import Scored
from qa.workings import cues, formulas, is_of, may_compute, workings


def facts(text: str) -> tuple[Fact, ...]:
    return find_facts(
        Passage(
            "r", Kind.PARAGRAPH, (), "", (Span(0, len(text)),), Clean(text, tuple(range(len(text))))
        )
    )


def results(text: str) -> dict[str, tuple[str, str]]:
    one, other = facts(text)
    return {
        name: (f"{found.result.value:f}", found.result.unit)
        for name, found in formulas(one, other)
        if found is not None and found.result is not None
    }


def test_two_counts_of_one_time() -> None:
    found = results("截至2020年12月，城镇网民规模为6.80亿人，农村网民规模为3.09亿人。")
    assert found["difference"] == ("3.71", "人")
    assert found["sum"] == ("9.89", "人")
    assert found["times"] == ("2.201", "倍")  # 6.80 / 3.09
    assert found["share"] == ("45.44", "%")  # 3.09 / 6.80
    assert "growth" not in found  # of one time nothing grows


def test_one_thing_at_two_times_grew() -> None:
    found = results("2017年数据产量为230亿GB，2021年数据产量为660亿GB。")
    assert found["growth"] == ("187", "%")  # 660 / 230 - 1 = 1.8696


def test_a_count_and_a_share() -> None:
    found = results("截至2021年底，共建共享的5G基站达84万个，在5G基站中占58.9%。")
    assert found["whole"][0] == "142.6"  # 84 / .589 = 142.61
    assert found["rest"][0] == "58.6"
    assert found["part"][0] == "49.5"  # 84 * .589 = 49.476


def test_a_level_before_its_change() -> None:
    found = results("截至2020年底，拥有专利的企业共24.6万家，较上年增加3.3万家。")
    assert found == {"before": ("21.3", "家")}


def test_unlike_units_are_divided() -> None:
    found = results("2020年底，慕课数量为5万门，学习人次达8亿人次。")
    assert found == {"each": ("1.6", "人次")}  # 80,000 万 / 5 万 = 16,000


def test_an_average_is_not_divided_again() -> None:
    assert results("2020年，法院受理案件1.1万件，庭审平均用时21分钟。") == {}


@pytest.mark.parametrize(
    "text",
    [
        "截至2020年12月，城镇网民规模为6.80亿人，农村网民规模为3.09亿人。",
        "截至2021年底，共建共享的5G基站达84万个，在5G基站中占58.9%。",
        "2017年数据产量为230亿GB，2021年数据产量为660亿GB。",
    ],
)
def test_every_formula_holds(text: str) -> None:
    one, other = facts(text)
    assert all(found.holds() for _, found in formulas(one, other) if found is not None)


def test_a_question_that_names_no_operation_hints_at_none() -> None:
    assert not may_compute(cues(read_question(["2024年底网民有多少人？"]), ()))
    assert may_compute(cues(read_question(["城镇网民比农村网民多多少？"]), ()))


def test_quoting_is_one_of_the_workings() -> None:
    text = "截至2020年12月，城镇网民规模为6.80亿人，农村网民规模为3.09亿人。"
    (first, *_) = facts(text)
    ranked = [Scored(first.sentence, 1.0, (first.period,) if first.period else ())]
    heard = Heard(read_question(["城镇网民多多少？"]), ranked, (), lambda fact: 0.5)
    names = [one.name for one in workings(heard)]
    assert names[-1] == "quote"
    assert "difference" in names


def test_a_level_before_a_change_is_of_the_time_counted_from() -> None:
    level, change = facts("截至2020年底，拥有专利的企业共24.6万家，较上年增加3.3万家。")
    assert change.kind is FactKind.CHANGE
    ((_, found),) = formulas(level, change)
    assert found is not None
    assert found.result is not None
    assert found.result.magnitude == Decimal("213000")
    asked = read_question(["2019年呢，有多少家企业？"]).periods
    assert is_of(found, asked)


@pytest.mark.parametrize(
    "asked",
    [
        "宽带端口里光纤的占到多少了（2024年11月）？",
        "2021年手里有社保卡的人一共多少？（不是电子的那种）",
        "2020年那份报告说，坐飞机用“航信通”通关，每位旅客平均少等几分钟？",
        "Roughly how many ride-hailing trips a day did the platform see at the end of 2020?",
    ],
)
def test_what_a_sentence_answers_is_not_computed(real_assistant: Assistant, asked: str) -> None:
    answer = real_assistant.ask([asked])
    assert answer.status == "answered"
    assert not any(one.role == "computed" for one in answer.values)


@pytest.mark.parametrize(
    ("turns", "said"),
    [
        (["How many people in China watched livestreams as of December 2024?",
          "What was it in December 2020?", "So how many more is that?"], "216 million"),
        (["How many Chinese used search engines in December 2024?",
          "What was it in December 2020?", "That's growth of what percent?"], "14.0"),
        (["“全国水利一张图”收进了多少座水库？", "水闸呢？", "两样加起来多少？"], "20.3万座"),
        (["2021年发出去的职业培训券，真正用掉的大概占百分之几？"], "26.48%"),
    ],
)  # fmt: skip
def test_what_no_report_prints_is_computed(
    real_assistant: Assistant, turns: list[str], said: str
) -> None:
    answer = real_assistant.ask(turns)
    assert said in answer.text
    assert any(one.role == "computed" for one in answer.values)
