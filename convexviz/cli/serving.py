"""`app`: the course in a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from .messages import extra

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
    folder = extra("convexviz.app.folder").FOLDER
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "app.py"), f"--server.port={port}"]
    command += [f"--server.address={address}", f"--server.headless={str(not browser).lower()}"]
    return served(command, folder)


def served(command: list[str], folder: Path) -> int:
    """Become the server, where its settings are: signals reach it, and whoever ends this process ends it.

    On Windows a process that becomes another has ended for the shell. There the server is a child, which hears Ctrl-C
    as this process does, and is waited for.
    """
    if "PYTHONPATH" in os.environ:  # it may name folders from here
        os.environ["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, os.environ["PYTHONPATH"].split(os.pathsep)))
    os.chdir(folder)
    if os.name == "posix":
        os.execv(command[0], command)
    server = subprocess.Popen(command)
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:
            continue
