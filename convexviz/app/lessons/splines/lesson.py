"""Lesson: on the line, the optimal network is a linear spline with its kinks at data points."""

from __future__ import annotations

import streamlit as st

from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.splines import parts, text
from convexviz.app.lessons.splines.challenges import CHALLENGES
from convexviz.app.lessons.splines.settings import OVERLAYS, SplineSettings, slope_bounds
from convexviz.app.lessons.splines.tour import TOUR
from convexviz.app.shell import controls, source
from convexviz.app.shell.errors import plain
from convexviz.app.shell.toolbar import drawing_board
from convexviz.app.stage.link.embedded import Embedding

OF_ALL_OPTIMA = ("envelope", "sparsest", "connect")


def toolbar(settings: SplineSettings) -> None:
    """Task, points, loss, and what else is drawn."""
    gone = OF_ALL_OPTIMA if settings.shaped else ()  # with a shape the set of all optima is another
    shown = [name for name in OVERLAYS if name not in gone and (name != "regions" or settings.task == "classification")]
    shows = "Other optimal networks, and other methods"
    drawing_board("presets", settings, source.line, shown, shows, formula=True)
    shape_popover(settings)


def shape_popover(settings: SplineSettings) -> None:
    """What the curve must be like."""
    if settings.hides("loss"):
        return
    words = settings.names or ("slope bounded" if settings.shaped else "Shape")
    with st.popover(words.capitalize(), icon=":material/trending_up:", help="Only curves of a shape: rising, bent"):
        controls.choice("shape", style="select")
        controls.text("slope", placeholder="0, 2")
        try:
            slope_bounds(settings.slope)
        except ValueError as error:
            st.markdown(f":red[{plain(f'No bounds of the slope: {error}.')}]")
        st.caption(
            "The optimum is then the best of all networks with this shape between the first and the last point, and "
            "it is certified as such."
        )


LESSON = Lesson(
    address="splines",
    title="Splines",
    claim="Draw points. A **globally optimal** ReLU network answers every gesture, with a proof. On the line, a "
    "*linear spline* with its kinks at your data is always among the best.",
    card="On the line, a linear spline with its kinks at your data is always among the best networks. Drag a point and "
    "watch curve, neurons and proof follow; scrub the price of weight; compare regression with classification.",
    settings=SplineSettings,
    controls=toolbar,
    body=lambda settings: parts.lesson(),
    idea=text.IDEA,
    prompts=text.PROMPTS,
    code=text.code_now,
    drawn=source.line.as_link,
    before=text.BEFORE,
    theorem=text.THEOREM,
    tour=TOUR,
    challenges=CHALLENGES,
    points=lambda settings: source.line.points(settings.task),
    named=lambda settings: source.line.named(settings)[0],
    embedding=Embedding({"figure": "Dual function", "neurons": "Neurons", "path": "The path"}),
)
