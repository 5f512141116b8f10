"""The lesson on geometry in a real browser: sets, supporting line, verdict and proof follow the hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from e2e.geometry_hand import QUANTISED, SOLVED, BoardHand
from e2e.lesson_hand import DARK, LIGHT, PHONE, Tab, calm_visit, turn_scene
from playwright.sync_api import Locator, Page, expect

from convexviz.core.network import Array
from convexviz.geometry import RectifiedEllipsoid

pytestmark = pytest.mark.e2e

OpenPage = Callable[..., Page]


class Geometry:
    """The page with its two boards; the second one only for two samples."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.samples = BoardHand(page, address, "geometry", figure="polar")
        self.space = BoardHand(page, address, "geometry", container="space", figure="polar")

    def open(self, query: str = "") -> Geometry:
        self.samples.open(query)
        expect(self.samples.surface).to_have_attribute("data-count", re.compile("[23]"))
        self.samples.settled()
        return self

    def shows(self, n: int) -> None:
        """Wait until so many samples are on the page, with all that moves their target."""
        expect(self.samples.surface).to_have_attribute("data-count", str(n))
        expect(self.sliders).to_have_count(3 if n == 3 else 0)
        expect(self.space.surface).to_have_count(0 if n == 3 else 1)

    @property
    def sliders(self) -> Locator:
        return self.page.locator("[class*=st-key-target-] input[type=range]")

    def answers(self, tolerance: float = SOLVED) -> float:
        """Wait until the badge shows the gauge of the target for the very samples that are drawn; the gauge."""
        gauge = RectifiedEllipsoid(self.samples.coordinates()).gauge(self.target()).value
        self.samples.certified(gauge, tolerance)
        return gauge

    def target(self) -> Array:
        """The target on its board, or as the sliders have it."""
        if not self.sliders.count():
            return self.space.coordinates()[0]
        return np.array(self.sliders.evaluate_all("all => all.map((one) => Number(one.value))"))

    def polar_range(self) -> list[float]:
        return self.samples.drawn("polar", "[...full.xaxis.range, ...full.yaxis.range]")


@pytest.fixture
def lesson(tab: Tab, app_address: str) -> Iterator[Geometry]:
    with calm_visit(tab) as page:
        yield Geometry(page, app_address)


def test_the_first_request_of_a_fresh_server_shows_the_lesson(serve: Callable[..., str], page: Page) -> None:
    lesson = Geometry(page, serve("app.py")).open("data=acute&mirror=0")
    expect(page).to_have_title("Geometry · convexviz")
    expect(lesson.samples.alert).to_have_count(0)
    for key in ("board", "space", "figure", "verdict", "certificate"):
        expect(page.locator(f".st-key-{key}")).to_be_visible()
    lesson.answers()
    for name in ("c", "e", "q", "support"):
        expect(lesson.space.curve(name)).to_have_attribute("d", re.compile("^M"))
    expect(lesson.space.curve("minus-q")).to_have_count(0)
    expect(lesson.samples.words).to_contain_text("Spike-free. No answer")
    expect(lesson.samples.frame.get_by_test_id("arrow")).to_have_count(2)


def test_sets_and_words_follow_a_sample_and_the_windows_hold_still(lesson: Geometry) -> None:
    samples, space = lesson.open("data=spikes").samples, lesson.space
    lesson.answers()
    expect(samples.words).to_contain_text("Not spike-free.")
    expect(space.curve("spikes")).to_have_attribute("d", re.compile("^M"))
    before = samples.ticks(), space.ticks(), lesson.polar_range()
    ellipse, polar = space.path("e"), samples.figure("polar").get_attribute("data-updates") or ""
    samples.grab(1, (0.4, 1.3))
    expect(samples.words).to_contain_text("Spike-free. No answer")  # the hand is still on it
    samples.settled()
    lesson.answers()
    expect(samples.figure("polar")).not_to_have_attribute("data-updates", polar)
    assert (samples.ticks(), space.ticks(), lesson.polar_range()) == before
    assert space.path("e") != ellipse
    expect(space.curve("spikes")).not_to_have_attribute("d", re.compile("^M"))
    expect(samples.words).to_contain_text("acute")
    samples.release()
    assert samples.coordinates()[1] == pytest.approx([0.4, 1.3], abs=0.03)
    lesson.answers()


@pytest.mark.parametrize("data", ["spikes", "three"])
def test_pictures_words_and_proof_are_on_the_first_screen(lesson: Geometry, data: str) -> None:
    lesson.page.set_viewport_size({"width": 1280, "height": 720})
    lesson.open(f"data={data}").answers()
    lesson.samples.on_first_screen("board", "space", "figure", "verdict", "certificate")


def test_a_challenge_is_met_by_hand_and_its_reward_is_seen(lesson: Geometry) -> None:
    lesson.open("challenge=mend")
    lesson.answers()
    expect(lesson.page.locator(".st-key-guide")).to_contain_text("by moving one sample, and only one")
    reward = lesson.page.locator(".cvz-guide")
    expect(reward).not_to_contain_text("Q is a piece of E")
    lesson.samples.grab(1, (0.4, 1.2))
    expect(reward).to_contain_text("Q is a piece of E")
    lesson.samples.release()
    lesson.samples.grab(0, (0.9, 0.4))
    expect(reward).not_to_contain_text("Q is a piece of E")  # two samples have moved
    lesson.samples.release()
    lesson.answers()


def test_no_mark_hides_another(lesson: Geometry) -> None:
    """Where one neuron carries y it stands at y / gauge: both that the legend names are seen."""
    lesson.open("data=spikes")
    lesson.answers()
    disc, diamond = (
        lesson.space.frame.locator(f"[data-testid=mark][data-id={name}]") for name in ("contact", "neuron-0")
    )
    outer, inner = disc.bounding_box(), diamond.bounding_box()
    assert outer is not None
    assert inner is not None
    assert outer["width"] > inner["width"] + 3
    assert disc.evaluate("(one, other) => one.compareDocumentPosition(other) & 4", diamond.element_handle())


def test_a_large_sample_finds_room_once_the_hand_is_off(lesson: Geometry) -> None:
    samples, space = lesson.open("data=whitened").samples, lesson.space
    lesson.answers()
    before = space.ticks(), lesson.polar_range()
    samples.grab(0, (1.5, 1.45))
    samples.settled()
    lesson.answers()
    assert (space.ticks(), lesson.polar_range()) == before
    samples.release()
    expect(space.surface.locator(".cvz-ticks")).not_to_have_text(before[0])
    lesson.answers()


def test_line_words_and_proof_follow_the_target(lesson: Geometry) -> None:
    space = lesson.open("data=whitened").space
    lesson.answers()
    expect(space.words).to_contain_text("2 neurons carry")
    line, ellipse, ticks = space.path("support"), space.path("e"), space.ticks()
    space.grab(0, (0.3, 0.8))
    expect(space.words).to_contain_text("one neuron carries")
    space.settled()
    gauge = lesson.answers()
    assert gauge == pytest.approx(np.hypot(*space.coordinates()[0]), rel=1e-5)
    assert space.path("support") != line
    assert (space.path("e"), space.ticks()) == (ellipse, ticks)
    assert space.mark("contact") == pytest.approx(tuple(space.coordinates()[0] / gauge), abs=1e-4)
    space.release()
    space.grab(0, (-0.6, 0.7))
    space.release()
    gauge = lesson.answers()
    assert gauge == pytest.approx(np.abs(space.coordinates()[0]).sum(), rel=1e-5)
    expect(space.words).to_contain_text(f"Σ|w| = {gauge:.3f}")
    expect(space.words).to_contain_text("2 neurons carry")


CAMERA = """() => {
  const full = document.querySelector("[data-figure=space]")?._fullLayout;
  return full?.scene?.camera ? JSON.stringify(full.scene.camera.eye) : null;
}"""


def test_sliders_move_the_target_of_three_samples_and_the_camera_survives(lesson: Geometry) -> None:
    samples = lesson.open("data=three").samples
    lesson.shows(3)
    first = lesson.answers()
    figure = samples.figure("space")
    expect(figure.locator("canvas").first).to_be_visible()
    lesson.page.wait_for_function(f"() => ({CAMERA})() !== null")
    figure.scroll_into_view_if_needed()
    box = figure.locator("canvas").first.bounding_box()
    assert box is not None
    start = box["x"] + 0.5 * box["width"], box["y"] + 0.45 * box["height"]
    end = box["x"] + 0.75 * box["width"], box["y"] + 0.55 * box["height"]
    turned = turn_scene(lesson.page, start, end, CAMERA)
    updates = figure.get_attribute("data-updates") or ""
    thumb = lesson.sliders.nth(2)
    thumb.focus()
    for _ in range(6):
        thumb.press("ArrowLeft")
    expect(lesson.page.locator(".st-key-target-3").get_by_test_id("stSliderThumbValue")).to_have_text("0.00")
    second = lesson.answers()
    assert lesson.target()[2] == pytest.approx(0.0, abs=1e-9)
    assert second != pytest.approx(first, rel=1e-3)
    expect(figure).not_to_have_attribute("data-updates", updates)
    updates = figure.get_attribute("data-updates") or ""
    samples.grab(0, (0.9, 0.6))
    samples.release()
    lesson.answers()
    expect(figure).not_to_have_attribute("data-updates", updates)
    assert lesson.page.evaluate(CAMERA) == turned
    expect(samples.words).to_contain_text("for no u′ at all")


def test_presets_and_prompts_replace_samples_and_target(lesson: Geometry) -> None:
    samples = lesson.open().samples
    lesson.answers()
    samples.select("dataset", "Three, one between")
    lesson.shows(3)
    samples.figure("space").locator("canvas").first.wait_for()
    lesson.answers()
    lesson.page.get_by_role("button", name="Data on a line").click()
    lesson.shows(2)
    expect(samples.words).to_contain_text("it leaves the range of X")
    lesson.answers()


def test_what_no_network_can_do_is_said_aloud(lesson: Geometry) -> None:
    """On one ray the values are bound to each other."""
    lesson.open("data=rank_one")
    lesson.answers()
    lesson.space.grab(0, (0.4, 0.9))
    lesson.space.release()
    lesson.samples.shows_status("infeasible")
    expect(lesson.samples.words).to_contain_text("No network takes these values")
    expect(lesson.space.curve("support")).not_to_have_attribute("d", re.compile("^M"))


def test_the_share_link_brings_the_drawing_back(lesson: Geometry, open_page: OpenPage) -> None:
    lesson.open("data=acute&spikes=0")
    lesson.samples.grab(0, (1.3, -0.2))
    lesson.samples.release()
    lesson.space.grab(0, (-0.5, 0.6))
    lesson.space.release()
    gauge = lesson.answers()
    link = lesson.samples.shared_link()
    other = Geometry(open_page(), lesson.samples.address)
    other.page.goto(link)
    other.samples.opened()
    other.samples.certified(gauge, QUANTISED)
    other.answers()
    np.testing.assert_allclose(other.samples.coordinates(), lesson.samples.coordinates(), atol=1e-3)
    np.testing.assert_allclose(other.target(), lesson.target(), atol=1e-3)
    expect(other.space.curve("spikes")).to_have_count(0)


def test_a_damaged_link_shows_a_warning_and_the_default(lesson: Geometry) -> None:
    lesson.open("p=%21broken&data=acute&hull=maybe")
    for part in ("p=!broken", "hull=maybe"):
        expect(lesson.page.get_by_test_id("stAlert")).to_contain_text(part)
    lesson.answers()


def test_the_dark_theme_is_followed(lesson: Geometry) -> None:
    lesson.open()
    lesson.answers()
    lesson.samples.becomes(LIGHT)
    lesson.page.emulate_media(color_scheme="dark")
    lesson.samples.becomes(DARK)
    lesson.answers()


def test_on_a_phone_everything_is_within_reach(open_page: OpenPage, app_address: str) -> None:
    phone = Geometry(open_page(**PHONE), app_address).open()
    phone.answers()
    phone.samples.fits_across(390)
    for part in (phone.samples.surface, phone.space.surface, phone.samples.figure("polar"), phone.samples.words):
        phone.samples.within_reach(part)
    for name in ("Show", "Python", "Share"):
        phone.samples.within_reach(phone.page.get_by_role("button", name=name, exact=True))
    phone.page.get_by_role("button", name="Three samples").tap()
    phone.shows(3)
    phone.samples.within_reach(phone.samples.figure("space"))
    phone.answers()
    phone.samples.fits_across(390)
