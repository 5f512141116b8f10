"""The page to take home, opened from disk with the network off: every lesson, and all that one can do there."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from convexviz.app.components.shown import Part, frames
from convexviz.app.headless import scene_at
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.stage.scene import Scene
from convexviz.app.stage.take_home import take_home_page
from tests.e2e.conftest import PATIENCE, listen_for_errors

pytestmark = pytest.mark.e2e

SLOTS = {"objective": "objective", "lower-bound": "lower_bound", "gap": "gap", "neurons": "neurons", "beta": "beta"}
ADDRESSES = [lesson.address for lesson in LESSONS]
# The middle of a neuron's mark on the board, in pixels of the window.
MIDDLE = """(mark) => {
  const line = mark.matches('path, line') ? mark : mark.querySelector('path, line');
  const { x, y } = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(line.getScreenCTM());
  return mark.classList.contains('cvz-kink') ? middleOf(mark.getBoundingClientRect()) : [x, y];
  function middleOf({ left, top, width, height }) { return [left + width / 2, top + height / 2]; }
}"""

Scenes = Callable[[str], Scene]


@pytest.fixture(scope="module")
def scene_of() -> Scenes:
    """Each scene once, its path and film made."""
    made: dict[str, Scene] = {}

    def scene(link: str) -> Scene:
        if link not in made:
            made[link] = scene_at(link, films=True)
        return made[link]

    return scene


@contextmanager
def from_disk(browser: Browser, folder: Path, text: str, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """The page opened as a file, without network; and the errors that it shows, requests among them."""
    file = folder / "lesson.html"
    file.write_text(text, encoding="utf-8")
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    context.set_offline(True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    errors = listen_for_errors(page)
    page.on("request", lambda request: inside(request.url) or errors.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_function(
        "document.documentElement.dataset.ready || !document.querySelector('.cvz-page-alert').hidden"
    )
    yield page, errors
    context.close()


def inside(url: str) -> bool:
    """Whether an address is the file's, or one that the page has made itself."""
    return url.startswith(("file:", "blob:", "data:"))


def slot(page: Page, name: str) -> Locator:
    return page.locator(f'.cvz-badge [data-testid="{name}"]')


def shows(page: Page, certificate: Mapping[str, Any]) -> None:
    """The badge has exactly these numbers."""
    if certificate.get("bare"):
        return
    for name, field in SLOTS.items():
        value = certificate.get(field)
        found = slot(page, name)
        if value is None:
            expect(found).to_have_attribute("data-value", "")
        else:
            page.wait_for_function(
                "([node, value]) => Number(node.dataset.value.replace('inf', 'Infinity')) === value",
                arg=[found.element_handle(), float(value)],
            )


def verdict(certificate: Mapping[str, Any]) -> str:
    """What the page has to say of an answer's proof once its check has ended."""
    if certificate["status"] != "certified":
        return "none"
    return "exact" if isinstance(certificate.get("proof"), Mapping) else "float"


def part_of(scene: Scene, kind: Any) -> Part:
    return scene.of(kind)[0]


# ---------------------------------------------------------------- every lesson


@pytest.mark.parametrize(("address", "scheme"), [(a, ("light", "dark")[k % 2]) for k, a in enumerate(ADDRESSES)])
def test_a_lesson_opens_from_disk_and_checks_its_proof(
    browser: Browser, scene_of: Scenes, tmp_path: Path, address: str, scheme: str
) -> None:
    scene = scene_of(f"/{address}")
    with from_disk(browser, tmp_path, take_home_page(scene), color_scheme=scheme) as (page, errors):
        drawn = [name for part in scene.of("chart") for name in part.data["figures"]]
        for name in drawn:
            page.wait_for_function(
                "(name) => document.querySelector(`[data-figure='${name}']`).dataset.updates > 0", arg=name
            )
        for part in scene.of("board"):
            board = page.locator(f'[data-part="{part.key}"] [data-testid="board"]')
            expect(board).to_have_attribute("data-count", str(len(part.data["x"])))
            network = (part.data["answer"] or {}).get("network")
            expect(board).to_have_attribute("data-updates", "1" if network else "0")
        certificate: Any = scene.certificate
        shows(page, certificate)
        proof = page.get_by_test_id("proof")
        expect(proof).to_have_attribute("data-value", verdict(certificate))
        if verdict(certificate) == "exact":
            expect(page.locator(".cvz-badge-word")).to_have_text("Global optimum, proved")
            expect(proof).to_contain_text("Your browser has just checked it in exact arithmetic")
        expect(page.get_by_role("heading", level=1)).to_have_text(scene.title)
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        assert page.locator(".cvz-page-text math").count() > 0
        lights_a_neuron(page, bool(drawn))
        assert page.locator(".cvz-page-alert").is_hidden()
        assert errors == []


def lights_a_neuron(page: Page, charts: bool) -> None:
    """Where the board shows neurons, pointing at one lights it there and in the figures."""
    mark = page.locator('.cvz-page-part[data-kind="board"] [data-neuron]').first
    if not mark.count():
        return
    mark.scroll_into_view_if_needed()
    page.mouse.move(*mark.evaluate(MIDDLE))
    lit = page.locator(".cvz-page-part[data-kind='board'] .is-lit")
    expect(lit.first).to_be_attached()
    if charts:
        neuron = page.evaluate("__convexvizBus.last.hover.neuron")
        expect(page.locator(f'.cvz-chart[data-neuron="{neuron}"]').first).to_be_attached()
    page.mouse.move(2, 2)
    expect(lit).to_have_count(0)


# ---------------------------------------------------------------- β


@pytest.mark.parametrize("link", ["/splines", "/plane"])
def test_beta_moves_along_the_path_and_stays_where_it_is_left(
    browser: Browser, scene_of: Scenes, tmp_path: Path, link: str
) -> None:
    scene = scene_of(link)
    path, own = frames(part_of(scene, "path")), part_of(scene, "slider").data["beta"]
    with from_disk(browser, tmp_path, take_home_page(scene)) as (page, errors):
        expect(page.get_by_test_id("proof")).to_have_attribute("data-value", "exact")
        listen = "globalThis.heard = []; void __convexvizBus.on('scrub', (frame) => heard.push(frame && frame.beta))"
        page.evaluate(listen)
        slider = page.get_by_test_id("beta-slider")
        for share in (0.15, 0.9, 0.6):
            slider.scroll_into_view_if_needed()
            box = slider.bounding_box()  # the legend of the board above has other lines by now
            assert box is not None
            page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
            page.mouse.down()
            frame = nearest(path, page.evaluate("__convexvizBus.last.beta.beta"))
            shows(page, frame["badge"])
            assert page.evaluate("__convexvizBus.last.scrub.beta") == frame["beta"]
            page.evaluate("heard.length = 0")
            page.mouse.up()
            assert abs(math.log(frame["beta"] / own)) > 0.1  # not the page's own answer
            # The slider takes the page back to its answer, and the page shows what it was left at.
            page.wait_for_function("(beta) => heard.includes(null) && heard.at(-1) === beta", arg=frame["beta"])
            shows(page, frame["badge"])
            expect(page.get_by_test_id("beta-input")).to_have_value(f"{frame['beta']:.6g}")
            expect(page.locator(".cvz-badge-how")).to_have_text("from the path solved in advance")
            expect(page.get_by_test_id("proof")).not_to_have_attribute("data-value", "exact")
        page.get_by_role("button", name="Back to β").click()
        shows(page, scene.certificate or {})
        expect(page.get_by_test_id("proof")).to_have_attribute("data-value", "exact")
        expect(page.get_by_test_id("beta-input")).to_have_value(f"{own:.6g}")
        assert errors == []


def nearest(path: list[Any], beta: float) -> Any:
    return min(path, key=lambda frame: abs(math.log(frame["beta"] / beta)))


def test_a_beta_that_is_typed_is_answered_by_the_nearest_and_the_own_one_by_itself(
    browser: Browser, scene_of: Scenes, tmp_path: Path
) -> None:
    scene = scene_of("/splines")
    path, own = frames(part_of(scene, "path")), part_of(scene, "slider").data["beta"]
    with from_disk(browser, tmp_path, take_home_page(scene)) as (page, errors):
        typed = page.get_by_test_id("beta-input")
        typed.fill("1.5")
        typed.press("Enter")
        frame = nearest(path, 1.5)
        shows(page, frame["badge"])
        expect(typed).to_have_value(f"{frame['beta']:.6g}")
        typed.fill(str(own))
        typed.press("Enter")
        shows(page, scene.certificate or {})
        expect(page.get_by_test_id("proof")).to_have_attribute("data-value", "exact")
        assert errors == []


# ---------------------------------------------------------------- films


@pytest.mark.parametrize("link", ["/cutting-planes", "/race", "/path"])
def test_a_film_plays_to_its_end(browser: Browser, scene_of: Scenes, tmp_path: Path, link: str) -> None:
    scene = scene_of(link)
    film: list[Any] = list(frames(part_of(scene, "film")))
    with from_disk(browser, tmp_path, take_home_page(scene)) as (page, errors):
        page.get_by_test_id("film-speed").select_option("fast")
        page.get_by_test_id("film-play").click()
        expect(page.get_by_test_id("film-play")).to_have_attribute("title", "Play again", timeout=60_000)
        expect(page.get_by_test_id("film-caption")).to_have_text(film[-1]["caption"])
        shows(page, film[-1]["badge"])
        page.get_by_test_id("film-back").click()
        expect(page.get_by_test_id("film-caption")).to_have_text(film[-2]["caption"])
        shows(page, film[-2]["badge"])
        page.get_by_test_id("film-close").click()
        shows(page, scene.certificate or {})
        assert errors == []


# ---------------------------------------------------------------- what must not be believed


@pytest.mark.parametrize("number", ["v", "w"])
def test_a_proof_that_was_changed_is_refuted(browser: Browser, scene_of: Scenes, tmp_path: Path, number: str) -> None:
    scene = scene_of("/splines")
    badge = part_of(scene, "badge")
    count = badge.data["proof"]["n"] if number == "v" else badge.data["neurons"]
    forged = {**badge.data, "proof": {**badge.data["proof"], number: [0.0] * count}}
    changed = replace(scene, parts={**scene.parts, badge.key: replace(badge, data=forged)})
    with from_disk(browser, tmp_path, take_home_page(changed)) as (page, errors):
        expect(page.locator(".cvz-badge")).to_have_attribute("data-status", "refuted")
        expect(page.locator(".cvz-badge-word")).to_have_text("Refuted")
        expect(page.get_by_test_id("proof")).to_contain_text("The exact check refutes")
        assert errors == []


def test_a_page_that_lacks_a_part_of_itself_says_so(browser: Browser, scene_of: Scenes, tmp_path: Path) -> None:
    broken = take_home_page(scene_of("/splines")).replace('data-file="badge/badge.js"', 'data-file="badge/lost.js"')
    with from_disk(browser, tmp_path, broken) as (page, _):
        expect(page.get_by_role("alert")).to_contain_text("could not be shown")
        assert page.locator(".cvz-badge").count() == 0


def test_the_script_that_checks_can_be_read(browser: Browser, scene_of: Scenes, tmp_path: Path) -> None:
    with from_disk(browser, tmp_path, take_home_page(scene_of("/splines"))) as (page, errors):
        page.get_by_text("What is this?").click()
        with page.context.expect_page() as opened:
            page.get_by_text("Read the script that checks").click()
        expect(opened.value.locator("body")).to_contain_text("Checks a proof that a two-layer ReLU network")
        assert errors == []


# ---------------------------------------------------------------- the hand, the window, the theme


def test_the_hand_may_look_and_not_change(browser: Browser, scene_of: Scenes, tmp_path: Path) -> None:
    with from_disk(browser, tmp_path, take_home_page(scene_of("/splines"))) as (page, errors):
        board = page.get_by_test_id("board")
        point = page.get_by_test_id("point").first
        box = point.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 60, y + 40, steps=4)
        page.mouse.up()
        page.keyboard.press("Delete")
        expect(page.get_by_test_id("proof")).to_have_attribute("data-value", "exact")
        assert point.bounding_box() == box
        assert board.get_attribute("data-pending") in (None, "false")
        assert page.evaluate("__convexvizBus.last.pending ?? null") is None
        assert board.get_attribute("role") == "img"
        assert errors == []


@pytest.mark.parametrize("address", ["splines", "dual", "digits", "cutting-planes"])
def test_a_phone_has_one_column_and_nothing_beyond_its_edge(
    browser: Browser, scene_of: Scenes, tmp_path: Path, address: str
) -> None:
    window = {"width": 390, "height": 844}
    text = take_home_page(scene_of(f"/{address}"))
    with from_disk(browser, tmp_path, text, viewport=window, has_touch=True, is_mobile=True) as (page, errors):
        badge = page.locator(".cvz-badge").bounding_box()
        assert badge is not None
        assert badge["width"] > 340
        assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]
        assert errors == []


def test_the_theme_can_be_changed_and_reaches_the_figures(browser: Browser, scene_of: Scenes, tmp_path: Path) -> None:
    ink = "document.querySelector('[data-figure=\"dual\"]')._fullLayout?.font.color"
    with from_disk(browser, tmp_path, take_home_page(scene_of("/splines")), color_scheme="light") as (page, errors):
        page.wait_for_function(f"{ink} === '#1b2733'")
        page.get_by_role("button", name="Theme").click()
        page.wait_for_function(f"{ink} === '#e6ecf2'")
        page.emulate_media(color_scheme="dark")
        page.evaluate("new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))")  # else unheard
        page.emulate_media(color_scheme="light")
        page.wait_for_function(f"{ink} === '#1b2733'")
        assert errors == []


# ---------------------------------------------------------------- from the app


def test_the_app_hands_out_the_page(
    browser: Browser, app_address: str, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(accept_downloads=True)
    page.goto(f"{app_address}/splines?beta=0.2")
    expect(page.get_by_test_id("proof")).to_have_attribute("data-value", "exact")
    expect(page.get_by_test_id("beta-play")).to_be_enabled()
    page.get_by_test_id("take-home").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("convexviz-splines-beta-0.2.html")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Download the page").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert download.value.suggested_filename == "convexviz-splines-beta-0.2.html"
    objective = float(slot(page, "objective").get_attribute("data-value") or "nan")
    with from_disk(browser, tmp_path, text) as (home, errors):
        expect(home.get_by_test_id("proof")).to_have_attribute("data-value", "exact")
        assert float(slot(home, "objective").get_attribute("data-value") or "nan") == objective
        expect(home.get_by_test_id("beta-play")).to_be_enabled()
        assert json.loads(home.locator("#cvz-scene").text_content() or "")
        assert errors == []
