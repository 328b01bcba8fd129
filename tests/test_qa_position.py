"""The place that something holds, counted in the reports' own lists and tables."""

import pytest

from qa import Assistant
from qa.position import Position


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("贵州的数字政府建设水平2021年排第几？", "第五"),
        ("What place did Guizhou take for digital government in 2021?", "fifth"),
        ("陕西的信息技术产业2020年排老几", "第九"),
        ("Where does Guizhou rank for .CN domains in December 2024?", "third"),
        ("按注册城市，深圳的互联网上市企业排第几？", "第三"),
    ],
)
def test_the_place_is_told(real_assistant: Assistant, question: str, said: str) -> None:
    answer = real_assistant.ask([question])
    assert said in answer.text.split("[")[0]
    assert any(one.role == "computed" and one.unit == "位" for one in answer.values)


def test_places_of_a_table_are_those_of_its_figures(real_assistant: Assistant) -> None:
    """The table of December 2024, typed by hand: the six provinces with most .CN domains."""
    for place, name in enumerate(("北京", "广东", "贵州"), 1):
        answer = real_assistant.ask([f"2024年12月{name}的.CN域名数量排第几？"])
        assert answer.values[0].value == place


def test_no_place_is_told_of_what_is_in_no_order(real_assistant: Assistant) -> None:
    answer = real_assistant.ask(["火星的网民规模排第几？"])
    assert all(one.unit != "位" for one in answer.values)


@pytest.mark.parametrize(
    ("place", "zh", "en"),
    [(1, "第一", "first"), (10, "第十", "tenth"), (21, "第二十一", "number 21")],
)
def test_a_place_in_words(place: int, zh: str, en: str) -> None:
    one = Position(None, place, (), None, "")  # type: ignore[arg-type]
    assert (one.words("zh"), one.words("en")) == (zh, en)
