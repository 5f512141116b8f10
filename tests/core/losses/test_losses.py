"""The losses and their conjugates: Fenchel-Young, gradients, and the ways into the dual domain."""

import numpy as np
import pytest
from certificates import CONSTRAINED, LABELS, LOSS_NAMES
from hypothesis import given
from hypothesis import strategies as st

import convexviz as cv
from convexviz.core.losses import get_loss

numbers = st.floats(-50, 50)


def draws(seed, loss, n=9):
    """Random outputs f, targets y and dual vector v, each (n,)."""
    rng = np.random.default_rng(seed)
    y = rng.choice([-1.0, 1.0], n) if loss in LABELS else 3 * rng.normal(size=n)
    y[:2] = (1.0, -1.0) if loss in LABELS else y[:2]
    return 3 * rng.normal(size=n), y, 3 * rng.normal(size=n)


def test_there_are_the_five_losses():
    assert sorted(cv.LOSSES) == sorted(LOSS_NAMES)
    assert [name for name, loss in cv.LOSSES.items() if loss.constrained] == ["interpolate", "hard_margin"]
    assert {name for name, loss in cv.LOSSES.items() if loss.classification} == set(LABELS)


@pytest.mark.parametrize("loss", LOSS_NAMES)
@given(seed=st.integers(0, 10**6))
def test_fenchel_young(loss, seed):
    """value(f) >= g(v) - v.f for every v in the domain; for a constraint, at outputs that meet it."""
    f, y, v = draws(seed, loss)
    term = cv.LOSSES[loss]
    v = term.into_domain(v, y)
    if loss == "interpolate":
        f = y
    elif loss == "hard_margin":
        f = y * (1 + np.abs(f))
    assert term.value(f, y) >= term.dual_value(v, y) - v @ f - 1e-9


@pytest.mark.parametrize("loss", ["squared", "logistic"])
@given(seed=st.integers(0, 10**6))
def test_fenchel_young_is_tight_at_the_gradient(loss, seed):
    f, y, _ = draws(seed, loss)
    term = cv.LOSSES[loss]
    v = term.gradient(f, y)
    assert term.value(f, y) == pytest.approx(term.dual_value(v, y) - v @ f, abs=1e-9)


@given(seed=st.integers(0, 10**6))
def test_fenchel_young_is_tight_at_the_subgradients_of_the_hinge(seed):
    f, y, _ = draws(seed, "hinge")
    term = cv.LOSSES["hinge"]
    v = y * (y * f < 1)
    assert term.value(f, y) == pytest.approx(term.dual_value(v, y) - v @ f, abs=1e-12)


@pytest.mark.parametrize("loss", ["squared", "logistic"])
@given(f=numbers, side=st.sampled_from([-1.0, 1.0]))
def test_gradient_and_curvature_are_derivatives(loss, f, side):
    term, h = cv.LOSSES[loss], 1e-5
    f, y, at = np.array([f]), np.array([side]), np.array([-h, h])
    below, above = term.value(f + at[0], y), term.value(f + at[1], y)
    assert term.gradient(f, y)[0] == pytest.approx(-(above - below) / (2 * h), abs=1e-4)
    slopes = term.gradient(f + at[0], y)[0] - term.gradient(f + at[1], y)[0]
    assert term.curvature(f, y)[0] == pytest.approx(slopes / (2 * h), abs=1e-4)


@pytest.mark.parametrize("loss", ["hinge", "interpolate", "hard_margin"])
def test_losses_that_are_not_smooth_say_so(loss):
    f, y, _ = draws(0, loss)
    with pytest.raises(TypeError, match="not smooth; its dual vector comes from the solver"):
        cv.LOSSES[loss].gradient(f, y)
    with pytest.raises(TypeError, match="no curvature"):
        cv.LOSSES[loss].curvature(f, y)


def in_domain(loss, v, y):
    a = v * y
    return loss not in LABELS or bool((a >= 0).all() and (loss == "hard_margin" or (a <= 1).all()))


@pytest.mark.parametrize("loss", LOSS_NAMES)
@given(seed=st.integers(0, 10**6), limit=st.sampled_from([1e-3, 0.7, 40.0]))
def test_project_and_scale_land_in_the_domain(loss, seed, limit):
    _, y, v = draws(seed, loss)
    term = cv.LOSSES[loss]
    projected = term.project(v, y)
    assert in_domain(loss, projected, y)
    assert abs(projected.sum()) <= 1e-12 * np.abs(v).sum()
    s = term.scale(projected, y, limit)
    assert 0 <= s <= limit
    assert in_domain(loss, s * projected, y)
    assert np.isfinite(term.scale(projected, y, np.inf))
    np.testing.assert_allclose(term.project(projected, y), projected, atol=1e-12)


@pytest.mark.parametrize("loss", LOSS_NAMES)
@given(seed=st.integers(0, 10**6))
def test_scale_is_the_best_of_its_interval_for_all_but_hinge_and_logistic(loss, seed):
    """For those two s = min(1, limit) keeps v in the domain, which is all that is asked."""
    _, y, v = draws(seed, loss)
    term = cv.LOSSES[loss]
    v = term.project(v, y)
    limit = 0.8
    best = term.dual_value(term.scale(v, y, limit) * v, y)
    trials = np.linspace(0, limit, 30) if loss not in ("hinge", "logistic") else [0.0]
    assert best >= max(term.dual_value(s * v, y) for s in trials) - 1e-9


@pytest.mark.parametrize("loss", LOSS_NAMES)
@given(seed=st.integers(0, 10**6))
def test_counts_are_repeated_rows(loss, seed):
    f, y, v = draws(seed, loss)
    term = cv.LOSSES[loss]
    count = np.random.default_rng(seed).integers(1, 4, len(y))
    F, Y, V = (np.repeat(a, count) for a in (f, y, v))
    assert term.value(f, y, count) == pytest.approx(term.value(F, Y))
    projected, repeated = term.project(v, y, count), term.project(V, Y)
    np.testing.assert_allclose(np.repeat(projected, count), repeated, atol=1e-12)
    assert term.dual_value(projected, y, count) == pytest.approx(term.dual_value(repeated, Y))
    assert term.scale(projected, y, 0.5, count) == pytest.approx(term.scale(repeated, Y, 0.5))


def test_violations_are_the_largest_miss_of_a_constraint():
    f, y = np.array([0.5, -1.0, 2.0]), np.array([1.0, -1.0, 1.0])
    assert cv.LOSSES["interpolate"].violation(f, y) == 1.0
    assert cv.LOSSES["hard_margin"].violation(f, y) == 0.5
    assert all(cv.LOSSES[loss].violation(f, y) == 0 for loss in LOSS_NAMES if loss not in CONSTRAINED)


@pytest.mark.parametrize("loss", ["squared", "hinge", "logistic"])
@given(seed=st.integers(0, 10**6))
def test_best_constant_beats_its_neighbours(loss, seed):
    _, y, _ = draws(seed, loss)
    term = cv.LOSSES[loss]
    values = [term.value(np.full(len(y), term.best_constant(y) + step), y) for step in (0.0, -1e-3, 1e-3)]
    assert values[0] <= min(values) + 1e-12


def test_extreme_margins_neither_overflow_nor_warn():
    f, y = np.array([1e4, -1e4, 0.0]), np.array([1.0, 1.0, -1.0])
    term = cv.LOSSES["logistic"]
    assert term.value(f, y) == pytest.approx(1e4 + np.log(2))
    assert term.dual_value(term.gradient(f, y), y) == pytest.approx(np.log(2))


def test_unknown_losses_are_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match=r"loss must be one of squared, hinge, .*; got 'huber'"):
        get_loss("huber")
