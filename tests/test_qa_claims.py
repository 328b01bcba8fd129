"""Reading claims: the figures of a text, their kind and direction, and text that is none."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import FactKind
from qa.claims import MAX_CHARACTERS, Claim, ClaimError, find_claims, read_article, read_claims


def figures(text: str) -> list[str]:
    return [one.printed for one in find_claims(text) if one.quantity is not None]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("网民规模达9.89亿，普及率为70.4%。", ["9.89亿", "70.4%"]),
        ("Online shoppers numbered 782 million, or 79.1% of users.", ["782 million", "79.1%"]),
        ("About one in five people aged 60 and over shop online.", ["one in five"]),
        ("18岁以上网民占比达八成。", ["八成"]),
        ("我国网络安全水平排名第一。", ["第一"]),
        ("China ranks second in the world.", ["second"]),
        ("互联网普及率上升。", []),
        ("20到29岁网民中41.5%用过。", ["41.5%"]),
        ("双11当天处理快件6.75亿件。", ["6.75亿件"]),
        ("2500强企业里有597家是我国企业。", ["597家"]),
        ("Ports rose by 63.6 million in the first eleven months.", ["63.6 million"]),
        ("It gave out more than any other country.", ["more than any other"]),
    ],
)
def test_each_figure_is_found(text: str, printed: list[str]) -> None:
    assert figures(text) == printed


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("2020年12月网民9.89亿，普及率70.4%。", ["2020-12", "2020-12"]),
        ("移动端份额已到85%，2018年才70%。", ["", "2018"]),
        ("2020年排第45位，比2018年的第65位靠前。", ["2020", "2018"]),
        ("China ranked 45th in 2020, up from 65th in 2018.", ["2020", "2018"]),
    ],
)
def test_each_figure_is_of_the_time_beside_it(text: str, periods: list[str]) -> None:
    found = find_claims(text)
    assert [",".join(map(str, one.periods)) for one in found] == periods


@pytest.mark.parametrize(
    ("text", "kind", "direction"),
    [
        ("用户规模较2020年3月增长1960万。", FactKind.CHANGE, 1),
        ("用户规模同比下降5%。", FactKind.GROWTH, -1),
        ("使用率提升2.1个百分点。", FactKind.POINTS, 1),
        ("使用率达到70%。", FactKind.SHARE, 0),
        ("The market grew by 14.4% in 2020.", FactKind.GROWTH, 1),
        ("Users fell to 342 million.", FactKind.LEVEL, -1),
        ("The share rose to 79.1%.", FactKind.SHARE, 1),
        ("There were 30 million fewer users.", FactKind.CHANGE, -1),
        ("Penetration rose by 5.9 percentage points.", FactKind.POINTS, 1),
    ],
)
def test_kind_and_direction(text: str, kind: FactKind, direction: int) -> None:
    (one,) = find_claims(text)
    assert (one.kind, one.direction) == (kind, direction)


def test_a_sentence_takes_over_the_period_before_it() -> None:
    first, second = find_claims("截至2020年12月，网民规模达9.89亿。普及率为70.4%。")
    assert str(first.periods[0]) == str(second.periods[0]) == "2020-12"


def test_offsets_are_into_the_text() -> None:
    text = "前言。\n网民规模达9.89亿。 In 2024, 78.6% were online."
    for one in find_claims(text):
        assert text[one.start : one.end] == one.printed


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for one in find_claims(text):
        assert 0 <= one.start <= one.end <= len(text)
        assert isinstance(one, Claim)


@given(st.integers(min_value=10, max_value=10**6))
def test_a_number_with_a_unit_is_always_found(number: int) -> None:
    (one,) = find_claims(f"全国共有网站{number}个。")
    assert one.quantity is not None
    assert one.quantity.magnitude == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "123 456.7",
        "天气很好。我们去公园。",
        "<html><body>9.89亿</body></html>",
        "网民\x00规模9.89亿",
        "网" * (MAX_CHARACTERS + 1),
    ],
)
def test_what_cannot_be_checked_is_told_in_one_line(text: str) -> None:
    with pytest.raises(ClaimError) as error:
        read_claims(text)
    assert "\n" not in str(error.value)
    assert error.value.text("zh") != error.value.text("en")


def test_an_article_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "article.md"
    path.write_text("\ufeff网民规模达9.89亿。", encoding="utf-8")
    assert read_article(path) == "网民规模达9.89亿。"


@pytest.mark.parametrize(
    "content", ["网民规模".encode("gbk"), b"\x89PNG\r\n\x1a\n\xff\xff", b"a" * 5_000_000]
)
def test_another_file_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(content)
    with pytest.raises(ClaimError, match=r"article\.txt"):
        read_article(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ClaimError, match="cannot read"):
        read_article(tmp_path / "none.md")
