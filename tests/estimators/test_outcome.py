"""What an estimator says of a fit: how much is proved, by what, and whether a limit came in between."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from tolerances import GAP

import convexviz as cv
from convexviz.core.numerics import clock
from convexviz.estimators.outputs import method_of, statement_of

STATEMENTS = ("certified optimum", "bounds", "upper bound only")


def bent(n=30, d=2, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, np.abs(X[:, 0]) - np.maximum(X[:, -1], 0.0) + 0.1 * rng.normal(size=n)


def three_classes(X):
    return np.digitize(X[:, 0], [-0.5, 0.5])


def test_a_proved_optimum_says_so_without_a_warning():
    X, y = bent()
    model = cv.ConvexReLURegressor(beta=0.2, max_iter=1000, time_limit=1000.0).fit(X, y)
    solution = model.solution_
    assert (model.statement_, model.method_) == (solution.statement, solution.method)
    assert model.statement_ == "certified optimum"
    assert model.method_ == "cutting planes, exact in the plane"
    assert 1 <= model.n_iter_ < 1000


def test_without_a_proof_there_is_an_upper_bound_and_no_warning():
    """Nothing has stopped it, and no limit would have brought a proof."""
    X, y = bent(d=6)
    model = cv.ConvexReLURegressor(beta=0.5, method="ascent", max_iter=2).fit(X, y)
    assert (model.statement_, model.lower_bound_, model.gap_) == ("upper bound only", -np.inf, np.inf)
    assert not model.certified_


def test_outputs_that_share_neurons_where_no_proof_is_to_be_had():
    """The bound in closed form holds, and never meets the objective: no limit is to blame."""
    X, y = bent(n=60, d=5)
    Y = np.column_stack([y, -y, y**2, np.abs(y), y + 1])
    model = cv.ConvexReLURegressor(beta=0.5, max_iter=1).fit(X, Y)
    assert model.statement_ == "bounds"
    assert model.method_ == model.solution_.method == "cutting planes by ascent, bound in closed form"
    assert -np.inf < model.lower_bound_ < model.objective_


def test_classes_on_their_own_say_what_is_proved_of_their_sum():
    X, _ = bent()
    y = three_classes(X)
    model = cv.ConvexReLUClassifier(0.2).fit(X, y)
    assert (model.statement_, model.method_) == ("certified optimum", "cutting planes, exact in the plane")
    with pytest.warns(ConvergenceWarning, match="max_iter=1 stopped") as caught:
        stopped = cv.ConvexReLUClassifier(0.001, max_iter=1).fit(X, y)
    assert stopped.statement_ == "bounds"
    assert stopped.n_iter_ == 1
    assert len(caught) == 1  # for one fit, not for each class
    assert caught[0].filename == __file__


def test_a_sum_is_proved_as_well_as_its_weakest_part():
    sure = cv.solve([[0.0], [1.0], [2.0]], [0.0, 1.0, 0.0])
    bounded, loose = replace(sure, certified=False), replace(sure, certified=False, lower_bound=-np.inf)
    assert statement_of((sure, sure)) == "certified optimum"
    assert statement_of((sure, bounded)) == "bounds"
    assert statement_of((loose, bounded, sure)) == "upper bound only"


def test_methods_of_outputs_that_differ_are_all_named():
    X = np.linspace(-1, 1, 9)[:, None]
    one = cv.solve(X, X[:, 0] ** 2)
    assert method_of((one, replace(one, method="by hand"), one)) == f"{one.method}; by hand"


@pytest.mark.parametrize("kind", ["regressor", "classifier"])
def test_constraints_that_are_not_met_are_no_fit(kind):
    """Without biases: with them some network that meets the constraints is there at once."""
    X, y = bent(n=40, d=3)
    options = {"bias": False, "max_iter": 1}
    if kind == "regressor":
        model, target, other = cv.ConvexReLURegressor(loss="interpolate", **options), y, "'squared'"
    else:
        model, target, other = cv.ConvexReLUClassifier(loss="hard_margin", **options), y > 0, "'hinge'"
    with pytest.raises(
        cv.SolveError, match=f"max_iter=1 stopped the training too early; raise .* use loss={other}"
    ) as caught:
        model.fit(X, target)
    assert caught.value.status == "constraints not met"
    assert not hasattr(model, "network_")
    met = model.set_params(max_iter=None).fit(X, target)
    assert met.objective_ < np.inf


def test_a_limit_of_time_is_named_when_it_is_used_up(monkeypatch):
    """By a clock that leaps: whatever the solver had by then is taken, with its bounds."""
    X, y = bent(n=60)
    ticks = iter(np.arange(0.0, 1e6, 40.0))
    monkeypatch.setattr(clock, "now", lambda: next(ticks))
    monkeypatch.setattr("time.perf_counter", lambda: next(ticks))
    with pytest.warns(ConvergenceWarning, match="time_limit=100 stopped the training before the optimum was proved"):
        model = cv.ConvexReLURegressor(beta=0.001, time_limit=100.0).fit(X, y)
    assert not model.certified_
    assert model.lower_bound_ <= model.objective_


def test_a_path_warns_for_each_fit_that_was_stopped():
    X, y = bent()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        path = cv.ConvexReLURegressor(max_iter=1).regularization_path(X, y, betas=[1e-3, 1e3])
    assert [model.certified_ for model in path] == [True, False]
    assert [warning.category for warning in caught] == [ConvergenceWarning]


@pytest.mark.parametrize("loss", ["hinge", "logistic", "squared"])
@pytest.mark.parametrize("labels", [2, 3])
def test_every_fit_makes_one_of_three_statements(loss, labels):
    X, y = bent(n=20)
    y = three_classes(X) if labels == 3 else y > 0
    model = cv.ConvexReLUClassifier(0.3, loss).fit(X, y)
    assert model.statement_ == STATEMENTS[0]
    assert model.certified_ == (model.gap_ <= GAP)
