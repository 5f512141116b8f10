"""Gradient training on exactly our objective, held against scikit-learn's own runs and against the proved optimum."""

import time
import warnings
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import labels, wave
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor
from tolerances import SAME, WEAK_DUALITY

import convexviz as cv
from convexviz.core.dual.certificate import objective
from convexviz.core.numerics.threads import one_thread
from convexviz.core.rivals import descent_film
from convexviz.core.rivals.descent import RATES, SOLVERS, merged, schedule, train, unit_norm

BETA = 0.1
NEAR = 1e-3  # of the optimum, relative: where wide networks end
STUCK = 1e-2  # above the optimum, relative: where some narrow ones end
SCIPYS_TOLERANCE, SCIPYS_MEMORY = 2.2204460492503131e-09, 10
LINE = ("sine", "step", "abs", "three_bands", "interleaved")
PLANE = ("tent2", "xor", "blobs")


@cache
def preset(name):
    """(X, y, loss, certified solution) of a preset with 40 points."""
    data = cv.datasets.load(name, n=40)
    loss = "squared" if data.task == "regression" else "logistic"
    return data.X, data.y, loss, cv.solve(data.X, data.y, BETA, loss)


def theirs(loss, width, seed, solver, **options):
    """scikit-learn's network for the same problem."""
    kind = MLPRegressor if loss == "squared" else MLPClassifier
    return kind(hidden_layer_sizes=(width,), alpha=BETA, solver=solver, random_state=seed, **options)


@pytest.mark.parametrize("loss", ["squared", "logistic"])
def test_lbfgs_is_scikit_learns_when_told_to_stop_like_it(loss, monkeypatch):
    """Iteration for iteration: the same end after k iterations, for every k, and the same objective, divided by n."""
    monkeypatch.setattr(descent_film, "ALL_DIGITS", SCIPYS_TOLERANCE)
    monkeypatch.setattr(descent_film, "MEMORY", SCIPYS_MEMORY)
    X, y = wave(20, loss)
    run = train(X, y, BETA, loss, width=15, seed=3, iterations=40, frames=41)
    assert [snapshot.iteration for snapshot in run.snapshots] == list(range(41))
    for k in (1, 2, 7, 40):
        model = theirs(loss, 15, 3, "lbfgs", max_iter=k, tol=0.0)
        with warnings.catch_warnings(), one_thread():
            warnings.simplefilter("ignore", ConvergenceWarning)  # stopped on purpose
            model.fit(X, y)
        assert run.weight_decay_objectives[k] == pytest.approx(20 * model.loss_, rel=SAME)
        here, there = run.snapshots[k].network, unit_norm(model.coefs_, model.intercepts_)
        np.testing.assert_allclose(here.predict(X), there.predict(X), rtol=SAME, atol=SAME)


@pytest.mark.parametrize("solver", ["adam", "sgd"])
@pytest.mark.parametrize("loss", ["squared", "logistic"])
def test_adam_and_sgd_are_scikit_learns_partial_fit(loss, solver):
    X, y = wave(20, loss)
    run = train(X, y, BETA, loss, width=15, seed=3, solver=solver, iterations=30, frames=31)
    model = theirs(loss, 15, 3, solver, learning_rate_init=RATES[solver], batch_size=20, shuffle=False)
    known = {"classes": [-1.0, 1.0]} if loss == "logistic" else {}
    for k in range(30):
        model.partial_fit(X, y, **known)
        assert run.weight_decay_objectives[k] == pytest.approx(20 * model.loss_, rel=SAME)  # loss_ is that before it
        network = unit_norm(model.coefs_, model.intercepts_)
        np.testing.assert_allclose(run.snapshots[k + 1].network.w, network.w, rtol=SAME)
    assert run.outcome == "iterations"


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("name", ["sine", "blobs"])
def test_a_run_is_consistent_and_reproducible(name, solver):
    X, y, loss, solution = preset(name)
    seen = []
    run = train(X, y, BETA, loss, width=30, seed=5, solver=solver, iterations=400, frames=25, watch=seen.append)
    again = train(X, y, BETA, loss, width=30, seed=5, solver=solver, iterations=400, frames=25)
    np.testing.assert_array_equal(run.objectives, again.objectives)
    other = train(X, y, BETA, loss, width=30, seed=6, solver=solver, iterations=1)
    assert other.objectives[0] != run.objectives[0]

    assert list(run.snapshots) == seen
    at = [snapshot.iteration for snapshot in run.snapshots]
    assert at == sorted(set(at))
    assert (at[0], at[-1], len(run.objectives)) == (0, run.iterations[-1], run.iterations[-1] + 1)
    assert len(at) == 25 or run.converged
    for snapshot in run.snapshots:
        assert snapshot.objective == objective(snapshot.network, X, y, BETA, loss)
        assert snapshot.objective == run.objectives[snapshot.iteration]
    assert (run.objectives <= run.weight_decay_objectives).all()
    assert run.objectives.min() >= solution.lower_bound * (1 - WEAK_DUALITY)
    assert run.objective < 0.5 * run.objectives[0]
    assert run.network is run.snapshots[-1].network
    if solver == "lbfgs":
        assert (np.diff(run.weight_decay_objectives) <= SAME * run.weight_decay_objectives[:-1]).all()


@pytest.mark.parametrize("loss", ["squared", "logistic"])
@pytest.mark.parametrize("d", [1, 2])
def test_all_solvers_set_out_from_scikit_learns_start(loss, d):
    """A start depends on width, seed and dimension, not on the solver, the targets or beta."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(12, d)), labels(rng, 12)
    starts = [train(X, y, 0.1, loss, width=9, seed=4, solver=s, iterations=1).snapshots[0].network for s in SOLVERS]
    starts.append(train(X, -y, 3.0, loss, width=9, seed=4, iterations=1).snapshots[0].network)
    draw, most = np.random.RandomState(4), [np.sqrt(6 / (d + 9)), np.sqrt(6 / 10)]  # Glorot & Bengio, layer by layer
    U, b = draw.uniform(-most[0], most[0], (d, 9)), draw.uniform(-most[0], most[0], 9)
    w, c = draw.uniform(-most[1], most[1], 9), draw.uniform(-most[1], most[1])
    for start in starts:
        np.testing.assert_allclose(start.U, (U / np.linalg.norm(U, axis=0)).T, rtol=SAME)
        np.testing.assert_allclose(start.b, b / np.linalg.norm(U, axis=0), rtol=SAME)
        np.testing.assert_allclose(start.w, w * np.linalg.norm(U, axis=0), rtol=SAME)
        assert start.c == pytest.approx(c, rel=SAME)


@pytest.mark.parametrize("name", LINE + PLANE)
def test_wide_networks_end_at_the_convex_optimum(name):
    X, y, loss, solution = preset(name)
    assert solution.certified
    for seed in range(3):
        run = train(X, y, BETA, loss, width=200, seed=seed, iterations=500)
        assert run.objectives.min() >= solution.lower_bound * (1 - WEAK_DUALITY)
        assert run.objective <= solution.objective * (1 + NEAR)
        # 200 neurons are a handful, as many as the optimum has or twice that, and as good.
        assert run.merged.width <= 2 * solution.network.width + 5
        assert objective(run.merged, X, y, BETA, loss) <= run.objective * (1 + 0.1 * NEAR)


@pytest.mark.parametrize("name", ["sine", "step", "tent2", "blobs"])
def test_narrow_networks_get_stuck(name):
    X, y, loss, solution = preset(name)
    ends = [train(X, y, BETA, loss, width=2, seed=seed).objective for seed in range(3)]
    assert min(ends) >= solution.lower_bound * (1 - WEAK_DUALITY)
    assert max(ends) > solution.objective * (1 + STUCK)


@given(
    n=st.integers(2, 10),
    d=st.integers(1, 2),
    width=st.integers(1, 40),
    seed=st.integers(0, 10**6),
    decades=st.floats(-3, 1),
    loss=st.sampled_from(["squared", "logistic"]),
    solver=st.sampled_from(SOLVERS),
)
@settings(max_examples=30, deadline=None)
def test_no_run_is_ever_below_the_lower_bound(n, d, width, seed, decades, loss, solver):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    y = labels(rng, n) if loss == "logistic" else rng.normal(size=n)
    lower = cv.solve(X, y, 10**decades, loss).lower_bound
    run = train(X, y, 10**decades, loss, width=width, seed=seed, solver=solver, iterations=150)
    assert run.objectives.min() >= lower - WEAK_DUALITY * max(1.0, abs(lower))
    small = merged(run.network, X)
    assert objective(small, X, y, 10**decades, loss) >= lower - WEAK_DUALITY * max(1.0, abs(lower))
    spread = np.ptp(run.network.predict(X)) + run.network.penalty * np.ptp(X)
    np.testing.assert_allclose(small.predict(X), run.network.predict(X), atol=1e-2 * spread)


@pytest.mark.parametrize("solver", SOLVERS)
def test_stop_stops(solver):
    X, y, loss, _ = preset("circles")
    begin = time.perf_counter()
    run = train(
        X, y, BETA, loss, width=100, solver=solver, iterations=10**6, stop=lambda: time.perf_counter() > begin + 0.3
    )
    assert run.outcome == "stopped"
    assert time.perf_counter() - begin < 1.3
    assert run.snapshots[-1].iteration == run.iterations[-1] > 10
    at_once = train(X, y, BETA, loss, width=100, solver=solver, stop=lambda: True)
    assert at_once.outcome == "stopped"
    assert len(at_once.objectives) <= 2


def test_steps_too_long_end_the_run_at_the_last_network_within_bounds():
    X, y = wave(20, "squared")
    for rate in (3.0, 1e200):
        run = train(1e3 * X, y, BETA, width=20, solver="sgd", learning_rate=rate)
        assert run.outcome == "diverged"
        assert np.isfinite(run.objectives).all()
        assert run.objective == run.snapshots[-1].objective


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_strong_decay_leaves_a_constant(solver):
    X, y = wave(12, "squared")
    run = train(X, y, 50.0, width=20, solver=solver, learning_rate=1e-2, iterations=1000)
    assert run.merged.width == 0
    assert run.objective == pytest.approx(12 * y.var() / 2, rel=1e-3)


def test_neurons_without_direction_or_weight_are_no_neurons():
    coefs = [np.array([[3.0, 0.0, 1e-200, 1.0], [4.0, 0.0, 0.0, 0.0]]), np.array([[2.0], [0.5], [1.0], [0.0]])]
    intercepts = [np.array([5.0, 4.0, -1.0, 7.0]), np.array([0.25])]
    network = unit_norm(coefs, intercepts)
    np.testing.assert_allclose(network.U, [[0.6, 0.8]])
    np.testing.assert_allclose([*network.b, *network.w, network.c], [1.0, 10.0, 2.25])


@given(iterations=st.integers(1, 10**5), frames=st.integers(2, 200))
def test_snapshots_are_as_many_as_asked_for_and_grow_apart(iterations, frames):
    chosen = sorted(schedule(iterations, frames))
    assert (chosen[0], chosen[-1], len(chosen)) == (0, iterations, min(frames, iterations + 1))
    assert frames == 2 or chosen[1] - chosen[0] <= max(np.diff(chosen))


@pytest.mark.parametrize(
    ("loss", "why", "instead"),
    [
        ("hinge", "is not among scikit-learn's", "logistic"),
        ("interpolate", "is a constraint, which has no gradient", "squared"),
        ("hard_margin", "is a constraint, which has no gradient", "logistic"),
    ],
)
def test_losses_without_a_race_say_why(loss, why, instead):
    X, y = wave(8, loss)
    with pytest.raises(ValueError, match=f"squared and logistic, got '{loss}', which {why}.*use loss='{instead}'"):
        train(X, y, BETA, loss)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("beta", 0.0, "beta must be a positive number"),
        ("beta", np.inf, "beta must be a positive number"),
        ("width", 0, "width must be a whole number from 1 to"),
        ("width", 2.5, "width must be a whole number from 1 to"),
        ("iterations", 0, "iterations must be"),
        ("frames", 1, "frames must be a whole number from 2 to"),
        ("solver", "newton", "solver must be one of lbfgs, adam, sgd"),
        ("learning_rate", -1.0, "learning_rate must be positive"),
        ("seed", -1, "seed must be a whole number"),
        ("y", np.ones(3), "same number of points"),
    ],
)
def test_options_are_checked(option, value, message):
    X, y = wave(8, "squared")
    with pytest.raises(ValueError, match=message):
        train(**({"X": X, "y": y, "beta": BETA} | {option: value}))
