"""Other people's solvers on the same problem: scikit-learn's Lasso and MLPRegressor, cvxpy on the full dictionary."""

import warnings

import cvxpy as cp
import numpy as np
import pytest
from certificates import CONSTRAINED, LOSS_NAMES, assert_certified, data_term, ramps
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import problems, wave
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Lasso
from sklearn.neural_network import MLPRegressor
from tolerances import INDEPENDENT, WEAK_DUALITY

import convexviz as cv


@given(problems(losses=["squared"]))
def test_squared_loss_is_the_lasso_on_ramp_features(problem):
    n = len(problem.y)
    features = ramps(problem.X[:, 0]).T
    lasso = Lasso(alpha=problem.beta / n, fit_intercept=True, tol=1e-12, max_iter=200_000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # its own gap is compared below
        lasso.fit(features, problem.y)
    residual = problem.y - lasso.predict(features)
    objective = residual @ residual / 2 + problem.beta * np.abs(lasso.coef_).sum()
    solution = cv.solve(problem.X, problem.y, problem.beta)
    assert_certified(problem.X, problem.y, problem.beta, "squared", solution)
    assert solution.objective <= objective * (1 + INDEPENDENT)
    if n * lasso.dual_gap_ <= INDEPENDENT * objective:
        assert solution.objective == pytest.approx(objective, rel=10 * INDEPENDENT)


def dictionary_optimum(X, y, beta, loss):
    """The training problem over all ramps with kinks at the data, typed in again."""
    Phi = ramps(X[:, 0]).T
    w, c = cp.Variable(Phi.shape[1]), cp.Variable()
    f = Phi @ w + c
    term, constraints = {
        "squared": lambda: (cp.sum_squares(f - y) / 2, []),
        "hinge": lambda: (cp.sum(cp.pos(1 - cp.multiply(y, f))), []),
        "logistic": lambda: (cp.sum(cp.logistic(-cp.multiply(y, f))), []),
        "interpolate": lambda: (0.0, [f == y]),
        "hard_margin": lambda: (0.0, [cp.multiply(y, f) >= 1]),
    }[loss]()
    program = cp.Problem(cp.Minimize(term + (1.0 if loss in CONSTRAINED else beta) * cp.norm1(w)), constraints)
    return program.solve(solver=cp.CLARABEL, tol_gap_rel=1e-9, tol_gap_abs=1e-9, tol_feas=1e-9)


@pytest.mark.parametrize("loss", LOSS_NAMES)
@settings(max_examples=8)
@given(data=st.data())
def test_every_loss_agrees_with_cvxpy_on_the_full_dictionary(loss, data):
    problem = data.draw(problems(losses=[loss], most=9))
    solution = cv.solve(problem.X, problem.y, problem.beta, loss)
    assert_certified(problem.X, problem.y, problem.beta, loss, solution)
    theirs = dictionary_optimum(problem.X, problem.y, problem.beta, loss)
    assert solution.objective == pytest.approx(theirs, rel=10 * INDEPENDENT)


@pytest.mark.parametrize("width", [1, 3, 10, 60])
@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("beta", [0.02, 0.5])
def test_no_trained_network_ends_below_the_lower_bound(width, seed, beta):
    X, y = wave(20, "squared", seed=seed)
    lower = cv.solve(X, y, beta).lower_bound
    trained = MLPRegressor(hidden_layer_sizes=(width,), alpha=beta, solver="lbfgs", random_state=seed, max_iter=300)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        trained.fit(X, y)
    (U, w), (b, c) = trained.coefs_, trained.intercepts_
    f = np.maximum(X @ U + b, 0) @ w[:, 0] + c[0]
    fit = data_term(f, y, "squared").sum()
    decayed = fit + beta / 2 * ((U**2).sum() + (w**2).sum())
    rescaled = fit + beta * np.linalg.norm(U, axis=0) @ np.abs(w[:, 0])
    assert lower * (1 - WEAK_DUALITY) <= rescaled <= decayed * (1 + WEAK_DUALITY)
    network = cv.ReLUNetwork.normalized(U.T, b, w[:, 0], c[0])
    assert cv.certify(network, X, y, beta).objective == pytest.approx(rescaled, rel=1e-9)
