"""The pieces of a network on the line are the network, to rounding: against `predict`, and on cases known by hand."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import convexviz as cv

NEAR = 1e-9  # relative to the scale of f on the places asked


def line(u, b, w, c=0.0, center=None):
    """A network with one input."""
    at = None if center is None else np.array([center])
    return cv.ReLUNetwork(np.reshape(np.array(u, float), (-1, 1)), np.array(b, float), np.array(w, float), c, at)


@st.composite
def networks(draw):
    """Up to 12 neurons with kinks near an offset, some in one place, some that cancel; with the center or without."""
    offset = draw(st.sampled_from([0.0, -3.5, 2e4 + 0.25, -1e6, 1e6 + 1 / 3]))
    near = draw(st.lists(st.one_of(st.integers(-3, 3).map(float), st.floats(-2, 2)), max_size=12))
    u = draw(st.lists(st.sampled_from([-1.0, 1.0]), min_size=len(near), max_size=len(near)))
    weight = st.one_of(st.integers(-2, 2).map(float), st.floats(-3, 3))
    w = draw(st.lists(weight, min_size=len(near), max_size=len(near)))
    c = draw(st.floats(-2, 2))
    held = draw(st.booleans())
    at = np.array(near) + (0.0 if held else offset)
    return line(u, -np.array(u) * at, w, c, offset if held else None), offset


@given(networks())
@example((line([], [], [], 0.75), 0.0))
@example((line([1, -1], [0, 0], [1, -1], 2.0, 1e6), 1e6))
def test_the_pieces_are_the_network(made):
    network, offset = made
    pieces = network.pieces()
    assert pieces[0].start == -math.inf
    assert pieces[-1].stop == math.inf
    assert all(before.stop == after.start for before, after in pairwise(pieces))
    assert all(piece.start < piece.stop for piece in pieces)
    for piece in pieces:
        x = np.linspace(max(piece.start, offset - 9.0), min(piece.stop, offset + 9.0), 7)
        f = network.predict(x[:, None])
        scale = 1.0 + np.abs(network.predict(offset + np.linspace(-9, 9, 19)[:, None])).max() + network.penalty
        np.testing.assert_allclose(piece(x), f, rtol=0, atol=NEAR * scale)
        np.testing.assert_allclose(piece.slope * x + piece.intercept, f, rtol=0, atol=NEAR * scale)


@given(networks())
def test_slopes_change_at_the_kinks_by_what_is_said(made):
    network, _ = made
    pieces, bends = network.pieces(), network.bends()
    assert [piece.stop for piece in pieces[:-1]] == [kink.position for kink in bends]
    changes = [after.slope - before.slope for before, after in pairwise(pieces)]
    np.testing.assert_allclose([kink.change for kink in bends], changes, rtol=0, atol=1e-12 * (1 + network.penalty))


@given(networks(), st.floats(-4, 4), st.integers(0, 30))
def test_the_level_set_is_where_the_value_is_taken(made, value, pick):
    network, offset = made
    anchors = [piece.value for piece in network.pieces()]
    value = anchors[pick % len(anchors)] if pick > 15 else value  # a value at a kink, where f may only touch it
    found = network.level_set(value)
    assert all(one.stop < two.start for one, two in pairwise(found))
    scale = 1.0 + abs(value) + max(map(abs, anchors)) + network.penalty
    for start, stop in found:
        x = np.clip([start, stop], offset - 50.0, offset + 50.0) if start != stop else np.array([start])
        reach = 1e-15 * np.abs(x - offset).max()
        np.testing.assert_allclose(network.predict(x[:, None]), value, rtol=0, atol=(NEAR + reach) * scale)
    # every change of sign of f - value on a grid has a solution between its ends
    x = np.unique(np.concatenate([offset + np.linspace(-9, 9, 400), network.kinks()]))
    above = network.predict(x[:, None]) - value
    clear = np.abs(above) > NEAR * scale
    for a, b in zip(np.flatnonzero(clear), np.flatnonzero(clear)[1:], strict=False):
        if above[a] * above[b] < 0:
            assert any(start <= x[b] and stop >= x[a] for start, stop in found)


def test_a_constant_is_one_level_piece():
    for network in (cv.ReLUNetwork.constant(0.3, 1), line([1, 1], [0, 0], [1, -1], 0.3)):
        assert [(p.start, p.stop, p.slope, p.intercept) for p in network.pieces()] == [(-math.inf, math.inf, 0.0, 0.3)]
        assert network.bends() == ()
        assert network.level_set(0.3) == ((-math.inf, math.inf),)
        assert network.level_set(0.4) == ()


def test_neurons_that_bend_in_one_place_are_one_kink():
    network = line([1, -1, 1], [-0.1, 0.1, -0.1], [1, 0.5, 2])
    assert network.bends() == ((0.1, 3.5),)
    network = line([1, 1], [-0.3, -(0.1 + 0.2)], [1, 2])  # 0.1 + 0.2 is one rounding beside 0.3
    assert [kink.change for kink in network.bends()] == [3.0]


def test_a_bend_that_cancels_is_none_and_a_small_one_is_kept():
    straight = line([1, -1], [0.5, -0.5], [2, -2])
    assert [(p.slope, p.intercept) for p in straight.pieces()] == [(2.0, 1.0)]
    assert [kink.change for kink in line([1, 1], [0, -1], [1, 1e-9]).bends()] == [1.0, 1e-9]


def test_a_level_piece_is_an_interval_and_its_ends_belong_to_it():
    hat = line([1, 1, 1, 1], [1, 0, -1, -2], [0.1, -0.1, -0.1, 0.1])  # up to 0.1 on [0, 1], down to 0 at 2
    assert hat.level_set(0.1) == ((0.0, 1.0),)
    assert hat.level_set(0.0) == ((-math.inf, -1.0), (2.0, math.inf))
    np.testing.assert_allclose(hat.level_set(0.05), [(-0.5, -0.5), (1.5, 1.5)])
    assert line([1, -1], [0, 0], [1, 1], 0.7).level_set(0.7) == ((0.0, 0.0),)  # f touches it and turns


def test_the_classes_of_a_certified_network_change_where_it_is_zero():
    X = np.linspace(-1, 1, 12)[:, None]
    y = np.where(X[:, 0] > 0.2, 1.0, -1.0)
    network = cv.solve(X, y, 0.05, loss="hinge").network
    [zero] = network.level_set(0.0)
    assert zero.start == zero.stop
    assert abs(network.predict(np.array([[zero.start]]))[0]) < 1e-9


@pytest.mark.parametrize("name", ["pieces", "bends", "level_set"])
def test_only_a_network_on_the_line_with_one_output_has_pieces(name):
    given_value = (0.0,) if name == "level_set" else ()
    with pytest.raises(ValueError, match="takes 2 features"):
        getattr(cv.ReLUNetwork.constant(0.0, 2), name)(*given_value)
    with pytest.raises(ValueError, match=r"has 2; ask one of them, like network.output\(0\)"):
        getattr(cv.ReLUNetwork.constant(np.zeros(2), 1), name)(*given_value)


@pytest.mark.parametrize("value", [math.nan, math.inf, "high", None])
def test_a_level_is_a_finite_number(value):
    with pytest.raises(ValueError, match="value must be a finite number"):
        cv.ReLUNetwork.constant(0.0, 1).level_set(value)
