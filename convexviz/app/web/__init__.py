"""Browser-side files: plain JavaScript and CSS read from the package, no build step.

Streamlit sends a component's script along with every message to it. `module` therefore hands it a two-line loader; the
script itself is served once, under a path that names its content, so that browsers may keep it.
"""

from __future__ import annotations

import hashlib
import time
from importlib.resources import files

FOLDER = "convexviz/web"
MODULES: dict[str, str] = {}
"""Served scripts by file name, filled as components are declared."""

# Streamlit's own scripts stand in static/js/ below the server's root, whatever its base path and the page's address.
_LOADER = """
const own = document.querySelector('script[src*="static/js/"]')?.src;
const root = own ? own.slice(0, own.lastIndexOf("/static/js/") + 1) : document.baseURI;
const { default: mount } = await import(new URL("%s", root).href);
export default mount;
"""


def asset(*names: str) -> str:
    """Text of the named files of this folder, one after the other."""
    return "\n".join(files(__name__).joinpath(name).read_text(encoding="utf-8") for name in names)


def sequence() -> int:
    """A number that grows from message to message, across sessions and restarts: milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def module(*names: str) -> str:
    """A loader for the named scripts joined into one ES module, to be served by the route of `startup.routes`."""
    text = asset(*names)
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    file = f"{names[-1].removesuffix('.js')}-{digest}.js"
    MODULES[file] = text
    return _LOADER % f"{FOLDER}/{file}"
