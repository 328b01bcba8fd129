"""The index: passages in, ranked hits out.

It knows vectors and words, not questions: what to search for, and what to make
of the hits, is decided in qa.
"""

from index.build import IndexBuildError, open_index
from index.chunk import Chunk
from index.encoder import BUNDLED, Encoder, EncoderError, load_encoder
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
    "Chunk",
    "Encoder",
    "EncoderError",
    "Hit",
    "Index",
    "IndexBuildError",
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
