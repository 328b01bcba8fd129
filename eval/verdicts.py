"""Fit the rulings on claims on the question bank (``python -m eval.verdicts``).

Four fifths of the bank's claims, by the place of their evidence, are learnt from; the
measures printed are of the rest. Claims of several figures are left out of the fitting,
since the bank does not say which of them is wrong.
"""

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import mean
from typing import Annotated

import typer

from corpus import find_quantities, load_reports
from eval.fitting import fit_classes, fit_first, rounded
from index import load_encoder, load_reader, open_index
from index.bank import BankQuestion, load_bank
from index.training.bank import HARD_CLAIMS
from qa.claims import Claim, find_claims
from qa.judge import Judge, Reading, held_against
from qa.match import Match
from qa.ruling import (
    MODEL,
    Ruling,
    decide,
    figure_signs,
    match_signs,
    rule,
    statement_signs,
    weighed,
)
from qa.scoring import Scorer

_FOLDS = 5
_EXPECTED = {Ruling.SUPPORTED: 0.4, Ruling.REFUTED: 0.4, Ruling.NOT_ENOUGH: 0.2}
_RULINGS = {
    "claim_true": Ruling.SUPPORTED,
    "claim_false": Ruling.REFUTED,
    "claim_nei": Ruling.NOT_ENOUGH,
}


@dataclass(frozen=True, slots=True)
class Example:
    """A claim of the bank with what was read for it."""

    asked: BankQuestion
    claim: Claim
    reading: Reading

    @property
    def hard(self) -> bool:
        """Whether it was written to confuse."""
        return self.asked.id.startswith("h-")

    @property
    def ruling(self) -> Ruling:
        """The right ruling."""
        return _RULINGS[self.asked.type]

    @property
    def held_out(self) -> bool:
        """Whether it is measured with, not learnt from; claims on one place stay together."""
        if self.hard:
            return True
        name = str(self.asked.evidence[0] if self.asked.evidence else self.asked.id)
        return int(sha256(name.encode()).hexdigest(), 16) % _FOLDS == 0

    def is_meant(self, match: Match) -> bool:
        """Whether a fact is the one that the claim is about."""
        span, report = match.fact.sentence.span, match.fact.sentence.passage.report
        wanted = [one for text in self.asked.figures for one in find_quantities(text)]
        return any(one.value == match.fact.quantity.value for one in wanted) and any(
            name == report and span.start < place.end and place.start < span.end
            for name, place in self.asked.evidence
        )


def examples() -> tuple[Example, ...]:
    """Every claim of the bank that makes one statement."""
    folder = Path(tempfile.mkdtemp(prefix="wenshu-verdicts-")) / "index"
    index = open_index(load_reports(), load_encoder(), folder)
    judge = Judge(index, Scorer(index), load_reader())
    found = []
    for asked in (*load_bank(), *load_bank(HARD_CLAIMS)):
        if asked.type not in _RULINGS:
            continue
        claims = find_claims(asked.turns[-1])
        if len(claims) == 1:
            found.append(Example(asked, claims[0], judge.read(claims[0])))
    return tuple(found)


def main(write: Annotated[bool, typer.Option(help="Write the fitted weights.")] = False) -> None:
    """Fit the models, print what they are worth and write them."""
    known = examples()
    learnt = [one for one in known if not one.held_out]
    match = fit_match(learnt)
    figured = [one for one in known if one.claim.quantity is not None]
    stated = [one for one in known if one.claim.quantity is None]
    signs = {
        "figure": [
            (one, figure_signs(one.claim, weighed(one.reading.matches, match))) for one in figured
        ],
        "statement": [
            (one, statement_signs(one.claim, one.reading.nearest, one.reading.coverages))
            for one in stated
        ],
    }
    model: dict[str, object] = {"match": rounded(match)}
    guessed: list[tuple[Example, Ruling]] = []
    for name, pairs in signs.items():
        weights = fit_rulings([pair for pair in pairs if not pair[0].held_out])
        model[name] = {one: rounded(weights[one]) for one in Ruling}
        for one, found in pairs:
            guessed.append((one, decide(rule(found, weights))))
    parts = {
        "learnt from": [pair for pair in guessed if not pair[0].held_out],
        "held out": [pair for pair in guessed if pair[0].held_out and not pair[0].hard],
        "written to confuse": [pair for pair in guessed if pair[0].hard],
    }
    for title, judged in parts.items():
        print(f"{title}:\n{table(judged, match)}")
    if write:
        MODEL.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")


def table(guessed: Sequence[tuple[Example, Ruling]], match: dict[str, float]) -> str:
    """Say how many rulings are right: by ruling, by kind of claim, and the figures shown."""
    lines = []
    counts = Counter((one.ruling, ruling) for one, ruling in guessed)
    scores = []
    for ruling in Ruling:
        right = counts[ruling, ruling]
        said = sum(counts[other, ruling] for other in Ruling)
        given = sum(counts[ruling, other] for other in Ruling)
        scores.append(2 * right / max(1, said + given))
        lines.append(
            f"  {ruling}: {given} claims, precision {right / max(1, said):.3f}, "
            f"recall {right / max(1, given):.3f}, F1 {scores[-1]:.3f}"
        )
    true = sum(counts[Ruling.SUPPORTED, other] for other in Ruling)
    accused = counts[Ruling.SUPPORTED, Ruling.REFUTED]
    lines.append(f"  macro-F1 {mean(scores):.3f}, true claims refuted {accused / max(1, true):.1%}")
    kinds = defaultdict(list)
    shown = []
    for one, ruling in guessed:
        kinds[one.asked.kind].append(one.ruling is ruling)
        if one.ruling is ruling is Ruling.REFUTED and one.claim.quantity is not None:
            found = held_against(weighed(one.reading.matches, match), ruling)
            shown.append(found is not None and one.is_meant(found))
    lines += [
        f"  {kind}: {mean(rights):.1%} of {len(rights)}" for kind, rights in sorted(kinds.items())
    ]
    if shown:
        lines.append(f"  refuted with the right figure shown: {mean(shown):.1%}")
    return "\n".join(lines)


def fit_match(known: Sequence[Example]) -> dict[str, float]:
    """Weights by which the fact that a claim is about comes first."""
    lists = []
    for one in known:
        meant = {id(two.statistic) for two in one.reading.matches if one.is_meant(two)}
        if meant:
            signs = [match_signs(two.signs) for two in one.reading.matches]
            lists.append((signs, [id(two.statistic) in meant for two in one.reading.matches]))
    return fit_first(lists)


def fit_rulings(
    known: Sequence[tuple[Example, dict[str, float]]],
) -> dict[Ruling, dict[str, float]]:
    """Weights of each ruling, as if all kinds of false claims were as frequent."""
    rulings = list(Ruling)
    classes = [rulings.index(one.ruling) for one, _ in known]
    kinds = Counter((one.ruling, one.asked.kind) for one, _ in known)
    of_ruling = Counter(ruling for ruling, _ in kinds)
    counts_for = [
        _EXPECTED[one.ruling] / of_ruling[one.ruling] / kinds[one.ruling, one.asked.kind]
        for one, _ in known
    ]
    found = fit_classes([signs for _, signs in known], classes, len(rulings), counts_for)
    return dict(zip(rulings, found, strict=True))


if __name__ == "__main__":
    typer.run(main)
