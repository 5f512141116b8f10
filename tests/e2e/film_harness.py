"""A page with the film and the certificate badge alone, on frames that need no solver, for the browser tests.

Round k of the film halves the gap; the badge follows the frames like every other part of a page. Query parameters:
`rounds`, `speed` (frames a second, of all three speeds), `ready` (frames are there from the start), `delay` (seconds a
solve takes), `fail` (a solve brings no frames).
"""

import time

import streamlit as st

from convexviz.app.components import badge, film
from convexviz.app.shell.startup import routes

app = st.App(__file__, routes=routes())

UPPER = 0.75


def certificate(number: int) -> dict:
    gap = 0.5**number
    bounds = {"objective": UPPER, "lower_bound": UPPER * (1 - gap), "gap": gap}
    return {"status": "upper-bound", "neurons": number, "seconds": 0.01 * number} | bounds


def frame(number: int) -> dict:
    words = "The constant network." if number == 0 else f"Cut {number} joins: the gap is halved to {0.5**number:.1e}."
    if number == 5:
        words += " The worst neuron so far is pushed under β, and a neighbour of it takes its place at once."
    network = {"dim": 2, "u": [1.0, 0.0] * number, "b": [0.0] * number, "w": [1.0] * number, "c": 0.0}
    shown = {"beta": 0.1, "network": network, "badge": certificate(number), "figures": {}}
    return shown | {"caption": words, "round": number}


@st.cache_data(max_entries=8)
def frames(rounds: int) -> str:
    return film.pack_frames([frame(number) for number in range(rounds + 1)])


def ask() -> None:
    st.session_state["asked-for"] = st.session_state["data"]
    st.session_state["calls"] = st.session_state.get("calls", 0) + 1


def solved(data: int) -> str | None:
    """The frames of the present data, once they were asked for."""
    query = st.query_params
    if "ready" not in query and st.session_state.get("asked-for") != data:
        return None
    time.sleep(float(query.get("delay", 0)))
    return None if "fail" in query else frames(int(query.get("rounds", 8)))


def player() -> None:
    data = st.session_state["data"]
    rate = float(st.query_params.get("speed", 0))
    film.mount(
        "film",
        frames=solved(data),
        rev=f"data {data}",
        caption="Watch the cutting-plane method close the gap.",
        waiting="Solving once more, round by round …",
        on_ask=ask,
        speeds=(rate, rate, rate) if rate else film.SPEEDS,
    )


def page() -> None:
    st.set_page_config(layout="wide")
    st.session_state.setdefault("data", 1)
    if st.button("New data"):
        st.session_state["data"] += 1
    badge.mount("badge", certificate(60) | {"status": "certified"})
    if st.checkbox("Show the film", value=True):
        player()
    else:
        st.markdown("No film.")
    calls = st.session_state.get("calls", 0)
    st.markdown(f"<span data-testid='python-calls' data-value='{calls}'></span>", unsafe_allow_html=True)


if st.runtime.exists() and st.runtime.scriptrunner.get_script_run_ctx(suppress_warning=True):
    page()
