"""Problems on the line for the tests: random ones of ordinary size, and adversarial ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from certificates import CONSTRAINED, LABELS, LOSS_NAMES
from hypothesis import strategies as st


@dataclass(frozen=True)
class Problem:
    """X (n, 1), y (n,), beta and the name of the loss."""

    X: np.ndarray
    y: np.ndarray
    beta: float
    loss: str

    def _repr_pretty_(self, printer, cycle):
        """For hypothesis: all digits, to be pasted; numpy prints too few for points that nearly coincide."""
        printer.text(f"Problem(np.array({self.X.tolist()}), np.array({self.y.tolist()}), {self.beta!r}, {self.loss!r})")


def labels(rng, n):
    """n labels with both classes among them."""
    y = rng.choice([-1.0, 1.0], n)
    y[:2] = 1.0, -1.0
    return y


def wave(n, loss, seed=0, noise=0.3, spread=1.0):
    """A noisy sine on n random positions, or its sign: (X, y)."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-spread, spread, n)
    y = np.sin(4 * x / spread) + noise * rng.normal(size=n)
    if loss in LABELS:
        y = np.where(y > np.median(y), 1.0, -1.0)
    return x[:, None], y


@st.composite
def problems(draw, losses=LOSS_NAMES, most=14):
    """Random problems of ordinary size: distinct positions in [-2, 2], noisy targets, beta from 0.003 to 3."""
    loss = draw(st.sampled_from(losses))
    n = draw(st.integers(3, most))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    x = rng.uniform(-2, 2, n)
    y = labels(rng, n) if loss in LABELS else rng.normal(size=n)
    beta = 1.0 if loss in CONSTRAINED else 10 ** draw(st.floats(-2.5, 0.5))
    return Problem(x[:, None], y, beta, loss)


@st.composite
def adversarial(draw, loss):
    """Ties, near ties, integer grids, offsets, and units of x and y from 1e-6 to 1e6."""
    n = draw(st.integers(1, 12))
    grid = st.integers(-4, 4).map(float)
    fine = st.integers(-(10**6), 10**6).map(lambda k: k / 10**6)
    near = st.tuples(st.integers(-2, 2), st.integers(-3, 3)).map(lambda t: t[0] + 1e-9 * t[1])
    kind = draw(st.sampled_from([grid, fine, near]))
    x = np.array(draw(st.lists(kind, min_size=n, max_size=n)))
    if loss in LABELS:
        y = np.array(draw(st.lists(st.sampled_from([-1.0, 1.0]), min_size=n, max_size=n)))
    else:
        y = np.array(draw(st.lists(draw(st.sampled_from([grid, fine])), min_size=n, max_size=n)))
    units = st.sampled_from([1.0, 1e-6, 1e-3, 1e3, 1e6])
    unit_x, unit_y = draw(units), 1.0 if loss in LABELS else draw(units)
    offset = 0.0 if kind is near else draw(st.sampled_from([0.0, 100.0, -1e4]))  # which would swallow 1e-9
    x = (x + offset) * unit_x
    beta = 1.0 if loss in CONSTRAINED else 10 ** draw(st.floats(-6, 3)) * unit_x * (unit_y if loss == "squared" else 1)
    return Problem(x[:, None], y * unit_y, beta, loss)
