"""How well the span that answers a why or how question is marked (``python -m eval.spans``).

Of the bank's held-out narrative questions, which the reader has never seen: how many of the
sentences given are evidence, and how much of the evidence is given.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from corpus import load_reports, parse_month
from eval.scoring import answers
from index import load_encoder, load_reader, open_index
from index.bank import load_bank
from index.training.domain import held_out
from qa.evidence import Gatherer
from qa.question import read_question
from qa.reading import read_span

_LONGEST = 5


def main() -> None:
    """Print precision, recall and length for the best sentence alone and for its span."""
    reports = load_reports()
    newest = max(parse_month(one.data_until).last // 12 for one in reports)
    folder = Path(tempfile.mkdtemp(prefix="wenshu-spans-")) / "index"
    reader = load_reader()
    gatherer = Gatherer(open_index(reports, load_encoder(), folder).unexpanded(), reader)
    found: dict[str, list[tuple[float, float, int]]] = {"best sentence": [], "span": []}
    for one in load_bank():
        if one.type != "narrative" or not held_out(one):
            continue
        question = read_question(one.turns, newest=newest)
        ranked = gatherer.weigh(question)[0].ranked
        if not ranked:
            continue
        span = read_span(reader, gatherer.scorer, question, ranked, _LONGEST)
        for name, given in (("best sentence", ranked[:1]), ("span", span)):
            right = [answers(one, each.sentence) for each in given]
            found[name].append(measured(right, len(one.evidence)))
    for name, all_of in found.items():
        precision, recall, length = (mean(column) for column in zip(*all_of, strict=True))
        print(
            f"{name}: {len(all_of)} questions, precision {precision:.3f}, recall {recall:.3f}, "
            f"{length:.2f} sentences"
        )


def measured(right: Sequence[bool], wanted: int) -> tuple[float, float, int]:
    """Precision, recall and length of some sentences of which some are evidence.

    :param wanted: How many sentences the evidence has.
    """
    hits = sum(right)
    return hits / len(right), min(1.0, hits / wanted), len(right)


if __name__ == "__main__":
    main()
