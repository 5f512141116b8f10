"""Lesson: training adds the neurons that an oracle finds, and proves as much as the oracle can."""

import streamlit as st

from convexviz.app.components import gallery
from convexviz.app.lessons.cutting_planes import moment as cutting_scene
from convexviz.app.lessons.cutting_planes import parts as cutting_lesson
from convexviz.app.lessons.cutting_planes import run_text as cutting_words
from convexviz.app.lessons.cutting_planes import text as cutting_teaching
from convexviz.app.lessons.cutting_planes.settings import FREE_LOSSES, CuttingSettings
from convexviz.app.lessons.digits import parts as cutting_digits
from convexviz.app.shell import controls, share, state, teaching
from convexviz.app.shell.settings import LOSSES

settings: CuttingSettings = state.current().settings
drawn, digits = settings.scene == "plane", settings.scene in ("two", "ten")
if drawn:
    cutting_scene.points.prepare(settings, state.link_loads())


def pick(name: str) -> None:
    """A preset was chosen."""
    state.update(dataset=name)


teaching.heading(
    "Cutting planes",
    "Ask an **oracle** for a neuron that would pay, add it, repeat: training proves what its oracle can prove.",
)

with st.container(key="controls", horizontal=True, vertical_alignment="center", gap="small"):
    if not settings.hides("data"):
        controls.choice("scene", label_visibility="collapsed", width="content")
    if drawn and not settings.hides("data"):
        controls.choice("task", label_visibility="collapsed", width="content")
    if drawn and not settings.hides("presets"):
        with st.popover("Points", icon=":material/scatter_plot:", help="Presets, number and noise"):
            gallery.mount("cutting-presets", settings.task, settings.dataset, pick, dims=2)
            teaching.sampling_controls(settings)
    if settings.scene == "space" and not settings.hides("presets"):
        controls.choice("space", style="select", label_visibility="collapsed", width=190)
    if not digits:
        losses = [loss for loss in LOSSES[settings.asked] if loss in FREE_LOSSES]
        if len(losses) > 1 and not settings.hides("loss"):
            controls.choice("loss", losses, label_visibility="collapsed", width="content")
        if st.button("Python", icon=":material/code:", key="open-code", help="Run the same thing in Python"):
            teaching.open_code(cutting_teaching.code_now(settings))
    if not settings.hides("share"):
        share.share_button(lambda: cutting_scene.points.as_link(state.current().settings) if drawn else "")

share.show_address(settings, lambda: cutting_scene.points.as_link(settings) if drawn else "")

if digits:
    cutting_digits.digits_part(settings)
else:
    refused, oracle = cutting_scene.offered()
    with st.container(key="oracles", horizontal=True, vertical_alignment="bottom", gap="medium"):
        fitting = [name for name, reason in refused.items() if not reason]
        if fitting:
            if oracle != settings.oracle:
                state.update(oracle=oracle)
            controls.choice("oracle", fitting, width="content")
        if not settings.homogeneous:
            controls.toggle("bias")
        if not settings.hides("beta"):
            controls.log_slider("beta", 0.01, 10.0, width=260)
    st.caption(cutting_words.refusals(refused))
    cutting_lesson.lesson()

teaching.text(cutting_teaching.IDEA, cutting_teaching.PROMPTS)
