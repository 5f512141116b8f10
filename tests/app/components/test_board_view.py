"""The board's window encloses the points with round limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convexviz.app.components.board import View

scale = st.floats(-6, 6).map(lambda e: 10.0**e)
shape = st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=8)


@given(shape, scale, scale)
def test_window_encloses_the_points_and_is_not_much_larger(
    points: list[tuple[float, float]], sx: float, sy: float
) -> None:
    p = np.array(points) * [sx, sy]
    view = View.around(p)
    for values, (low, high) in ((p[:, 0], view.x), (p[:, 1], view.y)):
        assert low < values.min()
        assert values.max() < high
        extent = np.ptp(values)
        if extent > max(1e-6 * abs(values).max(), 1e-20):
            assert high - low <= 1.5 * extent


def test_limits_are_round() -> None:
    view = View.around([[-0.93, 0], [0.87, 3.1]])
    assert view == View((-1.2, 1.2), (-0.4, 3.6))


def test_no_points_and_one_point() -> None:
    assert View.around(np.empty((0, 2))) == View((-1, 1), (-1, 1))
    low, high = View.around([[5.0, 0.0]]).x
    assert low < 5 < high


def test_given_axis_is_kept() -> None:
    assert View.around([[0, 9]], y=(-2, 2)).y == (-2, 2)


@pytest.mark.parametrize("limits", [(1, 1), (2, 1), (0, float("inf")), (float("nan"), 1)])
def test_senseless_limits_are_refused(limits: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="low before high"):
        View(x=limits)
    with pytest.raises(ValueError, match=r"View\.z must be"):
        View(z=limits)


def test_range_of_values() -> None:
    points = [[0, 0], [1, 1]]
    assert View.around(points).z is None
    assert View.around(points, z=(0, 1), values=[5, 7]).z == (0, 1)
    assert View.around(points, values=[-1, 1]).z == (-1.4, 1.4)
