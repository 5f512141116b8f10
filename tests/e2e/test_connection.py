"""A server that goes away and comes back: it is said, nothing drawn is lost, and nothing stale is shown as proved."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from e2e.conftest import PATIENCE, ROOT, SERVER_OPTIONS, free_port, wait_for_health
from e2e.splines_hand import Lesson
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.e2e


@contextmanager
def server(port: int) -> Iterator[None]:
    """The app on a port, until the block ends."""
    options = [f"--{name}={value}" for name, value in SERVER_OPTIONS.items()]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_health(f"http://localhost:{port}", process)
        yield
    finally:
        process.kill()
        process.wait(timeout=20)


def test_a_server_that_goes_away_is_missed_and_what_was_drawn_meanwhile_is_answered_when_it_is_back(
    browser: Browser,
) -> None:
    port = free_port()
    page = browser.new_page(viewport={"width": 1280, "height": 900})  # whose console will speak of failed requests
    page.set_default_timeout(PATIENCE)
    lesson = Lesson(page, f"http://localhost:{port}")
    with server(port):
        lesson.open("n=6")
        lesson.shows_status("certified")
    lesson.draw((0.3, 0.4))
    lesson.shows_status("late")
    expect(page.get_by_test_id("board-note")).to_contain_text("connection is lost")
    expect(lesson.badge).to_contain_text("Connection lost")
    with server(port):
        lesson.shows_status("certified")
        lesson.has(7)
        expect(page.get_by_test_id("board-note")).not_to_contain_text("connection is lost")
        lesson.answers()
    page.context.close()


def test_a_board_without_points_empties_the_figures(page: Page, app_address: str) -> None:
    lesson = Lesson(page, app_address).open("n=6")
    lesson.empty()
    expect(lesson.figure("dual")).to_have_count(0)
    expect(lesson.figure("neurons")).to_have_count(0)
    expect(lesson.badge).to_contain_text("Nothing to train yet")
    lesson.draw((0.3, 0.4), (0.6, 0.7))
    lesson.answers()
    expect(lesson.figure("dual")).to_have_count(1)
