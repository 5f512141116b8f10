"""The regularisation path and the beta at which it starts."""

import numpy as np
import pytest
from certificates import CONSTRAINED, LOSS_NAMES, assert_certified
from hypothesis import given
from problems import problems, wave
from tolerances import GAP, INDEPENDENT

import convexviz as cv
from convexviz.core.losses import get_loss
from convexviz.core.numerics import clock
from convexviz.core.paths.path import PATH_DEPTH, PATH_LENGTH, _least_maximum

WITH_BETA = [loss for loss in LOSS_NAMES if loss not in CONSTRAINED]


@pytest.mark.parametrize("loss", WITH_BETA)
def test_the_default_path_runs_from_no_neuron_down_and_is_certified(loss):
    X, y = wave(25, loss)
    path = cv.regularization_path(X, y, loss=loss)
    top = cv.beta_max(X, y, loss)
    assert len(path) == PATH_LENGTH
    np.testing.assert_allclose([s.beta for s in path], top * np.geomspace(1, PATH_DEPTH, PATH_LENGTH))
    for solution in path:
        assert_certified(X, y, solution.beta, loss, solution)
    assert path[0].network.penalty * top <= GAP * path[0].objective
    assert path[-1].network.width > 2
    objectives = np.array([s.objective for s in path])
    assert (np.diff(objectives) <= GAP * objectives[:-1]).all()


def test_given_betas_come_back_from_large_to_small():
    X, y = wave(12, "squared")
    path = cv.regularization_path(X, y, betas=[0.1, 3.0, 0.5])
    assert [s.beta for s in path] == [3.0, 0.5, 0.1]
    for solution in path:
        assert_certified(X, y, solution.beta, "squared", solution)
        alone = cv.solve(X, y, solution.beta)
        assert solution.objective == pytest.approx(alone.objective, rel=INDEPENDENT)


def test_progress_hears_of_every_answer_and_biases_can_be_left_out():
    X, y = wave(12, "squared")
    heard = []
    path = cv.regularization_path(X, y, betas=[0.1, 1.0], bias=False, progress=heard.append)
    assert heard == path
    for solution in path:
        assert not solution.bias
        assert solution.objective == pytest.approx(cv.solve(X, y, solution.beta, bias=False).objective, rel=INDEPENDENT)
    top = cv.beta_max(X, y, bias=False)
    assert cv.regularization_path(X, y, bias=False)[0].beta == pytest.approx(top)


def test_a_time_limit_ends_the_path_early_but_never_before_the_first_answer(monkeypatch):
    X, y = wave(60, "squared")
    looks = iter(range(10**6))
    monkeypatch.setattr(clock, "now", lambda: 0.01 * next(looks))
    path = cv.regularization_path(X, y, betas=np.geomspace(1, 1e-3, 2000), time_limit=1.0)
    assert 1 < len(path) < 50
    assert all(s.certified for s in path)
    assert next(looks) < 150
    assert len(cv.regularization_path(X, y, betas=[1.0, 0.1], time_limit=1e-9)) == 1


@pytest.mark.parametrize("loss", ["hinge", "quantile", "quantile(0.9)"])
def test_beta_max_of_a_loss_with_kinks_is_what_all_ramps_give(loss):
    for n, seed in ((3, 0), (7, 1), (30, 2), (31, 3)):
        X, y = wave(n, loss, seed)
        X = np.round(X, 1) if seed == 3 else X
        s = np.random.default_rng(seed).integers(1, 4, n).astype(float)
        away = X[:, 0] - np.unique(X)[:, None]
        term = get_loss(loss).weighted(s)
        duals = term.constant_duals(y, term.best_constant(y))
        least, v = _least_maximum(np.maximum(np.vstack([away, -away]), 0.0), *duals, bias=True)
        assert cv.beta_max(X, y, loss, sample_weight=s) == pytest.approx(least, rel=INDEPENDENT, abs=1e-9)
        assert abs(v.sum()) < 1e-9


def test_beta_max_of_the_hinge_loss_with_many_points_is_where_neurons_begin():
    X, y = wave(3000, "hinge")
    top = cv.beta_max(X, y, "hinge")
    above, below = (cv.solve(X, y, factor * top, "hinge") for factor in (1 + 1e-6, 0.999))
    assert above.network.width == 0
    assert below.network.width > 0
    assert above.certified
    assert below.certified


def test_a_path_of_no_betas_is_refused():
    X, y = wave(5, "squared")
    with pytest.raises(ValueError, match="betas must hold at least one positive number, got none; leave it out"):
        cv.regularization_path(X, y, betas=[])
    with pytest.raises(ValueError, match=r"beta must be a positive number, got -1.0"):
        cv.regularization_path(X, y, betas=[1.0, -1.0])


@pytest.mark.parametrize("X", [np.zeros((4, 1)), np.arange(4.0)[:, None]], ids=["one position", "constant target"])
def test_where_no_neuron_can_help_the_path_is_one_constant(X):
    (solution,) = cv.regularization_path(X, np.full(4, 3.0))
    assert solution.network.width == 0
    assert solution.certified


@pytest.mark.parametrize("loss", LOSS_NAMES)
@pytest.mark.parametrize("n", [40, 400])
def test_a_start_changes_the_way_but_not_the_answer(loss, n):
    X, y = wave(n, loss)
    start = cv.solve(X + 0.01, y, 0.3, loss)
    warm, cold = cv.solve(X, y, 0.2, loss, start=start), cv.solve(X, y, 0.2, loss)
    assert_certified(X, y, 0.2, loss, warm)
    assert warm.objective == pytest.approx(cold.objective, rel=INDEPENDENT)


def test_a_start_from_another_problem_does_no_harm():
    X, y = wave(15, "squared")
    plane = np.column_stack([X[:, 0], 2 * X[:, 0]])
    for start in (cv.solve(X * 1e6, y, 5.0), cv.solve(X, y, 1e9), cv.solve(plane, y, 0.1)):
        assert_certified(X, y, 0.1, "squared", cv.solve(X, y, 0.1, start=start))


@given(problems(losses=["hinge"]))
def test_beta_max_of_the_hinge_loss_is_the_last_beta_with_a_neuron(problem):
    """Above it the best constant, of loss twice the minority, is certified; below it is not."""
    top = cv.beta_max(problem.X, problem.y, "hinge")
    constant = 2.0 * min((problem.y > 0).sum(), (problem.y < 0).sum())
    above = cv.solve(problem.X, problem.y, max(top, 1e-3) * 1.001, "hinge")
    assert above.objective == pytest.approx(constant, rel=GAP)
    if top > 1e-3:
        below = cv.solve(problem.X, problem.y, top * 0.98, "hinge")
        assert below.objective < constant * (1 - GAP)


def test_beta_max_refuses_what_has_none():
    X, y = wave(5, "hinge")
    for loss in CONSTRAINED:
        with pytest.raises(ValueError, match=r"beta_max needs a loss with a beta, got .*; use squared"):
            cv.beta_max(X, y, loss)
    with pytest.raises(ValueError, match="Class labels must be -1 and"):
        cv.beta_max(X, np.arange(5.0), "logistic")


def test_beta_max_is_the_same_along_a_line_in_space():
    X, y = wave(9, "squared")
    direction = np.array([[2.0, -1.0, 2.0]]) / 3
    assert cv.beta_max(X @ direction + 1.0, y) == pytest.approx(cv.beta_max(X, y))
