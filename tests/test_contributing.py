"""The recipes of CONTRIBUTING.md work as they stand there: each is carried out in a copy of the repository."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COPIED = ("app.py", "pyproject.toml", "convexviz", "pages", "tests", ".streamlit")
RECIPES = dict(re.findall(r"^## (Add an? [^\n]*)\n(.*?)(?=^## |\Z)", PAGE, flags=re.MULTILINE | re.DOTALL))


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of that language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def commands(text: str) -> list[list[str]]:
    """The arguments of pytest in every `make test ARGS="..."`."""
    return [shlex.split(found) for found in re.findall(r'^make test ARGS="(.*?)"', text, flags=re.MULTILINE)]


def apply(diff: str, folder: Path) -> None:
    """Make the changes that the diff shows, each between lines that stand in the file exactly once."""
    head, _, hunks = diff.partition("\n")
    path = folder / head.removeprefix("--- ")
    text = path.read_text(encoding="utf-8")
    for hunk in hunks.split("@@\n"):
        lines = [line if line != "\n" else " \n" for line in hunk.splitlines(keepends=True)]  # spaces at ends get lost
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(old) == 1, f"{path.name} must hold once:\n{old}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def write(block: str, folder: Path) -> None:
    """Write the file that the first line of the block names."""
    path = folder / block.partition("\n")[0].removeprefix("# ")
    assert not path.exists()
    path.parent.mkdir(exist_ok=True)
    path.write_text(block, encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what a recipe may change."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


def test_there_is_a_recipe_for_each_kind_of_part() -> None:
    assert list(RECIPES) == ["Add a data set", "Add a loss", "Add a figure", "Add a lesson"]


@pytest.mark.parametrize("name", RECIPES)
def test_the_recipe_works(name: str, copy: Path) -> None:
    for block in blocks(RECIPES[name], "diff"):
        apply(block, copy)
    for block in blocks(RECIPES[name], "python"):
        write(block, copy)
    assert commands(RECIPES[name])
    for arguments in commands(RECIPES[name]):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
        environment = os.environ | {"PYTHONPATH": str(copy)}
        run = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr  # none selected is a failure, too


@pytest.mark.parametrize("name", RECIPES)
def test_what_a_recipe_writes_passes_the_linter(name: str, copy: Path) -> None:
    changed = [block.partition("\n")[0].removeprefix("# ") for block in blocks(RECIPES[name], "python")]
    changed += [block.partition("\n")[0].removeprefix("--- ") for block in blocks(RECIPES[name], "diff")]
    for block in blocks(RECIPES[name], "diff"):
        apply(block, copy)
    for block in blocks(RECIPES[name], "python"):
        write(block, copy)
    for action in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *action, *changed]
        run = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr


def test_the_files_named_for_one_test_exist() -> None:
    for arguments in commands(PAGE.partition("## Where things are")[0]):
        assert all((ROOT / path).exists() for path in arguments)
