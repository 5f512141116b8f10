"""The closed forms against integrals, a wide network differentiated numerically, and scikit-learn's KernelRidge."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import ortho_group
from sklearn.base import clone
from sklearn.kernel_ridge import KernelRidge
from sklearn.utils.estimator_checks import parametrize_with_checks
from tolerances import SAME

from convexviz.core.rivals.kernels import TangentKernelRidge, angles, arc_cosine, tangent_kernel

WIDTH = 20_000
STEP = 1e-6  # of the differences; a neuron with its kink this near to a point errs by far less than the sampling
DEVIATIONS = 5.0  # standard errors: exceeded once in two million entries
INTEGRAL = 1e-7  # quad on the arc where both factors are positive


def cloud(n, d, seed=0, spread=1.0):
    return spread * np.random.default_rng(seed).normal(size=(n, d))


def averages(rho):
    """2 E[H H] and 2 E[(.)_+ (.)_+] of unit vectors at angle rho by integration over the direction and length of g."""
    arc = (rho - np.pi / 2, np.pi / 2)  # where both are active
    steps = quad(lambda t: 1.0, *arc)[0] / (2 * np.pi)
    ramps = quad(lambda t: np.cos(t) * np.cos(t - rho), *arc)[0] / (2 * np.pi)
    squared_length = quad(lambda r: r**3 * np.exp(-(r**2) / 2), 0, np.inf)[0]
    return 2 * steps, 2 * squared_length * ramps


@pytest.mark.parametrize("rho", [0.0, 1e-9, 1e-3, 1.0, np.pi / 2, 2.5, np.pi - 1e-6, np.pi])
def test_arc_cosine_kernels_are_the_averages_they_stand_for(rho):
    turn = ortho_group.rvs(3, random_state=1)
    x, z = 2.0 * turn[:1], 0.3 * (np.cos(rho) * turn[:1] + np.sin(rho) * turn[1:2])
    order_0, order_1 = averages(rho)
    assert arc_cosine(x, z, order=0).item() == pytest.approx(order_0, abs=INTEGRAL)
    assert arc_cosine(x, z).item() == pytest.approx(0.6 * order_1, abs=INTEGRAL)


@pytest.mark.parametrize("t", [1e-12, 1e-8, 1e-3, 2.0])
def test_angles_keep_their_digits_at_both_ends(t):
    """arccos of the cosine is 0 below 1e-8."""
    x, z = np.array([[3.0, 0.0], [-0.2, 0.0]]), 7 * np.array([[np.cos(t), np.sin(t)]])
    np.testing.assert_allclose(angles(x, z), [[t], [np.pi - t]], rtol=1e-9)
    same = cloud(40, 3)
    assert np.abs(np.diag(angles(same, 5 * same))).max() <= 4 * np.finfo(float).eps
    np.testing.assert_array_equal(angles(np.zeros((1, 2)), x), np.pi / 2)


def products_of_gradients(X, layer, seed):
    """(m, n, n): each neuron's share of <grad f(x), grad f(z)>, times m, by differences of what the neuron puts out."""
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(WIDTH, X.shape[1] + 1)), rng.normal(size=WIDTH)

    def outputs(G, w):
        return w[:, None] * np.maximum(G[:, :-1] @ X.T + G[:, -1:], 0)

    slopes = []
    if "w" in layer:
        slopes.append(outputs(first, second + STEP) - outputs(first, second - STEP))
    columns = range(X.shape[1] + 1) if "b" in layer else range(X.shape[1])
    for k in columns if "u" in layer else ():
        nudge = STEP * np.eye(X.shape[1] + 1)[k]
        slopes.append(outputs(first + nudge, second) - outputs(first - nudge, second))
    return sum(s[:, :, None] * s[:, None, :] for s in slopes) / (2 * STEP) ** 2


@pytest.mark.parametrize("d", [1, 3])
def test_the_kernel_is_that_of_a_wide_network_with_both_layers_and_the_biases_trained(d):
    X = cloud(5, d, seed=d)
    extended = np.hstack([X, np.ones((5, 1))])
    expected = {
        "ubw": tangent_kernel(X),
        "w": arc_cosine(extended, order=1) / 2,
        "ub": extended @ extended.T * arc_cosine(extended, order=0) / 2,
        "u": X @ X.T * arc_cosine(extended, order=0) / 2,
    }
    for layer, kernel in expected.items():
        shares = products_of_gradients(X, layer, seed=7)
        error = shares.std(axis=0) / np.sqrt(WIDTH)
        measured = shares.mean(axis=0)
        assert (np.abs(measured - kernel) <= DEVIATIONS * error + STEP).all(), layer
        if layer != "ubw":  # the test can tell which parameters are trained
            assert (np.abs(measured - tangent_kernel(X)) > DEVIATIONS * error).any(), layer


@given(
    n=st.integers(1, 12),
    d=st.integers(1, 4),
    seed=st.integers(0, 10**6),
    spread=st.sampled_from([1e-3, 1.0, 1e3]),
    copies=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_kernel_matrices_are_symmetric_semidefinite_and_invariant_under_rotation(n, d, seed, spread, copies):
    X = cloud(n, d, seed, spread)
    X = np.vstack([X, X[:1] * (1 + 1e-15), X]) if copies else X
    kernel = tangent_kernel(X)
    largest = np.abs(kernel).max()
    np.testing.assert_allclose(kernel, kernel.T, atol=SAME * largest)
    assert np.linalg.eigvalsh(kernel).min() >= -1e-13 * len(X) * largest
    squares = (X**2).sum(axis=1) + 1
    np.testing.assert_allclose(np.diag(kernel), squares, rtol=SAME)  # |x~|^2 (1/2 + 1/2)
    turn = ortho_group.rvs(d, random_state=seed) if d > 1 else -np.eye(1)
    np.testing.assert_allclose(tangent_kernel(X @ turn, X[:2] @ turn), kernel[:, :2], atol=SAME * largest)


def pair(x, z):
    return tangent_kernel(x[None], z[None]).item()


@pytest.mark.parametrize("ridge", [1e-6, 0.1, 30.0])
@pytest.mark.parametrize("d", [1, 2])
def test_ridge_is_scikit_learns_and_the_formula(ridge, d):
    X, Z = cloud(15, d, seed=1), cloud(20, d, seed=2)
    y = np.sin(3 * X[:, 0])
    model = TangentKernelRidge(ridge).fit(X, y)
    theirs = KernelRidge(alpha=ridge, kernel=pair).fit(X, y)
    formula = tangent_kernel(Z, X) @ np.linalg.solve(tangent_kernel(X) + ridge * np.eye(15), y)
    np.testing.assert_allclose(model.predict(Z), theirs.predict(Z), atol=1e-8)
    np.testing.assert_allclose(model.predict(Z), formula, atol=1e-8)


@given(n=st.integers(1, 15), d=st.integers(1, 3), seed=st.integers(0, 10**6), spread=st.sampled_from([1e-2, 1.0, 1e2]))
@settings(max_examples=40, deadline=None)
def test_without_ridge_it_interpolates_with_the_least_norm(n, d, seed, spread):
    X, y = cloud(n, d, seed, spread), np.random.default_rng(seed).normal(size=n)
    model = TangentKernelRidge().fit(X, y)
    np.testing.assert_allclose(model.predict(X), y, atol=1e-7)
    # The least norm through fewer points is no larger, and the same where the new target is the old prediction.
    new = cloud(1, d, seed + 1, spread)
    value = model.predict(new)
    for shift in (0.0, 1.0):
        more = TangentKernelRidge().fit(np.vstack([X, new]), np.append(y, value + shift))
        assert more.norm_ >= model.norm_ * (1 - 1e-6)
        assert shift or more.norm_ <= model.norm_ * (1 + 1e-6)


def test_the_ridge_vanishing_is_no_ridge():
    X, Z = cloud(10, 2, seed=3), cloud(30, 2, seed=4)
    y = np.stack([np.sin(3 * X[:, 0]), X[:, 1]], axis=1)  # two targets at once
    limit = TangentKernelRidge().fit(X, y)
    gaps = [np.abs(TangentKernelRidge(r).fit(X, y).predict(Z) - limit.predict(Z)).max() for r in (1e-2, 1e-4, 1e-6)]
    assert gaps[0] > 10 * gaps[1] > 100 * gaps[2] > 0
    assert limit.norm_.shape == (2,)


def test_copies_count_once_and_contradictions_are_named():
    X, Z = np.array([[0.0], [1.0], [2.5], [1.0]]), np.linspace(-1, 3, 9)[:, None]
    y = np.array([1.0, 2.0, 0.0, 2.0])
    model = TangentKernelRidge()
    once = clone(model).fit(X[:3], y[:3]).predict(Z)
    np.testing.assert_allclose(model.fit(X, y).predict(Z), once, atol=1e-9)
    for far in (0.0, 1e-13):
        with pytest.raises(ValueError, match=r"rows 1 and 3 .* targets 2\.0 and -1\.0; use ridge > 0"):
            clone(model).fit(X + far * np.eye(4)[:, 3:], np.array([1.0, 2.0, 0.0, -1.0]))
    assert np.isfinite(TangentKernelRidge(0.1).fit(X, np.array([1.0, 2.0, 0.0, -1.0])).predict(Z)).all()


@pytest.mark.parametrize("ridge", [-1.0, np.nan, np.inf, "much"])
def test_a_ridge_must_be_a_number_from_zero(ridge):
    with pytest.raises(ValueError, match="ridge must be a number, 0 or more"):
        TangentKernelRidge(ridge).fit(np.eye(2), np.ones(2))


def test_shapes_and_orders_are_checked():
    with pytest.raises(ValueError, match=r"X must have shape \(n, d\), got \(3,\); use X.reshape"):
        tangent_kernel(np.ones(3))
    with pytest.raises(ValueError, match="order must be 0"):
        arc_cosine(np.eye(2), order=2)


@pytest.fixture(autouse=True)
def array_api(monkeypatch):
    """scikit-learn's check of array dispatch is left out without it."""
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")


@parametrize_with_checks([TangentKernelRidge(), TangentKernelRidge(ridge=1.0)])
def test_scikit_learn_finds_no_fault(estimator, check):
    assert check(estimator) is None
