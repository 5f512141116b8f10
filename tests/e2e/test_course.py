"""The course in a browser: tours, challenges, prompts and explained words, on a toy and then on every lesson."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from e2e.conftest import Tab
from e2e.lesson_hand import PHONE, calm_visit
from e2e.page_hand import EVERY_LESSON, arrive, rest
from playwright.sync_api import Locator, Page, expect

from convexviz.app.course.lesson import Lesson
from convexviz.app.course.scenes import Challenge, Step
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.shell.settings import to_query

pytestmark = pytest.mark.e2e

HARNESS = Path(__file__).with_name("course_harness.py")
# Of a figure that is looked at: its upper edge is below the bar, and as much of it as fits above the guide's card.
IN_VIEW = """figure => {
  const box = document.querySelector(`.st-key-${figure}`)?.getBoundingClientRect();
  const bar = document.querySelector("[data-testid=stHeader]").getBoundingClientRect().bottom;
  const card = document.querySelector(".st-key-guide:has(button)")?.getBoundingClientRect().top ?? innerHeight;
  const fits = box && box.height + bar <= card;
  return Boolean(box) && box.top >= bar - 1 && (fits ? box.bottom <= card + 1 : box.top <= card / 2);
}"""

AT_THE_FOOT = """() => {
  const box = document.querySelector(".st-key-guide")?.getBoundingClientRect();
  return Boolean(box) && Math.abs(box.bottom - innerHeight) <= 1;
}"""

PARTS = ".cvz-surface, .cvz-chart, .cvz-badge, .cvz-dual"

OpenPage = Callable[..., Page]


def card(page: Page) -> Locator:
    """The guide's card at the foot of the window."""
    return page.locator(".st-key-guide")


def looks_at(page: Page, figure: str) -> None:
    """Wait until a figure is in view."""
    page.wait_for_function(IN_VIEW, arg=figure)


# ---- the toy


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    return serve(HARNESS)


def test_a_link_opens_the_tour_at_its_stop(page: Page, address: str) -> None:
    page.goto(f"{address}/?tour=two")
    expect(card(page)).to_contain_text("2/3 · Two")
    expect(page.locator(".st-key-path")).to_contain_text("size 5")
    looks_at(page, "path")


def test_the_tour_is_gone_through_by_click_and_left(page: Page, address: str) -> None:
    page.goto(address)
    expect(card(page).get_by_role("button")).to_have_count(0)
    page.locator(".st-key-open-tour").get_by_role("button", name="Tour").click()
    expect(card(page)).to_contain_text("1/3 · One")
    looks_at(page, "board")
    page.locator(".st-key-tour-next button").click()
    expect(card(page)).to_contain_text("2/3 · Two")
    looks_at(page, "path")
    expect(page).to_have_url(re.compile(r"\?tour=two$"))
    page.locator(".st-key-tour-next button").click()
    expect(card(page)).to_contain_text("Stop three.")
    expect(page.locator(".st-key-tour-next")).to_have_count(0)
    looks_at(page, "figure")
    page.locator(".st-key-tour-back button").click()
    expect(card(page)).to_contain_text("2/3 · Two")
    page.locator(".st-key-guide-end button").click()
    expect(card(page).get_by_role("button")).to_have_count(0)
    expect(page.locator(".st-key-path")).to_contain_text("size 5")
    expect(page).not_to_have_url(re.compile("tour"))


def test_the_tour_is_gone_through_by_keyboard_and_the_keys_are_shown(page: Page, address: str) -> None:
    page.goto(f"{address}/?tour=one")
    expect(page.locator(".st-key-tour-next kbd")).to_have_text("Alt + →")
    page.keyboard.press("Alt+ArrowRight")
    expect(card(page)).to_contain_text("2/3 · Two")
    expect(page.locator(".st-key-tour-back kbd")).to_have_text("Alt + ←")
    page.keyboard.press("Alt+ArrowLeft")
    expect(card(page)).to_contain_text("1/3 · One")


def test_a_prompt_brings_its_figure_into_view(page: Page, address: str) -> None:
    page.goto(address)
    prompt = page.get_by_test_id("promise").filter(has_text="Low")
    prompt.scroll_into_view_if_needed()
    prompt.click()
    expect(page.locator(".st-key-path")).to_contain_text("size 9")
    looks_at(page, "path")


def test_a_guess_is_answered_and_brings_its_figure_into_view(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_text("It is eight.")).to_have_count(0)
    page.locator(".st-key-guess-big-1 button").click()
    expect(page.get_by_text("Not so: bigger.")).to_be_attached()
    looks_at(page, "figure")


def test_a_challenge_is_rewarded_and_its_tick_outlives_a_reload(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".st-key-begin-seven button").click()
    expect(card(page)).to_contain_text("Make it 7.")
    reward = page.locator(".cvz-guide")
    expect(reward).to_be_hidden()
    challenge = page.locator(".st-key-challenge-seven")
    expect(challenge).not_to_have_attribute("data-met", "")
    number = page.get_by_label("Size")
    number.fill("7")
    number.press("Enter")
    expect(reward).to_have_text("✓ Seven!")
    expect(challenge).to_have_attribute("data-met", "")
    page.goto(address)
    expect(challenge).to_have_attribute("data-met", "")
    expect(reward).to_be_hidden()


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 720}, PHONE["viewport"]])
def test_explanations_are_wholly_in_the_window(open_page: OpenPage, address: str, viewport: dict[str, int]) -> None:
    """Also of a word at the right edge; Escape puts them away."""
    page = open_page(viewport=viewport)
    page.goto(f"{address}/?tour=two")
    expect(page.locator(".cvz-guide")).to_be_attached()  # with it comes what places the explanations
    words = page.get_by_test_id("glossary")
    expect(words).to_have_count(3)
    for k in range(3):
        words.nth(k).evaluate("(word, k) => k && Object.assign(word.style, { position: 'absolute', right: '0' })", k)
        words.nth(k).focus()
        tip = words.nth(k).get_by_role("tooltip")
        expect(tip).to_be_visible()
        inside = """tip => {
          const { left, top, right, bottom } = tip.getBoundingClientRect();
          const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
          return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && tip.contains(hit);
        }"""
        assert tip.evaluate(inside)
        page.keyboard.press("Escape")
        expect(tip).to_be_hidden()


def test_the_card_leaves_the_phone_most_of_its_screen(open_page: OpenPage, address: str) -> None:
    page = open_page(**PHONE)
    page.goto(f"{address}/?tour=two")
    looks_at(page, "path")
    page.wait_for_function(AT_THE_FOOT)  # once the style sheet has come
    box = card(page).bounding_box()
    assert box is not None
    assert box["height"] <= 844 / 2
    assert (box["x"], box["width"]) == (0, 390)


# ---- every lesson


# As the browser's back and forward do it: another query on the page that is open, without loading it anew.
TURN_TO = """query => {
  history.pushState({}, "", `?${query}`);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}"""


@pytest.mark.parametrize("lesson", EVERY_LESSON)
def test_every_lesson_is_walked_through_to_the_next(app_address: str, tab: Tab, lesson: Lesson) -> None:
    """In one session: its names and place in the course, every stop of its tour, every challenge, the way on."""
    with calm_visit(tab) as page:
        arrive(page, app_address, lesson.address)
        has_its_names_and_its_place(page, lesson)
        keeps_its_parts_when_shared(page)
        page.locator(".st-key-open-tour").get_by_role("button", name="Tour").click()
        for k, step in enumerate(lesson.tour):
            reaches_the_stop(page, lesson, k, step)
        expect(page.locator(".st-key-tour-next")).to_have_count(0)
        page.locator(".st-key-guide-end button").click()
        for challenge in lesson.challenges:
            begins_and_reaches(page, lesson, challenge)
        page.get_by_test_id("next-lesson").click()
        k = LESSONS.index(lesson) + 1
        expect(page).to_have_title(re.compile(f"^{re.escape(LESSONS[k].title if k < len(LESSONS) else 'convexviz')}"))


def has_its_names_and_its_place(page: Page, lesson: Lesson) -> None:
    """What tests and helps go by, and where in the course it is."""
    expect(page.get_by_test_id("promise")).to_have_count(len(lesson.prompts))
    for name in ("next-lesson", "previous-lesson"):
        expect(page.get_by_test_id(name)).to_have_count(1)
    expect(page.get_by_test_id("glossary").first).to_be_attached()
    before = page.locator(".st-key-heading h1").evaluate("h1 => getComputedStyle(h1, '::before').content")
    assert before == f'"{LESSONS.index(lesson) + 1} · "'
    weights = page.get_by_test_id("stTopNavSection").evaluate_all("all => all.map(s => getComputedStyle(s).fontWeight)")
    assert weights.count("600") == 1


def keeps_its_parts_when_shared(page: Page) -> None:
    """The address comes above board, figures and verdict, which stay what they are."""
    count = page.locator(PARTS).evaluate_all("all => all.map((part) => (part.mine = true)).length")
    assert count > 1
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.locator(".st-key-share code")).to_contain_text("http://")
    rest(page)
    assert page.locator(PARTS).evaluate_all("all => all.filter((part) => part.mine).length") == count


def reaches_the_stop(page: Page, lesson: Lesson, k: int, step: Step) -> None:
    """The k-th stop, from the one before by the button."""
    if k:
        page.locator(".st-key-tour-next button").click()
    expect(card(page)).to_contain_text(f"{k + 1}/{len(lesson.tour)}")
    expect(page).to_have_url(re.compile(rf"\?tour={step.name}$"))
    rest(page)
    looks_at(page, step.figure)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def begins_and_reaches(page: Page, lesson: Lesson, challenge: Challenge) -> None:
    """Begun by its button it is open; in the state of its answer the solver says that it is met."""
    met = page.locator(f".st-key-challenge-{challenge.name}")
    page.locator(f".st-key-begin-{challenge.name} button").click()
    expect(card(page)).to_contain_text("Challenge.")
    rest(page)
    expect(page.locator(".cvz-guide")).to_be_hidden()
    expect(met).not_to_have_attribute("data-met", "")
    looks_at(page, challenge.figure)
    begun: Any = lesson.settings().changed(**challenge.changes)
    # Where the answer is the lesson's default, to_query names nothing, and the challenge alone would begin it anew.
    named = to_query(begun.changed(**challenge.answer)) or {key: str(one) for key, one in challenge.answer.items()}
    query = {"challenge": challenge.name, **named}
    page.evaluate(TURN_TO, urlencode(query))
    expect(page.locator(".cvz-guide")).to_contain_text("✓")
    expect(met).to_have_attribute("data-met", "")
