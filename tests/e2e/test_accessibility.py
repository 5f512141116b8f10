"""Axe finds nothing serious on any page, in either theme; where the system chooses colours, shapes tell marks apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from e2e.conftest import Tab
from e2e.lesson_hand import DARK, LIGHT, calm_visit
from e2e.page_hand import PAGES, arrive, rest
from playwright.sync_api import Page, expect

from convexviz.app.lessons.registry import LESSONS

pytestmark = pytest.mark.e2e

AXE = Path(__file__).parents[2] / ".ci" / "web" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, which `make` installs with what checks the browser's files."""
    assert AXE.exists(), "axe-core is not installed; `make test` installs it, `make .ci/web/node_modules/.ready` alone."
    return AXE.read_text(encoding="utf-8")


def findings(page: Page, axe: str) -> list[str]:
    """What axe finds that is serious or worse: rule, element, what is wrong with it."""
    page.evaluate(axe)
    result: dict[str, Any] = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{rule['id']}: {node['target']} {node['any'][0]['message'] if node['any'] else rule['help']}"
        for rule in result["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


def finds_nothing_in_either_theme(page: Page, axe: str) -> None:
    """Of the page as it is, light, and then dark."""
    found = findings(page, axe)
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", DARK)
    rest(page)
    assert {"light": found, "dark": findings(page, axe)} == {"light": [], "dark": []}


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(app_address: str, tab: Tab, axe: str, path: str) -> None:
    with calm_visit(tab) as page:
        arrive(page, app_address, path)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", LIGHT)
        finds_nothing_in_either_theme(page, axe)


def test_axe_finds_nothing_serious_along_a_tour(app_address: str, tab: Tab, axe: str) -> None:
    lesson = next(lesson for lesson in LESSONS if lesson.tour)
    with calm_visit(tab) as page:
        arrive(page, app_address, f"{lesson.address}?tour={lesson.tour[1].name}")
        finds_nothing_in_either_theme(page, axe)


def test_in_forced_colours_shape_tells_classes_apart_and_focus_is_seen(app_address: str, open_page: OpenPage) -> None:
    page = open_page(forced_colors="active")
    arrive(page, app_address, "plane")
    fills = "dots => new Set(dots.map(dot => getComputedStyle(dot).fill)).size"
    shapes = "dots => new Set(dots.map(dot => /[a]/.test(dot.getAttribute('d')) ? 'disc' : 'square')).size"
    points = page.get_by_test_id("point")
    assert points.evaluate_all(fills) == 2
    assert points.evaluate_all(shapes) == 2
    board = page.get_by_test_id("board")
    board.focus()
    assert board.evaluate("board => getComputedStyle(board).outlineStyle") == "solid"
    expect(page.get_by_test_id("board-keys")).to_be_visible()
