"""The home page without a browser: its sentences hold for what it shows, and lessons are numbered in their groups."""

from __future__ import annotations

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz import data
from convexviz.app import home
from convexviz.app.lessons.registry import COURSE
from convexviz.app.shell import startup
from tests.app.messages import components

SECONDS = 60  # the first run imports everything


@pytest.fixture(scope="module")
def page() -> AppTest:
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS).run()
    assert not at.exception
    return at


def test_the_cost_that_is_named_is_the_objective_in_the_badge(page: AppTest) -> None:
    made = data.load("sine", n=14, noise=0.08, seed=3)
    network = cv.solve(made.X, made.y, beta=home.BETA).network
    missed = network.predict(made.X) - made.y
    slopes = network.w * np.linalg.norm(network.U, axis=1)
    cost = (missed**2).sum() / 2 + home.BETA * np.abs(slopes).sum()
    badges = [
        json.loads(block.proto.json) for block in components(page) if block.proto.component_name.endswith("badge")
    ]
    assert [badge["objective"] for badge in badges] == [pytest.approx(cost, rel=1e-9)]
    assert badges[0]["gap"] <= 1e-6
    assert network.width <= len(made.y) + 1


def test_the_words_say_two_layers_enough_neurons_and_the_gap(page: AppTest) -> None:
    words = "\n".join(block.value for block in page.markdown)
    for said in ("two-layer ReLU network", "one for each point and one more", "by more than the *gap*", "**convex**"):
        assert said in " ".join(words.split())
    assert "twin" not in words


def test_lessons_are_numbered_in_their_groups(page: AppTest) -> None:
    numbered = [
        f"**{number}.{k} {lesson.title}**"
        for number, lessons in enumerate(COURSE.values(), 1)
        for k, lesson in enumerate(lessons, 1)
    ]
    links = [link.proto.label for link in page.get("page_link")]
    assert links[0] == "Begin with 1.1 Splines"
    assert links[1:] == numbered
    groups = [block.value for block in page.markdown if " · " in block.value]
    assert groups == [f"**{number} · {name}**" for number, name in enumerate(COURSE, 1)]
