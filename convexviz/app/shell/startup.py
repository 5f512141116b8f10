"""What the server does once, before its first visitor: warm imports, a frozen heap, the collector, routes."""

from __future__ import annotations

import asyncio
import gc
import gzip
import importlib
import logging
import pkgutil
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import plotly
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from streamlit import net_util

import convexviz
from convexviz.app import collector, reruns
from convexviz.app.components import web
from convexviz.app.components.web import PLOTLY_PATH
from convexviz.app.shell import errors

log = logging.getLogger(__name__)

MAIN_SCRIPT = Path(__file__).parents[1] / "main.py"

# Loaded once here rather than in the first visitor's rerun.
HEAVY_MODULES = (
    "clarabel",
    "cvxpy",
    "highspy",
    "pandas",
    "plotly.graph_objects",
    "scipy.interpolate",
    "scipy.optimize",
    "scipy.sparse",
    "sklearn.linear_model",
    "sklearn.neural_network",
)
SCRIPTS = ("main", "cli", "__main__")  # modules that do something when imported, or belong to the command line

YEAR = 365 * 24 * 3600


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
    """Warm up in a thread, so that the server's loop stays alive, and open the doors afterwards."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    send_at_once()
    ask_no_outsider()
    reruns.mend()
    seconds = await asyncio.to_thread(warm_up)
    collector.start()
    log.info("convexviz is warm after %.1f s", seconds)
    yield {}


def send_at_once() -> int:
    """Switch Nagle's algorithm off on the server's sockets; returns how many there are.

    asyncio does so for sockets made with proto=IPPROTO_TCP; Streamlit 1.67 makes its own without naming a protocol, and
    then every small message that follows another waits for the client's delayed acknowledgement, 40 ms on Linux.
    Accepted connections inherit the option from the listening socket.
    """
    listening = [thing for thing in gc.get_objects() if isinstance(thing, socket.socket) and listens(thing)]
    for found in listening:
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return len(listening)


def ask_no_outsider() -> None:
    """Answer what this machine's outside address is from what is known, which may be nothing.

    Streamlit 1.67 asks a service on the internet, up to two seconds at a time with its only loop stopped, for every
    WebSocket whose Origin is neither the Host it came to nor one that is allowed. Whoever comes by the outside address
    has it as their Host, too, and needs no answer; a proxy that changes the Host needs `server.corsAllowedOrigins`.
    """
    if not hasattr(net_util, "get_external_ip"):
        log.warning("This Streamlit has no net_util.get_external_ip; rejected origins may hold everybody up.")
        return
    net_util.get_external_ip = known_external_address


def known_external_address() -> str | None:
    """What Streamlit found before, if it did: a server without `browser.serverAddress` asks once as it starts."""
    return getattr(net_util, "_external_ip", None)


def listens(candidate: socket.socket) -> bool:
    """Is it an open TCP socket that accepts connections?"""
    if candidate.fileno() < 0 or candidate.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    if candidate.type != socket.SOCK_STREAM:
        return False
    try:
        return bool(candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:  # macOS does not tell; who has a name and no peer waits for one
        return bool(candidate.getsockname()[1]) and not _has_peer(candidate)


def _has_peer(connection: socket.socket) -> bool:
    """Is somebody at the other end?"""
    try:
        return bool(connection.getpeername())
    except OSError:
        return False


def warm_up() -> float:
    """Import what lessons use, solve once, compress plotly.js, then freeze the heap; returns the seconds it took."""
    start = time.perf_counter()
    for name in (*HEAVY_MODULES, *own_modules()):
        warm_import(name)
    solve_once()
    plotly_gzip()
    freeze()
    return time.perf_counter() - start


def warm_import(name: str) -> None:
    """Import a module now; one that cannot be (an extra not installed) must not keep the others from serving."""
    try:
        importlib.import_module(name)
    except Exception as error:
        log.warning("warm-up could not import %s: %s: %s", name, type(error).__name__, error)


def own_modules() -> list[str]:
    """Every module of this package that is safe to import."""
    found = pkgutil.walk_packages(convexviz.__path__, "convexviz.", onerror=lambda name: None)
    return [module.name for module in found if module.name.rpartition(".")[2] not in SCRIPTS]


def solve_once() -> None:
    """A tiny problem, so that no visitor pays for the solvers' first call."""
    convexviz.solve(np.array([[0.0], [1.0], [2.0]]), np.array([0.0, 1.0, 0.0]), beta=0.1)


def freeze() -> None:
    """Take everything alive out of the collector's sight.

    Over the some 200 000 objects of the imported libraries a collection costs 100 ms with the interpreter locked, and
    none of them ever becomes garbage.
    """
    gc.collect()
    gc.freeze()


@lru_cache(maxsize=64)
def freeze_after(page: str) -> None:
    """Freeze once more when a page has been drawn for the first time in this process.

    What Streamlit and the libraries load lazily on the way is as permanent as the rest; left to the collector it costs
    some 50 ms a time.
    """
    freeze()


@lru_cache(maxsize=1)
def plotly_gzip() -> bytes:
    """plotly.js of the installed plotly package, compressed once."""
    script = files(plotly).joinpath("package_data", "plotly.min.js").read_bytes()
    return gzip.compress(script, compresslevel=9, mtime=0)


def plotly_script(request: Request) -> Response:
    """plotly.js with headers that let the browser keep it: the version is part of the path."""
    headers = {"Cache-Control": f"public, max-age={YEAR}, immutable", "Vary": "Accept-Encoding"}
    body = plotly_gzip()
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    return Response(body, media_type="text/javascript", headers=headers)


def component_file(request: Request) -> Response:
    """A module or style sheet; its path names the content of all, so a page that is older than the server gets none."""
    name = request.path_params["file"]
    text = web.FILES.get(name)
    if text is None:
        return Response("No such file; reload the page.", status_code=404, media_type="text/plain")
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return Response(text, media_type=kind, headers={"Cache-Control": f"public, max-age={YEAR}, immutable"})


def routes() -> list[BaseRoute]:
    """Routes beside Streamlit's own. The leading parameter takes `server.baseUrlPath` or a proxy's prefix, if any."""
    return [
        Route(f"/{{base:path}}{PLOTLY_PATH}", plotly_script),
        Route(f"/{{base:path}}{web.FOLDER}/{{file:path}}", component_file),
    ]


def on_script_error(error: Exception) -> bool:
    """Last resort for what no guard caught (callbacks, say): the same calm message, in place of Streamlit's own."""
    errors.show(error, logged=True)
    return True
