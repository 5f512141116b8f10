"""A click on a widget counts, however slow the runs are and whatever else asks for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

HARNESS = Path(__file__).with_name("controls_harness.py")
ROUNDS = 4


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    return serve(HARNESS)


def click(page: Page, *names: str) -> None:
    """Click on toggles at once."""
    for name in names:
        page.locator(f".st-key-set-{name} label").first.click()


def test_of_two_clicks_at_once_none_is_lost(address: str, page: Page) -> None:
    page.goto(address)
    expect(page.get_by_text("abcd")).to_be_visible()
    page.locator(".st-key-busy label").first.click()
    page.wait_for_function("globalThis.tick !== undefined")
    for k in range(ROUNDS):
        click(page, "a")
        page.wait_for_timeout(60 * k)  # into another moment of the run
        click(page, "b")
        expect(page.get_by_text("ABcd", exact=True)).to_be_visible()
        click(page, "a", "b")
        expect(page.get_by_text("abcd", exact=True)).to_be_visible()


def test_a_toggle_in_a_closed_popover_does_not_take_back_what_a_button_set(address: str, page: Page) -> None:
    page.goto(address)
    expect(page.get_by_text("abcd", exact=True)).to_be_visible()
    page.get_by_role("button", name="Show").click()
    click(page, "d")
    expect(page.get_by_text("abcD", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="C on").click()
    expect(page.get_by_text("abCD", exact=True)).to_be_visible()
    click(page, "a")
    expect(page.get_by_text("AbCD", exact=True)).to_be_visible()
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".st-key-set-c input")).to_be_checked()
    click(page, "c")
    expect(page.get_by_text("AbcD", exact=True)).to_be_visible()
