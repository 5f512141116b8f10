"""Networks as the browser is sent them, read back: the same function, its dual vector, its support."""

from __future__ import annotations

from typing import Any

import numpy as np

import convexviz as cv
from convexviz.app.compute.answers import network_json, plane_json
from convexviz.figures.sent.networks import dimension, dual_of, network_of, support_of

X = np.array([[0.0, 1.0], [2.0, -1.0], [0.5, 0.5]])
PLANE = cv.ReLUNetwork.normalized(
    np.array([[1.0, 0.5], [-0.3, 1.0]]), np.array([0.1, -0.2]), np.array([2.0, -3.0]), 0.4
)
LINE = cv.ReLUNetwork(np.array([[1.0], [-1.0]]), np.array([-0.2, 0.5]), np.array([2.0, -1.0]), 0.3)
V = np.array([0.5, -0.5, 0.0])


def test_a_network_comes_back_as_it_was_sent() -> None:
    assert (dimension(network_json(LINE)), dimension(plane_json(PLANE))) == (1, 2)
    x = np.linspace(-1, 1, 9)[:, None]
    np.testing.assert_array_equal(network_of(network_json(LINE)).predict(x), LINE.predict(x))
    np.testing.assert_allclose(network_of(plane_json(PLANE)).predict(X), PLANE.predict(X), rtol=1e-6)
    assert network_of(PLANE) is PLANE


def test_a_frame_without_points_takes_those_of_the_answer() -> None:
    answer, frame = plane_json(PLANE, (V, 0.5), X), plane_json(PLANE, (2 * V, 0.5))
    found: Any = dual_of(frame, answer)
    np.testing.assert_allclose(found[0], 4 * V)
    np.testing.assert_allclose(found[1], X)
    assert dual_of(frame) is None
    assert dual_of(plane_json(PLANE), answer) is None


def test_points_of_another_number_belong_to_another_answer() -> None:
    assert dual_of(plane_json(PLANE, (V, 0.5)), plane_json(PLANE, (V[:2], 0.5), X[:2])) is None


def test_the_support_is_where_v_is_not_zero() -> None:
    assert support_of(plane_json(PLANE, (V, 0.5), X)).tolist() == [0, 1]
    assert support_of(plane_json(PLANE)).tolist() == []
