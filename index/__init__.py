"""The index: passages in, ranked hits out.

It knows vectors and words, not questions: what to search for, and what to make
of the hits, is decided in qa.
"""

from index.build import IndexBuildError, open_index
from index.chunk import Chunk
from index.encoder import BUNDLED, Encoder, EncoderError, load_encoder
from index.lexical import tokens
from index.offline import go_offline
from index.search import Hit, Index
from index.thesaurus import Term

__all__ = [
    "BUNDLED",
    "Chunk",
    "Encoder",
    "EncoderError",
    "Hit",
    "Index",
    "IndexBuildError",
    "Term",
    "go_offline",
    "load_encoder",
    "open_index",
    "tokens",
]
