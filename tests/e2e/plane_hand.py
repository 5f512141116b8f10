"""What a person does on the page `plane` and sees of it; shared by its end-to-end tests."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from e2e.lesson_hand import DRAWN, SAME, LessonHand
from playwright.sync_api import Locator, expect

import convexviz as cv
from convexviz.core.network import Array

TWICE = 3 * SAME  # relative, between two answers that are each within 1e-6 of the optimum
BETA = 0.1  # of the page's default
SETTLED = """() => {
  const { rev, fitRev, answerRev } = document.querySelector("[data-testid=board]").dataset;
  return rev === fitRev && rev === answerRev && !globalThis.__convexvizBus.last.pending?.pending;
}"""
HEAT = """async ([element, spots]) => {
  const image = new Image();
  image.src = element.getAttribute("href");
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const at = ([fx, fy]) => [Math.round(fx * (canvas.width - 1)), Math.round(fy * (canvas.height - 1))];
  return spots.map((spot) => [...context.getImageData(...at(spot), 1, 1).data]);
}"""
NETWORK = """() => {
  const packed = globalThis.__convexvizBus.last["parcel:plane-dual"].network;
  const plain = (value) => {
    if (value?.bdata === undefined) return value;
    return [...new Float32Array(Uint8Array.from(atob(value.bdata), (c) => c.charCodeAt(0)).buffer)];
  };
  const { u, b, w, c, dual } = packed;
  return { u: plain(u), b: plain(b), w: plain(w), c, x: plain(dual.x), v: plain(dual.v), beta: dual.beta };
}"""


class Plane(LessonHand):
    """What a person does on the page `plane`, and sees of it."""

    name, board = "plane", "plane"

    def settled(self) -> None:
        """Wait until the answer to the last gesture is drawn."""
        self.page.wait_for_function(SETTLED)
        self.page.evaluate(DRAWN)

    def answers(self, beta: float = BETA, loss: str = "hinge") -> cv.Solution:
        """Wait until the badge shows the optimum of the very points that are drawn."""
        self.settled()
        solution = cv.solve(self.coordinates(), self.marks(), beta=beta, loss=loss)
        assert solution.certified
        self.shows_objective(solution.objective, TWICE)
        self.shows_status("certified")
        assert self.number("gap") <= 1e-6
        assert self.number("lower-bound") == pytest.approx(self.number("objective"), rel=1e-6)
        return solution

    def marks(self) -> Array:
        """Classes or values of the points as drawn, (n,)."""
        read = "marks => marks.map(m => Number(m.dataset.label ?? m.dataset.value))"
        return np.array(self.points.evaluate_all(read), float)

    def renewed(self, before: str) -> None:
        """Wait until other points than those of `generation` before are on the board, and drawn."""
        expect(self.surface).not_to_have_attribute("data-gen", before)
        self.page.evaluate(DRAWN)

    def generation(self) -> str:
        return self.surface.get_attribute("data-gen") or ""

    # ---- what is drawn

    def heat(self, spots: Array) -> Array:
        """Colours (red, green, blue, opacity) of the heat map at `spots` (n, 2), shares of the board."""
        image = self.page.get_by_test_id("heat")
        expect(image).to_have_attribute("href", re.compile("^data:image/png"))
        return np.array(self.page.evaluate(HEAT, [image.element_handle(), spots.tolist()]), float)

    def picture(self) -> str:
        """The heat map as it is, to tell whether it changes."""
        return self.page.get_by_test_id("heat").get_attribute("href") or ""

    def picture_changes(self, before: str) -> str:
        expect(self.page.get_by_test_id("heat")).not_to_have_attribute("href", before)
        return self.picture()

    def shares(self) -> Array:
        """Where the points are drawn, (n, 2), in shares of the board."""
        return self.surface.evaluate(
            """surface => {
              const box = surface.getBoundingClientRect();
              return [...surface.querySelectorAll("[data-testid=point]")].map((point) => {
                const { e, f } = point.transform.baseVal.consolidate().matrix;
                return [e / box.width, f / box.height];
              });
            }"""
        )

    def network(self) -> tuple[cv.ReLUNetwork, dict[str, Any]]:
        """The network that the browser was sent for its charts, and the dual numbers (x, v, beta) with it."""
        sent = self.page.evaluate(NETWORK)
        u = np.array(sent["u"]).reshape(-1, 2)
        net = cv.ReLUNetwork(
            u / np.linalg.norm(u, axis=1, keepdims=True), np.array(sent["b"]), np.array(sent["w"]), sent["c"]
        )
        return net, sent

    @property
    def breaks(self) -> Locator:
        return self.page.get_by_test_id("breakline")

    @property
    def legend(self) -> Locator:
        return self.page.locator(".cvz-legend")

    def show(self, *overlays: str) -> None:
        """Switch overlays by their names in the settings."""
        self.page.get_by_role("button", name="Show").click()
        for name in overlays:
            self.page.locator(f".st-key-set-{name} label").first.click()
        self.page.keyboard.press("Escape")

    def choose(self, word: str) -> None:
        """Press one of a row of choices."""
        self.page.get_by_role("radio", name=word, exact=True).click()

    # ---- the film

    def film(self, part: str) -> Locator:
        return self.page.get_by_test_id(f"film-{part}")

    def film_is(self, state: str) -> None:
        expect(self.page.get_by_test_id("film")).to_have_attribute("data-state", state)

    # ---- pointing

    def middle_of_line(self, neuron: int) -> tuple[float, float]:
        """A spot on the page on a break line, away from points and other lines."""
        x, y = self.page.locator(f".cvz-break[data-neuron='{neuron}']").evaluate(
            """line => {
              const surface = line.ownerSVGElement.getBoundingClientRect();
              const ends = (one) => one.querySelector(".cvz-break-stroke").getAttribute("d").slice(1).split("L")
                .map((pair) => pair.split(" ").map(Number));
              const others = [...line.parentElement.children].filter((one) => one !== line).map(ends);
              const points = [...document.querySelectorAll("[data-testid=point]")].map((point) => {
                const { e, f } = point.transform.baseVal.consolidate().matrix;
                return [e, f];
              });
              const far = ([x, y]) => {
                const lines = others.map(([[a, b], [c, d]]) =>
                  Math.abs((x - a) * (d - b) - (y - b) * (c - a)) / Math.hypot(c - a, d - b));
                return Math.min(...lines, ...points.map(([a, b]) => Math.hypot(x - a, y - b)));
              };
              const [[a, b], [c, d]] = ends(line);
              const spots = Array.from({ length: 99 }, (_, k) => {
                const t = (k + 1) / 100;
                return [a + t * (c - a), b + t * (d - b)];
              });
              const [x, y] = spots.reduce((best, spot) => (far(spot) > far(best) ? spot : best));
              return [surface.x + x, surface.y + y];
            }"""
        )
        return x, y

    def mark(self, figure: str, neuron: int) -> tuple[float, float]:
        """Where a neuron's triangle is on the page, its figure in view."""
        self.figure(figure).scroll_into_view_if_needed()
        x, y = self.figure(figure).evaluate(
            """(node, neuron) => {
              const box = node.querySelector(".nsewdrag").getBoundingClientRect();
              const { _fullLayout: full, _fullData: data } = node;
              const { x, y } = data.find((trace) => trace.meta?.neurons);
              // On an axis of names, which look like numbers here, a mark stands at its place in the row.
              const across = full.xaxis.type === "category" ? neuron : x[neuron];
              return [box.x + full.xaxis.l2p(across), box.y + full.yaxis.l2p(y[neuron])];
            }""",
            neuron,
        )
        return x, y
