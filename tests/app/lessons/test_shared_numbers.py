"""A shared link opens the numbers that its sender sees, to the last digit, whatever the sender drew before."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz.app.components import board
from convexviz.app.shell import source, startup
from tests.app.messages import components

SECONDS = 120  # the first run imports everything
NUMBERS = ("status", "objective", "lower_bound", "gap", "neurons")
HINGE = {"task": "classification", "loss": "hinge", "beta": "0.1"}
FLAT = {  # more than one network is optimal, so that one may stay where the solver would name another
    "splines": HINGE | {"data": "two_bands"},
    "plane": HINGE | {"data": "moons", "n": "40"},
}


def opened(page: str, query: dict[str, Any]) -> AppTest:
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS)
    for name, value in query.items():
        at.query_params[name] = value
    return at.switch_page(f"../../pages/{page}.py").run()


def shown(at: AppTest) -> dict[str, Any]:
    """The numbers of the badge, and the network on the board."""
    assert not at.exception
    parts = {b.proto.component_name: json.loads(b.proto.json) for b in components(at)}
    badge, on_board = parts["convexviz_badge"], parts["convexviz_board"]
    return {name: badge.get(name) for name in NUMBERS} | {"network": on_board["answer"]["network"]}


def state_key(page: str, task: str) -> str:
    return (source.line if page == "splines" else source.plane).state_key(task)


def move(at: AppTest, key: str, points: np.ndarray, live: bool = False) -> AppTest:
    """The browser sends the points after a gesture, or amid it."""
    now = at.session_state[key]
    message = {"gen": now.gen, "rev": now.rev + 1, "live": live, "points": points.tolist()}
    message |= {} if now.labels is None else {"labels": now.labels.tolist()}
    message |= {} if now.values is None else {"values": now.values.tolist()}
    limits = board.Limits(source.MAX_POINTS, labelled=now.labels is not None, valued=now.values is not None)
    at.session_state[key] = board.fold(now, message, limits)
    assert at.session_state[key].rev == now.rev + 1
    return at.run()


def received(page: str, at: AppTest) -> dict[str, Any]:
    """What the link that was just written shows to somebody else, whose server has solved nothing yet."""
    st.cache_data.clear()
    return shown(opened(page, dict(parse_qsl(urlsplit(at.code[0].value).query))))


def beyond_its_margin(at: AppTest, page: str) -> tuple[np.ndarray, np.ndarray]:
    """The points on the board, and the same with the one farthest beyond its margin moved a little outwards."""
    now = at.session_state[state_key(page, "classification")]
    points, labels = now.points, now.labels.astype(float)
    X = points[:, :1] if page == "splines" else points
    network = cv.solve(X, labels, beta=0.1, loss="hinge").network
    moved, far = points.copy(), int(np.argmax(labels * network.predict(X)))
    moved[far, 0] += 0.03 * np.sign(moved[far, 0])
    return points, moved


@pytest.mark.parametrize("page", ["splines", "plane"])
def test_a_network_that_stayed_on_the_senders_page_gives_way_to_the_answer_of_the_link(page: str) -> None:
    at = opened(page, FLAT[page])
    before = shown(at)
    _, moved = beyond_its_margin(at, page)
    after = shown(move(at, state_key(page, "classification"), moved))
    assert after["network"] == before["network"], "the network of before stays, for it is still optimal"
    at = at.button(key="share-button").click().run()
    sender = shown(at)
    assert sender["status"] == "certified"
    assert sender == received(page, at)
    assert sender == shown(at.run()), "and it stays so"


@pytest.mark.parametrize("page", ["splines", "plane"])
@pytest.mark.parametrize("task", ["regression", "classification"])
def test_after_a_drag_both_read_the_same_numbers(page: str, task: str) -> None:
    at = opened(page, {"task": task, "n": "30"})
    key = state_key(page, task)
    points = np.array(at.session_state[key].points)
    for step in range(4):  # answers under a moving hand begin where the last one ended
        points[5, 0] += 0.01
        at = move(at, key, points, live=step < 3)
    at = at.button(key="share-button").click().run()
    assert shown(at) == received(page, at)


@pytest.mark.parametrize("page", ["splines", "plane"])
def test_who_moves_a_point_and_takes_it_back_reads_the_numbers_of_the_link_again(page: str) -> None:
    at = opened(page, FLAT[page])
    points, moved = beyond_its_margin(at, page)
    key = state_key(page, "classification")
    at = move(at, key, moved).button(key="share-button").click().run()
    sender = shown(at)
    move(at, key, points)
    assert shown(move(at, key, moved)) == sender == received(page, at)
