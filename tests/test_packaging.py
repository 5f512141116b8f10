"""The pinned versions and the ranges of pyproject.toml name the same packages and agree with each other."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.version import Version

import convexviz
from convexviz.extras import EXTRAS

ROOT = Path(__file__).resolve().parents[1]
INSTALLED = packages_distributions()
WITH_APP = ("figures", "export", "app", "cli")  # need what the extra `app` brings, in whole or in part
ASKED_BY_OTHERS = {"choreographer"}  # kaleido brings it


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


def test_the_version_follows_the_changelog() -> None:
    """While there is something unreleased it is a development version beyond the last release, else that release."""
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest, released = re.findall(r"^## \[(.+?)\]", changes, flags=re.MULTILINE)[:2]
    now = Version(convexviz.__version__)
    assert (now > Version(released) and now.is_devrelease) if newest == "Unreleased" else now == Version(newest)


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


def test_the_extra_of_a_missing_package_is_the_one_that_brings_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for package, extra in EXTRAS.items():
        brings = {INSTALLED[package][0].lower().replace("_", "-")} - ASKED_BY_OTHERS
        assert brings <= {Requirement(one).name for one in project["optional-dependencies"][extra]}, package


def test_the_oldest_python_is_the_same_wherever_it_stands() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    minors = [one.rpartition(".")[2] for one in settings["project"]["classifiers"] if "Python :: 3." in one]
    assert minors == sorted(minors, key=int)
    assert settings["project"]["requires-python"] == f">=3.{minors[0]}"
    assert settings["tool"]["mypy"]["python_version"] == f"3.{minors[0]}"
    assert settings["tool"]["ruff"]["target-version"] == f"py3{minors[0]}"
