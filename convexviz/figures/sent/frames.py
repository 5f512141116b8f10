"""What a frame of a film or of a path makes of a figure; the browser does the same in `chart/figures.js`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..spec import Spec, Traces, Update


def scrubbed(figure: Spec, changes: Traces | Update) -> Spec:
    """The figure with what a frame changes: each update goes to the trace of its uid; one of none is a new trace."""
    updates = changes if isinstance(changes, list) else changes["data"]
    layout = {} if isinstance(changes, list) else changes.get("layout", {})
    new = {update["uid"]: update for update in updates}
    data = [merged(trace, new.pop(trace["uid"])) if trace.get("uid") in new else trace for trace in figure["data"]]
    made: Any = {"data": [*data, *new.values()], "layout": merged(figure["layout"], layout)}
    return made  # type: ignore[no-any-return]


def merged(base: Mapping[str, Any], update: Mapping[str, Any]) -> Any:
    """Both, where both name the same the update's, mapping within mapping."""
    out = dict(base)
    for name, value in update.items():
        both = isinstance(value, Mapping) and isinstance(out.get(name), Mapping)
        out[name] = merged(out[name], value) if both else value
    return out


def at_cursor(figure: Spec, places: Mapping[str, float | None]) -> Spec:
    """The figure with its upright lines (`meta.at`) at the present "beta" and "round"; those without a place hidden."""
    data: Any = []
    for trace in figure["data"]:
        at = trace.get("meta", {}).get("at")
        place = None if at is None else places.get(at)
        data.append(trace if at is None else trace | ({"visible": False} if place is None else {"x": [place, place]}))
    return {"data": data, "layout": figure["layout"]}
