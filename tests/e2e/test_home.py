"""The home page in a real browser: claim, board and badge on the first screen, and the board soon on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from e2e.lesson_hand import PHONE
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

FOLD = 720  # px: the first screen of a projector


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def test_claim_board_and_badge_are_on_the_first_screen(open_page: Callable[..., Page], app_address: str) -> None:
    page = open_page(viewport={"width": 1280, "height": FOLD})
    page.goto(app_address)
    expect(page.get_by_test_id("status")).to_have_attribute("data-value", "certified")
    expect(page.get_by_test_id("proof")).to_have_attribute("data-value", "exact")
    assert bottom(page, "h1") < bottom(page, ".st-key-board") < bottom(page, ".st-key-certificate") <= FOLD


def test_a_phone_shows_the_board_on_its_first_screen(open_page: Callable[..., Page], app_address: str) -> None:
    page = open_page(**PHONE)
    page.goto(app_address)
    expect(page.get_by_test_id("status")).to_have_attribute("data-value", "certified")
    assert bottom(page, ".st-key-board") <= 844
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
