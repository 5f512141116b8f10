"""The floor of the browser benchmark: same imports, a board and a caption; no solve, no figure."""

import numpy as np
import streamlit as st

from convexviz.app.components import board
from convexviz.app.shell import startup

app = st.App(__file__, lifespan=startup.lifespan, routes=startup.routes())

VIEW = board.View((-1.4, 1.4), (-1.4, 1.4))
ANSWER = {"network": {"u": [1], "b": [0.0], "w": [1.0], "c": 0.0}, "status": "certified", "note": ""}


@st.fragment
def body() -> None:
    """Every gesture costs this rerun: take the points over, say how many, draw the board."""
    state = board.current("bare")
    board.mount("bare-board", "bare", mode="regression", view=VIEW, answer=ANSWER, max_points=500, height=380)
    st.caption(f"{len(state)} points")


def main() -> None:
    """The script; the server imports this file once too, for the `app` above."""
    st.set_page_config("bare", layout="wide")
    if "bare" not in st.session_state:
        x = np.linspace(-0.95, 0.95, 50)
        board.put("bare", np.column_stack([x, np.sin(4 * x)]))
    left, _ = st.columns([58, 42], gap="medium")
    with left:
        body()


if st.runtime.exists() and st.runtime.scriptrunner.get_script_run_ctx(suppress_warning=True):
    main()
