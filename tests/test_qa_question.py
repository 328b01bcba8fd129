"""What is read of a conversation: language, periods, kind of figure, regions, follow-ups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Measure
from qa.language import language_of
from qa.question import MAX_CHARACTERS, QuestionError, asks_why_or_how, read_question

LONG = "截至2024年12月我国移动互联网累计流量是多少亿GB，同比增长了百分之多少？"
LONG_EN = "What was the total length of optical cable lines in China at the end of 2024?"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("网民规模有多少？", "zh"),
        ("微信", "zh"),
        ("網民規模有多少？", "zh"),
        ("2024年网民 users 有多少", "zh"),
        ("iPhone 在中国卖了多少台", "zh"),
        ("5G基站 IPv6 EFLOPS 算力", "zh"),
        ("what is 互联网普及率", "zh"),
        ("How many people shop online?", "en"),
        ("How many users does 微信 have?", "en"),
        ("How many 网民 in China in 2020?", "en"),
        ("GDP", "en"),
        ("5G?", "en"),
    ],
)
def test_the_language_is_that_of_most_words(text: str, language: str) -> None:
    assert language_of(text) == language
    assert read_question([text]).language == language


def test_the_language_of_the_answer_can_be_chosen() -> None:
    assert read_question(["网民规模有多少？"], "en").language == "en"
    assert read_question(["How many?"], "zh").language == "zh"


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("网民规模有多少？", []),
        ("2020年底网民规模", ["2020-12"]),
        ("截至2020年12月有多少网民", ["2020-12"]),
        ("2020年有多少网民", ["2020"]),
        ("2020年上半年新增多少", ["2020-01/2020-06"]),
        ("2020年前三季度营收", ["2020-01/2020-09"]),
        ("“十三五”期间增长多少", ["2016-01/2020-12"]),
        ("2020年3月到12月之间增长多少", ["2020-03/2020-12"]),
        ("2019年和2020年各是多少", ["2019", "2020"]),
        ("How many users in December 2020?", ["2020-12"]),
        ("How many at the end of 2021?", ["2021-12"]),
        ("growth from 2019 to 2020", ["2020"]),
        ("sales in the first half of 2020", ["2020-01/2020-06"]),
        ("5G手机2000元以上的占多少", []),
    ],
)
def test_periods(text: str, periods: list[str]) -> None:
    assert [str(one) for one in read_question([text]).periods] == periods


@pytest.mark.parametrize(
    ("turns", "periods"),
    [
        (["今年网民规模有多少？"], ["2024"]),
        (["去年底有多少网民"], ["2023-12"]),
        (["前年的网购用户"], ["2022"]),
        (["以前年轻人上网多吗"], []),
        (["目前年轻网民有多少"], []),
        (["最新的网民规模"], []),
        (["How many users last year?"], ["2023"]),
        (["At the end of last year, how many?"], ["2023-12"]),
        (["2020年底网民规模有多少？", "一年以后呢？"], ["2021-12"]),
        (["2020年底网民规模有多少？", "前一年呢？"], ["2019-12"]),
        (["How many internet users in 2020?", "And a year later?"], ["2021"]),
        (["How many internet users in 2020?", "The year before?"], ["2019"]),
        (["How many internet users in 2020?", "Up how much from the year before?"], ["2020"]),
    ],
)
def test_relative_years_go_by_the_reports(turns: list[str], periods: list[str]) -> None:
    assert [str(one) for one in read_question(turns, newest=2024).periods] == periods


@pytest.mark.parametrize(
    ("turns", "periods", "bases"),
    [
        (["网购用户比2023年多了多少"], [], ["2023"]),
        (["2024年底比2020年底多了多少"], ["2024-12"], ["2020-12"]),
        (["users compared with March 2020"], [], ["2020-03"]),
        (["2020年底网民规模", "那比2019年呢"], ["2020-12"], ["2019"]),
        (["网民比2019年多多少", "那网购呢"], [], ["2019"]),
        (["网民规模"], [], []),
        (["Users in December 2020?", "up by how much since March?"], ["2020-12"], ["2020-03"]),
        (["Users in December 2020?", "was that up or down on March?"], ["2020-12"], ["2020-03"]),
        (["Users in 2021?", "how does that compare with 2020"], ["2021"], ["2020"]),
        (["Listed firms at end-2020?", "More or fewer than in 2019?"], ["2020-12"], ["2019"]),
        (["How many posts were removed since 2019?"], ["2019"], []),
        (["How many parcels on November 11, 2020?"], ["2020-11"], []),
        (["2020年工业机器人产量多少台？", "比19年多多少"], ["2020"], ["2019"]),
    ],
)
def test_periods_to_compare_with(turns: list[str], periods: list[str], bases: list[str]) -> None:
    question = read_question(turns)
    assert [str(one) for one in question.periods] == periods
    assert [str(one) for one in question.bases] == bases


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("网民有多少人？", None),
        ("How many people are online?", None),
        ("农村网民占比是多少？", Measure.SHARE),
        ("女网民占网民的多少？", Measure.SHARE),
        ("有几成网民？", Measure.SHARE),
        ("普及率是多少", Measure.SHARE),
        ("What percentage of users is rural?", Measure.SHARE),
        ("what share of users", Measure.SHARE),
        ("提高了几个百分点？", Measure.POINTS),
        ("普及率提高了多少个百分点？", Measure.POINTS),
        ("By how many percentage points did penetration rise?", Measure.POINTS),
        ("流量是2017年的几倍？", Measure.MULTIPLE),
        ("how many times as many as in 2017", Measure.MULTIPLE),
    ],
)
def test_the_kind_of_figure(text: str, measure: Measure | None) -> None:
    assert read_question([text]).measure is measure


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("网民规模有多少？", True),
        ("全国有几家这样的医院？", True),
        ("联盟链是哪几家一起建的？", False),
        ("互联网法院设在哪几个城市？", False),
        ("排第几？", True),
        ("How many people?", True),
        ("What was the growth rate?", True),
        ("什么是慢直播？", False),
        ("谁发布了这份报告？", False),
        ("Who published this report?", False),
        ("Who gets counted as a mobile netizen?", False),
        ("How has China been helping African countries?", False),
        ("Why did the number of internet users keep rising?", False),
        ("2020年网民规模增长的原因是什么", False),
        ("Why did it fall, and by how much?", True),
        ("How did the number of channels change?", True),
        ("Would that be a separate site?", False),
        ("Which firms operate robotaxis?", False),
        ("What are the numbers of websites and apps?", True),
        ("at what rate did it grow", True),
        ("how does that rate in percent?", True),
    ],
)
def test_whether_a_figure_is_wanted(text: str, wants: bool) -> None:
    assert read_question([text]).wants_figure is wants


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("网民规模有多少？", ()),
        ("四川有多少政府网站？", ("四川",)),
        ("How many government websites does Sichuan have?", ("四川",)),
        ("陕西和山西", ("陕西", "山西")),
        ("Shaanxi or Shanxi?", ("陕西", "山西")),
        ("新疆生产建设兵团", ("新疆", "兵团")),
        ("印度尼西亚的网民", ("印度尼西亚",)),
        ("网民 in the US", ("美国",)),
        ("tell us about users", ()),
        ("中国的网民", ()),
    ],
)
def test_regions(text: str, regions: tuple[str, ...]) -> None:
    assert read_question([text]).regions == regions


@pytest.mark.parametrize(
    ("turns", "periods"),
    [
        (["2020年底网民规模有多少？", "农村的呢？"], ["2020-12"]),
        (["2020年底网民规模有多少？", "它的增长呢？"], ["2020-12"]),
        (["台式电脑上网的比例？", "笔记本呢？"], []),
        (["2024年底新通用顶级域名有多少？", "四年之前呢？"], ["2020-12"]),
        (["How many .CN domains at the end of 2024?", "And four years before that?"], ["2020-12"]),
        (["How many internet users in cities in 2020?", "and rural areas?"], ["2020"]),
        (["How many internet users in 2020?", "How many of them are women?"], ["2020"]),
        (["How many ride-hailing users in 2020?", "put it as a share of everyone"], ["2020"]),
    ],
)
def test_a_follow_up_leans_on_what_came_before(turns: list[str], periods: list[str]) -> None:
    question = read_question(turns)
    assert question.text == turns[-1]
    assert question.topic == " ".join(turns)
    assert [str(one) for one in question.periods] == periods
    assert question.language == language_of(turns[-1])


@pytest.mark.parametrize(
    ("turns", "periods", "topic"),
    [
        (["2020年底网民规模有多少？", "那2024年呢？"], ["2024"], "网民规模有多少？ 那2024年呢？"),
        (["2020年底网民有多少？", "2024？"], ["2024"], "网民有多少？ 2024？"),
        (["2020年底网民有多少？", "那前一年底呢？"], ["2019-12"],
         "2020年底网民有多少？ 那前一年底呢？"),
        (["2020年一周上网几个小时？", "那同一年3月份呢？"], ["2020-03"],
         "2020年一周上网几个小时？ 那同一年3月份呢？"),
        (["2020年底打车用户有多少？", "比三月份多多少？"], ["2020-12"],
         "2020年底打车用户有多少？ 比三月份多多少？"),
        (["2020年底，中国电信有几块地址？", "中国联通呢？"], ["2020-12"],
         "2020年底， 有几块地址？ 中国联通呢？"),
        (["浙江有多少网页？", "贵州呢？"], [], "有多少网页？ 贵州呢？"),
        (["How many internet users in 2020?", "And in June?"], ["2020-06"],
         "How many internet users in 2020? And in June?"),
        (["How many users in 2020?", "2019?", "and in the first half?"], ["2019-01/2019-06"],
         "How many users in ? 2019? and in the first half?"),
    ],
)  # fmt: skip
def test_what_a_turn_names_takes_the_place_of_what_was_named_before(
    turns: list[str], periods: list[str], topic: str
) -> None:
    question = read_question(turns)
    assert [str(one) for one in question.periods] == periods
    assert question.topic == topic


def test_a_full_question_on_something_else_leaves_the_turns_before_alone() -> None:
    travel = "How many people booked travel online at the end of 2024?"
    before = ["2020年底网约车用户有多少？", "六月份呢", travel]
    robots = "how many hospitals in China use robots for surgery?"
    assert read_question([*before, robots]).topic == robots
    assert read_question([*before, "and a year earlier?"]).topic == f"{travel} and a year earlier?"


def test_a_period_alone_goes_on_in_the_language_before() -> None:
    assert read_question(["网民有多少？", "2019?"]).language == "zh"
    assert read_question(["How many users?", "2019?"]).language == "en"


@pytest.mark.parametrize(
    ("turns", "periods"),
    [
        (["2020年底城镇网民有多少？", "网购用户规模"], ["2020-12"]),
        (["网购用户比2023年多了多少", "河南的政府网站"], []),
        (["How many internet users in 2020?", "Government websites?"], ["2020"]),
    ],
)
def test_a_short_turn_with_its_own_metric_takes_over_the_period_and_region_alone(
    turns: list[str], periods: list[str]
) -> None:
    question = read_question(turns)
    assert question.topic == turns[-1]
    assert read_question(["四川有多少域名", "政府网站数量"]).regions == ("四川",)
    assert [str(one) for one in question.periods] == periods
    assert question.bases == ()


def test_a_follow_up_keeps_the_region_or_names_another() -> None:
    assert read_question(["四川有多少政府网站？", "增长多少？"]).regions == ("四川",)
    assert read_question(["四川有多少政府网站？", "那广东呢？"]).regions == ("广东",)


@pytest.mark.parametrize(
    "turns",
    [
        ["2020年底四川网民规模有多少？", LONG],
        ["How many internet users in Sichuan in 2020?", LONG_EN],
        ["2020年底四川网民规模有多少？", LONG_EN],
        [LONG],
    ],
)
def test_a_new_question_stands_alone(turns: list[str]) -> None:
    question = read_question(turns)
    assert question.topic == question.text == turns[-1]
    assert [str(one) for one in question.periods] == ["2024-12"]
    assert question.regions == ()


def test_outer_blanks_go_and_inner_ones_stay() -> None:
    assert read_question([" \n网民\t规模\n有多少？　"]).text == "网民\t规模\n有多少？"


BAD = [
    ("", "empty"),
    (" \n\t ", "empty"),
    ("　", "empty"),
    ("网" * 20_000, "20,000 characters: ask in at most 1,000"),
    ("x " * 10_000, "characters"),
    ("网" * (MAX_CHARACTERS + 1), "1,001 characters"),
    ("网民\x00规模", "control character (U+0000) at position 3"),
    ("\x1b[31m网民", "control character (U+001B) at position 1"),
    ("网民\x7f规模", "control character (U+007F)"),
    ("网民\b", "control character (U+0008)"),
    ("网民\ud800", "surrogate pair) at position 3"),
    ("\udfff users", "surrogate pair) at position 1"),
    ("Сколько пользователей интернета?", "another language"),
    ("كم عدد مستخدمي الإنترنت؟", "another language"),
    ("인터넷 사용자는 몇 명입니까?", "another language"),
    ("インターネットのユーザーは何人ですか", "another language"),
    ("Πόσοι χρήστες;", "another language"),
    ("कितने उपयोगकर्ता?", "another language"),
    ("12345", "no words"),
    ("2020 70.4%", "no words"),
    ("？！。……", "no words"),
    ("😀🎉", "no words"),
    ("⑤ ²", "no words"),
]


@pytest.mark.parametrize(("text", "says"), BAD, ids=[f"{n}" for n in range(len(BAD))])
def test_what_cannot_be_taken_is_said_in_one_line(text: str, says: str) -> None:
    for turns in ([text], ["网民规模有多少？", text]):
        with pytest.raises(QuestionError) as raised:
            read_question(turns)
        message = str(raised.value)
        assert says in message
        assert message.isprintable()
        assert len(message) < 160


def test_an_empty_conversation_is_said() -> None:
    with pytest.raises(QuestionError, match="conversation is empty"):
        read_question([])


def test_the_longest_question_is_taken() -> None:
    assert len(read_question(["网" * MAX_CHARACTERS]).text) == MAX_CHARACTERS
    assert read_question([f"  {'网' * MAX_CHARACTERS}  "])


@given(st.lists(st.text(st.characters(exclude_categories=[]), max_size=40), max_size=3))
def test_any_text_is_read_or_refused(turns: list[str]) -> None:
    message = ""
    try:
        question = read_question(turns)
        assert question.text == turns[-1].strip()
        assert question.topic.encode()
    except QuestionError as error:
        message = str(error)
    assert message.isprintable()


@pytest.mark.parametrize(
    ("turns", "topic"),
    [
        (["2024年网上外卖用户多少？", "网络文学用户多少？", "后一个涨了百分之几？"],
         "网络文学用户多少？ 后一个涨了百分之几？"),
        (["2024年国内旅游收入多少？", "换个话题，微短剧用户有多少？", "占网民多大比例？"],
         "换个话题，微短剧用户有多少？ 占网民多大比例？"),
    ],
)  # fmt: skip
def test_a_turn_leans_on_the_last_that_stood_by_itself(turns: list[str], topic: str) -> None:
    assert read_question(turns).topic == topic


@pytest.mark.parametrize(
    "last", ["前者是后者的几倍？", "So the first is how many times the second?", "两者差多少？"]
)
def test_a_turn_that_speaks_of_both_answers_holds_both_questions(last: str) -> None:
    turns = ["香港2020年底有多少IPv4地址？", "澳门呢？", last]
    first, second = read_question(turns).before
    assert (first.regions, second.regions) == (("香港",), ("澳门",))
    assert [str(one.periods[0]) for one in (first, second)] == ["2020-12", "2020-12"]
    assert read_question(turns[1:]).before == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("为什么非网民不上网", True),
        ("网约车平台做了哪些适老化举措", True),
        ("How did ride-hailing companies cut emissions?", True),
        ("What was done to make payment apps work together?", True),
        ("How many people use ride-hailing?", False),
        ("网约车用户有多少", False),
        ("怎么会有多少人用网约车", False),
    ],
)
def test_whether_a_question_asks_why_or_how(text: str, why: bool) -> None:
    assert asks_why_or_how(read_question([text])) is why


@pytest.mark.parametrize(
    ("turns", "topic"),
    [
        (["不上网的人怕什么？", "第二怕的呢，占多少？"], "不上网的人怕什么？ 第二怕的呢，占多少？"),
        (["2020年跨境电商做了多少生意？", "同比呢"], "2020年跨境电商做了多少生意？ 同比呢"),
        (
            ["2020年工业机器人产量多少台？", "比19年多多少"],
            "2020年工业机器人产量多少台？ 比19年多多少",
        ),
        (
            ["How many incidents were reported?", "more or fewer than the year before, in %?"],
            "How many incidents were reported? more or fewer than the year before, in %?",
        ),
        (["how many use it?", "as a share of all?"], "how many use it? as a share of all?"),
    ],
)
def test_a_turn_that_compares_or_points_leans_on_those_before(turns: list[str], topic: str) -> None:
    assert read_question(turns).topic == topic


@pytest.mark.parametrize(
    ("turns", "both"),
    [
        (["2024年底看直播的有多少人？", "2020年底呢？", "多了多少？"], True),
        (["2024年底看直播的有多少人？", "2020年底呢？", "涨了百分之几？"], True),
        (["2024年底看直播的有多少人？", "网络文学呢？", "涨了百分之几？"], False),
        (["2024年底看直播的有多少人？", "网络文学呢？", "比去年多了多少？"], False),
        (["2024年底看直播的有多少人？", "网络文学呢？", "加起来呢？"], True),
        (["How many watched livestreams in 2024?", "And in 2020?", "How many more is that?"], True),
        (["How many watched livestreams?", "Web novels?", "How many more than in March?"], False),
    ],
)  # fmt: skip
def test_a_turn_that_names_nothing_sets_the_two_before_it_apart(
    turns: list[str], both: bool
) -> None:
    asked = read_question(turns, newest=2024)
    assert bool(asked.before) is both
    if both:
        assert asked.periods == tuple(
            dict.fromkeys(one for each in asked.before for one in each.periods)
        )


@pytest.mark.parametrize(
    ("turns", "period"),
    [
        (["到2020年12月，用手机聊天软件的有多少人？", "当年3月呢？"], "2020-03"),
        (["2024年12月人均每周上网多少小时？", "比一年前多了几个小时？"], "2024-12"),
        (["2024年12月人均每周上网多少小时？", "一年前呢？"], "2023-12"),
    ],
)
def test_a_month_of_that_year_and_what_is_compared_with(turns: list[str], period: str) -> None:
    assert [str(one) for one in read_question(turns).periods] == [period]


def test_a_turn_that_asks_for_no_figure_of_its_own_asks_for_that_of_the_one_before() -> None:
    share = read_question(["2020年底静态网页占全部网页的百分之几？", "前一年呢？"])
    assert share.measure is Measure.SHARE
    count = read_question(["河北2020年有多少网页？", "静态的占多少个", "山西呢"])
    assert count.measure is None
