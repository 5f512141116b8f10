"""The legend as words: for each named trace its colour, a glyph that looks like it, and its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

LINES = {"dash": "╍", "dot": "┈", "dashdot": "╍", "longdash": "╍"}
MARKS = {"diamond": "◆", "square": "■", "star": "★", "cross": "✚", "x": "✖", "triangle-up": "▲", "triangle-down": "▼"}
MARKS |= {"triangle-right": "▶", "triangle-left": "◀", "circle-open": "○", "diamond-open": "◇", "square-open": "□"}
MARKS |= {"line-ns-open": "|", "line-ns": "|", "triangle-right-open": "▷", "triangle-left-open": "◁"}
MARKS |= {"triangle-up-open": "△", "triangle-down-open": "▽", "star-open": "☆"}
INK = "var(--st-text-color)"
LEAST_ALPHA = 0.5
_ALPHA = re.compile(r"([\d.]+)\)$")


def entries_of(spec: Mapping[str, Any]) -> list[str]:
    """What plotly's own legend of the figure would list, each entry as text; none where it shows no legend."""
    listed = [trace for trace in spec["data"] if _is_listed(trace)]
    if not spec["layout"].get("showlegend", len(listed) > 1):
        return []
    made = [f"<span style='color:{_colour(trace)}'>{_glyph(trace)}</span> {trace['name']}" for trace in listed]
    return list(dict.fromkeys(made))


def _is_listed(trace: Mapping[str, Any]) -> bool:
    shown = trace.get("visible", True) is True and trace.get("showlegend", True) and trace.get("name")
    drawn = trace.get("type", "scatter") not in {"heatmap", "contour", "surface", "mesh3d", "cone"}
    return bool(shown) and (drawn or bool(trace.get("showlegend")))


def _first(value: Any) -> Any:
    return value if isinstance(value, str) or value is None else next(iter(value), None)


def _is_hollow(trace: Mapping[str, Any]) -> bool:
    """Whether marks are seen by their edges alone: unfilled, or filled with the paper."""
    fill = _first((trace.get("marker") or {}).get("color"))
    return isinstance(fill, str) and (
        fill.lower() in {"white", "#ffffff", "#fff"} or fill.replace(" ", "").endswith(",0)")
    )


def _colour(trace: Mapping[str, Any]) -> str:
    marker, line, mode = trace.get("marker") or {}, trace.get("line") or {}, trace.get("mode", "lines")
    if "markers" in mode and "lines" not in mode:
        edge = (marker.get("line") or {}).get("color")
        found = _first(edge if _is_hollow(trace) else marker.get("color"))
        return found if isinstance(found, str) else INK
    if not line.get("width", 1) and trace.get("fillcolor"):
        return _stronger(str(trace["fillcolor"]))
    return str(line.get("color") or trace.get("fillcolor") or trace.get("color") or INK)


def _stronger(colour: str) -> str:
    """The colour of an area, as strong as a letter needs."""
    return (
        _ALPHA.sub(lambda found: f"{max(float(found[1]), LEAST_ALPHA):g})", colour)
        if colour.startswith("rgba")
        else colour
    )


def _glyph(trace: Mapping[str, Any]) -> str:
    mode, line = trace.get("mode", "lines"), trace.get("line") or {}
    if trace.get("type", "scatter") not in {"scatter", "scattergl", "scatter3d"} or not line.get("width", 1):
        return "■"
    if "lines" in mode:
        return LINES.get(str(line.get("dash")), "━")
    symbol = str(_first((trace.get("marker") or {}).get("symbol")) or "circle")
    return MARKS.get(f"{symbol}-open", "○") if _is_hollow(trace) else MARKS.get(symbol, "●")
