"""The stage: keys, the sentence above the pictures, blank, pointer; and the list of scenes kept in the browser."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from convexviz.app.components.web import asset, module
from convexviz.app.contracts import TalkListMessage, TalkMessage

KEY, LIST_KEY = "talk-stage", "talk-list"
BACKDROP = asset("talk/present.css")

_component = st.components.v2.component(
    "convexviz_talk", js=module("talk/talk.js", "talk/talk.css"), isolate_styles=False
)
_list = st.components.v2.component("convexviz_talk_list", js=module("talk/list.js"), isolate_styles=False)


def mount(message: TalkMessage, asked: Callable[[object], None]) -> None:
    """Mount the stage; `asked` is given what a key asks for."""
    _component(key=KEY, data=message, on_ask_change=lambda: asked(st.session_state[KEY].get("ask")))


def mount_list(message: TalkListMessage, kept: Callable[[object], None]) -> None:
    """Have the list kept; `kept` is given what the browser had."""
    _list(key=LIST_KEY, data=message, on_kept_change=lambda: kept(st.session_state[LIST_KEY].get("kept")))
