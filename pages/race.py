"""Lesson: ordinary training, run live against the certified optimum, the tangent kernel and the path."""

import streamlit as st

from convexviz.app.components import gallery
from convexviz.app.lessons.path import parts as race_path
from convexviz.app.lessons.race import moment as race_scene
from convexviz.app.lessons.race import parts as race_lesson
from convexviz.app.lessons.race import text as race_teaching
from convexviz.app.lessons.race.settings import RaceSettings
from convexviz.app.lessons.tangent_kernel import parts as race_kernel
from convexviz.app.shell import controls, share, state, teaching

settings: RaceSettings = state.current().settings
points = race_scene.points_of(settings)
points.prepare(settings, state.link_loads())


def pick(name: str) -> None:
    """A preset was chosen."""
    state.update(dataset=name)


teaching.heading(
    "The race",
    "Ordinary training against the **certified optimum**: wide networks arrive, narrow ones get stuck, none is below.",
)

with st.container(key="controls", horizontal=True, vertical_alignment="center", gap="small"):
    if not settings.hides("data"):
        controls.choice("scene", label_visibility="collapsed", width="content")
        controls.choice("task", label_visibility="collapsed", width="content")
    if not settings.hides("presets"):
        with st.popover("Points", icon=":material/scatter_plot:", help="Presets, number and noise"):
            gallery.mount(f"race-{settings.scene}", settings.task, settings.dataset, pick, dims=settings.dims)
            teaching.sampling_controls(settings)
    if not settings.hides("race"):
        controls.choice("solver", label_visibility="collapsed", width="content")
    if st.button("Python", icon=":material/code:", key="open-code", help="Run the same thing in Python"):
        teaching.open_code(race_teaching.code_now(settings))
    if not settings.hides("share"):
        share.share_button(lambda: points.as_link(state.current().settings))

share.show_address(settings, lambda: points.as_link(settings))

with st.container(key="race-settings", horizontal=True, vertical_alignment="bottom", gap="medium"):
    if not settings.hides("race"):
        controls.number("narrow", slider=True, width=180)
        controls.number("wide", slider=True, step=10, width=240)
        controls.number("iterations", step=100, width=140)
        controls.number("start", width=130)
    if not settings.hides("beta"):
        controls.log_slider("beta", 0.01, 10.0, width=220)

race_lesson.lesson()
race_kernel.kernel_part(settings)
race_path.path_part(settings)

teaching.text(race_teaching.IDEA, race_teaching.PROMPTS)
