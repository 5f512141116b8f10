"""What the five losses of the papers promise beyond the contract that every loss keeps (`test_contract`)."""

import numpy as np
import pytest
from certificates import CONSTRAINED, LABELS, LOSS_NAMES
from hypothesis import given
from hypothesis import strategies as st

import convexviz as cv


def draws(seed, loss, n=9):
    """Random outputs f, targets y and dual vector v, each (n,)."""
    rng = np.random.default_rng(seed)
    y = rng.choice([-1.0, 1.0], n) if loss in LABELS else 3 * rng.normal(size=n)
    y[:2] = (1.0, -1.0) if loss in LABELS else y[:2]
    return 3 * rng.normal(size=n), y, 3 * rng.normal(size=n)


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


def test_violations_are_the_largest_miss_of_a_constraint():
    f, y = np.array([0.5, -1.0, 2.0]), np.array([1.0, -1.0, 1.0])
    assert cv.LOSSES["interpolate"].violation(f, y) == 1.0
    assert cv.LOSSES["hard_margin"].violation(f, y) == 0.5
    assert all(cv.LOSSES[loss].violation(f, y) == 0 for loss in LOSS_NAMES if loss not in CONSTRAINED)


def test_extreme_margins_neither_overflow_nor_warn():
    f, y = np.array([1e4, -1e4, 0.0]), np.array([1.0, 1.0, -1.0])
    term = cv.LOSSES["logistic"]
    assert term.value(f, y) == pytest.approx(1e4 + np.log(2))
    assert term.dual_value(term.gradient(f, y), y) == pytest.approx(np.log(2))
