"""What a page brings along instead of fetching it: scripts, style sheets and plotly.js, as parts of its own text.

The scripts are those of the app, each as text under its path in the order in which they import each other;
`take_home/boot.js` makes modules of them.
"""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from convexviz.app.components.web import asset, imports
from convexviz.app.shell.startup import plotly_gzip

GLUE, WORKER = "take_home/page.js", "badge/proof_worker.js"
INSTEAD = {"web/load.js": "take_home/files.js"}  # modules that ask for the server, and what stands in for them
STYLES = (
    "take_home/take_home.css",
    "board/board.css",
    "badge/badge.css",
    "chart/chart.css",
    "player/scrubber.css",
    "player/film.css",
    "dual_hand/dual_hand.css",
)


def text_of(path: str) -> str:
    """The module that the page has at a path."""
    return asset(INSTEAD.get(path, path))


@lru_cache(maxsize=1)
def modules() -> tuple[str, ...]:
    """Paths of all modules, each after those that it imports; ValueError if some import each other in a circle."""
    done: list[str] = []
    for path in (WORKER, GLUE):
        _add(path, done, ())
    return tuple(done)


def _add(path: str, done: list[str], above: tuple[str, ...]) -> None:
    if path in above:
        raise ValueError(f"Modules of the page must not import each other in a circle: {' → '.join((*above, path))}.")
    if path in done:
        return
    for needed in imports(INSTEAD.get(path, path)):
        _add(needed, done, (*above, path))
    done.append(path)


def scripts() -> str:
    """All modules as text that the browser keeps and does not run."""
    return "\n".join(map(_script, modules()))


def _script(path: str) -> str:
    worker = " data-worker" if path == WORKER else ""
    return f'<script type="text/plain" data-file="{path}"{worker}>\n{_inside_script(text_of(path))}</script>'


def boot() -> str:
    """The script that runs them."""
    return f'<script type="module">\n{_inside_script(asset("take_home/boot.js"))}</script>'


def early() -> str:
    """The script that runs before anything is drawn."""
    return f"<script>\n{_inside_script(asset('take_home/early.js'))}</script>"


def styles() -> str:
    """All style sheets."""
    return "\n".join(f"<style>\n{asset(path)}</style>" for path in STYLES)


def icon() -> str:
    """The icon of the tab, as its own address."""
    drawing = files("convexviz.app.components.web").joinpath("icon.svg").read_bytes()
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing).decode('ascii')}"


@lru_cache(maxsize=1)
def plotly() -> str:
    """plotly.js, compressed."""
    packed = base64.b64encode(plotly_gzip()).decode("ascii")
    return f'<script type="text/plain" id="cvz-plotly">{packed}</script>'


def as_json(value: Any, name: str) -> str:
    """A value as JSON under an id, where nothing in it can end the script."""
    text = json.dumps(value, allow_nan=False, separators=(",", ":"), ensure_ascii=True).replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{text}</script>'


def _inside_script(source: str) -> str:
    """The same script, where no text in it ends the element that it stands in."""
    return source.replace("</script", r"<\/script").replace("<!--", r"<\!--")
