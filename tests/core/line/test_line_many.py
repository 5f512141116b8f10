"""Many points on the line: working sets and blocks of rows against the plain formulas and certificates from scratch."""

import numpy as np
import pytest
from certificates import assert_certified, objective_of
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import wave
from tolerances import INDEPENDENT, SAME

import convexviz as cv
from convexviz.core.line.blocks import Blocks
from convexviz.core.line.few_knots import FewKnots
from convexviz.core.line.line_problem import LineProblem
from convexviz.core.line.prepared import Hats, Rows, prepare
from convexviz.core.line.spline import solve_spline
from convexviz.core.line.working_set import Quadratic, _Step
from convexviz.core.losses import LOSSES


@st.composite
def rows_and_knots(draw):
    """Rows, several of them on some knots, and a choice of the knots with both ends."""
    n = draw(st.integers(2, 12))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    t = np.concatenate([[0.0], np.cumsum(rng.uniform(0.01, 1.0, n - 1))])
    knot = np.sort(np.concatenate([np.arange(n), rng.integers(0, n, draw(st.integers(0, 8)))]))
    chosen = np.flatnonzero(rng.random(n) < 0.4)
    return Rows(t, knot), np.union1d(chosen, [0, n - 1]), rng


def dense(rows, chosen):
    """The hat functions at the rows as a matrix (R, k)."""
    return np.column_stack([np.interp(rows.t[rows.knot], rows.t[chosen], e) for e in np.eye(len(chosen))])


@given(rows_and_knots())
def test_hats_are_the_dense_matrix(case):
    rows, chosen, rng = case
    hats, H = Hats.on(rows, chosen), dense(rows, chosen)
    R = len(rows.knot)
    r, F, weight, off = rng.normal(size=R), rng.normal(size=len(chosen)), rng.random(R), rng.normal(size=R - 1)
    np.testing.assert_allclose(hats.values(F), H @ F, atol=1e-12)
    np.testing.assert_allclose(hats.adjoint(r), H.T @ r, atol=1e-12)
    W = np.diag(weight)
    for extra in (None, off) if len(rows.t) == R else (None,):
        G = H.T @ (W if extra is None else W + np.diag(off, 1) + np.diag(off, -1)) @ H
        diagonal, beside = hats.gram(weight, extra)
        np.testing.assert_allclose(diagonal, np.diag(G), atol=1e-12)
        np.testing.assert_allclose(beside, np.diag(G, 1), atol=1e-12)
        assert np.abs(np.triu(G, 2)).max(initial=0.0) < 1e-12


def scaled(n, loss, beta, seed=0):
    X, y = wave(n, loss, seed)
    data = prepare(X[:, 0], y, LOSSES[loss])
    return LineProblem(data, LOSSES[loss], beta / (data.length * data.unit))


@pytest.mark.parametrize("loss", ["squared", "logistic"])
def test_the_quadratic_of_a_working_set_is_the_second_order_model_of_all_rows(loss):
    problem = scaled(80, loss, 0.1)
    rng, working = np.random.default_rng(1), np.array([0, 7, 8, 30, 31, 60, 79])
    start = problem.start()
    model = _Step(problem, start, working, np.inf).model
    assert isinstance(model, Quadratic)
    hats = Hats.on(problem.data, working)
    f0 = hats.values(model.base)
    for F in rng.normal(size=(5, len(working))):
        d = hats.values(F) - f0
        value = problem.value(f0) + problem.slope(f0) @ d + 0.5 * d @ (problem.curvature(f0)[0] * d)
        assert model.value(F) == pytest.approx(value, rel=SAME)
        step = 1e-6 * rng.normal(size=len(working))
        slope = (model.value(F + step) - model.value(F - step)) / 2
        assert model.slope(F) @ step == pytest.approx(slope, rel=1e-4, abs=1e-12)


def test_a_program_of_blocks_is_below_that_of_rows_and_equal_once_no_block_crosses():
    problem = scaled(400, "hinge", 0.3)
    knots = np.unique(np.linspace(0, 399, 12).astype(int))
    exact = FewKnots(problem).candidates(knots, None)[0].upper
    blocks, programs = Blocks(problem), []
    while True:
        point = blocks.solved(knots, False, np.inf)
        programs.append(np.abs(point.mass).sum())
        if not blocks.cut(point):
            break
    assert (np.diff(programs) >= -1e-9 * exact).all()
    assert programs[0] < exact * (1 - 1e-6)
    assert programs[-1] == pytest.approx(exact, rel=SAME)
    assert point.upper == pytest.approx(exact, rel=SAME)


@pytest.mark.parametrize("loss", ["squared", "logistic", "hinge", "hard_margin"])
@pytest.mark.parametrize("beta", [1e-3, 0.1, 30.0])
def test_many_points_are_certified_from_scratch(loss, beta):
    X, y = wave(900, loss, noise=0.2)
    solution = cv.solve(X, y, beta, loss)
    assert solution.method.startswith("spline")
    assert_certified(X, y, 1.0 if loss == "hard_margin" else beta, loss, solution)


@pytest.mark.parametrize("loss", ["squared", "logistic", "hinge"])
def test_points_that_share_positions_and_weights(loss):
    X, y = wave(800, loss)
    X = np.round(X, 2)
    X[:400] += 1e-3 * np.arange(400)[:, None] / 400
    s = np.random.default_rng(2).integers(1, 4, 800)
    weighted = cv.solve(X, y, 0.05, loss, sample_weight=s)
    repeated = cv.solve(np.repeat(X, s, axis=0), np.repeat(y, s), 0.05, loss)
    assert weighted.certified
    assert repeated.certified
    assert weighted.objective == pytest.approx(repeated.objective, rel=INDEPENDENT)


@settings(max_examples=25)
@given(st.sampled_from(["squared", "logistic", "hinge"]), st.floats(-4, 2), st.integers(0, 10**6))
def test_few_knots_and_many_points_find_the_same_optimum(loss, exponent, seed):
    n, beta = 320, 10.0**exponent
    X, y = wave(n, loss, seed)
    solution = cv.solve(X, y, beta, loss)
    problem = scaled(n, loss, beta, seed)
    other = min(FewKnots(problem).candidates(np.arange(len(problem.data.t)), None), key=lambda p: p.distance)
    assert solution.gap <= 1e-6
    assert solution.objective == pytest.approx(other.upper * problem.data.unit**2, rel=INDEPENDENT)
    net = solution.network
    assert objective_of(X, y, beta, loss, net.U, net.b, net.w, net.c) == pytest.approx(solution.objective, rel=SAME)


@pytest.mark.parametrize("loss", ["squared", "logistic", "hinge"])
@pytest.mark.parametrize("n", [12, 500])
def test_points_nearer_than_rounding_are_one_place(loss, n):
    X, y = wave(n, loss)
    X[0], X[1] = 1e-30, 2e-30
    assert cv.solve(X, y, 0.1, loss).certified


def test_constraints_on_points_nearer_than_rounding_are_told_apart_from_contradictions():
    x, y = np.array([-1.0, 1e-200, 2e-200, 1.0]), np.array([1.0, 1.0, -1.0, 1.0])
    with pytest.raises(cv.SolveError, match="1e-200 apart, ask for slopes beyond what floating point holds"):
        solve_spline(x, y, 1.0, LOSSES["hard_margin"], 1e-6)
    with pytest.raises(cv.SolveError, match="beyond what floating point holds"):
        solve_spline(x, 1e120 * y, 1.0, LOSSES["interpolate"], 1e-6)
