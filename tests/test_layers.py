"""The layers: data -> core -> {estimators, figures} -> app -> app.py, pages. Imports run leftwards only."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "convexviz"

# What each layer may import of the package; "convexviz" is its __init__, the public names.
ALLOWED = {
    "data": {"data"},
    "verify": set(),  # the checker of proofs: the standard library and nothing else
    "core": {"data", "core", "verify"},
    "estimators": {"data", "core", "estimators"},
    "figures": {"data", "core", "figures"},
    "geometry": {"core"},  # public names of core, under a short address
    "closed_form": {"core"},
    "convexviz": {"data", "core", "estimators"},
    "cli": {"convexviz", "data", "core", "estimators", "figures", "cli"},
    "__main__": {"convexviz", "verify", "cli"},
    "app": {"convexviz", "data", "core", "estimators", "geometry", "closed_form", "figures", "app"},
    "page": {"convexviz", "data", "core", "estimators", "geometry", "closed_form", "figures", "app"},
}
DRAWING = {"figures", "app", "cli", "page"}  # may import plotly
SERVING = {"app", "page"}  # may import streamlit


def layer_of(path: Path) -> str:
    """The layer a file belongs to: the first name below the package, or "page" for the scripts outside."""
    if PACKAGE not in path.parents:
        return "page"
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "convexviz" if first == "__init__" else first


def imports(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Line and full name of everything the source imports, wherever in it; `package` resolves relative imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def broken(source: str, layer: str, package: str, where: str) -> list[str]:
    """One line for each import that the layer must not make."""
    if layer not in ALLOWED:
        return [f"{where}:1: {layer} has no place among the layers; give it one in {Path(__file__).name}"]
    return [
        f"{where}:{line}: {layer} must not import {name}"
        for line, name in imports(source, package)
        if not permitted(layer, name.split("."))
    ]


def permitted(layer: str, parts: list[str]) -> bool:
    """May the layer import this name?"""
    top = parts[0]
    if top == "convexviz":
        target = parts[1] if len(parts) > 1 and is_module(parts[1]) else "convexviz"
        return target in ALLOWED[layer]
    if top in {"plotly", "kaleido"}:
        return layer in DRAWING
    return layer in SERVING if top == "streamlit" else top not in {"app", "pages", "tests"}


def is_module(name: str) -> bool:
    return name in ALLOWED or (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file()


def package_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).parent.parts)


def sources() -> list[Path]:
    return [*PACKAGE.rglob("*.py"), ROOT / "app.py", *(ROOT / "pages").glob("*.py")]


def test_every_import_runs_leftwards() -> None:
    found = [
        line
        for path in sources()
        for line in broken(
            path.read_text(encoding="utf-8"), layer_of(path), package_of(path), str(path.relative_to(ROOT))
        )
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("layer", "package", "source", "complaint"),
    [
        ("core", "convexviz.core", "import numpy\nimport plotly.graph_objects as go", "x.py:2: core must not"),
        ("core", "convexviz.core", "def f():\n    import streamlit", "x.py:2: core must not import streamlit"),
        ("data", "convexviz.data", "from convexviz.core.network import ReLUNetwork", "x.py:1: data must not"),
        ("data", "convexviz.data", "from ..core import solve", "x.py:1: data must not import convexviz.core.solve"),
        ("data", "convexviz.data", "from convexviz import core", "x.py:1: data must not import convexviz.core"),
        ("data", "convexviz.data", "import convexviz", "x.py:1: data must not import convexviz"),
        ("core", "convexviz.core.line", "from ... import figures", "x.py:1: core must not"),
        ("figures", "convexviz.figures", "from convexviz.app import settings", "x.py:1: figures must not"),
        ("figures", "convexviz.figures", "from convexviz.estimators import C", "x.py:1: figures must not"),
        ("convexviz", "convexviz", "from convexviz import figures", "x.py:1: convexviz must not"),
        ("app", "convexviz.app", "import app", "x.py:1: app must not import app"),
        ("extras", "convexviz.extras", "", "x.py:1: extras has no place"),
    ],
)
def test_a_broken_layer_is_caught(layer: str, package: str, source: str, complaint: str) -> None:
    found = broken(source, layer, package, "x.py")
    assert len(found) == 1
    assert found[0].startswith(complaint)


@pytest.mark.parametrize(
    ("layer", "package", "source"),
    [
        ("core", "convexviz.core.line", "from ..network import ReLUNetwork\nfrom . import spline"),
        ("core", "convexviz.core", "from convexviz.data import Dataset\nimport cvxpy"),
        ("page", "pages", "import streamlit as st\nfrom convexviz import solve\nfrom convexviz.app import frame"),
    ],
)
def test_a_kept_layer_is_not_complained_about(layer: str, package: str, source: str) -> None:
    assert broken(source, layer, package, "x.py") == []


def test_the_walk_sees_the_layers() -> None:
    assert {layer_of(path) for path in sources()} >= {"data", "core", "figures", "app", "page"}


def test_importing_the_package_loads_neither_plotly_nor_streamlit() -> None:
    code = "import convexviz, sys; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "'convexviz'" in loaded
    assert "'plotly'" not in loaded
    assert "'streamlit'" not in loaded


def test_no_pages_folder_lies_beside_the_main_script() -> None:
    """Streamlit would serve it on its own, outside the frame, to the first visitor who comes by a deep link."""
    assert (PACKAGE / "app" / "main.py").is_file()
    assert not (PACKAGE / "app" / "pages").exists()
