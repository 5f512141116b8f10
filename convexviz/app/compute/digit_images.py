"""Scikit-learn's 8 x 8 digits as the lessons use them: scaled to [0, 1], by class; and what is cached of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st

from convexviz.core.network import Array
from convexviz.geometry import ExtremePoint, extreme_point, extreme_points

SIDE = 8
LEVELS = 16.0  # grey levels of the images


@dataclass(frozen=True, eq=False)
class Digits:
    """Images X (n, 64) in [0, 1] and what they show, target (n,)."""

    X: Array
    target: Array

    def of(self, digit: int) -> np.ndarray:
        """Row numbers of one digit's images."""
        return np.flatnonzero(self.target == digit)


@lru_cache(maxsize=1)
def digits() -> Digits:
    """All 1797 images."""
    from sklearn.datasets import load_digits

    X, target = load_digits(return_X_y=True)
    X = X / LEVELS
    X.flags.writeable = target.flags.writeable = False
    return Digits(X, target)


def pictures(X: Array) -> Array:
    """Rows (k, 64) as images (k, 8, 8)."""
    return np.asarray(X).reshape(-1, SIDE, SIDE)


@st.cache_data(max_entries=256, show_spinner=False)
def mixture(row: int, same: bool) -> ExtremePoint:
    """Image `row` against the hull of the other images of its digit, or of all; its index is its place among them."""
    known = digits()
    rows = known.of(known.target[row]) if same else np.arange(len(known.target))
    return extreme_point(known.X[rows], int(np.flatnonzero(rows == row)[0]))


@st.cache_data(max_entries=64, show_spinner="Asking of every image whether it is a mixture of the others…")
def in_hull_share(digit: int, components: tuple[int, ...]) -> list[float]:
    """Share of a digit's images in the hull of the others, seen through so many principal components each."""
    X = digits().X[digits().of(digit)]
    centred = X - X.mean(axis=0)
    scores = centred @ np.linalg.svd(centred, full_matrices=False)[2].T
    return [float(np.mean([p.in_hull for p in extreme_points(scores[:, :k])])) for k in components]
