"""A page with the figures of the plane alone, for the browser tests: two solved problems, and frames to scrub to.

The networks are packed here as the lessons do; the browser computes everything that is drawn from them.
"""

import html
import json
from typing import Any

import numpy as np
import streamlit as st

import convexviz as cv
from convexviz.app.components import chart
from convexviz.app.shell.startup import routes
from convexviz.core.solution import Solution
from convexviz.figures import plane as figures

app = st.App(__file__, routes=routes())

VIEW = ((-1.2, 1.2), (-1.1, 1.1))
Z_RANGE = (-1.5, 1.5)
BETA = 0.02


def points(n: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """X (n, 2), values (n,) and classes (n,), seeded."""
    X = np.random.default_rng(0).uniform(-1.0, 1.0, (n, 2))
    values = np.sin(3 * X[:, 0]) * X[:, 1]
    return X, values, np.sign(X[:, 0] ** 2 + X[:, 1] ** 2 - 0.6)


def solved(task: str, beta: float = BETA, n: int = 60) -> tuple[np.ndarray, np.ndarray, Solution]:
    """The data of a task and its optimal network."""
    X, values, classes = points(n)
    y, loss = (classes, "hinge") if task == "classes" else (values, "squared")
    return X, y, cv.solve(X, y, beta=beta, loss=loss)


def network(solution: Solution, X: np.ndarray | None) -> dict[str, Any]:
    """The network as the browser reads it, sorted by |w|; without `X` the dual function's points are left out."""
    n, order = solution.network, np.argsort(-np.abs(solution.network.w), kind="stable")
    dual = {"v": solution.v, "beta": solution.beta} | ({} if X is None else {"x": X.ravel()})
    net = {"dim": 2, "u": n.U[order].ravel(), "b": n.b[order], "w": n.w[order], "c": n.c, "dual": dual}
    return chart.pack(net, floats=np.float32)


@st.cache_data
def answer(task: str, beta: float, n: int = 60) -> dict[str, Any]:
    """What the page needs of one answer."""
    X, y, solution = solved(task, beta, n)
    path = [solved(task, b, n)[2] for b in (beta, 3 * beta, 30 * beta)]
    classes = task == "classes"
    specs = {
        "dual": figures.dual_map_spec(VIEW),
        "surface": figures.surface_spec(VIEW, Z_RANGE, X, y, classes),
        "weights": figures.weights_spec(),
        "path": figures.plane_path_spec(path),
        "bounds": figures.bounds_spec(solution.history, beta=beta),
    }
    return {
        "network": network(solution, X),
        "frame": {"beta": 3 * beta, "network": network(path[1], None), "figures": {}},
        "texts": {name: chart.figure_json(spec) for name, spec in specs.items()},
    }


def page() -> None:
    st.set_page_config(layout="wide")
    task, n = st.query_params.get("task", "values"), int(st.query_params.get("n", 60))
    beta = 2 * BETA if st.button("other beta") else BETA
    st.button("again")
    runs = st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    made = answer(task, beta, n)
    wanted = st.query_params.get("show", "dual,surface,weights").split(",")
    chart.mount("chart", {name: made["texts"][name] for name in wanted}, network=made["network"])
    frame = html.escape(json.dumps(made["frame"]), quote=True)
    facts = f"data-value='{beta!r}' data-runs='{runs}' data-frame='{frame}'"
    st.markdown(f"<span data-testid='beta' {facts}></span>", unsafe_allow_html=True)


if st.runtime.exists() and st.runtime.scriptrunner.get_script_run_ctx(suppress_warning=True):
    page()
