"""The buttons by which a lesson leaves the page: as files, as a page to take home, on a stage."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from convexviz.app.components.web import module
from convexviz.app.contracts import TakeawayButton, TakeawayMessage

Way = Literal["export", "take-home", "talk"]

KEY = "takeaway"
BUTTONS: tuple[TakeawayButton, ...] = (
    {"name": "export", "label": "Export", "help": "Pictures and films of this lesson as files"},
    {"name": "take-home", "label": "Page", "help": "This lesson, as it is now, as one page that needs no server"},
    {"name": "talk", "label": "Talk", "help": "On stage: add this scene to a talk, give the talk"},
)

_component = st.components.v2.component(
    "convexviz_takeaway", js=module("takeaway/takeaway.js", "takeaway/takeaway.css"), isolate_styles=False
)


def mount() -> None:
    """Draw the buttons."""
    data: TakeawayMessage = {"buttons": BUTTONS}
    _component(key=KEY, data=data, on_press_change=lambda: None)


def pressed() -> Way | None:
    """Which button has caused the run of the page that is under way."""
    name = (st.session_state.get(KEY) or {}).get("press")
    return name if name in {button["name"] for button in BUTTONS} else None
