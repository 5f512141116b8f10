"""The commands of the README and of docs/command-line.md run as printed, and print what stands below them."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from terminal import ran

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "docs/command-line.md")
SHIM = f"""#!/bin/sh
PYTHONPATH={ROOT} exec {sys.executable} -m convexviz "$@"
"""


class Printed(NamedTuple):
    """A command, and what the page says that it prints."""

    command: str
    wanted: str


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of that language."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def session(page: str) -> list[Printed]:
    """The commands of a page in their order."""
    parts = re.split(r"^\$ (.*)\n", "".join(blocks(page, "console")), flags=re.MULTILINE)
    return [Printed(command, wanted) for command, wanted in zip(parts[1::2], parts[2::2], strict=True)]


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_run_as_printed(page: str, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "convexviz").write_text(SHIM, encoding="utf-8")
    (programs / "convexviz").chmod(0o755)
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    assert session(page)
    for command, wanted in session(page):
        made = subprocess.run(
            ["bash", "-c", command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=tmp_path,
            env=environment,
            timeout=200,
        )
        agrees = doctest.OutputChecker().check_output(wanted, made.stdout, doctest.ELLIPSIS)
        assert agrees, f"$ {command}\n{made.stdout}\ninstead of\n{wanted}"


def test_the_python_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("labels.csv").write_text("a,b,kind\n0,0,out\n1,1,out\n0,1,in\n1,0,in\n", encoding="utf-8")
    assert ran("solve", "labels.csv", "--loss", "hard_margin", "--json", "out.json").code == 0
    for code in blocks("docs/command-line.md", "python"):
        exec(code, {})


def test_every_command_has_its_row() -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)[ `]", page.partition("## Solve")[0], flags=re.MULTILINE)
    assert set(rows) == set(re.findall(r"^  (\w+) {2,}\S", ran("--help").text.partition("Commands:")[2], re.MULTILINE))
