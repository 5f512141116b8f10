"""Neurons followed along a path: all of them, each in one track, and none torn apart by a small step."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import convexviz as cv
from convexviz.figures.tracks import followed, matched


def network(*neurons: tuple[float, float, float]) -> cv.ReLUNetwork:
    """Neurons as (side, kink, weight)."""
    u, t, w = np.array(neurons, float).reshape(-1, 3).T
    return cv.ReLUNetwork(u[:, None], -u * t, w, 0.0)


@pytest.fixture(scope="module", params=["sine", "chirp", "sawtooth", "interleaved"])
def networks(request: pytest.FixtureRequest) -> list[cv.ReLUNetwork]:
    made = cv.datasets.load(request.param)
    loss = "squared" if made.task == "regression" else "hinge"
    return [s.network for s in sorted(cv.regularization_path(made.X, made.y, loss=loss), key=lambda s: s.beta)]


def test_every_weight_is_in_one_track(networks: list[cv.ReLUNetwork]) -> None:
    tracks = followed(networks)
    for i, one in enumerate(networks):
        alive = [track.weights[i - track.first] for track in tracks if 0 <= i - track.first < len(track.weights)]
        assert sorted(alive) == sorted(one.w)


def test_a_track_keeps_the_sign_of_its_weight(networks: list[cv.ReLUNetwork]) -> None:
    assert all(len(np.unique(np.sign(track.weights))) == 1 for track in followed(networks))


def test_no_more_tracks_end_than_neurons_leave_or_jump(networks: list[cv.ReLUNetwork]) -> None:
    """Between two networks whose neurons are the same kinks, whatever their sides, no track ends or begins."""
    tracks = followed(networks)
    for i, (before, after) in enumerate(pairwise(networks)):
        same = [sorted(zip(n.kinks().round(9), np.sign(n.w), strict=True)) for n in (before, after)]
        if same[0] == same[1]:
            assert not any(track.first == i + 1 or track.first + len(track.weights) == i + 1 for track in tracks)


def test_a_neuron_that_moves_a_little_is_followed_and_one_that_jumps_is_not() -> None:
    near = network((1, 0.0, 1.0), (1, 0.9, 2.0))
    assert matched(near, network((1, 0.05, 1.1), (1, 0.9, 2.0)), 0.1) == {0: 0, 1: 1}
    assert matched(near, network((1, 0.5, 1.1), (1, 0.9, 2.0)), 0.1) == {1: 1}


def test_a_neuron_of_the_same_side_comes_before_a_nearer_one_of_the_other() -> None:
    before = network((1, 0.0, 1.0))
    assert matched(before, network((-1, 0.0, 1.0), (1, 0.08, 1.0)), 0.1) == {0: 1}
    assert matched(before, network((-1, 0.0, 1.0)), 0.1) == {0: 0}
    assert matched(before, network((1, 0.0, -1.0)), 0.1) == {}


def test_most_neurons_are_followed_before_the_nearest() -> None:
    """Two that each move a step are two moves, not one that stays, one end and one beginning."""
    assert matched(network((1, 0.0, 1.0), (1, 0.1, 1.0)), network((1, 0.1, 1.0), (1, 0.2, 1.0)), 0.15) == {0: 0, 1: 1}


def test_networks_without_neurons_have_no_tracks() -> None:
    empty = cv.ReLUNetwork.constant(0.3, 1)
    assert followed([]) == followed([empty, empty]) == []
    assert [(track.first, track.weights.tolist()) for track in followed([empty, network((1, 0.0, 2.0)), empty])] == [
        (1, [2.0])
    ]
