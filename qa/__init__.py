"""Questions and answers: a conversation in, a checked and cited answer out."""

from qa.answer import Assistant, open_assistant
from qa.cite import Surroundings
from qa.claims import ClaimError
from qa.contract import Answer, CheckedFigure, Citation, Language, SearchResult, Value, Verdict
from qa.errors import EXPECTED_ERRORS
from qa.question import MAX_CHARACTERS, QuestionError
from qa.review import (
    Mark,
    Review,
    summary,
    to_claim_review,
    to_csv,
    to_markdown,
    verdict_name,
)
from qa.settings import Settings, default_data, read_environment

__all__ = [
    "EXPECTED_ERRORS",
    "MAX_CHARACTERS",
    "Answer",
    "Assistant",
    "CheckedFigure",
    "Citation",
    "ClaimError",
    "Language",
    "Mark",
    "QuestionError",
    "Review",
    "SearchResult",
    "Settings",
    "Surroundings",
    "Value",
    "Verdict",
    "default_data",
    "open_assistant",
    "read_environment",
    "summary",
    "to_claim_review",
    "to_csv",
    "to_markdown",
    "verdict_name",
]
