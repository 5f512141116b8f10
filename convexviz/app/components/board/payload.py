"""What the browser is sent: compact JSON of the points, the window and the answer to draw."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeVar, cast

import numpy as np

from convexviz.app.components.board.store import BoardState
from convexviz.app.components.board.view import View
from convexviz.app.contracts import Band, BoardAnswer, BoardData
from convexviz.figures.spec import Curve

Drawn = TypeVar("Drawn", Curve, Band)


def payload(state: BoardState, *, view: View, answer: BoardAnswer | None) -> BoardData:
    """The component's `data`: flat arrays, curves rounded to what the window can show; packed arrays pass unchanged."""
    data: BoardData = {
        "gen": state.gen,
        "rev": state.rev,
        "x": state.points[:, 0].tolist(),
        "y": state.points[:, 1].tolist(),
        "labels": None if state.labels is None else state.labels.tolist(),
        "values": None if state.values is None else state.values.tolist(),
        "refused": None if state.refused is None else {"rev": state.refused.rev, "reason": state.refused.reason},
        "view": {"x": list(view.x), "y": list(view.y), "z": None if view.z is None else list(view.z)},
        "answer": None if answer is None else _answer(state, view, answer),
    }
    return data if state.weights is None else {**data, "weights": state.weights.tolist()}


def _answer(state: BoardState, view: View, answer: BoardAnswer) -> BoardAnswer:
    at_x, at_y = view.decimals()
    places = {"x": at_x, "y": at_y, "lo": at_y, "hi": at_y}
    belongs: BoardAnswer = {"gen": state.gen, "rev": state.rev}
    plain: BoardAnswer = _plain(answer)
    return (
        belongs
        | plain
        | {
            "curves": [_rounded(curve, places) for curve in answer.get("curves") or ()],
            "bands": [_rounded(band, places) for band in answer.get("bands") or ()],
        }
    )


def _rounded(item: Drawn, places: Mapping[str, int]) -> Drawn:
    """Curve or band whose arrays are cut to the decimals that can be seen."""
    cut = {k: np.round(np.asarray(v, dtype=float), places[k]) if k in places else v for k, v in item.items()}
    return cast(Drawn, _plain(cut))  # the keys are those of `item`


def _plain(value: Any) -> Any:
    """`value` as JSON knows it; NaN and infinity become null, since JSON has no word for them."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
