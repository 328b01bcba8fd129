"""The errors that bad input or a broken installation cause: one line each, no traceback."""

from corpus import CorpusError
from index import BankError, EncoderError, IndexBuildError, ReaderError
from qa.batch import BatchError
from qa.claims import ClaimError
from qa.generate import GeneratorError
from qa.question import QuestionError
from qa.serve import ServeError

EXPECTED_ERRORS = (
    CorpusError,
    BankError,
    EncoderError,
    ReaderError,
    IndexBuildError,
    GeneratorError,
    QuestionError,
    BatchError,
    ClaimError,
    ServeError,
)
