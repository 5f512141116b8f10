"""The lesson on digits in a real browser: table, neurons as images, other digits, phone and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from e2e.geometry_hand import BoardHand
from e2e.lesson_hand import DARK, LAPTOP, PHONE, Tab, bottom, calm_visit
from playwright.sync_api import Page, expect

from convexviz.app.lessons.digits.training import OURS, RELAXATION

pytestmark = pytest.mark.e2e

ABOVE = 3e-3  # relative, by which ours may lie above an MLP: on a busy machine the clock stops it early
PLAIN = "images=5&digit_loss=logistic"


class Digits(BoardHand):
    """The page, which has no board."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "digits", figure="neurons")
        self.table = page.locator(".st-key-comparison table")
        self.text = page.locator(".st-key-comparison")

    def trained(self) -> dict[str, list[str]]:
        """Wait until all are trained: cells of the table by contestant."""
        expect(self.text).to_contain_text("Lowest objective", timeout=40_000)
        lines = [line.locator("td").all_inner_texts() for line in self.table.locator("tbody tr").all()]
        return {name: rest for name, *rest in lines}

    def names(self, figure: str = "neurons") -> list[str]:
        """Titles of the images that are drawn."""
        return self.drawn(figure, "data.map((one) => one.name)")


@pytest.fixture
def lesson(tab: Tab, app_address: str) -> Iterator[Digits]:
    with calm_visit(tab) as page:
        yield Digits(page, app_address)


def test_two_digits_are_told_apart_and_others_change_them(lesson: Digits) -> None:
    lesson.open(PLAIN)
    rows = lesson.trained()
    assert {OURS, RELAXATION, "logistic regression"} < set(rows)
    assert sum(name.startswith("MLP") for name in rows) == 3
    assert all(50 < float(accuracy.rstrip("%")) <= 100 for accuracy, _, _ in rows.values())
    ours = min(float(rows[name][1]) for name in (OURS, RELAXATION))
    assert all(ours <= float(value) * (1 + ABOVE) for _, value, _ in rows.values())
    assert lesson.number("objective") == pytest.approx(ours, rel=1e-3)
    lesson.shows_status("certified")  # branch and bound accounts for all neurons of ten images
    assert all(re.match(r"<b>[38]</b>: \d", name) for name in lesson.names())
    before = lesson.image("neurons", 0)
    assert before.shape == (8, 8)
    assert np.ptp(before) > 0
    wrong = lesson.names("missed")
    assert wrong
    assert all(name in ("a 3,<br>taken for 8", "a 8,<br>taken for 3") for name in wrong)

    lesson.select("second", "0")
    lesson.page.wait_for_function(
        """() => document.querySelector("[data-figure=neurons]")._fullData
          .every(({ name }) => /^<b>[30]</.test(name))"""
    )
    lesson.trained()
    assert not np.allclose(lesson.image("neurons", 0), before)

    lesson.page.locator(".st-key-set-whiten label").first.click()
    lesson.shows_status("certified")
    assert lesson.number("lower-bound") == pytest.approx(lesson.number("objective"), rel=1e-5)
    expect(lesson.badge).to_contain_text("exact")


def test_neurons_and_certificate_are_on_the_first_screen_and_a_challenge_is_met(lesson: Digits) -> None:
    page = lesson.page
    page.set_viewport_size(LAPTOP)
    lesson.open("challenge=single")
    lesson.trained()
    for key in ("figure", "certificate"):
        assert bottom(page, key) <= LAPTOP["height"], key
    guide = page.locator(".st-key-guide")
    expect(guide).to_contain_text("single neuron")
    expect(guide.locator("[data-done]")).to_have_count(0)
    page.locator(".st-key-set-whiten label").first.click()
    lesson.shows_status("certified")
    expect(guide.locator("[data-done]")).to_contain_text("No network of many neurons")


def test_ten_digits_on_a_phone_and_in_the_dark(lesson: Digits) -> None:
    lesson.page.set_viewport_size(PHONE["viewport"])  # type: ignore[arg-type]
    lesson.page.emulate_media(color_scheme="dark")
    lesson.open("scene=ten&per_digit=2&beta=1&digit_loss=logistic")
    rows = lesson.trained()
    assert OURS in rows
    assert RELAXATION not in rows
    assert all(50 < float(accuracy.rstrip("%")) <= 100 for accuracy, _, _ in rows.values())
    ours = float(rows[OURS][1])
    assert all(ours <= float(value) * (1 + ABOVE) for _, value, _ in rows.values())
    assert 0 < lesson.number("lower-bound") < lesson.number("objective")
    names = lesson.names()
    assert sum(name.endswith("strip") for name in names) == len(names) / 2
    lesson.becomes(DARK)
    lesson.fits_across(390)
    lesson.within_reach(lesson.table)
    lesson.within_reach(lesson.figure("neurons"))
