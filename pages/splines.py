"""Placeholder of the lesson."""

import streamlit as st

from convexviz.app import controls, share, state
from convexviz.app.settings import LOSSES

st.title("Splines")
controls.choice("task")
controls.choice("loss", LOSSES[state.load_settings("splines").task])
controls.log_slider("beta", 1e-3, 10)
controls.number("n", hi=200, slider=True)
controls.number("seed")
controls.toggle("envelope")
controls.text("formula")
settings = state.load_settings("splines")
st.code(repr(settings))
share.share_button(settings)
