"""Chromium draws the pictures: kaleido drives it, plotly.js comes from the installed package, no network is asked.

A `Renderer` keeps one Chromium open; its loop runs in a thread of its own, so that any thread may draw. A Chromium that
does not answer in time is ended, and an error says what to do; the next picture gets a new one.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import importlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from .errors import ExportError

Drawing = Literal["svg", "pdf", "png"]

OPENING = 30.0  # s in which Chromium must have started; 1 to 3 on two busy cores
PATIENCE = 30.0  # s for one picture; 0.2 to 2 there
CLOSING = 10.0  # s; it is killed after that
IDLE = 60.0  # s after the last picture until a Chromium that nobody holds open is ended

VARIABLES = ("CHROMIUM", "BROWSER_PATH")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/usr/bin/chromium",
    "/usr/bin/google-chrome",
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
    "/opt/homebrew/bin/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    os.path.expandvars(r"%LOCALAPPDATA%\Google\Chrome\Application\chrome.exe"),  # installed for one user
)
INSTALL = (
    "Install one (Debian: apt-get install chromium; Fedora: dnf install chromium; macOS: brew install --cask chromium;"
    " Windows: Chrome or Edge), or name the program in the environment variable CHROMIUM."
)


def find_chromium() -> str:
    """Path of a Chromium or Chrome: the one that the environment names, else one in its usual place."""
    for variable in VARIABLES:
        if named := os.environ.get(variable):
            if not (Path(named).is_file() and os.access(named, os.X_OK)):
                raise ExportError(f"{variable} is {named!r}, which is no program. Set it to a Chromium, or unset it.")
            return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    found = found or next((path for path in PLACES if os.access(path, os.X_OK)), None)
    if found is None:
        raise ExportError(f"Pictures are drawn by Chromium or Chrome, and none was found here. {INSTALL}")
    return found


def missing() -> str:
    """What is missing for pictures to be drawn here, and what to do; empty where nothing is."""
    try:
        _kaleido()
        find_chromium()
    except ExportError as error:
        return str(error)
    return ""


def _kaleido() -> Any:
    try:
        package = importlib.import_module("kaleido")
    except ImportError as error:
        raise ExportError('Pictures need the package kaleido: pip install "convexviz[export]".') from error
    for chatty in ("kaleido", "choreographer"):  # they tell of each picture
        logging.getLogger(chatty).setLevel(logging.ERROR)
    return package


class Renderer:
    """One Chromium, kept open: `with Renderer() as draw: draw.png(spec)`. Any thread may draw, one at a time.

    Parameters
    ----------
    chromium : path of the program; by default `find_chromium` finds one.
    patience : seconds that one picture may take.
    """

    def __init__(self, chromium: str | None = None, patience: float = PATIENCE) -> None:
        self.chromium = chromium
        self.patience = patience
        self._lock = threading.RLock()
        self._browser: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Renderer:
        self.open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Of the process group of Chromium, while it is open."""
        process = getattr(self._browser, "subprocess", None)
        return process.pid if process is not None else None

    def svg(self, spec: Any, **size: float) -> bytes:
        """The figure as SVG."""
        return self.draw(spec, "svg", **size)

    def pdf(self, spec: Any, **size: float) -> bytes:
        """The figure as PDF, 96 pixels an inch."""
        return self.draw(spec, "pdf", **size)

    def png(self, spec: Any, **size: float) -> bytes:
        """The figure as PNG."""
        return self.draw(spec, "png", **size)

    def draw(
        self, spec: Any, form: Drawing, *, width: float | None = None, height: float | None = None, scale: float = 1.0
    ) -> bytes:
        """The figure, of the size that its layout or the arguments say, times `scale` where it has pixels."""
        layout = spec["layout"]
        size = {"width": width or layout["width"], "height": height or layout["height"]}
        options = {"format": form, **size, "scale": scale if form == "png" else 1}
        with self._lock:
            self.open()
            if self._browser is None:  # cannot be: `open` raises
                raise ExportError("Chromium is not open.")
            figure = {"data": spec["data"], "layout": layout}
            return bytes(self._wait(self._browser.calc_fig(figure, options), self.patience, "drawing the picture"))

    def open(self) -> None:
        """Start Chromium, if none is open."""
        with self._lock:
            if self._browser is not None and self._browser.subprocess.poll() is None:
                return
            self._end()
            package, path = _kaleido(), self.chromium or find_chromium()
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=_run, args=(self._loop,), name="convexviz-export", daemon=True)
            self._thread.start()
            atexit.register(self.close)
            self._wait(self._start(package, path), OPENING if self.patience >= PATIENCE else self.patience, "starting")

    async def _start(self, package: Any, path: str) -> None:
        # Chromium refuses its sandbox to the administrator, and to nobody else it is refused.
        root = getattr(os, "geteuid", lambda: 1)() == 0
        self._browser = package.Kaleido(path=path, mathjax=False, timeout=None, enable_sandbox=not root)
        await self._browser.open()

    def _wait(self, work: Coroutine[Any, Any, Any], seconds: float, doing: str) -> Any:
        if self._loop is None:
            work.close()
            raise ExportError("The renderer is closed. Open it with `with Renderer() as draw:`.")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            self._end(kill=True)
            raise ExportError(
                f"Chromium did not answer within {seconds:.0f} s while {doing}, and was ended. Try again; if it hangs"
                " again, name another Chromium in the environment variable CHROMIUM."
            ) from None
        except ExportError:
            raise
        except Exception as error:
            self._end()
            raise ExportError(
                f"Chromium failed while {doing}: {_reason(error)} Try again, or {INSTALL[0].lower()}{INSTALL[1:]}"
            ) from error

    def close(self) -> None:
        """End Chromium; a later picture starts a new one."""
        with self._lock:
            self._end()
            atexit.unregister(self.close)

    def _end(self, kill: bool = False) -> None:
        browser, loop, thread = self._browser, self._loop, self._thread
        self._browser = self._loop = self._thread = None
        if loop is None or thread is None:
            return
        process = getattr(browser, "subprocess", None)
        if kill and process is not None:  # it has not heard before
            _kill(process)
        if browser is not None:
            with contextlib.suppress(Exception):  # whatever it says, it is killed below if it still runs
                asyncio.run_coroutine_threadsafe(browser.close(), loop).result(CLOSING)
        if process is not None and process.poll() is None:
            _kill(process)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(CLOSING)


def _reason(error: Exception) -> str:
    text = " ".join(str(part) for part in (error.args or (type(error).__name__,)))
    return text if text.endswith(".") else f"{text}."


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a Chromium that does not hear, with all processes it has started."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], check=False, capture_output=True)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(CLOSING)


class Shared:
    """A renderer for all threads of a server: started by the first picture, ended when none was asked for a while."""

    def __init__(self, idle: float = IDLE) -> None:
        self.idle = idle
        self.renderer = Renderer()
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def draw(self, spec: Any, form: Drawing, scale: float = 1.0) -> bytes:
        """As `Renderer.draw`."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            try:
                return self.renderer.draw(spec, form, scale=scale)
            finally:
                self._timer = threading.Timer(self.idle, self.renderer.close)
                self._timer.daemon = True
                self._timer.start()


SHARED = Shared()
