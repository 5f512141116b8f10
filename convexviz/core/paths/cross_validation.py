"""Cross-validation: what a beta costs on points that were not trained on, and the beta that costs least.

The points are parted into folds, equal x in one fold; each fold is predicted by the networks, certified along a whole
path of beta, of all other points. With e_k(beta) the mean error on fold k of K,

    mean(beta) = sum_k e_k / K,     standard error(beta) = std_k(e_k) / sqrt(K),

`best` is the beta of least mean, and the one-standard-error rule takes the largest beta whose mean is within one
standard error of that (Breiman et al. 1984, section 3.4.3; Hastie, Tibshirani & Friedman 2009, section 7.10).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

from ...data.scalars import check_callable, shown, whole_number
from ...data.validation import check_seed, check_weights, has_columns
from ..arguments import check_betas, check_verbose
from ..losses import Loss, get_loss
from ..network import Array
from ..numerics.progress import line
from ..problem.options import check_data
from ..shape import Shape, Slope, check_shape
from ..solution import Solution
from .exact import exact_path
from .path import PATH_DEPTH, PATH_LENGTH, beta_max, regularization_path

FOLDS = 5
EXACT_POINTS = 1000  # up to which the whole path costs less than so many solutions of it
Split = tuple[np.ndarray, np.ndarray]  # indices to train on, and of the fold
Told = Callable[[int, int], None]

MEASURES = {
    "squares": "mean squared error",
    "loss": "mean loss",
    "classes": "share of points in the wrong class",
}


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """Errors on points that were not trained on, by fold and beta.

    Attributes
    ----------
    betas : (k,) from large to small.
    errors : (folds, k) mean error on each fold, of the network trained on all others.
    train_errors : (folds, k) of the same networks on the points they were trained on.
    predictions : (n, k) f at each point, by the network that has not seen it; nan for points of weight 0.
    neurons : (folds, k) how many each network has.
    y : (n,) the targets.
    weights : (n,) of the points.
    folds : (n,) the fold of each point; -1 for points of weight 0, and those that no fold holds.
    measure : what the errors are: "mean squared error" for the squared loss, "mean loss" for any other of numbers,
        "share of points in the wrong class" for classes.
    certified : whether every network is a proved optimum of its problem.
    """

    betas: Array
    errors: Array
    train_errors: Array
    predictions: Array = field(repr=False)
    neurons: Array = field(repr=False)
    y: Array = field(repr=False)
    weights: Array = field(repr=False)
    folds: np.ndarray = field(repr=False)
    measure: str = MEASURES["squares"]
    certified: bool = True

    @property
    def mean(self) -> Array:
        """Mean of the folds, shape (k,): each fold counts the same, as in scikit-learn."""
        return np.asarray(self.errors.mean(axis=0))

    @property
    def standard_error(self) -> Array:
        """Of the mean over the folds, shape (k,). The folds share training points, so it is a guide and no bound."""
        return np.asarray(self.errors.std(axis=0, ddof=1) / np.sqrt(len(self.errors)))

    @property
    def best(self) -> float:
        """The beta of least mean error, the largest of several."""
        return float(self.betas[self._best])

    @property
    def sparsest_within_one_se(self) -> float:
        """The largest beta whose mean error is at most one standard error above the least."""
        limit = self.mean[self._best] + self.standard_error[self._best]
        return float(self.betas[np.flatnonzero(self.mean <= limit)[0]])

    @property
    def r2(self) -> Array:
        """1 - sum s (y - f)^2 / sum s (y - mean)^2 over all points by predictions from outside, shape (k,).

        nan where all y are equal.
        """
        there = self.folds >= 0
        return r_squared(self.predictions[there], self.y[there], self.weights[there])

    @property
    def accuracy(self) -> Array:
        """Share of the points in the right class, by predictions from outside, shape (k,); targets are -1 and +1."""
        there = self.folds >= 0
        wrong = _wrong(self.predictions[there], self.y[there, None])
        return np.asarray(1.0 - np.average(wrong, axis=0, weights=self.weights[there]))

    @property
    def _best(self) -> int:
        return int(np.argmin(self.mean))  # betas fall: the first of several is the largest


def cross_validate(
    X: ArrayLike,
    y: ArrayLike,
    betas: Iterable[float] | None = None,
    loss: str | Loss = "squared",
    folds: Any = FOLDS,
    seed: int = 0,
    sample_weight: ArrayLike | None = None,
    bias: bool = True,
    classes: bool | None = None,
    progress: Told | None = None,
    shape: str | Sequence[str] | None = None,
    slope: Slope | None = None,
    verbose: bool | None = None,
) -> CrossValidation:
    """Errors of certified networks on held-out points along beta, and the beta that they suggest.

    Parameters
    ----------
    X : (n, d) inputs.
    y : (n,) targets, or labels -1 / +1.
    betas : values of beta; by default 41 of them, evenly spaced in log beta from the beta_max of all points down to
        1e-4 of it. A loss without a beta ("interpolate", "hard_margin") has one column, of beta = 1.
    loss : as in `solve`.
    folds : how many, at least 2: points with equal x are in one fold, labels are spread evenly. Or a splitter of
        scikit-learn, or pairs of indices (train, test), which are taken as they are.
    seed : of the shuffle: equal seeds give equal folds.
    sample_weight : (n,) weights of the points, in training and in the errors. Points of weight 0 take no part.
    bias : as in `solve`.
    classes : whether y are labels, so that errors count wrong classes; None asks the loss. True is for
        loss="squared" on labels.
    progress : called with the number of networks trained, and of how many.
    shape, slope, verbose : as in `solve`.

    Returns
    -------
    CrossValidation with `.betas`, `.errors` (folds, k), `.mean`, `.standard_error`, `.best`,
    `.sparsest_within_one_se`, `.r2` or `.accuracy`.

    Raises
    ------
    ValueError
        If the input is not usable, or there are more folds than different x.

    Examples
    --------
    >>> import convexviz as cv
    >>> data = cv.datasets.load("sine", n=60)
    >>> checked = cv.cross_validate(data.X, data.y, betas=[10.0, 1.0, 0.1])
    >>> checked.errors.shape, checked.best
    ((5, 3), 0.1)
    """
    if has_columns(y):
        raise ValueError("y must have shape (n,) for cross_validate; validate each output on its own, like y[:, 0].")
    term = get_loss(loss)
    X, y = check_data(X, y, term)
    check_callable(progress, "progress", "that takes the number of networks trained and of all")
    labels = term.classification if classes is None else classes
    weights = np.ones(len(y)) if sample_weight is None else check_weights(sample_weight, len(y))
    asked = Asked(loss, bias, check_shape(shape, slope))
    stops = _betas(X, y, betas, asked, None if sample_weight is None else weights)
    splits = splits_of(X, y, folds, seed, weights, labels)
    measure = Measure(term, labels)
    made = _Made.empty(len(y), len(splits), len(stops))
    with line("folds", check_verbose(verbose), len(splits)) as said:
        for k, (train, test) in enumerate(splits):
            told = _counting(progress, k * len(stops), len(splits) * len(stops))
            f, neurons, certified = _fold(X, y, stops, asked, train, weights, told)
            made.keep(k, test, f, neurons, certified)
            made.errors[k] = measure.mean(f[test], y[test], weights[test])
            made.train_errors[k] = measure.mean(f[train], y[train], weights[train])
            if said is not None:
                said.step("")
    return CrossValidation(
        np.array(stops),
        made.errors,
        made.train_errors,
        made.predictions,
        made.neurons,
        y,
        weights,
        made.folds,
        measure.name,
        made.certified,
    )


# ---------------------------------------------------------------- errors


@dataclass(frozen=True)
class Measure:
    """The error of predictions f (n,) or (n, k) of y (n,): squares, the loss itself, or wrong classes."""

    loss: Loss
    classes: bool

    @property
    def name(self) -> str:
        """In words."""
        return MEASURES["classes" if self.classes else "squares" if self._squares else "loss"]

    @property
    def _squares(self) -> bool:
        return self.loss.quadratic or self.loss.interpolates

    def mean(self, f: Array, y: Array, weights: Array) -> Array:
        """Weighted mean over the points, a number or of shape (k,)."""
        y = y.reshape(-1, *[1] * (f.ndim - 1))
        each = _wrong(f, y) if self.classes else (f - y) ** 2 if self._squares else self.loss.parts(f, y)
        return np.asarray(np.average(each, axis=0, weights=weights))


def _wrong(f: Array, y: Array) -> Array:
    """1 where the class of f, +1 for f > 0 as everywhere in this package, is not that of y."""
    return np.asarray(((f > 0) != (y > 0)).astype(float))


def r_squared(f: Array, y: Array, weights: Array) -> Array:
    """R^2 of predictions f (n,) or (n, k) of y (n,), a number or of shape (k,); nan where all y are equal."""
    spread = y - np.average(y, weights=weights)
    total = float(weights @ spread**2)
    left = weights @ (f - y.reshape(-1, *[1] * (f.ndim - 1))) ** 2
    return np.asarray(1.0 - left / total if np.ptp(y) > 0 else np.full(np.shape(left), np.nan))


# ---------------------------------------------------------------- folds


def splits_of(X: Array, y: Array, folds: Any, seed: int, weights: Array, labels: bool) -> list[Split]:
    """Pairs (train, test) of indices of points of positive weight; each x is on one side, labels are spread evenly."""
    there = np.flatnonzero(weights > 0)
    if not isinstance(folds, int | np.integer) or isinstance(folds, bool):
        return [_positive(pair, weights) for pair in _given(folds, X, y)]
    groups = np.unique(X[there], axis=0, return_inverse=True)[1].reshape(-1)
    most = len(np.unique(groups))
    number = whole_number(folds)
    if number is None or not 2 <= number <= most:
        raise ValueError(
            f"folds must be a whole number from 2 to the {most} different x there are, got {folds}; take fewer "
            "folds or more points."
        )
    kind = StratifiedGroupKFold if labels else GroupKFold
    splitter = kind(number, shuffle=True, random_state=check_seed(seed))
    return [(there[train], there[test]) for train, test in splitter.split(X[there], y[there], groups)]


def _given(folds: Any, X: Array, y: Array) -> list[Split]:
    try:
        pairs = folds.split(X, y) if hasattr(folds, "split") else folds
        return [(np.asarray(train), np.asarray(test)) for train, test in pairs]
    except (TypeError, ValueError):
        raise ValueError(
            f"folds must be a whole number, a splitter of scikit-learn or pairs (train, test), got {shown(folds)}."
        ) from None


def _positive(pair: Split, weights: Array) -> Split:
    train, test = (part[weights[part] > 0] for part in pair)
    if not len(train) or not len(test):
        raise ValueError("A fold must hold points of positive weight, and leave some; got one without. Take others.")
    return train, test


# ---------------------------------------------------------------- networks


@dataclass(frozen=True)
class Asked:
    """What is asked of every network."""

    loss: str | Loss
    bias: bool
    form: Shape | None

    @property
    def names(self) -> tuple[str, ...]:
        """Of the shape."""
        return () if self.form is None else self.form.names

    @property
    def slope(self) -> Slope | None:
        """Bounds of the slope."""
        return None if self.form is None else self.form.slope

    def on_an_exact_path(self, X: Array) -> bool:
        """Whether all optima along beta are known at once: the squared loss on the line."""
        plain = self.bias and self.form is None and get_loss(self.loss).quadratic
        return plain and X.shape[1] == 1 and len(X) <= EXACT_POINTS


def _betas(X: Array, y: Array, betas: Iterable[float] | None, asked: Asked, weights: Array | None) -> list[float]:
    """The grid, from large to small."""
    loss = asked.loss
    if get_loss(loss).constrained:
        return [1.0]
    if betas is not None:
        return sorted(set(check_betas(betas)), reverse=True)
    top = beta_max(X, y, loss, weights, asked.bias, shape=asked.names, slope=asked.slope)
    grid: list[float] = (top * np.geomspace(1.0, PATH_DEPTH, PATH_LENGTH)).tolist() if top > 0 else [1.0]
    return grid


def _fold(
    X: Array,
    y: Array,
    betas: Sequence[float],
    asked: Asked,
    train: np.ndarray,
    weights: Array,
    told: Callable[[Solution], None],
) -> tuple[Array, list[int], bool]:
    """f (n, k) at all points by networks trained on some of them; how many neurons, and whether all are proved."""
    weighted = None if (weights == 1.0).all() else weights[train]
    path = _path(X[train], y[train], betas, asked, weighted, told)
    f = np.column_stack([solution.network.predict(X) for solution in path])
    return f, [solution.network.width for solution in path], all(solution.certified for solution in path)


def _path(
    X: Array,
    y: Array,
    betas: Sequence[float],
    asked: Asked,
    weights: Array | None,
    told: Callable[[Solution], None],
) -> list[Solution]:
    """A solution for each beta: off the exact path where there is one, else each trained from the one before."""
    if asked.on_an_exact_path(X):
        whole = exact_path(X, y, weights, least=min(betas))
        found = []
        for beta in betas:
            found.append(whole.at(beta))
            told(found[-1])
        if all(solution.certified for solution in found):
            return found
    return regularization_path(
        X,
        y,
        betas,
        asked.loss,
        sample_weight=weights,
        bias=asked.bias,
        progress=told,
        verbose=False,
        shape=asked.names,
        slope=asked.slope,
    )


def _counting(progress: Told | None, done: int, total: int) -> Callable[[Solution], None]:
    """Called with each solution, tells how many networks there are."""
    known = done

    def one_more(solution: Solution) -> None:
        nonlocal known
        known = min(known + 1, total)
        if progress is not None:
            progress(known, total)

    return one_more


@dataclass
class _Made:
    """What the folds have given so far."""

    errors: Array
    train_errors: Array
    predictions: Array
    neurons: Array
    folds: np.ndarray
    certified: bool = True

    @classmethod
    def empty(cls, n: int, folds: int, k: int) -> _Made:
        shape = folds, k
        whole = np.zeros(shape, int)
        return cls(np.empty(shape), np.empty(shape), np.full((n, k), np.nan), whole, np.full(n, -1))

    def keep(self, k: int, test: np.ndarray, f: Array, neurons: list[int], certified: bool) -> None:
        self.predictions[test], self.folds[test] = f[test], k
        self.neurons[k], self.certified = neurons, self.certified and certified
