"""Checking: verdicts held to figures typed from the reports, and what is shown beside them."""

import csv
import io
import json
import re

import pytest

from corpus import find_quantities
from qa import Assistant, Verdict, summary, to_claim_review, to_csv, to_markdown
from qa.verify import unsupported

ARTICLE = (
    "截至2020年12月，我国网民规模达9.89亿，互联网普及率达到80.4%。"
    "同期网络购物用户规模为7.82亿，较2020年3月增长7215万。"
)


@pytest.mark.parametrize(
    ("claim", "ruling", "shown"),
    [
        ("截至2020年12月，我国网民规模达9.89亿。", "supported", "9.89亿"),
        ("By December 2020 China had about 990 million internet users.", "supported", "989"),
        ("截至2020年12月，我国网民规模达8.89亿。", "refuted", "9.89亿"),
        ("截至2020年12月，我国网民规模达98.9亿。", "refuted", "9.89亿"),
        ("2024年12月，我国互联网普及率达70.4%。", "refuted", "78.6%"),
        (
            "In December 2020 online shopping users numbered 728 million.",
            "refuted",
            "782 million",
        ),
        ("2024年印度网民规模达9亿人。", "not_enough_info", ""),
        ("12315平台2020年访问量为7247万人次。", "supported", "7247"),
        ("2024年12月网民男女比例为51.1比48.9。", "supported", "51.1"),
        ("网民里一成多（10.7%）用智能网联汽车上网。", "supported", "10.7%"),
        ("Half of all dentists in Brazil used 5G tablets in 2019.", "not_enough_info", ""),
    ],
)
def test_verdicts(real_assistant: Assistant, claim: str, ruling: str, shown: str) -> None:
    found = real_assistant.check(claim)
    assert found.verdict == ruling
    assert shown in found.text


def test_one_refuted_figure_refutes_the_text(real_assistant: Assistant) -> None:
    found = real_assistant.check(ARTICLE)
    assert found.verdict == "refuted"
    assert [one.claimed for one in found.findings] == ["9.89亿", "80.4%", "7.82亿", "7215万"]
    assert [one.verdict for one in found.findings].count("refuted") == 1
    assert found.findings[1].found == "70.4%"


def test_the_same_text_has_the_same_verdict(real_assistant: Assistant) -> None:
    assert real_assistant.check(ARTICLE) == real_assistant.check(ARTICLE)


@pytest.mark.parametrize("claim", [ARTICLE, "In 2024 China had 1.2 billion internet users, up 3%."])
def test_every_figure_shown_is_cited_or_claimed(real_assistant: Assistant, claim: str) -> None:
    found = real_assistant.check(claim)
    quotes = [text for one in found.citations for text in (one.quote, one.english or "")]
    held = [*quotes, *(re.sub(r"\s+", "", text) for text in quotes), claim]
    assert unsupported(found.text, held) == ()
    for one in found.findings:
        if one.found:
            wanted = find_quantities(one.found)[0]
            assert any(wanted.equals(given) for text in held for given in find_quantities(text))


def test_citations_are_the_sources_own_text(real_assistant: Assistant) -> None:
    sources = {report.id: report.source for report in real_assistant.reports}
    for one in real_assistant.check(ARTICLE).citations:
        assert sources[one.report][one.start : one.end] == one.quote


def test_the_language_can_be_chosen(real_assistant: Assistant) -> None:
    found = real_assistant.check("截至2020年12月，我国网民规模达8.89亿。", language="en")
    assert found.language == "en"
    assert "Refuted" in found.text
    assert "989 million" in found.text


def test_a_report_that_is_not_chosen_does_not_speak(real_assistant: Assistant) -> None:
    found = real_assistant.check("2024年12月，我国网民规模达11.08亿人。", reports=["cnnic-47"])
    assert found.verdict != "supported"
    assert {one.report for one in found.citations} <= {"cnnic-47"}


def test_what_cannot_be_checked_is_a_verdict_of_a_batch(real_assistant: Assistant) -> None:
    found = real_assistant.check_or_say_why("")
    assert (found.verdict, found.findings, found.citations) == ("not_enough_info", [], [])
    assert found.text


def test_progress_is_told(real_assistant: Assistant) -> None:
    told: list[tuple[int, int]] = []
    real_assistant.review(ARTICLE, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_review_marks_each_figure(real_assistant: Assistant) -> None:
    found = real_assistant.review(ARTICLE)
    assert [ARTICLE[one.start : one.end] for one in found.marks] == [
        one.claimed for one in found.verdict.findings
    ]
    assert summary(found.verdict, "en").startswith("4 checked: ")


def test_exports(real_assistant: Assistant) -> None:
    found = real_assistant.review(ARTICLE)
    rows = list(csv.reader(io.StringIO(to_csv(found, "en").removeprefix("\ufeff"))))
    assert len(rows) == 5
    assert [row[1] for row in rows[1:]] == [one.claimed for one in found.verdict.findings]
    records = json.loads(to_claim_review(found, "zh"))
    assert {one["@type"] for one in records} == {"ClaimReview"}
    assert [one["reviewRating"]["ratingValue"] for one in records].count(1) == 1
    assert to_markdown(found, "zh").count("\n| ") == 5


def test_a_spreadsheet_takes_no_cell_for_a_formula(real_assistant: Assistant) -> None:
    found = real_assistant.review("=SUM(A1) 截至2020年12月网民规模达9.89亿。")
    cells = [cell for row in csv.reader(io.StringIO(to_csv(found, "en"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith("=")]


def test_a_verdict_has_the_fields_of_the_design() -> None:
    assert list(Verdict.model_fields) == [
        "claim",
        "language",
        "verdict",
        "text",
        "findings",
        "citations",
    ]
