"""The drawing board: points that are added, dragged and removed by hand, with the fit drawn through them.

One component serves data on the line (`regression`, `line-classes`) and in the plane: points with a class (`plane`),
with a value (`plane-values`) or with neither (`plane-points`). A page calls, in one fragment,

    state = board.current("line")           # the points as last drawn
    answer = solve(state)                   # {"network": {...}, "note": "", ...}
    board.mount("board-surface", "line", mode="regression", view=view, answer=answer)

The callback folds a gesture into the state before the script's body runs, so that the answer sent back belongs to the
points just drawn. The state stays in `session_state`, under the key that callers name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import get_args

import streamlit as st
from numpy.typing import ArrayLike

from convexviz.app.components import shown
from convexviz.app.components.board.payload import payload
from convexviz.app.components.board.store import BoardState, Limits, Refusal, fold, picked, replace
from convexviz.app.components.board.view import View
from convexviz.app.components.web import module
from convexviz.app.contracts import BoardAnswer, BoardMessage, BoardOptions, Mode, Parcels
from convexviz.figures.dates import DayAxis

_component = st.components.v2.component(
    "convexviz_board", js=module("board/board.js", "board/board.css"), isolate_styles=False
)


def current(state_key: str) -> BoardState:
    """The points as they stand; an empty board if nothing was drawn or put there yet."""
    return st.session_state.get(state_key, BoardState())


def put(
    state_key: str,
    points: ArrayLike,
    labels: ArrayLike | None = None,
    values: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> BoardState:
    """Replace the data from Python (preset, file, link); the browser can undo it."""
    st.session_state[state_key] = replace(current(state_key), points, labels, values, weights)
    return st.session_state[state_key]


def receive(key: str, state_key: str, limits: Limits | None = None) -> None:
    """Fold the component's latest message into the state; runs as a callback, before the script's body.

    A message that names other points was sent before the page changed to these, and is theirs.
    """
    message = st.session_state[key].get("points")
    if isinstance(message, Mapping) and message.get("id", state_key) != state_key:
        return
    st.session_state[state_key] = fold(current(state_key), message, limits or Limits())


def receive_pick(key: str, state_key: str, limits: Limits, on_pick: Callable[[int], None]) -> None:
    """Call `on_pick` with the index of the point that was clicked on, if it is one of the points on the board now.

    Points that came with the click are folded in first, since the click may speak of them.
    """
    message = st.session_state[key]
    if message.get("points") is not None:
        receive(key, state_key, limits)
    pick = message.get("pick")
    index = picked(current(state_key), pick)
    if index is not None and pick.get("id", state_key) == state_key:
        on_pick(index)


def mount(
    key: str,
    state_key: str,
    *,
    mode: Mode,
    view: View,
    answer: BoardAnswer | None,
    axes: tuple[str, ...] = ("x", "y"),
    max_points: int = 200,
    height: int = 420,
    parcels: Parcels | None = None,
    equal: bool = False,
    fixed: bool = False,
    tools: bool = True,
    on_pick: Callable[[int], None] | None = None,
    name: str = "board",
    weighted: bool = False,
) -> None:
    """Draw the board `key` with the points of `state_key` and the answer that belongs to them.

    `answer` is what is drawn besides the points, all of it optional; its gen and rev default to those of the current
    state, which is right whenever it was computed from it in this run. `parcels` are the new data of other parts of the
    page, by key (`badge.parcel`, `chart.parcel`): the board hands them on in the browser, so that a gesture is answered
    by one message and the fit is drawn first. `equal` gives both
    axes one scale: `view` is then shown in full, widened along one axis (see `View`).

    Points that are `fixed` can be dragged, but neither added nor removed. Without `tools` the row of buttons is left
    out. `on_pick` is called, before the rerun, with the index of a point that was clicked on without being moved, or
    that Enter was pressed on. Values need `view.z`; a third name in `axes` names them; a `DayAxis`
    there has dates at its ticks. `name` is that of its picture. Where points are `weighted`, their weights can be
    changed on the board.
    """
    if mode not in get_args(Mode):
        raise ValueError(f"mode must be one of {', '.join(get_args(Mode))}; got {mode!r}.")
    if mode == "plane-values" and view.z is None:
        raise ValueError("A board of mode 'plane-values' needs the range of the values: give View(..., z=(low, high)).")
    state = current(state_key)
    options: BoardOptions = {
        "id": state_key,
        "mode": mode,
        "axes": [str(name) for name in axes],
        "max_points": max_points,
        "height": height,
        "equal": equal,
        "fixed": fixed,
        "tools": tools,
        "pickable": on_pick is not None,
        "dates": [isinstance(name, DayAxis) for name in axes[:2]],
    }
    if weighted:
        options["weighted"] = True
    # A preset may bring more points than may be drawn by hand: those can still be dragged and removed.
    most = max(max_points, len(state))
    classes = mode in ("line-classes", "plane")
    limits = Limits(most, labelled=classes, valued=mode == "plane-values", fixed=fixed, weighted=weighted)
    data = payload(state, view=view, answer=answer)
    message: BoardMessage = {**data, **options, "parcels": dict(parcels or {})}
    shown.note("board", key, message, name)
    folded = partial(receive, key, state_key, limits)
    if on_pick is None:
        _component(key=key, data=message, on_points_change=folded)
    else:
        picks = partial(receive_pick, key, state_key, limits, on_pick)
        _component(key=key, data=message, on_points_change=folded, on_pick_change=picks)


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
    "picked",
    "put",
    "receive",
    "receive_pick",
    "replace",
]
