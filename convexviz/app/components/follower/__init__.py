"""Nothing to see: what asks for a rerun of its fragment once the hand rests on other points than those shown there."""

from __future__ import annotations

import streamlit as st

from convexviz.app.components.web import module, sequence
from convexviz.app.contracts import FollowerMessage

_component = st.components.v2.component("convexviz_follower", js=module("follower/follower.js"), isolate_styles=False)


def mount(key: str, *, slider: str, rev: str) -> None:
    """Follow the slider of key `slider`, whose `path_rev` names the points; `rev` is that of those shown now."""
    data: FollowerMessage = {"key": slider, "rev": rev, "seq": sequence()}
    _component(key=key, data=data, on_news_change=lambda: None)
