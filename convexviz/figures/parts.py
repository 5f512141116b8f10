"""What figures are made of: plain traces, assembled with their styles and a layout."""

from __future__ import annotations

import html
import re
from typing import Literal, get_args

from convexviz.core.losses import LOSSES, band
from convexviz.core.solution import Solution

from .spec import Layout, Marker, Range, Spec, Trace, Traces
from .theme import AXIS_FONT

__all__ = [
    "SUM_SO_FAR",
    "Range",
    "Spec",
    "Traces",
    "assembled",
    "band_of",
    "band_ticks",
    "band_unit",
    "keyed",
    "shown_name",
    "told_name",
    "unit_of",
]

AxisName = Literal["xaxis", "xaxis2", "yaxis", "yaxis2", "yaxis3", "yaxis4"]
AXES: tuple[AxisName, ...] = get_args(AxisName)
SUM_SO_FAR = ": point at one to see the sum so far"  # in titles on the page, where one can
NAME = 20  # characters of a column's name that an axis shows
_UNIT = re.compile(r"(.*\S)\s*([(\[][^()\[\]]{1,12}[)\]])")  # a name and its unit in brackets


def band_of(solution: Solution) -> float:
    """Half the width of the band that N_v of this solution may fill."""
    return band(solution.loss, solution.beta)


def band_unit(loss: str) -> str:
    """In what N_v is counted, to go behind a number: beta, or 1 where a loss has none because it allows no miss."""
    return "" if LOSSES[loss].constrained else " β"


def band_ticks(loss: str) -> list[str]:
    """What stands at the lower end, the middle and the upper end of the band."""
    end = band_unit(loss).strip() or "1"
    return [f"−{end}", "0", end]


def assembled(styles: Traces, traces: Traces, page: Layout) -> Spec:
    """A figure as plain data: each trace with its style, axes in the font that all figures share."""
    for name in AXES:
        if name in page:
            axis = page[name]
            title = axis.get("title", {}) | {"font": AXIS_FONT, "standoff": 4}
            page[name] = axis | {"tickfont": AXIS_FONT, "title": title}
    return {"data": [_styled(style, trace) for style, trace in zip(styles, traces, strict=True)], "layout": page}


def _styled(style: Trace, trace: Trace) -> Trace:
    base: Trace = {"type": "scatter"}
    marker: Marker = style.get("marker", {}) | trace.get("marker", {})
    return base | style | trace | ({"marker": marker} if marker else {})


def keyed(title: str, *lines: tuple[str, str, str]) -> str:
    """A title that explains the lines of its figure: colour, glyph and words of each."""
    words = "  ".join(f"<span style='color:{color}'>{glyph}</span> {text}" for color, glyph, text in lines)
    return f"{title}  <span style='font-size:12px'>{words}</span>"


def shown_name(name: str) -> str:
    """A column's name as an axis shows it: short, and letter by letter, whatever plotly would read into it."""
    return html.escape(_short(name), quote=False)


def _short(name: str) -> str:
    """At most NAME characters, and behind them the unit, which is not cut away."""
    found = _UNIT.fullmatch(name)
    if len(name) <= NAME or not found:
        return name if len(name) <= NAME else f"{name[: NAME - 1]}…"
    bare, unit = found.groups()
    return f"{bare if len(bare) <= NAME else f'{bare[: NAME - 1]}…'} {unit}"


def unit_of(name: str) -> str:
    """The unit that a column's name ends with in brackets: m/s of "speed (m/s)"; "" where it has none."""
    found = _UNIT.fullmatch(name)
    return found[2][1:-1].strip() if found else ""


def told_name(name: str) -> str:
    """The same within a template of what is told of a point."""
    return shown_name(name).replace("%", "&#37;")
