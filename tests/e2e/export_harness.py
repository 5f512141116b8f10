"""The app on a server that finds no Chromium."""

import os

import streamlit as st

from convexviz.app.shell import startup

os.environ["CHROMIUM"] = "/nowhere/chromium"

app = st.App(
    startup.MAIN_SCRIPT,
    lifespan=startup.lifespan,
    routes=startup.routes(),
    on_script_error=startup.on_script_error,
)
