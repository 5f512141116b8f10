"""The lesson on auto-encoders in a real browser: picking, drawing, the neuron of a sample, and digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from e2e.geometry_hand import QUANTISED, BoardHand
from e2e.lesson_hand import DARK, LIGHT, PHONE, Tab, calm_visit
from playwright.sync_api import Page, expect

from convexviz.app.compute import digit_images
from convexviz.geometry import ExtremePoint, extreme_point, extreme_points

pytestmark = pytest.mark.e2e

OpenPage = Callable[..., Page]
SMALL = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
PLANE_ONLY = "hide=digits"


class Auto(BoardHand):
    """The page with its board."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "autoencoders")
        self.ring = page.get_by_test_id("chosen")

    def open(self, query: str = "") -> Auto:
        super().open(query)
        self.settled()
        return self

    def chosen(self, k: int) -> None:
        expect(self.ring).to_have_attribute("data-point", str(k))
        expect(self.words).to_contain_text(f"x{str(k + 1).translate(SMALL)}")

    def answers(self, k: int) -> ExtremePoint:
        """Wait until ring, words and badge show the neuron of sample k among the points that are drawn."""
        self.chosen(k)
        self.settled()
        point = extreme_point(self.coordinates(), k)
        self.certified(point.distance)
        expect(self.words).to_contain_text("lies in the hull" if point.in_hull else f"{point.distance:.3f}")
        outside = sum(not other.in_hull for other in extreme_points(self.coordinates()))
        expect(self.words).to_contain_text(f"Of the {len(self.coordinates())} samples, {outside} lie outside")
        return point

    def farthest(self) -> int:
        return int(np.argmax([point.distance for point in extreme_points(self.coordinates())]))

    def pick(self, k: int) -> None:
        self.page.mouse.click(*self.at(*self.spot(k)))


@pytest.fixture
def auto(tab: Tab, app_address: str) -> Iterator[Auto]:
    with calm_visit(tab) as page:
        yield Auto(page, app_address)


def test_the_first_request_of_a_fresh_server_shows_the_lesson(serve: Callable[..., str], page: Page) -> None:
    auto = Auto(page, serve("app.py")).open("data=blobs&n=20&k=1")
    expect(page).to_have_title("Auto-encoders · convexviz")
    expect(auto.alert).to_have_count(0)
    auto.has(20)
    assert auto.answers(0).in_hull
    expect(auto.figure("digit").locator(".main-svg").first).to_be_visible()
    expect(page.locator(".st-key-shares")).to_contain_text("How many images of 3")


def test_a_click_picks_the_sample_whose_neuron_is_shown(auto: Auto) -> None:
    auto.open(f"data=circles&n=16&{PLANE_ONLY}")
    first = auto.farthest()
    auto.answers(first)
    far = np.array([point.distance for point in extreme_points(auto.coordinates())])
    outer = next(k for k in np.argsort(-far) if k != first)
    inner = int(np.argmin(np.hypot(*auto.coordinates().T)))
    auto.pick(int(outer))
    point = auto.answers(int(outer))
    assert auto.mark("projection") == pytest.approx(tuple(point.projection), abs=1e-6)
    break_lines = auto.frame.get_by_test_id("curve").count()
    auto.pick(inner)
    assert auto.answers(inner).in_hull
    expect(auto.words).to_contain_text("nothing is left to encode")
    assert auto.number("neurons") == 0
    assert auto.frame.locator('[data-testid=curve][d^="M"]').count() < break_lines
    assert f"k={inner + 1}" in auto.shared_link()


def test_the_neuron_follows_a_drag_and_the_window_holds_still(auto: Auto) -> None:
    auto.open(f"data=blobs&n=20&k=1&{PLANE_ONLY}")
    auto.answers(0)
    ticks, edge = auto.ticks(), auto.coordinates().max(axis=0)
    auto.grab(0, tuple(edge - 0.02 * np.abs(edge)))
    expect(auto.words).to_contain_text("The best reconstruction of x₁")  # the hand is still on it
    first = auto.answers(0)
    assert first.distance > 0
    assert auto.ticks() == ticks
    auto.release()
    assert auto.ticks() == ticks
    assert auto.answers(0).u is not None


def test_board_words_and_proof_are_on_the_first_screen(auto: Auto) -> None:
    auto.page.set_viewport_size({"width": 1280, "height": 720})
    auto.open(PLANE_ONLY)
    auto.answers(auto.farthest())
    auto.on_first_screen("board", "certificate", "verdict")


def test_a_challenge_is_met_by_choosing_and_dragging(auto: Auto) -> None:
    auto.open(f"challenge=single&data=blobs&n=8&{PLANE_ONLY}")
    auto.answers(auto.farthest())
    reward = auto.page.locator(".cvz-guide")
    expect(reward).not_to_contain_text("p sits on a corner")
    X = auto.coordinates()
    corner = int(np.argmax(X[:, 0]))
    other = int(np.argmin(np.abs(X - X.mean(axis=0)).sum(axis=1)))
    auto.pick(other)
    auto.chosen(other)
    auto.grab(other, tuple(X[corner] + [0.35, 0.0]))
    expect(reward).to_contain_text("p sits on a corner")
    auto.release()
    assert np.count_nonzero(auto.answers(other).weights > 1e-9) == 1


def test_points_are_added_and_removed_down_to_none(auto: Auto) -> None:
    auto.open(PLANE_ONLY)
    auto.has(14)
    auto.tool("clear").click()
    auto.has(0)
    note = auto.frame.get_by_test_id("board-note")
    expect(note).to_contain_text("Two points are needed")
    auto.shows_status("empty")
    auto.draw((0.5, 0.5))
    auto.settled()
    auto.shows_status("empty")
    auto.draw((0.7, 0.3))
    assert auto.answers(auto.farthest()).weights.sum() == pytest.approx(1)
    expect(auto.words).to_contain_text("1 other sample")
    auto.draw((0.3, 0.3), (0.5, 0.8), (0.5, 0.45))
    auto.answers(auto.farthest())
    auto.pick(0)
    assert auto.answers(0).in_hull
    auto.page.mouse.click(*auto.at(*auto.spot(4)), button="right")
    auto.has(4)
    auto.answers(0)
    auto.tool("undo").click()
    auto.has(5)
    auto.answers(0)


def test_digit_controls_change_the_images(auto: Auto) -> None:
    auto.open()
    figure = auto.figure("digit")
    expect(figure).to_have_attribute("data-updates", re.compile("[1-9]"))
    known = digit_images.digits()

    def shows(digit: int, image: int, updates: str) -> str:
        """Wait for other images; the first is the one asked for, the right way up, the third its residual."""
        expect(figure).not_to_have_attribute("data-updates", updates)
        expected = digit_images.pictures(known.X[known.of(digit)[image - 1]])[0]
        auto.page.wait_for_function(
            """expected => {
              const { z } = document.querySelector("[data-figure=digit]")._fullData[0];
              return [...z].every((row, i) => [...row].every((value, j) => Math.abs(value - expected[i][j]) < 1e-5));
            }""",
            arg=expected.tolist(),
        )
        mixed, rest = auto.image("digit", 1), auto.image("digit", 2)
        np.testing.assert_allclose(expected - mixed, rest, atol=1e-5)
        low, high = auto.drawn("digit", "[...full.yaxis.range]")
        assert low > high, "rows run downwards"
        return figure.get_attribute("data-updates") or ""

    seen = shows(3, 1, "")
    auto.select("digit", "7")
    seen = shows(7, 1, seen)
    expect(auto.page.locator(".st-key-shares")).to_contain_text("How many images of 7")
    number = auto.page.locator(".st-key-set-image input")
    number.fill("12")
    number.press("Enter")
    seen = shows(7, 12, seen)
    auto.page.get_by_role("radio", name="all digits").click()
    expect(auto.page.locator(".st-key-digit")).to_contain_text("of 1796 images")
    shows(7, 12, seen)


def test_the_share_link_brings_points_and_choice_back(auto: Auto, open_page: OpenPage) -> None:
    auto.open(PLANE_ONLY)
    auto.draw((0.5, 0.2), (0.25, 0.8))
    auto.settled()
    auto.pick(14)
    point = auto.answers(14)
    link = auto.shared_link()
    other = Auto(open_page(), auto.address)
    other.page.goto(link)
    other.opened().has(16)
    other.certified(point.distance, QUANTISED)
    other.answers(14)
    np.testing.assert_allclose(other.coordinates(), auto.coordinates(), atol=1e-3)


def test_a_damaged_link_shows_a_warning_and_the_default(auto: Auto) -> None:
    auto.open(f"p=%21broken&n=1&{PLANE_ONLY}")
    for part in ("p=!broken", "n=1"):
        expect(auto.page.get_by_test_id("stAlert")).to_contain_text(part)
    auto.has(14)
    auto.answers(auto.farthest())


def test_the_dark_theme_is_followed(auto: Auto) -> None:
    auto.open()
    expect(auto.figure("digit")).to_have_attribute("data-updates", re.compile("[1-9]"))
    auto.becomes(LIGHT)
    auto.page.emulate_media(color_scheme="dark")
    auto.becomes(DARK)
    auto.answers(auto.farthest())


def test_on_a_phone_everything_is_within_reach(open_page: OpenPage, app_address: str) -> None:
    phone = Auto(open_page(**PHONE), app_address).open()
    expect(phone.figure("digit")).to_have_attribute("data-updates", re.compile("[1-9]"))
    phone.answers(phone.farthest())
    phone.fits_across(390)
    for part in (phone.surface, phone.words, phone.figure("digit"), phone.page.locator(".st-key-set-among")):
        phone.within_reach(part)
    for name in ("Points", "Python", "Share"):
        phone.within_reach(phone.page.get_by_role("button", name=name, exact=True))
    phone.surface.scroll_into_view_if_needed()
    phone.page.touchscreen.tap(*phone.at(0.5, 0.06))
    phone.has(15)
    phone.answers(phone.farthest())
    phone.fits_across(390)
