"""A film made in the dialog of a lesson: asked for, watched in the making, cancelled, downloaded and read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from e2e.lesson_hand import PHONE
from PIL import Image, ImageSequence
from playwright.sync_api import Locator, Page, expect

from convexviz.export import missing
from tests.export.conftest import needed

LONG = 120_000  # ms in which forty frames are drawn on a loaded machine
READY = "() => globalThis.__convexvizBus?.last['path:line-beta']?.complete"

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def _drawing() -> None:
    needed("a browser", missing())


def opened(page: Page, address: str) -> Locator:
    """The films' part of the dialog, over the splines with their path solved."""
    page.goto(f"{address}/splines?n=6")
    page.wait_for_function(READY)
    page.get_by_test_id("export").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name="Films").click()
    expect(dialog.get_by_role("button", name="Make the film")).to_be_visible()
    return dialog


def choose(dialog: Locator, group: str, option: str) -> None:
    dialog.get_by_role("radiogroup", name=group).get_by_role("radio", name=option, exact=True).click()


def test_the_sweep_is_made_into_a_file_while_the_page_stays_in_use(
    open_page: Callable[..., Page], app_address: str, tmp_path: Path
) -> None:
    page = open_page()
    dialog = opened(page, app_address)
    choose(dialog, "As", "GIF")
    dialog.get_by_role("combobox", name="Pixels").click()
    page.get_by_role("option", name="960 × 540").click()
    speed = dialog.get_by_role("spinbutton", name="Frames a second")
    speed.fill("10")
    make = dialog.get_by_role("button", name="Make the film")
    make.click()  # what was typed last counts
    bar = dialog.get_by_test_id("making-bar")
    expect(bar).to_be_visible()
    expect(make).to_be_disabled()
    page.wait_for_function("() => document.querySelector('[data-testid=making-bar]')?.value > 0.05")
    expect(dialog.get_by_test_id("making-words")).to_contain_text("of 41 frames drawn")
    button = dialog.get_by_role("button", name="Download the film")
    expect(button).to_be_visible(timeout=LONG)
    expect(bar).to_have_count(0)
    expect(make).to_be_enabled()
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename.startswith("convexviz-splines-beta-board")
    path = tmp_path / "film.gif"
    download.value.save_as(path)
    with Image.open(path) as film:
        durations = [frame.info["duration"] for frame in ImageSequence.Iterator(film)]
        assert film.size == (960, 540)
    assert len(durations) == 41
    assert sum(durations) == 1000 * (2 + 4.1)


def test_a_film_is_cancelled_on_a_phone(open_page: Callable[..., Page], app_address: str) -> None:
    page = open_page(**PHONE)
    dialog = opened(page, app_address)
    make = dialog.get_by_role("button", name="Make the film")
    make.scroll_into_view_if_needed()
    make.tap()
    cancel = dialog.get_by_test_id("making-cancel")
    expect(cancel).to_be_visible()
    box = cancel.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    cancel.tap()
    expect(dialog.get_by_text("The film was cancelled; nothing of it is left.")).to_be_visible()
    expect(make).to_be_enabled()
    expect(dialog.get_by_role("button", name="Download the film")).to_have_count(0)
