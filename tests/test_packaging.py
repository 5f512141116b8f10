"""The pinned versions and the ranges of pyproject.toml name the same packages and agree with each other."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

import convexviz

ROOT = Path(__file__).resolve().parents[1]


def pins() -> dict[str, Requirement]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return {pin.name: pin for pin in map(Requirement, (line for line in lines if line and line[0] != "#"))}


def ranges() -> dict[str, Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["app"]]
    return {wanted.name: wanted for wanted in map(Requirement, asked)}


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
