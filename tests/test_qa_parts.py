"""Parts of a question: what it compares, and what it asks one after the other."""

import pytest

from qa.operation import alternatives
from qa.parts import halves, parts
from qa.question import read_question


def texts(question: str) -> list[str]:
    return [" ".join(one.text.split()) for one in parts(read_question([question], newest=2024))]


@pytest.mark.parametrize(
    ("question", "parted"),
    [
        ("网购和网上支付哪个用户多", ["网购 用户多", "网上支付 用户多"]),
        ("网购、网上支付和外卖一共多少人",
         ["网购一共多少人", "网上支付一共多少人", "外卖一共多少人"]),
        ("Are there more online video users or web novels users?",
         ["Are there online video users users?", "Are there web novels users?"]),
        ("江苏和浙江的政府网站差多少", ["江苏和的政府网站 少", "和浙江的政府网站 少"]),
        ("By how many do people who chat online outnumber those who work from home?",
         ["do people who chat online?", "do people who work from home?"]),
        ("看直播的人数减去点外卖的人数是多少", ["看直播的人数是多少", "点外卖的人数是多少"]),
        ("有多少网民不点外卖？", ["有多少网民？", "有点外卖？"]),
        ("How many internet users did not shop online?",
         ["How many internet users ?", "How many shop online?"]),
        ("有多少网民不在线", []),
        ("北京有多少网站", []),
        ("新疆生产建设兵团有几个政府网站", []),
        ("2020年网民规模是多少", []),
    ],
)  # fmt: skip
def test_a_comparison_is_one_question_for_each_thing(question: str, parted: list[str]) -> None:
    assert texts(question) == parted


def test_each_region_is_asked_of_alone() -> None:
    asked = parts(read_question(["How many more domains does Guangdong have than Beijing?"]))
    assert [one.regions for one in asked] == [("广东",), ("北京",)]
    assert ["Beijing" in one.text for one in asked] == [False, True]
    assert all("domains" in one.topic for one in asked)


def test_each_period_is_asked_of_alone() -> None:
    first, last = parts(read_question(["网民规模2021年比2017年多了多少"], newest=2024))
    assert {str(one.periods[0]) for one in (first, last)} == {"2017", "2021"}
    assert not first.bases
    assert not last.bases


@pytest.mark.parametrize(
    ("question", "parted"),
    [
        ("拿平板上网的比例，2020年底和2024年底差几个点",
         ["拿平板上网的比例，2020年底 个点", "拿平板上网的比例， 2024年底 个点"]),
        ("接进来的平台2021年比2020年多了几个？各是多少",
         ["接进来的平台2021年 几个", "接进来的平台 2020年 几个"]),
        ("Were people online longer at the end of 2024 than four years before? "
         "Give both figures and the gap in hours.",
         ["Were people online longer at the end of 2024",
          "Were people online longer December 2020"]),
    ],
)  # fmt: skip
def test_a_question_of_one_period_names_no_other(question: str, parted: list[str]) -> None:
    assert texts(question) == parted


def test_a_side_that_names_no_metric_has_that_of_the_other() -> None:
    assert texts("农村网民用在线教育的比例比全国水平低几个点")[1].endswith("在线教育")
    assert texts("江苏和浙江的政府网站差多少")[1].endswith("政府网站 少")


def test_what_the_turns_before_say_stays_in_the_topic() -> None:
    question = read_question(["2020年底的用户规模", "网购和外卖哪个多？"], newest=2024)
    for one in parts(question):
        assert one.periods == question.periods


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("网民有多少人？农村呢？", ("网民有多少人？", "农村呢？")),
        ("2020年底网民有多少，占人口的比例是多少", ("2020年底网民有多少，", "占人口的比例是多少")),
        ("How many websites are there, and how many of them are .CN?",
         ("How many websites are there,", "and how many of them are .CN?")),
        ("截至2020年底，网民有多少人？", ()),
        ("网购和外卖哪个用户多？差多少？", ()),
        ("What is IPv6?", ()),
        ("intenet users china dec 2020??", ()),
        ("网民有多少人？？农村呢？！", ("网民有多少人？？", "农村呢？！")),
        ("", ()),
    ],
)  # fmt: skip
def test_a_turn_that_asks_several_things_is_cut(question: str, asked: tuple[str, ...]) -> None:
    if question:
        assert halves(read_question([question], newest=2024)) == asked


def test_nothing_of_a_turn_is_lost_when_it_is_cut() -> None:
    text = "到2024年底，农村网民有多少人？普及率是多少？"
    assert "".join(halves(read_question([text], newest=2024))) == text


def test_since_a_period_the_newest_is_set_against_it() -> None:
    newest, then = parts(read_question(["现在的政府网站比2020年底少了多少个？"], newest=2024))
    assert (newest.periods, [str(one) for one in then.periods]) == ((), ["2020-12"])


def test_what_is_quoted_is_one_thing() -> None:
    assert texts("因为“不懂电脑、不懂网络”而不上网的有多少") == []


@pytest.mark.parametrize(
    "text",
    [
        "城里的互联网普及率2024年比上年提高了几个点，现在到多少了",
        "我国全部网页加起来的字节数，2024年比上年大了百分之多少？",
        "网购用户同比增加了多少",
        "60岁及以上的网民增加了多少",
        "参与调查的网民增加了多少",
        "网民的总和是多少",
    ],
)
def test_a_word_that_only_looks_like_and_joins_nothing(text: str) -> None:
    """普及 has 及, 加起来 has 加, 同比 has both 同 and 比."""
    assert parts(read_question([text], newest=2024)) == ()


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("农村以及城镇网民差多少", ("农村", "城镇网民差多少")),
        ("60岁及以上的比例比20-29岁高多少", ("60岁及以上的比例", "20-29岁高多少")),
        ("网购的人比点外卖的多多少", ("网购的人", "点外卖的多多少")),
    ],
)
def test_what_joins_has_a_side_before_and_behind(text: str, sides: tuple[str, str]) -> None:
    assert alternatives(text) == sides
