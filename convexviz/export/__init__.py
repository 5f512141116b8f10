"""Pictures as files, for slides and papers: the same from the app, the command line and Python.

`export(figure, "fig.svg")` writes one; `styled` dresses a figure for a slide, half a slide or a column of a paper, in
light or dark; a `Renderer` keeps a Chromium open that draws; `table` gives the numbers; `bundle` all of a scene as zip.
SVG and PDF are vectors but for heat maps: scenes in space are projected and painted as polygons (`space`).
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .bundle import alt_of, bundle, picture_name
from .errors import ExportError
from .names import file_name
from .presets import PRESETS, THEMES, preset_of, theme_of
from .render import SHARED, Renderer, find_chromium, missing
from .styled import styled
from .tables import table

__all__ = [
    "FORMATS",
    "PRESETS",
    "THEMES",
    "ExportError",
    "Renderer",
    "alt_of",
    "bundle",
    "export",
    "file_name",
    "find_chromium",
    "missing",
    "picture_name",
    "rendered",
    "styled",
    "table",
]

FORMATS = ("svg", "pdf", "png", "csv")


def export(
    figure_or_scene: Any,
    path: str | Path,
    *,
    name: str | None = None,
    preset: str = "slide",
    theme: str = "light",
    transparent: bool = False,
    scale: float = 2.0,
    title: bool | str | None = None,
    legend: bool | None = None,
) -> Path:
    """Write a picture to `path`, in the form that its ending says: .svg, .pdf, .png, .csv, or .zip for a whole scene.

    Parameters
    ----------
    figure_or_scene : a figure of plotly or of `convexviz.figures`, figures by name, or what has `pictures()`.
    name : of the picture, where there are several; by default the first, of a lesson its board.
    preset : "slide" (1280 x 720 pixels), "half" of one, or a column of a "paper".
    theme : "light" or "dark".
    transparent : leave the paper out.
    scale : pixels of a PNG for each of the preset.
    title, legend : overrule what the preset decides; `title` may be a text.

    Returns
    -------
    The path.

    Raises
    ------
    ValueError : a form, preset, theme or name that there is not.
    ExportError : the picture could not be drawn; the message says what to do.
    """
    path = Path(path)
    form = path.suffix.lower().lstrip(".")
    if form == "zip":
        scene = figure_or_scene
        shown = None if hasattr(scene, "pictures") else _shown(scene)
        path.write_bytes(bundle(scene, shown, preset=preset, theme=theme, transparent=transparent, scale=scale))
        return path
    figure = _chosen(_shown(figure_or_scene), name)
    kept: dict[str, Any] = {"title": title, "legend": legend}
    path.write_bytes(rendered(figure, form, preset=preset, theme=theme, transparent=transparent, scale=scale, **kept))
    return path


def rendered(
    spec: Any,
    form: str,
    *,
    preset: str = "slide",
    theme: str = "light",
    transparent: bool = False,
    scale: float = 2.0,
    title: bool | str | None = None,
    legend: bool | None = None,
    renderer: Renderer | None = None,
) -> bytes:
    """A figure as the bytes of a file, "svg", "pdf", "png" or "csv"; else as `export`.

    Without a `renderer` all share one, whose Chromium is ended a minute after the last picture.
    """
    if form not in FORMATS:
        raise ValueError(f"A picture is one of {', '.join(FORMATS)}, got {form!r}; name the file fig.svg, say.")
    if not 0 < scale <= 8:
        raise ValueError(f"scale must be above 0 and at most 8, got {scale}; 2 gives 2560 x 1440 pixels for a slide.")
    preset_of(preset), theme_of(theme)
    if form == "csv":
        return table(spec)
    picture = styled(spec, preset, theme, transparent, title=title, legend=legend)
    made = (renderer or SHARED).draw(picture, form, scale=scale)  # type: ignore[arg-type]
    return _described(made, alt_of(spec)) if form == "svg" else made


def _described(svg: bytes, alt: str) -> bytes:
    """The SVG with the figure in words, for readers of screens."""
    if not alt:
        return svg
    head, tag, rest = svg.partition(b">")
    words = html.escape(alt, quote=False)
    return head + b' role="img"' + tag + f"<title>{words}</title>".encode() + rest


def _shown(figure_or_scene: Any) -> Mapping[str, Any]:
    """The figures that it holds, by name."""
    if hasattr(figure_or_scene, "pictures"):
        shown: Mapping[str, Any] = figure_or_scene.pictures()
        return shown
    if hasattr(figure_or_scene, "to_plotly_json") or "data" in figure_or_scene:
        return {"figure": figure_or_scene}
    return dict(figure_or_scene)


def _chosen(shown: Mapping[str, Any], name: str | None) -> Any:
    if not shown:
        raise ValueError("There is no picture to export. Take a scene whose lesson draws a board or a chart.")
    if name is not None and name not in shown:
        raise ValueError(f"There is no picture {name!r}; there are {', '.join(shown)}.")
    return shown[name or next(iter(shown))]
