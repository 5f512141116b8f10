"""The pictures of the lesson in the plane, linked in the browser: hover, the path under β, the film, pins, overlays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from e2e.lesson_hand import DRAWN, Tab, calm_visit, turn_scene
from e2e.plane_hand import Plane
from playwright.sync_api import Page, WebSocket, expect

pytestmark = pytest.mark.e2e

SMALL = "n=30"
FILMED = b"The worst one outside"  # in the caption of every round, and nowhere else


@pytest.fixture
def plane(tab: Tab, app_address: str) -> Iterator[Plane]:
    with calm_visit(tab) as page:
        yield Plane(page, app_address)


class Wire:
    """What passes between page and server from now on, once the page has been visited."""

    def __init__(self, page: Page) -> None:
        self.sent: list[Any] = []
        self.received: list[bytes] = []
        page.once("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self.sent.append(frame))
        socket.on(
            "framereceived", lambda frame: self.received.append(frame if isinstance(frame, bytes) else frame.encode())
        )

    @property
    def count(self) -> tuple[int, int]:
        return len(self.sent), len(self.received)


# --- one neuron in all pictures ------------------------------------------------------------------------------------


def lit(plane: Plane, neuron: int | None) -> None:
    """Wait until all three pictures show this neuron as the one that is pointed at."""
    if neuron is None:
        expect(plane.page.locator(".cvz-break.is-lit")).to_have_count(0)
    else:
        expect(plane.page.locator(".cvz-break.is-lit")).to_have_attribute("data-neuron", str(neuron))
    for figure in ("dual", "neurons"):
        expect(plane.chart(figure)).to_have_attribute("data-neuron", "" if neuron is None else str(neuron))
    plane.page.wait_for_function(
        """neuron => ["dual", "neurons"].every((name) => {
          const trace = document.querySelector(`[data-figure=${name}]`)._fullData.find((one) => one.meta?.neurons);
          return (trace.selectedpoints?.[0] ?? null) === neuron;
        })""",
        arg=neuron,
    )


def test_a_neuron_pointed_at_anywhere_is_lit_in_every_picture(plane: Plane) -> None:
    plane.open(SMALL)
    plane.answers()
    whole = plane.picture()
    neuron = int(plane.breaks.first.get_attribute("data-neuron") or -1)
    plane.page.mouse.move(*plane.middle_of_line(neuron), steps=2)
    lit(plane, neuron)
    expect(plane.page.get_by_test_id("ramp")).to_have_attribute("d", re.compile("^M"))
    plane.picture_changes(whole)
    plane.page.mouse.move(2, 2)
    lit(plane, None)
    expect(plane.page.get_by_test_id("heat")).to_have_attribute("href", whole)
    for figure in ("dual", "neurons"):
        plane.page.mouse.move(*plane.mark(figure, neuron), steps=2)
        lit(plane, neuron)
        plane.page.mouse.move(2, 2)
        lit(plane, None)


# --- beta ----------------------------------------------------------------------------------------------------------


def test_scrubbing_shows_the_path_without_the_server_and_releases_to_the_answer(plane: Plane) -> None:
    wire = Wire(plane.page)
    plane.open(f"{SMALL}&show=path")
    plane.answers()
    plane.path_is_ready(20)
    expect(plane.figure("path").locator(".main-svg").first).to_be_visible()
    start, neurons = plane.picture(), plane.number("neurons")
    count = wire.count
    assert count[0], "the socket is being listened to"
    plane.page.mouse.move(*plane.thumb(0.5))
    plane.page.mouse.down()
    plane.page.mouse.move(*plane.thumb(0.85), steps=15)
    expect(plane.badge).to_have_class(re.compile("cvz-scrubbed"))
    plane.page.wait_for_function("n => document.querySelector('[data-testid=neurons]').dataset.value < n", arg=neurons)
    plane.page.evaluate(DRAWN)
    scrubbed = plane.picture_changes(start)
    expect(plane.breaks).not_to_have_count(int(neurons))
    assert plane.shown("status") == "certified"
    frame = plane.number("beta")
    plane.page.wait_for_function(
        "beta => document.querySelector('[data-figure=path]')._fullData.some((one) => one.meta?.at && one.x[0] > beta)",
        arg=0.2,
    )
    assert wire.count == count, "scrubbing asked the server"
    plane.page.mouse.up()
    expect(plane.badge).not_to_have_class(re.compile("cvz-scrubbed"))
    assert wire.count[0] > count[0]
    beta = float(plane.page.get_by_test_id("beta-input").input_value())
    assert beta == pytest.approx(frame, rel=0.25), "the frame shown was the nearest"
    plane.answers(beta=beta)
    assert plane.picture() != start
    assert scrubbed


def test_the_path_shows_loss_penalty_and_neurons(plane: Plane) -> None:
    plane.open(f"{SMALL}&show=path")
    plane.path_is_ready(20)
    plane.page.wait_for_function("() => document.querySelector('[data-figure=path]')?._fullData?.[0].x.length >= 20")
    names = plane.drawn("path", "data.slice(0, 3).map((trace) => trace.name)")
    assert names == ["loss", "penalty", "neurons"]
    betas, loss, neurons = (
        np.array(plane.drawn("path", f"[...data[{i}].{v}]")) for i, v in ((0, "x"), (0, "y"), (2, "y"))
    )
    assert (np.diff(betas) > 0).all()
    assert (np.diff(loss) > -1e-4 * loss.max()).all(), "less weight decay fits better"
    assert neurons[-1] <= 1
    assert neurons[0] > 3
    plane.choose("hard margin")
    expect(plane.page.get_by_text("β plays no part and there is no path")).to_be_visible()
    plane.answers(loss="hard_margin")


# --- the film ------------------------------------------------------------------------------------------------------

HEAR = """() => {
  globalThis.heard = [];
  globalThis.__convexvizBus.on("round", ({ round }) => heard.push(round));
}"""


@pytest.fixture
def cinema(plane: Plane) -> tuple[Plane, Wire]:
    """The page with the film asked for, while it plays fast."""
    plane.page.emulate_media(reduced_motion="no-preference")
    wire = Wire(plane.page)
    plane.open(f"{SMALL}&show=film")
    plane.answers()
    plane.path_is_ready(20)
    plane.page.evaluate(HEAR)
    plane.film_is("ask")
    plane.film("ask").click()
    plane.film_is("playing")
    plane.film("speed").select_option("fast")
    expect(plane.figure("bounds").locator(".main-svg").first).to_be_visible()
    return plane, wire


def test_the_film_comes_once_and_plays_to_the_proof_without_the_server(cinema: tuple[Plane, Wire]) -> None:
    plane, wire = cinema
    count = wire.count
    plane.film_is("paused")
    last = int(plane.film("range").get_attribute("max") or 0)
    heard = plane.page.evaluate("heard")
    assert heard == list(range(1, last + 2)), "every round once, in order"
    assert len(heard) > 3
    expect(plane.film("caption")).to_contain_text("proved optimal")
    plane.shows_status("certified")
    expect(plane.badge).to_have_class(re.compile("cvz-scrubbed"))
    assert wire.count == count, "playing asked the server"
    end = plane.picture()
    plane.film("back").click()
    plane.shows_status("upper-bound")
    expect(plane.film("readout")).to_have_text(f"round {last} of {last + 1}")
    plane.film("first").click()
    expect(plane.film("readout")).to_have_text(f"round 1 of {last + 1}")
    plane.picture_changes(end)
    plane.page.wait_for_function(
        "() => document.querySelector('[data-figure=bounds]')._fullData.some((one) => one.meta?.at && one.x[0] === 1)"
    )
    z = np.array(plane.drawn("dual", "data[0].z.map((row) => [...row])"))
    assert np.abs(z).max() > 1.05, "islands outside of the band"
    plane.film("close").click()
    plane.film_is("closed")
    expect(plane.badge).not_to_have_class(re.compile("cvz-scrubbed"))
    plane.answers()
    assert sum(FILMED in message for message in wire.received) == 1
    assert wire.count == count, "stepping and closing asked the server"


def test_a_drag_ends_the_film(cinema: tuple[Plane, Wire]) -> None:
    plane, _ = cinema
    plane.film("play").click()
    plane.film_is("paused")
    plane.film("first").click()
    expect(plane.badge).to_have_class(re.compile("cvz-scrubbed"))
    x, y = plane.spot(0)
    plane.drag((x, y), (x + 0.1, y), steps=3)
    expect(plane.page.get_by_test_id("film")).to_have_attribute("data-state", re.compile("closed|ask"))
    expect(plane.badge).not_to_have_class(re.compile("cvz-scrubbed"))
    plane.answers()
    plane.film_is("ask")  # the film on hand is that of other points


# --- comparing -----------------------------------------------------------------------------------------------------


def test_a_pinned_answer_stays_as_a_ghost_and_can_be_gone_back_to(plane: Plane) -> None:
    plane.open(SMALL)
    first = plane.answers()
    points = plane.coordinates()
    boundary = plane.page.get_by_test_id("boundary").get_attribute("d") or ""
    plane.page.get_by_role("button", name="Pin this answer").click()
    ghost = plane.page.get_by_test_id("ghost")
    expect(ghost).to_have_attribute("d", re.compile("^M"))
    expect(plane.legend).to_contain_text(f"pinned: {first.objective:.4g}")
    x, y = plane.spot(0)
    plane.drag((x, y), (x + 0.25, y), steps=6)
    second = plane.answers()
    assert second.objective != pytest.approx(first.objective, rel=1e-3)
    change = 100 * (second.objective / first.objective - 1)
    expect(plane.legend).to_contain_text(f"{change:+.1f} %".replace("-", "−"))
    assert (plane.page.get_by_test_id("boundary").get_attribute("d") or "") != boundary
    assert len(ghost.get_attribute("d") or "") > 50
    before = plane.generation()
    plane.page.get_by_role("button", name="Back to it").click()
    plane.renewed(before)
    np.testing.assert_array_equal(plane.coordinates(), points)
    assert plane.answers().objective == pytest.approx(first.objective, rel=1e-6)
    plane.page.get_by_role("button", name="Unpin").click()
    expect(ghost).to_have_attribute("d", "")
    expect(plane.legend).not_to_contain_text("pinned")


def test_overlays_are_drawn_and_named_and_can_be_switched_off(plane: Plane) -> None:
    plane.open(SMALL)
    plane.answers()
    fields = plane.page.get_by_test_id("field")
    expect(fields).to_have_count(0)
    plane.show("linear", "svm")
    for name in ("linear", "svm"):
        expect(plane.page.locator(f'[data-testid=field][data-id="{name}"]')).to_have_attribute("d", re.compile("^M"))
    expect(plane.legend).to_contain_text(re.compile(r"linear SVM, \d+ of 30 wrong"))
    expect(plane.legend).to_contain_text("SVM, RBF kernel")
    plane.show("regions", "margins", "lines", "support")
    expect(plane.page.get_by_test_id("heat")).not_to_have_attribute("href", re.compile("."))
    expect(plane.breaks).to_have_count(0)
    expect(plane.page.get_by_test_id("support")).to_have_count(0)
    expect(plane.page.get_by_test_id("boundary")).to_have_attribute("d", "")
    expect(fields).to_have_count(2)


def test_xor_costs_four_root_two_and_its_surface_keeps_the_camera_over_a_drag(plane: Plane) -> None:
    plane.open(SMALL)
    generation = plane.generation()
    plane.page.get_by_role("button", name="XOR costs 4√2").click()
    plane.renewed(generation)
    plane.has(4)
    plane.answers(loss="hard_margin")
    assert plane.number("objective") == pytest.approx(4 * 2**0.5, rel=1e-6)
    expect(plane.breaks).to_have_count(2)
    surface = plane.figure("surface")
    canvas = surface.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    camera = "() => JSON.stringify(document.querySelector('[data-figure=surface]')._fullLayout.scene.camera.eye)"
    box = canvas.bounding_box()
    assert box is not None
    start = box["x"] + 0.5 * box["width"], box["y"] + 0.4 * box["height"]
    end = box["x"] + 0.7 * box["width"], box["y"] + 0.5 * box["height"]
    turned = turn_scene(plane.page, start, end, camera)
    updates, node = surface.get_attribute("data-updates") or "", surface.get_attribute("data-node")
    plane.surface.scroll_into_view_if_needed()
    x, y = plane.spot(0)
    plane.drag((x, y), (0.5 + 0.7 * (x - 0.5), y), steps=3)
    plane.answers(loss="hard_margin")
    assert plane.number("objective") > 4 * 2**0.5 + 0.01, "closer points take more"
    expect(surface).not_to_have_attribute("data-updates", updates)
    assert plane.page.evaluate(camera) == turned
    assert surface.get_attribute("data-node") == node
