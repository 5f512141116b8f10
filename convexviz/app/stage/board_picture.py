"""The board of a scene as a figure, from the message that its browser was sent; it follows a frame as that does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from convexviz.app.contracts import Frame
from convexviz.figures.board import Drawn, board_spec
from convexviz.figures.board.canvas import PLANAR
from convexviz.figures.dates import DayAxis
from convexviz.figures.sent.networks import dimension, support_of
from convexviz.figures.spec import Spec

TITLES = {"space": "Sample space", "line": "Along the line"}  # of boards that stand beside the first one
SHOWN = tuple(Drawn.__annotations__)


def board_picture(data: Mapping[str, Any], title: str, frame: Frame | None) -> Spec:
    """The picture of a board by its message; of a `frame` it takes network and curves."""
    answer: Mapping[str, Any] = data["answer"] or {}
    planar, view = data["mode"] in PLANAR, data["view"]
    network = shown_network(data, answer, frame)
    drawn: dict[str, Any] = {name: answer[name] for name in SHOWN if answer.get(name) is not None}
    drawn["support"] = shown_support(answer, network, frame) if planar else []
    drawn.setdefault("label", "optimal network" if certified(answer, frame) else "network")
    if frame is not None and "curves" in frame:
        drawn["curves"] = frame["curves"]  # type: ignore[typeddict-item]
    X = np.column_stack([data["x"], data["y"]]) if planar else np.array(data["x"], float)[:, None]
    third = {"plane": data["labels"], "plane-values": data["values"]}.get(data["mode"]) if planar else data["y"]
    return board_spec(
        X.reshape(-1, 2 if planar else 1),
        [] if third is None and data["mode"] != "plane-points" else third,
        mode=data["mode"],
        network=network,
        view=(tuple(view["x"]), tuple(view["y"])),
        z_range=tuple(view["z"]) if data["mode"] == "plane-values" else None,
        axes=axes_of(data),
        title=title,
        height=data["height"],
        weights=data.get("weights"),
        **drawn,
    )


def axes_of(data: Mapping[str, Any]) -> list[str]:
    """Names of the axes, those of dates marked as such."""
    dates = [*data.get("dates", ()), *[False] * len(data["axes"])]
    return [DayAxis(name) if days else name for name, days in zip(data["axes"], dates, strict=False)]


def shown_network(data: Mapping[str, Any], answer: Mapping[str, Any], frame: Frame | None) -> Any:
    """A frame's network, unless the points have none; one of another dimension belongs to another board."""
    own, planar = answer.get("network"), data["mode"] in PLANAR
    bare = data["mode"] == "plane-points" and own is None
    network = own if bare or frame is None or frame["network"] is None else frame["network"]
    return network if network is not None and (dimension(network) == 2) == planar else None


def shown_support(answer: Mapping[str, Any], network: Any, frame: Frame | None) -> list[int]:
    """Support vectors of what is on show, for an answer that has any."""
    if answer.get("support") is None:
        return []
    if frame is None:
        return list(answer["support"])
    own: Any = frame.get("support")
    if own is None:
        own = [] if network is None else support_of(network).tolist()
    return list(own)


def certified(answer: Mapping[str, Any], frame: Frame | None) -> bool:
    """Whether the network on show is proved to be optimal."""
    status = answer.get("status") if frame is None else frame["badge"].get("status")
    return status == "certified"
