"""The drawing board: points that are added, dragged and removed by hand, with the fit drawn through them.

One component serves data on the line (`regression`, `line-classes`) and in the plane: points with a class (`plane`)
or with a value (`plane-values`). A page calls, in one
fragment,

    state = board.current("line")           # the points as last drawn
    answer = solve(state)                   # {"network": {...}, "note": "", ...}
    board.mount("board-surface", "line", mode="regression", view=view, answer=answer)

The callback folds a gesture into the state before the script's body runs, so that the answer sent back belongs to the
points just drawn. This package is the only place that touches `session_state` for the board.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal, get_args

import streamlit as st
from numpy.typing import ArrayLike

from convexviz.app.board.payload import payload
from convexviz.app.board.store import BoardState, Limits, Refusal, fold, replace
from convexviz.app.board.view import View
from convexviz.app.web import module

Mode = Literal["regression", "line-classes", "plane", "plane-values"]

SCRIPTS = (
    "bus.js",
    "board.css",
    "plane_math.js",
    "board_math.js",
    "board_model.js",
    "board_link.js",
    "board_draw.js",
    "board_plane.js",
    "board_legend.js",
    "board_value.js",
    "board_pointer.js",
    "board_keyboard.js",
    "board_chrome.js",
    "board_save.js",
    "board_memory.js",
    "board_stage.js",
    "board.js",
)

_component = st.components.v2.component("convexviz_board", js=module(*SCRIPTS), isolate_styles=False)


def current(state_key: str) -> BoardState:
    """The points as they stand; an empty board if nothing was drawn or put there yet."""
    return st.session_state.get(state_key, BoardState())


def put(
    state_key: str, points: ArrayLike, labels: ArrayLike | None = None, values: ArrayLike | None = None
) -> BoardState:
    """Replace the data from Python (preset, file, link); the browser can undo it."""
    st.session_state[state_key] = replace(current(state_key), points, labels, values)
    return st.session_state[state_key]


def receive(key: str, state_key: str, limits: Limits | None = None) -> None:
    """Fold the component's latest message into the state; runs as a callback, before the script's body.

    A message that names other points was sent before the page changed to these, and is theirs.
    """
    message = st.session_state[key].get("points")
    if isinstance(message, Mapping) and message.get("id", state_key) != state_key:
        return
    st.session_state[state_key] = fold(current(state_key), message, limits or Limits())


def mount(
    key: str,
    state_key: str,
    *,
    mode: Mode,
    view: View,
    answer: Mapping[str, Any] | None,
    axes: tuple[str, ...] = ("x", "y"),
    max_points: int = 200,
    height: int = 420,
    parcels: Mapping[str, Any] | None = None,
    reveal: int = 0,
    equal: bool = False,
) -> None:
    """Draw the board `key` with the points of `state_key` and the answer that belongs to them.

    `answer` holds network, curves, bands, margins, regions, label, status, note (all optional); its gen and rev default
    to those of the current state, which is right whenever it was computed from it in this run. `parcels` are the new
    data of other parts of the page, by key (`badge.parcel`, `chart.parcel`): the board hands them on in the browser, so
    that a gesture is answered by one message and the fit is drawn first. A new number for `reveal` brings the board
    into view. `equal` gives both axes one scale: `view` is then shown in full, widened along one axis (see `View`).

    In the plane `answer` holds network (`{"dim": 2, ...}`), the flags regions (heat map), margins (boundary and
    margins, or level lines of values) and lines (break lines), support (indices of points), ghost
    (`{"network", "label"}`) and fields (`[{"id", "label", "color", "dash", "nx", "ny", "z"}]`, whose zero lines are
    drawn; `x` and `y` name the limits of the grid if they are not the view's). Values need `view.z`; a third name in
    `axes` names them.
    """
    if mode not in get_args(Mode):
        raise ValueError(f"mode must be one of {', '.join(get_args(Mode))}; got {mode!r}.")
    if mode == "plane-values" and view.z is None:
        raise ValueError("A board of mode 'plane-values' needs the range of the values: give View(..., z=(low, high)).")
    state = current(state_key)
    options = {"id": state_key, "mode": mode, "axes": list(axes), "max_points": max_points, "height": height}
    options["equal"] = equal
    # A preset may bring more points than may be drawn by hand: those can still be dragged and removed.
    most = max(max_points, len(state))
    limits = Limits(most, labelled=mode in ("line-classes", "plane"), valued=mode == "plane-values")
    _component(
        key=key,
        data=payload(state, view=view, answer=answer, **options) | {"parcels": dict(parcels or {}), "reveal": reveal},
        on_points_change=partial(receive, key, state_key, limits),
    )


__all__ = [
    "BoardState",
    "Limits",
    "Mode",
    "Refusal",
    "View",
    "current",
    "fold",
    "mount",
    "payload",
    "put",
    "receive",
    "replace",
]
