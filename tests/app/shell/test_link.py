"""Points of the plane in a link; those of the line are in test_settings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convexviz import data
from convexviz.app.shell import link
from convexviz.data import exact_link

VIEW = (-2.0, 2.0, -1.25, 1.25, -1.5, 1.5)
LABELS = (-1.0, 1.0)
coordinate = st.floats(-10.0, 10.0)
triples = st.lists(st.tuples(coordinate, coordinate, coordinate), min_size=1, max_size=20)


@given(triples)
def test_points_and_values_come_back_within_a_step_of_the_view(rows: list[tuple[float, float, float]]) -> None:
    columns = np.array(rows)
    points, values, seen = link.text_to_plane(link.plane_to_text(columns[:, :2], columns[:, 2], VIEW))
    lows, highs = np.array(seen[::2]), np.array(seen[1::2])
    assert (lows <= VIEW[::2]).all()
    assert (highs >= VIEW[1::2]).all()
    assert (np.abs(np.column_stack([points, values]) - columns) <= (highs - lows) / 65535).all()


@given(triples)
def test_a_link_is_stable(rows: list[tuple[float, float, float]]) -> None:
    columns = np.array(rows)
    text = link.plane_to_text(columns[:, :2], columns[:, 2], VIEW)
    assert link.plane_to_text(*link.text_to_plane(text)) == text


@given(st.lists(st.tuples(coordinate, coordinate, st.sampled_from(LABELS)), min_size=1, max_size=40))
def test_labels_and_a_view_come_back_exactly(rows: list[tuple[float, float, float]]) -> None:
    columns = np.array(rows)
    view = (-16.0, 16.0, -12.5, 12.5, *LABELS)
    text = link.plane_to_text(columns[:, :2], columns[:, 2], view)
    _, labels, seen = link.text_to_plane(text)
    assert labels.tolist() == columns[:, 2].tolist()
    assert seen == view
    assert link.plane_holds_labels(text)


@pytest.mark.parametrize("name", data.names(dims=2))
def test_every_preset_makes_a_link_one_can_paste(name: str) -> None:
    made = data.load(name, n=min(200, data.DATASETS[name].n_max))
    heights = LABELS if made.task == "classification" else (-4.0, 4.0)
    text = link.plane_to_text(made.X, made.y, (-3.0, 3.0, -3.0, 3.0, *heights))
    points, values, _ = link.text_to_plane(text)
    assert points.tobytes() == np.ascontiguousarray(made.X).tobytes()
    assert values.tobytes() == np.ascontiguousarray(made.y, float).tobytes()
    assert link.plane_holds_labels(text) == (made.task == "classification")
    assert len(text) < 7000  # all digits of all points


def test_a_board_without_points_has_a_text_of_its_own() -> None:
    assert link.plane_to_text(np.empty((0, 2)), [], VIEW) == link.EMPTY
    points, values, view = link.text_to_plane(link.EMPTY)
    assert (points.shape, values.shape) == ((0, 2), (0,))
    assert view == (-1.0, 1.0) * 3
    assert link.plane_holds_labels(link.EMPTY)


def test_points_of_the_line_are_no_points_of_the_plane_and_the_other_way_round() -> None:
    line = link.points_to_text([[0.0, 1.0], [0.5, -1.0]], VIEW[:4])
    plane = link.plane_to_text([[0.0, 0.5]], [1.0], VIEW)
    for read in (link.text_to_plane, link.plane_holds_labels):
        with pytest.raises(data.LinkError, match=r"coordinates and a value each, got 2 columns; open the link on"):
            read(line)
    for read in (link.text_to_points, link.holds_labels):
        with pytest.raises(data.LinkError, match=r"two coordinates each, got 3 columns; open the link on the page"):
            read(plane)


def test_what_no_link_holds_is_refused() -> None:
    for points, values in (([[0.0, np.nan]], [1.0]), ([[0.0, 0.0]], [np.inf]), (np.zeros((2001, 2)), np.zeros(2001))):
        with pytest.raises(data.LinkError, match=r"must .*, got .*; "):
            link.plane_to_text(points, values, VIEW)


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_foreign_text_raises_only_link_errors(text: str) -> None:
    if text not in (link.EMPTY, ""):
        with pytest.raises(data.LinkError):
            link.text_to_plane(text)


# --- weights -------------------------------------------------------------------------------------------------------

POINTS = link.points_to_text([[0.0, 1.0], [0.5, -1.0], [1.0, 0.25]], VIEW[:4])
weights = st.lists(st.just(0.0) | st.floats(1e-12, 1e12), min_size=3, max_size=3)


@given(weights)
def test_weights_come_back_bit_for_bit_behind_the_points(given_weights: list[float]) -> None:
    text = link.with_weights(POINTS, given_weights)
    points, back = link.split_weights(text)
    assert points == POINTS
    assert (given_weights if back is None else back.tolist()) == given_weights
    assert (text == POINTS) == (set(given_weights) == {1.0})
    assert link.with_weights(points, back) == text
    assert link.weighted_points(text)[1] == link.text_to_points(POINTS)[1]


@given(weights, st.data())
def test_any_damage_to_weights_is_noticed(given_weights: list[float], choose: st.DataObject) -> None:
    text = link.with_weights(POINTS, given_weights)
    place = choose.draw(st.integers(len(POINTS) + 1, len(text))) if text != POINTS else 0
    other = choose.draw(st.sampled_from(["", "A", "_", ".", "%"]))
    broken = text[:place] + other + text[place + 1 :]
    if broken not in (text, POINTS):
        with pytest.raises(link.LinkError, match="link"):
            link.weighted_points(broken)


@pytest.mark.parametrize(
    "rest",
    [
        exact_link.encode([[2.0], [1.0]], [0.0], [2.0]),
        exact_link.encode([[1.0]] * 3, [0.0], [1.0]),
        exact_link.encode([[-1.0], [1.0], [2.0]], [-1.0], [2.0]),
        exact_link.encode([[1.0, 2.0]] * 3, [0.0, 0.0], [2.0, 2.0]),
    ],
    ids=["too few", "1 each", "negative", "two columns"],
)
def test_texts_of_other_numbers_are_no_weights(rest: str) -> None:
    with pytest.raises(link.LinkError, match="one for each of its 3 points"):
        link.split_weights(f"{POINTS}.{rest}")


def test_a_page_without_weights_says_so() -> None:
    text = link.with_weights(POINTS, [1.0, 0.0, 2.0])
    with pytest.raises(link.LinkError, match="count once each"):
        link.text_to_points(text)


def test_negative_weights_make_no_link() -> None:
    with pytest.raises(link.LinkError, match="0 or above"):
        link.with_weights(POINTS, [1.0, -1.0, 1.0])


def test_weights_and_names_of_columns_stand_behind_the_points_together() -> None:
    """A name may hold a full stop, which stands before weights."""
    text = link.with_names(link.with_weights(POINTS, [1.0, 0.0, 2.0]), ["speed (a.u.)", "y"])
    points, back = link.split_weights(text)
    assert back is not None
    assert (points, back.tolist()) == (POINTS, [1.0, 0.0, 2.0])
    assert link.names_in(text, 2) == ("speed (a.u.)", "y")
    assert link.split_weights(link.with_names(POINTS, ["speed (a.u.)", "y"])) == (POINTS, None)
