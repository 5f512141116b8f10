"""The path at the betas where neurons enter: theorems of the path, and bisection that ends where it says."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from certificates import assert_certified
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import wave
from tolerances import GAP

import convexviz as cv
from convexviz.core.paths.entries import CLOSEST, START, entering_path

PENALTY = 1e-3  # of the largest sum |w|: near beta_max a gap of 1e-6 leaves that much of it open


def assert_a_path(X: np.ndarray, y: np.ndarray, loss: str, path: list[cv.Solution]) -> None:
    """Large beta to small, each certified; P nondecreasing and concave in beta, sum |w| nonincreasing."""
    beta = np.array([s.beta for s in path])
    assert (np.diff(beta) < 0).all()
    for s in path:
        if X.shape[1] == 1:
            assert_certified(X, y, s.beta, loss, s)
        else:
            alone = cv.solve(X, y, beta=s.beta, loss=loss)
            assert alone.certified
            assert s.objective == pytest.approx(alone.objective, rel=2 * GAP)
    P = np.array([s.objective for s in path])
    slack = 2 * GAP * P[0]
    assert (np.diff(P) <= slack).all()
    for (b2, p2), (b1, p1), (b0, p0) in zip(*(list(zip(beta, P, strict=True))[k:] for k in range(3)), strict=False):
        share = (b1 - b0) / (b2 - b0)
        assert p1 >= share * p2 + (1 - share) * p0 - slack
    weight = np.array([s.network.penalty for s in path])
    assert (np.diff(weight) >= -PENALTY * weight.max()).all()


def jumps(path: list[cv.Solution]) -> list[tuple[float, int]]:
    """Distance in log beta, and change in the number of neurons, of neighbours."""
    return [(np.log(a.beta / b.beta), abs(a.network.width - b.network.width)) for a, b in pairwise(path)]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(["squared", "logistic", "hinge"]))
def test_on_the_line_neurons_enter_one_at_a_time_until_bisection_ends(seed: int, loss: str) -> None:
    X, y = wave(14, loss, seed)
    path = entering_path(X, y, loss, depth=1e-2, most=400)
    assert_a_path(X, y, loss, path)
    assert path[0].network.width == 0
    assert path[0].beta == pytest.approx(cv.beta_max(X, y, loss), rel=1e-5)
    assert path[-1].beta == pytest.approx(1e-2 * cv.beta_max(X, y, loss))
    assert path[-1].network.width >= 1
    assert [jump for width, jump in jumps(path) if width > CLOSEST and jump > 1] == []


def test_in_the_plane_bisection_goes_from_large_beta_to_small_and_stops_at_its_number() -> None:
    X = np.random.default_rng(4).uniform(-1, 1, (16, 2))
    y = np.abs(X[:, 0]) - X[:, 1]
    coarse = entering_path(X, y, most=START)
    told: list[cv.Solution] = []
    path = entering_path(X, y, most=START + 8, told=told.append)
    assert len(coarse) == START
    assert len(path) == len(told) <= START + 8
    assert_a_path(X, y, "squared", path)
    added = [s.beta for s in told[START:]]
    assert added
    first_jump = next(k for k, (_, jump) in enumerate(jumps(coarse)) if jump > 1)
    assert coarse[first_jump + 1].beta < added[0] < coarse[first_jump].beta
    open_at = [s.beta for s, (width, jump) in zip(path, jumps(path), strict=False) if width > CLOSEST and jump > 1]
    assert not open_at or max(open_at) <= added[0] * 1.5  # what is left lies below what was worked on


def test_two_neurons_that_symmetry_brings_in_together_are_left_together() -> None:
    X = np.linspace(-1, 1, 9)[:, None]
    path = entering_path(X, np.abs(X[:, 0]), depth=1e-2, most=200)
    both = [(width, jump) for width, jump in jumps(path) if jump > 1]
    assert [width for width, _ in both if width > CLOSEST] == []
    assert path[0].network.width == 0


def test_stop_and_time_limit_end_the_path_early_but_never_before_the_first_answer() -> None:
    X, y = wave(20, "squared")
    told: list[cv.Solution] = []
    path = entering_path(X, y, stop=lambda: len(told) >= 3, told=told.append)
    assert 1 <= len(path) <= 3
    assert path[0].network.width == 0
    assert len(entering_path(X, y, time_limit=1e-9)) == 1


def test_a_constant_target_has_one_answer() -> None:
    path = entering_path(np.linspace(0, 1, 5)[:, None], np.full(5, 0.3))
    assert {s.network.width for s in path} == {0}
    assert path[0].objective == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("options", "words"),
    [({"depth": 1.0}, "depth must lie"), ({"most": 1}, "most must be"), ({"loss": "interpolate"}, "loss with a beta")],
)
def test_unusable_options_are_named(options: dict, words: str) -> None:
    X, y = wave(6, "squared")
    with pytest.raises(ValueError, match=words):
        entering_path(X, y, **options)
