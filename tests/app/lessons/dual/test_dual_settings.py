"""Settings of the lesson on the dual by hand: links hold points and v exactly, and damaged ones are said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convexviz.app.components import dual_hand
from convexviz.app.lessons.dual.settings import DualSettings, balanced, numbers, pairs, to_text
from convexviz.app.shell.settings import from_query, to_query

REAL = st.floats(-1e6, 1e6).filter(lambda value: value == 0 or abs(value) > 1e-30)


@given(st.lists(st.tuples(REAL, REAL), min_size=3, max_size=3), st.lists(REAL, min_size=3, max_size=3))
def test_a_link_holds_points_and_v_to_the_last_digit(points: list[tuple[float, float]], v: list[float]) -> None:
    made = DualSettings(points=to_text(np.array(points)), v=to_text(np.array(v)))
    back, problems = from_query(to_query(made), DualSettings)
    assert (back, problems) == (made, [])
    np.testing.assert_array_equal(back.named(), np.array(points))
    np.testing.assert_array_equal(back.vector(3), np.array(v))


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"v": "1,2"}, "v: it must be 3 numbers"),
        ({"v": "1,2,x"}, "with commas between them"),
        ({"v": "1,2,1e9"}, "numbers up to 1e+06"),
        ({"p": "0,0"}, "2 to 8 points"),
        ({"p": "0,0;1"}, "2 to 8 points"),
        ({"data": "classes", "loss": "squared"}, "it does not go with Two classes; using hinge"),
        ({"data": "classes", "p": "0,1;1,0.5"}, "they carry no classes"),
        ({"beta": "0"}, "from 0.01 to 100"),
    ],
)
def test_what_a_link_cannot_mean_is_said_and_left_out(query: dict[str, str], problem: str) -> None:
    settings, problems = from_query(query, DualSettings)
    assert len(problems) == 1
    assert problem in problems[0]
    assert len(settings.vector(len(settings.named()))) == len(settings.named())


def test_a_loss_alone_names_its_points() -> None:
    assert from_query({"loss": "hinge"}, DualSettings) == (DualSettings(dataset="classes", loss="hinge"), [])


def test_other_points_begin_with_zeros_and_their_own_loss() -> None:
    start = DualSettings(v="-1,1.5,-0.5", solved=True)
    assert start.changed(dataset="classes") == DualSettings(dataset="classes", loss="hinge")
    assert start.changed(beta=2.0) == DualSettings(v="-1,1.5,-0.5", beta=2.0)
    assert start.changed(v="0,0,0", solved=True).solved


def test_a_sum_that_was_free_is_made_zero_when_it_is_kept_again() -> None:
    loose = DualSettings(v="-0.5,0.75,0", free=True)
    assert loose.changed(free=False) == DualSettings(v="-0.5,0.5,0")
    np.testing.assert_array_equal(balanced(np.array([0.1, 0.2, 0.3, 0.4])), [0.1, -0.8, 0.3, 0.4])


@pytest.mark.parametrize("value", [None, [], [1, "2"], [True, 1], [float("nan")], [1e7], [0] * 65, "1,2", {"v": 1}])
def test_what_no_handle_sends_is_not_believed(value: object) -> None:
    assert dual_hand.vector(value) is None


def test_numbers_of_a_handle_are_believed() -> None:
    np.testing.assert_array_equal(dual_hand.vector([1, -0.5]), [1.0, -0.5])


def test_texts_are_short() -> None:
    assert to_text(np.array([[0.0, -1.5], [1 / 3, 2.0]])) == "0,-1.5;0.3333333333333333,2"
    assert pairs("0,1;2,3").tolist() == [[0.0, 1.0], [2.0, 3.0]]
    assert numbers("-1,2.5").tolist() == [-1.0, 2.5]
