"""A talk of ten scenes, built by hand in the dialog, and given from its link in a fresh window of 1920 × 1080."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from e2e.conftest import PATIENCE, listen_for_errors
from e2e.lesson_hand import DARK, LIGHT
from playwright.sync_api import Browser, Page, expect

from convexviz.app.stage.talk.scenes import Talk, TalkScene, decode, encode

pytestmark = pytest.mark.e2e

STAGE = {"width": 1920, "height": 1080}
LEAST = 24  # px of any text on stage
VISITS = (
    "splines?beta=0.2",
    "splines?beta=0.02",
    "plane",
    "geometry",
    "dual",
    "rank-one",
    "kernel-matrix",
    "tangent-kernel",
    "closed-forms",
    "autoencoders",
)
# Sizes of all texts that can be seen: of text in SVG as it is scaled on the screen.
SIZES = """() => {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const element = text.parentElement;
    if (!text.textContent.trim() || element.closest("script, style, .cvz-hidden, .cvz-badge-spoken")) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const { left, right, top, bottom, width, height } = range.getBoundingClientRect();
    if (!width || !height || right < 0 || bottom < 0 || left > innerWidth || top > innerHeight) continue;
    const matrix = element instanceof SVGElement ? element.getScreenCTM() : null;
    const scale = matrix ? Math.hypot(matrix.a, matrix.b) : 1;
    found.push([parseFloat(getComputedStyle(element).fontSize) * scale, text.textContent.trim()]);
  }
  return found;
}"""
SCROLLS = """() => [document.documentElement, document.body, document.querySelector(".stMain")].some((box) =>
  /auto|scroll/.test(getComputedStyle(box).overflowY) && box.scrollHeight > box.clientHeight)"""
# The pictures of the scene are drawn and the verdict stands.
DRAWN = """() => {
  const app = document.querySelector("[data-testid=stApp]");
  const tall = (one) => one.getBoundingClientRect().height > 300;
  const shown = (one) => getComputedStyle(one).visibility === "visible" && tall(one);
  const places = [...document.querySelectorAll(".cvz-board, .cvz-figure, .cvz-dual")].filter(shown);
  return app.getAttribute("data-test-script-state") === "notRunning" && places.length > 0
    && places.every((place) => place.querySelector(".cvz-surface path, .main-svg, .cvz-dual-svg > *"))
    && document.querySelector(".cvz-badge [data-testid=status]:not([data-value='']):not([data-value=empty])");
}"""


def add(page: Page, address: str, visit: str, count: int) -> None:
    """Add the scene of a visit to the list, which then has so many."""
    page.goto(f"{address}/{visit}")
    page.locator(".st-key-ways-on").wait_for()
    page.get_by_test_id("talk").click()
    dialog = page.get_by_role("dialog")
    if count > 1:  # the browser has told what it keeps
        expect(dialog.locator("[class*='st-key-talk-row-']")).to_have_count(count - 1)
    sentence = dialog.get_by_role("textbox", name="Sentence above it")
    sentence.fill(f"Scene **{count}**: {visit}")
    sentence.press("Enter")
    dialog.get_by_role("button", name="Add this scene").click()
    expect(dialog.locator("[class*='st-key-talk-row-']")).to_have_count(count)
    page.wait_for_function(f"JSON.parse(localStorage.getItem('convexviz-talk'))?.scenes.length === {count}")


def link_of(page: Page) -> str:
    """The link that the dialog shows."""
    return page.locator(".st-key-talk-link code").inner_text().strip()


def talk_of(link: str) -> Talk:
    return decode(parse_qs(urlsplit(link).query)["talk"][0])


@pytest.fixture(scope="module")
def built(browser: Browser, app_address: str) -> Iterator[str]:
    """The link of a talk built by hand: ten scenes of nine lessons, the last of them moved up by one."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    for count, visit in enumerate(VISITS, 1):
        add(page, app_address, visit, count)
    page.locator(".st-key-talk-up-9").get_by_role("button").first.click()
    expect(page.get_by_role("textbox", name="9 · autoencoders")).to_be_visible()
    page.wait_for_function("JSON.parse(localStorage.getItem('convexviz-talk')).scenes[8].lesson === 'autoencoders'")
    kept = json.loads(page.evaluate("localStorage.getItem('convexviz-talk')"))
    link = link_of(page)
    assert [scene["lesson"] for scene in kept["scenes"]] == [scene.lesson for scene in talk_of(link).scenes]
    yield link
    context.close()


@pytest.fixture
def stage(browser: Browser) -> Iterator[Page]:
    """A fresh window in which nothing may fail."""
    context = browser.new_context(viewport=STAGE)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    errors = listen_for_errors(page)
    yield page
    assert errors == []
    context.close()


def arrive(page: Page, number: int, count: int) -> None:
    """Wait until scene `number` is on and drawn."""
    expect(page.get_by_test_id("talk-counter")).to_have_text(f"{number} / {count}")
    expect(page.get_by_test_id("talk-sentence")).to_contain_text(f"Scene {number if number < 9 else 19 - number}:")
    page.wait_for_function(DRAWN)


def test_ten_scenes_are_given(built: str, stage: Page) -> None:
    """Arrow keys go through all of them; every text is large enough, nothing scrolls, a reload finds its place."""
    stage.goto(built)
    for number in range(1, 11):
        arrive(stage, number, 10)
        small = [text for text in stage.evaluate(SIZES) if text[0] < LEAST]
        assert small == [], f"scene {number}"
        assert not stage.evaluate(SCROLLS), f"scene {number}"
        if number == 6:
            stage.reload()
            arrive(stage, 6, 10)
        if number < 10:
            stage.keyboard.press("ArrowRight")
    stage.keyboard.press("ArrowLeft")
    arrive(stage, 9, 10)
    stage.keyboard.press("Home")
    arrive(stage, 1, 10)
    stage.go_back()
    arrive(stage, 9, 10)
    stage.keyboard.press("Escape")
    expect(stage.locator(".st-key-ways-on")).to_be_visible()
    expect(stage.get_by_test_id("talk-sentence")).to_have_count(0)
    stage.keyboard.press("Shift+P")
    arrive(stage, 9, 10)


def test_the_board_answers_to_the_hand_and_the_next_visit_is_afresh(built: str, stage: Page) -> None:
    stage.goto(built)
    arrive(stage, 1, 10)
    objective = stage.get_by_test_id("objective")
    before = objective.get_attribute("data-value") or ""
    point = stage.get_by_test_id("point").first.bounding_box()
    assert point is not None
    x, y = point["x"] + point["width"] / 2, point["y"] + point["height"] / 2
    stage.mouse.move(x, y)
    stage.mouse.down()
    expect(stage.get_by_test_id("talk-pointer")).to_have_class(re.compile("is-down"))
    stage.mouse.move(x + 10, y - 200, steps=5)
    stage.mouse.up()
    expect(stage.get_by_test_id("talk-pointer")).not_to_have_class(re.compile("is-down"))
    expect(objective).not_to_have_attribute("data-value", before)
    expect(stage.get_by_test_id("status")).to_have_attribute("data-value", "certified")
    stage.keyboard.press("ArrowRight")  # though the board was just clicked
    arrive(stage, 2, 10)
    stage.keyboard.press("PageUp")
    arrive(stage, 1, 10)
    expect(objective).to_have_attribute("data-value", before)


def test_arrows_are_the_boards_while_the_keyboard_is_there(built: str, stage: Page) -> None:
    stage.goto(built)
    arrive(stage, 1, 10)
    surface = stage.get_by_test_id("board")
    stage.keyboard.press("Tab")
    surface.focus()
    stage.keyboard.press("ArrowRight")
    expect(stage.get_by_test_id("board-cursor")).to_have_attribute("d", re.compile("M"))
    expect(stage.get_by_test_id("talk-counter")).to_have_text("1 / 10")
    stage.keyboard.press("PageDown")
    arrive(stage, 2, 10)


def test_blank_and_dark(built: str, stage: Page) -> None:
    stage.goto(built)
    arrive(stage, 1, 10)
    blank, ground = stage.get_by_test_id("talk-blank"), "getComputedStyle(document.body).backgroundColor"
    stage.keyboard.press("b")
    expect(blank).to_be_visible()
    expect(stage.get_by_test_id("talk-counter")).to_be_hidden()
    stage.keyboard.press(".")
    expect(blank).to_be_hidden()
    assert stage.evaluate(ground) == LIGHT
    stage.keyboard.press("t")
    stage.wait_for_function(f"{ground} === '{DARK}'")
    ink = "getComputedStyle(document.querySelector('[data-figure=dual] .gtitle')).fill"
    stage.wait_for_function(f"{ink} === 'rgb(230, 236, 242)'")
    stage.keyboard.press("ArrowRight")
    arrive(stage, 2, 10)
    assert stage.evaluate(ground) == DARK


def test_a_damaged_link_is_told(app_address: str, stage: Page) -> None:
    text = encode(Talk(scenes=(TalkScene("splines", {}, "Whole"),)))
    stage.goto(f"{app_address}/splines?present=1&talk={text[:-9]}&at=0")
    expect(stage.get_by_test_id("talk-problem")).to_contain_text("copy the whole of it once more")
    stage.wait_for_function(DRAWN)


def test_a_page_goes_on_stage_by_a_key_as_it_is(app_address: str, stage: Page) -> None:
    stage.goto(f"{app_address}/splines?beta=0.3")
    expect(stage.locator(".st-key-ways-on")).to_be_visible()
    stage.get_by_test_id("beta-number").or_(stage.get_by_label("β")).first.focus()
    stage.keyboard.press("Shift+P")  # someone is typing a number
    stage.evaluate("document.activeElement.blur()")
    expect(stage.get_by_test_id("talk-sentence")).to_have_count(0)
    stage.keyboard.press("Shift+P")
    expect(stage.get_by_test_id("talk-sentence")).to_contain_text("globally optimal")
    stage.wait_for_function(DRAWN)
    assert parse_qs(urlsplit(stage.url).query) == {"present": ["1"], "beta": ["0.3"]}
    expect(stage.get_by_test_id("beta")).to_have_attribute("data-value", "0.3")
