"""Lesson: a neuron encodes what is left of a sample after the others have reconstructed it."""

import streamlit as st

from convexviz.app.lessons.autoencoders import parts as autoencoder_lesson
from convexviz.app.lessons.autoencoders import text as autoencoder_teaching
from convexviz.app.lessons.autoencoders.settings import AutoencoderSettings
from convexviz.app.shell import controls, share, state, teaching

settings: AutoencoderSettings = state.current().settings

teaching.heading(
    "Auto-encoders",
    "A neuron encodes **what is left of a sample** once the others have rebuilt it. Click on a point.",
)

with st.container(key="controls", horizontal=True, vertical_alignment="center", gap="small"):
    if not settings.hides("presets"):
        controls.choice("dataset", style="select", label_visibility="collapsed", width=230)
        with st.popover("Points", icon=":material/scatter_plot:", help="Number of points and seed"):
            controls.number("n")
            controls.number("seed")
    if st.button("Python", icon=":material/code:", key="open-code", help="Run the same thing in Python"):
        teaching.open_code(autoencoder_teaching.code_now())
    if not settings.hides("share"):
        share.share_button(lambda: autoencoder_lesson.as_link(state.current().settings))

share.show_address(settings, lambda: autoencoder_lesson.as_link(settings))
autoencoder_lesson.plane()
if not settings.hides("digits"):
    st.divider()
    autoencoder_lesson.digits_part(settings)

teaching.text(autoencoder_teaching.IDEA, autoencoder_teaching.PROMPTS)
