"""Lesson: on whitened data the globally optimal network is a formula, two neurons or one per class."""

from __future__ import annotations

import streamlit as st

from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.closed_forms import parts, text
from convexviz.app.lessons.closed_forms.settings import ClosedSettings
from convexviz.app.shell import controls


def toolbar(settings: ClosedSettings) -> None:
    """Which digits, how many, and the penalty."""
    controls.toggle("whiten")
    controls.choice("first", style="select", width=120)
    controls.choice("second", style="select", width=120)
    controls.number("n", width=150)
    controls.number("beta", step=0.1, width=150)
    controls.number("seed", width=130)


def body(settings: ClosedSettings) -> None:
    """Two classes, then ten."""
    parts.two_part(settings)
    st.divider()
    parts.ten_part(settings)


LESSON = Lesson(
    address="closed-forms",
    title="Closed forms",
    claim="Whiten the data, and the best network is a **formula**: two neurons for two classes, ten for ten.",
    card="On whitened data the best network is a formula: two neurons for two classes, one for each of ten. Compare it "
    "with a solver that knows nothing of it.",
    settings=ClosedSettings,
    controls=toolbar,
    body=body,
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.python_code,
    align="bottom",
)
