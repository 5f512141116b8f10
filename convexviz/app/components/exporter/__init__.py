"""A picture that the reader's browser draws and saves: where the server has nothing to draw with."""

from __future__ import annotations

import json
from typing import Any, Literal

import streamlit as st

from convexviz.app.components.chart import pack
from convexviz.app.components.web import PLOTLY_PATH, module
from convexviz.app.contracts import ExporterMessage

_component = st.components.v2.component(
    "convexviz_exporter", js=module("exporter/exporter.js", "exporter/exporter.css"), isolate_styles=False
)


def mount(key: str, spec: Any, form: Literal["svg", "png"], name: str, scale: float) -> None:
    """Show a figure, dressed by `convexviz.export.styled`, and the button that saves it in a file of this name."""
    data: ExporterMessage = {
        "figure": json.dumps(pack(spec), allow_nan=False, separators=(",", ":")),
        "form": form,
        "name": name,
        "width": spec["layout"]["width"],
        "height": spec["layout"]["height"],
        "scale": scale if form == "png" else 1.0,
        "plotly_url": PLOTLY_PATH,
    }
    _component(key=key, data=data)
