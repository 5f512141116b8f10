"""What a person does on the pages `geometry`, `autoencoders` and `closed-forms`; shared by their end-to-end tests."""

from __future__ import annotations

import re
from typing import Self

import numpy as np
import pytest
from e2e.lesson_hand import DRAWN, LessonHand
from playwright.sync_api import Locator, Page, expect

from convexviz.core.network import Array

GAP = 1e-6
SOLVED = 1e-5  # relative: two answers within GAP each, of points that travelled as text
QUANTISED = 5e-3  # relative, after a link has rounded the points to 16 bits of the window


class BoardHand(LessonHand):
    """One board of a page, by the key of the container it stands in, and the page around it."""

    def __init__(self, page: Page, address: str, name: str, container: str = "board", figure: str = "") -> None:
        super().__init__(page, address)
        self.name, self.first = name, figure
        self.frame = page.locator(f".st-key-{container}")
        self.surface = self.frame.get_by_test_id("board")
        self.points = self.frame.get_by_test_id("point")
        self.words = page.locator(".st-key-verdict")

    def opened(self) -> Self:
        expect(self.page.locator(".cvz-badge")).to_be_visible()
        if self.first:
            expect(self.figure(self.first)).to_have_attribute("data-updates", re.compile("[1-9]"))
        return self

    def curve(self, name: str) -> Locator:
        return self.frame.locator(f'[data-testid=curve][data-id="{name}"]')

    def path(self, name: str) -> str:
        return self.curve(name).get_attribute("d") or ""

    def mark(self, name: str) -> tuple[float, float]:
        """Where a mark lies, in the units of the axes."""
        found = self.frame.locator(f'[data-testid=mark][data-id="{name}"]')
        return float(found.get_attribute("data-x") or "nan"), float(found.get_attribute("data-y") or "nan")

    def ticks(self) -> str:
        """Numbers along the axes."""
        return self.surface.locator(".cvz-ticks").evaluate("node => node.textContent")

    def place(self, index: int, x: float, y: float) -> tuple[float, float]:
        """The share of the board at which (x, y) lies, by the window of its own two scales."""
        window = self.surface.evaluate(
            """surface => {
              const box = surface.getBoundingClientRect();
              return [...surface.querySelectorAll("[data-testid=point]")].map((point) => {
                const { e, f } = point.transform.baseVal.consolidate().matrix;
                return [e / box.width, f / box.height, box.width / box.height];
              });
            }"""
        )
        (fx, fy, aspect), (px, py) = window[index], self.coordinates()[index]
        unit = self.share_of_a_unit()
        return fx + (x - px) * unit, fy - (y - py) * unit * aspect

    def share_of_a_unit(self) -> float:
        """Share of the board's width that one unit of its axes takes, from the numbers on its horizontal axis."""
        return float(
            self.surface.locator(".cvz-ticks").evaluate(
                """node => {
                  const isNumber = (one) => /^[-−]?[0-9.]+$/.test(one.textContent);
                  const labels = [...node.querySelectorAll("text")].filter(isNumber);
                  const value = (one) => Number(one.textContent.replace("−", "-"));
                  const spots = labels.map((one) => [value(one), one.getBoundingClientRect()]);
                  const low = Math.max(...spots.map(([, box]) => box.y));
                  const row = spots.filter(([, box]) => Math.abs(box.y - low) < 2);
                  const middle = ({ x, width }) => x + width / 2;
                  const [[a, first], [b, last]] = [row[0], row.at(-1)];
                  const width = node.ownerSVGElement.getBoundingClientRect().width;
                  return (middle(last) - middle(first)) / (b - a) / width;
                }"""
            )
        )

    def grab(self, index: int, to: tuple[float, float], steps: int = 8) -> None:
        """Take a point and hold it at (x, y)."""
        start, end = self.spot(index), self.place(index, *to)
        self.page.mouse.move(*self.at(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.at(*end), steps=steps)

    def release(self) -> None:
        self.page.mouse.up()
        self.settled()

    def settled(self) -> None:
        """Wait until the answer to the last gesture on this board is drawn."""
        expect(self.surface).to_have_attribute("data-answer-rev", re.compile(r"\d+"))
        self.page.wait_for_function(
            """surface => surface.dataset.rev === surface.dataset.answerRev
              && !globalThis.__convexvizBus.last.pending?.pending""",
            arg=self.surface.element_handle(),
        )
        self.page.evaluate(DRAWN)

    def certified(self, objective: float, tolerance: float = SOLVED) -> None:
        """Wait until the badge shows this number, proved."""
        self.shows_objective(objective, tolerance)
        self.shows_status("certified")
        assert self.number("gap") <= GAP
        assert self.number("lower-bound") == pytest.approx(objective, rel=tolerance, abs=1e-9)

    def shared_link(self) -> str:
        self.page.get_by_role("button", name="Share").click()
        shown = self.page.locator(".st-key-share code")
        expect(shown).to_contain_text(f"/{self.name}")
        link = shown.inner_text().strip()
        expect(self.page).to_have_url(link)
        return link

    def select(self, setting: str, option: str) -> None:
        """Choose in a drop-down list."""
        self.page.locator(f".st-key-set-{setting} input[role=combobox]").click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def image(self, figure: str, index: int) -> Array:
        """Numbers of an image of a figure as plotly has drawn it."""
        return np.array(self.drawn(figure, f"[...data[{index}].z].map((row) => [...row])"), float)

    def becomes(self, background: str) -> None:
        """Wait until page, figures and boards are drawn on this background, the ink of the figures against it."""
        self.page.wait_for_function(
            """background => {
              const parts = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
              const light = (colour) => parts(colour).reduce((sum, part) => sum + part) > 382;
              const page = getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor;
              const figures = [...document.querySelectorAll("[data-figure]")].filter((one) => one._fullLayout);
              const inks = figures.map((figure) => {
                const probe = document.body.appendChild(document.createElement("i"));
                probe.style.color = figure._fullLayout.font.color;
                const ink = getComputedStyle(probe).color;
                probe.remove();
                return ink;
              });
              const papers = [...document.querySelectorAll(".cvz-paper")].map((one) => getComputedStyle(one).fill);
              const against = inks.every((ink) => light(ink) !== light(page));
              return page === background && inks.length > 0 && against
                && papers.every((paper) => light(paper) === light(page));
            }""",
            arg=background,
        )

    def within_reach(self, part: Locator, width: int = 390) -> None:
        """It can be scrolled to and lies within the width of the phone."""
        part.scroll_into_view_if_needed()
        expect(part).to_be_in_viewport()
        box = part.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width

    def on_first_screen(self, *keys: str) -> None:
        """These containers are seen in full without scrolling."""
        height = self.page.viewport_size["height"] if self.page.viewport_size else 0
        for key in keys:
            box = self.page.locator(f".st-key-{key}").bounding_box()
            assert box is not None
            assert 0 <= box["y"] <= box["y"] + box["height"] <= height, key
