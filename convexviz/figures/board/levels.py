"""Where a function takes a value: lines through a grid of its values, by marching squares, each crossing made exact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from convexviz.core.network import Array

HALVINGS = 24  # of an edge of the grid: far below what a slide shows
# The corners of a cell are numbered counterclockwise from the lower left, its edges bottom, right, top, left. For each
# set of corners above the level, as bits: pairs of edges that a line joins.
JOINS = {
    1: [(3, 0)],
    2: [(0, 1)],
    3: [(3, 1)],
    4: [(1, 2)],
    6: [(0, 2)],
    7: [(3, 2)],
    8: [(2, 3)],
    9: [(2, 0)],
    11: [(2, 1)],
    12: [(1, 3)],
    13: [(1, 0)],
    14: [(0, 3)],
}
SADDLES = {5: ([(3, 0), (1, 2)], [(3, 2), (0, 1)]), 10: ([(3, 2), (0, 1)], [(3, 0), (1, 2)])}  # with a low or high mean

Function = Callable[[Array], Array]  # values (k,) at places (k, 2)


def level_lines(z: Array, xs: Array, ys: Array, level: float, f: Function | None = None) -> Array:
    """Lines (k, 2) on which the values z (ys, xs) are at the level, a row of nan after each.

    With `f`, the function itself, every crossing of an edge of the grid is exact; else it is interpolated.
    """
    pairs = _pairs(z, level)
    if not len(pairs):
        return np.empty((0, 2))
    edges, where = np.unique(pairs, return_inverse=True)
    places = np.vstack([_crossings(edges, z, xs, ys, level, f), [[np.nan, np.nan]]])
    return places[_chained(where.reshape(-1, 2))]


def _pairs(z: Array, level: float) -> Array:
    """Pairs (k, 2) of edges joined within a cell. An edge's number is that of its first end, plus z.size if upright."""
    above = z > level
    corners = [above[:-1, :-1], above[:-1, 1:], above[1:, 1:], above[1:, :-1]]
    code = sum(corner.astype(int) << bit for bit, corner in enumerate(corners))
    middle = (z[:-1, :-1] + z[:-1, 1:] + z[1:, 1:] + z[1:, :-1]) / 4 > level
    across = z.shape[1]
    found = [np.empty((0, 2), int)]
    for number in JOINS | SADDLES:
        for high in (False, True):
            row, column = np.nonzero((code == number) & (middle == high))
            first = row * across + column
            sides = np.array([first, z.size + first + 1, first + across, z.size + first])
            joins = SADDLES[number][high] if number in SADDLES else JOINS[number]
            found += [sides[list(join)].T for join in joins]
    return np.concatenate(found)


def _crossings(edges: Array, z: Array, xs: Array, ys: Array, level: float, f: Function | None) -> Array:
    """Places (k, 2) where edges cross the level."""
    upright, first = np.divmod(edges, z.size)
    row, column = np.divmod(first, z.shape[1])
    to = row + upright, column + 1 - upright
    p, q = np.column_stack([xs[column], ys[row]]), np.column_stack([xs[to[1]], ys[to[0]]])
    at_p, at_q = z[row, column], z[to]
    share = ((level - at_p) / (at_q - at_p))[:, None]
    if f is None:
        straight: Array = p + share * (q - p)
        return straight
    rising = at_q > level
    for _ in range(HALVINGS):
        middle = (p + q) / 2
        beyond = ((f(middle) > level) == rising)[:, None]
        p, q = np.where(beyond, p, middle), np.where(beyond, middle, q)
    halved: Array = (p + q) / 2
    return halved


def _chained(pairs: Array) -> list[int]:
    """Numbers of places joined end to end into lines, -1 after each."""
    at: dict[int, list[int]] = defaultdict(list)
    for k, (a, b) in enumerate(pairs.tolist()):
        at[a].append(k)
        at[b].append(k)
    used = np.zeros(len(pairs), bool)
    line: list[int] = []
    for k, (a, b) in enumerate(pairs.tolist()):
        if not used[k]:
            used[k] = True
            line += [*reversed(_walk(a, pairs, at, used)), *_walk(b, pairs, at, used), -1]
    return line


def _walk(end: int, pairs: Array, at: dict[int, list[int]], used: Array) -> list[int]:
    """From one end of a piece onward, as far as pieces go."""
    line = [end]
    while (k := next((k for k in at[line[-1]] if not used[k]), None)) is not None:
        used[k] = True
        a, b = pairs[k]
        line.append(int(b if a == line[-1] else a))
    return line
