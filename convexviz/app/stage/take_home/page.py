"""The page as HTML: where each part of a scene stands, and the words around it."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from convexviz.app.components.shown import Part, frames
from convexviz.app.stage.scene import Scene
from convexviz.app.stage.take_home import files
from convexviz.app.stage.take_home.words import as_html
from convexviz.export import names

LEFT = ("board", "slider", "path", "film")
BADGE_HEIGHT, PLAYER_HEIGHT = 190, 100  # px, about: beside a board of which height figures find room
SPILL = 120  # px by which the right column may be longer than the left one
TURN = 60  # px by which the columns must become more alike for the verdict to change sides
# a board that the hand may look at
STILL = {"fixed": True, "tools": False, "pickable": False, "weighted": False, "parcels": {}}


@dataclass(frozen=True)
class Inside:
    """What a page has besides pictures and certificate."""

    path: bool = True
    film: bool = True
    text: bool = True
    code: bool = True


ALL = Inside()


def take_home_page(scene: Scene, inside: Inside = ALL, address: str = "") -> str:
    """The scene as one HTML file; the same scene gives the same file.

    `address` is that of an app where its link opens; without one the page names path and query alone.
    """
    parts = _parts(scene, inside)
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            _head(scene),
            '<body><div class="cvz-page">',
            _heading(scene),
            _pictures(parts),
            _texts(scene) if inside.text else "",
            _code(scene) if inside.code and scene.code else "",
            _foot(scene, address),
            "</div>",
            files.as_json([{"kind": part.kind, "key": part.key, "data": part.data} for part in parts], "cvz-scene"),
            files.plotly() if any(part.kind == "chart" for part in parts) else "",
            files.scripts(),
            files.boot(),
            "</body></html>",
            "",
        ]
    )


def file_name(scene: Scene) -> str:
    """A name that says lesson and state, after the rules of all exports."""
    return names.file_name(scene.address, "", scene.query, "html")


# ---------------------------------------------------------------- the parts


def _parts(scene: Scene, inside: Inside) -> list[Part]:
    """The parts that are shown, each with the message that it is mounted with here."""
    return [made for part in scene.parts.values() if (made := _part(scene, part, inside)) is not None]


def _part(scene: Scene, part: Part, inside: Inside) -> Part | None:
    data: dict[str, Any] = dict(part.data)
    if part.kind == "board":
        data |= STILL
    elif part.kind == "film":
        if not inside.film or not data["frames"]:
            return None
    elif part.kind in ("slider", "path"):
        path = path_of(scene, part)
        if not inside.path or path is None:
            return None
        if part.kind == "path":
            data |= {"complete": True}  # nobody is there to ask for more
        else:
            data |= {"live": False}
    return Part(part.kind, part.key, part.name, data)


def film_of(scene: Scene) -> Part | None:
    """The film of the page, once it is made."""
    return next((part for part in scene.of("film") if frames(part)), None)


def path_of(scene: Scene, part: Part) -> Part | None:
    """The path that belongs to a slider (or to the one of a path): solved, of the same points, with β to move."""
    key = part.key.removesuffix("-path")
    slider, path = scene.parts.get(key), scene.parts.get(f"{key}-path")
    if slider is None or path is None or slider.data["disabled"]:
        return None
    fits = slider.data["path_rev"] == path.data["path_rev"]
    return path if fits and frames(path) else None


# ---------------------------------------------------------------- where they stand


def _pictures(parts: Sequence[Part]) -> str:
    """Board and what moves it left, verdict and figures right, what finds no room there below."""
    left = [part for part in parts if part.kind in LEFT or (part.kind == "dual" and part.name == "handles")]
    if not left:
        rest = sorted(parts, key=lambda part: part.kind != "badge")
        return f"<main>{_more(rest)}{_hint(parts)}</main>"
    badges = [part for part in parts if part.kind == "badge"]
    beside = _columns(left, badges, parts)
    turned = _columns([*left, *badges], [], parts)  # the verdict below the board, beside a high figure
    columns = turned if _uneven(*turned) + TURN < _uneven(*beside) else beside
    shown = [part for column in columns for part in column]
    pair = f'<div class="cvz-page-pair">{"".join(map(_column, columns))}</div>'
    return f"<main>{pair}{_more([part for part in parts if part not in shown])}{_hint(parts)}</main>"


def _columns(left: Sequence[Part], right: Sequence[Part], parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """The columns, with as many figures on the right as find room, one at least."""
    taken = list(right)
    for part in parts:
        figure = part.kind in ("chart", "dual") and part not in left and not _is_wide(part)
        first = not any(other.kind in ("chart", "dual") for other in taken)
        if figure and (first or _total(taken) + height(part) <= _total(left) + SPILL):
            taken.append(part)
    return list(left), taken


def _total(parts: Sequence[Part]) -> float:
    return sum(map(height, parts))


def _uneven(left: Sequence[Part], right: Sequence[Part]) -> float:
    return abs(_total(left) - _total(right))


def _more(parts: Sequence[Part]) -> str:
    places = "".join(_wide(part) if _is_wide(part) else _host(part) for part in parts)
    return f'<div class="cvz-page-more">{places}</div>'


def height(part: Part) -> float:
    """About how high a part is, in px."""
    if part.kind == "chart":
        specs = [json.loads(text) for text in part.data["figures"].values()]
        return sum(float(spec["layout"].get("height", 300)) for spec in specs)
    if part.kind == "board":
        return float(part.data["height"]) + 40.0
    return {"badge": BADGE_HEIGHT, "slider": PLAYER_HEIGHT, "film": PLAYER_HEIGHT, "dual": 230}.get(part.kind, 0)


def _is_wide(part: Part) -> bool:
    several = part.kind == "chart" and len(part.data["figures"]) > 1 and part.data["layout"] == "grid"
    return several or part.kind == "badge" or (part.kind == "dual" and part.name == "worked")


def _column(parts: Sequence[Part]) -> str:
    return f'<div class="cvz-page-column">{"".join(map(_host, parts))}</div>'


def _wide(part: Part) -> str:
    return f'<div class="cvz-page-wide">{_host(part)}</div>'


def _host(part: Part) -> str:
    """The place that a part is mounted in; the app's code looks for a board by the name of its container."""
    named = " st-key-board" if part.kind == "board" and part.name == "board" else ""
    place = f'<div class="cvz-page-part{named}" data-kind="{part.kind}" data-part="{html.escape(part.key)}"></div>'
    if part.kind != "slider":
        return place
    back = f'<button type="button" class="cvz-page-back" data-back="{html.escape(part.key)}" hidden></button>'
    return f'<div class="cvz-page-slide">{place}{back}</div>'


# ---------------------------------------------------------------- words


def _head(scene: Scene) -> str:
    return "\n".join(
        [
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="generator" content="convexviz">',
            f"<title>{html.escape(scene.title)} · convexviz</title>",
            f'<link rel="icon" href="{files.icon()}">',
            files.styles(),
            files.early(),
            "</head>",
        ]
    )


def _heading(scene: Scene) -> str:
    return (
        '<header class="cvz-page-head">'
        f"<h1>{html.escape(scene.title)}</h1>"
        f'<div class="cvz-page-claim">{as_html(scene.claim)}</div>'
        '<button type="button" class="cvz-page-theme" title="Light or dark">◐ Theme</button>'
        "</header>"
        '<div class="cvz-page-alert" role="alert" hidden></div>'
        "<noscript>This page draws its pictures and checks its proof with JavaScript, which is switched off.</noscript>"
    )


def _hint(parts: Sequence[Part]) -> str:
    kinds = {part.kind for part in parts}
    said = []
    if "chart" in kinds and "board" in kinds:
        said.append("Point at a neuron in one picture, and the others show it too.")
    if "slider" in kinds:
        said.append("β moves along networks that were solved in advance.")
    if kinds & {"board", "dual"}:
        said.append("The points stay where they are on this page; in the app they can be moved.")
    return f'<p class="cvz-page-hint">{" ".join(said)}</p>' if said else ""


def _texts(scene: Scene) -> str:
    idea, theorem = (as_html(scene.words.get(name, "")) for name in ("idea", "theorem"))
    if not idea and not theorem:
        return ""
    rests = f'<div class="cvz-page-text cvz-page-theorem">{theorem}</div>' if theorem else ""
    said = "The words are those of the lesson in the app: what they say of buttons, tables and gestures is said of it."
    return (
        f'<section class="cvz-page-words"><div class="cvz-page-text">{idea}</div>{rests}</section>'
        f'<p class="cvz-page-hint">{said}</p>'
    )


def _code(scene: Scene) -> str:
    return f"<details><summary>The same in Python</summary><pre><code>{html.escape(scene.code)}</code></pre></details>"


def _foot(scene: Scene, address: str) -> str:
    return (
        '<footer class="cvz-page-foot">'
        f"<p>In the app: {_link(scene, address)}</p>"
        "<p>Made with convexviz. This page is one file: it needs no server, no network, and sends nothing anywhere.</p>"
        "</footer>"
    )


def _link(scene: Scene, address: str) -> str:
    if not address:
        return f"<code>{html.escape(scene.link)}</code>"
    whole = html.escape(address.rstrip("/") + scene.link)
    return f'<a href="{whole}">{whole}</a>'
