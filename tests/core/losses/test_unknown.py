"""Losses that nobody has heard of: from the little they state they are trained rightly, or refused in clear words."""

import cvxpy as cp
import numpy as np
import pytest
from tolerances import GAP

import convexviz as cv
from convexviz.core.cutting.pattern_program import solve_arrangements
from convexviz.core.losses import get_loss

EVERY = pytest.mark.parametrize(
    ("d", "n", "bias"), [(1, 12, True), (1, 12, False), (2, 10, True), (2, 10, False), (3, 7, True)]
)


class Silent(cv.Loss):
    """|y - f|, in the three methods that a loss must have."""

    name = "absolute"

    def parts(self, f, y):
        return np.abs(y - f)

    def dual_parts(self, v, y):
        return y * v

    def into_domain(self, v, y):
        return np.clip(v, -1.0, 1.0)


class Absolute(Silent):
    """The same as cvxpy knows it, too."""

    def cvxpy_term(self, f, y, weight=1.0):
        return cp.sum(cp.multiply(weight * np.ones(len(y)), cp.abs(y - f))), []


class Half(cv.Loss):
    """1/2 (y - f)^2 that says no more of itself than it must."""

    name = "half"

    def parts(self, f, y):
        return 0.5 * (y - f) ** 2

    def dual_parts(self, v, y):
        return y * v - 0.5 * v**2

    def into_domain(self, v, y):
        return v

    def cvxpy_term(self, f, y, weight=1.0):
        return 0.5 * cp.sum(cp.multiply(weight * np.ones(len(y)), cp.square(f - y))), []


class Exponential(cv.Loss):
    """exp(-y f) for labels: v = y a with a >= 0, g(v) = sum a - a log a."""

    name = "exponential"
    classification = True

    def parts(self, f, y):
        return np.exp(-y * f)

    def dual_parts(self, v, y):
        a = np.maximum(v * y, 0.0)
        return a - a * np.log(np.where(a > 0, a, 1.0))

    def into_domain(self, v, y):
        return y * np.maximum(v * y, 0.0)

    def cvxpy_term(self, f, y, weight=1.0):
        return cp.sum(cp.multiply(weight * np.ones(len(y)), cp.exp(-cp.multiply(y, f)))), []


class Tube(cv.Loss):
    """A constraint of no kind that is known: |f - y| <= 1/2."""

    name = "tube"
    constrained = True

    def parts(self, f, y):
        return np.zeros(len(f))

    def dual_parts(self, v, y):
        return y * v - 0.5 * np.abs(v)

    def into_domain(self, v, y):
        return v

    def violation(self, f, y):
        return float(max(0.0, (np.abs(f - y) - 0.5).max()))

    def cvxpy_term(self, f, y, weight=1.0):
        return cp.Constant(0.0), [cp.abs(f - y) <= 0.5]


def data(d, n):
    rng = np.random.default_rng(d)
    X = rng.normal(size=(n, d))
    return X, np.sin(2 * X[:, 0]) + 0.3 * rng.normal(size=n)


@EVERY
def test_a_loss_without_kin_is_trained_to_the_optimum_of_its_twin(d, n, bias):
    X, y = data(d, n)
    for loss, twin, share in ((Absolute(), "quantile", 2.0), (Half(), "squared", 1.0)):
        s = cv.solve(X, y, beta=0.1, loss=loss, bias=bias)
        known = cv.solve(X, y, beta=0.1 / share, loss=twin, bias=bias)
        assert s.certified
        assert s.objective == pytest.approx(share * known.objective, rel=2 * GAP)
        assert s.loss == loss.name


@EVERY
def test_a_loss_of_labels_without_kin_is_trained_to_the_optimum_over_all_patterns(d, n, bias):
    X, y = data(d, n)
    y = np.where(y > np.median(y), 1.0, -1.0)
    s = cv.solve(X, y, beta=0.1, loss=Exponential(), bias=bias)
    assert s.certified
    program = solve_arrangements(X, y, 0.1, Exponential(), bias=bias)
    objective = cv.certify(program.network, X, y, 0.1, Exponential(), program.duals, bias=bias).objective
    assert s.objective == pytest.approx(objective, rel=1e-5)


def test_weights_of_a_loss_without_kin_are_repeated_points():
    X, y = data(1, 10)
    weight = np.array([1, 2, 1, 3, 1, 1, 2, 1, 0, 1])
    weighted = cv.solve(X, y, loss=Absolute(), sample_weight=weight)
    repeated = cv.solve(np.repeat(X, weight, axis=0), np.repeat(y, weight), loss=Absolute())
    assert weighted.objective == pytest.approx(repeated.objective, rel=2 * GAP)


def test_many_points_in_many_dimensions_go_by_cutting_planes_where_a_loss_cannot_be_descended_on():
    X, y = data(6, 40)
    s = cv.solve(X, y, beta=0.3, loss=Absolute(), max_rounds=4)
    assert s.objective < Absolute().baseline(y)


@EVERY
def test_a_loss_that_states_no_program_is_refused(d, n, bias):
    X, y = data(d, n)
    with pytest.raises(ValueError, match="'absolute' states no cvxpy term, which the solver for these data needs; add"):
        cv.solve(X, y, loss=Silent(), bias=bias)


def test_splines_are_not_promised_to_a_loss_that_states_no_form_for_them():
    X, y = data(1, 12)
    with pytest.raises(ValueError, match="method='spline' needs a loss that states a linear or a cone program"):
        cv.solve(X, y, loss=Absolute(), method="spline")
    assert cv.solve(X, y, loss=Absolute()).method == "dictionary program, exact on the line"


@pytest.mark.parametrize("d", [1, 2])
def test_a_constraint_that_is_not_known_is_never_certified_wrongly(d):
    """It is met, and the optimum below that of interpolation; nobody says what meeting it to the last digit costs."""
    X, y = data(d, 9)
    s = cv.solve(X, y, loss=Tube())
    assert Tube().violation(s.network.predict(X), y) <= 1e-7
    assert s.objective < cv.solve(X, y, loss="interpolate").objective
    assert not s.certified


def test_what_needs_more_than_a_loss_states_says_so():
    X, y = data(1, 12)
    with pytest.raises(ValueError, match="the loss 'absolute' does not state; pass betas"):
        cv.beta_max(X, y, Absolute())
    with pytest.raises(ValueError, match="loss must be one of squared"):
        cv.prove(cv.solve(X, y, loss=Absolute()), X, y)
    with pytest.raises(ValueError, match="'absolute' has no form for several outputs that share their neurons"):
        get_loss(Absolute(), several=True)


def test_gradient_training_and_estimators_take_what_they_can():
    X, y = data(1, 12)
    with pytest.raises(
        ValueError, match=r"Gradient training takes the losses squared and logistic, got .*; use loss='squared'"
    ):
        cv.train(X, y, 0.1, Absolute())
    model = cv.ConvexReLURegressor(beta=0.1, loss=Absolute()).fit(X, y)
    assert model.certified_
    with pytest.raises(
        ValueError, match="loss must be one of squared, hinge, logistic, hard_margin for ConvexReLUClassifier"
    ):
        cv.ConvexReLUClassifier(loss=Absolute()).fit(X, y > 0)
