"""Data in the plane: seeded classes and surfaces of two features, and small real sets.

Generated inputs lie in about [-1, 1]². Noise moves the points of classes and the heights of surfaces.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from convexviz.data.real_sets import draw_bmi_and_pressure, draw_petals, draw_wine
from convexviz.data.spec import DatasetSpec, Points, spread
from convexviz.data.validation import FloatArray

MAX_POINTS = 300  # the work of an exact answer in the plane grows with n² log n
PLASTIC = 1.324717957244746  # root of g³ = g + 1: its powers spread points over a square as the golden ratio on a line
JITTER = 0.15  # of the distance between neighbours: enough that no three points of that pattern stay in line
XOR_CORNER = 0.5  # a square of side 1, as with the textbook's 0 and 1: the hard margin costs 4√2 there (2√2 at ±1)
XOR_SPREAD = 0.12  # around a corner, of the points beyond the first four
BLOBS = 6
BLOB_SPREAD = 0.05  # of a heap without noise, so that its points stay apart

Curve = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
Surface = Callable[[FloatArray, FloatArray], FloatArray]


def cover(rng: np.random.Generator, n: int) -> FloatArray:
    """n distinct inputs (n, 2) over [-1, 1]² without holes or heaps: Roberts's R2 sequence from a random start."""
    steps = np.outer(np.arange(n), (1.0 / PLASTIC, 1.0 / PLASTIC**2))
    jitter = JITTER / np.sqrt(n) * rng.uniform(-1.0, 1.0, (n, 2))
    places: FloatArray = 2.0 * np.mod(rng.uniform(size=2) + steps + jitter, 1.0) - 1.0
    return places


# Classes along two curves, over a parameter t in [0, 1].


def _upper_moon(t: FloatArray) -> tuple[FloatArray, FloatArray]:
    return (2.0 * np.cos(np.pi * t) - 1.0) / 3.0, 0.95 * np.sin(np.pi * t) - 0.25


def _lower_moon(t: FloatArray) -> tuple[FloatArray, FloatArray]:
    x1, x2 = _upper_moon(t)
    return -x1, -x2


def _circle(radius: float, t: FloatArray) -> tuple[FloatArray, FloatArray]:
    return radius * np.cos(2.0 * np.pi * t), radius * np.sin(2.0 * np.pi * t)


def _spiral(start: float, t: FloatArray) -> tuple[FloatArray, FloatArray]:
    """One turn and a quarter outwards; the root spaces the points evenly along it."""
    along = np.sqrt(t)
    radius, angle = 0.1 + 0.85 * along, start + 2.5 * np.pi * along
    return radius * np.cos(angle), radius * np.sin(angle)


def _draw_curves(minus: Curve, plus: Curve, rng: np.random.Generator, n: int, noise: float) -> Points:
    """Half of the points along the curve of each class."""
    sizes = (n // 2, n - n // 2)
    shares = [(1.0 + spread(rng, size)) / 2.0 for size in sizes]
    X = np.concatenate([np.column_stack(curve(t)) for curve, t in zip((minus, plus), shares, strict=True)])
    return X + noise * rng.standard_normal((n, 2)), np.repeat((-1.0, 1.0), sizes)


# Classes in clusters.


def _draw_xor(rng: np.random.Generator, n: int, noise: float) -> Points:
    """The corners (±1/2, ±1/2), opposite ones of one class, then more points around each of them in turn."""
    corner = np.arange(n) % 4
    side = np.column_stack([2.0 * (corner // 2) - 1.0, 2.0 * (corner % 2) - 1.0])
    deviation = noise + np.where(np.arange(n) < 4, 0.0, XOR_SPREAD)
    return XOR_CORNER * side + deviation[:, None] * rng.standard_normal((n, 2)), -side[:, 0] * side[:, 1]


def _draw_blobs(rng: np.random.Generator, n: int, noise: float) -> Points:
    """Round heaps on a ring, of alternating class."""
    blob = np.arange(n) % BLOBS
    centres = np.column_stack(_circle(0.75, blob / BLOBS))
    return centres + (BLOB_SPREAD + noise) * rng.standard_normal((n, 2)), np.where(blob % 2 == 0, -1.0, 1.0)


# Surfaces: y = f(x1, x2) + noise.


def _pyramid(x1: FloatArray, x2: FloatArray) -> FloatArray:
    return 1.0 - 2.0 * np.maximum(np.abs(x1), np.abs(x2))


def _saddle(x1: FloatArray, x2: FloatArray) -> FloatArray:
    return x1 * x2


def _ridges(x1: FloatArray, x2: FloatArray) -> FloatArray:
    return np.abs(x1) - np.maximum(0.0, x2 - 0.5)


def _ripple(x1: FloatArray, x2: FloatArray) -> FloatArray:
    return np.cos(1.5 * np.pi * np.hypot(x1, x2))


def _draw_surface(f: Surface, rng: np.random.Generator, n: int, noise: float) -> Points:
    X = cover(rng, n)
    return X, f(X[:, 0], X[:, 1]) + noise * rng.standard_normal(n)


_plane = partial(DatasetSpec, dims=2, feature_names=("x1", "x2"), n_max=MAX_POINTS)
_surface = partial(_plane, task="regression")
_classes = partial(
    _plane, task="classification", n_min=2, target_name="class", noise_title="standard deviation of x1 and x2"
)
_real_classes = partial(_classes, noise=0.0, noise_title="standard deviation added to both", units="standardised")

_REGRESSION = (
    _surface(
        "tent2",
        "Pyramid",
        description="Four sides that meet in a peak: creases along the two diagonals are all it takes.",
        n=60,
        noise=0.05,
        draw=partial(_draw_surface, _pyramid),
    ),
    _surface(
        "saddle",
        "Saddle",
        description="x1 times x2 has no crease anywhere: flat pieces have to build the bend.",
        n=60,
        noise=0.05,
        draw=partial(_draw_surface, _saddle),
    ),
    _surface(
        "ridges",
        "Ridge and fold",
        description="|x1| less a fold at x2 = 1/2: three neurons are the truth, see which ones the fit finds.",
        n=60,
        noise=0.05,
        draw=partial(_draw_surface, _ridges),
    ),
    _surface(
        "ripple",
        "Ripple",
        description="A round wave out of straight creases: they have to come from every side.",
        n=80,
        noise=0.05,
        draw=partial(_draw_surface, _ripple),
    ),
    _surface(
        "diabetes_plane",
        "Diabetes: BMI, pressure",
        description="Real patients: body mass index and blood pressure against the progress of diabetes a year later.",
        n=80,
        noise=0.0,
        draw=draw_bmi_and_pressure,
        feature_names=("body mass index (standard score)", "blood pressure (standard score)"),
        target_name="disease progression (standard score)",
        units="standardised",
    ),
)

_CLASSIFICATION = (
    _classes(
        "moons",
        "Two moons",
        description="Two half circles that reach into each other: the border has to bend twice.",
        n=60,
        noise=0.1,
        draw=partial(_draw_curves, _upper_moon, _lower_moon),
    ),
    _classes(
        "circles",
        "Circles",
        description="One class around the other: straight cuts have to close into a ring.",
        n=60,
        noise=0.08,
        draw=partial(_draw_curves, partial(_circle, 0.95), partial(_circle, 0.45)),
    ),
    _classes(
        "spirals",
        "Two spirals",
        description="Two arms wound around each other: the hardest border here, and many neurons share it.",
        n=80,
        noise=0.02,
        draw=partial(_draw_curves, partial(_spiral, 0.0), partial(_spiral, np.pi)),
    ),
    _classes(
        "xor",
        "XOR",
        description="Opposite corners alike, out of reach of a line; side 1, so the hard margin of the four costs 4√2.",
        n=4,
        noise=0.0,
        draw=_draw_xor,
        noise_title="standard deviation added to both",
        n_min=4,
    ),
    _classes(
        "blobs",
        "Six blobs",
        description="Six heaps in a ring, of either class in turn: three cuts could part them, does the fit use them?",
        n=60,
        noise=0.07,
        draw=_draw_blobs,
        noise_title="spread of each heap beyond 0.05",
    ),
    _real_classes(
        "iris_petals",
        "Iris: petals",
        description="Real flowers: length and width of the petals of versicolor (-1) and virginica (+1), with ties.",
        n=60,
        draw=draw_petals,
        n_max=100,
        feature_names=("petal length (standard score)", "petal width (standard score)"),
        target_name="versicolor (-1) or virginica (+1)",
    ),
    _real_classes(
        "wine_plane",
        "Wine: phenols, colour",
        description="Real wines: one cultivar against two others that lie on two sides of it, so a bent border pays.",
        n=80,
        draw=draw_wine,
        n_max=178,
        feature_names=("total phenols (standard score)", "color intensity (standard score)"),
        target_name="other cultivars (-1) or cultivar 0 (+1)",
    ),
)

PLANE_SETS = (*_REGRESSION, *_CLASSIFICATION)
