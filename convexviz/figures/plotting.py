"""One figure for one answer: the network with its points, and beside it the proof. `cv.plot` for short.

The two panels are figures of this package, set into one: each keeps its axes, colours and words.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from convexviz.core.losses import get_loss
from convexviz.core.network import Array
from convexviz.core.solution import Solution
from convexviz.data.validation import check_arrays

from .board import board_figure
from .cutting import fit_figure
from .parts import Range
from .plane import dual_map_figure, weights_figure
from .splines import dual_figure

HEIGHT = 560
BESIDE = 460  # height of two panels side by side
ABOVE = (0.44, 1.0), (0.0, 0.3)  # shares of the height that the two panels take, one above the other
ACROSS = (0.0, 0.48), (0.57, 1.0)  # shares of the width, side by side
TITLE = 13  # pixels, of a panel's title
AIR = 0.12  # of the extent of the data, on each side


def plot(result: Any, X: ArrayLike, y: ArrayLike, *, height: int | None = None) -> go.Figure:
    """Draw a solution, or a fitted estimator, with its data: what the app's lesson shows of them.

    On the line the spline with its kinks, above the dual function that proves it; in the plane the network with its
    break lines, beside the map of the dual function; in more dimensions the fit of each point, beside the weights of
    the neurons. In a notebook the figure shows itself, elsewhere `.show()` opens it.

    Parameters
    ----------
    result : what `convexviz.solve` returned, or a fitted `ConvexReLURegressor` or `ConvexReLUClassifier`, of one
        output.
    X, y : (n, d) inputs and (n,) targets or labels, those that it was trained on; an estimator's labels are its own.
    height : pixels.

    Raises
    ------
    ValueError
        If `result` is none of these, has several outputs, or the data do not fit it.

    Examples
    --------
    >>> import convexviz as cv
    >>> data = cv.datasets.load("sine", n=20)
    >>> cv.plot(cv.solve(data.X, data.y), data.X, data.y).show()  # doctest: +SKIP
    """
    solution, y = _one_output(result, y)
    inputs, targets = check_arrays(X, y)
    network = solution.network
    if inputs.shape != (len(solution.v), network.dimension):
        raise ValueError(
            f"X must have shape ({len(solution.v)}, {network.dimension}) for this solution, got {inputs.shape}; pass "
            "what it was trained on."
        )
    classes = get_loss(solution.loss).classification
    if network.dimension > 2:
        return _panels(fit_figure(solution, inputs, targets), weights_figure(solution), True, height)
    view = tuple(_aired(column) for column in inputs.T)
    if network.dimension == 2:
        board = board_figure(network, inputs, targets, classes=classes, view=(view[0], view[1]))
        return _panels(board, dual_map_figure(solution, inputs, (view[0], view[1])), True, height)
    board = board_figure(network, inputs, targets, classes=classes)
    dual = dual_figure(solution, inputs[:, 0], tuple(board.layout.xaxis.range))
    return _panels(board, dual, False, height)


def _one_output(result: Any, y: ArrayLike) -> tuple[Solution, ArrayLike]:
    """The solution of one output, and the targets as it was trained on them."""
    solution = getattr(result, "solution_", result)
    several = isinstance(solution, tuple) or (isinstance(solution, Solution) and solution.network.w.ndim > 1)
    if several:
        raise ValueError(
            "plot draws one output, got a result with several; draw one of them, or see convexviz.figures for pictures "
            "of its neurons."
        )
    if not isinstance(solution, Solution):
        raise ValueError(
            f"plot draws what convexviz.solve returned or a fitted estimator, got {type(result).__name__}; pass one of "
            "these, fitted."
        )
    if hasattr(result, "classes_"):
        return solution, np.where(np.asarray(y) == result.classes_[-1], 1.0, -1.0)
    return solution, y


def _aired(values: Array) -> Range:
    low, high = float(values.min()), float(values.max())
    air = AIR * (high - low) or abs(high) or 1.0
    return low - air, high + air


def _panels(first: go.Figure, second: go.Figure, beside: bool, height: int | None) -> go.Figure:
    """Two figures as one: side by side, or the first above the second."""
    whole = (0.0, 1.0)
    places = [(share, whole) if beside else (whole, share) for share in (ACROSS if beside else ABOVE)]
    figure = go.Figure(layout={"template": "plotly_white", "hovermode": "closest", "showlegend": False})
    for number, (panel, (across, up)) in enumerate(zip((first, second), places, strict=True)):
        _place(figure, panel, "" if number == 0 else "2", across, up)
    alt = " ".join(panel.layout.meta["alt"] for panel in (first, second))
    figure.update_layout(
        meta={"alt": alt}, height=height or (BESIDE if beside else HEIGHT), margin={"l": 64, "r": 32, "t": 48, "b": 56}
    )
    return figure


def _place(figure: go.Figure, panel: go.Figure, number: str, across: Range, up: Range) -> None:
    """A figure as a panel: its traces on axes of their own, its title above them."""
    layout = panel.layout.to_plotly_json()
    for trace in panel.data:
        figure.add_trace(trace).data[-1].update(xaxis=f"x{number}", yaxis=f"y{number}")
    for letter, domain, other in (("x", across, "y"), ("y", up, "x")):
        axis = dict(layout.get(f"{letter}axis", {})) | {"domain": list(domain), "anchor": f"{other}{number}"}
        if axis.get("scaleanchor"):
            axis["scaleanchor"] = f"{other}{number}"
        figure.layout[f"{letter}axis{number}"] = axis
    for shape in layout.get("shapes", ()):
        figure.add_shape(shape | {"xref": f"x{number}", "yref": f"y{number}"})
    for note in layout.get("annotations", ()):
        figure.add_annotation(note | {"xref": f"x{number}", "yref": f"y{number}"})
    place = {"x": across[0], "y": up[1], "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
    figure.add_annotation(
        place | {"text": layout["title"]["text"], "showarrow": False, "font": {"size": TITLE}, "yshift": 4}
    )
