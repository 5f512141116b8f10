"""Surfaces with fewer lines, so that a picture has no more polygons than a reader of files bears."""

from __future__ import annotations

from typing import Any

import numpy as np

from convexviz.core.network import Array

MOST = 2000  # polygons of a picture; of a surface with more, some of its lines are left out
FEWEST = 500  # of them are for surfaces, whatever else there is


def coarser(traces: list[Any]) -> list[Any]:
    """The traces with surfaces of so few lines that all have no more than MOST polygons; the largest yields first."""
    most = max(FEWEST, MOST - sum(len(trace["i"]) for trace in traces if trace["type"] == "mesh3d"))
    steps = {k: 1 for k, trace in enumerate(traces) if trace["type"] == "surface"}

    def cells(k: int) -> int:
        n, m = np.shape(traces[k]["z"])
        return -(-(n - 1) // steps[k]) * -(-(m - 1) // steps[k])

    while sum(map(cells, steps)) > most:
        steps[max(steps, key=lambda k: (cells(k), k))] += 1
    return [_every(trace, steps[k]) if k in steps else trace for k, trace in enumerate(traces)]


def _every(trace: Any, step: int) -> Any:
    z = np.asarray(trace["z"], float)
    x, y = (_spread(trace.get(letter), z.shape, along) for letter, along in (("x", 1), ("y", 0)))
    rows, columns = (np.unique([*range(0, n, step), n - 1]) for n in z.shape)
    cut = np.ix_(rows, columns)
    colour = trace.get("surfacecolor")
    tint = z if colour is None else np.asarray(colour, float).reshape(z.shape)
    return {**trace, "x": x[cut], "y": y[cut], "z": z[cut], "surfacecolor": tint[cut]}


def _spread(values: Any, shape: tuple[int, ...], along: int) -> Array:
    if values is None:
        values = np.arange(shape[along])
    values = np.asarray(values, float)
    if values.ndim == 2:
        return values
    return np.broadcast_to(values if along == 1 else values[:, None], shape)
