"""The numbers of a figure as CSV (RFC 4180, UTF-8): a row for each point of each trace, in full precision.

Columns: the name of the trace, then x, y, z and the directions u, v, w of arrows, as far as the figure has them; in the
head, behind the letter, the titles of the axes it is measured on. An empty cell is a gap in a line. A map has a row for
each of its cells.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from convexviz.figures.sent.typed import decoded

from .words import plain

LETTERS = "xyzuvw"


def table(spec: Any) -> bytes:
    """The figure's numbers as CSV."""
    made = spec.to_plotly_json() if hasattr(spec, "to_plotly_json") else spec
    figure = decoded({"data": made["data"], "layout": made.get("layout", {})})
    traces = [(name, columns) for name, columns in _traces(figure) if columns]
    letters = [letter for letter in LETTERS if any(letter in columns for _, columns in traces)]
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["trace", *(_head(letter, figure["layout"]) for letter in letters)])
    for name, columns in traces:
        blank = [""] * max(len(values) for values in columns.values())
        out.writerows([name, *row] for row in zip(*(columns.get(letter, blank) for letter in letters), strict=True))
    return text.getvalue().encode()


def _traces(figure: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, list[Any]]]]:
    """Name and columns of each trace that is shown; no two have one name."""
    taken: set[str] = set()
    for number, trace in enumerate(figure["data"], 1):
        if trace.get("visible", True) is not True:
            continue
        name = plain(str(trace.get("name") or trace.get("uid") or f"trace {number}"))
        name = name if name not in taken else f"{name} ({number})"
        taken.add(name)
        yield name, _columns(trace)


def _columns(trace: Mapping[str, Any]) -> dict[str, list[Any]]:
    if trace.get("type", "scatter") in {"heatmap", "contour", "surface"}:
        return _cells(trace)
    held = {letter: list(trace[letter]) for letter in LETTERS if trace.get(letter) is not None and len(trace[letter])}
    most = max(map(len, held.values()), default=0)
    return {letter: [_cell(v) for v in values] + [""] * (most - len(values)) for letter, values in held.items()}


def _cells(trace: Mapping[str, Any]) -> dict[str, list[Any]]:
    z = trace.get("z")
    if z is None or not np.size(z):
        return {}
    shape = (len(z), len(z[0]))
    x, y = _places(trace, "x", shape, 1), _places(trace, "y", shape, 0)
    cells = [(i, j) for i in range(shape[0]) for j in range(shape[1])]
    columns = {"x": [x(i, j) for i, j in cells], "y": [y(i, j) for i, j in cells], "z": [z[i][j] for i, j in cells]}
    return {letter: [_cell(value) for value in values] for letter, values in columns.items()}


def _places(trace: Mapping[str, Any], letter: str, shape: tuple[int, int], along: int) -> Any:
    """Where a cell is: given for each, for each row or column, or by the first and the distance to the next."""
    values = trace.get(letter)
    if values is None or not np.size(values):
        first, step = trace.get(f"{letter}0", 0), trace.get(f"d{letter}", 1)
        return lambda i, j: first + step * (i, j)[along]
    if np.ndim(values) == 2:
        return lambda i, j: values[i][j]
    if len(values) == shape[along] + 1:  # the edges of the cells
        return lambda i, j: (values[(i, j)[along]] + values[(i, j)[along] + 1]) / 2
    return lambda i, j: values[(i, j)[along]]


def _cell(value: Any) -> Any:
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return ""
    if isinstance(value, np.floating):
        return repr(float(value))
    return repr(value) if isinstance(value, float) else plain(value) if isinstance(value, str) else value


def _head(letter: str, layout: Mapping[str, Any]) -> str:
    holders = [layout, layout.get("scene") or {}]
    axes = [a for holder in holders for name, a in sorted(holder.items()) if name.startswith(f"{letter}axis")]
    words = [_words(axis.get("title")) for axis in axes if isinstance(axis, Mapping)]
    told = list(dict.fromkeys(word for word in words if word))
    return f"{letter} ({'; '.join(told)})" if told else letter


def _words(title: Any) -> str:
    text = title if isinstance(title, str) else (title or {}).get("text")
    return plain(text or "").strip()
