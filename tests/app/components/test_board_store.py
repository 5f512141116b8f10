"""The board's protocol: newer revisions of the same generation are folded in, everything else changes no data."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convexviz.app.components.board import BoardState, Limits, View, fold, payload, picked, replace
from convexviz.app.components.chart import pack

TEN = Limits(max_points=10)
CLASSES = Limits(max_points=10, labelled=True)
VALUES = Limits(max_points=10, valued=True)
WEIGHTS = Limits(max_points=10, weighted=True)
START = BoardState(gen=3, rev=5, points=np.array([[0.0, 1.0]]))

coordinate = st.floats(-1e6, 1e6)
pairs = st.lists(st.lists(coordinate, min_size=2, max_size=2), max_size=10)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def message(**changes: Any) -> dict[str, Any]:
    """A well-formed message that follows START, with changes."""
    return {"gen": 3, "rev": 6, "live": False, "points": [[0.5, -0.5]], "labels": None} | changes


@given(pairs, st.booleans())
def test_newer_revision_is_folded_in(points: list[list[float]], live: bool) -> None:
    state = fold(START, message(rev=9, points=points, live=live), TEN)
    assert (state.gen, state.rev, state.live, state.refused) == (3, 9, live, None)
    np.testing.assert_array_equal(state.points, np.array(points).reshape(-1, 2))


@pytest.mark.parametrize(
    ("gen", "rev"), [(3, 5), (3, 4), (2, 99), (4, 99)], ids=["repeated", "late", "before", "after"]
)
def test_other_revisions_change_nothing(gen: int, rev: int) -> None:
    assert fold(START, message(gen=gen, rev=rev), TEN) is START


@given(points=pairs, revs=st.lists(st.integers(0, 50), max_size=20))
def test_revision_never_falls(points: list[list[float]], revs: list[int]) -> None:
    state = START
    for rev in revs:
        after = fold(state, message(rev=rev, points=points), TEN)
        assert after.rev >= state.rev
        state = after
    assert state.rev == max([START.rev, *revs])


@given(anything)
def test_no_message_raises_or_loses_points(whatever: object) -> None:
    state = fold(START, whatever, TEN)
    np.testing.assert_array_equal(state.points, START.points)


@given(
    st.sampled_from(["gen", "rev", "live", "points", "labels", "values"]),
    anything,
    st.sampled_from([TEN, CLASSES, VALUES]),
)
def test_no_field_raises(name: str, value: object, limits: Limits) -> None:
    state = fold(START, message(labels=[1], values=[0.5]) | {name: value}, limits)
    assert np.isfinite(state.points).all()
    for marks in (state.labels, state.values):
        assert (marks is None) or len(marks) == len(state.points)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"points": [[0.0, float("nan")]]}, "finite"),
        ({"points": [[0.0, float("inf")]]}, "finite"),
        ({"points": [[0.0, 10**400]]}, "finite"),
        ({"points": [[0.0, 1.0, 2.0]]}, "pair"),
        ({"points": [[True, 1.0]]}, "finite"),
        ({"points": [["0", 1.0]]}, "finite"),
        ({"points": "many"}, "pair"),
        ({"points": [[0.0, 0.0]] * 11}, "at most 10"),
    ],
)
def test_malformed_points_are_refused_with_a_reason(change: dict[str, Any], words: str) -> None:
    state = fold(START, message(**change), TEN)
    assert state.refused is not None
    assert state.refused.rev == 6
    assert words in state.refused.reason
    np.testing.assert_array_equal(state.points, START.points)


def test_refusal_ends_with_the_next_good_message() -> None:
    refused = fold(START, message(points=None), TEN)
    assert fold(refused, message(rev=7), TEN).refused is None


@pytest.mark.parametrize("labels", [None, [], [1, 1], [0], [True], ["1"], [1.0]])
def test_classes_are_checked(labels: object) -> None:
    state = fold(START, message(labels=labels), CLASSES)
    assert state.refused is not None
    assert "class" in state.refused.reason.lower()


def test_classes_are_kept_where_asked_for() -> None:
    both = message(points=[[0, 1], [1, -1]], labels=[1, -1])
    labels = fold(START, both, CLASSES).labels
    assert labels is not None
    assert labels.tolist() == [1, -1]
    assert fold(START, both, TEN).labels is None


@pytest.mark.parametrize("values", [None, [], [1.0, 2.0], [float("nan")], [float("inf")], ["1"], [True], [10**400]])
def test_values_are_checked(values: object) -> None:
    state = fold(START, message(values=values), VALUES)
    assert state.refused is not None
    assert "value" in state.refused.reason.lower()
    np.testing.assert_array_equal(state.points, START.points)


@given(st.lists(st.tuples(coordinate, coordinate, coordinate), max_size=10))
def test_values_are_kept_where_asked_for(rows: list[tuple[float, float, float]]) -> None:
    points, values = [[x, y] for x, y, _ in rows], [z for *_, z in rows]
    valued = fold(START, message(points=points, values=values), VALUES)
    assert valued.values is not None
    assert valued.values.tolist() == values
    assert valued.labels is None
    assert fold(START, message(points=points, values=values), TEN).values is None


def test_values_put_by_python_are_checked_and_read_only() -> None:
    state = replace(START, [[1, 2], [3, 4]], values=[0.5, -1])
    assert state.values is not None
    with pytest.raises(ValueError, match="read-only"):
        state.values[0] = 1
    for bad in ([1.0], [np.nan, 1.0]):
        with pytest.raises(ValueError, match="Values must be finite, one per point"):
            replace(START, [[1, 2], [3, 4]], values=bad)


def test_replacing_starts_a_generation_that_old_messages_do_not_touch() -> None:
    state = replace(START, [[1, 2], [3, 4]], [1, -1])
    assert (state.gen, state.live, len(state)) == (4, False, 2)
    assert fold(state, message(rev=99), TEN) is state


def test_state_is_read_only_and_its_own() -> None:
    points = np.zeros((2, 2))
    state = BoardState(points=points)
    points[0] = 7
    assert state.points[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        state.points[0, 0] = 1


@pytest.mark.parametrize(
    ("points", "labels"), [([[0, np.nan]], None), ([[0, 1]], [1, 1]), ([[0, 1]], [0])], ids=["nan", "length", "zero"]
)
def test_python_cannot_put_bad_data(points: object, labels: object) -> None:
    with pytest.raises(ValueError, match="must be"):
        BoardState(points=np.array(points), labels=labels)  # type: ignore[arg-type]


def test_payload_is_json_without_nan_and_knows_its_revision() -> None:
    curve = {"id": "a", "label": "a", "x": np.array([0.123456789, 1]), "y": np.array([np.nan, 2 / 3]), "color": "red"}
    network = {"u": np.array([1.0]), "b": np.array([1 / 3]), "w": np.array([np.inf]), "c": np.float64(0)}
    data = payload(START, view=View(), answer={"network": network, "curves": [curve]})
    assert (data["answer"]["gen"], data["answer"]["rev"]) == (3, 5)
    assert data["answer"]["network"] == {"u": [1.0], "b": [1 / 3], "w": [None], "c": 0.0}
    assert data["answer"]["curves"][0]["x"] == [0.12346, 1.0]
    assert data["answer"]["curves"][0]["y"] == [None, 0.66667]
    assert (data["x"], data["y"]) == ([0.0], [1.0])


def test_payload_passes_packed_arrays_and_flags_of_the_plane_unchanged() -> None:
    u = np.linspace(-1, 1, 16) / 3
    network = {"dim": 2, "c": 1 / 3, "b": [1 / 3]} | pack({"u": u, "w": u}, floats=np.float32)
    field = {"id": "svm", "label": "SVM", "color": "red", "nx": 4, "ny": 4} | pack({"z": u}, floats=np.float32)
    answer = {"network": network, "regions": True, "margins": False, "lines": True, "support": [0]}
    answer |= {"ghost": {"network": network, "label": "A"}, "fields": [field]}
    state = replace(START, [[0, 1]], values=[0.25])
    data = payload(state, view=View(z=(-2, 2)), answer=answer)
    assert {name: data["answer"][name] for name in answer} == answer
    assert data["values"] == [0.25]
    assert data["view"]["z"] == [-2, 2]


@pytest.mark.parametrize("points", [[], [[0.0, 0.0], [1.0, 1.0]]])
def test_fixed_points_stay_in_number(points: list[list[float]]) -> None:
    state = fold(START, message(points=points), Limits(fixed=True))
    np.testing.assert_array_equal(state.points, START.points)
    assert state.refused is not None
    assert "stays 1: they move" in state.refused.reason


def test_fixed_points_move() -> None:
    state = fold(START, message(points=[[0.25, -0.25]]), Limits(fixed=True))
    np.testing.assert_array_equal(state.points, [[0.25, -0.25]])
    assert state.refused is None


@given(st.integers(-5, 5))
def test_a_pick_is_the_index_of_a_point(index: int) -> None:
    state = BoardState(gen=3, rev=5, points=np.zeros((3, 2)))
    assert picked(state, {"gen": 3, "rev": 5, "index": index}) == (index if 0 <= index < 3 else None)
    assert picked(state, {"gen": 2, "rev": 5, "index": index}) is None


@given(anything)
def test_no_pick_raises(whatever: object) -> None:
    assert picked(START, whatever) is None
    assert picked(START, {"gen": 3, "index": whatever}) in (None, 0)


def test_overlays_are_sent_as_json() -> None:
    answer = {
        "curves": [
            {"id": "a", "x": np.array([0.0, np.nan]), "y": np.array([0.123456789, np.inf]), "width": np.float64(2)}
        ],
        "marks": [{"id": "y", "x": np.float64(0.5), "y": np.nan}],
        "names": ("x₁",),
        "chosen": np.int64(0),
        "arrows": np.bool_(True),
    }
    sent = payload(START, view=View(), answer=answer)["answer"]
    assert sent["curves"] == [{"id": "a", "x": [0.0, None], "y": [0.12346, None], "width": 2.0}]
    assert sent["marks"] == [{"id": "y", "x": 0.5, "y": None}]
    assert (sent["names"], sent["chosen"], sent["arrows"]) == (["x₁"], 0, True)
    assert json.loads(json.dumps(sent)) == sent


# --- weights -------------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from([0.0, 1e-12, 0.25, 1.0, 3.0, 1e12]), min_size=1, max_size=10))
def test_weights_are_kept_where_a_board_has_them(weights: list[float]) -> None:
    points = [[0.1 * k, 0.0] for k in range(len(weights))]
    state = fold(START, message(points=points, weights=weights), WEIGHTS)
    assert state.refused is None
    kept = [1.0] * len(points) if state.weights is None else state.weights.tolist()
    assert kept == weights
    assert fold(START, message(points=points, weights=weights), TEN).weights is None


@pytest.mark.parametrize("weights", [[], [1.0, 2.0], [-1.0], [1e-13], [1e13], [float("nan")], ["1"], [True], 2.0])
def test_weights_are_checked(weights: object) -> None:
    state = fold(START, message(weights=weights), WEIGHTS)
    assert state.refused is not None
    assert "weight" in state.refused.reason.lower()
    assert state.weights is None


def test_weights_of_one_each_are_none_and_cost_nothing() -> None:
    """A message without weights, and with 1 each, leads to one state, and to the message that it always was."""
    plain = fold(START, message(), WEIGHTS)
    ones = fold(START, message(weights=[1.0]), WEIGHTS)
    sent = [json.dumps(payload(state, view=View(), answer=None)) for state in (plain, ones)]
    assert sent[0] == sent[1]
    assert "weights" not in sent[0]


def test_weights_are_sent_and_go_with_new_data() -> None:
    weighted = replace(START, [[0.0, 1.0], [1.0, 0.0]], weights=[0.0, 2.5])
    assert payload(weighted, view=View(), answer=None)["weights"] == [0.0, 2.5]
    assert replace(weighted, [[0.0, 1.0]]).weights is None


@pytest.mark.parametrize("weights", [[1.0], [1.0, -2.0], [1.0, float("inf")]])
def test_a_state_holds_no_weights_that_mean_nothing(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="one per point"):
        BoardState(points=np.zeros((2, 2)), weights=np.array(weights))
