"""A figure dressed for where it goes: sizes of a preset, colours of a theme, title and legend in lines that fit.

Nothing in it depends on the browser: what is drawn is decided here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from convexviz.figures.inks import inked
from convexviz.figures.sent.typed import decoded
from convexviz.figures.spec import Spec

from .legend import entries_of
from .presets import Preset, Theme, preset_of, theme_of
from .space.flattened import flattened
from .space.painted import DRAWN as SOLID
from .ticks import extent_of, thinned
from .words import FONT, levelled, listed, plain, split_title, still, width, wrapped

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#BD8300", "#3A96CC"]  # as in figures/theme.py
CLEAR = "rgba(0,0,0,0)"
STACKED = 3  # plots above each other that need a taller picture where the preset has one
MADE_FOR = 12  # size of the text that figures are made with
LEADING = 1.3  # from line to line, of the size of the text, as plotly sets it
AXIS = re.compile(r"[xy]axis\d*$")
_LINE = re.compile(r"(?<![━╍┈┄])[━╍┈┄](?![━╍┈┄])")


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
    colours = theme_of(theme)
    plainly = colours.resolved(decoded(_data(spec)))
    if theme == "dark":
        plainly = _on_dark(plainly)
    size = _sized(preset_of(preset), plainly["layout"])
    words, keys = split_title(str(_title(plainly["layout"])))
    entries = [*keys, *colours.resolved(entries_of(plainly))] if legend is not False else []
    alt = str((plainly["layout"].get("meta") or {}).get("alt", ""))
    heading = _heading(words, alt, title, size)
    return _drawn(plainly, heading, entries, size, colours, transparent)


def _sized(size: Preset, layout: Mapping[str, Any]) -> Preset:
    stacked = sum(1 for name in layout if name.startswith("yaxis")) >= STACKED
    return replace(size, height=size.taller) if stacked and size.taller else size


def _on_dark(spec: dict[str, Any]) -> dict[str, Any]:
    """What was drawn in ink on white paper, for dark paper; in space lines lie on surfaces, whose colours stay."""
    made: Any = inked(spec, "dark")
    pairs = zip(spec["data"], made["data"], strict=True)
    return {**made, "data": [was if was.get("type") in SOLID else now for was, now in pairs]}


def _data(spec: Any) -> dict[str, Any]:
    made = spec.to_plotly_json() if hasattr(spec, "to_plotly_json") else spec
    if not isinstance(made, Mapping) or "data" not in made:
        raise TypeError(f"A picture is made from a figure of plotly or its data and layout, got {type(spec).__name__}.")
    return {"data": list(made["data"]), "layout": dict(made.get("layout", {}))}


def _title(layout: Mapping[str, Any]) -> str:
    title = layout.get("title") or ""
    return title if isinstance(title, str) else title.get("text") or ""


def _heading(words: str, alt: str, title: bool | str | None, size: Preset) -> str:
    """What is written above: what was asked for, else the figure's title, else the figure in words."""
    if isinstance(title, str):
        return title
    if not (size.titled if title is None else title):
        return ""
    return still(levelled(words)) or html.escape(alt.removesuffix("."), quote=False)


def heading_of(spec: Any, size: Preset) -> str:
    """What `styled` writes above the figure, unless it is asked for something else."""
    layout = _data(spec)["layout"]
    words, _ = split_title(str(_title(layout)))
    return _heading(words, str((layout.get("meta") or {}).get("alt", "")), None, size)


def _drawn(
    spec: Mapping[str, Any], heading: str, entries: list[str], size: Preset, colours: Theme, transparent: bool
) -> Spec:
    head = _head(heading, [_key(entry) for entry in entries], size)
    outer = _outer(spec["layout"], head, size)
    flat = flattened(spec, colours, size, _room(outer, size))
    layout = {name: value for name, value in flat["layout"].items() if name not in {"template", "title", "legend"}}
    traces = [_trace(trace, size) for trace in flat["data"]]
    axes = _axes(layout, traces, _room(outer, size), size, colours)
    layout |= {
        **axes,
        "title": head["title"],
        "margin": _margin(outer, axes, size),
        "annotations": _notes(layout, _room(outer, size), size, colours),
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


def _key(entry: str) -> str:
    """An entry of the legend, with a line of it long enough to show its dashes."""
    return _LINE.sub(lambda found: 2 * found[0], levelled(entry))


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
    # Of one line plotly places the top, of several the foot of the first.
    top = size.pad + (0.74 * first if len(lines) + len(small) > 1 else 0.0)
    place |= {"y": 1 - top / size.height, "yref": "container", "yanchor": "top"}
    height = (len(lines) + len(small)) * LEADING * first
    return {"title": {"text": text, "font": {"size": first}, **place}, "height": height}


def _outer(layout: Mapping[str, Any], head: Mapping[str, Any], size: Preset) -> dict[str, float]:
    """Room for what stands above, and at the edges; without what axes need."""
    above = [note for note in layout.get("annotations", ()) if _stands_above(note)]
    top = size.pad + head["height"] + 0.4 * size.text + (1.5 * size.text if above else 0.0)
    return {"l": size.pad, "r": max(size.pad, 1.1 * size.text), "t": top, "b": 0.7 * size.pad}


def _room(margin: Mapping[str, float], size: Preset) -> tuple[float, float]:
    return size.width - margin["l"] - margin["r"], size.height - margin["t"] - margin["b"]


def _margin(outer: Mapping[str, float], axes: Mapping[str, Mapping[str, Any]], size: Preset) -> dict[str, float]:
    """The same with room for labels and titles of the axes; plotly adds what these sums miss."""
    shown = {name: axis for name, axis in axes.items() if axis.get("visible") is not False}
    left = max(
        (_label_width(axis, size) + _title_height(axis) for n, axis in shown.items() if n[0] == "y"), default=0.0
    )
    below = max((1.5 * size.text + _title_height(axis) for n, axis in shown.items() if n[0] == "x"), default=0.0)
    return {**outer, "l": outer["l"] + left, "b": outer["b"] + below}


def _label_width(axis: Mapping[str, Any], size: Preset) -> float:
    texts = axis.get("ticktext") or ["000"]
    return size.text / 4 + max((width(text, size.text) for text in texts), default=0.0)


def _title_height(axis: Mapping[str, Any]) -> float:
    title = axis["title"]
    lines = title["text"].count("<br>") + 1 if plain(title["text"]) else 0
    return float(title["standoff"] + LEADING * title["font"]["size"] * lines) if lines else 0.0


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


def _notes(layout: Mapping[str, Any], room: tuple[float, float], size: Preset, colours: Theme) -> list[Any]:
    """Words in the plot, at the size of the preset; those side by side in lines that do not reach the next."""
    notes = [_note(note, size, colours) for note in layout.get("annotations", ())]
    for note in notes:
        beside = [n["x"] for n in notes if _is_label(n) and n["y"] == note.get("y") and n["x"] != note.get("x")]
        if _is_label(note) and beside and layout.get("xaxis", {}).get("range"):
            spans = [abs(layout[axis]["range"][1] - layout[axis]["range"][0]) for axis in ("xaxis", "yaxis")]
            pixels = min(room[0] / spans[0], room[1] / spans[1])  # of a unit; both axes have the same
            wide = pixels * min(abs(x - note["x"]) for x in beside) - size.text / 4
            text = note["text"]
            note["text"] = text if width(text, note["font"]["size"]) <= wide else _broken(text, note, wide)
    return notes


def _is_label(note: Mapping[str, Any]) -> bool:
    """Whether a note stands at a picture of a row of pictures."""
    return note.get("xref") == "x" and note.get("yref") == "y" and note.get("yanchor") == "bottom"


def _broken(text: str, note: Mapping[str, Any], wide: float) -> str:
    return "<br>".join(wrapped(text, note["font"]["size"], wide))


def _note(note: Mapping[str, Any], size: Preset, colours: Theme) -> dict[str, Any]:
    made = {**note, "text": levelled(note.get("text") or ""), "font": _font(note.get("font"), size)}
    if note.get("name") != "flat":  # of a scene in space, which is measured for the preset already
        k = size.text / MADE_FOR
        made |= {way: k * note[way] for way in ("xshift", "yshift") if note.get(way)}
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
    name: str,
    axis: Mapping[str, Any],
    traces: list[Mapping[str, Any]],
    room: tuple[float, float],
    size: Preset,
    to: Theme,
) -> dict[str, Any]:
    across = name.startswith("x")
    domain = axis.get("domain") or (0.0, 1.0)
    length = (domain[1] - domain[0]) * (room[0] - 3.5 * size.text if across else room[1] - 3.2 * size.text)
    base: dict[str, Any] = {"gridcolor": to.grid, "zerolinecolor": to.border, "linecolor": to.border}
    base |= {"gridwidth": size.text / 24, "zerolinewidth": size.text / 16, "automargin": True, "ticks": "outside"}
    base |= {"ticklen": size.text / 4, "tickcolor": CLEAR, "tickfont": {"size": size.text}}
    if across:
        base["tickangle"] = 0
    axis = {name: value for name, value in axis.items() if name != "constraintoward"}  # in the middle of the picture
    made = {**base, **axis, "tickfont": _font(axis.get("tickfont"), size), "title": _axis_title(axis, length, size)}
    if axis.get("type") == "category" or axis.get("visible") is False:
        return {**made, "nticks": max(2, int(length / (2.5 * size.text)))}
    letter, number = name[0], name.removeprefix("xaxis").removeprefix("yaxis")
    on = [trace for trace in traces if (trace.get(f"{letter}axis") or letter) == f"{letter}{number}"]
    values = [trace[letter] for trace in on if _numeric(trace.get(letter)) and trace.get("visible") is not False]
    if not values and axis.get("range") is None:
        made["range"] = [0.0, 1.0]  # there is nothing on it
    return thinned(made, extent_of(made, values), length, size.text, across)


def _numeric(values: Any) -> bool:
    return values is not None and np.size(values) > 0 and np.asarray(values).dtype.kind in "fiuO" and not _texts(values)


def _texts(values: Any) -> bool:
    return any(isinstance(value, str) for value in values)


def _axis_title(axis: Mapping[str, Any], length: float, size: Preset) -> dict[str, Any]:
    title = axis.get("title") or {}
    title = {"text": title} if isinstance(title, str) else title
    text, font = levelled(title.get("text") or ""), _font(title.get("font"), size)
    lines = (
        wrapped(text, font["size"], max(length, 1.0)) if plain(text) and width(text, font["size"]) > length else [text]
    )
    return {**title, "text": "<br>".join(lines), "font": font, "standoff": size.text / 3}
