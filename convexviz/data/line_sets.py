"""Data on the line: seeded curves and classes of one feature, and two small real sets.

Generated inputs lie one in each of n equal cells of [-1, 1], so that they are distinct and leave no hole.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.special import ndtr, ndtri

from convexviz.data.real_sets import draw_bmi, draw_petal_width
from convexviz.data.spec import DatasetSpec, Points, spread
from convexviz.data.validation import FloatArray

LEAST_SPREAD = 0.15  # of a Gaussian class without noise, so that its points stay apart

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
        draw_bmi,
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
        draw=draw_petal_width,
        noise_title="standard deviation of x, in cm",
        n_max=100,
        feature_names=("petal width (cm)",),
        target_name="species",
        units="natural",
    ),
)

LINE_SETS = (*_REGRESSION, *_CLASSIFICATION)
