"""Fitting: small linear models on signs that have names, by gradient descent."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_RIDGE = 0.001


def fit_first(
    lists: Sequence[tuple[Sequence[dict[str, float]], Sequence[bool]]], *, steps: int = 150
) -> dict[str, float]:
    """Weights by which what is right comes first: softmax over each list (Cao et al. 2007).

    :param lists: For each, the signs of its members and which are right; at least one is.
    """
    names = list(lists[0][0][0])
    tables = [
        (
            np.array([[sign[name] for name in names] for sign in signs]),
            np.array(right, dtype=float),
        )
        for signs, right in lists
    ]
    fitted = fit_tables(tables, steps=steps)
    return dict(zip(names, map(float, fitted), strict=True))


def fit_tables(
    tables: Sequence[tuple[Numbers, Numbers]],
    *,
    steps: int = 150,
    rate: float = 0.2,
    ridge: float = _RIDGE,
) -> Numbers:
    """The weights of :func:`fit_first` for lists given as tables.

    :param tables: For each list its members' signs (members, signs) and 1 for each right one.
    """

    def slope(weights: Numbers) -> Numbers:
        total = np.zeros_like(weights)
        for signs, right in tables:
            shares = softmax(signs @ weights)
            total += signs.T @ (shares - shares * right / (shares * right).sum())
        gradient: Numbers = total / len(tables) + ridge * weights
        return gradient

    return descend(slope, (tables[0][0].shape[1],), steps=steps, rate=rate)


def adapt_first(
    lists: Sequence[tuple[Sequence[dict[str, float]], Sequence[bool]]], prior: dict[str, float]
) -> dict[str, float]:
    """Weights near to some ``prior`` ones, by which what is right comes first.

    Lists in which nothing is right are left out.
    """
    names = list(prior)
    start = np.array(list(prior.values()))
    tables = [
        (
            np.array([[sign[name] for name in names] for sign in signs]),
            np.array(right, dtype=float),
        )
        for signs, right in lists
        if any(right)
    ]
    before = [signs @ start for signs, _ in tables]

    def slope(weights: Numbers) -> Numbers:
        total = np.zeros_like(weights)
        for (signs, right), own in zip(tables, before, strict=True):
            shares = softmax(own + signs @ weights)
            total += signs.T @ (shares - shares * right / (shares * right).sum())
        gradient: Numbers = total / len(tables) + _RIDGE * weights
        return gradient

    found = start + descend(slope, start.shape, steps=200, rate=0.05)
    return dict(zip(names, map(float, found), strict=True))


def adapt_chance(
    signs: Sequence[dict[str, float]], labels: Sequence[bool], prior: dict[str, float]
) -> dict[str, float]:
    """Weights near to some ``prior`` ones of a logistic model; a sign named ``bias`` is kept."""
    names = list(prior)
    start = np.array(list(prior.values()))
    table = np.array([[one[name] for name in names] for one in signs])
    right = np.array(labels, dtype=float)
    bias = names.index("bias")
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-6
    mean[bias], spread[bias] = 0.0, 1.0
    scaled, before = (table - mean) / spread, table @ start

    def slope(weights: Numbers) -> Numbers:
        chances = 1 / (1 + np.exp(-(before + scaled @ weights)))
        gradient: Numbers = scaled.T @ (chances - right) / len(right) + 3 * _RIDGE * weights
        return gradient

    own = descend(slope, start.shape, steps=400, rate=0.03) / spread
    own[bias] -= (own * mean).sum()
    return dict(zip(names, map(float, start + own), strict=True))


def fit_classes(
    signs: Sequence[dict[str, float]],
    classes: Sequence[int],
    count: int,
    counts_for: Sequence[float] | None = None,
) -> list[dict[str, float]]:
    """Weights of a softmax over some classes, one set each; a sign named ``bias`` is kept as is.

    :param counts_for: How much each example counts; all the same by default.
    """
    names = list(dict.fromkeys(name for one in signs for name in one))
    table = np.array([[one.get(name, 0.0) for name in names] for one in signs])
    bias = names.index("bias")
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-6
    mean[bias], spread[bias] = 0.0, 1.0
    scaled = (table - mean) / spread
    right = np.eye(count)[list(classes)]
    share = np.ones(len(right)) if counts_for is None else np.array(counts_for)
    share = share / share.sum()

    def slope(weights: Numbers) -> Numbers:
        shares = softmax(scaled @ weights)
        gradient: Numbers = scaled.T @ ((shares - right) * share[:, None]) + 2 * _RIDGE * weights
        return gradient

    fitted = descend(slope, (len(names), count), steps=1500, rate=0.03)
    own = fitted / spread[:, None]
    own[bias] -= (own * mean[:, None]).sum(axis=0)
    return [dict(zip(names, map(float, own[:, one]), strict=True)) for one in range(count)]


def softmax(scores: Numbers) -> Numbers:
    """Shares that add up to one along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Numbers = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def descend(
    slope: Callable[[Numbers], Numbers], shape: tuple[int, ...], *, steps: int, rate: float
) -> Numbers:
    """Adam (Kingma and Ba 2015) from zero, with a rate that falls to nothing."""
    weights, mean, square = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for step in range(1, steps + 1):
        now = slope(weights)
        mean, square = 0.9 * mean + 0.1 * now, 0.99 * square + 0.01 * now * now
        pace = rate * (1 - step / (steps + 1))
        weights -= pace * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def rounded(weights: dict[str, float]) -> dict[str, float]:
    """Weights as they are written."""
    return {name: round(value, 4) for name, value in weights.items()}
