"""Beyond the plane: which rung of the ladder is climbed, what it then claims, and that no trained network belies it."""

import warnings

import numpy as np
import pytest
from certificates import CONSTRAINED, LABELS, LOSS_NAMES
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor
from tolerances import INDEPENDENT, WEAK_DUALITY

import convexviz as cv
from convexviz.core.dual.certificate import objective
from convexviz.core.ladder import rungs as ladder
from convexviz.core.numerics.threads import one_thread


def cloud(n, d, loss="squared", seed=0):
    """Points in d dimensions with a bent target, or labels."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    y = np.abs(X[:, 0]) - X[:, 1] + 0.1 * rng.normal(size=n)
    return X, np.where(y > np.median(y), 1.0, -1.0) if loss in LABELS else y


@pytest.mark.parametrize("d", [4, 6])
def test_few_points_in_many_dimensions_are_proved(d):
    X, y = cloud(12, d, seed=1)
    solution = cv.solve(X, y, 0.3)
    assert solution.certified
    assert "branch and bound" in solution.method
    assert objective(solution.network, X, y, 0.3, "squared") == pytest.approx(solution.objective)


def test_without_a_proof_there_is_an_upper_bound_and_nothing_else_is_claimed():
    X, y = cloud(61, 5)
    solution = cv.solve(X, y, 0.5)
    assert "ascent" in solution.method
    assert solution.lower_bound == -np.inf
    assert solution.gap == np.inf
    assert not solution.certified
    assert solution.objective < objective(cv.ReLUNetwork.constant(y.mean(), 5), X, y, 0.5, "squared")


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_ascent_ends_at_the_optimum_of_the_plane_mostly(loss):
    X, y = cloud(25, 2, loss, seed=3)
    exact, hopeful = (cv.solve(X, y, 0.2, loss, method=method) for method in ("sweep", "ascent"))
    assert not hopeful.certified
    assert exact.lower_bound <= hopeful.objective * (1 + INDEPENDENT)
    assert hopeful.objective == pytest.approx(exact.objective, rel=1e-2)


def test_a_rung_that_does_not_fit_is_refused_with_its_reason():
    X, y = cloud(20, 4)
    with pytest.raises(
        ValueError, match=r"method must be one of auto, .*got 'space'; it needs biases and data of rank 3"
    ):
        cv.solve(X, y, method="space")
    with pytest.raises(ValueError, match=r"got 'patterns'; it needs bias=False"):
        cv.solve(X, y, method="patterns")


@pytest.mark.parametrize(
    ("n", "rank", "bias", "name"),
    [
        (500, 2, True, "sweep"),
        (500, 2, False, "sweep"),
        (50, 3, True, "space"),
        (8, 5, False, "patterns"),
        (30, 6, True, "branch_and_bound"),
        (200, 3, True, "space"),
        (400, 3, True, "ascent"),
        (500, 10, True, "ascent"),
    ],
)
def test_the_strongest_that_the_data_can_afford_is_picked(n, rank, bias, name):
    assert ladder.pick(ladder.Problem(n, rank, bias)).name == name


@pytest.mark.parametrize(
    ("n", "rank", "bias", "limit", "name"),
    [
        (12, 5, True, 0.5, "branch_and_bound"),
        (12, 5, True, 0.01, "ascent"),  # shorter than the first bounds take
        (120, 3, True, 1.0, "space"),
        (120, 3, True, 0.1, "ascent"),
        (400, 3, True, 5.0, "ascent"),
        (400, 3, True, 600.0, "space"),  # time for all the rounds, though nobody waits so long unasked
        (8, 5, False, 0.1, "patterns"),
        (8, 5, False, 0.001, "ascent"),
        (500, 2, True, 1e-4, "sweep"),  # nothing fits, and this is the quickest
        (500, 2, False, 1e-4, "sweep"),
    ],
)
def test_what_a_time_limit_does_not_allow_is_not_picked(n, rank, bias, limit, name):
    assert ladder.pick(ladder.Problem(n, rank, bias), limit).name == name


def test_the_statement_is_the_strongest_that_the_time_allows():
    X, y = cloud(12, 5, seed=7)
    hurried, patient = (cv.solve(X, y, 0.3, time_limit=limit) for limit in (0.01, None))
    assert "ascent" in hurried.method
    assert hurried.statement == "upper bound only"
    assert "branch and bound" in patient.method
    assert patient.statement == "certified optimum"
    assert patient.lower_bound <= hurried.objective * (1 + INDEPENDENT)
    X, y = cloud(50, 8, seed=8)
    between = cv.solve(X, y, 0.3, time_limit=0.6)
    assert between.statement == "bounds"
    assert 0.0 < between.lower_bound < between.objective


@pytest.mark.parametrize("loss", sorted(set(LOSS_NAMES) - set(CONSTRAINED)))
def test_at_beta_max_the_last_neuron_leaves_in_any_dimension(loss):
    X, y = cloud(15, 3, loss, seed=4)
    top = cv.beta_max(X, y, loss)
    above, below = (cv.solve(X, y, share * top, loss) for share in (1.001, 0.9))
    assert above.certified
    assert below.certified
    assert (above.network.width, below.network.width > 0) == (0, True)


def trained_network(X, y, beta, loss, width, solver, seed):
    """scikit-learn's network of this width after training, as one of unit directions."""
    estimator = MLPClassifier if loss == "logistic" else MLPRegressor
    steps = {"max_iter": 300} if solver == "lbfgs" else {"max_iter": 150, "learning_rate_init": 0.02}
    mlp = estimator(hidden_layer_sizes=(width,), alpha=beta, solver=solver, random_state=seed, **steps)
    with warnings.catch_warnings(), one_thread():
        warnings.simplefilter("ignore", ConvergenceWarning)  # where it stops does not matter here
        mlp.fit(X, y)
    return cv.ReLUNetwork.normalized(
        mlp.coefs_[0].T, mlp.intercepts_[0], mlp.coefs_[1][:, 0], float(mlp.intercepts_[1][0])
    )


@pytest.mark.parametrize("d", range(1, 9))
def test_no_trained_network_ends_below_a_lower_bound(d):
    """50 problems in all: d from 1 to 8, n from 6 to 12, MLPRegressor and MLPClassifier in turn, of three widths."""
    for case in range(6 + (d <= 2)):
        loss = ("squared", "logistic")[case % 2]
        X, y = cloud(6 + case, d if d > 1 else 2, loss, seed=100 * d + case)
        X, beta = X[:, :d], (0.05, 0.3)[case // 2 % 2]
        solution = cv.solve(X, y, beta, loss, time_limit=0.3)
        assert np.isfinite(solution.lower_bound)
        assert solution.lower_bound <= solution.objective * (1 + WEAK_DUALITY)
        for width, solver in zip((3, 10, 100), ("lbfgs", "adam", "lbfgs", "sgd")[case % 2 :], strict=False):
            net = trained_network(X, y, beta, loss, width, solver, seed=case)
            value = objective(net, X, y, beta, loss)
            assert value >= solution.lower_bound * (1 - WEAK_DUALITY), f"{loss}, width {width}, {solver}"
