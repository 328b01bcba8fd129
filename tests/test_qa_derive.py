"""What the reports give only in factors: averages, counts of shares, wholes of parts."""

from decimal import Decimal

import pytest
from test_qa_compute import like, scored

from qa import Assistant
from qa.compose import computed
from qa.derive import derive, rest_of, whole_of
from qa.draft import checked
from qa.operands import Heard
from qa.question import read_question

PARCELS = "2020全年，快递企业业务量和业务收入分别完成833.6亿件和8795.4亿元。"
FESTIVAL = "2020年11月1日至11日，共处理快件39.65亿件，其中11日当天共处理快件6.75亿件。"
RIDES = "2021年全年网约车完成订单量83.2亿单。"
PART = "截至2020年12月，网民规模为9.89亿，其中农村网民占比为31.3%。"
CLOUD = "2021年云服务共实现收入7768亿元，占信息技术服务收入的12.9%。"
ELDERLY = "截至2024年12月，老年群体网约车使用率达24.6%，用户规模达3849万人。"


def heard(question: str, text: str) -> Heard:
    return Heard(read_question([question]), [scored(text)], [], like(question))


@pytest.mark.parametrize(
    ("question", "text", "result"),
    [
        ("2020年平均送一件快递能收多少钱", PARCELS, Decimal("8795.4") / Decimal("833.6")),
        ("What was the average revenue per parcel?", PARCELS, Decimal("8795.4") / Decimal("833.6")),
        ("双十一期间平均一天处理多少快件", FESTIVAL, Decimal("3965000000") / 11),
        ("2021年网约车平均每天多少单", RIDES, Decimal("8320000000") / 365),
        ("农村网民折合多少人", PART, Decimal("989000000") * Decimal("0.313")),
    ],
)
def test_a_figure_is_made_of_its_factors(question: str, text: str, result: Decimal) -> None:
    found = derive(heard(question, text))
    assert found is not None
    assert found.result is not None
    assert abs(found.result.magnitude / result - 1) < Decimal("0.0005")
    for language in ("zh", "en"):
        assert checked([computed(found, language, named=False)])


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (CLOUD, Decimal("776800000000") / Decimal("0.129")),
        (ELDERLY, Decimal("38490000") / Decimal("0.246")),
    ],
)
def test_a_part_and_its_share_make_a_whole(text: str, result: Decimal) -> None:
    found = whole_of(heard("总共多少", text))
    assert found is not None
    assert found.result is not None
    assert abs(found.result.magnitude / result - 1) < Decimal("0.0005")
    assert found.holds()


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("快递业务收入是多少", PARCELS),
        ("人均上网时长是多少", "2024年人均每周上网时长为28.7小时，网民11.08亿人。"),
        ("平均一天处理多少快件", "共处理快件39.65亿件。"),
        ("网民有多少人", "截至2020年12月，网民规模为9.89亿，互联网普及率为70.4%。"),
        ("平均多少钱", "增长迅速。"),
    ],
)
def test_what_is_stated_or_lacks_a_factor_is_not_derived(question: str, text: str) -> None:
    assert derive(heard(question, text)) is None


@pytest.mark.parametrize(
    ("question", "text", "rest"),
    [
        ("刨掉实物商品还剩多少",
         "2020年网上零售额达到11.76万亿元，其中实物商品网上零售额9.76万亿元。", "2"),
        ("没换成数字电视的还剩多少户",
         "截至2020年11月，有线电视用户2.3亿户，数字电视用户1.98亿户。", "0.32"),
        ("扣掉北京还剩多少", "2024年北京的投资金额高达436亿元，占比达53.7%。", "375.9"),
    ],
)  # fmt: skip
def test_what_is_left_of_a_whole(question: str, text: str, rest: str) -> None:
    found = rest_of(heard(question, text))
    assert found is not None
    assert found.result is not None
    assert found.result.value == Decimal(rest)
    assert checked([computed(found, "zh", named=False)])


def test_nothing_is_taken_from_what_stands_beside_it() -> None:
    text = "2020年工具类和电商类数量分别达50.3万款和34.0万款。"
    assert rest_of(heard("去掉工具类还剩多少", text)) is None


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How many Chinese paid for things online by the end of 2020?", "854 million"),
        ("网约车用户2024年净增多少", "1180万"),
        ("上网课的人减少了百分之多少", "3.42亿"),
        ("How many domain names are registered in China in total (Dec 2024)?", "33.02 million"),
    ],
)
def test_what_the_reports_count_is_not_computed(
    real_assistant: Assistant, question: str, said: str
) -> None:
    answer = real_assistant.ask([question])
    assert said in answer.text
    assert not [value for value in answer.values if value.role == "computed"]


def test_a_share_that_is_not_something_is_no_difference_of_counts(
    real_assistant: Assistant,
) -> None:
    asked = "What share of Chinese internet users were not on instant messaging at the end of 2020?"
    answer = real_assistant.ask([asked])
    assert not any(one.role == "computed" for one in answer.values)


def test_how_many_are_not_something_is_the_rest_of_the_whole(real_assistant: Assistant) -> None:
    answer = real_assistant.ask(["到2020年底，中国社会扶贫网上挂出来的需求有多少条没对接成？"])
    assert "153万条" in answer.text
