"""Contradictions: claims whose figure a report prints, of something else."""

import pytest

from qa import Assistant


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("By December 2024, 249 million people in China, or 17.7 percent of the country's internet "
         "users, were using generative AI products.", "refuted"),
        ("截至2024年12月，我国有17.7%的网民在使用生成式人工智能产品，约2.49亿人。", "refuted"),
        ("2024年12月，生成式人工智能产品用户达2.49亿人，占整体人口的17.7%。", "supported"),
        ("2024年国庆前三天，山西旅游订单的预订量比中秋节猛增171%。", "refuted"),
        ("2024年国庆前三天，山西旅游订单的预订量比中秋节增长63%。", "supported"),
        ("2021年，三家基础电信企业的蜂窝物联网终端用户中，用于智能制造的占22.4%。", "refuted"),
        ("2021年，三家基础电信企业的蜂窝物联网终端用户中，用于智能制造的占18.1%。", "supported"),
        ("2021年“清朗”系列专项行动累计处置账号13.4万个。", "refuted"),
        ("2021年“清朗”系列专项行动累计处置账号13.4亿个。", "supported"),
        ("受疫情拖累，2020年我国大数据产业规模同比缩水29.6%。", "refuted"),
        ("Firms listed in Hong Kong had more than half of the market value of China's listed "
         "internet companies at the end of 2020.", "supported"),
    ],
)  # fmt: skip
def test_a_figure_said_of_something_else_is_refuted(
    real_assistant: Assistant, claim: str, verdict: str
) -> None:
    assert real_assistant.check(claim).verdict == verdict


def test_nothing_is_supported_by_another_figure(real_assistant: Assistant) -> None:
    claim = (
        "Didi's one-tap taxi hailing has handled over 1.5 billion trips for 15.43 million riders."
    )
    found = real_assistant.check(claim)
    (trips,) = (one for one in found.findings if "billion" in one.claimed)
    assert trips.verdict != "supported"
