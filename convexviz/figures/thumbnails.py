"""Small pictures of data sets as SVG text."""

from __future__ import annotations

from convexviz.data import Dataset

from .theme import FIT, OTHER_CLASS

WIDTH, HEIGHT, PAD = 96, 54, 6


def scatter_svg(dataset: Dataset) -> str:
    """The points of one-dimensional data as an SVG: dots, or circles and squares of the two classes."""
    x, y = dataset.X[:, 0], dataset.y
    across = _scaled(x, WIDTH)
    down = HEIGHT - _scaled(y, HEIGHT)
    if dataset.task == "regression":
        marks = [
            f'<circle cx="{a:.1f}" cy="{d:.1f}" r="1.8" fill="currentColor"/>'
            for a, d in zip(across, down, strict=True)
        ]
    else:
        marks = [_class_mark(a, d, label) for a, d, label in zip(across, down, y, strict=True)]
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{"".join(marks)}</svg>'


def _class_mark(across: float, down: float, label: float) -> str:
    if label > 0:
        return f'<circle cx="{across:.1f}" cy="{down:.1f}" r="2.2" fill="{FIT}"/>'
    return f'<rect x="{across - 2:.1f}" y="{down - 2:.1f}" width="4" height="4" fill="{OTHER_CLASS}"/>'


def _scaled(values, size):
    low, high = float(values.min()), float(values.max())
    return PAD + (values - low) / ((high - low) or 1.0) * (size - 2 * PAD)
