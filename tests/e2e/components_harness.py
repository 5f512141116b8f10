"""A page with the chart, the badge and the scrubber alone, on closed-form data, for the browser tests.

The figures are those of soft-thresholded ramps: neuron j of the answer at β has weight max(0, a_j − β), which is a
regularization path whose neurons vanish one by one, and needs no solver.
"""

import time

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from convexviz.app.components import badge, chart, scrubber
from convexviz.app.shell.startup import routes

app = st.App(__file__, routes=routes())

X = np.linspace(-2, 2, 200)
KINKS = np.array([-1.5, -0.75, 0.0, 0.5, 1.25])
STRENGTH = np.array([0.9, 0.05, 0.4, 0.2, 0.6])
SIGNS = np.array([1, -1, -1, 1, -1])
BETA_MAX = 0.9
BLUE, GREEN = "#0072B2", "#009E73"


def network(beta: float) -> dict:
    held = np.greater(STRENGTH, beta)
    weights = SIGNS[held] * (STRENGTH[held] - beta)
    return {"u": [1] * int(held.sum()), "b": list(-KINKS[held]), "w": list(weights), "c": 0.25}


def ramps(net: dict) -> np.ndarray:
    return np.array([w * np.maximum(0, u * X + b) for u, b, w in zip(net["u"], net["b"], net["w"], strict=True)])


def certificate(beta: float) -> dict:
    objective = float(np.sum(np.minimum(STRENGTH, beta) ** 2) / 3 + beta * np.abs(network(beta)["w"]).sum())
    certified = {"status": "certified", "gap": 3.1e-9, "neurons": len(network(beta)["w"]), "seconds": 0.0042}
    words = {"beta": beta, "loss": "squared", "method": "spline", "unique": True}
    return {"objective": objective, "lower_bound": objective * (1 - 3.1e-9)} | certified | words


def fit_traces(net: dict) -> list[dict]:
    curve = net["c"] + ramps(net).sum(axis=0) if net["w"] else np.full_like(X, net["c"])
    kinks = -np.array(net["b"]) / np.array(net["u"]) if net["w"] else np.array([])
    at_kinks = np.interp(kinks, X, curve)
    return [
        {"uid": "network", "x": X, "y": curve},
        {"uid": "partial", "x": X, "y": curve},
        {"uid": "kinks", "x": kinks, "y": at_kinks, "customdata": np.arange(len(kinks))},
    ]


def fit_figure(net: dict) -> go.Figure:
    curve, partial, kinks = fit_traces(net)
    return go.Figure(
        [
            go.Scatter(**curve, name="network", line={"color": BLUE, "width": 3}),
            go.Scatter(
                **partial,
                name="sum up to the neuron",
                meta={"partial": True},
                line={"color": "#E69F00", "dash": "dash"},
            ),
            go.Scatter(
                **kinks, name="kinks", mode="markers", meta={"neurons": True}, marker={"color": GREEN, "size": 9}
            ),
        ],
        {"title": "The network and its kinks", "xaxis": {"title": "x"}, "yaxis": {"title": "f(x)"}, "height": 320},
    )


def ramp_figure(net: dict) -> go.Figure:
    lines = [
        go.Scatter(
            uid=f"ramp-{k}", x=X, y=ramp, name=f"neuron {k}", meta={"neuron": k}, mode="lines", line={"width": 2}
        )
        for k, ramp in enumerate(ramps(net))
    ]
    layout = {"title": "Each neuron is a ramp", "showlegend": False, "yaxis": {"range": [-2, 4]}, "height": 320}
    return go.Figure(lines, layout)


def bowl_figure(beta: float) -> go.Figure:
    grid = np.linspace(-1, 1, 25, dtype=np.float32)
    bowl = grid[:, None] ** 2 + beta * np.abs(grid[None, :])
    figure = go.Figure(go.Surface(x=grid, y=grid, z=bowl, showscale=False, colorscale="Viridis"))
    return figure.update_layout(title="A bowl", height=320, margin={"l": 0, "r": 0, "b": 0})


@st.cache_data(max_entries=4)
def path() -> str:
    return scrubber.pack_frames([frame(beta) for beta in np.geomspace(BETA_MAX / 100, BETA_MAX, 60)])


def frame(beta: float) -> dict:
    net = network(beta)
    figures = {
        "fit": fit_traces(net),
        "ramps": ramp_updates(ramps(net)),
    }
    return {"beta": float(beta), "network": net, "badge": certificate(float(beta)), "figures": figures}


def ramp_updates(shown: np.ndarray) -> list[dict]:
    """A ramp for each neuron there is at some β; those that are not there now are hidden."""
    there = [{"uid": f"ramp-{k}", "x": X, "y": y, "meta": {"neuron": k}} for k, y in enumerate(shown)]
    return there + [{"uid": f"ramp-{k}", "visible": False} for k in range(len(shown), len(ramps(network(0.0))))]


def set_beta(beta: float) -> None:
    st.session_state["solved_beta"] = beta


def answer(beta: float) -> dict:
    proved = certificate(beta)
    if st.query_params.get("status") != "upper-bound":
        return proved
    unproved = {"lower_bound": -np.inf, "gap": np.inf, "message": "The time limit of 2 s came first."}
    return proved | {"status": "upper-bound"} | unproved


def page() -> None:
    st.set_page_config(layout="wide")
    top = st.container()
    beta = st.session_state.setdefault("solved_beta", 0.1)
    live = "live" in st.query_params
    if delay := float(st.query_params.get("delay", 0)):
        time.sleep(delay)
    net = network(beta)
    badge.mount("badge", answer(beta))
    figures = {"fit": fit_figure(net), "ramps": ramp_figure(net)}
    if "solid" in st.query_params:
        figures["bowl"] = bowl_figure(beta)
    chart.mount("chart", figures, network=net)
    data = {"beta": beta, "beta_max": BETA_MAX, "beta_min": BETA_MAX / 100, "note": "Neurons along the path in green."}
    with top:
        scrubber.mount("scrubber", data | {"frames": None if live else path(), "path_rev": 1}, set_beta)
    st.markdown(f"<span data-testid='python-beta' data-value='{beta!r}'></span>", unsafe_allow_html=True)


if st.runtime.exists() and st.runtime.scriptrunner.get_script_run_ctx(suppress_warning=True):
    page()
