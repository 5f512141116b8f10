"""What figures are made of: plain traces, assembled with their styles and a layout."""

from __future__ import annotations

from typing import Any

from convexviz.core.losses import band
from convexviz.core.solution import Solution

from .theme import AXIS_FONT

Traces = list[dict[str, Any]]
Spec = dict[str, Any]
Range = tuple[float, float]


def band_of(solution: Solution) -> float:
    """Half the width of the band that N_v of this solution may fill."""
    return band(solution.loss, solution.beta)


def assembled(styles: Traces, traces: Traces, page: dict[str, Any]) -> Spec:
    """A figure as plain data: each trace with its style, axes in the font that all figures share."""
    for name, axis in page.items():
        if name.startswith(("xaxis", "yaxis")):
            page[name] = axis | {
                "tickfont": AXIS_FONT,
                "title": axis.get("title", {}) | {"font": AXIS_FONT, "standoff": 4},
            }
    merged = []
    for style, trace in zip(styles, traces, strict=True):
        marker = style.get("marker", {}) | trace.get("marker", {})
        merged.append({"type": "scatter"} | style | trace | ({"marker": marker} if marker else {}))
    return {"data": merged, "layout": page}


def keyed(title: str, *lines: tuple[str, str, str]) -> str:
    """A title that explains the lines of its figure: colour, glyph and words of each."""
    words = "  ".join(f"<span style='color:{color}'>{glyph}</span> {text}" for color, glyph, text in lines)
    return f"{title}  <span style='font-size:11px'>{words}</span>"
