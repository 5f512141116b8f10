"""One Chromium for all tests of pictures, the scenes of all lessons, and what to say where a reader is missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from convexviz.app.headless import scene_at
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.stage.pictures import pictures
from convexviz.export import Renderer, missing


def needed(what: str, lacking: str) -> None:
    """Fail where something is not there: a picture that nobody has read is not tested."""
    if lacking:
        pytest.fail(f"This test needs {what}; .ci/tools installs it, or says how to: {lacking}")


@pytest.fixture(scope="session")
def draw() -> Iterator[Renderer]:
    """A renderer that stays open."""
    needed("a browser", missing())
    with Renderer() as renderer:
        yield renderer


@pytest.fixture(scope="session")
def poppler() -> None:
    """The programs that read a PDF."""
    lacking = [name for name in ("pdfinfo", "pdffonts", "pdftotext") if shutil.which(name) is None]
    needed("poppler-utils", " ".join(lacking))


@pytest.fixture(scope="session")
def shown() -> dict[str, dict[str, Any]]:
    """The pictures of every lesson, as it opens, by the lesson's address."""
    return {lesson.address: dict(pictures(scene_at(f"/{lesson.address}"))) for lesson in LESSONS}
