"""`app`: the course in a browser."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from .messages import DONE, Failure, extra

ROOT = Path(__file__).resolve().parents[2]  # of a checkout
SECONDS = 10.0  # for the server to close its doors

Port = Annotated[int, typer.Option("--port", "-p", min=1, max=65535, help="Where it listens.")]
Address = Annotated[str, typer.Option("--address", metavar="HOST", help="For whom: 0.0.0.0 lets other machines in.")]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser, or only serve.")]


def app(port: Port = 8501, address: Address = "127.0.0.1", browser: Browser = True) -> int:
    """Serve the course, until Ctrl-C.

    \b
    Examples:
      convexviz app
      convexviz app --port 8600 --no-browser
      convexviz app --address 0.0.0.0      (for a class room)
    """
    extra("streamlit")
    script = checkout() / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    command += [f"--server.address={address}", f"--server.headless={str(not browser).lower()}"]
    return served(command)


def checkout() -> Path:
    """The folder of app and pages; Failure where the package was installed without them."""
    if not (ROOT / "app.py").is_file() or not (ROOT / "pages").is_dir():
        raise Failure(
            f"the lessons must lie beside the package, there is no app.py in {ROOT}; install a checkout of the project "
            "with pip install -e '.[app]'."
        )
    return ROOT


def served(command: list[str]) -> int:
    """Run the server where its settings are; what ends this process ends it, too."""
    server = subprocess.Popen(command, cwd=ROOT)
    before = signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        return server.wait()
    except KeyboardInterrupt:  # the terminal told the server as well
        server.wait(SECONDS)
        return DONE
    finally:
        signal.signal(signal.SIGTERM, before)
        if server.poll() is None:
            server.kill()
