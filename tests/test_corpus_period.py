"""Periods: a hand-made table, and relations against sets of months."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Period, Relation, find_periods, find_quantities, main_periods, parse_month


def named(text: str, year: int | None = None) -> list[str]:
    return [str(period) for period in find_periods(text, year)]


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("截至2020年12月，我国网民规模达9.89亿", ["2020-12"]),
        ("截至 2020 年 12 月", ["2020-12"]),
        ("2020年3月至2020年12月", ["2020-03", "2020-12"]),
        ("较2020年3月增长8540万，较2019年底增长0.4%", ["2020-03", "2019-12"]),
        ("成效显著,2019年继", ["2019"]),
        ("2020年底", ["2020-12"]),
        ("2020 年末", ["2020-12"]),
        ("2016 年底的79.2%", ["2016-12"]),
        ("2020年12月底", ["2020-12"]),
        ("2020年12月31日", ["2020-12"]),
        ("2020年11月1日至11日，全国", ["2020-11"]),
        ("2020年11月11日-12月3日", ["2020-11", "2020-12"]),
        ("2021/2/3 9:22", ["2021-02"]),
        ("1994 年 4 月 20 日", ["1994-04"]),
        ("2020-12", ["2020-12"]),
        ("2020-12-31", ["2020-12"]),
        ("2020.12", ["2020-12"]),
        ("2016.12-2020.12 即时通信用户规模", ["2016-12", "2020-12"]),
        ("2020年", ["2020"]),
        ("2020 年我国个人互联网应用", ["2020"]),
        ("《2020联合国电子政务调查报告》", ["2020"]),
        ("2020年1至12月", ["2020"]),
        ("2020年1—11月", ["2020-01/2020-11"]),
        ("2020 年 1-10 月", ["2020-01/2020-10"]),
        ("2020年1月至9月", ["2020-01/2020-09"]),
        ("2020年上半年", ["2020-01/2020-06"]),
        ("2020年下半年", ["2020-07/2020-12"]),
        ("2024 年前三季度", ["2024-01/2024-09"]),
        ("2024 年前三个季度", ["2024-01/2024-09"]),
        ("2024年前两季度", ["2024-01/2024-06"]),
        ("2024年第三季度", ["2024-07/2024-09"]),
        ("2024 年第 1 季度", ["2024-01/2024-03"]),
        ("2020年四季度", ["2020-10/2020-12"]),
        ("“十三五”期间", ["2016-01/2020-12"]),
        ("“十四五”时期", ["2021-01/2025-12"]),
        ("“十二五”末", ["2015"]),
        ("2015年底到2020年底", ["2015-12", "2020-12"]),
        ("2017-2021 年", ["2017", "2021"]),
        ("2013—2020年", ["2013", "2020"]),
        ("2024年1-9 月，旅游收入；10月，滴滴出行", ["2024-01/2024-09", "2024-10"]),
        ("2020年3月与6月，12月31日", ["2020-03", "2020-06", "2020-12"]),
        ("December 2020", ["2020-12"]),
        ("In Dec. 2020 and Sept 2019", ["2020-12", "2019-09"]),
        ("as of December 31, 2020", ["2020-12"]),
        ("on 31 December 2020", ["2020-12"]),
        ("in May 2021", ["2021-05"]),
        ("by the end of 2020", ["2020-12"]),
        ("at the close of 2019", ["2019-12"]),
        ("year-end 2021", ["2021-12"]),
        ("late 2020", ["2020-12"]),
        ("in the first half of 2020", ["2020-01/2020-06"]),
        ("the second half of 2020", ["2020-07/2020-12"]),
        ("the first three quarters of 2024", ["2024-01/2024-09"]),
        ("the first nine months of 2024", ["2024-01/2024-09"]),
        ("in the third quarter of 2024", ["2024-07/2024-09"]),
        ("Q3 2024", ["2024-07/2024-09"]),
        ("from 2015 to 2020", ["2015", "2020"]),
    ],
)
def test_periods_of_a_text(text: str, periods: list[str]) -> None:
    assert named(text) == periods


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9.89亿",
        "网民规模",
        "12月",  # of which year?
        "1个月",
        "12个月",
        "月活跃用户",
        "2020万人",
        "2012 万堂",
        "2020.5亿",
        "1.2020",
        "12020",
        "20201",
        "近2000名全国政协委员",
        "物流配送中心2000多个",
        "1900 多家三级医院",
        "2000 余门课程",
        "1958个区块链项目",
        "月收入在2001-5000元",
        "2000 users",
        "2000 million",
        "1943.1 thousand",
        "人均2012.5元",
        "占比2020%",
        "第9月",
        "3000年",
    ],
)
def test_no_period(text: str) -> None:
    assert named(text) == []


def test_a_month_without_a_year_takes_the_last_named_or_the_given_one() -> None:
    assert named("截至12月", 2024) == ["2024-12"]
    assert named("1-9月", 2024) == ["2024-01/2024-09"]
    assert named("2020年3月；12月", 2024) == ["2020-03", "2020-12"]


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("截至2020年12月，较2020年3月增长8540万", ["2020-12"]),
        ("规模为3.88亿，较2020年3月增长1.23亿", []),
        ("2020年同比增长5%，2021年相比2020年增长6%", ["2020", "2021"]),
        ("In 2024, up 5% compared with 2023", ["2024"]),
        ("网民规模", []),
    ],
)
def test_a_period_that_is_only_compared_with_dates_nothing(text: str, periods: list[str]) -> None:
    assert [str(one) for one in main_periods(text)] == periods


def test_a_period_keeps_its_place() -> None:
    text = "截至 2020 年 12 月，较2019年底；“十三五”；December 2020"
    assert [text[period.start : period.end] for period in find_periods(text)] == [
        "2020 年 12 月",
        "2019年底",
        "十三五",
        "December 2020",
    ]
    assert find_periods("2020年12月") == find_periods("到了2020-12")  # the place does not count


MONTHS = st.integers(min_value=2010 * 12, max_value=2012 * 12)
PERIODS = st.tuples(MONTHS, MONTHS).map(lambda ends: Period(min(ends), max(ends)))


def months(period: Period) -> set[int]:
    return set(range(period.first, period.last + 1))


@settings(deadline=None, max_examples=300)
@given(PERIODS, PERIODS)
def test_relations_are_those_of_sets_of_months(one: Period, other: Period) -> None:
    mine, theirs = months(one), months(other)
    if mine == theirs:
        expected = Relation.EQUAL
    elif mine < theirs:
        expected = Relation.INSIDE
    elif mine & theirs:
        expected = Relation.OVERLAPPING
    else:
        expected = Relation.DIFFERENT
    assert one.relation(other) is expected
    assert one.month == (len(mine) == 1)
    assert one.year == (len(mine) == 12 and min(mine) % 12 == 0)


@settings(deadline=None, max_examples=100)
@given(st.integers(1990, 2049), st.integers(1, 12), st.integers(1, 28))
def test_a_date_reads_as_its_month_however_written(year: int, month: int, day: int) -> None:
    name = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[month - 1]
    expected = [f"{year}-{month:02d}"]
    for text in (
        f"截至{year}年{month}月，",
        f"截至 {year} 年 {month} 月 {day} 日止",
        f"{year}年{month:02d}月{day:02d}日",
        f"on {year}-{month:02d}-{day:02d}.",
        f"{year}.{month}",
        f"{name} {year}",
        f"{name}. {day}, {year}",
    ):
        assert named(text) == expected, text
        assert find_quantities(text) == (), text
    assert str(parse_month(f"{year}-{month:02d}")) == expected[0]
    assert parse_month(f"{year}-{month}") == find_periods(f"{year}年{month}月")[0]
    assert str(parse_month(f"{year}-{month}-{day}")) == expected[0]
    assert str(parse_month(str(year))) == f"{year}"


@pytest.mark.parametrize(
    "text",
    ["", "2020-13", "2020-00", "20-12", "2020年", "2020/12", "December 2020", "2020-12 ", "x"],
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a month or year") as caught:
        parse_month(text)
    assert repr(text) in str(caught.value)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="2019 0年12月3至-.底第季度前三十四五QDecember of,日元", max_size=30))
def test_any_text_can_be_searched(text: str) -> None:
    end = 0
    for period in find_periods(text, 2020):
        assert end <= period.start < period.end <= len(text)
        assert period.first <= period.last
        end = period.end


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("from January to October 2020", "2020-01/2020-10"),
        ("January-November 2020", "2020-01/2020-11"),
        ("from January to the end of November 2020", "2020-01/2020-11"),
        ("between January and September 2024", "2024-01/2024-09"),
        ("from November 1 to 11, 2020", "2020-11"),
        ("during the 13th Five-Year Plan period (2016-2020)", "2016-01/2020-12"),
        ("in the 14th Five-Year Plan period", "2021-01/2025-12"),
        ("前11个月", "2024-01/2024-11"),
        ("三季度末", "2024-09"),
        ("2023年一季度末", "2023-03"),
        ("近五年", "2020-01/2024-12"),
        ("国庆假期", "2024-10"),
        ("“五一”小长假", "2024-05"),
    ],
)
def test_ranges_ends_and_plans(text: str, period: str) -> None:
    assert [str(one) for one in find_periods(text, 2024)] == [period]
