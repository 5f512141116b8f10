"""Small pictures of data sets as SVG text."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from convexviz.data import Dataset
from convexviz.data.validation import FloatArray

from .theme import FIT, OTHER_CLASS

WIDTH, HEIGHT, PAD = 96, 54, 6
PLANE_HEIGHT = 72  # taller than a curve: both features are drawn to one scale
MIDDLE = "#9A9A9A"  # halfway from low to high values: a grey that stands out from white and from black
SMALLEST, LARGEST = 1.3, 3.3  # dots of the lowest and the highest value: size is the second channel


def scatter_svg(dataset: Dataset) -> str:
    """The points of data on the line or in the plane as an SVG: dots, or circles and squares of the two classes.

    On the line a dot's height is its value; in the plane its colour and size are.
    """
    height = HEIGHT if dataset.d == 1 else PLANE_HEIGHT
    across, down = _line_places(dataset) if dataset.d == 1 else _plane_places(dataset.X)
    marks = "".join(_marks(dataset, across, down))
    return f'<svg viewBox="0 0 {WIDTH} {height}" aria-hidden="true">{marks}</svg>'


def value_colour(share: float) -> str:
    """Colour of a value that lies at `share` of the way from the lowest (0) to the highest (1)."""
    low, high = (OTHER_CLASS, MIDDLE) if share < 0.5 else (MIDDLE, FIT)
    part = 2.0 * share - (share >= 0.5)
    mixed = [round(a + part * (b - a)) for a, b in zip(_channels(low), _channels(high), strict=True)]
    return "#{:02X}{:02X}{:02X}".format(*mixed)


def _line_places(dataset: Dataset) -> tuple[FloatArray, FloatArray]:
    return _scaled(dataset.X[:, 0], WIDTH), HEIGHT - _scaled(dataset.y, HEIGHT)


def _plane_places(X: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Both features to one scale, in the middle of the picture, so that circles stay round."""
    low, high = X.min(axis=0), X.max(axis=0)
    room = np.array([WIDTH, PLANE_HEIGHT]) - 2 * PAD
    scale = 1.0 / (np.max((high - low) / room) or 1.0)
    across, up = scale * (X - (low + high) / 2.0).T
    return WIDTH / 2 + across, PLANE_HEIGHT / 2 - up


def _marks(dataset: Dataset, across: FloatArray, down: FloatArray) -> Iterable[str]:
    if dataset.task == "classification":
        return map(_class_mark, across, down, dataset.y)
    if dataset.d == 1:
        return (_dot(a, d, 1.8, "currentColor") for a, d in zip(across, down, strict=True))
    return map(_value_mark, across, down, _shares(dataset.y))


def _class_mark(across: float, down: float, label: float) -> str:
    if label > 0:
        return _dot(across, down, 2.2, FIT)
    return f'<rect x="{across - 2:.1f}" y="{down - 2:.1f}" width="4" height="4" fill="{OTHER_CLASS}"/>'


def _value_mark(across: float, down: float, share: float) -> str:
    return _dot(across, down, SMALLEST + share * (LARGEST - SMALLEST), value_colour(share))


def _dot(across: float, down: float, radius: float, colour: str) -> str:
    return f'<circle cx="{across:.1f}" cy="{down:.1f}" r="{radius:.1f}" fill="{colour}"/>'


def _shares(values: FloatArray) -> FloatArray:
    low, high = float(values.min()), float(values.max())
    return (values - low) / ((high - low) or 1.0)


def _scaled(values: FloatArray, size: int) -> FloatArray:
    return PAD + _shares(values) * (size - 2 * PAD)


def _channels(colour: str) -> list[int]:
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
