"""How often the right one of twenty facts is picked (``python -m eval.picking``).

For the bank's held-out questions that ask for one figure: the fact that gives it among nineteen
that are hard to tell from it: other figures of its sentence, its metric at other times, and the
facts of the sentences that search finds nearest.
"""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean

from corpus import Fact, find_quantities, load_reports, parse_month, same_figure
from eval.scoring import answers
from index import load_encoder, load_reader, open_index
from index.bank import BankQuestion, load_bank
from index.training.domain import held_out
from qa.asked import asked_facts
from qa.evidence import Gatherer
from qa.operands import facts_of
from qa.question import Question, read_question
from qa.scoring import Scored

_TYPES = ("lookup", "share", "growth", "followup", "table")
_AMONG = 20
_OF_EACH = 6
_NEAREST = 60


def main() -> None:
    """Print the share of questions whose fact is picked, by language and type."""
    folder = Path(tempfile.mkdtemp(prefix="wenshu-picking-")) / "index"
    reports = load_reports()
    newest = max(parse_month(one.data_until).last // 12 for one in reports)
    gatherer = Gatherer(open_index(reports, load_encoder(), folder).unexpanded(), load_reader())
    hits, missed = defaultdict(list), Counter[str]()
    for one in load_bank():
        if one.type not in _TYPES or len(one.figures) != 1 or not held_out(one):
            continue
        question = read_question(one.turns, newest=newest)
        nearest = gatherer.scorer.rank(question)[:_NEAREST]
        right = _right(one, nearest)
        if right is None:
            continue
        choice = choice_of(right, nearest)
        picked = pick(gatherer, question, choice)
        hit = picked is not None and same_figure(picked.quantity, right.quantity)
        missed[_missed(picked, right)] += not hit
        for group in ("all", one.language, one.type):
            hits[group].append(hit)
    for group, found in hits.items():
        print(f"{group}: {len(found)} held out, the right fact of {_AMONG} {mean(found):.3f}")
    print("missed:", ", ".join(f"{why} {count}" for why, count in missed.most_common() if count))


def _missed(picked: Fact | None, right: Fact) -> str:
    """What was picked in place of the right fact."""
    if picked is None:
        return "none picked"
    if picked.sentence == right.sentence:
        return "another figure of the sentence"
    return "the metric elsewhere" if picked.metric == right.metric else "another metric elsewhere"


def _right(asked: BankQuestion, nearest: Sequence[Scored]) -> Fact | None:
    """The fact that gives the figure asked for, of the first sentence that answers."""
    wanted = [each.magnitude for each in find_quantities(asked.figures[0])]
    return next(
        (
            fact
            for one in nearest
            if answers(asked, one.sentence)
            for fact in facts_of(one)
            if fact.quantity.magnitude in wanted
        ),
        None,
    )


def choice_of(right: Fact, nearest: Sequence[Scored]) -> tuple[Fact, ...]:
    """The right fact and those hardest to tell from it: at most twenty, none with its figure."""
    found = [fact for one in nearest for fact in facts_of(one)]
    chosen = [right]
    for limit, alike in (
        (_OF_EACH, [fact for fact in found if fact.sentence == right.sentence]),
        (_OF_EACH, [fact for fact in found if fact.metric == right.metric]),
        (_AMONG, found),
    ):
        others = (
            fact
            for fact in alike
            if fact not in chosen and not same_figure(fact.quantity, right.quantity)
        )
        chosen += [fact for _, fact in zip(range(limit), others, strict=False)]
    return tuple(chosen[:_AMONG])


def pick(gatherer: Gatherer, question: Question, choice: Sequence[Fact]) -> Fact | None:
    """The first of some facts in the order of the product: its sentence's rank, then its own."""
    return next((fact for fact in _ranked(gatherer, question) if fact in choice), None)


def _ranked(gatherer: Gatherer, question: Question) -> Iterator[Fact]:
    for one in gatherer.weigh(question)[0].ranked:
        yield from asked_facts(gatherer.scorer, question, one)


if __name__ == "__main__":
    main()
