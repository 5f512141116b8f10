"""Browser-side files: plain JavaScript and CSS read from the package, no build step.

Streamlit sends a component's script and style sheet along with every message to it. `module` therefore hands it a
two-line loader; the script itself, which brings its style sheets along, is served once, under a path that names its
content, so that browsers may keep it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import PurePosixPath

import plotly

FOLDER = "convexviz/web"
MODULES: dict[str, str] = {}
"""Served scripts by file name, filled as components are declared."""

PLOTLY_PATH = f"convexviz/plotly-{plotly.__version__}.min.js"
"""Where plotly.js is, relative to the document: `new URL(path, document.baseURI)` is right under any base path."""

_COMPONENTS = files("convexviz.app.components")

# New data that come while the script is loading make Streamlit mount twice at once, and then run the first mount's
# clean-up, which would take the second off the page: only the latest mount cleans up.
# Streamlit's own scripts stand in static/js/ below the server's root, whatever its base path and the page's address.
_LOADER = """
const own = document.querySelector('script[src*="static/js/"]')?.src;
const root = own ? own.slice(0, own.lastIndexOf("/static/js/") + 1) : document.baseURI;
const { default: mount } = await import(new URL("%s", root).href);
const turns = new WeakMap();
export default (args) => {
  const turn = (turns.get(args.parentElement) ?? 0) + 1;
  turns.set(args.parentElement, turn);
  const leave = mount(args);
  return () => turns.get(args.parentElement) === turn && leave?.();
};
"""


def asset(*names: str) -> str:
    """Text of the named files, paths in the folder of the components, one after the other."""
    return "\n".join(_COMPONENTS.joinpath(name).read_text(encoding="utf-8") for name in names)


def sequence() -> int:
    """A number that grows from message to message, across sessions and restarts: milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def module(*names: str, scripts: Mapping[str, str] | None = None) -> str:
    """A loader for the named scripts and style sheets joined into one ES module, served by a route of `startup`.

    `scripts` are constants of the module: by name the file of another served script, next to it.
    """
    known = [f"const {name} = {json.dumps(file)};" for name, file in (scripts or {}).items()]
    return _LOADER % f"{FOLDER}/{serve(*names, first=known)}"


def serve(*names: str, first: Sequence[str] = ()) -> str:
    """Serve the named scripts and style sheets, behind the lines `first`, as one ES module; returns its file name."""
    text = "\n".join([*first, *(_style(name) if name.endswith(".css") else asset(name) for name in names)])
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    scripts = [name for name in names if name.endswith(".js")]
    file = f"{PurePosixPath(scripts[-1]).stem}-{digest}.js"
    MODULES[file] = text
    return file


def _style(name: str) -> str:
    """A statement that puts a style sheet into the page; the function is that of bus.js."""
    return f"cvzStyle({json.dumps(PurePosixPath(name).name)}, {json.dumps(asset(name), ensure_ascii=False)});"
