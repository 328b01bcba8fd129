"""Conversations on the real reports: what the last turn asks is found, for the time it means.

The figures were read from the reports by hand.
"""

import pytest

from qa import Assistant


@pytest.mark.parametrize(
    ("turns", "says"),
    [
        (["How many ride-hailing users did China have at the end of 2020?", "and in June?"], "340"),
        (["2020年底网约车用户有多少？", "六月份呢"], "3.40亿"),
        (["2024年底看网络新闻的有多少人", "占网民多大比例", "上一年底这个比例呢"], "70.7%"),
        (["贵州2024年底有几个政府网站", "云南呢？", "比它前一年少了几个"], "没有变化"),
        (
            ["网约车用户有多少？", "How many booked travel online in 2024?", "and a year earlier?"],
            "509.01 million",
        ),
        (["2021年电商交易额一共多少万亿？", "再往前，2015年呢"], "21.8万亿元"),
        (["2024年河南有多少网页？", "陕西呢"], "陕西"),
        (["大陆的IPv6地址，2020年底中国电信有多少块/32", "中国科技网呢"], "|中国科技网|17|"),
        (
            ["How many netizens in December 2020?", "and penetration?", "up how much since March?"],
            "5.9",
        ),
        (["互联网公司总市值多少？", "独角兽呢？", "比上年多几家"], "增加20家"),
    ],
)
def test_the_last_turn_is_answered_for_the_time_it_means(
    real_assistant: Assistant, turns: list[str], says: str
) -> None:
    answer = real_assistant.ask(turns)
    assert answer.status == "answered", answer.reason
    assert says in answer.text.replace("**", "")


def test_a_sentence_is_dated_by_the_latest_period_before_it(real_assistant: Assistant) -> None:
    """网络提速降费 follows 由2015年底的…到2020年底的…, and is of 2020."""
    answer = real_assistant.ask(["网络提速降费，固定宽带和手机流量的平均资费相比2015年降了多少？"])
    assert "95%" in answer.text
    assert "2015年12月" not in answer.text


def test_another_subject_is_not_answered_with_the_one_before(real_assistant: Assistant) -> None:
    """No report counts cat owners; that web pages were spoken of before changes nothing."""
    turns = ["What share of web pages were dynamic at the end of 2024?", "中国有多少人养猫"]
    assert real_assistant.ask(turns).status == "refused"
