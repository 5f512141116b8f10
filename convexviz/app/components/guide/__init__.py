"""The guide: brings the figure that words are about into view, and keeps in the browser which challenges were met.

It draws one line, the reward of the challenge under way, and gives what a lesson's words are made of the names that
tests and assistive tools look for (`data-testid`).
"""

from __future__ import annotations

import streamlit as st

from convexviz.app.components.web import module, sequence
from convexviz.app.contracts import GuideMessage

KEY = "guide-eye"

_component = st.components.v2.component(
    "convexviz_guide", js=module("guide/guide.js", "guide/guide.css"), isolate_styles=False
)


def mount(message: GuideMessage) -> None:
    """Put the guide where the reward is to appear."""
    _component(key=KEY, data=message)


def parcel(
    scene: str = "", figure: str = "", challenge: str = "", done: bool = False, reward: str = ""
) -> GuideMessage:
    """What the guide is sent, by its own message or along with the board's."""
    return {
        "key": KEY,
        "seq": sequence(),
        "scene": scene,
        "figure": figure,
        "challenge": challenge,
        "done": done,
        "reward": reward,
    }
