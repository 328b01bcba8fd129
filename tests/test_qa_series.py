"""Series: one metric over time, against figures read in the reports by hand."""

import pytest

from qa import Answer, Assistant

RIDE_HAILING = {
    "2020-03": 362_300_000,
    "2020-06": 340_000_000,
    "2020-12": 365_000_000,
    "2023-12": 527_650_000,
    "2024-12": 539_000_000,
}


def given(answer: Answer) -> dict[str | None, float]:
    return {one.period: one.magnitude for one in answer.values if one.role == "answer"}


@pytest.mark.parametrize(
    "question", ["网约车用户规模的走势", "How have ride-hailing users changed over the years?"]
)
def test_a_metric_is_followed_through_all_reports(real_assistant: Assistant, question: str) -> None:
    answer = real_assistant.ask([question])
    assert answer.status == "answered"
    assert given(answer) == RIDE_HAILING
    periods = [one.period for one in answer.values]
    assert periods == sorted(periods, key=str)


def test_only_the_periods_asked_for_are_given(real_assistant: Assistant) -> None:
    answer = real_assistant.ask(["电子商务交易额2017、2019和2021年各是多少"])
    assert set(given(answer)) == {"2017", "2019", "2021"}


def test_only_the_reports_chosen_are_followed(real_assistant: Assistant) -> None:
    answer = real_assistant.ask(["网约车用户规模的走势"], reports=["cnnic-47"])
    assert set(given(answer)) <= {"2020-03", "2020-06", "2020-12"}


def test_every_figure_stands_in_what_is_cited(real_assistant: Assistant) -> None:
    answer = real_assistant.ask(["互联网普及率历年变化"])
    quotes = {one.marker: one.quote for one in answer.citations}
    for one in answer.values:
        assert f"{one.value:g}" in quotes[one.citation]


def test_a_single_figure_is_no_series(real_assistant: Assistant) -> None:
    answer = real_assistant.ask(["2020年底网约车用户规模是多少"])
    assert "|---|" not in answer.text
