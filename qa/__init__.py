"""Questions and answers: a conversation in, a checked and cited answer out."""

from qa.answer import Assistant, open_assistant
from qa.cite import Surroundings
from qa.contract import Answer, Citation, Language, SearchResult, Value
from qa.errors import EXPECTED_ERRORS
from qa.question import MAX_CHARACTERS, QuestionError
from qa.settings import Settings, default_data, read_environment

__all__ = [
    "EXPECTED_ERRORS",
    "MAX_CHARACTERS",
    "Answer",
    "Assistant",
    "Citation",
    "Language",
    "QuestionError",
    "SearchResult",
    "Settings",
    "Surroundings",
    "Value",
    "default_data",
    "open_assistant",
    "read_environment",
]
