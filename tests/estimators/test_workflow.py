"""In the company of scikit-learn and pandas: pipelines, searches, copies, kinds of input; and what an import costs."""

import doctest
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import make_moons
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tolerances import GAP, SAME

import convexviz as cv
from convexviz import estimators


def bent(n=20):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 2))
    return X, np.abs(X[:, 0]) + 0.1 * rng.normal(size=n)


def test_a_search_finds_a_beta_between_too_little_and_too_much():
    X, y = make_moons(80, noise=0.25, random_state=0)
    betas = [0.001, 0.1, 1.0, 100.0]
    search = GridSearchCV(cv.ConvexReLUClassifier(), {"beta": betas}, cv=4).fit(X, y)
    scores = dict(zip(betas, search.cv_results_["mean_test_score"], strict=True))
    assert search.best_params_["beta"] in (0.1, 1.0)
    assert search.best_score_ > 0.85
    assert search.best_score_ > scores[100.0]  # a constant
    assert search.best_score_ > scores[0.001]  # every point learnt by heart
    assert search.best_estimator_.certified_


def test_a_scaler_in_front_takes_the_units_away():
    X, y = bent()
    scaled = make_pipeline(StandardScaler(), cv.ConvexReLURegressor(beta=0.2, tol=1e-9))
    plain = scaled.fit(X, y).predict(X)
    units = [1e3, 1e-2]
    np.testing.assert_allclose(clone(scaled).fit(X * units, y).predict(X * units), plain, atol=1e-4)
    bare = cv.ConvexReLURegressor(beta=0.2)
    assert np.abs(clone(bare).fit(X * units, y).predict(X * units) - bare.fit(X, y).predict(X)).max() > 0.01


def test_names_of_features_pass_through_a_pipeline():
    X, y = bent()
    frame = pd.DataFrame(X, columns=["height", "width"])
    pipe = make_pipeline(StandardScaler(), cv.ConvexReLURegressor()).set_output(transform="pandas").fit(frame, y)
    np.testing.assert_array_equal(pipe[-1].feature_names_in_, ["height", "width"])
    assert pipe[-1].n_features_in_ == 2
    path = cv.ConvexReLURegressor().regularization_path(frame, y, betas=[1.0, 0.5])
    np.testing.assert_array_equal(path[1].feature_names_in_, ["height", "width"])
    with pytest.raises(ValueError, match="feature names should match"):
        pipe[-1].predict(frame[["width", "height"]])


@pytest.mark.parametrize("kind", ["pandas", "float32", "read-only", "Fortran", "lists", "strided", "integers"])
def test_every_kind_of_input_is_the_same_data(kind):
    X, y = bent()
    X, y = np.round(8 * X), np.round(8 * y)  # numbers that every kind holds exactly
    expected = cv.ConvexReLURegressor(beta=0.5).fit(X, y).predict(X)
    given, targets = X.copy(), y.copy()
    if kind == "pandas":
        given, targets = pd.DataFrame(X, columns=["a", "b"]), pd.Series(y, index=range(100, 100 + len(y)))
    elif kind == "float32":
        given, targets = X.astype(np.float32), y.astype(np.float32)
    elif kind == "read-only":
        given.flags.writeable = targets.flags.writeable = False
    elif kind == "Fortran":
        given = np.asfortranarray(X)
    elif kind == "lists":
        given, targets = X.tolist(), y.tolist()
    elif kind == "strided":
        given, targets = np.repeat(X, 2, axis=0)[::2], np.repeat(y, 2)[::2]
    else:
        given, targets = X.astype(int), y.astype(int)
    model = cv.ConvexReLURegressor(beta=0.5).fit(given, targets)
    np.testing.assert_array_equal(model.predict(given), expected)
    assert model.predict(given).dtype == np.float64


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
def test_pickles_and_clones(loss):
    X, y = make_moons(24, noise=0.1, random_state=0)
    y = np.where(X[:, 0] > 1, 2, y)
    model = cv.ConvexReLUClassifier(0.5, loss, tol=1e-5).fit(X, y)
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.decision_function(X), model.decision_function(X))
    assert again.certified_ is model.certified_ is True
    fresh = clone(model)
    assert fresh.get_params() == model.get_params()
    assert not hasattr(fresh, "network_")
    np.testing.assert_array_equal(fresh.fit(X, y).decision_function(X), model.decision_function(X))


def test_repr_shows_what_was_chosen():
    assert repr(cv.ConvexReLUClassifier(beta=2.0, loss="logistic")) == "ConvexReLUClassifier(beta=2.0, loss='logistic')"
    assert repr(cv.ConvexReLURegressor()) == "ConvexReLURegressor()"


def test_outputs_apart_are_left_to_scikit_learn():
    X, y = bent()
    Y = np.column_stack([y, -y])
    apart = MultiOutputRegressor(cv.ConvexReLURegressor()).fit(X, Y)
    np.testing.assert_array_equal(apart.predict(X)[:, 0], cv.ConvexReLURegressor().fit(X, y).predict(X))
    labels = np.digitize(y, [0.5, 1.0])
    ours = cv.ConvexReLUClassifier(0.5).fit(X, labels)
    theirs = OneVsRestClassifier(cv.ConvexReLUClassifier(0.5)).fit(X, labels)
    np.testing.assert_allclose(ours.decision_function(X), theirs.decision_function(X), atol=100 * SAME)


def test_scores_are_those_of_scikit_learn():
    X, y = bent(40)
    model = cv.ConvexReLURegressor(beta=0.1).fit(X, y)
    residual = np.sum((model.predict(X) - y) ** 2)
    assert model.score(X, y) == pytest.approx(1 - residual / np.sum((y - y.mean()) ** 2), rel=SAME)
    assert (cross_val_score(cv.ConvexReLURegressor(beta=0.1), X, y, cv=4) > 0.5).all()


def test_an_optimum_does_not_depend_on_the_order_of_samples():
    X, y = bent()
    order = np.random.default_rng(3).permutation(len(y))
    one, other = cv.ConvexReLURegressor().fit(X, y), cv.ConvexReLURegressor().fit(X[order], y[order])
    assert one.objective_ == pytest.approx(other.objective_, rel=2 * GAP)


@pytest.mark.parametrize("module", [estimators.regressor, estimators.classifier])
def test_the_examples_in_the_docstrings_hold(module):
    report = doctest.testmod(module)
    assert report.attempted >= 4
    assert report.failed == 0


def test_the_package_brings_the_estimators_when_asked():
    code = (
        "import sys, convexviz as cv; before = 'convexviz.estimators' in sys.modules; "
        "print(before, cv.ConvexReLURegressor.__name__, 'convexviz.estimators' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["False", "ConvexReLURegressor", "True"]
    assert {"ConvexReLURegressor", "ConvexReLUClassifier"} <= set(cv.__all__)
    with pytest.raises(AttributeError, match="module 'convexviz' has no attribute 'ConvexReLUDreamer'"):
        _ = cv.ConvexReLUDreamer
