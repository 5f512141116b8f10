"""What a run of a page has sent reaches the browser, even if a part of the page is asked for just as it ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

HARNESS = Path(__file__).with_name("runs_harness.py")


def test_a_run_is_heard_to_its_end(serve_afresh: Callable[..., str], page: Page) -> None:
    page.goto(serve_afresh(HARNESS))
    page.get_by_role("button", name="whole").click()
    expect(page.get_by_text("the run has begun")).to_be_visible()
    page.get_by_role("button", name="part").click()
    expect(page.get_by_text("the end of the run")).to_be_visible()
