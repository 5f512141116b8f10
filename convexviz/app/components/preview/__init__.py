"""A page of the app as it looks in a window of another size, made smaller where it does not fit."""

from __future__ import annotations

import streamlit as st

from convexviz.app.components.web import module
from convexviz.app.contracts import PreviewMessage

_component = st.components.v2.component(
    "convexviz_preview", js=module("preview/preview.js", "preview/preview.css"), isolate_styles=False
)


def mount(key: str, address: str, width: int, height: int) -> None:
    """Show the page at `address` in a window of so many pixels."""
    data: PreviewMessage = {"address": address, "width": width, "height": height}
    _component(key=key, data=data)
