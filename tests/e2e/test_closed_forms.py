"""The lesson on closed forms in a real browser: whitening, table and words, the neurons as images, ten digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from e2e.geometry_hand import GAP, SOLVED, BoardHand
from e2e.lesson_hand import DARK, LIGHT, PHONE, Tab, calm_visit
from playwright.sync_api import Page, expect

import convexviz as cv
from convexviz import closed_form
from convexviz.app.compute import digit_images
from convexviz.app.lessons.closed_forms.parts import BETAS, STOPS
from convexviz.app.shell.controls import log_stops

pytestmark = pytest.mark.e2e

OpenPage = Callable[..., Page]

# Words of a figure that lie on an image or on each other, as plotly has drawn them.
COVERED = """figure => {
  const boxes = (selector) => [...figure.querySelectorAll(selector)].map((one) => one.getBoundingClientRect());
  const words = boxes(".annotation-text"), images = boxes(".shapelayer path");
  const cross = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return words.flatMap((word, i) => [...images, ...words.slice(i + 1)].filter((one) => cross(word, one)));
}"""


class Closed(BoardHand):
    """The page, which has no board."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "closed-forms", figure="images")
        self.table = page.locator(".st-key-comparison table")
        self.text = page.locator(".st-key-figure")
        self.scores = page.locator(".st-key-digits table")

    def images(self, count: int) -> np.ndarray:
        """Wait until so many images are trained on, (count, 64), each as drawn."""
        self.page.wait_for_function(
            """count => {
              const data = document.querySelector("[data-figure=images]")?._fullData ?? [];
              return data.filter((one) => /^[+−]1$/.test(one.name)).length === count;
            }""",
            arg=count,
        )
        return np.array([self.image("images", i).ravel() for i in range(count)])

    def row(self, name: str) -> list[str]:
        """Cells of the table beside a name: formula and solver."""
        line = self.table.locator("tr").filter(has_text=re.compile(f"^{name}"))
        return line.locator("td").all_inner_texts()[1:]

    def answers(self, n: int = 4, beta: float = 0.3, whiten: bool = True) -> cv.Solution:
        """Wait until the badge shows the optimum for the very images that are drawn."""
        raw = self.images(2 * n)
        y = np.repeat([1.0, -1.0], n)
        X = closed_form.whiten(raw).X if whiten else raw
        solution = cv.solve(X, y, beta=beta, bias=False)
        self.certified(solution.objective)
        expect(self.text).to_contain_text("Whitened." if whiten else "Not whitened.")
        expect(self.table).to_contain_text(f"{self.number('objective'):.6f}")
        return solution


@pytest.fixture
def closed(tab: Tab, app_address: str) -> Iterator[Closed]:
    with calm_visit(tab) as page:
        yield Closed(page, app_address)


def test_the_first_request_of_a_fresh_server_shows_the_lesson(serve: Callable[..., str], page: Page) -> None:
    closed = Closed(page, serve("app.py")).open("n=2&per_class=1")
    expect(page).to_have_title("Closed forms · convexviz")
    expect(closed.alert).to_have_count(0)
    closed.answers(n=2)
    expect(closed.figure("ten").locator(".main-svg").first).to_be_visible()
    expect(closed.scores).to_contain_text("trained on 10 images")
    expect(closed.scores.locator("tbody tr")).to_have_count(3)


def test_whitening_decides_whether_formula_and_solver_agree(closed: Closed) -> None:
    closed.open()
    white = closed.answers()
    assert white.objective == pytest.approx(4 - (2 - 0.3) ** 2, rel=SOLVED)
    formula, solver = (float(value) for value in closed.row("objective"))
    assert formula == pytest.approx(solver, abs=2e-6)
    assert closed.row("neurons") == ["2", "2"]
    closed.page.locator(".st-key-set-whiten label").first.click()
    expect(closed.text).to_contain_text("above the certified optimum")
    raw = closed.answers(whiten=False)
    formula, solver = (float(value) for value in closed.row("objective"))
    assert formula > 1.05 * solver
    assert solver == pytest.approx(raw.objective, rel=SOLVED)
    assert closed.row("proved bound")[0] == "–"
    closed.page.locator(".st-key-set-whiten label").first.click()
    expect(closed.text).to_contain_text("the solver, which knows nothing of it")
    assert closed.answers().objective == pytest.approx(white.objective, rel=SOLVED)


def test_controls_change_images_and_answer(closed: Closed) -> None:
    closed.open("n=2")
    closed.answers(n=2)
    known = digit_images.digits()
    first = closed.images(4)
    assert all(np.abs(known.X[known.of(3)] - image).max(axis=1).min() < 1e-5 for image in first[:2])
    closed.page.get_by_role("button", name="Images", exact=True).click()
    closed.select("first", "0")
    closed.page.wait_for_function(
        """old => {
          const { z } = document.querySelector("[data-figure=images]")._fullData[0];
          return [...z].some((row, i) => [...row].some((value, j) => Math.abs(value - old[8 * i + j]) > 1e-3));
        }""",
        arg=first[0].tolist(),
    )
    closed.answers(n=2)
    assert all(np.abs(known.X[known.of(0)] - image).max(axis=1).min() < 1e-5 for image in closed.images(4)[:2])
    closed.page.keyboard.press("Escape")
    thumb = closed.page.locator(".st-key-set-beta input[type=range]")
    thumb.focus()
    for _ in range(4):
        thumb.press("ArrowRight")
    stops = log_stops(*BETAS, STOPS, 0.3)
    beta = stops[stops.index(0.3) + 4]
    expect(closed.page.get_by_test_id("beta")).to_have_attribute("data-value", str(beta))
    closed.answers(n=2, beta=beta)


def test_too_much_decay_leaves_nothing_on_the_whole_page(closed: Closed) -> None:
    closed.open()
    closed.answers()
    closed.page.get_by_role("button", name="Too much decay").click()
    expect(closed.page.get_by_test_id("beta")).to_have_attribute("data-value", "2.1")
    closed.answers(beta=2.1)
    assert closed.number("neurons") == 0
    assert closed.number("gap") <= GAP
    assert closed.row("neurons") == ["0", "0"]
    closed.page.wait_for_function(
        """() => [...document.querySelector("[data-figure=ten]")._fullData]
          .every(({ z }) => [...z].every((row) => [...row].every((value) => value === 0)))"""
    )
    closed.page.get_by_role("button", name="Three images of each digit").click()
    expect(closed.scores).to_contain_text("trained on 30 images")
    closed.answers()


def test_comparison_and_proof_are_on_the_first_screen(closed: Closed) -> None:
    closed.page.set_viewport_size({"width": 1280, "height": 720})
    closed.open()
    closed.answers()
    closed.on_first_screen("figure", "certificate", "comparison")


def test_a_challenge_is_met_with_the_slider(closed: Closed) -> None:
    """Both weights below 0.1: from beta = 1.9 on, and below 2."""
    closed.open("challenge=thin&beta=1.7")
    closed.answers(beta=1.7)
    reward = closed.page.locator(".cvz-guide")
    expect(reward).not_to_contain_text("soft threshold")
    thumb = closed.page.locator(".st-key-set-beta input[type=range]")
    thumb.focus()
    stops = log_stops(*BETAS, STOPS, 1.7)
    first = next(stop for stop in stops if stop > 1.9)
    for _ in range(stops.index(first) - stops.index(1.7)):
        thumb.press("ArrowRight")
    expect(reward).to_contain_text("soft threshold")
    closed.answers(beta=first)


def test_the_share_link_brings_the_settings_back(closed: Closed, open_page: OpenPage) -> None:
    closed.open("n=2&whiten=0&first=1&second=7&per_class=1")
    solution = closed.answers(n=2, whiten=False)
    other = Closed(open_page(), closed.address)
    other.page.goto(closed.shared_link())
    other.opened()
    assert other.answers(n=2, whiten=False).objective == pytest.approx(solution.objective, rel=SOLVED)
    np.testing.assert_array_equal(other.images(4), closed.images(4))
    expect(other.page.locator(".st-key-set-whiten input")).not_to_be_checked()


def test_a_damaged_link_shows_a_warning_and_the_default(closed: Closed) -> None:
    closed.open("n=9&first=4&second=4&per_class=1")
    for part in ("n=9", "both classes are the digit 4"):
        expect(closed.page.get_by_test_id("stAlert")).to_contain_text(part)
    closed.answers()


def test_the_dark_theme_is_followed(closed: Closed) -> None:
    closed.open("n=2")
    closed.answers(n=2)
    closed.becomes(LIGHT)
    closed.page.emulate_media(color_scheme="dark")
    closed.becomes(DARK)
    closed.answers(n=2)


def test_on_a_phone_everything_is_within_reach(open_page: OpenPage, app_address: str) -> None:
    phone = Closed(open_page(**PHONE), app_address).open("n=2")
    phone.answers(n=2)
    phone.fits_across(390)
    for name in ("images", "formula", "solver", "ten"):
        phone.within_reach(phone.figure(name))
        assert phone.figure(name).evaluate(COVERED) == []
    for part in (phone.table, phone.scores):
        phone.within_reach(part)
    for setting in ("whiten", "beta", "per_class"):
        phone.within_reach(phone.page.locator(f".st-key-set-{setting}"))
    phone.page.get_by_role("button", name="Images", exact=True).tap()
    for setting in ("first", "second", "n", "seed"):
        phone.within_reach(phone.page.locator(f".st-key-set-{setting}"))
    phone.page.keyboard.press("Escape")
    phone.page.locator(".st-key-set-whiten label").first.tap()
    phone.answers(n=2, whiten=False)
    phone.fits_across(390)
