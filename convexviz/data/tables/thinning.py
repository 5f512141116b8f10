"""Fewer points for a board that shows not all of them: a seeded sample, or means over neighbours with their weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from convexviz.data.dataset import Dataset
from convexviz.data.scalars import check_choice
from convexviz.data.tables.choice import Taken
from convexviz.data.tables.errors import counted
from convexviz.data.validation import FloatArray, check_count, check_seed

How = Literal["sample", "average"]
MOST = 10**9  # more points than these nobody holds


def thinned(points: Dataset | Taken, most: int, how: How = "sample", seed: int = 0) -> Taken:
    """At most `most` of the points, and a note that says so.

    "sample" draws them without replacement, in their old order. "average" cuts the points into groups of neighbours, as
    equal in count as can be, along x or by halving the wider feature in turn; each becomes its mean, which weighs as
    much as its points (each 1 where they have no weights). Classes are averaged apart, so that a mean has one label.
    Raises ValueError for another `how`, and where most is no whole number from 2 up.
    """
    most = check_count(most, 2, MOST, "most")
    check_choice(how, "how", ("sample", "average"))
    given = points if isinstance(points, Taken) else Taken(points, None, 0, ())
    if given.dataset.n <= most:
        return given
    return _sampled(given, most, check_seed(seed)) if how == "sample" else _averaged(given, most)


def _sampled(given: Taken, most: int, seed: int) -> Taken:
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.choice(given.dataset.n, most, replace=False))
    weights = None if given.weights is None else given.weights[chosen]
    note = f"A random sample of {most} of the {counted(given.dataset.n, 'point')}."
    return _with(given, given.dataset.X[chosen], given.dataset.y[chosen], weights, note)


def _averaged(given: Taken, most: int) -> Taken:
    data = given.dataset
    weights = np.ones(data.n) if given.weights is None else given.weights
    groups = [group for part, share in _parts(data, most) for group in _neighbours(data.X, part, share)]
    sums = np.array([weights[group].sum() for group in groups])
    groups = [group for group, total in zip(groups, sums, strict=True) if total > 0]  # of weight 0 nothing is left
    X = np.array([np.average(data.X[group], axis=0, weights=weights[group]) for group in groups])
    y = np.array([np.average(data.y[group], weights=weights[group]) for group in groups])
    y = np.sign(y) if data.task == "classification" else y
    note = f"{len(groups)} means over neighbours among {counted(data.n, 'point')}, each weighted by what it stands for."
    return _with(given, X, y, sums[sums > 0], note)


def _with(given: Taken, X: FloatArray, y: FloatArray, weights: FloatArray | None, note: str) -> Taken:
    return Taken(replace(given.dataset, X=X, y=y), weights, given.dropped, (*given.notes, note))


def _parts(data: Dataset, most: int) -> list[tuple[np.ndarray, int]]:
    """The points that may be averaged with each other, and how many means they get: all, or each class by its size."""
    if data.task == "regression":
        return [(np.arange(data.n), most)]
    low, high = np.flatnonzero(data.y < 0), np.flatnonzero(data.y > 0)
    if not len(low) or not len(high):
        return [(np.arange(data.n), most)]
    share = min(max(round(most * len(low) / data.n), 1), most - 1)
    return [(low, min(share, len(low))), (high, min(most - share, len(high)))]


def _neighbours(X: FloatArray, part: np.ndarray, groups: int) -> list[np.ndarray]:
    """The rows `part` of X (n, d) in `groups` groups of neighbours: halved across the wider feature until they are."""
    if groups == 1:
        return [part]
    spread = np.ptp(X[part], axis=0)
    order = part[np.argsort(X[part, int(np.argmax(spread))], kind="stable")]
    if X.shape[1] == 1:
        return np.array_split(order, groups)
    half = groups // 2
    cut = round(len(order) * half / groups)
    return [*_neighbours(X, order[:cut], half), *_neighbours(X, order[cut:], groups - half)]
