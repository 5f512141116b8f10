"""The neuron that was missed: against brute force, the exact oracles, and data on which there is none."""

import numpy as np
import pytest
from certificates import CONSTRAINED, LABELS, LOSS_NAMES
from hypothesis import given, settings
from hypothesis import strategies as st
from tolerances import GAP, SAME

import convexviz as cv
from convexviz.core.geometry.relaxation import RelaxationOracle
from convexviz.core.ladder.missed import LINE, TREE_POINTS, missed_neuron
from convexviz.core.oracles.arrangements import activation_patterns
from convexviz.core.oracles.origin import OriginPlaneOracle
from convexviz.core.oracles.plane import PlaneOracle

FINE = 1e-3  # what a grid of 2000 directions in the plane may miss of the maximum, relative


def bent(seed, n, d, loss="squared"):
    """Points with a bent target, or its labels."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    y = np.abs(X[:, 0]) + 0.1 * rng.normal(size=n)
    return X, np.where(y > np.median(y), 1.0, -1.0) if loss in LABELS else y


def trained(X, y, loss="squared", beta=0.2, **options):
    return cv.solve(X, y, 1.0 if loss in CONSTRAINED else beta, loss, **options)


def height(X, v, missed):
    """N_v of the neuron, as a plain sum."""
    return sum(weight * max(0.0, missed.u @ x + missed.b) for weight, x in zip(v, X, strict=True))


def on_a_grid(X, v):
    """The greatest |N_v| among 2000 directions of the plane, each with the line through every point."""
    t = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    z = X @ np.stack([np.cos(t), np.sin(t)])
    return max(np.abs(v @ np.maximum(z - z[k], 0.0)).max() for k in range(len(X)))


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_in_the_plane_the_relaxation_misses_the_neuron_of_the_sweep(loss):
    X, y = bent(0, 15, 2, loss)
    solution = trained(X, y, loss, method="relaxation")
    missed = missed_neuron(X, solution)
    v = solution.history[-1].v
    M = PlaneOracle(X).maximum(v)
    assert missed.value == pytest.approx(M, rel=SAME)
    assert missed.sign * height(X, v, missed) == pytest.approx(M, rel=SAME)
    assert np.linalg.norm(missed.u) == pytest.approx(1.0, rel=SAME)
    assert on_a_grid(X, v) == pytest.approx(M, rel=FINE)
    assert missed.proved
    assert missed.maximum == missed.value
    assert missed.oracle == "exact in the plane"
    assert missed.band == (1.0 if loss in CONSTRAINED else 0.2)
    assert missed.excess == pytest.approx(M / missed.band)
    assert missed.excess > 1.05
    assert RelaxationOracle(X).maximum(v) < 0.95 * M, "the solution's own oracle sees it"


@settings(max_examples=12)
@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(0, 2), st.booleans())
def test_in_every_rank_its_height_is_the_maximum_and_lifts_to_the_data(seed, rank, more, bias):
    rng = np.random.default_rng(seed)
    Z, y = bent(seed, 7, rank)
    X = Z @ np.linalg.qr(rng.normal(size=(rank + more, rank)))[0].T + (rng.normal(size=rank + more) if bias else 0.0)
    method = "relaxation" if rank > 1 else "auto"
    solution = trained(X, y, bias=bias, method=method)
    missed = missed_neuron(X, solution, bias=bias)
    v = solution.history[-1].v if rank > 1 else solution.v
    assert missed.proved
    assert missed.u.shape == (rank + more,)
    assert missed.sign * height(X, v, missed) == pytest.approx(missed.value, rel=SAME)
    U = rng.normal(size=(4000, rank + more))
    U /= np.linalg.norm(U, axis=1)[:, None]
    z = X @ U.T
    b = -z[rng.integers(0, len(X), 4000), np.arange(4000)] * bias
    tried = np.abs(v @ np.maximum(z + b, 0.0)).max()
    assert tried <= missed.maximum * (1 + SAME)
    assert tried >= (0.9 if rank + more < 4 else 0.5) * missed.value
    assert (missed.oracle == LINE) == (rank == 1)


@pytest.mark.parametrize("seed", range(3))
def test_on_spike_free_data_nothing_is_missed(seed):
    rng = np.random.default_rng(seed)
    whitened = np.linalg.qr(rng.normal(size=(6, 5)))[0].T
    for X in (whitened, np.diag(rng.uniform(0.5, 2.0, 5))):
        solution = trained(X, rng.normal(size=5), bias=False, method="relaxation", beta=0.1)
        missed = missed_neuron(X, solution, bias=False)
        assert missed.proved
        assert missed.excess == pytest.approx(1.0, abs=GAP)


@pytest.mark.parametrize(("n", "d", "method"), [(20, 2, "sweep"), (12, 3, "space"), (10, 5, "branch_and_bound")])
def test_an_exact_oracle_misses_nothing(n, d, method):
    X, y = bent(1, n, d)
    missed = missed_neuron(X, trained(X, y, method=method))
    assert missed.proved
    assert missed.excess == pytest.approx(1.0, abs=10 * GAP)


def test_where_there_are_too_many_points_for_a_proof_both_bounds_are_true():
    X, y = bent(2, 70, 2)
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(5, 5)))[0]
    thick = (
        np.column_stack([X, 1e-6 * np.random.default_rng(1).normal(size=(70, 3))]) @ turn
    )  # of rank five, nearly flat
    solution = trained(thick, y, method="relaxation")
    v, M = solution.history[-1].v, PlaneOracle(X).maximum(solution.history[-1].v)
    missed = missed_neuron(thick, solution, time_limit=0.05)
    assert missed.value <= M * (1 + 1e-4)
    assert missed.maximum >= M * (1 - 1e-4)
    assert missed.value >= 0.9 * M
    many, targets = np.tile(thick, (6, 1)), np.tile(y, 6)
    assert len(many) > TREE_POINTS
    again = missed_neuron(many, trained(many, targets, method="relaxation", beta=1.2))
    assert again.oracle == "multi-start ascent"
    assert not again.proved
    assert again.excess > 1.0
    assert again.maximum > again.value
    assert v.shape == (70,)


def test_where_nothing_is_above_zero_there_is_no_neuron():
    X, _ = bent(3, 8, 3)
    missed = missed_neuron(X, trained(X, np.full(8, 2.0)))
    assert missed.u is None
    assert (missed.value, missed.maximum, missed.excess) == (0.0, 0.0, 0.0)


def test_without_biases_the_origin_is_on_every_line():
    X, y = bent(4, 12, 2)
    solution = trained(X, y, bias=False, method="ascent")
    missed = missed_neuron(X, solution, bias=False)
    v = solution.history[-1].v
    cells = (activation_patterns(X) * v) @ X
    assert missed.b == 0.0
    assert missed.value == pytest.approx(OriginPlaneOracle(X).maximum(v), rel=SAME)
    assert missed.value <= np.linalg.norm(cells, axis=1).max() * (1 + SAME)


def test_other_data_or_other_biases_are_refused():
    X, y = bent(5, 9, 2)
    solution = trained(X, y, bias=False)
    with pytest.raises(ValueError, match=r"X must be the data of the solution, \(9, d\); got shape \(8, 2\)"):
        missed_neuron(X[:8], solution)
    with pytest.raises(ValueError, match=r"sum v = 0; got .*Pass bias=False, as in training"):
        missed_neuron(X, solution)
