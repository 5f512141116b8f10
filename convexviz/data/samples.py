"""Two or three samples in the plane with targets: small enough to see the sets of the geometry in sample space.

Their kinds are those of Ergen & Pilanci (2021), section 4: whitened, spike-free, rank one, and data with spikes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convexviz.data.validation import FloatArray


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples X (n, 2), n = 2 or 3, as rows, with targets y (n,)."""

    name: str
    title: str
    description: str
    X: FloatArray
    y: FloatArray


def _samples(name: str, title: str, description: str, X: list[list[float]], y: list[float]) -> Samples:
    arrays = np.array(X), np.array(y)
    for array in arrays:
        array.flags.writeable = False
    return Samples(name, title, description, *arrays)


_ROOT = float(np.sqrt(0.5))

SAMPLES: dict[str, Samples] = {
    made.name: made
    for made in (
        _samples(
            "spikes",
            "With spikes",
            "The paper's contrast to whitened data: at an obtuse angle, rectified points stick out of the ellipse.",
            [[1.1, 0.3], [-0.7, 0.8]],
            [0.9, 0.6],
        ),
        _samples(
            "whitened",
            "Whitened",
            "Orthogonal samples of length one: E is the unit disc, and the ReLU only cuts it.",
            [[_ROOT, _ROOT], [-_ROOT, _ROOT]],
            [0.9, -0.5],
        ),
        _samples(
            "orthogonal",
            "Orthogonal",
            "Orthogonal samples of different lengths: the ellipse lies along the axes and has no spikes.",
            [[1.4, 0.0], [0.0, 0.6]],
            [0.8, 0.4],
        ),
        _samples(
            "rank_one",
            "Rank one, one side",
            "Samples on one ray: everything happens on a segment, and no spike is possible.",
            [[0.9, 0.6], [0.45, 0.3]],
            [1.0, 0.5],
        ),
        _samples(
            "rank_one_mixed",
            "Rank one, two sides",
            "Samples on both sides of the origin: the ReLU breaks the segment into two along the axes, all spikes.",
            [[0.9, 0.6], [-0.75, -0.5]],
            [0.8, 0.5],
        ),
        _samples(
            "acute",
            "Acute",
            "An acute angle: E leans along the diagonal, and rectifying only cuts it: no spikes.",
            [[1.2, 0.2], [0.8, 0.9]],
            [0.9, 0.2],
        ),
        _samples(
            "three",
            "Three samples",
            "Three samples in the plane: E is a flat disc in space, and Q leaves its plane.",
            [[1.2, 0.1], [-0.5, 0.9], [-0.4, -0.8]],
            [0.8, 0.5, 0.3],
        ),
        _samples(
            "three_near",
            "Three, one between",
            "The middle sample is a positive combination of the others: a target that singles it out is dear.",
            [[1.2, 0.0], [0.8, 0.7], [0.0, 1.2]],
            [0.2, 1.0, 0.2],
        ),
    )
}


def sample_names(n: int | None = None) -> tuple[str, ...]:
    """Names in the registry, in the order to show them in; with so many samples, if asked."""
    return tuple(made.name for made in SAMPLES.values() if n in (None, len(made.y)))
