"""The pinned versions and the ranges of pyproject.toml name the same packages and agree with each other."""

from __future__ import annotations

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

import convexviz

ROOT = Path(__file__).resolve().parents[1]
INSTALLED = packages_distributions()
WITH_APP = ("figures", "export", "app", "cli")  # need what the extra `app` brings, in whole or in part


def pins() -> dict[str, Requirement]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return {pin.name: pin for pin in map(Requirement, (line for line in lines if line and line[0] != "#"))}


def ranges() -> dict[str, Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {wanted.name: wanted for wanted in asked(project, "app")}


def asked(project: dict[str, Any], extra: str = "") -> list[Requirement]:
    """What an extra asks for, those that it builds upon included; by default what the package itself does."""
    wanted = list(map(Requirement, project["dependencies"]))
    wanted += map(Requirement, project["optional-dependencies"].get(extra, []))
    others = [other for one in wanted if one.name == project["name"] for other in one.extras]
    return [one for one in wanted if one.name != project["name"]] + [
        one for other in others for one in asked(project, other)
    ]


def test_the_package_and_its_metadata_have_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == convexviz.__version__


def test_the_same_packages_are_pinned_and_asked_for() -> None:
    assert set(pins()) == set(ranges())


def test_every_pin_is_one_version_within_its_range() -> None:
    for name, pin in pins().items():
        [version] = pin.specifier
        assert version.operator == "==", pin
        assert ranges()[name].specifier.contains(version.version), f"{pin} is outside {ranges()[name]}"


def foreign(folder: Path) -> set[str]:
    """The packages from outside that the files there import, as they are called where they are installed from."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in folder.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    tops = {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - {"convexviz"}
    return {INSTALLED[top][0].lower() for top in tops}


def test_every_package_imported_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {Requirement(wanted).name for wanted in project["dependencies"]}
    for folder in (ROOT / "convexviz").iterdir():
        if folder.is_dir():
            assert foreign(folder) <= (set(ranges()) if folder.name in WITH_APP else needed), folder.name
    assert needed <= foreign(ROOT / "convexviz")


def test_every_file_of_the_package_is_packaged() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    globs = project["tool"]["setuptools"]["package-data"]
    packaged = {
        file
        for package, patterns in globs.items()
        for glob in patterns
        for file in (ROOT / package.replace(".", "/")).glob(glob)
    }
    files = {file for file in (ROOT / "convexviz").rglob("*") if file.is_file() and file.suffix not in {".py", ".pyc"}}
    assert files == packaged
