"""Premises: what a question takes for granted, against what its evidence says."""

import pytest

from corpus import Clean, Kind, Passage, Span, find_facts
from qa import Assistant
from qa.premise import contradicted
from qa.question import read_question

ROSE = "截至2024年12月，互联网普及率达78.6%，较2023年12月提升1.1个百分点。"
FELL = "截至2020年12月，在线教育用户规模达3.42亿，较2020年3月减少8125万。"


def said(question: str, text: str) -> str:
    clean = Clean(text, tuple(range(len(text))))
    facts = find_facts(Passage("r", Kind.PARAGRAPH, (), "", (Span(0, len(text)),), clean))
    return contradicted(read_question([question]), facts[0], facts)


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("2024年普及率为什么下降了", ROSE, "报告所说的是上升，而不是下降。"),
        ("Why did penetration fall in 2024?", ROSE, "By the report it went up, not down."),
        ("在线教育用户增长了多少", FELL, "报告所说的是下降，而不是上升。"),
        ("How much did online education users grow?", FELL, "By the report it went down, not up."),
        ("2024年普及率提升了多少", ROSE, ""),
        ("在线教育用户减少了多少", FELL, ""),
        ("普及率是上升还是下降", ROSE, ""),
        ("普及率是多少", ROSE, ""),
        ("哪个指标下降最多", ROSE, ""),
        ("在线教育用户规模的增长率", FELL, ""),
    ],
)
def test_a_wrong_direction_is_told(question: str, text: str, told: str) -> None:
    assert said(question, text) == told


def test_the_answer_opens_with_it_and_still_gives_the_figure(real_assistant: Assistant) -> None:
    answer = real_assistant.ask(["By how much did internet penetration fall in 2024?"])
    assert answer.text.startswith("By the report it went up, not down. [1]")
    assert "1.1 percentage points" in answer.text
