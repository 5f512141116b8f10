"""What is drawn of Q = {(Xu)_+ : ||u|| <= 1}: its boundary, the spikes on it, the hull C = Conv(Q u -Q).

Curves and meshes come from directions u in the row space of X (rank two: a circle, rank three: a sphere), hulls from
the contact points of supporting hyperplanes of C and the corners known exactly; every point returned lies on its set.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import ConvexHull

from ..network import Array
from ..oracles.arrangements import Stratum
from .candidates import highest, linear_candidates
from .spike_free import SPIKE, Range

FLAT = 1e-9  # extent of a hull, relative to the largest, below which it has no extent in that direction
SAME = 1e-10  # points this close, relative to the size of the hull, are one


@dataclass(frozen=True, eq=False)
class Trace:
    """Points of E or of the boundary of Q in sample space.

    Attributes
    ----------
    points : (k, n) a closed curve, last point = first, or (k, k, n) a mesh.
    U : (k, d) or (k, k, d) the unit directions they come from; shorter than one for data on a line, whose Q is a pair
        of segments.
    """

    points: Array
    U: Array

    @property
    def is_curve(self) -> bool:
        """Whether this is a curve and not a mesh."""
        return self.points.ndim == 2


@dataclass(frozen=True, eq=False)
class Spikes:
    """The parts of the boundary of Q outside E.

    Attributes
    ----------
    trace : the boundary of Q.
    measure : ||X^+ q|| of its points, (k,) or (k, k): above one outside E, inf off the range of X.
    mask : where `measure` exceeds one.
    curves : on a curve, the runs of points outside with the neighbour on either side, each (m, n); empty on a mesh.
    """

    trace: Trace
    measure: Array
    mask: np.ndarray
    curves: tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class Hull:
    """The boundary of C.

    Attributes
    ----------
    points : for n = 2 a closed counterclockwise polygon (k, 2), last point = first; for n = 3 vertices (k, 3).
    triangles : for n = 3 vertex numbers (t, 3), counterclockwise seen from outside where C has inside; else None.
    """

    points: Array
    triangles: np.ndarray | None


def directions(strata: tuple[Stratum, ...], r: int, k: int) -> Array:
    """Coordinates (k, r) on the circle, (k, k, 3) on the sphere; on the circle those where a row vanishes are hit."""
    if r == 1:
        return np.cos(np.linspace(0.0, 2 * np.pi, k))[:, None]
    if r == 3:
        return sphere(k)
    t = np.linspace(0.0, 2 * np.pi, k)
    rays = strata[-1].bases[:, :, 0] if strata[-1].dimension == 1 else np.empty((0, 2))
    at = np.arctan2(rays[:, 1], rays[:, 0]) % (2 * np.pi)
    t[np.rint(at / (2 * np.pi) * (k - 1)).astype(int) % (k - 1)] = at
    t[-1] = t[0]
    return np.column_stack([np.cos(t), np.sin(t)])


def sphere(k: int) -> Array:
    """Mesh (k, k, 3) of the unit sphere: k heights from pole to pole, k angles around, last = first."""
    height, turn = np.meshgrid(np.linspace(0.0, np.pi, k), np.linspace(0.0, 2 * np.pi, k), indexing="ij")
    turn[:, -1] = 0.0
    return np.stack([np.sin(height) * np.cos(turn), np.sin(height) * np.sin(turn), np.cos(height)], axis=-1)


def find_spikes(trace: Trace, place: Range, scale: float) -> Spikes:
    """The part of `trace`, the boundary of Q, outside E."""
    measure = place.measure(trace.points, scale)
    mask = measure > 1.0 + SPIKE
    runs = _runs(mask[:-1]) if trace.is_curve else []
    return Spikes(trace, measure, mask, tuple(trace.points[run] for run in runs))


def _runs(mask: np.ndarray) -> list[np.ndarray]:
    """Runs of True on a closed loop (k,), each with one neighbour on either side."""
    k = len(mask)
    if mask.all():
        return [np.arange(k + 1) % k]
    first = int(np.argmin(mask))  # begin outside every run
    edges = np.diff(np.concatenate([[0], np.roll(mask, -first).astype(int), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [(np.arange(a - 1, b + 1) + first) % k for a, b in zip(starts, ends, strict=True)]


def hull(Z: Array, strata: tuple[Stratum, ...], k: int) -> Hull:
    """Boundary of C for n = 2 or 3 samples from k, or k * k, supporting hyperplanes and the exact corners."""
    n = len(Z)
    normals = _circle(k) if n == 2 else sphere(k).reshape(-1, 3)
    _, contact = highest(Z, strata, normals)
    # Where C ends in a point on an axis or on a crease of Q: the highest points of each sample on every face.
    corners = linear_candidates(Z, strata, np.eye(n)).reshape(-1, Z.shape[1])
    q = np.maximum(np.concatenate([contact, corners]) @ Z.T, 0.0)
    return _hull_of(np.concatenate([q, -q]))


def _circle(k: int) -> Array:
    t = np.linspace(0.0, 2 * np.pi, k, endpoint=False)
    return np.column_stack([np.cos(t), np.sin(t)])


def _hull_of(points: Array) -> Hull:
    """Hull of points (k, n), n = 2 or 3, symmetric about the origin and perhaps in a line or plane through it."""
    n = points.shape[1]
    _, extent, axes = np.linalg.svd(points, full_matrices=False)
    rank = int((extent > FLAT * extent[0]).sum()) if extent[0] > 0 else 0
    if rank == 0:
        return Hull(np.zeros((1, n)), None if n == 2 else np.empty((0, 3), int))
    if rank == 1:
        ends = points[[int((points @ axes[0]).argmax()), int((points @ axes[0]).argmin())]]
        return Hull(ends[[0, 1, 0]], None) if n == 2 else Hull(ends, np.empty((0, 3), int))
    _, kept = np.unique(np.round(points / (SAME * np.abs(points).max())), axis=0, return_index=True)
    points = points[np.sort(kept)]
    if n == 2:
        ring = ConvexHull(points).vertices
        return Hull(points[np.append(ring, ring[0])], None)
    if rank == 2:
        ring = ConvexHull(points @ axes[:2].T).vertices
        fan = np.column_stack([np.zeros(len(ring) - 2, int), np.arange(1, len(ring) - 1), np.arange(2, len(ring))])
        return Hull(points[ring], fan)
    return _solid(points)


def _solid(points: Array) -> Hull:
    shape = ConvexHull(points)
    corners = points[shape.simplices]
    turn = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    inward = (turn * shape.equations[:, :3]).sum(axis=1) < 0
    triangles = np.where(inward[:, None], shape.simplices[:, ::-1], shape.simplices)
    used, renumbered = np.unique(triangles, return_inverse=True)
    return Hull(points[used], renumbered.reshape(-1, 3))
