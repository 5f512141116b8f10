"""What a person does on the page `splines` and sees of it; shared by its end-to-end tests."""

from __future__ import annotations

import re

import numpy as np
import pytest
from e2e.lesson_hand import LessonHand
from playwright.sync_api import Page, expect

import convexviz as cv
from convexviz.core.network import Array

VIEW = (-1.4, 1.4)  # of the default preset, in x and y
FIVE = [(0.15, 0.7), (0.35, 0.3), (0.5, 0.6), (0.65, 0.25), (0.85, 0.55)]  # shares of the board, from the upper left


class Lesson(LessonHand):
    """What a person does on the page `splines`, and sees of it."""

    name, board = "splines", "line"

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address)
        self.fit = page.get_by_test_id("fit")
        self.kinks = page.get_by_test_id("kink")

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
