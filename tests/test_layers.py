"""The layers: data -> core -> {estimators, figures, export} -> app -> app.py, pages. Imports run leftwards only.

Inside `core` and `app` every room has its floor: it may import those below and itself, never those above.
"""

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
    "extras": set(),  # what is said where one is not installed; the standard library and nothing else
    "verify": set(),  # the checker of proofs: the standard library and nothing else
    "core": {"data", "core", "verify"},
    "estimators": {"data", "core", "estimators"},
    "figures": {"extras", "data", "core", "figures"},
    "geometry": {"core"},  # public names of core, under a short address
    "closed_form": {"core"},
    "convexviz": {"data", "core", "estimators", "figures"},
    "export": {"convexviz", "data", "core", "figures", "export"},
    "cli": {"convexviz", "extras", "verify", "data", "core", "estimators", "figures", "export", "app", "cli"},
    "__main__": {"convexviz", "verify", "cli"},
    "app": {"convexviz", "extras", "data", "core", "estimators", "geometry", "closed_form", "figures", "export", "app"},
    "page": {"convexviz", "data", "core", "estimators", "geometry", "closed_form", "figures", "app"},
}
# The rooms of a layer, lowest first; what stands in one line has no arrows between its rooms.
FLOORS = {
    "core": (
        ("pieces",),
        ("network", "errors"),
        ("shape",),
        ("neurons", "rank", "display", "numerics"),
        ("solution",),
        ("losses", "vector_network"),
        ("arguments", "oracles"),
        ("geometry",),
        ("ladder", "dual"),
        ("rivals", "problem", "line"),
        ("masters",),
        ("cutting",),
        ("sliding",),
        ("solvers",),
        ("shaped",),
        ("solve",),
        ("paths", "closed_forms", "sample_space"),
    ),
    "app": (
        ("contracts", "reruns", "collector", "bare", "folder"),
        ("components",),
        ("shell",),
        ("compute",),
        ("stage",),
        ("course",),
        ("contrast",),
        ("lessons",),
        ("home", "main", "headless"),
        ("handout",),
    ),
}
DRAWING = {"figures", "export", "app", "cli", "page"}  # may import plotly
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


def room_of(name: str) -> tuple[str, str] | None:
    """Layer and room of a module by its full name: ("core", "oracles"); None where the layer has no floors."""
    parts = name.split(".")
    layered = len(parts) > 2 and parts[0] == "convexviz" and parts[1] in FLOORS
    return (parts[1], parts[2]) if layered else None


def floor_of(layer: str, room: str) -> int | None:
    return next((number for number, rooms in enumerate(FLOORS[layer]) if room in rooms), None)


def climbing(source: str, module: str, package: str, where: str) -> list[str]:
    """One line for each import of the module from a room that is not below its own."""
    own = room_of(module)
    if own is None:
        return []
    layer, room = own
    floor = floor_of(layer, room)
    if floor is None:
        return [f"{where}:1: {layer}/{room} has no floor; give it one in {Path(__file__).name}"]
    found = []
    for line, name in imports(source, package):
        other = room_of(name)
        if other is not None and other[0] == layer and other[1] != room:
            below = floor_of(*other)
            if below is None or below >= floor:
                found.append(f"{where}:{line}: {layer}/{room} must not import {name}: it is not on a floor below")
    return found


def module_of(path: Path) -> str:
    """Full name of the module in a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """Groups of names that can all be reached from each other along the arrows, each group sorted."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            following = arrows.get(waiting.pop(), set()) - seen
            seen |= following
            waiting += following
        return seen

    ahead = {name: reached(name) for name in arrows}
    groups = {tuple(sorted(o for o in ahead[name] if name in ahead.get(o, ()))) for name in arrows}
    return sorted(list(group) for group in groups if group)


def arrows_between_modules() -> dict[str, set[str]]:
    """Which module of the package imports which."""
    files = {module_of(path): path for path in PACKAGE.rglob("*.py")}
    arrows = {}
    for module, path in files.items():
        names = {name for _, name in imports(path.read_text(encoding="utf-8"), package_of(path))}
        named = {name if name in files else name.rpartition(".")[0] for name in names}
        arrows[module] = (named & set(files)) - {module}
    return arrows


def hidden(source: str, where: str) -> list[str]:
    """One line for each import of the package itself inside a function, where a circle could hide."""
    return [
        f"{where}:{node.lineno}: import {node.module or '.'} at the top of the file"
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith("convexviz"))
    ]


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
        ("convexviz", "convexviz", "from convexviz import app", "x.py:1: convexviz must not"),
        ("app", "convexviz.app", "import app", "x.py:1: app must not import app"),
        ("new", "convexviz.new", "", "x.py:1: new has no place"),
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


def test_every_import_runs_downstairs() -> None:
    found = [
        line
        for path in PACKAGE.rglob("*.py")
        for line in climbing(
            path.read_text(encoding="utf-8"), module_of(path), package_of(path), str(path.relative_to(ROOT))
        )
    ]
    assert not found, "\n".join(found)


def test_every_floor_is_lived_on() -> None:
    rooms = {room_of(module_of(path)) for path in PACKAGE.rglob("*.py")}
    named = {(layer, room) for layer, floors in FLOORS.items() for rooms in floors for room in rooms}
    assert named <= rooms


@pytest.mark.parametrize(
    ("module", "source", "complaint"),
    [
        (
            "core.oracles.plane",
            "from ..solve import solve",
            "x.py:1: core/oracles must not import convexviz.core.solve",
        ),
        ("core.line.spline", "import numpy\nfrom ..rivals import descent", "x.py:2: core/line must not import"),
        ("core.network", "def f():\n    from .rank import reduce_rank", "x.py:2: core/network must not import"),
        ("core.attic.box", "", "x.py:1: core/attic has no floor"),
        ("app.components.chart", "from convexviz.app.shell import state", "x.py:1: app/components must not import"),
        ("app.shell.frame", "from convexviz.app.lessons.plane import LESSON", "x.py:1: app/shell must not import"),
    ],
)
def test_a_climbing_import_is_caught(module: str, source: str, complaint: str) -> None:
    full = f"convexviz.{module}"
    found = climbing(source, full, full.rpartition(".")[0], "x.py")
    assert len(found) == 1
    assert found[0].startswith(complaint)


def lesson_of(name: str) -> str | None:
    """The lesson whose folder a module stands in, by its full name; the registry belongs to none."""
    parts = name.split(".")
    inside = parts[:3] == ["convexviz", "app", "lessons"] and len(parts) > 3
    return parts[3] if inside and (PACKAGE / "app" / "lessons" / parts[3]).is_dir() else None


def test_a_lesson_is_a_folder_that_nobody_imports() -> None:
    """But the registry, and the page that stands at its address."""
    registry = PACKAGE / "app" / "lessons" / "registry.py"
    found = [
        f"{path.relative_to(ROOT)}:{line}: imports {name}"
        for path in PACKAGE.rglob("*.py")
        if path != registry
        for line, name in imports(path.read_text(encoding="utf-8"), package_of(path))
        if lesson_of(name) not in (None, lesson_of(module_of(path)))
    ]
    assert not found, "\n".join(found)
    assert lesson_of("convexviz.app.lessons.plane.parts") == "plane"


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles(arrows_between_modules()) == []


def test_a_circle_is_caught() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]
    assert "convexviz.core.network" in arrows_between_modules()["convexviz.core.solution"]


def test_no_import_hides_in_a_function() -> None:
    found = [
        line
        for path in PACKAGE.rglob("*.py")
        for line in hidden(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    ]
    assert not found, "\n".join(found)
    assert hidden("def f():\n    from ..solve import solve", "x.py") == ["x.py:2: import solve at the top of the file"]


MOST_FILES = 15


@pytest.mark.parametrize("layer", ["app", "core"])
def test_no_folder_is_crowded(layer: str) -> None:
    folders = {path.parent for path in (PACKAGE / layer).rglob("*") if path.suffix in {".py", ".js", ".css"}}
    count = {
        str(f.relative_to(ROOT)): len([p for p in f.iterdir() if p.is_file() and p.name != "__init__.py"])
        for f in folders
    }
    assert count
    assert {name: number for name, number in count.items() if number > MOST_FILES} == {}


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
