"""Rankings by the order of a list, against lists read in the reports."""

import pytest

from corpus import REPORTS, FactKind, load_report, report_facts
from corpus.rankings import find_rankings


@pytest.mark.parametrize(
    ("text", "items", "measure"),
    [
        (
            "评价显示，浙江、北京、上海等地区发展水平位居全国前3名",
            ["浙江", "北京", "上海"],
            "发展水平",
        ),
        (
            "北京、上海、广东等3个省（市）位列各省（区、市）建设水平全国前 3 名。",
            ["北京", "上海", "广东"],
            "建设水平",
        ),
        ("鲁、豫、皖小麦产量列全国前三位", [], ""),
        ("山东、河南、安徽等省份小麦产量列全国前三位", ["山东", "河南", "安徽"], "小麦产量"),
        ("浙江、北京等地区发展水平位居全国前3名", [], ""),
        ("浙江、北京、上海位列前3名", [], ""),
        ("浙江、北京、上海发展良好", [], ""),
        ("", [], ""),
    ],
)
def test_a_ranking(text: str, items: list[str], measure: str) -> None:
    found = find_rankings(text)
    assert [one.item for one in found] == items
    assert [one.place for one in found] == list(range(1, len(items) + 1))
    assert all(one.measure == measure and text[one.start : one.end] == one.item for one in found)


# Report digital-china-2021, part three: read in the source.
@pytest.mark.parametrize(
    ("measure", "order"),
    [
        ("数字政府建设水平", "浙江 广东 北京 上海 贵州 四川 山东 湖北 江苏 福建"),
        ("数字社会建设水平", "浙江 上海 广东 江西 北京 江苏 山东 重庆 辽宁 福建"),
        ("数字化综合发展水平", "浙江 北京 上海 广东 江苏 山东 天津 福建 湖北 四川"),
    ],
)
def test_the_reports_rankings_are_facts_in_order(measure: str, order: str) -> None:
    facts = report_facts(load_report(REPORTS / "digital-china-2021"))
    ranks = {
        fact.metric.removesuffix(measure): int(fact.quantity.value)
        for fact in facts
        if fact.kind is FactKind.RANK and fact.metric.endswith(measure)
    }
    assert [item for item, _ in sorted(ranks.items(), key=lambda one: one[1])] == order.split()
