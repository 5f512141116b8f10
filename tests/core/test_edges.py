"""Hard cases on the line: each is certified, or as good as rounding allows, or refused with the reason."""

import re

import numpy as np
import pytest
from certificates import (
    CONSTRAINED,
    LABELS,
    LOSS_NAMES,
    assert_as_good_as_rounding_allows,
    assert_certified,
    assert_honest,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import adversarial, wave

import convexviz as cv

WITH_BETA = [loss for loss in LOSS_NAMES if loss not in CONSTRAINED]
SAYS_WHAT_TO_DO = re.compile(r"(must|needs) .*(add a|Move|choose|Use)", re.DOTALL)


def certified(X, y, beta=0.1, loss="squared", **options):
    """The solution, certified from scratch."""
    solution = cv.solve(X, y, beta, loss, **options)
    assert_certified(np.asarray(X, float), np.asarray(y, float), beta, loss, solution)
    return solution


# Scales


@pytest.mark.parametrize("loss", LOSS_NAMES)
@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("offset", [0.0, 1e3, 1e6])
@pytest.mark.parametrize("relative", [1e-6, 1e-3, 0.1, 1e8])
def test_units_and_offsets_of_x(loss, unit, offset, relative):
    X, y = wave(30, loss, seed=3)
    certified((X + offset) * unit, y, relative * unit, loss)


@pytest.mark.parametrize("loss", ["squared", "interpolate"])
@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("offset", [0.0, 1e3, 1e6])
@pytest.mark.parametrize("relative", [1e-6, 0.1])
def test_units_and_offsets_of_targets(loss, unit, offset, relative):
    X, y = wave(30, loss, seed=4)
    certified(X, (y + offset) * unit, relative * unit, loss)


@pytest.mark.parametrize("unit_y", [1e-6, 1e6])
@pytest.mark.parametrize("unit_x", [1e-6, 1e6])
def test_the_default_beta_in_any_units(unit_x, unit_y):
    """beta = 0.1 is then as good as zero, or as good as infinity."""
    X, y = wave(25, "squared", seed=5)
    certified(unit_x * X, unit_y * y)


@pytest.mark.parametrize("loss", LOSS_NAMES)
@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_default_beta_for_every_loss(loss, unit):
    X, y = wave(25, loss, seed=6)
    certified(unit * X, y, 0.1, loss)


@pytest.mark.parametrize("loss", WITH_BETA)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("beta", [1e-8, 1e-6, 1e-4])
def test_tiny_betas(loss, seed, beta):
    X, y = wave(25, loss, seed)
    certified(X, y, beta, loss)


@pytest.mark.parametrize("loss", WITH_BETA)
@pytest.mark.parametrize("beta", [1e3, 1e8, 1e30])
def test_huge_betas_leave_a_constant(loss, beta):
    X, y = wave(25, loss)
    assert certified(X, y, beta, loss).network.width == 0


def test_a_linear_target_at_a_tiny_beta_is_one_neuron():
    X = np.random.default_rng(0).uniform(-0.6, 1, 21)[:, None]
    assert certified(X, 2 * X[:, 0] + 1, 1.3e-5).network.width == 1


def test_opposite_labels_close_by_at_a_small_beta():
    """Steep and lightly regularised: an interior point stops far from the optimum."""
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(-1, 1, 30))
    x[10] = x[9] + 1.6e-4
    y = np.where(np.sin(5 * x) + 0.5 * rng.normal(size=30) > 0, 1.0, -1.0)
    y[9], y[10] = 1.0, -1.0
    for beta in (1e-3, 1e-4, 1e-6):
        certified(x[:, None], y, beta, "logistic")


# Few points, points in a line, equal points


@pytest.mark.parametrize("loss", WITH_BETA)
@pytest.mark.parametrize("n", [2, 3])
def test_two_and_three_points(loss, n):
    y = np.array([1.0, -1.0, 1.0])[:n]
    for X in ([[0.0], [1.0], [2.0]], [[2.0], [-1.0], [0.0]], [[1.0], [1.0], [0.0]]):
        certified(np.array(X)[:n], y, 0.05, loss)


@pytest.mark.parametrize("loss", ["squared", "interpolate"])
@pytest.mark.parametrize("value", [-3.0, 0.0, 1e6])
def test_one_point_is_met_by_a_constant(loss, value):
    solution = certified([[2.0]], [value], 0.1, loss)
    assert solution.network.width == 0
    assert solution.objective == 0
    assert solution.network.predict(np.array([[5.0]])) == value


@pytest.mark.parametrize("method", ["spline", "dictionary"])
@pytest.mark.parametrize("loss", ["squared", "interpolate"])
@pytest.mark.parametrize("value", [-3.0, 0.0, 1e6])
def test_a_constant_target_costs_nothing(method, loss, value):
    X = np.linspace(-1, 1, 7)[:, None]
    solution = cv.solve(X, np.full(7, value), 0.1, loss, method=method)
    assert_honest(X, np.full(7, value), 0.1, loss, solution)
    assert solution.certified
    assert solution.network.width == 0
    assert solution.objective <= 1e-9 * value**2


@pytest.mark.parametrize("loss", WITH_BETA)
def test_all_points_at_one_position(loss):
    y = np.array([1.0, -1.0, 1.0, 1.0])
    solution = certified(np.full((4, 1), 0.3), y, 0.1, loss)
    assert solution.network.width == 0


@pytest.mark.parametrize("loss", WITH_BETA)
def test_equal_positions_with_different_targets(loss):
    X, y = wave(20, loss)
    X[1::2] = X[::2]
    certified(X, y, 0.05, loss)


@pytest.mark.parametrize("loss", WITH_BETA)
def test_two_positions_with_both_labels(loss):
    X = np.array([[0.0], [0.0], [0.0], [1.0], [1.0]])
    certified(X, np.array([1.0, 1.0, -1.0, -1.0, 1.0]), 0.01, loss)


def test_equal_points_with_equal_targets_can_be_interpolated():
    X, y = wave(10, "interpolate")
    once = certified(X, y, loss="interpolate")
    twice = certified(np.vstack([X, X]), np.tile(y, 2), loss="interpolate")
    assert twice.objective == pytest.approx(once.objective, rel=1e-9)


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_the_dual_vector_comes_in_the_order_of_the_points(loss):
    X, y = wave(15, loss)
    order = np.random.default_rng(1).permutation(15)
    sorted_v, v = certified(X, y, 0.1, loss).v, certified(X[order], y[order], 0.1, loss).v
    if loss in ("squared", "logistic"):  # for these v is unique
        np.testing.assert_allclose(v, sorted_v[order], atol=1e-6)
    np.testing.assert_allclose(v.sum(), 0, atol=1e-9 * np.abs(v).sum())


# Points that nearly coincide


@pytest.mark.parametrize("loss", LOSS_NAMES)
@pytest.mark.parametrize("apart", [1e-9, 1e-6])
def test_two_points_nearly_at_one_position(loss, apart):
    X, y = wave(30, loss)
    X[1] = X[0] + apart
    y[:2] = 1.0, -1.0
    certified(X, y, 0.1, loss)


@pytest.mark.parametrize(("loss", "beta"), [(loss, 0.1) for loss in LOSS_NAMES] + [(loss, 1e-4) for loss in WITH_BETA])
@pytest.mark.parametrize("n", [50, 300, 1000, 2000])
def test_every_point_with_a_near_twin(loss, beta, n):
    rng = np.random.default_rng(1)
    X, y = wave(n, loss, seed=1)
    X[1::2] = X[::2] + 1e-9 * rng.uniform(0.5, 2, (n // 2, 1))
    solution = cv.solve(X, y, beta, loss)
    assert_as_good_as_rounding_allows(X, y, beta, loss, solution)
    assert solution.certified or loss in CONSTRAINED


@pytest.mark.parametrize("loss", LOSS_NAMES)
@pytest.mark.parametrize("beta", [0.1, 1e-3])
def test_a_thousand_points(loss, beta):
    X, y = wave(1000, loss)
    certified(X, y, beta, loss)


# What the network of a solution looks like


@pytest.mark.parametrize("loss", LOSS_NAMES)
@pytest.mark.parametrize("seed", range(3))
def test_kinks_sit_at_data_points_and_one_neuron_more_than_kinks_is_enough(loss, seed):
    X, y = wave(40, loss, seed)
    network = certified(X, y, 0.05, loss).network
    x = np.sort(X[:, 0])
    kinks = network.kinks()
    assert np.abs(kinks[:, None] - x[None, :]).min(axis=1).max() <= 1e-12
    np.testing.assert_array_equal(np.abs(network.U), 1.0)
    f = network.predict(x[:, None])
    slopes = np.diff(f) / np.diff(x)
    bent = np.abs(np.diff(slopes)) > 1e-7 * np.abs(slopes).max()
    assert network.width <= bent.sum() + 1
    between = np.linspace(x[0], x[-1], 500)
    np.testing.assert_allclose(network.predict(between[:, None]), np.interp(between, x, f), atol=1e-7)


@pytest.mark.parametrize("seed", range(3))
def test_neurons_touch_the_band_of_the_dual_function(seed):
    """|N_v| = beta at every neuron in use, with the sign of its weight, and nowhere more."""
    X, y = wave(30, "squared", seed)
    solution = certified(X, y, 0.1)
    touch = solution.network.activations(X).T @ solution.v
    np.testing.assert_allclose(touch, 0.1 * np.sign(solution.network.w), rtol=1e-6)


# Refusals


@pytest.mark.parametrize("loss", LABELS)
def test_one_class_only_is_refused(loss):
    with pytest.raises(ValueError, match=r"Both classes must be present, got only class \+1; add a point"):
        cv.solve([[0.0], [1.0]], [1.0, 1.0], 0.1, loss)


def test_contradictory_targets_are_named():
    X, y = np.array([[0.0], [2.0], [1.0], [2.0]]), np.array([0.0, 1.0, 3.0, -1.0])
    message = r"one target per position; points 2 and 4 at x = 2 ask for different values. Move or delete"
    with pytest.raises(cv.Infeasible, match=message):
        cv.solve(X, y, loss="interpolate")


def test_contradictory_labels_are_named():
    X, y = np.array([[0.0], [2.0], [1.0], [2.0], [2.0]]), np.array([1.0, 1.0, -1.0, -1.0, 1.0])
    with pytest.raises(cv.Infeasible, match=r"points 2, 4 and 5 at x = 2 carry both labels. Move or delete"):
        cv.solve(X, y, loss="hard_margin")


@pytest.mark.parametrize("loss", CONSTRAINED)
@pytest.mark.parametrize("method", ["auto", "dictionary"])
def test_contradictions_at_one_position_are_refused(loss, method):
    with pytest.raises(cv.Infeasible, match=r"(Move|Use)"):
        cv.solve(np.zeros((2, 1)), [1.0, -1.0], loss=loss, method=method)


def test_infeasible_is_a_value_error():
    assert issubclass(cv.Infeasible, ValueError)


# Fuzz: anything goes


def impossible(problem):
    """Whether only one class is present, or a constraint asks for two values at one position."""
    pairs = set(zip(problem.X[:, 0], problem.y, strict=True))
    contradictory = len(pairs) > len({x for x, _ in pairs})
    one_class = problem.loss in LABELS and len(set(problem.y)) == 1
    return one_class or (problem.loss in CONSTRAINED and contradictory)


@pytest.mark.parametrize("loss", LOSS_NAMES)
@settings(max_examples=80)
@given(data=st.data())
def test_whatever_comes_is_certified_or_refused_with_the_reason(loss, data):
    problem = data.draw(adversarial(loss))
    if impossible(problem):
        with pytest.raises(ValueError, match=SAYS_WHAT_TO_DO):
            cv.solve(problem.X, problem.y, problem.beta, loss)
    else:
        solution = cv.solve(problem.X, problem.y, problem.beta, loss)
        assert_as_good_as_rounding_allows(problem.X, problem.y, problem.beta, loss, solution)
