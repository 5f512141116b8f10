"""What a person does to the drawing board of the harness, and sees of it; shared by its end-to-end tests."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

HARNESS = Path(__file__).with_name("board_harness.py")
TOUCH = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}


class Board:
    """What a person does to the board and sees of it; positions are fractions of the surface, from its upper left."""

    def __init__(self, page: Page, address: str, **options: object) -> None:
        self.page = page
        page.goto(f"{address}/?" + "&".join(f"{name}={value}" for name, value in options.items()))
        self.surface = page.get_by_test_id("board")
        self.points = page.get_by_test_id("point")
        self.status = page.get_by_test_id("board-status")
        self.note = page.get_by_test_id("board-note")
        self.has(int(str(options.get("n", 0))))

    def has(self, count: int) -> None:
        expect(self.surface).to_have_attribute("data-count", str(count))
        expect(self.points).to_have_count(count)

    def at(self, fx: float, fy: float) -> tuple[float, float]:
        box = self.surface.bounding_box()
        assert box is not None
        return box["x"] + fx * box["width"], box["y"] + fy * box["height"]

    def click(self, fx: float, fy: float, **options: Any) -> None:
        self.page.mouse.click(*self.at(fx, fy), **options)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tool(self, name: str) -> Locator:
        return self.page.locator(f"[data-tool={name}]")

    def stroke(self, start: tuple[float, float], end: tuple[float, float], steps: int = 10) -> None:
        self.page.mouse.move(*self.at(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.at(*end), steps=steps)
        self.page.mouse.up()

    def coordinates(self) -> list[list[float]]:
        """Points as drawn."""
        read = "marks => marks.map(m => [Number(m.dataset.x), Number(m.dataset.y)])"
        return self.points.evaluate_all(read)

    def attribute(self, name: str) -> int:
        return int(self.surface.get_attribute(f"data-{name}") or 0)

    def told(self, **state: object) -> dict[str, Any]:
        """Python's state, once it holds `state`."""
        echo = self.page.get_by_test_id("echo")
        for name, value in state.items():
            expect(echo).to_have_text(re.compile(f'"{name}": {json.dumps(value)}[,}}]'), use_inner_text=False)
        return json.loads(echo.text_content() or "")

    def settled(self) -> dict[str, Any]:
        """Python's state, once it has answered the last change and holds the very points that are drawn."""
        rev = self.surface.get_attribute("data-rev")
        expect(self.surface).to_have_attribute("data-answer-rev", str(rev))
        echo = self.page.get_by_test_id("echo")
        expect(echo).to_have_text(re.compile(rf'"rev": {rev},'), use_inner_text=False)
        state = json.loads(echo.text_content() or "")
        assert state["points"] == self.coordinates()
        assert state["live"] is False
        return state


def finger(page: Page) -> Callable[..., None]:
    """Sends touch events as a screen would make them: `touch("touchMove", (x, y))`."""
    cdp = page.context.new_cdp_session(page)

    def touch(kind: str, *spots: tuple[float, float]) -> None:
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in spots]})

    return touch
