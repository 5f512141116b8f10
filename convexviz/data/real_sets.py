"""Draws from the small real sets that scikit-learn carries; it is imported when the first one is loaded."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from convexviz.data.spec import Points
from convexviz.data.validation import FloatArray


def draw_bmi(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Body mass index and disease progression of n patients, in order; noise is added to the progression."""
    X, y = _diabetes()
    x = X[:, 0]
    kept = rng.choice(len(x), size=n, replace=False)
    kept = kept[np.argsort(x[kept], kind="stable")]
    return x[kept, None], y[kept] + noise * rng.standard_normal(n)


def draw_bmi_and_pressure(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Body mass index, blood pressure and disease progression of n patients; noise is added to the progression."""
    X, y = _diabetes()
    kept = rng.choice(len(y), size=n, replace=False)
    return X[kept], y[kept] + noise * rng.standard_normal(n)


def draw_petal_width(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Half of the flowers of each species, in order of petal width in cm; noise moves the measured widths apart."""
    X, y = _iris()
    kept = _of_each_class(rng, y, n - n // 2, n)
    moved = X[kept, 1] + noise * rng.standard_normal(n)
    order = np.argsort(moved, kind="stable")
    return moved[order, None], y[kept][order]


def draw_petals(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Petal length and width of versicolor (-1) and virginica (+1), as standard scores over both species."""
    return _draw_classes(_iris, rng, n, noise)


def draw_wine(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Phenols and colour of one cultivar (+1) and the other two (-1), as standard scores over all wines."""
    return _draw_classes(_wine, rng, n, noise)


def _draw_classes(table: Callable[[], Points], rng: np.random.Generator, n: int, noise: float) -> Points:
    """n rows as standard scores, of each class its share of the whole table; noise moves the points."""
    X, y = table()
    kept = _of_each_class(rng, y, max(1, round(n * np.mean(y > 0.0))), n)
    scores = np.column_stack([_scores(column) for column in X.T])
    return scores[kept] + noise * rng.standard_normal((n, X.shape[1])), y[kept]


def _of_each_class(rng: np.random.Generator, y: FloatArray, plus: int, n: int) -> np.ndarray:
    """Indices of n different rows, `plus` of them of class +1; those of class -1 come first."""
    parts = ((-1.0, n - plus), (1.0, plus))
    return np.concatenate([rng.choice(np.flatnonzero(y == label), size, replace=False) for label, size in parts])


def _scores(column: FloatArray) -> FloatArray:
    scores: FloatArray = (column - column.mean()) / column.std()
    return scores


@cache
def _diabetes() -> Points:
    """Body mass index and blood pressure, and disease progression, of 442 patients, as standard scores over all."""
    from sklearn.datasets import load_diabetes

    X, y = load_diabetes(return_X_y=True, scaled=False)
    return np.column_stack([_scores(X[:, 2]), _scores(X[:, 3])]), _scores(y)


@cache
def _iris() -> Points:
    """Petal length and width in cm of 50 versicolor (-1) and 50 virginica (+1)."""
    from sklearn.datasets import load_iris

    X, species = load_iris(return_X_y=True)
    kept = species > 0
    return X[kept, 2:], np.where(species[kept] == 2, 1.0, -1.0)


@cache
def _wine() -> Points:
    """Total phenols and colour intensity of 59 wines of cultivar 0 (+1) and 119 of the other two (-1)."""
    from sklearn.datasets import load_wine

    wine = load_wine()
    columns = [wine.feature_names.index(name) for name in ("total_phenols", "color_intensity")]
    return wine.data[:, columns], np.where(wine.target == 0, 1.0, -1.0)
