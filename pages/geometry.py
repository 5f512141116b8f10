"""Lesson: training without biases is geometry in sample space, and its dual is the polar set."""

import streamlit as st

from convexviz.app.lessons.geometry import moment as geometry_scene
from convexviz.app.lessons.geometry import parts as geometry_lesson
from convexviz.app.lessons.geometry import text as geometry_teaching
from convexviz.app.lessons.geometry.settings import OVERLAYS, GeometrySettings
from convexviz.app.shell import controls, share, state, teaching

settings: GeometrySettings = state.current().settings

teaching.heading(
    "Geometry",
    "Two or three samples. Drag them, and watch the **rectified ellipsoid**: all that one neuron can say about them.",
)

with st.container(key="controls", horizontal=True, vertical_alignment="center", gap="small"):
    if not settings.hides("presets"):
        controls.choice("dataset", style="select", label_visibility="collapsed", width=230)
    if not settings.hides("overlays"):
        with st.popover("Show", icon=":material/layers:", help="What is drawn in sample space"):
            for name in OVERLAYS:
                controls.toggle(name)
    if st.button("Python", icon=":material/code:", key="open-code", help="Run the same thing in Python"):
        teaching.open_code(geometry_teaching.code_now())
    if not settings.hides("share"):
        share.share_button(lambda: geometry_scene.as_link(state.current().settings))

share.show_address(settings, lambda: geometry_scene.as_link(settings))
geometry_lesson.lesson()

teaching.text(geometry_teaching.IDEA, geometry_teaching.PROMPTS)
