"""Training of the weights that ship in ``index/models``.

Nothing here runs when a question is answered: this package reads open parallel text, a
dictionary and reading-comprehension items from a folder given to it, and writes a model folder.
"""

from index.training.data import Corpus, Pair, TrainingError, load_corpus

__all__ = ["Corpus", "Pair", "TrainingError", "load_corpus"]
