"""Cross-validation along beta: the error on held-out points with its standard error, and the training error."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from convexviz.core.network import Array
from convexviz.core.paths.cross_validation import CrossValidation

from .parts import assembled, keyed
from .plane.tools import on_white
from .spec import Layout, Spec, Trace, Traces
from .theme import FIT, NEURON, OVERLAY, layout

AIR = 1.15  # of the highest error, at the top
WIDE = 0.03  # of the decades, on either side
SHADE = "rgba(189, 131, 0, 0.18)"  # OVERLAY, transparent


def validation_spec(checked: CrossValidation, beta: float | None = None, height: int = 320) -> Spec:
    """The curve of a cross-validation, with the betas that it suggests, and an upright line at `beta`."""
    betas, mean, error = checked.betas, checked.mean, checked.standard_error
    top = AIR * float((mean + error).max()) or 1.0
    hover = "β = %{x:.3g}<br>%{y:.4g}<extra>%{fullData.name}</extra>"
    line: Trace = {"mode": "lines", "hovertemplate": hover}
    mark: Trace = {"mode": "markers", "hovertemplate": hover}
    styles: Traces = [
        {"mode": "lines", "line": {"width": 0}, "fill": "toself", "fillcolor": SHADE, "hoverinfo": "skip"},
        line | {"line": {"color": OVERLAY, "width": 2}},
        line | {"line": {"color": FIT, "width": 1.5, "dash": "dash"}},
        {"mode": "lines", "line": {"color": FIT, "width": 1.5, "dash": "dot"}, "hoverinfo": "skip"},
        mark | {"marker": {"symbol": "star", "size": 14, "color": OVERLAY, "line": {"width": 1, "color": "white"}}},
        mark | {"marker": {"symbol": "diamond", "size": 11, "color": NEURON, "line": {"width": 1, "color": "white"}}},
    ]
    upright = np.array([] if beta is None else [beta, beta])
    names = ("one standard error", "held-out error", "training error", "β now", "least error", "within one error")
    x = [np.concatenate([betas, betas[::-1]]), betas, betas, upright, *(np.array([at]) for at in _suggested(checked))]
    heights = [_at(checked, at) for at in _suggested(checked)]
    y = [
        np.concatenate([mean + error, (mean - error)[::-1]]),
        mean,
        checked.train_errors.mean(axis=0),
        np.array([0.0, top])[: len(upright)],
        *heights,
    ]
    traces: Traces = [{"x": a, "y": b, "name": name} for a, b, name in zip(x, y, names, strict=True)]
    axes: Layout = {
        "xaxis": {"type": "log", "range": _decades(betas, beta), "title": {"text": "β"}, "exponentformat": "power"},
        "yaxis": {"range": [min(0.0, float((mean - error).min())), top], "title": {"text": checked.measure}},
    }
    alt = (
        f"Error on held-out points against beta, with a band of one standard error; least at beta {checked.best:.3g}, "
        f"within one standard error of that up to beta {checked.sparsest_within_one_se:.3g}."
    )
    keys = [(OVERLAY, "━", "held out"), (FIT, "╍", "training"), (OVERLAY, "★", "least")]
    title = keyed("Cross-validation", *keys, (NEURON, "◆", "largest β within one standard error"))
    return assembled(styles, traces, layout(title, alt, axes, height=height, uirevision="validation"))


def validation_figure(checked: CrossValidation, beta: float | None = None, height: int = 320) -> go.Figure:
    """The curve of a cross-validation: mean held-out error with its standard error, and the training error.

    Parameters
    ----------
    checked : from `cv.cross_validate`, of a loss with a beta.
    beta : where an upright line stands, None for none.
    height : pixels.
    """
    return on_white(validation_spec(checked, beta, height))


def _decades(betas: Array, beta: float | None) -> list[float]:
    """The limits of the axis of beta, in powers of ten, with room for the marks."""
    logs = np.log10([*betas, *([] if beta is None else [beta])])
    room = WIDE * float(np.ptp(logs)) or 0.1
    return [float(logs.min()) - room, float(logs.max()) + room]


def _suggested(checked: CrossValidation) -> tuple[float, float]:
    return checked.best, checked.sparsest_within_one_se


def _at(checked: CrossValidation, beta: float) -> Array:
    """The mean error at one of its betas, shape (1,)."""
    return np.asarray(checked.mean[checked.betas == beta])
