"""Named data in more than two dimensions, each to show what one oracle of the cutting planes can and cannot prove.

All are small, seeded and standardised. `flat` lies in a plane of R^5; `white` has orthonormal rows, XX^T = I, so that
the rectified ellipsoid {(Xu)_+ : ||u|| <= 1} stays inside {Xu : ||u|| <= 1}: spike-free (Ergen & Pilanci 2021).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from convexviz.data.dataset import Dataset, Task
from convexviz.data.spec import Points
from convexviz.data.validation import FloatArray, did_you_mean

TEACHER = 4  # neurons of the random teacher


@dataclass(frozen=True)
class SpaceSet:
    """A set in more dimensions: what it is called and teaches, `draw()` -> X (n, d), y (n,), and how to begin with it.

    `bias` says whether neurons have biases to begin with, `beta` the weight decay that leaves a few neurons, `oracle`
    the method of `convexviz.solve` that shows what there is to see. `homogeneous` sets make no sense with biases.
    """

    name: str
    title: str
    task: Task
    description: str
    draw: Callable[[], Points]
    beta: float
    oracle: str = "relaxation"
    homogeneous: bool = False

    @property
    def loss(self) -> str:
        """The loss to begin with."""
        return "squared" if self.task == "regression" else "hinge"


def load_space(name: str) -> Dataset:
    """The set of that name; ValueError, with the closest known name, if there is none."""
    if name not in SPACE_SETS:
        meant = did_you_mean(str(name), SPACE_SETS)
        remedy = f"did you mean {meant!r}?" if meant else f"use one of {', '.join(SPACE_SETS)}."
        raise ValueError(f"The name of a set in space must be a known one, got {name!r}; {remedy}")
    X, y = SPACE_SETS[name].draw()
    return Dataset.create(X, y, SPACE_SETS[name].task, name)


def _scores(table: FloatArray) -> FloatArray:
    """Columns as standard scores."""
    scores: FloatArray = (table - table.mean(axis=0)) / table.std(axis=0)
    return scores


def _rotation(rng: np.random.Generator, d: int) -> FloatArray:
    return np.linalg.qr(rng.standard_normal((d, d)))[0]


def _tent(n: int) -> Points:
    """A pyramid over the cube [-1, 1]^3."""
    rng = np.random.default_rng(0)
    X = rng.uniform(-1.0, 1.0, (n, 3))
    return X, 1.0 - 2.0 * np.abs(X).max(axis=1) + 0.05 * rng.standard_normal(n)


def _flat(n: int) -> Points:
    """A ridge over a plane that lies somewhere in R^5."""
    rng = np.random.default_rng(1)
    Z = rng.uniform(-1.0, 1.0, (n, 2))
    y = np.abs(Z[:, 0]) - np.maximum(Z[:, 1] - 0.3, 0.0) + 0.05 * rng.standard_normal(n)
    return Z @ _rotation(rng, 5)[:2], y


def _teacher(n: int) -> Points:
    """Values of a small random network in R^5, standardised."""
    rng = np.random.default_rng(2)
    X = rng.standard_normal((n, 5))
    U, b, w = rng.standard_normal((TEACHER, 5)), rng.standard_normal(TEACHER), rng.choice([-1.0, 1.0], TEACHER)
    return X, _scores(np.maximum(X @ U.T + b, 0.0) @ w)


def _white(n: int, d: int) -> Points:
    """n orthonormal rows in R^d with random targets."""
    rng = np.random.default_rng(3)
    return _rotation(rng, d)[:n], rng.standard_normal(n)


def _wine(n: int) -> Points:
    """Thirteen measurements of wines of cultivar 1 (+1) and cultivars 0 and 2 (-1)."""
    from sklearn.datasets import load_wine

    wine = load_wine()
    kept = np.random.default_rng(4).choice(len(wine.target), n, replace=False)
    return _scores(wine.data)[kept], np.where(wine.target[kept] == 1, 1.0, -1.0)


def _diabetes(n: int) -> Points:
    """Ten measurements of patients, and the progress of diabetes a year later."""
    from sklearn.datasets import load_diabetes

    X, y = load_diabetes(return_X_y=True, scaled=False)
    kept = np.random.default_rng(5).choice(len(y), n, replace=False)
    return _scores(X)[kept], _scores(y)[kept]


_SETS = (
    SpaceSet(
        "tent3",
        "Tent in ℝ³",
        "regression",
        "A pyramid over a cube: 40 points in three dimensions, where every neuron can still be checked.",
        partial(_tent, 40),
        0.3,
    ),
    SpaceSet(
        "flat5",
        "A plane in ℝ⁵",
        "regression",
        "40 points in five dimensions that all lie in one plane: rank two, so the exact sweep of the plane applies.",
        partial(_flat, 40),
        0.3,
    ),
    SpaceSet(
        "teacher5",
        "Teacher in ℝ⁵",
        "regression",
        "20 points and the values of a random network with four neurons: few enough for branch and bound to prove.",
        partial(_teacher, 20),
        1.0,
    ),
    SpaceSet(
        "white10",
        "Whitened in ℝ¹⁰",
        "regression",
        "8 orthonormal points, no biases: spike-free data, on which the relaxation finds the best neuron there is.",
        partial(_white, 8, 10),
        0.3,
        homogeneous=True,
    ),
    SpaceSet(
        "wine13",
        "Wine in ℝ¹³",
        "classification",
        "60 real wines, 13 measurements each, one cultivar against the other two.",
        partial(_wine, 60),
        2.0,
    ),
    SpaceSet(
        "diabetes10",
        "Diabetes in ℝ¹⁰",
        "regression",
        "60 real patients, 10 measurements each, and the progress of their diabetes a year later.",
        partial(_diabetes, 60),
        5.0,
    ),
)

SPACE_SETS: dict[str, SpaceSet] = {one.name: one for one in _SETS}
