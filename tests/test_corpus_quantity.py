"""Quantities: a hand-made table, round trips, and what equals what."""

import re
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpus import (
    Measure,
    Passage,
    Quantity,
    find_periods,
    find_quantities,
    load_reports,
    passages,
)

WAN, YI, WANYI = 10**4, 10**8, 10**12


def only(text: str) -> Quantity:
    (quantity,) = find_quantities(text)
    return quantity


@pytest.mark.parametrize(
    ("text", "value", "scale", "unit", "printed"),
    [
        ("网民规模达9.89亿，", "9.89", YI, "", "9.89亿"),
        ("达 11.08 亿人", "11.08", YI, "人", "11.08 亿人"),
        ("增长8540万，", "8540", WAN, "", "8540万"),
        ("增长 1608 万人", "1608", WAN, "人", "1608 万人"),
        ("57634块/32", "57634", 1, "块/32", "57634块/32"),
        ("69148 块/32，", "69148", 1, "块/32", "69148 块/32"),
        ("63052块（/32）", "63052", 1, "块/32", "63052块（/32）"),
        ("提升5.9个百分点", "5.9", 1, "个百分点", "5.9个百分点"),
        ("下降 0.66 个百分点", "0.66", 1, "个百分点", "0.66 个百分点"),
        ("70.4%，", "70.4", 1, "%", "70.4%"),
        ("93.8％", "93.8", 1, "%", "93.8％"),
        ("99.7%（含", "99.7", 1, "%", "99.7%"),
        ("增长率为-1.3%", "-1.3", 1, "%", "-1.3%"),
        ("增长−19.2%", "-19.2", 1, "%", "−19.2%"),
        ("3994 亿个", "3994", YI, "个", "3994 亿个"),
        ("11.76 万亿元", "11.76", WANYI, "元", "11.76 万亿元"),
        ("4.35万亿元", "4.35", WANYI, "元", "4.35万亿元"),
        ("超3亿美元", "3", YI, "美元", "3亿美元"),
        ("400 亿人次", "400", YI, "人次", "400 亿人次"),
        ("6.5 百万人", "6.5", 10**6, "人", "6.5 百万人"),
        ("1千万户", "1", 10**7, "户", "1千万户"),
        ("3千亿元", "3", 10**11, "元", "3千亿元"),
        ("197百亿亿次", "197", 10**18, "次", "197百亿亿次"),
        ("20 余万场", "20", WAN, "场", "20 余万场"),
        ("600多万人", "600", WAN, "人", "600多万人"),
        ("11 亿多网民", "11", YI, "", "11 亿多"),
        ("6亿多人", "6", YI, "人", "6亿多人"),
        ("630 余种电子证照", "630", 1, "种", "630 余种"),
        ("50 多个城市", "50", 1, "个", "50 多个"),
        ("近2000名委员", "2000", 1, "名", "2000名"),
        ("1900 多家医院", "1900", 1, "家", "1900 多家"),
        ("14444 个，", "14444", 1, "个", "14444 个"),
        ("302 款", "302", 1, "款", "302 款"),
        ("26.2 个小时", "26.2", 1, "个小时", "26.2 个小时"),
        ("108 分钟", "108", 1, "分钟", "108 分钟"),
        ("11,511,397Mbps，", "11511397", 1, "Mbps", "11,511,397Mbps"),
        ("392,386,560", "392386560", 1, "", "392,386,560"),
        ("1656亿GB。", "1656", YI, "GB", "1656亿GB"),
        ("3066 亿 GB，", "3066", YI, "GB", "3066 亿 GB"),
        ("10.83GB/户·月", "10.83", 1, "GB/户·月", "10.83GB/户·月"),
        ("7183 万公里", "7183", WAN, "公里", "7183 万公里"),
        ("237068 台", "237068", 1, "台", "237068 台"),
        ("4.5 倍", "4.5", 1, "倍", "4.5 倍"),
        ("5G 基站 419.1 万个", "419.1", WAN, "个", "419.1 万个"),
        ("IPv6 活跃用户数达 8.22 亿。", "8.22", YI, "", "8.22 亿"),
        ("10G PON 端口数达 2792 万个", "2792", WAN, "个", "2792 万个"),
        ("2020年12月，3.09亿", "3.09", YI, "", "3.09亿"),
        ("用户5.70亿", "5.70", YI, "", "5.70亿"),
        ("100%", "100", 1, "%", "100%"),
        ("0.0%", "0.0", 1, "%", "0.0%"),
        ("近八成", "80", 1, "成", "八成"),
        ("超七成网民", "70", 1, "成", "七成"),
        ("约6成", "60", 1, "成", "6成"),
        ("约 1/4 的任务", "25", 1, "分之", "1/4"),
        ("五分之一左右", "20", 1, "分之", "五分之一"),
        ("百分之七十点四", "70.4", 1, "分之", "百分之七十点四"),
        ("百分之一百二十", "120", 1, "分之", "百分之一百二十"),
        ("百分之23.5", "23.5", 1, "分之", "百分之23.5"),
        ("reached 989 million,", "989", 10**6, "", "989 million"),
        ("1.108 billion people", "1.108", 10**9, "people", "1.108 billion people"),
        ("59.47 million users", "59.47", 10**6, "users", "59.47 million users"),
        ("11.76 trillion yuan", "11.76", 10**12, "yuan", "11.76 trillion yuan"),
        ("about 500 thousand households", "500", 1000, "households", "500 thousand households"),
        ("US$1.2bn in", "1.2", 10**9, "US dollars", "US$1.2bn"),
        ("was 87.9 percent of", "87.9", 1, "%", "87.9 percent"),
        ("87.9 per cent", "87.9", 1, "%", "87.9 per cent"),
        ("rose 5.9 percentage points", "5.9", 1, "个百分点", "5.9 percentage points"),
        ("up 1.1 percentage-point", "1.1", 1, "个百分点", "1.1 percentage-point"),
        ("by 7.1 pp.", "7.1", 1, "个百分点", "7.1 pp"),
        ("14444 government websites", "14444", 1, "", "14444"),
        ("389,231,616\nIPv6", "389231616", 1, "", "389,231,616"),
        ("数据显示,13万家", "13", WAN, "家", "13万家"),
        ("57,634 /32 blocks", "57634", 1, "/32 blocks", "57,634 /32 blocks"),
        ("总量达到54592(块/32)，", "54592", 1, "块/32", "54592(块/32)"),
        ("手机的6周岁及以上居民", "6", 1, "周岁", "6周岁"),
        ("接入国际互联网 30 周年，", "30", 1, "周年", "30 周年"),
        ("中央网信办等7部门大力", "7", 1, "部门", "7部门"),
        ("开展 12 批次技术抽检", "12", 1, "批次", "12 批次"),
        ("涉及 10 大类", "10", 1, "大类", "10 大类"),
        ("共发生504起与", "504", 1, "起", "504起"),
        ("调查了代表 300 名", "300", 1, "名", "300 名"),
    ],
)
def test_a_quantity(text: str, value: str, scale: int, unit: str, printed: str) -> None:
    quantity = only(text)
    assert (quantity.value, int(quantity.scale), quantity.unit) == (Decimal(value), scale, unit)
    assert text[quantity.start : quantity.end] == printed
    assert quantity.magnitude == Decimal(value) * scale


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("增长率分别为10.5%、8.8%、7.9%和7.7%", ["10.5%", "8.8%", "7.9%", "7.7%"]),
        ("均在6%-7%之间", ["6%", "7%"]),
        ("月收入在2001-5000元的", ["2001", "5000元"]),
        (
            "10-19 岁、20-29 岁网民占比分别为 13.0%、13.1%",
            ["10", "19 岁", "20", "29 岁", "13.0%", "13.1%"],
        ),
        ("男女比例为51.1:48.9", ["51.1:48.9"]),
        ("生师比由上年的12.7:1下降到12.5:1", ["12.7:1", "12.5:1"]),
        ("出生率为6.31‰，自然增长率为-2.21‰", ["6.31‰", "-2.21‰"]),
        (
            "面积4815.6千公顷，单产7120公斤，浓度31微克/立方米",
            ["4815.6千公顷", "7120公斤", "31微克/立方米"],
        ),
        ("由15元/月调整至19元/月", ["15元/月", "19元/月"]),
        ("增长超过十倍，一半以上翻了两番", ["十倍", "一半", "翻了两番"]),
        ("突破百万，超千万，覆盖两亿人", ["百万", "千万", "两亿人"]),
        ("315PF计算资源", ["315PF"]),
        (
            "3 in 10 users, two-thirds, half of them, ten times",
            ["3 in 10", "two-thirds", "half of", "ten times"],
        ),
        ("5 projects in 31 provinces, 12 in 2020", ["5", "31", "12"]),
        ("6.31 per mille or 12.8‰", ["6.31 per mille", "12.8‰"]),
        (
            "即时通信\t89613\t99.2%\t98111\t99.2%\t9.5%",
            ["89613", "99.2%", "98111", "99.2%", "9.5%"],
        ),
        ("占比为44.7%，5947万人", ["44.7%", "5947万人"]),
        ("2020年12月达9.89亿，较2020年3月增长8540万", ["9.89亿", "8540万"]),
    ],
)
def test_quantities_come_in_order(text: str, printed: list[str]) -> None:
    assert [text[found.start : found.end] for found in find_quantities(text)] == printed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "in the first half of the year and the first three quarters",
        "网民规模",
        "2020年12月",
        "截至 2020 年 12 月 31 日",
        "2020-12-31",
        "2016.12-2020.12",
        "2024年1-9月",
        "10 月 23 日，",
        "December 31, 2020",
        "Q3 2024",
        "“十三五”期间",
        "前三季度",
        "5G、4G 和 6G",
        "IPv6 与 IPv4",
        "4K/8K 超高清",
        "3C 数码",
        "64K 国际专线",
        "第47次报告",
        "第 55 次中国互联网络发展状况统计报告",
        "全球第 77 个",
        "评价指标如表 1 所示",
        "对应的地址数量是2（128-32）= 296个",
        "对应的地址数量是 $2^{(128-32)} = 2^{96}$ 个",
        "2021/2/3",
        "位列第9位",
        "G20",
        "Web3.0",
        "CNGI-CERNET2",
        "MBTI",
        "B2B",
        "1.2.3",
        "2G/3G",
        "成为、成立、完成、九成长",
        "亿万人民",
        "分之",
    ],
)
def test_no_quantity(text: str) -> None:
    assert find_quantities(text) == ()


SCALES = {"": 1, "万": WAN, "百万": 10**6, "千万": 10**7, "亿": YI, "十亿": 10**9, "万亿": WANYI}
UNITS = (
    "",
    "人",
    "户",
    "个",
    "元",
    "%",
    "个百分点",
    "美元",
    "GB",
    "Mbps",
    "块/32",
    "人次",
    "倍",
    "个小时",
)
NUMBERS = st.decimals(min_value=0, max_value=999_999, places=2).map(
    lambda number: number.normalize()
)


def in_digits(number: Decimal, commas: bool) -> str:
    return f"{number:,f}" if commas else f"{number:f}"


def is_bare_year(printed: str) -> bool:
    return re.fullmatch(r"(19|20)\d\d(\.(0?[1-9]|1[0-2]))?", printed) is not None


@settings(deadline=None, max_examples=300)
@given(
    NUMBERS,
    st.booleans(),
    st.sampled_from(sorted(SCALES)),
    st.sampled_from(UNITS),
    st.sampled_from(("", " ")),
    st.sampled_from(("", "达", "约 ", "（", "为", "：")),
    st.sampled_from(("", "，", "。", "）", "；占")),
)
def test_what_is_printed_is_found(
    number: Decimal, commas: bool, scale: str, unit: str, gap: str, before: str, after: str
) -> None:
    assume(not (unit in ("%", "个百分点", "倍") and scale))
    digits = in_digits(number, commas)
    assume(scale or unit or not is_bare_year(digits))
    printed = f"{digits}{gap if scale or unit else ''}{scale}{unit}"
    text = f"{before}{printed}{after}"
    quantity = only(text)
    assert (quantity.value, int(quantity.scale), quantity.unit) == (number, SCALES[scale], unit)
    assert text[quantity.start : quantity.end] == printed
    assert quantity.printed_unit == scale + unit


@settings(deadline=None, max_examples=200)
@given(
    NUMBERS,
    st.booleans(),
    st.sampled_from(
        (("thousand", 10**3), ("million", 10**6), ("billion", 10**9), ("trillion", 10**12))
    ),
    st.sampled_from(("", " people", " users", " yuan", " households")),
)
def test_english_is_found(number: Decimal, commas: bool, scale: tuple[str, int], unit: str) -> None:
    printed = f"{in_digits(number, commas)} {scale[0]}{unit}"
    text = f"It reached {printed}, more than before."
    quantity = only(text)
    assert quantity.magnitude == number * scale[1]
    assert text[quantity.start : quantity.end] == printed


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="0123456789.,-%万亿百十个人元分之三成年月第G ~/million", max_size=25))
def test_any_text_can_be_searched(text: str) -> None:
    end = 0
    for quantity in find_quantities(text):
        assert end <= quantity.start < quantity.end <= len(text)
        assert text[quantity.start : quantity.end].strip() == text[quantity.start : quantity.end]
        assert quantity.scale >= 1
        end = quantity.end


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("9.74亿人", "974 million people"),
        ("9.89亿", "989 million"),
        ("9.89亿", "0.989 billion"),
        ("9.89亿", "98900万"),
        ("9.89亿人", "989,000,000人"),
        ("11.76万亿元", "11.76 trillion yuan"),
        ("5947万人", "59.47 million"),
        ("5.70亿", "5.7亿"),
        ("70.4%", "70.4 percent"),
        ("70.4%", "百分之七十点四"),
        ("八成", "80%"),
        ("7成", "七成"),
        ("四分之一", "25%"),
        ("1/3", "三分之一"),
        ("5.9个百分点", "5.9 percentage points"),
        ("1.5亿", "15000万"),
        ("1.5倍", "1.50 倍"),
    ],
)
def test_the_same_amount(one: str, other: str) -> None:
    assert only(one).equals(only(other))
    assert only(other).equals(only(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5.9%", "5.9个百分点"),
        ("5.9 percent", "5.9 percentage points"),
        ("9.89亿", "98.9 million"),
        ("9.89亿", "9.89 billion"),
        ("9.89亿", "9.88亿"),
        ("70.4%", "70.4"),
        ("2倍", "2%"),
        ("2倍", "2个"),
        ("-1.3%", "1.3%"),
        ("三分之一", "33.3%"),
        ("11.08亿", "11亿"),
    ],
)
def test_not_the_same_amount(one: str, other: str) -> None:
    assert not only(one).equals(only(other))
    assert not only(other).equals(only(one))


@settings(deadline=None, max_examples=200)
@given(
    NUMBERS,
    st.sampled_from((("亿", "million", 100), ("万亿", "billion", 1000), ("万", "thousand", 10))),
)
def test_conversions_are_exact(number: Decimal, scales: tuple[str, str, int]) -> None:
    chinese, english, factor = scales
    here = only(f"{number:f}{chinese}人")
    assert here.equals(only(f"{number * factor:f} {english} people"))
    assert not here.equals(only(f"{number * factor + Decimal('0.001'):f} {english} people"))


def test_measures() -> None:
    measures = [
        only(text).measure for text in ("5.9%", "八成", "1/3", "5.9个百分点", "2倍", "9亿人", "3元")
    ]
    assert measures == [
        Measure.SHARE,
        Measure.SHARE,
        Measure.SHARE,
        Measure.POINTS,
        Measure.MULTIPLE,
        Measure.AMOUNT,
        Measure.AMOUNT,
    ]


@cache
def everything() -> tuple[Passage, ...]:
    return tuple(passage for report in load_reports() for passage in passages(report))


def test_quantities_of_the_reports_are_what_is_printed_there() -> None:
    seen = 0
    for passage in everything():
        dates = [(period.start, period.end) for period in find_periods(passage.text, 2000)]
        end = 0
        for quantity in find_quantities(passage.text):
            printed = passage.text[quantity.start : quantity.end]
            digits = re.match(r"[-−]?(\d[\d,]*(?:\.\d+)?)", printed)
            if quantity.unit == ":":
                first, second = map(Decimal, printed.split(":"))
                assert quantity.value == first / second
            elif digits and "/" not in printed.replace("/32", "") and "成" not in printed:
                assert abs(quantity.value) == Decimal(digits[1].replace(",", "")), printed
            assert quantity.start >= end
            assert not any(a < quantity.end and quantity.start < b for a, b in dates), printed
            end = quantity.end
            seen += 1
    assert seen > 3000


def test_every_digit_of_the_reports_is_in_a_quantity_a_date_or_a_label() -> None:
    label = re.compile(
        r"""
        [A-Za-z][\w/.+-]*\d[\w.+-]*  # IPv6, CERNET2, TCP/IP4
      | \d+(?:\.\d+)?[A-Za-z]\w*    # 5G, 4K, 96B, 5.1A
      | 第\d+                         # 第47次
      | /\d+(?!\d)                    # /32, the second number of 2/3
      | 如表\d                        # 如表1所示
      | 2\S{1,3}128-32\S{1,2}\s*=\D*2\D*96  # a power
        """,
        re.VERBOSE,
    )
    missed = []
    for passage in everything():
        covered = [False] * len(passage.text)
        spans = [match.span() for match in label.finditer(passage.text)]
        spans += [(found.start, found.end) for found in find_quantities(passage.text)]
        spans += [(found.start, found.end) for found in find_periods(passage.text, 2000)]
        for start, end in spans:
            covered[start:end] = [True] * (end - start)
        missed += [
            passage.text[max(0, at - 12) : at + 12]
            for at, character in enumerate(passage.text)
            if character.isdecimal() and not covered[at]
        ]
    assert missed == []
