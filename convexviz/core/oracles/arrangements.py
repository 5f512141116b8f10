"""Cells and faces of the central arrangement of the hyperplanes {u : x_i . u = 0}.

On a cell the activation pattern 1[Xu > 0] is constant, so everything a bias-free ReLU layer does on the rows of X is
linear there. n hyperplanes of rank r have at most 2 sum_{k<r} C(n-1, k) cells (Cover 1965); Pilanci & Ergen (2020)
train networks by listing them, Ergen & Pilanci (2021) use the same patterns.

In the plane the cells are arcs between angles. In higher dimensions rows are inserted one at a time: the cells that
the new hyperplane cuts are exactly the cells of the arrangement seen inside it, which has one dimension less.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np

from ...data.validation import check_inputs
from ..network import Array
from ..rank import reduce_rank

ZERO = 1e-12  # rows this short, relative to the longest, are the rounding of a sample at the origin
PARALLEL = 1e-9  # unit rows this close, up to sign, share one hyperplane: cells between them are thinner than rounding
MOST_PATTERNS = 8192  # 2^13; about as many as are listed, and maximised over, within seconds
MOST_FACES = 20_000  # 3^9 - 1 = 19682: all faces of nine rows in general position in nine dimensions


@dataclass(frozen=True, eq=False)
class Stratum:
    """The relatively open faces of one dimension m of an arrangement in r dimensions.

    Attributes
    ----------
    bases : (p, r, m) orthonormal bases of the subspace that each face spans.
    patterns : (p, n) the rows with x_i . u > 0 on the face; a row that vanishes on it is not among them.
    """

    bases: Array
    patterns: np.ndarray

    @property
    def dimension(self) -> int:
        """Dimension m of the faces."""
        return int(self.bases.shape[2])


def pattern_bound(n: int, r: int) -> int:
    """Most cells that n hyperplanes through the origin can have in r dimensions; attained in general position."""
    return 2 * sum(comb(n - 1, k) for k in range(min(n, r))) if n else 1


def face_bound(n: int, r: int) -> int:
    """Most faces of every dimension from one up."""
    return sum(comb(n, j) * pattern_bound(n - j, r - j) for j in range(min(n + 1, r)))


def activation_patterns(X: Array, affine: bool = False, most: int = MOST_PATTERNS) -> np.ndarray:
    """All patterns 1[Xu > 0] of the cells, shape (p, n), for X (n, d); in the plane in the order of their angles.

    Parameters
    ----------
    X : (n, d) rows; a row of zeros is never active.
    affine : whether the neurons have biases, 1[Xu + b > 0]: a column of ones is appended.
    most : refuse arrangements that can have more cells than this.

    Raises
    ------
    ValueError
        If the rows in their rank can have more than `most` cells.
    """
    lines = _distinct(_coordinates(X, affine))
    count, r = lines.rows.shape
    bound = pattern_bound(count, r)
    if bound > most:
        raise ValueError(
            f"At most {most} activation patterns can be listed; {count} different rows of rank {r} have up to {bound}. "
            "Use fewer samples or fewer dimensions, or draw some with sampled_patterns(X, count, rng)."
        )
    return lines.spread(_cells_of_lines(lines.rows)[0])


def sampled_patterns(X: Array, count: int, rng: np.random.Generator, affine: bool = False) -> np.ndarray:
    """Different patterns 1[Xu > 0] among `count` random directions u, shape (p, n) with p <= count."""
    Z = _coordinates(X, affine)
    return np.unique(rng.standard_normal((count, Z.shape[1])) @ Z.T > 0, axis=0)


def faces(Z: Array, most: int = MOST_FACES) -> tuple[Stratum, ...]:
    """All faces but the origin, the cells first and the rays last, for Z (n, r) of rank r.

    Raises ValueError if there can be more than `most`.
    """
    count, r = len(_distinct(Z).rows), Z.shape[1]
    bound = face_bound(count, r)
    if bound > most:
        raise ValueError(
            f"At most {most} faces can be listed; {count} different rows of rank {r} have up to {bound}. "
            "Use fewer samples or activation_patterns(X), which lists the cells only."
        )
    norm = np.linalg.norm(Z, axis=1, keepdims=True)
    units = np.where(norm > ZERO * norm.max(initial=0.0), Z / np.where(norm > 0, norm, 1.0), 0.0)
    strata: list[Stratum] = []
    flats: Flats = {frozenset(): np.eye(r)}
    for _ in range(r):
        strata.append(_stratum(units, flats))
        flats = _walls(units, flats)
    return tuple(stratum for stratum in strata if len(stratum.patterns))


Flats = dict[frozenset[int], Array]  # rows that vanish on a subspace -> its orthonormal basis (r, m)


def _stratum(Z: Array, flats: Flats) -> Stratum:
    r = Z.shape[1]
    m = next(iter(flats.values())).shape[1] if flats else 1
    if m == 1:
        return _rays(Z, flats)
    bases, patterns = [np.empty((0, r, m))], [np.empty((0, len(Z)), bool)]
    for gone, basis in flats.items():
        cells = _cells(_restricted(Z, basis, gone))[0]
        bases.append(np.broadcast_to(basis, (len(cells), r, m)))
        patterns.append(cells)
    return Stratum(np.concatenate(bases), np.concatenate(patterns))


def _rays(Z: Array, flats: Flats) -> Stratum:
    """Both rays of every line: no arrangement is left to list, so all at once."""
    lines = np.array(list(flats.values())).reshape(-1, Z.shape[1], 1)
    height = lines[:, :, 0] @ Z.T
    for k, gone in enumerate(flats):
        height[k, list(gone)] = 0.0
    return Stratum(np.concatenate([lines, -lines]), np.concatenate([height > 0, height < 0]))


def _walls(Z: Array, flats: Flats) -> Flats:
    """The subspaces of one dimension less, each once though many pairs meet in it."""
    walls: Flats = {}
    for gone, basis in flats.items():
        lines = _distinct(_restricted(Z, basis, gone))
        for j, row in enumerate(lines.rows):
            more = gone | frozenset(np.flatnonzero(lines.group == j).tolist())
            if more not in walls and len(row) > 1:
                walls[more] = basis @ _orthogonal(row)
    return walls


def _restricted(Z: Array, basis: Array, gone: frozenset[int]) -> Array:
    R = Z @ basis
    R[list(gone)] = 0.0
    return R


def _coordinates(X: Array, affine: bool) -> Array:
    X = check_inputs(X)
    return reduce_rank(np.column_stack([X, np.ones(len(X))]) if affine else X, centred=False).Z


@dataclass(frozen=True, eq=False)
class _Lines:
    """Different hyperplanes `rows` (m, r), unit normals; row i of the data is `side[i]` times row `group[i]`, or zero
    where that is -1."""

    rows: Array
    group: np.ndarray
    side: Array

    def spread(self, signs: np.ndarray) -> np.ndarray:
        """Signs of the hyperplanes (p, m) as patterns of the rows (p, n)."""
        patterns = np.zeros((len(signs), len(self.group)), bool)
        there = self.group >= 0
        patterns[:, there] = signs[:, self.group[there]] == (self.side[there] > 0)
        return patterns


def _distinct(X: Array) -> _Lines:
    norm = np.linalg.norm(X, axis=1)
    rows, group, side = np.empty_like(X), np.full(len(X), -1), np.ones(len(X))
    m = 0
    for i in np.flatnonzero(norm > ZERO * norm.max(initial=0.0)):
        x = X[i] / norm[i]
        sign = np.where(rows[:m] @ x < 0, -1.0, 1.0)
        near = np.flatnonzero(np.abs(x - sign[:, None] * rows[:m]).max(axis=1, initial=0.0) <= PARALLEL)
        if len(near):
            group[i], side[i] = near[0], sign[near[0]]
        else:
            rows[m], group[i] = x, m
            m += 1
    return _Lines(rows[:m].copy(), group, side)


def _cells(X: Array) -> tuple[np.ndarray, Array]:
    """Patterns (p, n) of the cells and a point inside each (p, r), for any rows X (n, r)."""
    lines = _distinct(X)
    signs, points = _cells_of_lines(lines.rows)
    return lines.spread(signs), points


def _cells_of_lines(R: Array) -> tuple[np.ndarray, Array]:
    m, r = R.shape
    if m == 0:
        return np.ones((1, 0), bool), np.eye(1, r)
    if r == 1:
        return np.array([[True], [False]]), np.array([R[0], -R[0]])
    if r == 2:
        return _by_angles(R)
    if m <= r and np.linalg.svd(R, compute_uv=False)[-1] > PARALLEL:
        signs = (np.arange(2**m)[:, None] >> np.arange(m)) % 2 == 1
        points = np.where(signs, 1.0, -1.0) @ np.linalg.pinv(R).T
        return signs, points / np.linalg.norm(points, axis=1)[:, None]
    return _by_insertion(R)


def _by_angles(R: Array) -> tuple[np.ndarray, Array]:
    """Arcs of the circle between the 2m angles at which a row changes sides."""
    quarter = np.sort((np.arctan2(R[:, 1], R[:, 0]) + np.pi / 2) % np.pi)
    start = np.concatenate([quarter, quarter + np.pi])
    middle = (start + np.append(start[1:], start[0] + 2 * np.pi)) / 2
    points = np.column_stack([np.cos(middle), np.sin(middle)])
    return points @ R.T > 0, points


def _by_insertion(R: Array) -> tuple[np.ndarray, Array]:
    signs, points = np.ones((1, 0), bool), np.eye(1, R.shape[1])
    for k, x in enumerate(R):
        wall = _orthogonal(x)
        cut, inside = _cells(R[:k] @ wall)
        feet = inside @ wall.T
        step = _safe_step(feet @ R[:k].T, R[:k] @ x)[:, None] * x
        known = {row.tobytes() for row in cut}
        whole = np.array([row.tobytes() not in known for row in signs], bool)
        side = np.concatenate([points[whole] @ x > 0, np.ones(len(cut), bool), np.zeros(len(cut), bool)])
        signs = np.column_stack([np.concatenate([signs[whole], cut, cut]), side])
        points = np.concatenate([points[whole], feet + step, feet - step])
        points /= np.linalg.norm(points, axis=1)[:, None]
    return signs, points


def _safe_step(height: Array, slope: Array) -> Array:
    """How far to step off the wall, (q,), without crossing another: half way to the nearest, at most one."""
    slope = np.abs(slope)
    steep = slope > 0
    step: Array = np.minimum(1.0, 0.5 * (np.abs(height[:, steep]) / slope[steep]).min(axis=1, initial=2.0))
    return step


def _orthogonal(x: Array) -> Array:
    """Orthonormal basis (r, r-1) of the hyperplane with normal x (r,)."""
    return np.linalg.svd(x[None, :])[2][1:].T
