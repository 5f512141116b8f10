"""Lesson: on whitened data the globally optimal network is a formula, two neurons or one per class."""

from __future__ import annotations

import streamlit as st

from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.closed_forms import parts, text
from convexviz.app.lessons.closed_forms.challenges import CHALLENGES
from convexviz.app.lessons.closed_forms.settings import ClosedSettings
from convexviz.app.lessons.closed_forms.tour import TOUR
from convexviz.app.shell import controls
from convexviz.app.stage.link.embedded import Embedding


def toolbar(settings: ClosedSettings) -> None:
    """Whether to whiten, and which digits and how many."""
    controls.toggle("whiten", width="content")
    with st.popover("Images", icon=":material/grid_on:", help="Which digits, how many, and which draw"):
        controls.choice("first", style="select")
        controls.choice("second", style="select")
        controls.number("n")
        controls.number("seed")


def body(settings: ClosedSettings) -> None:
    """Two classes, then ten."""
    parts.two_part(settings)
    st.divider()
    parts.ten_part(settings)


LESSON = Lesson(
    address="closed-forms",
    title="Closed forms",
    claim="Whiten the data, and the best network is a **formula**: at most one neuron for each class.",
    card="On whitened data the best network is a formula: at most one neuron for each class. Compare it with a solver "
    "that knows nothing of it.",
    settings=ClosedSettings,
    controls=toolbar,
    body=body,
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.python_code,
    before=text.BEFORE,
    theorem=text.THEOREM,
    tour=TOUR,
    challenges=CHALLENGES,
    embedding=Embedding({"figure": "Images and neurons", "digits": "Ten neurons"}),
    network=lambda settings: parts.found_for(settings).optimum.network,
)
