"""Lesson: on whitened data the globally optimal network is a formula, two neurons or one per class."""

import streamlit as st

from convexviz.app.lessons.closed_forms import parts as closed_lesson
from convexviz.app.lessons.closed_forms import text as closed_teaching
from convexviz.app.lessons.closed_forms.settings import ClosedSettings
from convexviz.app.shell import controls, share, state, teaching

settings: ClosedSettings = state.current().settings

teaching.heading(
    "Closed forms",
    "Whiten the data, and the best network is a **formula**: two neurons for two classes, ten for ten.",
)

if not settings.hides("controls"):
    with st.container(key="controls", horizontal=True, vertical_alignment="bottom", gap="small"):
        controls.toggle("whiten")
        controls.choice("first", style="select", width=120)
        controls.choice("second", style="select", width=120)
        controls.number("n", width=150)
        controls.number("beta", step=0.1, width=150)
        controls.number("seed", width=130)
        if st.button("Python", icon=":material/code:", key="open-code", help="Run the same thing in Python"):
            teaching.open_code(closed_teaching.python_code(settings))
        if not settings.hides("share"):
            share.share_button()

share.show_address(settings)
closed_lesson.two_part(settings)
st.divider()
closed_lesson.ten_part(settings)

teaching.text(closed_teaching.IDEA, closed_teaching.PROMPTS)
