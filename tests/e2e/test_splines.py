"""The lesson on the line in a real browser: draw, and see the certified optimal network answer each gesture."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

import convexviz as cv
from convexviz.core.network import Array

pytestmark = pytest.mark.e2e

BENIGN = re.compile(r"/_stcore/(health|host-config)$")  # asked for below a deep link first; the 404 means nothing
SAME = 1e-6  # relative, between the badge and an independent solve
QUANTISED = 2e-4  # relative, after a link has rounded the points to 16 bits of the window
VIEW = (-1.4, 1.4)  # of the default preset, in x and y
PATIENCE = 15_000  # ms; a loaded machine
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FIVE = [(0.15, 0.7), (0.35, 0.3), (0.5, 0.6), (0.65, 0.25), (0.85, 0.55)]  # shares of the board, from the upper left

OpenPage = Callable[..., Page]


class Lesson:
    """What a person does on the page `splines`, and sees of it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.surface = page.get_by_test_id("board")
        self.points = page.get_by_test_id("point")
        self.fit = page.get_by_test_id("fit")
        self.kinks = page.get_by_test_id("kink")
        self.slider = page.get_by_test_id("beta-slider")
        self.alert = page.locator('[data-testid="stAlert"], [data-testid="stException"]')

    def open(self, query: str = "") -> Lesson:
        """Visit by a link, and wait for the first answer."""
        self.page.goto(f"{self.address}/splines{query and '?' + query}")
        expect(self.surface).to_have_attribute("data-count", re.compile(r"\d+"))
        expect(self.page.locator('[data-figure="dual"]')).to_have_attribute("data-updates", re.compile("[1-9]"))
        return self

    # ---- the board

    def at(self, fx: float, fy: float) -> tuple[float, float]:
        box = self.surface.bounding_box()
        assert box is not None
        return box["x"] + fx * box["width"], box["y"] + fy * box["height"]

    def tool(self, name: str) -> Locator:
        return self.page.locator(f"[data-tool={name}]")

    def has(self, count: int) -> None:
        expect(self.surface).to_have_attribute("data-count", str(count))
        expect(self.points).to_have_count(count)

    def draw(self, *spots: tuple[float, float]) -> None:
        """Click here and there; each click adds a point."""
        before = int(self.surface.get_attribute("data-count") or 0)
        for more, spot in enumerate(spots, 1):
            self.page.mouse.click(*self.at(*spot))
            self.has(before + more)

    def empty(self) -> None:
        self.tool("clear").click()
        self.has(0)
        self.shows_status("empty")

    def drag(self, start: tuple[float, float], end: tuple[float, float], steps: int = 10) -> None:
        self.page.mouse.move(*self.at(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.at(*end), steps=steps)
        self.page.mouse.up()

    def spot(self, index: int) -> tuple[float, float]:
        """Where a point is, in shares of the board."""
        dot, box = self.points.nth(index).bounding_box(), self.surface.bounding_box()
        assert dot is not None
        assert box is not None
        x, y = dot["x"] + dot["width"] / 2 - box["x"], dot["y"] + dot["height"] / 2 - box["y"]
        return x / box["width"], y / box["height"]

    def coordinates(self) -> Array:
        """Points as drawn, (n, 2)."""
        read = "marks => marks.map(m => [Number(m.dataset.x), Number(m.dataset.y)])"
        return np.array(self.points.evaluate_all(read), float).reshape(-1, 2)

    def fit_path(self) -> str:
        return self.fit.get_attribute("d") or ""

    def fit_values(self, x: Array, view: tuple[float, float] = VIEW) -> Array:
        """Heights of the drawn fit at positions x, read off its pixels."""
        box = self.surface.evaluate(
            "s => { const { width, height } = s.getBoundingClientRect(); return [width, height]; }"
        )
        line = np.array([pair.split() for pair in re.split("[ML]", self.fit_path()) if pair], float)
        pixel = np.interp((x - view[0]) / (view[1] - view[0]) * box[0], line[:, 0], line[:, 1])
        return view[1] - pixel / box[1] * (view[1] - view[0])

    # ---- the certificate

    def shown(self, name: str) -> str:
        return self.page.get_by_test_id(name).get_attribute("data-value") or ""

    def number(self, name: str) -> float:
        return float(self.shown(name))

    def shows_status(self, status: str) -> None:
        expect(self.page.get_by_test_id("status")).to_have_attribute("data-value", status)

    def shows_objective(self, value: float, tolerance: float = SAME) -> None:
        """Wait until the badge shows this objective."""
        self.page.wait_for_function(
            """([value, tolerance]) => {
              const shown = document.querySelector("[data-testid=objective]").dataset.value;
              return shown !== "" && Math.abs(Number(shown) - value) <= tolerance * Math.max(1e-12, Math.abs(value));
            }""",
            arg=[value, tolerance],
        )

    def answers(self, beta: float = 0.05, loss: str = "squared") -> cv.Solution:
        """Wait until the badge shows the optimum of the very points that are drawn."""
        points = self.coordinates()
        solution = cv.solve(points[:, :1], points[:, 1], beta=beta, loss=loss)
        self.shows_objective(solution.objective)
        self.shows_status("certified")
        assert self.number("gap") <= 1e-6
        assert self.number("lower-bound") == pytest.approx(self.number("objective"), rel=1e-6)
        assert self.kinks.count() <= self.number("neurons")
        expect(self.surface).to_have_attribute("data-answer-rev", self.surface.get_attribute("data-rev") or "")
        return solution

    # ---- beta

    def path_is_ready(self) -> None:
        """Wait until the whole path lies in the browser and belongs to the points on the board."""
        self.page.wait_for_function(
            """() => {
              const { last } = globalThis.__convexvizBus;
              return last["path:line-beta"]?.complete && last["path:line-beta"].frames?.length > 30;
            }"""
        )
        expect(self.page.get_by_test_id("beta-play")).to_be_enabled()

    def thumb(self, share: float) -> tuple[float, float]:
        box = self.slider.bounding_box()
        assert box is not None
        return box["x"] + share * box["width"], box["y"] + box["height"] / 2

    def type_beta(self, text: str) -> None:
        self.page.get_by_test_id("beta-input").fill(text)
        self.page.get_by_test_id("beta-input").press("Enter")

    # ---- figures

    def drawn(self, figure: str, expression: str) -> Any:
        """`expression` of a figure's own `full` layout and `data` as plotly has drawn them."""
        node = self.page.locator(f'[data-figure="{figure}"]')
        return node.evaluate(f"({{_fullLayout: full, _fullData: data}}) => {expression}")

    def chart(self, name: str) -> Locator:
        return self.page.locator(f'.cvz-chart:has([data-figure="{name}"])')


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    """One fresh server for this module."""
    return serve("app.py")


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """One tab and the errors it has shown; each visit is a session of its own, with the scripts compiled once."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    errors: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not BENIGN.search(message.location.get("url", "")):
            errors.append(message.text)

    page.on("console", on_console)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page, errors
    page.close()


@pytest.fixture
def lesson(tab: tuple[Page, list[str]], address: str) -> Iterator[Lesson]:
    """The lesson at laptop size; in the end neither page nor console may show a failure."""
    page, errors = tab
    errors.clear()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.mouse.move(2, 2)
    yield Lesson(page, address)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert "Something went wrong" not in page.locator("body").inner_text()
    assert errors == []


@pytest.fixture
def blank(lesson: Lesson) -> Lesson:
    """The lesson with nothing on its board."""
    lesson.open().empty()
    return lesson


# --- the first visit -----------------------------------------------------------------------------------------------


def test_the_first_request_of_a_fresh_server_shows_the_lesson_in_its_frame(address: str, page: Page) -> None:
    lesson = Lesson(page, address).open()
    expect(page).to_have_title("Splines · convexviz")
    expect(page.get_by_test_id("stTopNavLink")).to_have_text(["Home", "Splines"])
    expect(lesson.alert).to_have_count(0)
    for key in ("board", "certificate", "figure"):
        expect(page.locator(f".st-key-{key}")).to_be_visible()
    lesson.has(40)
    lesson.answers()
    for figure in ("dual", "neurons", "path"):
        expect(page.locator(f'[data-figure="{figure}"] .main-svg').first).to_be_visible()


# --- drawing -------------------------------------------------------------------------------------------------------


def test_every_gesture_is_answered_by_the_certified_optimum(blank: Lesson) -> None:
    """Draw five points, drag one, delete one, undo twice: each time the badge shows the optimum of what is drawn."""
    for spot in FIVE:
        blank.draw(spot)
        blank.answers()
    drawn = blank.coordinates()
    blank.drag(FIVE[2], (0.5, 0.15))
    dragged = blank.answers()
    moved = blank.coordinates()
    assert (moved != drawn).any(axis=1).tolist() == [False, False, True, False, False]
    blank.page.mouse.click(*blank.at(*FIVE[1]), button="right")
    blank.has(4)
    assert blank.answers().objective != pytest.approx(dragged.objective, rel=1e-3)
    blank.page.keyboard.press("Control+z")
    blank.has(5)
    np.testing.assert_array_equal(blank.coordinates(), moved)
    blank.answers()
    blank.tool("undo").click()
    expect(blank.points.nth(2)).to_have_attribute("data-y", re.compile(re.escape(f"{drawn[2, 1]:g}")))
    np.testing.assert_array_equal(blank.coordinates(), drawn)
    blank.answers()


def test_the_drawn_fit_is_that_of_the_optimum(blank: Lesson) -> None:
    """Its heights at the data, which are unique, read off the pixels."""
    blank.draw(*FIVE)
    solution = blank.answers()
    x = blank.coordinates()[:, 0]
    expect(blank.surface).to_have_attribute("data-fit-rev", blank.surface.get_attribute("data-rev") or "")
    np.testing.assert_allclose(blank.fit_values(x), solution.network.predict(x[:, None]), atol=0.01)


def test_an_emptied_board_says_what_to_do(lesson: Lesson) -> None:
    lesson.open().empty()
    expect(lesson.page.get_by_test_id("board-note")).to_contain_text("Click on it to add a point")
    expect(lesson.slider).to_be_disabled()
    lesson.page.keyboard.press("Control+z")
    lesson.has(40)
    lesson.answers()
    expect(lesson.slider).to_be_enabled()


WATCH = """() => {
  const surface = document.querySelector("[data-testid=board]");
  globalThis.seen = { heights: [], fits: [], behind: 0 };
  const look = () => {
    const y = Number(document.querySelectorAll("[data-testid=point]")[25].dataset.y);
    if (seen.heights.at(-1) !== y) seen.heights.push(y);
    const fit = Number(surface.dataset.fitRev);
    if (seen.fits.at(-1) !== fit) seen.fits.push(fit);
  };
  new MutationObserver(look).observe(surface, { subtree: true, attributes: true });
}"""


def test_a_drag_at_fifty_points_never_snaps_back_and_ends_with_its_last_position(lesson: Lesson) -> None:
    lesson.open("n=50")
    lesson.answers()
    x, y = lesson.spot(25)
    before = int(lesson.surface.get_attribute("data-updates") or 0)
    lesson.page.evaluate(WATCH)
    lesson.page.mouse.move(*lesson.at(x, y))
    lesson.page.mouse.down()
    end = 0.95 if y < 0.5 else 0.05
    for step in range(1, 61):
        lesson.page.mouse.move(*lesson.at(x, y + (end - y) * step / 60))
    lesson.page.wait_for_function(
        "before => document.querySelector('[data-testid=board]').dataset.updates > before", arg=before + 1
    )
    lesson.page.mouse.up()
    lesson.answers()
    rev = lesson.surface.get_attribute("data-rev") or ""
    expect(lesson.surface).to_have_attribute("data-fit-rev", rev)
    seen = lesson.page.evaluate("seen")
    assert seen["heights"] == sorted(seen["heights"], reverse=end > y), "the point snapped back"
    assert seen["fits"] == sorted(seen["fits"]), "an older fit replaced a newer one"
    assert str(seen["fits"][-1]) == rev
    assert lesson.spot(25) == pytest.approx((x, end), abs=0.01)


# --- the link ------------------------------------------------------------------------------------------------------


def test_the_share_link_brings_drawing_and_settings_back(blank: Lesson) -> None:
    blank.draw(*FIVE)
    blank.type_beta("0.02")
    solution = blank.answers(beta=0.02)
    drawn = blank.coordinates()
    blank.page.get_by_role("button", name="Share").click()
    shared = blank.page.locator(".st-key-share code")
    expect(shared).to_contain_text("/splines?")
    link = shared.inner_text().strip()
    expect(blank.page).to_have_url(link)
    blank.page.goto("about:blank")
    blank.page.goto(link)
    blank.has(5)
    blank.shows_objective(solution.objective, QUANTISED)
    np.testing.assert_allclose(blank.coordinates(), drawn, atol=1e-4)
    blank.answers(beta=0.02)
    expect(blank.page.get_by_test_id("beta-input")).to_have_value("0.02")
    blank.page.reload()
    blank.has(5)
    blank.answers(beta=0.02)


def test_a_damaged_link_shows_a_warning_and_the_default(lesson: Lesson) -> None:
    lesson.open("p=%21broken&beta=-3&n=12")
    expect(lesson.page.get_by_test_id("stAlert")).to_contain_text("p=!broken")
    expect(lesson.page.get_by_test_id("stAlert")).to_contain_text("beta=-3")
    lesson.has(12)
    lesson.answers()


# --- beta ----------------------------------------------------------------------------------------------------------


def test_beta_by_keyboard_and_by_typing(lesson: Lesson) -> None:
    """The optimal value rises with beta."""
    lesson.open("n=12")
    low = lesson.answers().objective
    lesson.slider.focus()
    for _ in range(5):
        lesson.page.keyboard.press("ArrowRight")
    lesson.page.wait_for_function(
        "low => document.querySelector('[data-testid=objective]').dataset.value > low * 1.05", arg=low
    )
    expect(lesson.page.get_by_test_id("beta-input")).not_to_have_value("0.05")
    lesson.slider.blur()
    beta = float(lesson.page.get_by_test_id("beta-input").input_value())
    assert beta > 0.05
    middle = lesson.answers(beta=beta).objective
    lesson.type_beta("1.5")
    high = lesson.answers(beta=1.5).objective
    assert low < middle < high
    lesson.type_beta("nonsense")
    expect(lesson.page.get_by_test_id("beta-note")).to_contain_text("positive number")
    lesson.answers(beta=1.5)


def test_scrubbing_shows_the_path_without_the_server_and_releases_to_the_answer(lesson: Lesson) -> None:
    sent: list[Any] = []
    lesson.page.once("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    lesson.open("n=30")
    lesson.answers()
    lesson.path_is_ready()
    start, neurons = lesson.fit_path(), lesson.number("neurons")
    assert sent, "the socket is being listened to"
    count = len(sent)
    lesson.page.mouse.move(*lesson.thumb(0.6))
    lesson.page.mouse.down()
    lesson.page.mouse.move(*lesson.thumb(0.97), steps=15)
    expect(lesson.page.locator(".cvz-badge")).to_have_class(re.compile("cvz-scrubbed"))
    lesson.page.wait_for_function("n => document.querySelector('[data-testid=neurons]').dataset.value < n", arg=neurons)
    assert lesson.fit_path() != start
    assert lesson.shown("status") == "certified"
    frame = lesson.number("beta")
    assert len(sent) == count, "scrubbing asked the server"
    lesson.page.mouse.up()
    expect(lesson.page.locator(".cvz-badge")).not_to_have_class(re.compile("cvz-scrubbed"))
    assert len(sent) > count
    beta = float(lesson.page.get_by_test_id("beta-input").input_value())
    assert beta == pytest.approx(frame, rel=0.15), "the frame shown was the nearest"
    lesson.answers(beta=beta)


def test_a_sweep_runs_through_the_path_and_returns_to_the_answer(lesson: Lesson) -> None:
    lesson.open("n=12")
    lesson.answers()
    lesson.path_is_ready()
    start = lesson.fit_path()
    lesson.page.evaluate(
        """() => {
          globalThis.swept = new Set();
          const node = document.querySelector("[data-testid=neurons]");
          new MutationObserver(() => swept.add(node.dataset.value)).observe(node, { attributes: true });
        }"""
    )
    lesson.page.get_by_test_id("beta-play").click()
    expect(lesson.page.locator(".cvz-badge")).to_have_class(re.compile("cvz-scrubbed"))
    expect(lesson.page.locator(".cvz-badge")).not_to_have_class(re.compile("cvz-scrubbed"))
    assert {"0", "1", "2"} <= set(lesson.page.evaluate("[...swept]")), "neurons enter one by one"
    expect(lesson.fit).to_have_attribute("d", start)
    expect(lesson.page.get_by_test_id("beta-input")).to_have_value("0.05")
    lesson.answers()


# --- classification ------------------------------------------------------------------------------------------------


def test_two_classes_and_what_is_missing_where_there_is_one(lesson: Lesson) -> None:
    lesson.open()
    lesson.page.get_by_role("radio", name="Classification").click()
    expect(lesson.surface).to_have_attribute("data-mode", "line-classes")
    lesson.has(24)
    lesson.answers(loss="hinge")
    lesson.empty()
    lesson.draw((0.2, 0.1), (0.7, 0.3))
    lesson.shows_status("empty")
    expect(lesson.page.get_by_test_id("board-note")).to_contain_text("class −1")
    lesson.draw((0.5, 0.9))
    lesson.answers(loss="hinge")
    assert lesson.coordinates()[:, 1].tolist() == [1, 1, -1]
    lesson.page.get_by_role("radio", name="Regression").click()
    lesson.has(40)
    lesson.answers()


def test_contradicting_classes_have_no_hard_margin(lesson: Lesson) -> None:
    lesson.open("task=classification&loss=hard_margin")
    lesson.empty()
    lesson.tool("snap").click()  # so that two clicks fall on the very same position
    lesson.draw((0.2, 0.1), (0.5, 0.1), (0.5, 0.9))
    lesson.shows_status("infeasible")
    assert lesson.shown("objective") == ""
    expect(lesson.surface).to_have_attribute("data-status", "infeasible")
    lesson.page.get_by_role("radio", name="logistic").click()
    lesson.answers(loss="logistic")


# --- figures -------------------------------------------------------------------------------------------------------


def test_hovering_a_kink_lights_the_same_neuron_everywhere(blank: Lesson) -> None:
    blank.draw(*FIVE)
    blank.answers()
    kink = blank.kinks.nth(1)
    neuron = kink.get_attribute("data-neuron") or ""
    box = kink.bounding_box()
    assert box is not None
    blank.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
    for figure in ("dual", "neurons"):
        expect(blank.chart(figure)).to_have_attribute("data-neuron", neuron)
    expect(blank.page.get_by_test_id("partial-sum")).to_have_attribute("d", re.compile("M"))
    blank.page.wait_for_function(
        """neuron => ["dual", "neurons"].every(name => document.querySelector(`[data-figure=${name}]`)._fullData
          .some(trace => trace.meta?.neurons && trace.selectedpoints?.[0] === neuron))""",
        arg=int(neuron),
    )
    blank.page.mouse.move(*blank.at(0.02, 0.02))
    expect(blank.chart("dual")).to_have_attribute("data-neuron", "")
    expect(blank.page.get_by_test_id("partial-sum")).to_have_attribute("d", "")


def test_hovering_a_triangle_of_the_dual_function_lights_its_kink(blank: Lesson) -> None:
    blank.draw(*FIVE)
    blank.answers()
    x, y = blank.page.locator('[data-figure="dual"]').evaluate(
        """node => {
          const box = node.querySelector(".nsewdrag").getBoundingClientRect();
          const { _fullLayout: full, _fullData: data } = node;
          const { x, y } = data.find(trace => trace.meta?.neurons);
          return [box.x + full.xaxis.d2p(x[1]), box.y + full.yaxis.d2p(y[1])];
        }"""
    )
    blank.page.mouse.move(x, y, steps=3)
    expect(blank.page.locator(".cvz-kink.is-lit")).to_have_attribute("data-neuron", "1")
    expect(blank.chart("neurons")).to_have_attribute("data-neuron", "1")


def test_the_dual_function_touches_its_band_at_the_kinks(blank: Lesson) -> None:
    blank.draw(*FIVE)
    blank.answers()
    blank.page.wait_for_function(
        "n => document.querySelector('[data-figure=dual]')._fullData.at(-1).x.length === n", arg=blank.number("neurons")
    )
    touching = blank.drawn("dual", "Array.from(data.at(-1).y)")
    curves = blank.drawn("dual", "data.slice(2, 4).flatMap(trace => Array.from(trace.y))")
    np.testing.assert_allclose(np.abs(touching), 1, atol=1e-4)
    assert np.abs(curves).max() <= 1 + 1e-6


def test_zoom_survives_a_new_answer(blank: Lesson) -> None:
    blank.draw(*FIVE)
    blank.answers()
    figure = blank.page.locator('[data-figure="dual"]')
    box = figure.locator(".nsewdrag").bounding_box()
    assert box is not None
    blank.page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"])
    blank.page.mouse.down()
    blank.page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.8 * box["height"], steps=4)
    blank.page.mouse.up()
    blank.page.wait_for_function(
        """() => {
          const [a, b] = document.querySelector("[data-figure=dual]")._fullLayout.xaxis.range;
          return b - a < 2;
        }"""
    )
    zoomed = blank.drawn("dual", "[full.xaxis.range, full.yaxis.range]")
    node, updates = figure.get_attribute("data-node"), figure.get_attribute("data-updates") or ""
    blank.draw((0.25, 0.9))
    blank.answers()
    expect(figure).not_to_have_attribute("data-updates", updates)
    assert blank.drawn("dual", "[full.xaxis.range, full.yaxis.range]") == zoomed
    assert figure.get_attribute("data-node") == node


# --- data ----------------------------------------------------------------------------------------------------------


def test_a_thumbnail_puts_its_preset_on_the_board(lesson: Lesson) -> None:
    lesson.open()
    lesson.page.get_by_role("button", name="Points", exact=True).click()
    expect(lesson.page.locator(".cvz-card")).to_have_count(len(cv.datasets.names("regression", dims=1)))
    lesson.page.get_by_test_id("preset-step").click()
    lesson.has(30)
    expect(lesson.page.get_by_test_id("preset-step")).to_have_attribute("aria-pressed", "true")
    made = cv.datasets.load("step")
    np.testing.assert_allclose(lesson.coordinates(), np.column_stack([made.X[:, 0], made.y]))
    lesson.answers()


def test_a_formula_is_drawn_and_a_damaged_one_is_explained(lesson: Lesson) -> None:
    lesson.open("n=11&noise=0")
    lesson.page.get_by_role("button", name="Points", exact=True).click()
    formula = lesson.page.locator(".st-key-set-formula input")
    formula.fill("x^2 - 1")
    formula.press("Enter")
    expect(lesson.points.first).to_have_attribute("data-y", "0")
    points = lesson.coordinates()
    np.testing.assert_allclose(points[:, 1], points[:, 0] ** 2 - 1, atol=1e-12)
    lesson.answers()
    formula.fill("x +")
    formula.press("Enter")
    expect(lesson.page.get_by_test_id("board-note")).to_contain_text("formula")
    np.testing.assert_array_equal(lesson.coordinates(), points)


def test_pasted_rows_replace_the_points(lesson: Lesson) -> None:
    lesson.open()
    lesson.page.get_by_role("button", name="Table, CSV").click()
    lesson.page.get_by_role("tab", name="CSV").click()
    lesson.page.locator(".st-key-csv-text textarea").fill("x,y\n10,1\n20,3\n40,2\n")
    lesson.page.get_by_role("button", name="Use these rows").click()
    lesson.has(3)
    expect(lesson.page.get_by_role("dialog")).to_have_count(0)
    assert lesson.coordinates().tolist() == [[10, 1], [20, 3], [40, 2]]
    lesson.answers()


def test_rows_that_cannot_be_read_are_explained_and_change_nothing(lesson: Lesson) -> None:
    lesson.open("n=12")
    lesson.page.get_by_role("button", name="Table, CSV").click()
    lesson.page.get_by_role("tab", name="CSV").click()
    lesson.page.locator(".st-key-csv-text textarea").fill("x,y\n1,apple\n")
    lesson.page.get_by_role("button", name="Use these rows").click()
    expect(lesson.page.get_by_role("dialog").get_by_test_id("stAlert")).to_contain_text("apple")
    lesson.page.keyboard.press("Escape")
    expect(lesson.page.get_by_role("dialog")).to_have_count(0)
    lesson.has(12)


def test_a_cell_of_the_table_moves_its_point(lesson: Lesson) -> None:
    with lesson.page.expect_websocket() as socket:
        lesson.open("n=12")
    before = lesson.coordinates()
    lesson.page.get_by_role("button", name="Table, CSV").click()
    grid = lesson.page.get_by_test_id("stDataFrame").locator("canvas").first
    expect(grid).to_be_visible()
    box = grid.bounding_box()
    assert box is not None
    lesson.page.mouse.dblclick(box["x"] + 0.75 * box["width"], box["y"] + 52)
    cell = lesson.page.locator(".gdg-input")
    expect(cell).to_be_visible()
    cell.fill("0.625")
    with socket.value.expect_event("framesent"):  # the table tells of an edit a little later
        lesson.page.keyboard.press("Enter")
    lesson.page.get_by_role("button", name="Apply the table").click()
    expect(lesson.page.get_by_role("dialog")).to_have_count(0)
    expect(lesson.points.first).to_have_attribute("data-y", "0.625")
    np.testing.assert_allclose(lesson.coordinates()[1:], before[1:], rtol=1e-6)
    lesson.answers()


PROMPTS = {
    "A line costs one neuron": "interpolate",
    "Weight decay deletes neurons": "squared",
    "More than one optimum": "interpolate",
    "Not a smooth curve": "interpolate",
    "One point in the way": "hard_margin",
    "Most points do not matter": "hinge",
}


DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def test_everything_to_try_shows_a_certified_answer(lesson: Lesson) -> None:
    lesson.open()
    betas = {"squared": 0.3, "hinge": 0.05}
    shown = "() => { const { mode, gen } = document.querySelector('[data-testid=board]').dataset; return mode + gen; }"
    for title, loss in PROMPTS.items():
        before = lesson.page.evaluate(shown)
        lesson.page.get_by_role("button", name=title).click()
        expect(lesson.page.get_by_role("radio", name=loss.replace("_", " "))).to_be_checked()
        # The controls change before the board does; its points are new when mode or generation is.
        lesson.page.wait_for_function(f"before => ({shown})() !== before", arg=before)
        lesson.page.evaluate(DRAWN)  # the attributes tell of points that the next frame draws
        lesson.answers(beta=betas.get(loss, 0.05), loss=loss)
    expect(lesson.alert).to_have_count(0)


def test_more_than_one_optimum_is_drawn_as_a_band(lesson: Lesson) -> None:
    lesson.open()
    lesson.page.get_by_role("button", name="More than one optimum").click()
    lesson.has(9)
    expect(lesson.page.locator('.cvz-band[data-id="envelope"]')).to_have_attribute("d", re.compile("M"))
    expect(lesson.page.locator('.cvz-curve[data-id="sparsest"]')).to_have_attribute("d", re.compile("M"))
    expect(lesson.page.locator(".cvz-legend")).to_contain_text("all optima")


# --- themes and sizes ----------------------------------------------------------------------------------------------


def becomes(lesson: Lesson, background: str) -> None:
    """Wait until page, figure and board are drawn on this background, the ink of the figure against it."""
    lesson.page.wait_for_function(
        """background => {
          const style = (selector) => getComputedStyle(document.querySelector(selector));
          const parts = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
          const light = (colour) => parts(colour).reduce((sum, part) => sum + part) > 382;
          const figure = document.querySelector("[data-figure=dual]")._fullLayout.font.color;
          const probe = document.body.appendChild(document.createElement("i"));
          probe.style.color = figure;
          const ink = light(getComputedStyle(probe).color);
          probe.remove();
          const page = style("[data-testid=stApp]").backgroundColor;
          return page === background && ink !== light(page) && light(style(".cvz-paper").fill) === light(page);
        }""",
        arg=background,
    )


LIGHT, DARK = "rgb(255, 255, 255)", "rgb(16, 22, 28)"


def test_the_theme_can_be_switched_without_losing_the_drawing(blank: Lesson) -> None:
    """By the system and by the menu: page, figures and board follow, points and answer stay."""
    blank.draw(*FIVE)
    blank.answers()
    becomes(blank, LIGHT)
    blank.page.emulate_media(color_scheme="dark")
    becomes(blank, DARK)
    blank.has(5)
    blank.answers()
    for name, background in (("Light", LIGHT), ("Dark", DARK), ("System", DARK)):
        blank.page.get_by_test_id("stMainMenuButton").click()
        blank.page.get_by_test_id(f"stMainMenuItem-theme-{name}").click()
        becomes(blank, background)
        blank.page.keyboard.press("Escape")
        expect(blank.page.get_by_test_id("stMainMenuPopover")).to_have_count(0)
    blank.has(5)
    blank.answers()


@pytest.fixture
def phone(open_page: OpenPage, address: str) -> Lesson:
    return Lesson(open_page(**PHONE), address)


def test_on_a_phone_a_tap_adds_a_point_and_nothing_sticks_out(phone: Lesson) -> None:
    phone.open("n=12")
    phone.answers()
    assert phone.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    box = phone.surface.bounding_box()
    assert box is not None
    assert box["width"] > 250
    phone.page.touchscreen.tap(*phone.at(0.5, 0.1))
    phone.has(13)
    phone.answers()
    phone.page.get_by_test_id("status").scroll_into_view_if_needed()
    assert phone.page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_home_answers_too_and_leads_here(lesson: Lesson) -> None:
    lesson.page.goto(lesson.address)
    lesson.has(14)
    lesson.answers()
    lesson.draw((0.5, 0.05))
    lesson.answers()
    lesson.page.locator(".st-key-card-splines a").click()
    expect(lesson.page).to_have_title("Splines · convexviz")
    lesson.has(40)
    lesson.answers()
