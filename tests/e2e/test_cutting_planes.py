"""The lesson on cutting planes in a real browser: oracles, the missed neuron, the film, sets in space, a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from e2e.geometry_hand import QUANTISED, BoardHand
from e2e.lesson_hand import DARK, DRAWN, LAPTOP, LIGHT, PHONE, Tab, bottom, calm_visit
from playwright.sync_api import Locator, Page, expect

import convexviz as cv

pytestmark = pytest.mark.e2e

OpenPage = Callable[..., Page]
RUN = 3e-5  # relative, between runs that stop at a gap of 1e-5


class Cutting(BoardHand):
    """The page, its oracles and its film."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "cutting-planes", figure="bounds")

    def ask(self, oracle: str) -> None:
        self.page.get_by_role("radio", name=oracle, exact=True).click()

    def film(self, part: str) -> Locator:
        return self.page.get_by_test_id(f"film-{part}")

    def targets(self) -> np.ndarray:
        read = "marks => marks.map(m => Number(m.dataset.label ?? m.dataset.value))"
        return np.array(self.points.evaluate_all(read), float)

    def proves(self, beta: float = 0.2, loss: str = "squared") -> cv.Solution:
        """Wait until the badge shows the certified optimum of the very points that are drawn."""
        self.shows_status("certified")
        solution = cv.solve(self.coordinates(), self.targets(), beta=beta, loss=loss)
        self.shows_objective(solution.objective, RUN)
        assert self.number("lower-bound") <= solution.objective * (1 + 1e-9)
        return solution

    def cursor(self) -> float:
        """The round at which the cursor of the bounds stands."""
        return float(self.drawn("bounds", "data.find((t) => t.meta?.at === 'round' && t.x?.length)?.x[0] ?? 0"))


@pytest.fixture
def cutting(tab: Tab, app_address: str) -> Iterator[Cutting]:
    with calm_visit(tab) as page:
        yield Cutting(page, app_address)


def test_the_relaxation_misses_a_neuron_and_the_exact_oracle_proves(cutting: Cutting) -> None:
    cutting.open("data=ridges&n=16")
    cutting.shows_status("upper-bound")
    expect(cutting.badge).to_contain_text("Upper bound only")
    expect(cutting.words).to_contain_text("the relaxation misses this neuron")
    expect(cutting.curve("missed")).to_have_attribute("d", re.compile("^M"))
    expect(cutting.frame.locator(".cvz-legend")).to_contain_text("missed neuron")
    relaxed = cutting.number("objective")
    cutting.becomes(LIGHT)
    cutting.ask("exact sweep")
    solution = cutting.proves()
    assert relaxed > 1.1 * solution.objective
    expect(cutting.words).to_contain_text("Proved.")
    expect(cutting.curve("missed")).to_have_count(0)
    cutting.page.emulate_media(color_scheme="dark")
    cutting.becomes(DARK)


def test_the_film_moves_bounds_neurons_and_slices(cutting: Cutting) -> None:
    cutting.open("data=ridges&n=16&oracle=sweep")
    final = cutting.proves()
    breaks = cutting.page.get_by_test_id("breakline")
    expect(breaks).to_have_count(final.network.width)
    cutting.film("first").click()
    expect(cutting.film("readout")).to_contain_text("round 1 of")
    expect(breaks).to_have_count(0)
    expect(cutting.curve("found-0")).to_have_attribute("d", re.compile("^M"))
    cutting.film("forward").click()
    expect(cutting.film("readout")).to_contain_text("round 2 of")
    expect(cutting.film("caption")).to_contain_text("The optimum now lies between")
    cutting.page.wait_for_function(
        """() => document.querySelector('[data-figure=bounds]')._fullData
          .some((trace) => trace.meta?.at === 'round' && trace.x?.[0] === 2)"""
    )
    assert cutting.cursor() == 2.0
    expect(breaks).not_to_have_count(0)
    cutting.shows_status("upper-bound")
    assert cutting.number("objective") > final.objective > cutting.number("lower-bound")
    expect(cutting.figure("slice")).to_contain_text("the neuron added")
    cutting.film("play").click()
    expect(cutting.page.get_by_test_id("film")).to_have_attribute("data-state", "playing")
    cutting.film("close").click()
    cutting.proves()
    expect(cutting.figure("slice")).to_contain_text("the heaviest neuron")


def test_a_drag_is_answered_and_its_film_follows(cutting: Cutting) -> None:
    cutting.open("data=ridges&n=12&oracle=sweep")
    before = cutting.proves()
    cutting.grab(3, (0.9, -0.9))
    cutting.release()
    after = cutting.proves()
    assert after.objective != pytest.approx(before.objective, rel=1e-3)
    cutting.film("last").click()
    cutting.shows_objective(after.objective, RUN)
    expect(cutting.film("caption")).to_contain_text("proved optimal")
    shared = cutting.shared_link()
    cutting.page.goto("about:blank")
    cutting.page.goto(shared)
    cutting.opened()
    cutting.shows_objective(after.objective, QUANTISED)


def test_spike_free_data_say_exact_and_other_sets_follow_the_film(cutting: Cutting) -> None:
    cutting.open()
    cutting.page.get_by_role("button", name="Exact because spike-free").click()
    cutting.shows_status("certified")
    expect(cutting.badge).to_contain_text("Exact because spike-free")
    expect(cutting.surface).to_have_count(0)
    cutting.page.get_by_role("heading", name="Cutting planes").scroll_into_view_if_needed()
    cutting.page.evaluate(DRAWN)  # a list that opens while the page scrolls is closed again
    cutting.select("space", "A plane in ℝ⁵")
    cutting.shows_status("upper-bound")
    expect(cutting.page.get_by_test_id("stMain")).to_contain_text(
        "exact in space, for points that span three dimensions"
    )
    expect(cutting.figure("slice")).to_contain_text("the missed neuron")
    dots = "[...data[1].y]"
    resting = cutting.drawn("fit", dots)
    cutting.film("first").click()
    cutting.page.wait_for_function(
        "old => Math.abs(document.querySelector('[data-figure=fit]')._fullData[1].y[0] - old) > 1e-3", arg=resting[0]
    )
    cutting.ask("exact sweep")
    cutting.shows_status("certified")
    cutting.page.get_by_role("button", name="Python").click()
    expect(cutting.page.get_by_role("dialog")).to_contain_text("load_space('flat5')")
    cutting.page.keyboard.press("Escape")


def test_board_certificate_and_map_are_on_the_first_screen_and_a_challenge_is_met(cutting: Cutting) -> None:
    page = cutting.page
    page.set_viewport_size(LAPTOP)
    cutting.open("challenge=short")
    cutting.shows_status("certified")
    for key in ("board", "certificate", "figure", "oracles", "film"):
        assert bottom(page, key) <= LAPTOP["height"], key
    guide = page.locator(".st-key-guide")
    expect(guide).to_contain_text("at most 5 rounds")
    expect(guide.locator("[data-done]")).to_have_count(0)
    cutting.open("challenge=short&data=tent2&oracle=sweep&beta=2")
    cutting.shows_status("certified")
    expect(guide.locator("[data-done]")).to_contain_text("no neuron was left that pays")
    expect(page.locator(".st-key-challenge-short[data-met]")).to_have_count(1)


def test_on_a_phone_everything_is_within_reach(open_page: OpenPage, app_address: str) -> None:
    phone = Cutting(open_page(**PHONE), app_address).open("n=12")
    phone.shows_status("upper-bound")
    phone.fits_across(390)
    for name in ("Space", "exact sweep", "ascent"):
        phone.within_reach(phone.page.get_by_role("radio", name=name, exact=True))
    for part in (phone.surface, phone.badge, phone.film("play"), *map(phone.figure, ("dual", "bounds", "slice"))):
        phone.within_reach(part)
    phone.page.get_by_role("radio", name="exact sweep", exact=True).tap()
    phone.proves()
    phone.fits_across(390)
