"""What `convexviz.core.losses.base` asks of every loss, asked of every loss there is and of some with parameters."""

import cvxpy as cp
import numpy as np
import pytest
from core.losses.kinds import (
    EVERY,
    FORMS,
    FREE,
    KINKED,
    RESIDUAL,
    ROUNDED,
    SMOOTH,
    allowed,
    draws,
    over,
    seeds,
    targets,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from tolerances import ROUNDING, SAME, WEAK_DUALITY

import convexviz as cv
from convexviz.core.masters.columns import Columns
from convexviz.core.masters.cones import ConicMaster
from convexviz.core.network import ReLUNetwork
from convexviz.core.oracles.line import LineOracle

STEP = 1e-5  # of differences
SLOPE = 1e-4  # what they miss
PROGRAM = 1e-7  # Clarabel on a small program, relative

# ---------------------------------------------------------------- the conjugate


@over(FORMS)
@given(seed=seeds)
def test_fenchels_inequality(loss, seed):
    _, f, y, v = draws(seed, loss)
    f, v = allowed(loss, f, y), loss.into_domain(v, y)
    size = np.abs(loss.dual_parts(v, y)).sum() + np.abs(v * f).sum()
    assert loss.value(f, y) >= loss.dual_value(v, y) - np.sum(v * f) - ROUNDING * size


@over([loss for loss in FORMS if loss.smooth])
@given(seed=seeds)
def test_fenchels_inequality_is_an_equality_at_the_gradient(loss, seed):
    _, f, y, _ = draws(seed, loss)
    v = loss.gradient(f, y)
    np.testing.assert_allclose(loss.into_domain(v, y), v, atol=1e-12)
    assert loss.value(f, y) == pytest.approx(loss.dual_value(v, y) - np.sum(v * f), rel=SAME, abs=SAME)


@over(KINKED)
@given(seed=seeds)
def test_a_loss_with_kinks_is_the_supremum_over_its_domain(loss, seed):
    """The conjugate is linear between 0 and the ends of the domain, so these three will do."""
    _, f, y, _ = draws(seed, loss)
    ends = [loss.into_domain(side * np.full(len(y), 1e6), y) for side in (1.0, 0.0, -1.0)]
    highest = np.max([loss.dual_parts(end, y) - end * f for end in ends], axis=0)
    np.testing.assert_allclose(loss.parts(f, y), highest, atol=SAME)


@over(FORMS)
@given(seed=seeds)
def test_the_loss_is_convex_and_its_parts_add_up(loss, seed):
    _, f, y, g = draws(seed, loss)
    f, g = allowed(loss, f, y), allowed(loss, g, y)
    assert loss.value((f + g) / 2, y) <= (loss.value(f, y) + loss.value(g, y)) / 2 + SAME
    assert loss.terms(f, y).shape == (len(y),)
    assert loss.value(f, y) == pytest.approx(loss.terms(f, y).sum(), rel=SAME, abs=SAME)
    v = loss.into_domain(f - g, y)
    assert loss.dual_value(v, y) == pytest.approx(loss.dual_parts(v, y).sum(), rel=SAME, abs=SAME)


# ---------------------------------------------------------------- the domain of the dual


@over(FORMS)
@given(seed=seeds, limit=st.sampled_from([1e-3, 0.7, 40.0]))
def test_v_is_moved_into_the_domain_and_stays_there(loss, seed, limit):
    _, _, y, v = draws(seed, loss)
    for bias in (True, False):
        moved = loss.feasible(v, y, bias)
        np.testing.assert_allclose(loss.into_domain(moved, y), moved, atol=1e-12)
        np.testing.assert_allclose(loss.feasible(moved, y, bias), moved, atol=1e-12)
        s = loss.scale(moved, y, limit)
        assert 0.0 <= s <= limit
        np.testing.assert_allclose(loss.into_domain(s * moved, y), s * moved, atol=1e-12)
        assert np.isfinite(loss.scale(moved, y, np.inf))
    assert np.abs(loss.project(v, y).sum(axis=0)).max() <= 1e-12 * np.abs(v).sum()


@over(EVERY)
@settings(max_examples=20)
@given(seed=seeds)
def test_weak_duality_against_random_networks(loss, seed):
    """No network costs less than what any v proves, on the line, where M(v) is known exactly."""
    rng, _, y, v = draws(seed, loss)
    X = rng.normal(size=(len(y), 1))
    beta = 1.0 if loss.constrained else 10.0 ** rng.uniform(-2, 1)
    bound, feasible = loss.bound(loss.project(v, y), y, beta, LineOracle(X).maximum(loss.project(v, y)))
    assert LineOracle(X).maximum(feasible) <= beta * (1 + SAME)
    best = cv.solve(X, y, beta=beta, loss=loss).network
    for network in [best, *(noisy(rng, best) for _ in range(4))]:
        value = cv.certify(network, X, y, beta, loss, [v], bias=True).objective
        assert bound <= value * (1 + WEAK_DUALITY) + WEAK_DUALITY


def noisy(rng, network):
    """One with the same kinks, and a few more, and other weights."""
    m = network.width
    U, b = np.vstack([network.U, [[1.0], [-1.0]]]), np.append(network.b, rng.normal(size=2))
    w = np.append(network.w * (1.0 + 0.3 * rng.normal(size=m)), 0.3 * rng.normal(size=2))
    return ReLUNetwork(U, b, w, network.c + 0.3 * rng.normal())


# ---------------------------------------------------------------- derivatives and bounds on them


@over([loss for loss in FORMS if loss.smooth])
@given(seed=seeds)
def test_the_gradient_is_the_slope_and_its_bounds_hold(loss, seed):
    rng, f, y, _ = draws(seed, loss)
    d = rng.normal(size=f.shape)
    up, down = loss.value(f + STEP * d, y), loss.value(f - STEP * d, y)
    assert -np.sum(loss.gradient(f, y) * d) == pytest.approx((up - down) / (2 * STEP), rel=SLOPE, abs=SLOPE)
    change = np.sum((loss.gradient(f, y) - loss.gradient(f + d, y)) * d)
    assert -SAME <= change <= loss.steepest * np.sum(d**2) * (1 + SAME)


@over([*SMOOTH, *ROUNDED])
@given(f=st.floats(-5, 5), seed=seeds)
def test_curvature_is_the_slope_of_the_gradient_where_there_is_one(loss, f, seed):
    y = targets(np.random.default_rng(seed), loss, 9)[:1]
    f, at = np.array([f]), np.array([-STEP, 0.0, STEP])
    below, here, above = (loss.gradient(f + step, y)[0] for step in at)
    left, right = (below - here) / STEP, (here - above) / STEP
    if abs(left - right) < SLOPE:  # no corner of the gradient within the step
        assert loss.curvature(f, y)[0] == pytest.approx((left + right) / 2, abs=SLOPE)
    if loss.curved:
        assert loss.curvature(f, y)[0] > 0


@over(FREE)
@given(seed=seeds)
def test_no_loss_changes_faster_than_its_slope(loss, seed):
    _, f, y, g = draws(seed, loss)
    assert (np.abs(loss.parts(f, y) - loss.parts(g, y)) <= loss.slope * np.abs(f - g) + SAME).all()


@over(KINKED)
@given(seed=seeds)
def test_what_is_rounded_is_near_and_stays_in_the_domain(loss, seed):
    _, f, y, _ = draws(seed, loss)
    for radius in (1.0, 0.1):
        rounded = loss.rounded(radius)
        assert rounded.smooth
        assert (np.abs(rounded.parts(f, y) - loss.parts(f, y)) <= radius).all()
        v = rounded.gradient(f, y)
        np.testing.assert_allclose(loss.into_domain(v, y), v, atol=1e-12)


# ---------------------------------------------------------------- constants, weights, units


@over(FREE)
@given(seed=seeds)
def test_the_best_constant_is_the_one_that_a_search_finds(loss, seed):
    rng, _, y, _ = draws(seed, loss)
    count = rng.integers(1, 4, len(y)).astype(float)
    found = minimize_scalar(
        lambda c: loss.value(np.full(len(y), c), y, count), (-30.0, 30.0), method="brent", tol=1e-12
    )
    best = loss.value(np.full(len(y), loss.best_constant(y, count)), y, count)
    assert best <= found.fun * (1 + SAME) + SAME
    assert loss.best_constant(y, count) == loss.weighted(count).best_constant(y)
    assert loss.baseline(y) == pytest.approx(loss.value(np.full(len(y), loss.best_constant(y)), y), rel=SAME)


@over(KINKED)
@given(seed=seeds)
def test_the_dual_vectors_of_the_best_constant(loss, seed):
    """Fenchel's inequality is an equality at both ends of what is stated, and between some v there has sum zero."""
    rng, _, y, _ = draws(seed, loss)
    weight = rng.integers(1, 4, len(y)).astype(float)
    term = loss.weighted(weight)
    c = term.best_constant(y)
    orient, low, high = term.constant_duals(y, c)
    assert (low <= high).all()
    for a in (low, high):
        v = orient * a
        assert term.value(np.full(len(y), c), y) == pytest.approx(term.dual_value(v, y) - c * v.sum(), abs=SAME)
    assert term.dual_value(term.project(term.constant_dual(y, c), y), y) == pytest.approx(
        term.baseline(y), rel=SAME, abs=SAME
    )
    least, most = (np.minimum(orient * low, orient * high).sum(), np.maximum(orient * low, orient * high).sum())
    assert least <= 1e-12
    assert most >= -1e-12


@over(FORMS)
@given(seed=seeds)
def test_weights_are_repeated_rows(loss, seed):
    rng, f, y, v = draws(seed, loss)
    f, count = allowed(loss, f, y), rng.integers(1, 4, len(y))
    F, Y, V = (np.repeat(a, count, axis=0) for a in (f, y, v))
    term = loss.weighted(count.astype(float))
    share = np.asarray(term.weight).reshape(-1, *[1] * (y.ndim - 1))
    assert term.value(f, y) == pytest.approx(loss.value(F, Y), rel=SAME, abs=SAME)
    assert loss.value(f, y, count) == pytest.approx(loss.value(F, Y), rel=SAME, abs=SAME)
    if loss.constrained:  # to a constraint all weights are one
        assert (term.weight == 1.0).all()
        return
    for bias in (True, False):
        ours, theirs = term.feasible(share * v, y, bias), loss.feasible(V, Y, bias)
        np.testing.assert_allclose(np.repeat(ours / share, count, axis=0), theirs, atol=1e-12)
        assert term.dual_value(ours, y) == pytest.approx(loss.dual_value(theirs, Y), rel=SAME, abs=SAME)
        assert term.scale(ours, y, 0.5) == pytest.approx(loss.scale(theirs, Y, 0.5), rel=SAME)
    if loss.smooth:
        np.testing.assert_allclose(
            np.repeat(term.gradient(f, y) / share, count, axis=0), loss.gradient(F, Y), atol=SAME
        )


@over(EVERY)
@given(seed=seeds)
def test_no_weight_is_a_point_left_out(loss, seed):
    rng, f, y, v = draws(seed, loss)
    f, weight = allowed(loss, f, y), np.append([1.0, 1.0], rng.integers(0, 3, len(y) - 2))
    f[weight == 0] = -7.0 * y[weight == 0]
    there = weight > 0
    term, rest = loss.weighted(weight), loss.weighted(weight[there])
    assert term.value(f, y) == pytest.approx(rest.value(f[there], y[there]), rel=SAME, abs=SAME)
    assert term.violation(f, y) == rest.violation(f[there], y[there]) <= SAME
    moved = term.project(v, y)
    assert not moved[~there].any()
    np.testing.assert_allclose(moved[there], rest.project(v[there], y[there]), atol=1e-12)


@over(RESIDUAL)
@given(seed=seeds, unit=st.sampled_from([1e-3, 0.5, 7.0]), shift=st.floats(-9, 9))
def test_a_residual_loss_scales_with_its_degree_and_knows_no_offset(loss, seed, unit, shift):
    _, f, y, v = draws(seed, loss)
    inside, power = loss.rescaled(unit), unit**loss.degree
    assert loss.value(unit * f + shift, unit * y + shift) == pytest.approx(
        power * inside.value(f, y), rel=1e-7, abs=SAME
    )
    v = inside.project(v, y)
    given_v = unit ** (loss.degree - 1) * v
    np.testing.assert_allclose(loss.into_domain(given_v, unit * y), given_v, rtol=SAME, atol=SAME)
    assert loss.dual_value(given_v, unit * y) == pytest.approx(power * inside.dual_value(v, y), rel=SAME, abs=SAME)


# ---------------------------------------------------------------- the programs it makes


@over(EVERY)
@pytest.mark.parametrize("weighted", [False, True])
def test_cvxpy_knows_the_same_loss(loss, weighted):
    rng, f, y, _ = draws(3, loss)
    f = allowed(loss, f, y)
    term = loss.weighted(rng.uniform(0.5, 2.0, len(y))) if weighted else loss
    expression, constraints = term.cvxpy_term(cp.Constant(f), y)
    assert float(expression.value) == pytest.approx(term.value(f, y), rel=SAME, abs=SAME)
    assert expression.is_convex()
    assert all(constraint.value() for constraint in constraints)
    assert bool(constraints) == loss.constrained


@over([loss for loss in EVERY if loss.linear is not None])
@given(seed=seeds)
def test_the_linear_program_is_the_loss(loss, seed):
    _, f, y, _ = draws(seed, loss)
    form = loss.linear
    assert form.hard == loss.constrained
    if not form.hard:
        missing = 1.0 - y * f if form.margin else y - f
        price = form.short * np.maximum(missing, 0.0)
        price = price if form.margin else price + form.over * np.maximum(-missing, 0.0)
        np.testing.assert_allclose(price, loss.parts(f, y), atol=SAME)


@over([loss for loss in EVERY if loss.conic(np.ones(1), np.ones(1)) is not None])
def test_the_cone_program_is_the_loss(loss):
    """Without neurons it leaves the constant, whose loss is the least there is, and v is that of the constant."""
    rng, _, y, _ = draws(5, loss)
    count = rng.uniform(0.5, 2.0, len(y))
    term = loss.weighted(count)
    master = ConicMaster(np.zeros((len(y), 1)), y, 1.0, term)
    answer = master.solve(Columns.new(np.empty((0, 1)), np.empty(0), np.empty(0)))
    value = term.value(np.full(len(y), answer.c), y)
    assert value == pytest.approx(term.baseline(y), rel=PROGRAM)
    v = term.project(answer.v, y)
    assert term.dual_value(v, y) == pytest.approx(value, rel=PROGRAM)
