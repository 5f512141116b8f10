"""A page with nothing but the board; options are in the address.

On the line the answer joins the points with straight lines; in the plane it is one fixed network, whatever is drawn.
Plain points of the plane have no network: `lay` names what is laid over and around them.
"""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
import streamlit as st

from convexviz.app.components import board
from convexviz.app.components.chart import pack
from convexviz.app.shell.startup import routes

app = st.App(__file__, routes=routes())

KEY, STATE = "surface", "points"
CHOSEN, PICKS = "chosen", "picks"
PRESET = np.column_stack([np.linspace(-0.9, 0.9, 7), np.sin(3 * np.linspace(-0.9, 0.9, 7)) * 0.7])
VIEWS = {
    "regression": board.View((-1, 1), (-1, 1)),
    "line-classes": board.View((-1, 1), (-2, 2)),
    "plane": board.View((-1, 1), (-1, 1)),
    "plane-values": board.View((-1, 1), (-1, 1), (-2, 2)),
    "plane-points": board.View((-1, 1), (-1, 1)),
}
# f(x) = -0.5 + 2 (x1)_+ + 1.5 (0.6 x1 + 0.8 x2 - 0.2)_+ - (0.2 - x2)_+ on two axes and one slanted line.
U = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, -1.0]])
B, W, C = np.array([0.0, -0.2, 0.2]), np.array([2.0, 1.5, -1.0]), -0.5


def option(name: str, default: str) -> str:
    """A word from the address."""
    return st.query_params.get(name, default)


def joined(points: np.ndarray) -> dict[str, Any]:
    """The network that joins the points with straight lines and is constant beyond them."""
    x, first = np.unique(points[:, 0], return_index=True)
    slopes = np.concatenate([[0], np.diff(points[first, 1]) / np.diff(x), [0]])
    return {"u": np.ones(len(x)), "b": -x, "w": np.diff(slopes), "c": points[first[0], 1]}


def overlays() -> dict[str, Any]:
    """A curve and a band, as comparisons and envelopes are drawn."""
    x = np.linspace(-1, 1, 50)
    y = np.sin(3 * x) * 0.7
    sine = {"id": "sine", "label": "sine", "x": x, "y": y, "dash": "dash", "color": "#E69F00", "width": 2}
    near = {"id": "near", "label": "all optimal networks", "x": x, "lo": y - 0.2, "hi": y + 0.2, "color": "#56B4E9"}
    return {"curves": [sine], "bands": [near]}


def plane_network(b: np.ndarray = B, copies: int = 1) -> dict[str, Any]:
    """The fixed network as a page sends it; `copies` of its neurons share their weights, to make it larger."""
    u, b, w = np.tile(U, (copies, 1)), np.tile(b, copies), np.tile(W, copies) / copies
    arrays = {"u": u.ravel(), "b": b, "w": w}
    return {"dim": 2, "c": C} | pack(arrays, floats=np.float32)


def plane_answer(n: int) -> dict[str, Any]:
    """All that can be drawn in the plane, as far as the address asks for it."""
    wanted = option("show", "regions,margins,lines").split(",")
    grid = np.linspace(-1, 1, 21)
    diagonal = np.add.outer(grid, grid).ravel().astype(np.float32)
    field = {"id": "linear", "label": "linear classifier", "color": "#E69F00", "dash": "dash", "nx": 21, "ny": 21}
    extras = {
        "support": list(range(min(n, 2))),
        "ghost": {"network": plane_network(B + np.array([0.3, 0, 0])), "label": "pinned"},
        "fields": [field | pack({"z": diagonal})],
    }
    flags = {name: name in wanted for name in ("regions", "margins", "lines")}
    network = plane_network(copies=int(option("copies", "1")))
    return {"network": network} | flags | {name: value for name, value in extras.items() if name in wanted}


def laid_over(state: board.BoardState) -> dict[str, Any]:
    """All that can be drawn over and around points, as far as the address asks for it."""
    turn = np.linspace(0, 2 * np.pi, 60)
    far = {
        "id": "far",
        "label": "a strip",
        "color": "#CC79A7",
        "closed": True,
        "fill": True,
        "opacity": 0.3,
        "width": 0,
    }
    ellipse = {"id": "ellipse", "label": "an ellipse", "color": "#009E73", "closed": True, "fill": True, "width": 2.5}
    path = {"id": "path", "label": "a path", "color": "#56B4E9", "dash": "dash", "width": 4, "opacity": 0.5}
    curves = [
        far | {"x": [-1e7, 1e7, 1e7, -1e7], "y": [-0.9, -0.9, -0.8, -0.8]},
        ellipse | {"x": 0.8 * np.cos(turn), "y": 0.5 * np.sin(turn)},
        path | {"x": [-0.5, 0.5, np.nan, 0.5, 1e6], "y": [0.5, -0.5, np.nan, 0.5, 1e6]},
        path | {"id": "again", "x": [-0.9, -0.9], "y": [-0.5, 0.5]},
        {"id": "nameless", "color": "#E69F00", "x": [0.9, 0.9], "y": [-0.5, 0.5]},
    ]
    places = {"circle": (-0.6, -0.6), "diamond": (-0.3, -0.6), "cross": (0, -0.6), "square": (0.3, -0.6)}
    places |= {"star": (0.6, -0.6), "outside": (3, 0)}
    marks = [
        {"id": name, "label": f"a {name}", "x": x, "y": y, "color": "#D55E00", "shape": name}
        for name, (x, y) in places.items()
    ]
    marks += [{"id": "large", "label": "a star", "x": 0.6, "y": 0.7, "color": "#D55E00", "shape": "star", "size": 9}]
    names = [f"x{'₁₂₃₄₅₆₇₈₉'[i]}" for i in range(min(len(state), 9))]
    everything = {"curves": curves, "marks": marks, "names": names, "arrows": True}
    wanted = option("lay", "").split(",")
    chosen = (
        {"chosen": st.session_state[CHOSEN], "chosen_label": "the chosen one"} if CHOSEN in st.session_state else {}
    )
    return {name: value for name, value in everything.items() if name in wanted} | chosen


def choose(index: int) -> None:
    """Remember the point that was clicked on, and count the clicks."""
    st.session_state[CHOSEN] = index
    st.session_state[PICKS] = st.session_state.get(PICKS, 0) + 1


def answer_to(state: board.BoardState) -> dict[str, Any]:
    """What a solver would say."""
    time.sleep(float(option("sleep", "0")))
    note = option("note", "")
    if option("mode", "regression") == "plane-points":
        return {"network": None, "note": note} | laid_over(state)
    if note or not len(state):
        return {"network": None, "note": note}
    if option("mode", "regression").startswith("plane"):
        return {"network": None} if option("bare", "") else plane_answer(len(state))
    extras = overlays() if option("extras", "") else {}
    classes = option("mode", "regression") == "line-classes"
    return {"network": joined(state.points), "margins": classes, "regions": classes, **extras}


def put_preset(n: int) -> None:
    """Replace the data from Python."""
    mode = option("mode", "regression")
    x = np.linspace(-0.9, 0.9, n).round(12) + 0.0
    y = np.sign(np.sin(4 * x) + 1e-9) if mode == "line-classes" else np.sin(3 * x) * 0.7
    labels = np.where(y > 0, 1, -1) if mode in ("line-classes", "plane") else None
    board.put(STATE, np.column_stack([x, y]), labels, 2 * x if mode == "plane-values" else None)


def forget() -> None:
    """Lose the points."""
    st.session_state[STATE] = board.BoardState()


@st.fragment
def body() -> None:
    """Answer first, then draw: the answer belongs to the points just received."""
    mode = option("mode", "regression")
    state = board.current(STATE)
    board.mount(
        KEY,
        STATE,
        mode=mode,  # type: ignore[arg-type]
        view=VIEWS[mode],
        answer=answer_to(state),
        axes=("x₁", "x₂") if mode.startswith("plane") else ("x", "y"),
        max_points=int(option("max", "200")),
        equal=bool(option("equal", "")),
        height=int(option("height", "420")),
        fixed=bool(option("fixed", "")),
        tools=not option("bald", ""),
        on_pick=choose if option("pick", "") else None,
        weighted=bool(option("weighted", "")),
    )
    arrays = {name: getattr(state, name) for name in ("points", "labels", "values", "weights")}
    echo = {"gen": state.gen, "rev": state.rev, "live": state.live, "count": len(state)}
    echo |= {"chosen": st.session_state.get(CHOSEN), "picks": st.session_state.get(PICKS, 0)}
    echo |= {"refused": None if state.refused is None else state.refused.reason}
    echo |= {name: None if array is None else array.tolist() for name, array in arrays.items()}
    st.html(f'<pre data-testid="echo" style="display:none">{json.dumps(echo)}</pre>')
    st.button("Preset", on_click=put_preset, args=(7,))
    st.button("Three points", on_click=put_preset, args=(3,))
    st.button("Forget", on_click=forget, help="Lose everything, as a restarted server does")


def main() -> None:
    """The script; the server imports this file once too, for the `app` above."""
    st.set_page_config("Board", layout="centered")
    if STATE not in st.session_state:
        put_preset(int(option("n", "0"))) if option("n", "0") != "0" else board.put(STATE, np.empty((0, 2)))
    if option("pages", "") and st.toggle("Away"):
        st.write("another page")
    else:
        width = option("width", "")
        with st.container(width=int(width) if width else "stretch"):
            body()


if st.runtime.exists() and st.runtime.scriptrunner.get_script_run_ctx(suppress_warning=True):
    main()
