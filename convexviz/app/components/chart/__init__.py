"""Plotly figures that survive new data: the node stays, `Plotly.react` draws what differs, zoom and hover are kept."""

import base64
import json
import math
from collections.abc import Mapping
from typing import Any, TypeAlias, get_args

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from convexviz.app.components import shown
from convexviz.app.components.web import PLOTLY_PATH, module, sequence
from convexviz.app.contracts import Arrangement, ChartMessage, Network
from convexviz.figures.spec import Spec

LAYOUTS: tuple[Arrangement, ...] = get_args(Arrangement)
Figure: TypeAlias = "go.Figure | Spec | str"  # text is a figure that is JSON already

# What plotly.js reads as {dtype, bdata}; it has no 64-bit integers.
TYPED = {"f8", "f4", "i4", "i2", "i1", "u4", "u2", "u1"}

SMALL = 6  # shorter arrays are shorter as lists

_component = st.components.v2.component(
    "convexviz_chart",
    js=module("chart/chart.js", "chart/chart.css"),
    isolate_styles=False,
)


def mount(
    key: str,
    figures: Mapping[str, Figure],
    *,
    layout: Arrangement = "grid",
    network: Network | None = None,
    plotly_url: str | None = None,
) -> None:
    """Show the named figures side by side (`grid`) or below each other (`stack`).

    `network` is the network of the figures' answer. From one on the line traces with `meta={"partial": True}` get their
    y; from one in the plane (`answers.plane_json`) those with `meta={"plane": ...}` get all their data.
    `plotly_url` is where plotly.js is served, relative to the address of the app.
    """
    message = parcel(key, figures, layout=layout, network=network, plotly_url=plotly_url)
    shown.note("chart", key, message)
    _component(key=key, data=message)


def parcel(
    key: str,
    figures: Mapping[str, Figure],
    *,
    layout: Arrangement = "grid",
    network: Network | None = None,
    plotly_url: str | None = None,
) -> ChartMessage:
    """What the chart `key` is sent, by its own message or along with the board's; arguments as in `mount`."""
    if layout not in LAYOUTS:
        raise ValueError(f"layout must be one of {LAYOUTS}, got {layout!r}; use 'grid' for side by side.")
    return {
        "key": key,
        "seq": sequence(),
        "layout": layout,
        "plotly_url": plotly_url or PLOTLY_PATH,
        "network": pack(network, arrays=False),
        "figures": {name: figure_json(figure) for name, figure in figures.items()},
    }


def figure_json(figure: Figure) -> str:
    """One figure as JSON text, without its template: the browser compares it, and themes it. Text passes through."""
    if isinstance(figure, str):
        return figure
    spec = figure.to_plotly_json() if isinstance(figure, go.Figure) else figure
    layout = {name: value for name, value in spec.get("layout", {}).items() if name != "template"}
    return json.dumps(pack({"data": spec.get("data", []), "layout": layout}), allow_nan=False, separators=(",", ":"))


def pack(value: Any, *, arrays: bool = True, floats: type[np.floating] = np.float64) -> Any:
    """`value` in JSON's terms: arrays as plotly's base64 (or lists), NaN and infinities outside arrays as null.

    `floats` is the type for arrays of 64-bit floats.
    """
    if isinstance(value, Mapping):
        return {str(name): pack(item, arrays=arrays, floats=floats) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [pack(item, arrays=arrays, floats=floats) for item in value]
    if isinstance(value, np.ndarray):
        return (
            _pack_array(value.astype(floats) if value.dtype == np.float64 else value)
            if arrays
            else pack(value.tolist())
        )
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _pack_array(array: np.ndarray) -> Any:
    if array.dtype.kind in "iu" and array.dtype.itemsize == 8:
        array = array.astype(np.int32 if _fits(array, np.int32) else np.float64)
    code = f"{array.dtype.kind}{array.dtype.itemsize}"
    if code not in TYPED or array.size < SMALL:
        return pack(array.tolist())
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    packed = {"dtype": code, "bdata": base64.b64encode(little.tobytes()).decode("ascii")}
    return packed if array.ndim == 1 else packed | {"shape": ", ".join(map(str, array.shape))}


def _fits(array: np.ndarray, dtype: type[np.integer]) -> bool:
    bounds = np.iinfo(dtype)
    return bool(array.size == 0 or (array.min() >= bounds.min and array.max() <= bounds.max))
