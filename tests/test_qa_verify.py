"""The number check, against a hand-made table and against every kind of damage to real text."""

import re
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from corpus import load_reports, passages, sentences
from qa.verify import unsupported

SHOP = (
    "截至2024年12月，我国网络购物用户规模达9.74亿人，较2023年12月增长5947万人，占网民整体的87.9%。"
)
NET = (
    "截至2020年12月，我国网民规模为9.89亿，较2020年3月新增网民8540万，互联网普及率达70.4%，"
    "较2020年3月提升5.9个百分点。"
)
NAMES = "5G基站与IPv6地址；12315平台；第47次调查；60岁及以上；100Mbps；57634块/32；COVID-19；90后。"
YUAN = (
    "2019年1-10月，营收1.2万亿元，同比下降3.5%，其中出口97.4亿美元；北斗三号于2020年6月23日发射。"
)
RANGES = "收入在2001-5000元的占32.7%，20-29岁占17.8%，气温-5.9至3；三成网民，五分之一，近九成。"

HELD = [
    # quotes
    (SHOP, SHOP),
    (NET, NET),
    (NAMES, NAMES),
    (YUAN, YUAN),
    (RANGES, RANGES),
    ("网络购物用户规模9.74亿人", SHOP),
    ("没有数字", SHOP),
    ("", SHOP),
    # exact conversions
    ("974 million people shop online", SHOP),
    ("974 million", SHOP),
    ("0.974 billion people", SHOP),
    ("974,000,000 people", SHOP),
    ("97400万人", SHOP),
    ("9.740亿人", SHOP),
    ("59.47 million more", SHOP),
    ("59470 thousand", SHOP),
    ("5,947万人", SHOP),
    ("87.90%", SHOP),
    ("87.9 per cent", SHOP),
    ("５９４７万人，占８７.９％", SHOP),
    ("5.9 percentage points", NET),
    ("57,634 /32 blocks", NAMES),
    ("1.2 trillion yuan", YUAN),
    ("9.74 billion", YUAN),
    ("-3.5%", "同比-3.5%"),
    ("−3.5%", "同比-3.5%"),
    ("30%", RANGES),
    ("20%", RANGES),
    ("90%", RANGES),
    ("1/5", RANGES),
    # dates
    ("As of December 2024", SHOP),
    ("2024-12", SHOP),
    ("截至2024年底", SHOP),
    ("12月", SHOP),
    ("截至12月", "截至12月，共有3家"),
    ("2019年1月至2019年10月", YUAN),
    ("January 2019 to October 2019", YUAN),
    ("23 June 2020", YUAN),
    ("2020年1月至2020年6月", "2020年上半年增长5%"),
    ("2016年1月至2020年12月", "“十三五”期间"),
    # names
    ("5G, IPv6 and 12315", NAMES),
    ("第47次", NAMES),
    # marks
    ("9.74亿人[1][2]，87.9%［3］【4】[5, 6] [2020]", SHOP),
]
MISSING = [
    # one digit, one place, one scale, one kind
    ("占85%", "占87%", ["85%"]),
    ("占87%", SHOP, ["87%"]),
    ("占87.8%", SHOP, ["87.8%"]),
    ("9.74万人", SHOP, ["9.74万人"]),
    ("9.74 million people", SHOP, ["9.74 million people"]),
    ("974 billion", SHOP, ["974 billion"]),
    ("5947亿人", SHOP, ["5947亿人"]),
    ("97.4亿人", SHOP, ["97.4亿人"]),
    ("974,000,001 people", SHOP, ["974,000,001 people"]),
    ("975 million", SHOP, ["975 million"]),
    ("9.7亿人", SHOP, ["9.7亿人"]),
    ("74亿人", SHOP, ["74亿人"]),
    ("947万人", SHOP, ["947万人"]),
    ("7.9%", SHOP, ["7.9%"]),
    ("5.9%", NET, ["5.9%"]),
    ("87.9个百分点", SHOP, ["87.9个百分点"]),
    ("87.9 percentage points", SHOP, ["87.9 percentage points"]),
    ("9.74亿户", SHOP, ["9.74亿户"]),
    ("97.4亿元", YUAN, ["97.4亿元"]),
    ("３.５％，８８％", YUAN, ["８８％"]),
    ("-5.9%", "5.9%", ["-5.9%"]),
    ("2.5%", RANGES, ["2.5%"]),
    ("20-39岁", RANGES, ["39岁"]),
    ("2001-6000元", RANGES, ["6000元"]),
    # a value without its scale
    ("China gained 8540 new users", NET, ["8540"]),
    ("9.89 online people", NET, ["9.89"]),
    ("up 70.4 in all", NET, ["70.4"]),
    # dates that are not cited
    ("截至2025年12月，规模达9.74亿人", SHOP, ["2025年12月"]),
    ("In 2024", SHOP, ["2024"]),
    ("2024年11月", SHOP, ["2024年11月"]),
    ("As of March 2023", SHOP, ["March 2023"]),
    ("11月", SHOP, ["11"]),
    ("2020年6月24日", YUAN, ["2020年6月24日"]),
    ("24 June 2020", YUAN, ["24 June 2020"]),
    ("2020年6月00日", YUAN, ["2020年6月00日"]),
    ("2021/2/1 9:22", "2021/2/3 9:22", ["2021/2/1"]),
    ("2020年11月1日至21日", "2020年11月1日至11日共39.65亿件", ["2020年11月1日至21日"]),
    ("2020年11月2日至11日", "2020年11月1日至11日共39.65亿件", ["2020年11月2日至11日"]),
    ("2019年1月至2019年9月", YUAN, ["2019年1月", "2019年9月"]),
    ("12 months", SHOP, ["12"]),
    ("12个月", SHOP, ["12个"]),
    # names
    ("4G", NAMES, ["4G"]),
    ("IPv4", NAMES, ["IPv4"]),
    ("12345平台", NAMES, ["12345"]),
    ("第48次", NAMES, ["48"]),
    ("COVID-21", NAMES, ["COVID-21"]),
    ("1000Mbps", NAMES, ["1000Mbps"]),
    ("80后", NAMES, ["80"]),
    ("57634块/24", NAMES, ["24"]),
    # spelled out
    ("八成网民", SHOP, ["八成"]),
    ("五分之一的网民", SHOP, ["五分之一"]),
    ("九点八亿", NET, ["九点八亿"]),
    ("百分之八十七", SHOP, ["百分之八十七"]),
    ("翻了一番", SHOP, ["翻了一番"]),
    ("一半的网民", SHOP, ["一半"]),
    ("half of all users", SHOP, ["half of"]),
    ("half the users", SHOP, ["half the"]),
    ("one in five", SHOP, ["one in five"]),
    ("a third of users", SHOP, ["a third"]),
    ("it doubled", SHOP, ["doubled"]),
    ("eighty per cent", SHOP, ["eighty per cent"]),
    ("nine hundred million", SHOP, ["nine hundred"]),
    ("ten times as many", SHOP, ["ten times"]),
    # several, in the order in which they stand
    ("在2019年，86%，9.74亿人，4G", SHOP, ["2019", "86%", "4G"]),
]  # fmt: skip
NOTHING_CITED = [
    ("9.74亿人 [1]", ["9.74亿人"]),
    ("截至2020年12月", ["2020年12月"]),
    ("5G", ["5G"]),
    ("[1]", []),
    ("没有数字", []),
]


@pytest.mark.parametrize(("text", "cited"), HELD)
def test_what_the_cited_text_holds_passes(text: str, cited: str) -> None:
    assert unsupported(text, [cited]) == ()


@pytest.mark.parametrize(("text", "cited", "missing"), MISSING)
def test_what_the_cited_text_does_not_hold_is_reported(
    text: str, cited: str, missing: list[str]
) -> None:
    assert [one.strip() for one in unsupported(text, [cited])] == missing


@pytest.mark.parametrize(("text", "missing"), NOTHING_CITED)
def test_nothing_cited_holds_nothing(text: str, missing: list[str]) -> None:
    assert list(unsupported(text, [])) == missing


def test_several_texts_hold_together_what_each_holds() -> None:
    text = "2024年12月为9.74亿人，2020年12月网民为9.89亿。"
    assert unsupported(text, [SHOP, NET]) == ()
    assert unsupported(text, [SHOP]) == ("2020年12月", "9.89亿")
    assert unsupported(text, [NET]) == ("2024年12月", "9.74亿人")


RUN = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


@cache
def corpus_sentences() -> tuple[str, ...]:
    """Every sentence of the reports that has a digit."""
    read = (one for report in load_reports() for one in passages(report))
    texts = {one.text for passage in read for one in sentences(passage)}
    return tuple(sorted(text for text in texts if RUN.search(text)))


def test_every_sentence_of_the_reports_supports_itself() -> None:
    assert len(corpus_sentences()) > 1500
    assert [text for text in corpus_sentences() if unsupported(text, [text])] == []


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_one_changed_digit_is_reported(data: st.DataObject) -> None:
    """Unless the number that comes of it stands elsewhere in the sentence."""
    text = data.draw(st.sampled_from(corpus_sentences()), "sentence")
    places = [at for run in RUN.finditer(text) for at in range(*run.span()) if text[at].isdigit()]
    at = data.draw(st.sampled_from(places), "place")
    digit = data.draw(st.sampled_from("0123456789".replace(text[at], "")), "digit")
    changed = text[:at] + digit + text[at + 1 :]
    start, end = next(run.span() for run in RUN.finditer(text) if run.start() <= at < run.end())
    others = {Decimal(run[0].replace(",", "")) for run in RUN.finditer(text) if one_number(run[0])}
    assume(not one_number(text[start:end]) or value(changed[start:end]) not in others)
    assert unsupported(changed, [text])


def one_number(run: str) -> bool:
    """Whether a run of digits is one number: 1,234.5, and neither 1.2.3 nor 12,34."""
    return re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", run) is not None


def value(run: str) -> Decimal:
    return Decimal(run.replace(",", ""))
