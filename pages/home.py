"""Placeholder of the home page."""

import streamlit as st

from convexviz.app.frame import page

st.title("convexviz")
st.page_link(page("splines"))
