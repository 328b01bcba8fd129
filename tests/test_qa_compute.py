"""Computing: the arithmetic against sums done by hand, and the check that guards it."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from corpus import Clean, Fact, Kind, Passage, Span, find_periods, sentences
from index import Term
from qa import Assistant
from qa.compose import Statement, computed
from qa.compute import compute, earlier, states_result
from qa.draft import checked
from qa.formula import Formula
from qa.operands import Heard
from qa.operation import Operation, operation
from qa.parts import parts
from qa.question import Question, read_question
from qa.scoring import Scored

_NAMES = ("东部", "西部", "香港", "美国", "上海", "农村", "满意度")


def scored(text: str) -> Scored:
    passage = Passage("r", Kind.PARAGRAPH, (), "", (Span(0, len(text)),),
                      Clean(text, tuple(range(len(text)))))  # fmt: skip
    (one, *_) = sentences(passage)
    return Scored(one, 1.0, find_periods(text)[:1])


def like(text: str) -> Callable[[Fact], float]:
    """The share of a metric's characters that a text has: what an encoder's cosine stands for."""
    return lambda fact: 0.4 + 0.6 * len(set(fact.metric) & set(text)) / (len(set(fact.metric)) or 1)


def formula(question: str, text: str) -> Formula | None:
    asked = read_question([question])
    if operation(asked) is Operation.BEFORE:
        asked = earlier(asked)
    terms = [Term(one, 3.0, ((one, 1.0),)) for one in _NAMES]
    named = [one for one in terms if one.word in question]

    def heard(one: Question) -> Heard:
        return Heard(one, [scored(text)], named, like(one.topic))

    return compute(heard(asked), [heard(one) for one in parts(asked)])


PLANTS = "截至2020年底，拥有专利的企业共24.6万家，较上年增加3.3万家。"
DATA = "2017年到2021年，我国数据产量从2.3ZB增长至6.6ZB。"
SPLIT = "截至2020年12月，东部使用率为86.5%，较2020年3月提升1.1个百分点；西部使用率为85.9%。"
LISTED = "其中，在香港上市的企业38家，在美国上市的企业61家，在上海上市的企业48家。"


@pytest.mark.parametrize(
    ("question", "text", "shown"),
    [
        ("倒推一下2019年有多少家", PLANTS, "24.6万家 − 3.3万家 = **21.3万家** (2019年)"),
        ("work it back: how many in 2019?", PLANTS, "24.6万家 − 3.3万家 = **21.3万家** (2019年)"),
        ("2021年比2017年多了几个ZB", DATA, "2017年2.3ZB，2021年6.6ZB，增加**4.3ZB**"),
        ("东部和西部差几个百分点", SPLIT, "86.5% − 85.9% = **0.6个百分点** (2020年12月)"),
        ("香港和美国加起来多少家", LISTED, "38家 + 61家 = **99家**"),
        ("香港、美国和上海加起来多少家", LISTED, "38家 + 61家 + 48家 = **147家**"),
        (
            "推算2023年底的数",
            "2024年用户1.2亿人，较2023年12月减少300万人。",
            "1.2亿人 + 300万人 = **1.23亿人** (2023年12月)",
        ),
        (
            "倒推2019年底的总市值",
            "截至2020年12月，总市值达16.80万亿元，较2019年12月增长51.2%。",
            "16.80万亿元，增长51.2%之前约为**11.11万亿元** (2019年12月)",
        ),
        ("香港是美国的几倍", LISTED, "61家 ÷ 38家 ≈ **1.61倍**"),
    ],
)
def test_the_arithmetic_is_shown(question: str, text: str, shown: str) -> None:
    found = formula(question, text)
    assert found is not None
    bare = computed(found, "zh", named=False)
    assert bare.text == shown
    assert found.holds()
    assert checked([bare, computed(found, "zh")]) == (bare, computed(found, "zh"))


def test_operands_are_named_where_that_tells_them_apart() -> None:
    found = formula("香港是美国的几倍", LISTED)
    assert found is not None
    told = "美国上市的企业 61家 ÷ 香港上市的企业 38家 ≈ **1.61倍**"
    assert computed(found, "zh").text == told
    backwards = formula("倒推一下2019年有多少家", PLANTS)
    assert backwards is not None
    assert computed(backwards, "zh") == computed(backwards, "zh", named=False)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("2020年底有多少家", PLANTS),
        ("差多少", LISTED),
        ("加起来多少", DATA),
        ("倒推一下", DATA),
        ("差多少", "网民规模达9.89亿，网站有443万个。"),
        ("差多少", "增长迅速。"),
    ],
)
def test_nothing_is_computed_that_is_not_asked_or_not_clear(question: str, text: str) -> None:
    assert formula(question, text) is None


def test_a_difference_since_another_time_is_not_the_one_asked_for() -> None:
    text = "2023年用户5000万人，2024年用户8000万人，较2019年增加1000万人。"
    found = formula("用户从2023年到2024年净增了多少人", text)
    assert found is not None
    assert computed(found, "zh", named=False).text.endswith("增加**3,000万人**")


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("2020年比2019年多了多少家", PLANTS, True),
        ("香港和美国差多少家", LISTED, False),
        ("香港是美国的几倍", LISTED, False),
        ("香港是美国的几倍", "香港的企业数是美国的2.5倍。", True),
        ("香港和美国加起来多少家", LISTED, False),
        ("香港有多少家", LISTED, True),
    ],
)
def test_whether_a_sentence_states_what_is_to_be_computed(
    question: str, text: str, said: bool
) -> None:
    asked = read_question([question])
    assert states_result(asked, "香港" in question, [scored(text)]) is said


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How many times were they watched?", None),
        ("How many times did people log in?", None),
        ("Taiwan's stock was how many times Hong Kong's?", Operation.MULTIPLE),
        ("how many times as many as in 2017", Operation.MULTIPLE),
        ("How far did their share climb?", Operation.DIFFERENCE),
        ("how many percentage points slower was it", Operation.DIFFERENCE),
        ("比全体网民落后多少个点", Operation.DIFFERENCE),
        ("What proportion of them were used?", Operation.SHARE),
    ],
)
def test_what_is_asked_to_be_computed(question: str, asked: Operation | None) -> None:
    assert operation(read_question([question])) is asked


def test_unlike_things_are_no_multiple_of_each_other() -> None:
    assert formula("香港是美国的几倍", "在香港上市的企业38家，在美国卖出产品6100件。") is None


def test_what_there_is_is_compared_and_not_how_it_changed() -> None:
    text = "2020年香港企业38家，较2019年增加7家；美国企业61家，较2019年增加9家。"
    found = formula("美国企业比香港企业多几家", text)
    assert found is not None
    assert computed(found, "zh", named=False).text.startswith("61家 − 38家 = **23家**")


@pytest.mark.parametrize("text", ["网约车用户是旅行预订用户的几成", "农村网民占全体的几成"])
def test_a_part_of_ten_is_a_share(text: str) -> None:
    assert operation(read_question([text])) is Operation.SHARE


def test_a_wrong_result_is_not_shown() -> None:
    found = formula("东部和西部差几个百分点", SPLIT)
    assert found is not None
    assert found.result is not None
    wrong = replace(found, result=replace(found.result, value=Decimal("0.7")))
    assert not wrong.holds()
    assert checked([computed(wrong, "zh")]) == ()


def test_an_operand_that_is_not_cited_is_not_shown() -> None:
    found = formula("东部和西部差几个百分点", SPLIT)
    assert found is not None
    other = scored(DATA).sentence
    assert checked([Statement(computed(found, "zh").text, (other,), found)]) == ()


def test_the_time_before_a_growth_rate_is_named_though_no_passage_prints_it() -> None:
    text = "2020年1月至11月，融资金额约388亿元，同比增长256.8%。"
    found = formula("倒推2019年同期的融资金额", text)
    assert found is not None
    one = computed(found, "zh")
    assert one.text.endswith("约为**108.7亿元** (2019年1月至2019年11月)")
    assert checked([one]) == (one,)
    assert checked([replace(one, text=one.text.replace("2019年11月", "2019年10月"))]) == ()


def test_the_best_sentence_gives_both_sides_that_no_question_alone_finds() -> None:
    text = "城市和农村网民对当地网络基础设施建设满意度分别为92.4%和91.4%。"
    found = formula("城里网民和农村网民的满意度差多少", text)
    assert found is not None
    assert computed(found, "zh", named=False).text.startswith("92.4% − 91.4% = **1个百分点**")


def test_another_number_beside_the_formula_is_not_shown() -> None:
    found = formula("东部和西部差几个百分点", SPLIT)
    assert found is not None
    one = computed(found, "zh")
    assert checked([replace(one, text=f"{one.text}，共99家")]) == ()


def test_what_is_undone_is_dated_by_the_year_before(real_assistant: Assistant) -> None:
    """The sentence says 24.6万家，较上年增加3.3万家; the one before it, 2020年."""
    answer = real_assistant.ask(
        ["手里有有效发明专利的企业，2019年有多少万家？拿2020年的数倒推一下"]
    )
    assert [(v.value, v.period) for v in answer.values if v.role == "computed"] == [(21.3, "2019")]


def test_one_thing_at_two_times_is_told_over_time_though_named_unlike(
    real_assistant: Assistant,
) -> None:
    """85个二级节点上线 by the end of 2020 and 建成二级节点168个 in 2021, read in the reports."""
    question = "工业互联网标识解析的二级节点，2021年建成的数比2020年底上线的翻番了没？差多少个"
    text = real_assistant.ask([question]).text
    assert "2020年12月85个，2021年168个，增加**83个**" in text
    assert "没有翻倍" in text


def test_a_figure_that_does_not_show_in_another_is_not_taken_from_it(
    real_assistant: Assistant,
) -> None:
    """84万个 less 10.1个 is 84万个 as far as it is printed."""
    answer = real_assistant.ask(["共建共享的5G基站84万个，比每万人拥有的5G基站数多多少，2021年"])
    assert "84万个 −" not in answer.text


def test_two_years_that_two_reports_tell_are_set_apart(real_assistant: Assistant) -> None:
    """233 and 212 platforms: no sentence has both."""
    found = real_assistant.ask(["国家数字教育资源公共服务体系接入的平台，2021年比2020年多多少个？"])
    assert [one.value for one in found.values if one.role == "computed"] == [21]
    assert {one.report for one in found.citations} >= {"digital-china-2020", "digital-china-2021"}
