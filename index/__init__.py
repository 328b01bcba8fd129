"""The index: passages in, ranked hits out.

It knows vectors and words, not questions: what to search for, and what to make
of the hits, is decided in qa.
"""

from index.bank import BankError
from index.build import IndexBuildError, open_index
from index.chunk import Chunk
from index.encoder import BUNDLED, Encoder, EncoderError, load_encoder
from index.expansions import Expansions, Likeness
from index.lexical import tokens
from index.offline import go_offline
from index.reader import BUNDLED_READER, Reader, ReaderError, load_reader
from index.search import Hit, Index
from index.spelling import Spelling
from index.thesaurus import SAME, Term

__all__ = [
    "BUNDLED",
    "BUNDLED_READER",
    "SAME",
    "BankError",
    "Chunk",
    "Encoder",
    "EncoderError",
    "Expansions",
    "Hit",
    "Index",
    "IndexBuildError",
    "Likeness",
    "Reader",
    "ReaderError",
    "Spelling",
    "Term",
    "go_offline",
    "load_encoder",
    "load_reader",
    "open_index",
    "tokens",
]
