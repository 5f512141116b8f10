"""A figure dressed for where it goes: sizes of a preset, colours of a theme, title and legend in lines that fit.

Nothing in it depends on the browser: what is drawn is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from convexviz.figures.spec import Spec
from convexviz.figures.typed import decoded

from .legend import entries_of
from .presets import Preset, Theme, preset_of, theme_of
from .three_d import flattened
from .ticks import extent_of, thinned
from .words import FONT, levelled, listed, plain, split_title, still, width, wrapped

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#BD8300", "#3A96CC"]  # as in figures/theme.py
CLEAR = "rgba(0,0,0,0)"
MADE_FOR = 12  # size of the text that figures are made with
LEADING = 1.3  # from line to line, of the size of the text, as plotly sets it
AXIS = re.compile(r"[xy]axis\d*$")


def styled(
    spec: Any,
    preset: str = "slide",
    theme: str = "light",
    transparent: bool = False,
    *,
    title: bool | str | None = None,
    legend: bool | None = None,
) -> Spec:
    """The figure, a spec or a figure of plotly, as it is drawn for a preset and a theme; a 3-D scene becomes flat.

    `transparent` leaves the paper out. `title` True, False or a text overrules whether the preset has one; `legend`
    False leaves out what explains lines and marks.
    """
    size, colours = preset_of(preset), theme_of(theme)
    plainly = colours.resolved(decoded(_data(spec)))
    words, keys = split_title(str(_title(plainly["layout"])))
    entries = [*keys, *entries_of(plainly)] if legend is not False else []
    heading = _heading(words, title, size)
    return _drawn(plainly, heading, entries, size, colours, transparent)


def _data(spec: Any) -> dict[str, Any]:
    made = spec.to_plotly_json() if hasattr(spec, "to_plotly_json") else spec
    if not isinstance(made, Mapping) or "data" not in made:
        raise TypeError(f"A picture is made from a figure of plotly or its data and layout, got {type(spec).__name__}.")
    return {"data": list(made["data"]), "layout": dict(made.get("layout", {}))}


def _title(layout: Mapping[str, Any]) -> str:
    title = layout.get("title") or ""
    return title if isinstance(title, str) else title.get("text") or ""


def _heading(words: str, title: bool | str | None, size: Preset) -> str:
    if isinstance(title, str):
        return title
    return still(levelled(words)) if (size.titled if title is None else title) else ""


def _drawn(
    spec: Mapping[str, Any], heading: str, entries: list[str], size: Preset, colours: Theme, transparent: bool
) -> Spec:
    head = _head(heading, [levelled(entry) for entry in entries], size)
    margin = _margin(spec["layout"], head, size)
    room = (size.width - margin["l"] - margin["r"], size.height - margin["t"] - margin["b"])
    flat = flattened(spec, colours, size, room)
    layout = {name: value for name, value in flat["layout"].items() if name not in {"template", "title", "legend"}}
    traces = [_trace(trace, size) for trace in flat["data"]]
    layout |= {
        **_axes(layout, traces, room, size, colours),
        "title": head["title"],
        "margin": margin,
        "annotations": [_note(note, size, colours) for note in layout.get("annotations", ())],
        "shapes": [_shape(shape, size) for shape in layout.get("shapes", ())],
        "width": size.width,
        "height": size.height,
        "autosize": False,
        "font": {"family": FONT, "size": size.text, "color": colours.ink},
        "paper_bgcolor": CLEAR if transparent else colours.paper,
        "plot_bgcolor": CLEAR,
        "showlegend": False,  # it is written above the plot, where its lines wrap
        "hovermode": False,
        "template": {"layout": {"colorway": COLOURS}},
    }
    return {"data": traces, "layout": layout}  # type: ignore[typeddict-item]


# ---------------------------------------------------------------- what stands above the plot


def _head(heading: str, entries: list[str], size: Preset) -> dict[str, Any]:
    """Title and legend as one text of plotly's, and its height."""
    room = size.width - 2 * size.pad
    first = size.title if heading else size.text
    lines = [f"<b>{line}</b>" for line in wrapped(heading, 1.06 * size.title, room)] if heading else []
    keys = listed(entries, size.text, room)
    small = [f'<span style="font-size:{size.text}px">{line}</span>' if heading else line for line in keys]
    text = "<br>".join([*lines, *small])
    place = {"x": size.pad / size.width, "xref": "container", "xanchor": "left"}
    place |= {"y": 1 - size.pad / size.height, "yref": "container", "yanchor": "top"}
    height = (len(lines) + len(small)) * LEADING * first
    return {"title": {"text": text, "font": {"size": first}, **place}, "height": height}


def _margin(layout: Mapping[str, Any], head: Mapping[str, Any], size: Preset) -> dict[str, float]:
    """Room for what stands above; plotly makes that of ticks and titles of the axes."""
    above = [note for note in layout.get("annotations", ()) if _stands_above(note)]
    top = size.pad + head["height"] + 0.4 * size.text + (1.5 * size.text if above else 0.0)
    side = max(size.pad, 1.1 * size.text)
    return {"l": side, "r": side, "t": top, "b": size.pad}


def _stands_above(note: Mapping[str, Any]) -> bool:
    return note.get("yref") == "paper" and note.get("y", 0) >= 1 and note.get("yanchor") == "bottom"


# ---------------------------------------------------------------- traces, notes, shapes


def grown(size: float, preset: Preset) -> float:
    """A size of text for the preset."""
    return max(preset.text, size * preset.text / MADE_FOR)


def _font(font: Mapping[str, Any] | None, preset: Preset) -> dict[str, Any]:
    held = {name: value for name, value in (font or {}).items() if name != "family"}
    return {**held, "size": grown(held.get("size", MADE_FOR), preset)}


def _trace(trace: Mapping[str, Any], size: Preset) -> Any:
    made = dict(trace)
    kind = made.get("type", "scatter")
    made["type"] = "scatter" if kind == "scattergl" else kind
    if "line" in made and "width" in made["line"]:
        made["line"] = {**made["line"], "width": size.lines * made["line"]["width"]}
    elif made["type"] == "scatter" and "lines" in made.get("mode", "lines"):
        made["line"] = {**made.get("line", {}), "width": 2 * size.lines}
    if made["type"] == "scatter" and "markers" in made.get("mode", "lines+markers"):
        made["marker"] = _marker(made.get("marker", {}), size)
    if "textfont" in made or "text" in made.get("mode", ""):
        made["textfont"] = _font(made.get("textfont"), size)
    if isinstance(made.get("colorbar"), Mapping):
        made["colorbar"] = _colorbar(made["colorbar"], size)
    if made["type"] in {"heatmap", "contour"} and made.get("showscale", True) and "colorbar" not in made:
        made["colorbar"] = _colorbar({}, size)
    return made


def _marker(marker: Mapping[str, Any], size: Preset) -> dict[str, Any]:
    given = marker.get("size", 6)
    scaled = size.marks * (given if isinstance(given, int | float) else np.asarray(given, float))
    edge = marker.get("line") or {}
    wide = {"line": {**edge, "width": size.lines * edge["width"]}} if isinstance(edge.get("width"), int | float) else {}
    return {**marker, "size": scaled, **wide}


def _colorbar(bar: Mapping[str, Any], size: Preset) -> dict[str, Any]:
    title = bar.get("title") or {}
    title = {"text": title} if isinstance(title, str) else title
    thick = bar.get("thickness", 12) * size.text / MADE_FOR
    bare = {"outlinewidth": 0, **bar, "thickness": thick, "tickfont": _font(bar.get("tickfont"), size)}
    if "ticktext" in bar:
        bare["ticktext"] = [levelled(str(text)) for text in bar["ticktext"]]
    text = levelled(title.get("text") or "")
    return {**bare, "title": {**title, "text": text, "font": _font(title.get("font"), size)}}


def _note(note: Mapping[str, Any], size: Preset, colours: Theme) -> dict[str, Any]:
    made = {**note, "text": levelled(note.get("text") or ""), "font": _font(note.get("font"), size)}
    return {"showarrow": False, "arrowcolor": colours.ink, **made}


def _shape(shape: Mapping[str, Any], size: Preset) -> Mapping[str, Any]:
    line = shape.get("line") or {}
    if shape.get("name") == "flat":  # of a scene in space, with the widths of the preset already
        return shape
    return {**shape, "line": {**line, "width": size.lines * line.get("width", 2)}}


# ---------------------------------------------------------------- axes


def _axes(
    layout: Mapping[str, Any], traces: Iterable[Mapping[str, Any]], room: tuple[float, float], size: Preset, to: Theme
) -> dict[str, Any]:
    names = {"xaxis", "yaxis", *(name for name in layout if AXIS.match(name))}
    held = list(traces)
    return {name: _axis(name, layout.get(name) or {}, held, room, size, to) for name in sorted(names)}


def _axis(
    name: str, axis: Mapping[str, Any], traces: list[Mapping[str, Any]], room: tuple[float, float], size: Preset, to: Theme
) -> dict[str, Any]:
    across = name.startswith("x")
    domain = axis.get("domain") or (0.0, 1.0)
    length = (domain[1] - domain[0]) * (room[0] - 3.5 * size.text if across else room[1] - 3.2 * size.text)
    base: dict[str, Any] = {"gridcolor": to.grid, "zerolinecolor": to.border, "linecolor": to.border}
    base |= {"gridwidth": size.text / 24, "zerolinewidth": size.text / 16, "automargin": True, "ticks": "outside"}
    base |= {"ticklen": size.text / 4, "tickcolor": CLEAR, "tickfont": {"size": size.text}}
    if across:
        base["tickangle"] = 0
    made = {**base, **axis, "tickfont": _font(axis.get("tickfont"), size), "title": _axis_title(axis, length, size)}
    if axis.get("type") == "category" or axis.get("visible") is False:
        return {**made, "nticks": max(2, int(length / (2.5 * size.text)))}
    letter, number = name[0], name.removeprefix("xaxis").removeprefix("yaxis")
    on = [trace for trace in traces if (trace.get(f"{letter}axis") or letter) == f"{letter}{number}"]
    values = [trace[letter] for trace in on if _numeric(trace.get(letter)) and trace.get("visible") is not False]
    return thinned(made, extent_of(axis, values), length, size.text, across)


def _numeric(values: Any) -> bool:
    return values is not None and np.size(values) > 0 and np.asarray(values).dtype.kind in "fiuO" and not _texts(values)


def _texts(values: Any) -> bool:
    return any(isinstance(value, str) for value in values)


def _axis_title(axis: Mapping[str, Any], length: float, size: Preset) -> dict[str, Any]:
    title = axis.get("title") or {}
    title = {"text": title} if isinstance(title, str) else title
    text, font = levelled(title.get("text") or ""), _font(title.get("font"), size)
    lines = wrapped(text, font["size"], max(length, 1.0)) if plain(text) and width(text, font["size"]) > length else [text]
    return {**title, "text": "<br>".join(lines), "font": font, "standoff": size.text / 3}

