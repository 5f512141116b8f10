"""What the page shows is known from its messages: the newest of each part, and of no part that is gone."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from convexviz.app.components import shown
from convexviz.app.course.lesson import Lesson
from convexviz.app.lessons.registry import LESSONS
from tests.app.lessons.test_shared_numbers import move, opened
from tests.app.messages import components

KINDS = {
    "convexviz_badge": "badge",
    "convexviz_board": "board",
    "convexviz_chart": "chart",
    "convexviz_dual": "dual",
    "convexviz_film": "film",
    "convexviz_path": "path",
    "convexviz_scrubber": "slider",
}
NO_PICTURE = {"convexviz_gallery"}
TIMED = ("seq", "parcels", "seconds")  # two messages of one state differ in these


def kept(at: AppTest) -> dict[str, Any]:
    return dict(at.session_state[shown.NOW])


def plain(message: Any) -> Any:
    """A message as JSON, without what differs from one to the next."""
    held = json.loads(json.dumps(message))
    return {name: value for name, value in held.items() if name not in TIMED}


@pytest.mark.parametrize("lesson", [pytest.param(lesson, id=lesson.address) for lesson in LESSONS])
def test_every_part_of_a_lesson_is_known_by_what_the_browser_was_sent(lesson: Lesson) -> None:
    at = opened(lesson.address, {})
    sent = [b.proto for b in components(at) if b.proto.component_name not in NO_PICTURE]
    parts = list(kept(at).values())
    assert sorted(part.kind for part in parts) == sorted(KINDS[proto.component_name] for proto in sent)
    messages = [(KINDS[proto.component_name], plain(json.loads(proto.json))) for proto in sent]
    for part in parts:
        assert (part.kind, plain(part.data)) in messages, part.key
    boards = [part.name for part in parts if part.kind == "board"]
    assert len(set(boards)) == len(boards)
    assert boards[:1] in ([], ["board"])


def test_what_a_gesture_brings_other_parts_is_theirs() -> None:
    at = opened("splines", {"n": "10"})
    before = kept(at)
    points = np.array([[-1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    at = move(at, "line-regression", points)
    after = kept(at)
    assert list(after) == list(before)
    assert after["line-board"].data["x"] == [-1.0, 0.0, 1.0]
    assert after["line-badge"].data["objective"] != before["line-badge"].data["objective"]
    brought = after["line-board"].data["parcels"]
    assert plain(after["line-dual"].data) == plain(brought["line-dual"])


def test_a_part_that_the_page_leaves_out_is_gone() -> None:
    at = opened("plane", {"show": "surface"})
    assert "plane-picture" in kept(at)
    at.query_params["show"] = "path"
    assert "plane-picture" not in kept(at.run())
