"""Entry point: `streamlit run app.py`.

The script that Streamlit runs lives inside the package, because a folder `pages/` beside the main script would be
served on its own, outside the frame, to the first visitor of a fresh server who comes by a deep link.
"""

import streamlit as st

from convexviz.app.shell import startup

app = st.App(
    startup.MAIN_SCRIPT,
    lifespan=startup.lifespan,
    routes=startup.routes(),
    on_script_error=startup.on_script_error,
)
