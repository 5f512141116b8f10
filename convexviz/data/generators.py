"""Seeded toy data on the line and small real sets, in one registry: `DATASETS`.

Generated inputs lie in [-1, 1], one in each of n equal cells, so that they are distinct and leave no hole; targets lie
in about [-1.5, 1.5]. Random numbers are drawn in an order that does not depend on the noise: turning it up moves the
same points further. The real sets are the ones that scikit-learn carries with it; it is imported when one is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from scipy.special import ndtr, ndtri

from convexviz.data.dataset import Dataset, Task, check_task
from convexviz.data.validation import FloatArray, check_count, check_noise, check_seed, did_you_mean

MAX_POINTS = 1_000_000  # generated sets stop here: 16 MB a set
MAX_NOISE = 10.0  # drowns every set here
PREVIEW_POINTS = 40  # enough to tell the shapes apart in a thumbnail
CELL_MARGIN = 0.1  # share of a cell kept free at each side: neighbours stay at least a fifth of a cell apart
LEAST_SPREAD = 0.15  # of a Gaussian class without noise, so that its points stay apart

Points = tuple[FloatArray, FloatArray]
Draw = Callable[[np.random.Generator, int, float], Points]


@dataclass(frozen=True)
class DatasetSpec:
    """One entry of the registry: what a set is called, what it teaches, and `draw(rng, n, noise) -> X (n, d), y (n,)`.

    `n` and `noise` are the defaults, `n_min` and `n_max` the allowed range, `noise_title` what noise means here;
    `units` says whether the numbers are generated, standardised or in natural units.
    """

    name: str
    title: str
    task: Task
    description: str
    n: int
    noise: float
    draw: Draw
    noise_title: str = "standard deviation of y"
    n_min: int = 1
    n_max: int = MAX_POINTS
    dims: int = 1
    feature_names: tuple[str, ...] = ("x",)
    target_name: str = "y"
    units: str = "generated"

    @property
    def real(self) -> bool:
        """Whether these are measurements rather than generated numbers."""
        return self.units != "generated"


def load(name: str, n: int | None = None, noise: float | None = None, seed: int = 0) -> Dataset:
    """The dataset of that name with n points; n and noise left out take the defaults of `DATASETS[name]`.

    The same arguments give the same points. Raises ValueError for an unknown name (with the closest known one), a
    number of points outside the set's range, a negative seed, noise outside [0, MAX_NOISE].
    """
    spec = _spec(name)
    count = check_count(spec.n if n is None else n, spec.n_min, spec.n_max)
    strength = check_noise(spec.noise if noise is None else noise, MAX_NOISE)
    X, y = spec.draw(np.random.default_rng(check_seed(seed)), count, strength)
    return Dataset.create(X, y, spec.task, name, feature_names=spec.feature_names, target_name=spec.target_name)


def preview(name: str, n: int = PREVIEW_POINTS) -> Dataset:
    """A small version for a thumbnail: `load` with seed 0 and at most n points."""
    spec = _spec(name)
    return load(name, n=max(spec.n_min, min(n, spec.n)))


def names(task: Task | None = None, dims: int | None = None) -> tuple[str, ...]:
    """Names in the registry, in the order to show them in; of one task, or of so many features, if asked."""
    if task is not None:
        check_task(task)
    return tuple(
        spec.name for spec in DATASETS.values() if task in (None, spec.task) and (dims is None or dims == spec.dims)
    )


def spread(rng: np.random.Generator, n: int) -> FloatArray:
    """n increasing inputs in [-1, 1], one in each of n equal cells."""
    return (2.0 * np.arange(n) + 2.0 * rng.uniform(CELL_MARGIN, 1.0 - CELL_MARGIN, n)) / n - 1.0


def _spec(name: str) -> DatasetSpec:
    if name in DATASETS:
        return DATASETS[name]
    meant = did_you_mean(str(name), DATASETS)
    remedy = f"did you mean {meant!r}?" if meant else f"use one of {', '.join(DATASETS)}."
    raise ValueError(f"The dataset's name must be a known one, got {name!r}; {remedy}")


# Curves: y = f(x) + noise.


def _sine(x: FloatArray) -> FloatArray:
    return np.sin(2.0 * np.pi * x)


def _step(x: FloatArray) -> FloatArray:
    return np.where(x > 0.0, 1.0, 0.0)


def _tent(x: FloatArray) -> FloatArray:
    return np.maximum(0.0, 1.0 - 2.0 * np.abs(x))


def _line(x: FloatArray) -> FloatArray:
    return 0.8 * x


def _chirp(x: FloatArray) -> FloatArray:
    return np.sin(1.5 * np.pi * (x + 1.0) ** 2)  # three turns, each faster than the one before


def _sawtooth(x: FloatArray) -> FloatArray:
    return 2.0 * np.mod(1.5 * (x + 1.0), 1.0) - 1.0  # three teeth


def _doppler(x: FloatArray) -> FloatArray:
    """The test function of Donoho & Johnstone (1994), its interval [0, 1] stretched to [-1, 1] and its height to 1."""
    t = (x + 1.0) / 2.0
    return 2.0 * np.sqrt(t * (1.0 - t)) * np.sin(2.1 * np.pi / (t + 0.05))


def _draw_curve(f: Callable[[FloatArray], FloatArray], rng: np.random.Generator, n: int, noise: float) -> Points:
    x = spread(rng, n)
    return x[:, None], f(x) + noise * rng.standard_normal(n)


def _draw_outliers(rng: np.random.Generator, n: int, noise: float) -> Points:
    """A gentle line, one point in ten (at least one) thrown a whole unit off it."""
    X, y = _draw_curve(lambda x: 0.3 * x, rng, n, noise)
    thrown = rng.choice(n, size=max(1, n // 10), replace=False)
    y[thrown] += rng.choice((-1.0, 1.0), size=len(thrown))
    return X, y


# Classes: the sign of a score at x, where noise blurs the place at which the score is read.


def _labels(score: FloatArray) -> FloatArray:
    y = np.where(score > 0.0, 1.0, -1.0)
    order = np.argsort(score, kind="stable")
    y[order[0]], y[order[-1]] = -1.0, 1.0  # both classes are there, however few the points and loud the noise
    return y


def _draw_bands(count: int, half_width: float, rng: np.random.Generator, n: int, noise: float) -> Points:
    """Equal bands of alternating class, the first -1, with gaps between them."""
    centres = (2.0 * np.arange(count) + 1.0) / count - 1.0
    place = (spread(rng, n) + 1.0) * count / 2.0  # in [0, count): the whole part is the band
    band = np.minimum(place.astype(int), count - 1)
    x = centres[band] + half_width * (2.0 * (place - band) - 1.0)
    signs = np.where(np.arange(count) % 2 == 0, -1.0, 1.0)
    return x[:, None], _labels(np.interp(x + noise * rng.standard_normal(n), centres, signs))


def _draw_gaussians(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Two bells around -0.35 and +0.35, cut off at -1 and 1, of standard deviation 0.15 + noise."""
    sigma = LEAST_SPREAD + noise
    y = np.repeat((-1.0, 1.0), (n // 2, n - n // 2))
    share = (1.0 + np.concatenate([spread(rng, n // 2), spread(rng, n - n // 2)])) / 2.0
    low, high = ndtr((-1.0 - 0.35 * y) / sigma), ndtr((1.0 - 0.35 * y) / sigma)
    x = np.clip(0.35 * y + sigma * ndtri(low + share * (high - low)), -1.0, 1.0)
    order = np.argsort(x)
    return x[order, None], y[order]


def _draw_point_between(rng: np.random.Generator, n: int, noise: float) -> Points:
    x = spread(rng, n)
    y = np.full(n, -1.0)
    y[np.argmin(np.abs(x + noise * rng.standard_normal(n)))] = 1.0
    return x[:, None], y


# Real sets.


@cache
def _diabetes() -> Points:
    """Body mass index and disease progression of 442 patients, as standard scores over all of them."""
    from sklearn.datasets import load_diabetes

    X, y = load_diabetes(return_X_y=True, scaled=False)
    bmi = X[:, 2]
    return (bmi - bmi.mean()) / bmi.std(), (y - y.mean()) / y.std()


@cache
def _iris() -> Points:
    """Petal width in cm of 50 versicolor (-1) and 50 virginica (+1)."""
    from sklearn.datasets import load_iris

    X, species = load_iris(return_X_y=True)
    kept = species > 0
    return X[kept, 3], np.where(species[kept] == 2, 1.0, -1.0)


def _draw_diabetes(rng: np.random.Generator, n: int, noise: float) -> Points:
    x, y = _diabetes()
    kept = rng.choice(len(x), size=n, replace=False)
    kept = kept[np.argsort(x[kept], kind="stable")]
    return x[kept, None], y[kept] + noise * rng.standard_normal(n)


def _draw_iris(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Half of the flowers of each species; noise moves the measured widths apart."""
    x, y = _iris()
    halves = ((-1.0, n // 2), (1.0, n - n // 2))
    kept = np.concatenate([rng.choice(np.flatnonzero(y == label), size, replace=False) for label, size in halves])
    moved = x[kept] + noise * rng.standard_normal(n)
    order = np.argsort(moved, kind="stable")
    return moved[order, None], y[kept][order]


def _curve(
    name: str, title: str, f: Callable[[FloatArray], FloatArray], n: int, noise: float, text: str
) -> DatasetSpec:
    return DatasetSpec(name, title, "regression", text, n, noise, partial(_draw_curve, f))


_classes = partial(DatasetSpec, task="classification", n_min=2, target_name="class", noise_title="blur of the borders")

_REGRESSION = (
    _curve("sine", "Sine", _sine, 40, 0.1, "A smooth wave becomes straight pieces, more of them as β falls."),
    _curve("step", "Step", _step, 30, 0.05, "A jump costs two opposite kinks, and β decides how steep it may be."),
    _curve(
        "tent", "Tent", _tent, 30, 0.05, "A tent between flat ends has three kinks: see whether the fit finds them."
    ),
    _curve("line", "Noisy line", _line, 30, 0.15, "A straight line needs no kink: with enough β the noise is ignored."),
    _curve("abs", "Absolute value", np.abs, 30, 0.05, "A single kink in the truth: the sparsest of all good answers."),
    _curve("chirp", "Chirp", _chirp, 60, 0.05, "A wave that speeds up: one β for slow and fast parts alike."),
    _curve("sawtooth", "Sawtooth", _sawtooth, 45, 0.05, "Ramps and drops: every tooth spends kinks on its jump."),
    _curve(
        "doppler", "Doppler", _doppler, 100, 0.03, "Faster and faster towards the left: detail that β gives up first."
    ),
    DatasetSpec(
        "outliers",
        "Line with outliers",
        "regression",
        "A few points far off a line: the squared loss lets them bend the answer.",
        40,
        0.05,
        _draw_outliers,
    ),
    DatasetSpec(
        "diabetes",
        "Diabetes: BMI",
        "regression",
        "Real patients: body mass index against the progress of diabetes a year later, a weak trend in much noise.",
        80,
        0.0,
        _draw_diabetes,
        n_max=442,
        feature_names=("body mass index (standard score)",),
        target_name="disease progression (standard score)",
        units="standardised",
    ),
)

_CLASSIFICATION = (
    _classes(
        "two_bands",
        "Two bands",
        description="Two classes with a gap between: the widest margin needs a single ramp.",
        n=24,
        noise=0.0,
        draw=partial(_draw_bands, 2, 0.4),
    ),
    _classes(
        "three_bands",
        "Three bands",
        description="One class inside the other: a bump with two borders, which no straight line can give.",
        n=30,
        noise=0.0,
        draw=partial(_draw_bands, 3, 0.25),
    ),
    _classes(
        "interleaved",
        "Interleaved bands",
        description="Six bands of alternating class: each border asks for kinks, and β makes some of them give way.",
        n=48,
        noise=0.0,
        draw=partial(_draw_bands, 6, 0.13),
    ),
    _classes(
        "gaussians",
        "Overlapping Gaussians",
        description="Two bell curves that overlap: no border is right everywhere, and chasing every label overfits.",
        n=40,
        noise=0.15,
        draw=_draw_gaussians,
        noise_title="spread of each class beyond 0.15",
    ),
    _classes(
        "point_between",
        "A point between",
        description="A single +1 among -1s: what is one point worth at this β?",
        n=15,
        noise=0.0,
        draw=_draw_point_between,
        n_min=3,
        noise_title="how far from the middle",
    ),
    _classes(
        "iris",
        "Iris: petal width",
        description="Real flowers: petal width of versicolor (-1) and virginica (+1), with ties and an overlap.",
        n=60,
        noise=0.0,
        draw=_draw_iris,
        noise_title="standard deviation of x, in cm",
        n_max=100,
        feature_names=("petal width (cm)",),
        target_name="species",
        units="natural",
    ),
)

DATASETS: dict[str, DatasetSpec] = {spec.name: spec for spec in (*_REGRESSION, *_CLASSIFICATION)}
