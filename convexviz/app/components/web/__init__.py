"""Browser-side files: ES modules and style sheets, served from the package as they are, no build step.

Streamlit sends a component's script along with every message to it. `module` therefore hands it a loader of a few
lines; the files themselves are served under a path that names the content of them all, so that a module finds the
others beside it and browsers may keep everything.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
import time
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

import plotly

PLOTLY_PATH = f"convexviz/plotly-{plotly.__version__}.min.js"
"""Where plotly.js is, relative to the document: `new URL(path, document.baseURI)` is right under any base path."""

_COMPONENTS = files("convexviz.app.components")
_SERVED = (".js", ".css")
_IMPORT = re.compile(r'^(?:import|export|\}) .*\bfrom "(\.{1,2}/[^"]+)";$', re.MULTILINE)

# Streamlit's own scripts stand in static/js/ below the server's root, whatever its base path and the page's address.
# Nothing is awaited before the export: whoever imports a module that still waits may be served after one that came
# later, and would then be mounted with data of before. What waits for one promise is served in its order.
_LOADER = """
const own = document.querySelector('script[src*="static/js/"]')?.src;
const root = own ? own.slice(0, own.lastIndexOf("/static/js/") + 1) : document.baseURI;
const ready = import(new URL("%s/web/load.js", root).href).then(({ load }) => load(%s));
export default (args) => ready.then((mount) => mount(args));
"""


def _tree(folder: Traversable, above: str = "") -> Iterator[tuple[str, str]]:
    """Path and text of every served file in `folder` and below, in order."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _tree(entry, f"{above}{entry.name}/")
        elif entry.name.endswith(_SERVED):
            yield f"{above}{entry.name}", entry.read_text(encoding="utf-8")


def version(tree: dict[str, str]) -> str:
    """A name of the content: it changes with any file."""
    return hashlib.sha256(json.dumps(tree).encode()).hexdigest()[:12]


FILES = dict(_tree(_COMPONENTS))
"""Text of the served files by their paths in the folder of the components."""

FOLDER = f"convexviz/web/{version(FILES)}"
"""Where they are served, relative to the server's root."""


def asset(name: str) -> str:
    """Text of a file, a path in the folder of the components."""
    return FILES[name]


def sequence() -> int:
    """A number that grows from message to message, across sessions and restarts: milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def module(script: str, *styles: str) -> str:
    """A loader of the component that `script` exports, once it and all it imports, and the style sheets, are there."""
    return _LOADER % (FOLDER, json.dumps([script, *needs(script), *styles], separators=(",", ":")))


def needs(script: str) -> list[str]:
    """The files that a script imports, those that these import, and so on: named in advance, they load side by side."""
    found, new = [script], [script]
    while new:
        new = [name for script in new for name in imports(script)]
        new = [name for name in dict.fromkeys(new) if name not in found]
        found += new
    return found[1:]


def imports(script: str) -> list[str]:
    """The files that a script names in its import statements."""
    return [posixpath.normpath(f"{posixpath.dirname(script)}/{name}") for name in _IMPORT.findall(FILES[script])]
