"""The certificate: whatever is put in, the lower bound holds, and only an optimal network is certified."""

import numpy as np
import pytest
from certificates import CONSTRAINED, LOSS_NAMES, certify_from_scratch
from hypothesis import given
from hypothesis import strategies as st
from problems import problems, wave
from tolerances import GAP, WEAK_DUALITY

import convexviz as cv
from convexviz.core.dual.certificate import gap_of

WITH_BETA = [loss for loss in LOSS_NAMES if loss not in CONSTRAINED]


def random_network(rng, y, scale=2.0):
    m = rng.integers(0, 8)
    U = rng.choice([-1.0, 1.0], (m, 1))
    return cv.ReLUNetwork(U, rng.uniform(-2, 2, m), rng.normal(size=m) * scale, y.mean() + rng.normal())


@given(problems(), st.integers(0, 10**6))
def test_weak_duality_for_random_networks_and_random_dual_vectors(problem, seed):
    """No bound from any v exceeds the objective of any network, in particular the optimum."""
    rng = np.random.default_rng(seed)
    best = cv.solve(problem.X, problem.y, problem.beta, problem.loss).objective
    forged = [scale * rng.normal(size=len(problem.y)) for scale in (1e-3, 1.0, 1e3)]
    network = random_network(rng, problem.y)
    certificate = cv.certify(network, problem.X, problem.y, problem.beta, problem.loss, duals=forged)
    assert certificate.lower_bound <= best * (1 + WEAK_DUALITY) + 1e-12
    assert certificate.lower_bound <= certificate.objective
    assert certificate.dual_maximum <= (1.0 if problem.loss in CONSTRAINED else problem.beta) * (1 + 1e-12)


@given(problems())
def test_the_certificate_is_the_one_from_scratch(problem):
    solution = cv.solve(problem.X, problem.y, problem.beta, problem.loss)
    again = cv.certify(solution.network, problem.X, problem.y, problem.beta, problem.loss, duals=[solution.v])
    n = solution.network
    bounds = certify_from_scratch(problem.X, problem.y, problem.beta, problem.loss, n.U, n.b, n.w, n.c, solution.v)
    assert again.objective == pytest.approx(bounds.objective, rel=1e-9)
    assert again.lower_bound <= bounds.lower + 1e-9 * abs(bounds.lower)
    assert again.holds(GAP)
    assert (again.objective, again.lower_bound) == pytest.approx((solution.objective, solution.lower_bound), rel=1e-12)


@given(problems(losses=WITH_BETA), st.integers(0, 10**6))
def test_a_perturbed_network_is_not_certified(problem, seed):
    solution = cv.solve(problem.X, problem.y, problem.beta, problem.loss)
    network = solution.network
    bump = 0.05 * (1 + np.abs(network.w).max(initial=0.0))
    changed = cv.ReLUNetwork(
        np.vstack([network.U, [[1.0]]]), np.r_[network.b, 0.1], np.r_[network.w, bump], network.c - 0.05
    )
    certificate = cv.certify(changed, problem.X, problem.y, problem.beta, problem.loss, duals=[solution.v])
    assert certificate.objective > solution.objective
    assert certificate.lower_bound <= solution.objective * (1 + WEAK_DUALITY)
    assert certificate.gap >= (certificate.objective - solution.objective) / certificate.objective - GAP


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_a_slightly_worse_network_has_a_gap_above_the_tolerance(loss):
    X, y = wave(12, loss)
    solution = cv.solve(X, y, 0.1, loss)
    network = solution.network
    worse = cv.ReLUNetwork(
        np.vstack([network.U, [[1.0], [1.0]]]), np.r_[network.b, 0.0, 0.0], np.r_[network.w, 0.01, -0.01], network.c
    )
    certificate = cv.certify(worse, X, y, 0.1, loss, duals=[solution.v])
    assert not certificate.holds(GAP)
    np.testing.assert_allclose(worse.predict(X), network.predict(X), atol=1e-12)


@pytest.mark.parametrize("loss", ["interpolate", "hard_margin"])
def test_a_violated_constraint_is_never_certified(loss):
    X, y = wave(10, loss)
    solution = cv.solve(X, y, loss=loss)
    network = solution.network
    weaker = cv.ReLUNetwork(network.U, network.b, network.w * (1 - 1e-6), network.c * (1 - 1e-6))
    certificate = cv.certify(weaker, X, y, 1.0, loss, duals=[solution.v])
    assert certificate.objective == np.inf
    assert certificate.gap == np.inf
    assert not certificate.holds(0.5)


@pytest.mark.parametrize("loss", ["hinge", "interpolate", "hard_margin"])
def test_losses_that_leave_v_open_ask_for_one(loss):
    X, y = wave(5, loss)
    with pytest.raises(ValueError, match=r"does not determine a dual vector .*Pass duals"):
        cv.certify(cv.ReLUNetwork.constant(0.0, 1), X, y, 0.1, loss)


@pytest.mark.parametrize("loss", ["squared", "logistic"])
def test_smooth_losses_need_no_dual_vector(loss):
    X, y = wave(12, loss)
    solution = cv.solve(X, y, 0.1, loss)
    assert cv.certify(solution.network, X, y, 0.1, loss).holds(GAP)


def test_without_an_exact_oracle_there_is_no_bound():
    X = np.random.default_rng(0).normal(size=(8, 2))
    certificate = cv.certify(cv.ReLUNetwork.constant(0.0, 2), X, X[:, 0], 0.1)
    assert certificate.lower_bound == -np.inf
    assert certificate.gap == np.inf
    assert not certificate.holds(0.999)


class Guess:
    """An oracle that proves nothing."""

    exact = False

    def maximum(self, v):
        return 0.0


def test_an_oracle_that_is_not_exact_proves_nothing():
    X, y = wave(8, "squared")
    network = cv.solve(X, y, 0.1).network
    assert cv.certify(network, X, y, 0.1, oracle=Guess()).lower_bound == -np.inf


def test_a_constant_target_at_objective_zero_has_a_gap_of_zero():
    squared = cv.LOSSES["squared"]
    assert gap_of(0.0, 0.0, squared, np.full(4, 7.0)) == 0.0
    assert gap_of(1.0, 1.5, squared, np.arange(4.0)) == -0.5  # bounds that have crossed are not hidden
    assert gap_of(2.0, 1.0, squared, np.arange(4.0)) == 0.5
