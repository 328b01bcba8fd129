"""Everyday ways to ask for what two figures come to, on the real reports.

The results are worked out by hand from the tables of cnnic-47 (December 2020) and cnnic-55
(December 2024); ``python -m eval.everyday`` asks many more.
"""

import pytest

from eval.everyday import THINGS, WAYS, asked, gives
from qa import Assistant


@pytest.mark.parametrize(
    ("turns", "says"),
    [
        (
            ["How many more people bought things online than ordered food online at the end of "
             "2024?"],
            "382.12 million",
        ),
        (["2020年底，看网络小说的人数相当于刷短视频的人数的百分之几？"], "52.69%"),
        (["What is the number of people who see a doctor online as a percentage of those who "
          "order takeaway, in December 2024?"], "70.61%"),
        (["2020年底叫外卖的人是看网络小说的人的几倍？"], "0.9109倍"),
        (["2020年底在家办公的有多少人？", "网上聊天的呢？", "后者是前者的几倍？"], "2.835倍"),
        (["2020年底在家办公的有多少人？", "网上聊天的呢？", "前者是后者的几倍？"], "0.3527倍"),
        (["有多少网民不点外卖，2020年底？"], "5.7亿"),
        (["In December 2020, how many Chinese internet users never listened to music online?"],
         "331 million"),
        (["从2020年底到2024年底，农村互联网普及率变化了多少？"], "11.5个百分点"),
        (["By how much did the number of people offline shrink between end-2020 and end-2024?"],
         "115 million"),
        (["By what percentage did the number of people who shop online grow between December 2020 "
          "and December 2024?"], "24.5"),
        (["2024年底打网约车的有多少人？", "那2020年底呢？", "涨了多少？"], "1.74亿"),
        (["How many people paid online in December 2020?", "And how many searched the web?",
          "What is the difference between the two?"], "84 million"),
        (["2020年底点外卖的有多少人？", "比打网约车的多还是少？差多少？"], "0.54亿"),
        (["How many people shopped online and how many searched the web in December 2020?"],
         "770 million"),
    ],
)  # fmt: skip
def test_everyday_words_for_two_figures_are_computed(
    real_assistant: Assistant, turns: list[str], says: str
) -> None:
    answer = real_assistant.ask(turns)
    assert answer.status == "answered", answer.text
    assert says in answer.text, answer.text


@pytest.mark.parametrize("turns", [
    ["从2020年底到2024年底，不知名游戏的玩家多了多少？"],
    ["How many more people fly kites than order takeaway in December 2024?"],
])  # fmt: skip
def test_one_operand_is_no_answer(real_assistant: Assistant, turns: list[str]) -> None:
    assert real_assistant.ask(turns).status == "refused"


def test_each_way_to_ask_is_asked_of_things_whose_figures_are_known() -> None:
    every = list(asked())
    assert {one.kind for one in every} == set(WAYS)
    assert every == list(asked())
    assert len({one.turns for one in every}) > len(every) * 0.8
    assert not any("{" in turn for one in every for turn in one.turns)
    assert all(thing.late > thing.early for thing in THINGS)


def test_an_answer_must_give_the_result_and_not_an_operand(real_assistant: Assistant) -> None:
    one = next(each for each in asked() if each.kind == "gap" and len(each.turns) == 1)
    answer = real_assistant.ask(one.turns)
    assert gives(answer, one)
    assert not gives(answer.model_copy(update={"text": "9.74亿人 [1]\n\n0.1亿人"}), one)
