"""Cross-validated errors are those of networks that have not seen the points, recomputed one by one and by others."""

from __future__ import annotations

import numpy as np
import pytest
from problems import wave
from sklearn.model_selection import GridSearchCV, KFold

import convexviz as cv
from convexviz.core.paths import cross_validation

BETAS = [3.0, 0.3, 0.03]


@pytest.fixture(scope="module")
def checked():
    X, y = wave(40, "squared")
    return X, y, cv.cross_validate(X, y, BETAS, folds=4)


def splits(made):
    """The pairs (train, test) behind the folds."""
    return [(np.flatnonzero(made.folds != k), np.flatnonzero(made.folds == k)) for k in range(len(made.errors))]


def test_the_numbers_are_those_of_a_grid_search_over_the_estimator(checked):
    X, y, made = checked
    search = GridSearchCV(
        cv.ConvexReLURegressor(), {"beta": BETAS}, cv=splits(made), scoring="neg_mean_squared_error"
    ).fit(X, y)
    np.testing.assert_allclose(made.mean, -search.cv_results_["mean_test_score"], rtol=1e-6)
    spread = search.cv_results_["std_test_score"] / np.sqrt(4 - 1)  # which is that with ddof=1 over sqrt(4)
    np.testing.assert_allclose(made.standard_error, spread, rtol=1e-6)
    assert made.best == search.best_params_["beta"]
    assert made.certified


def test_each_error_is_that_of_the_network_of_all_other_folds(checked):
    X, y, made = checked
    train, test = splits(made)[2]
    alone = cv.solve(X[train], y[train], 0.3)
    f = alone.network.predict(X)
    np.testing.assert_allclose(made.predictions[test, 1], f[test], atol=1e-6)
    assert made.errors[2, 1] == pytest.approx(np.mean((f[test] - y[test]) ** 2), rel=1e-6)
    assert made.train_errors[2, 1] == pytest.approx(np.mean((f[train] - y[train]) ** 2), rel=1e-6)
    assert made.neurons[2, 1] == alone.network.width


def test_the_rule_of_one_standard_error_takes_the_largest_beta_that_is_as_good(checked):
    _, _, made = checked
    k = int(np.argmin(made.mean))
    good = made.betas[made.mean <= made.mean[k] + made.standard_error[k]]
    assert made.best == made.betas[k]
    assert made.sparsest_within_one_se == good.max() >= made.best


def test_r_squared_is_that_of_the_predictions_from_outside(checked):
    _, y, made = checked
    left = ((made.predictions - y[:, None]) ** 2).sum(axis=0)
    np.testing.assert_allclose(made.r2, 1 - left / ((y - y.mean()) ** 2).sum())


def test_equal_x_stand_on_one_side_and_equal_seeds_part_alike():
    X, y = wave(30, "squared")
    X = np.round(X, 1)
    one, again, other = (cv.cross_validate(X, y, [1.0], seed=seed).folds for seed in (3, 3, 4))
    assert all(len(set(one[X[:, 0] == x])) == 1 for x in np.unique(X))
    assert set(one) == set(range(5))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


@pytest.mark.parametrize("loss", ["hinge", "logistic", "squared"])
def test_classes_are_counted_and_spread_over_the_folds(loss):
    X, y = wave(40, "hinge")
    made = cv.cross_validate(X, y, [1.0, 0.1], loss, folds=4, classes=True)
    wrong = (made.predictions > 0) != (y[:, None] > 0)
    np.testing.assert_allclose(made.errors[0], wrong[made.folds == 0].mean(axis=0))
    np.testing.assert_allclose(made.accuracy, 1 - wrong.mean(axis=0))
    assert made.measure == "share of points in the wrong class"
    assert all(len(set(y[made.folds == k])) == 2 for k in range(4))


@pytest.mark.parametrize("loss", [cv.Huber(0.3), cv.Quantile(0.8)])
def test_other_losses_are_judged_by_themselves(loss):
    X, y = wave(24, "squared")
    made = cv.cross_validate(X, y, [0.1], loss, folds=3)
    f, there = made.predictions[:, 0], made.folds == 1
    assert made.errors[1, 0] == pytest.approx(loss.parts(f[there], y[there]).mean())
    assert made.measure == "mean loss"


def test_losses_without_a_beta_have_one_column():
    X, y = wave(20, "squared")
    assert cv.cross_validate(X, y, loss="interpolate").errors.shape == (5, 1)


def test_weights_count_in_training_and_in_the_errors():
    X, y = wave(24, "squared")
    s = np.where(np.arange(24) % 3 == 0, 2.0, 1.0)
    s[5] = 0.0
    pairs = list(KFold(3).split(X))
    made = cv.cross_validate(X, y, [0.1], folds=pairs, sample_weight=s)
    train, test = pairs[1]
    f = cv.solve(X[train], y[train], 0.1, sample_weight=s[train]).network.predict(X[test])
    assert made.errors[1, 0] == pytest.approx(np.average((f - y[test]) ** 2, weights=s[test]), rel=1e-6)
    assert made.folds[5] == -1
    assert np.isnan(made.predictions[5]).all()
    assert np.isfinite(made.r2).all()


def test_a_whole_grid_begins_where_the_best_constant_is_optimal():
    X, y = wave(12, "squared")
    told = []
    made = cv.cross_validate(X, y, folds=2, progress=lambda done, total: told.append((done, total)))
    assert made.betas[0] == pytest.approx(cv.beta_max(X, y))
    assert made.betas[-1] == pytest.approx(1e-4 * cv.beta_max(X, y))
    assert told == [(k, 82) for k in range(1, 83)]


def test_a_splitter_of_scikit_learn_is_taken_as_it_is():
    X, y = wave(12, "squared")
    made = cv.cross_validate(X, y, [0.1], folds=KFold(3))
    np.testing.assert_array_equal(made.folds, np.repeat([0, 1, 2], 4))


def test_what_cannot_be_parted_is_refused():
    X, y = wave(6, "squared")
    with pytest.raises(ValueError, match="from 2 to the 6 different x there are, got 7"):
        cv.cross_validate(X, y, [1.0], folds=7)
    with pytest.raises(ValueError, match="a splitter of scikit-learn"):
        cv.cross_validate(X, y, [1.0], folds="five")
    with pytest.raises(ValueError, match="validate each output on its own"):
        cv.cross_validate(X, np.column_stack([y, y]), [1.0])
    with pytest.raises(ValueError, match="progress"):
        cv.cross_validate(X, y, [1.0], progress=3)


def test_on_the_line_it_reads_the_exact_path_and_gets_what_single_solves_give(monkeypatch: pytest.MonkeyPatch) -> None:
    data = cv.datasets.load("sine", n=30, noise=0.2)
    betas = [1.0, 0.1, 0.01]
    exact = cv.cross_validate(data.X, data.y, betas)
    monkeypatch.setattr(cross_validation, "EXACT_POINTS", 0)
    solved = cv.cross_validate(data.X, data.y, betas)
    np.testing.assert_allclose(exact.errors, solved.errors, rtol=1e-6)
    np.testing.assert_array_equal(exact.folds, solved.folds)
    assert exact.certified
    assert solved.certified


def test_a_shape_holds_for_every_network_of_it() -> None:
    x = np.linspace(-1, 1, 24)
    y = x + 0.3 * np.sin(9 * x)
    shaped = cv.cross_validate(x[:, None], y, [0.1, 0.001], shape="increasing", slope=(None, 2.0))
    free = cv.cross_validate(x[:, None], y, [0.1, 0.001])
    assert shaped.certified
    assert shaped.train_errors[:, -1].min() > free.train_errors[:, -1].max()  # the waves cannot be followed
