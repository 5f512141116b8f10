"""Beyond the plane: oracles of the ladder against each other, against all patterns, and against trained networks."""

import warnings

import numpy as np
import pytest
from certificates import CONSTRAINED, LABELS, LOSS_NAMES
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor
from tolerances import GAP, INDEPENDENT

import convexviz as cv
from convexviz.core import ladder
from convexviz.core.certificate import objective
from convexviz.core.threads import one_thread

AGREE = 3 * GAP  # two certified optima of one value


def cloud(n, d, loss="squared", seed=0):
    """Points in d dimensions with a bent target, or labels."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    y = np.abs(X[:, 0]) - X[:, 1] + 0.1 * rng.normal(size=n)
    return X, np.where(y > np.median(y), 1.0, -1.0) if loss in LABELS else y


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_space_and_branch_and_bound_agree_in_three_dimensions(loss):
    X, y = cloud(12, 3, loss)
    sweep, tree = (cv.solve(X, y, 0.2, loss, method=method) for method in ("space", "branch_and_bound"))
    assert sweep.certified
    assert tree.certified
    assert tree.objective == pytest.approx(sweep.objective, rel=AGREE)
    assert "three dimensions" in sweep.method
    assert "branch and bound" in tree.method


@pytest.mark.parametrize("d", [4, 6])
def test_few_points_in_many_dimensions_are_proved(d):
    X, y = cloud(12, d, seed=1)
    solution = cv.solve(X, y, 0.3)
    assert solution.certified
    assert "branch and bound" in solution.method
    assert objective(solution.network, X, y, 0.3, "squared") == pytest.approx(solution.objective)


def test_the_patterns_and_the_tree_agree_without_biases():
    X, y = cloud(8, 4, seed=2)
    patterns, tree = (cv.solve(X, y, 0.2, bias=False, method=method) for method in ("patterns", "branch_and_bound"))
    assert patterns.certified
    assert tree.certified
    assert tree.objective == pytest.approx(patterns.objective, rel=AGREE)


def test_without_a_proof_there_is_an_upper_bound_and_nothing_else_is_claimed():
    X, y = cloud(90, 5)
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
        (500, 3, True, "ascent"),
        (500, 10, True, "ascent"),
    ],
)
def test_the_strongest_that_the_data_can_afford_is_picked(n, rank, bias, name):
    assert ladder.pick(ladder.Problem(n, rank, bias)).name == name


@pytest.mark.parametrize("loss", sorted(set(LOSS_NAMES) - set(CONSTRAINED)))
def test_at_beta_max_the_last_neuron_leaves_in_any_dimension(loss):
    X, y = cloud(15, 3, loss, seed=4)
    top = cv.beta_max(X, y, loss)
    above, below = (cv.solve(X, y, share * top, loss) for share in (1.001, 0.9))
    assert above.certified
    assert below.certified
    assert (above.network.width, below.network.width > 0) == (0, True)


@pytest.mark.parametrize("d", range(1, 9))
def test_no_trained_network_ends_below_a_lower_bound(d):
    """50 problems in all: d from 1 to 8, n from 6 to 12, widths, seeds and solvers of scikit-learn's MLP."""
    for case in range(6 + (d <= 2)):
        X, y = cloud(6 + case, d if d > 1 else 2, seed=100 * d + case)
        X = X[:, :d]
        beta = (0.05, 0.3)[case % 2]
        solution = cv.solve(X, y, beta, time_limit=0.5)
        width = (3, 10, 100)[case % 3]
        mlp = MLPRegressor(hidden_layer_sizes=(width,), alpha=beta, solver="lbfgs", max_iter=300, random_state=case)
        with warnings.catch_warnings(), one_thread():
            warnings.simplefilter("ignore", ConvergenceWarning)  # where it stops does not matter here
            mlp.fit(X, y)
        net = cv.ReLUNetwork.normalized(
            mlp.coefs_[0].T, mlp.intercepts_[0], mlp.coefs_[1][:, 0], float(mlp.intercepts_[1][0])
        )
        assert objective(net, X, y, beta, "squared") >= solution.lower_bound * (1 - 1e-9)
        assert solution.lower_bound <= solution.objective * (1 + 1e-9)
