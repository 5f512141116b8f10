"""Oracles of vector outputs: exact on the line and in the plane, ascent below, covers above."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tolerances import SAME, WEAK_DUALITY

from convexviz.core.oracles.line import LineOracle
from convexviz.core.oracles.origin import OriginOracle, OriginPlaneOracle
from convexviz.core.oracles.patterns import PatternOracle
from convexviz.core.oracles.plane import PlaneOracle
from convexviz.core.oracles.vector import VectorLineOracle, VectorPlaneOracle
from convexviz.core.oracles.vector_ascent import VectorAscentOracle
from convexviz.core.oracles.vector_cover import cover, spectral_bound

COVERED = 1e-8  # relative accuracy asked of a cover here
ATTAINED = 1e-10  # height of a neuron evaluated anew, relative: the angle of a peak has half the digits of its height

cases = st.tuples(
    st.integers(0, 10**6),
    st.integers(1, 12),
    st.integers(1, 4),
    st.sampled_from(["general", "grid", "line", "repeated"]),
    st.booleans(),
)


def problem(case, d):
    seed, n, K, kind, bias = case
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    if kind == "grid":
        X = np.round(X)
    if kind == "line":
        X = X[:, :1] * np.arange(1.0, d + 1)
    if kind == "repeated":
        X = X[rng.integers(0, n, n)]
    V = rng.normal(size=(n, K))
    return X, V - V.mean(axis=0) if bias else V, bias


def exact(X, bias):
    return VectorLineOracle(X, bias) if X.shape[1] == 1 else VectorPlaneOracle(X, bias)


def scalar(X, bias):
    if X.shape[1] == 1:
        return LineOracle(X) if bias else OriginOracle(X)
    return PlaneOracle(X) if bias else OriginPlaneOracle(X)


def heights(X, V, U, b):
    return np.linalg.norm(V.T @ np.maximum(X @ U.T + b, 0.0), axis=0)


@given(cases, st.sampled_from([1, 2]))
def test_one_output_is_the_scalar_oracle(case, d):
    X, V, bias = problem(case, d)
    scale = np.abs(V).sum() * (1 + np.abs(X).max())
    assert exact(X, bias).maximum(V[:, :1]) == pytest.approx(scalar(X, bias).maximum(V[:, 0]), abs=SAME * scale)


@given(cases, st.sampled_from([1, 2]))
def test_no_neuron_and_no_scalar_maximum_beats_it(case, d):
    X, V, bias = problem(case, d)
    M = exact(X, bias).maximum(V)
    rng = np.random.default_rng(1)
    U = rng.normal(size=(3000, d))
    U /= np.linalg.norm(U, axis=1)[:, None]
    scale = np.abs(V).sum() * (1 + np.abs(X).max())
    assert heights(X, V, U, bias * rng.uniform(-4, 4, 3000)).max() <= M + SAME * scale
    for w in rng.normal(size=(20, V.shape[1])):
        assert scalar(X, bias).maximum(V @ w) <= M * np.linalg.norm(w) + SAME * scale


@given(cases, st.sampled_from([1, 2]))
def test_neurons_named_attain_the_maximum_and_exceed_the_band(case, d):
    X, V, bias = problem(case, d)
    M, U, b = exact(X, bias).violated(V, 0.3 * exact(X, bias).maximum(V), 5)
    scale = np.abs(V).sum() * (1 + np.abs(X).max())
    assert exact(X, bias).maximum(V) == M
    assert len(U) == len(b) <= 5
    if len(U):
        found = heights(X, V, U, b)
        assert found.max() == pytest.approx(M, abs=ATTAINED * scale)
        assert (found > 0.3 * M - ATTAINED * scale).all()
        np.testing.assert_allclose(np.linalg.norm(U, axis=1), 1.0, rtol=SAME)
    else:
        assert SAME * scale >= M


@given(cases, st.sampled_from([1, 2]), st.integers(0, 100))
def test_turned_outputs_and_moved_points_change_nothing(case, d, seed):
    X, V, bias = problem(case, d)
    rng = np.random.default_rng(seed)
    turn = np.linalg.qr(rng.normal(size=(V.shape[1], V.shape[1])))[0]
    around = np.linalg.qr(rng.normal(size=(d, d)))[0]
    scale = np.abs(V).sum() * (3 + np.abs(X).max())
    again = exact(X @ around + 2.0 * bias, bias).maximum(V @ turn)
    assert again == pytest.approx(exact(X, bias).maximum(V), abs=SAME * scale)


@given(cases, st.sampled_from([1, 2]))
def test_a_cover_by_scalar_maxima_closes_on_the_maximum_from_above(case, d):
    X, V, bias = problem((*case[:2], min(case[2], 3), *case[3:]), d)
    M = exact(X, bias).maximum(V)
    scale = np.abs(V).sum() * (1 + np.abs(X).max())
    whole = cover(V, scalar(X, bias).maximum, M * (1 + COVERED), time.perf_counter() + 3.0, most=300)
    assert whole.bound >= M - SAME * scale
    assert whole.heights[0] <= M + SAME * scale
    if V.shape[1] <= 2:
        assert whole.bound <= M * (1 + 2 * COVERED) + SAME * scale


def test_a_coarse_cover_is_the_bound_by_the_cosine_or_better():
    rng = np.random.default_rng(0)
    X, V = rng.normal(size=(15, 2)), rng.normal(size=(15, 2))
    V -= V.mean(axis=0)
    oracle = PlaneOracle(X)
    grid = np.arange(4) * np.pi / 4
    seen = max(oracle.maximum(V @ np.array([np.cos(t), np.sin(t)])) for t in grid)
    M = VectorPlaneOracle(X).maximum(V)
    assert seen / np.cos(np.pi / 8) >= M
    calls = []
    bound = cover(V, lambda v: calls.append(v) or oracle.maximum(v), 0.0, np.inf, most=4).bound
    assert len(calls) <= 5
    assert bound >= M


def test_a_cover_stopped_at_once_is_a_bound_and_too_many_outputs_have_none():
    rng = np.random.default_rng(0)
    X, V = rng.normal(size=(9, 2)), rng.normal(size=(9, 6))
    V -= V.mean(axis=0)
    M = VectorPlaneOracle(X).maximum(V[:, :3])
    assert cover(V[:, :3], PlaneOracle(X).maximum, 0.0, 0.0).bound >= M
    assert cover(V, PlaneOracle(X).maximum, 0.0, 0.0).bound == np.inf
    assert cover(0.0 * V, PlaneOracle(X).maximum, 0.0, 0.0).bound == 0.0


@given(cases, st.integers(1, 5))
def test_ascent_finds_at_most_the_maximum_and_the_closed_form_is_above(case, d):
    X, V, bias = problem(case, d)
    found = VectorAscentOracle(X, bias).maximum(V)
    scale = np.abs(V).sum() * (1 + np.abs(X).max())
    assert found <= spectral_bound(X, V, bias) + SAME * scale
    M, U, b = VectorAscentOracle(X, bias).violated(V, 0.3 * found, 6)
    np.testing.assert_allclose(heights(X, V, U, b).max(initial=0.0), M if len(U) else 0.0, atol=ATTAINED * scale)
    if d <= 2:
        assert found <= exact(X, bias).maximum(V) + SAME * scale
    if not bias and d == 3 and len(X) <= 6:
        assert found <= cover(V, PatternOracle(X).maximum, found, np.inf, most=60).bound * (1 + WEAK_DUALITY)


def test_ascent_finds_the_maximum_of_the_plane_on_ordinary_data():
    for seed in range(10):
        X, V, _ = problem((seed, 25, 3, "general", True), 2)
        assert VectorAscentOracle(X).maximum(V) >= (1 - 1e-3) * VectorPlaneOracle(X).maximum(V)


@pytest.mark.parametrize("kept", [0, 10**6])
def test_blocks_change_nothing(monkeypatch, kept):
    X, V, _ = problem((3, 30, 2, "general", True), 2)
    whole = VectorPlaneOracle(X).arcs(V)
    monkeypatch.setattr("convexviz.core.oracles.vector.BLOCK", 70)
    monkeypatch.setattr("convexviz.core.oracles.vector.KEPT", kept)
    np.testing.assert_allclose(VectorPlaneOracle(X).arcs(V), whole, rtol=SAME)
