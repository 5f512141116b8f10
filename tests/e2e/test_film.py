"""The film player in a real browser: what it shows, in which order, and when it gives the page back."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

HARNESS = Path(__file__).with_name("film_harness.py")
ANSWER = "60"  # neurons in the badge of the page's own answer
ROUNDS = list(range(9))

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    return serve(HARNESS)


@pytest.fixture
def page(tab: tuple[Page, list[str]]) -> Iterator[Page]:
    """The tab at laptop size with motion allowed and no speed chosen; it must show no error."""
    page, errors = tab
    errors.clear()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    page.mouse.move(2, 2)
    yield page
    page.evaluate("localStorage.removeItem('cvz-film-speed')")
    assert errors == []


def part(page: Page, name: str) -> Locator:
    return page.locator(f'[data-testid="film-{name}"]')


def visit(page: Page, address: str, query: str = "ready=1") -> None:
    """Open the page and note what passes over the bus: frames by their round, with the time and the slider's place."""
    page.goto(f"{address}/?{query}")
    expect(page.locator('[data-testid="film"]')).to_be_visible()
    expect(page.locator('[data-testid="neurons"]')).to_have_attribute("data-value", ANSWER)
    page.evaluate(
        """() => {
          globalThis.heard = { scrub: [], round: [], at: [] };
          __convexvizBus.on("scrub", (frame) => {
            heard.scrub.push(frame && frame.round);
            heard.at.push(performance.now());
          });
          __convexvizBus.on("round", ({ round }) => heard.round.push(round));
        }"""
    )


def heard(page: Page, event: str = "scrub") -> Any:
    return page.evaluate(f"heard.{event}")


def expect_state(page: Page, state: str) -> None:
    expect(page.locator('[data-testid="film"]')).to_have_attribute("data-state", state)


def expect_badge(page: Page, neurons: int | str) -> None:
    expect(page.locator('[data-testid="neurons"]')).to_have_attribute("data-value", str(neurons))


def rest(page: Page) -> None:
    """Let a film that wrongly still runs show itself: longer than two frames of normal speed."""
    page.evaluate("() => new Promise((done) => setTimeout(done, 600))")


def start(page: Page) -> None:
    """Play until the third frame."""
    part(page, "play").click()
    page.wait_for_function("heard.scrub.length >= 3")


def test_play_shows_every_frame_once_and_stays_on_the_last(page: Page, address: str) -> None:
    visit(page, address, "ready=1&speed=30")
    expect_state(page, "closed")
    part(page, "play").click()
    held = page.evaluate(
        """async () => {
          const film = document.querySelector('[data-testid="film"]');
          while (film.dataset.state === "playing") await new Promise(requestAnimationFrame);
          return performance.now() - heard.at.at(-1);
        }"""
    )
    assert held >= 1400
    expect_state(page, "paused")
    assert heard(page) == ROUNDS
    assert heard(page, "round") == ROUNDS
    expect(part(page, "readout")).to_have_text("round 8 of 8")
    expect_badge(page, 8)
    part(page, "play").click()
    page.wait_for_function("heard.scrub.length === 18")
    assert heard(page)[9:] == ROUNDS


def test_the_button_asks_python_once_and_the_frames_play(page: Page, address: str) -> None:
    visit(page, address, "delay=0.5&speed=30")
    expect_state(page, "ask")
    expect(part(page, "range")).to_be_hidden()
    part(page, "ask").click()
    expect_state(page, "waiting")
    expect(part(page, "caption")).to_have_text("Solving once more, round by round …")
    part(page, "ask").click(force=True)  # to no effect
    expect_state(page, "playing")
    page.wait_for_function("heard.scrub.at(-1) === 8")
    assert heard(page) == ROUNDS
    expect(page.locator('[data-testid="python-calls"]')).to_have_attribute("data-value", "1")


def test_an_answer_without_frames_gives_the_button_back(page: Page, address: str) -> None:
    visit(page, address, "fail=1")
    for calls in (1, 2):
        part(page, "ask").click()
        expect(page.locator('[data-testid="python-calls"]')).to_have_attribute("data-value", str(calls))
        expect_state(page, "ask")
    assert heard(page) == []


def test_buttons_step_and_jump(page: Page, address: str) -> None:
    visit(page, address)
    for button in ("first", "back", "forward", "forward", "back", "last", "forward", "back"):
        part(page, button).click(force=True)  # at an end it is marked as disabled, to no harm
    assert heard(page) == [0, 1, 2, 1, 8, 7]
    expect(part(page, "readout")).to_have_text("round 7 of 8")
    expect(part(page, "caption")).to_contain_text("Cut 7 joins")
    expect_badge(page, 7)


def test_a_step_back_from_the_answer_leads_before_the_last_round(page: Page, address: str) -> None:
    visit(page, address)
    expect(part(page, "readout")).to_have_text("8 rounds")
    part(page, "back").click()
    assert heard(page) == [7]


def test_a_step_stops_the_film(page: Page, address: str) -> None:
    visit(page, address, "ready=1&rounds=60")
    start(page)
    part(page, "back").click()
    expect_state(page, "paused")
    shown = heard(page)
    rest(page)
    assert heard(page) == shown
    part(page, "play").click()
    page.wait_for_function(f"heard.scrub.length > {len(shown)}")
    assert heard(page)[len(shown)] == shown[-1] + 1


def test_the_slider_shows_the_frame_under_the_hand(page: Page, address: str) -> None:
    visit(page, address)
    box = part(page, "range").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 2, middle)
    page.mouse.down()
    page.wait_for_function("heard.scrub.at(-1) === 0")
    page.mouse.move(box["x"] + box["width"] / 2, middle, steps=10)
    page.mouse.up()
    page.wait_for_function("heard.scrub.at(-1) === 4")
    shown = heard(page)
    assert shown == sorted(set(shown))
    expect(part(page, "readout")).to_have_text("round 4 of 8")


def test_keys_move_play_and_leave(page: Page, address: str) -> None:
    visit(page, address)
    part(page, "range").focus()
    for key in ("Home", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown", "End", "PageUp", "PageDown"):
        page.keyboard.press(key)
    assert heard(page) == [0, 1, 2, 1, 0, 8, 0]
    page.keyboard.press("Space")
    expect_state(page, "playing")
    page.wait_for_function("heard.scrub.at(-1) === 2")
    page.keyboard.press("Space")
    expect_state(page, "paused")
    page.keyboard.press("Escape")
    expect_state(page, "closed")
    assert heard(page)[-1] is None
    expect_badge(page, ANSWER)


def test_close_returns_to_the_answer_and_keeps_the_keyboard(page: Page, address: str) -> None:
    visit(page, address)
    expect(part(page, "close")).to_be_hidden()
    part(page, "first").click()
    expect_badge(page, 0)
    part(page, "close").press("Enter")
    expect_badge(page, ANSWER)
    assert heard(page) == heard(page, "round") == [0, None]
    expect(part(page, "close")).to_be_hidden()
    expect(part(page, "range")).to_be_focused()
    expect(part(page, "caption")).to_have_text("Watch the cutting-plane method close the gap.")


@pytest.mark.timed
def test_speed_is_obeyed_at_once_and_remembered(page: Page, address: str) -> None:
    visit(page, address)
    part(page, "speed").select_option("slow")
    part(page, "speed").evaluate(
        """(speed) => __convexvizBus.on("scrub", () => heard.scrub.length === 2 && setTimeout(() => {
          speed.value = "fast";
          speed.dispatchEvent(new Event("change"));
        }))"""
    )
    part(page, "play").click()
    page.wait_for_function("heard.scrub.at(-1) === 8")
    at = heard(page, "at")
    waits = [later - earlier for earlier, later in pairwise(at)]
    assert waits[0] >= 990
    assert waits[1] < 500
    assert sum(waits[2:]) >= 5 / 15 * 1000  # six waits, of which the first may make up for a late frame
    visit(page, address)
    expect(part(page, "speed")).to_have_value("fast")


def test_a_slow_picture_is_never_overtaken(page: Page, address: str) -> None:
    visit(page, address, "ready=1&speed=1000")
    page.evaluate(
        """() => {
          globalThis.drawn = [];
          __convexvizBus.on("scrub", (frame) => requestAnimationFrame(() => setTimeout(() => {
            const end = performance.now() + 40;
            while (performance.now() < end);
            drawn.push([frame.round, heard.scrub.length]);
          })));
        }"""
    )
    part(page, "play").click()
    page.wait_for_function("drawn.length === 9")
    assert page.evaluate("drawn") == [[number, number + 1] for number in ROUNDS]


def test_cheap_frames_come_on_every_other_frame_of_the_screen(page: Page, address: str) -> None:
    """Thirty a second on a screen of sixty; counted in the screen's own frames, a busy machine slows both alike."""
    visit(page, address, "ready=1&speed=1000&rounds=90")
    ticks = page.evaluate(
        """async () => {
          let ticks = 0;
          document.querySelector('[data-testid="film-play"]').click();
          while (heard.scrub.at(-1) !== 90) {
            await new Promise(requestAnimationFrame);
            ticks += 1;
          }
          return ticks;
        }"""
    )
    assert heard(page) == list(range(91))
    assert ticks <= 2 * 91


def test_another_scrub_stops_the_film_and_stays(page: Page, address: str) -> None:
    visit(page, address)
    start(page)
    page.evaluate("__convexvizBus.emit('scrub', { round: 'other', badge: { status: 'upper-bound', neurons: 33 } })")
    expect_state(page, "closed")
    expect_badge(page, 33)
    rest(page)
    assert heard(page)[-1] == "other"
    assert heard(page, "round")[-1] is None
    expect_badge(page, 33)


def test_a_hand_on_the_board_gets_the_page_back(page: Page, address: str) -> None:
    visit(page, address)
    start(page)
    page.evaluate("__convexvizBus.emit('pending', { pending: true })")
    expect_state(page, "closed")
    rest(page)
    shown = heard(page)
    assert shown[-1] is None
    assert None not in shown[:-1]
    page.evaluate("__convexvizBus.emit('pending', { pending: false })")
    expect_badge(page, ANSWER)
    assert heard(page) == shown


def test_frames_that_come_while_the_board_is_in_use_do_not_play(page: Page, address: str) -> None:
    visit(page, address, "delay=0.5")
    part(page, "ask").click()
    page.evaluate("__convexvizBus.emit('pending', { pending: true })")
    expect_state(page, "closed")
    rest(page)
    assert heard(page) == []


def test_new_data_stop_the_film_and_drop_its_frames(page: Page, address: str) -> None:
    visit(page, address, "")
    part(page, "ask").click()
    page.wait_for_function("heard.scrub.length >= 2")
    page.get_by_role("button", name="New data").click()
    expect_state(page, "ask")
    shown = heard(page)
    assert shown[-1] is None
    expect_badge(page, ANSWER)
    rest(page)
    assert heard(page) == shown
    assert heard(page, "round")[-1] is None


def test_new_data_with_frames_start_closed(page: Page, address: str) -> None:
    visit(page, address)
    part(page, "first").click()
    page.get_by_role("button", name="New data").click()
    expect_state(page, "closed")
    rest(page)
    assert heard(page) == [0, None]


def test_unmount_stops_and_returns_to_the_answer(page: Page, address: str) -> None:
    visit(page, address)
    start(page)
    page.get_by_text("Show the film").click()
    expect(page.locator('[data-testid="film"]')).to_have_count(0)
    expect_badge(page, ANSWER)
    shown = heard(page)
    assert shown[-1] is None
    rest(page)
    assert heard(page) == shown


def test_reduced_motion_leaves_steps_only(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    visit(page, address, "")
    part(page, "ask").click()
    expect_state(page, "paused")
    expect(part(page, "play")).to_be_hidden()
    expect(part(page, "speed")).to_be_hidden()
    part(page, "range").press("Space")
    part(page, "forward").click()
    rest(page)
    assert heard(page) == [0, 1]


def test_motion_reduced_while_playing_stops_the_film(page: Page, address: str) -> None:
    visit(page, address, "ready=1&rounds=60")
    start(page)
    page.emulate_media(reduced_motion="reduce")
    expect_state(page, "paused")
    expect(part(page, "play")).to_be_hidden()


def test_screen_readers_hear_only_where_the_film_rests(page: Page, address: str) -> None:
    visit(page, address, "ready=1&speed=10")
    spoken = page.locator(".cvz-film-spoken")
    spoken.evaluate(
        """(node) => {
          heard.spoken = [];
          new MutationObserver(() => heard.spoken.push(node.textContent)).observe(node, { childList: true });
        }"""
    )
    expect(spoken).to_have_attribute("aria-live", "polite")
    part(page, "play").click()
    expect(spoken).to_contain_text("round 8 of 8. Cut 8 joins")
    assert len(heard(page, "spoken")) == 1
    assert part(page, "range").get_attribute("aria-valuetext") == "round 8 of 8"


def test_phone_shows_all_controls_and_captions_move_nothing(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, address)
    part(page, "first").click()
    film = page.locator('[data-testid="film"]')
    before = film.bounding_box()
    for name in ("first", "back", "play", "forward", "last", "range", "speed", "close", "caption"):
        box = part(page, name).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    part(page, "range").evaluate("(input) => { input.value = 5; input.dispatchEvent(new Event('input')); }")
    expect(part(page, "caption")).to_contain_text("a neighbour of it")
    assert film.bounding_box() == before
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_late_word_of_an_earlier_answer_does_not_cost_the_film(page: Page, address: str) -> None:
    """A board that took long to load speaks of the answers before, and then of that of the film."""
    visit(page, address)
    say = "rev => __convexvizBus.emit('parcel:film', { rev })"
    expect_state(page, "closed")
    page.evaluate(say, "data 0")
    expect_state(page, "ask")
    page.evaluate(say, "data 1")
    expect_state(page, "closed")
    start(page)
