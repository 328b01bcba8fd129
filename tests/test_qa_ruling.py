"""Rulings: what follows from how likely each is."""

import pytest

from qa.ruling import REFUTES, Ruling, decide

YES, NO, OPEN = Ruling.SUPPORTED, Ruling.REFUTED, Ruling.NOT_ENOUGH


@pytest.mark.parametrize(
    ("supported", "refuted", "ruling"),
    [
        (0.6, 0.3, YES),
        (0.4, 0.35, YES),
        (0.05, 0.9, NO),
        (0.0, REFUTES, NO),
        (0.4, 0.6, OPEN),
        (0.1, 0.1, OPEN),
    ],
)
def test_a_claim_is_refuted_only_where_that_is_likely(
    supported: float, refuted: float, ruling: Ruling
) -> None:
    shares = {YES: supported, NO: refuted, OPEN: 1 - supported - refuted}
    assert decide(shares) is ruling
