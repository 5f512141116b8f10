"""The exact path: one homotopy gives what a solve at every beta would, and says where kinks are born and die."""

import pickle
import warnings
from itertools import pairwise

import numpy as np
import pytest
from certificates import assert_certified
from hypothesis import given
from hypothesis import strategies as st
from problems import wave
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import lars_path

import convexviz as cv
from convexviz.core.dual.certificate import objective
from convexviz.core.line.dictionary import line_dictionary
from convexviz.core.paths import homotopy

AGREES = 1e-9  # relative: objectives and values of two exact routes
SEEN = 1e-7  # values on the data, relative to their range: where the objective is flat, solves differ by more


def agrees(X, y, path, beta, weight=None):
    """The path's solution is certified, and that of `solve`."""
    mine, other = path.at(beta), cv.solve(X, y, beta, sample_weight=weight)
    assert mine.gap <= AGREES
    assert mine.objective == pytest.approx(other.objective, rel=AGREES, abs=1e-300)
    size = np.ptp(y) if np.ptp(y) > 0 else 1.0
    np.testing.assert_allclose(mine.network.predict(X), other.network.predict(X), atol=SEEN * size)


def test_fifty_random_betas_are_those_of_solve():
    X, y = wave(40, "squared")
    path, rng = cv.exact_path(X, y), np.random.default_rng(1)
    assert path.restarts == 0
    for beta in path.beta_max * 10 ** rng.uniform(-4, 0.1, 50):
        mine, other = path.at(beta), cv.solve(X, y, beta)
        assert_certified(X, y, beta, "squared", mine)
        assert mine.objective == pytest.approx(other.objective, rel=AGREES)
        np.testing.assert_allclose(mine.network.predict(X), other.network.predict(X), rtol=0, atol=AGREES * np.ptp(y))


def test_every_breakpoint_is_certified_and_f_is_linear_between_two():
    X, y = wave(40, "squared", seed=3)
    path = cv.exact_path(X, y)
    assert path.betas[0] == pytest.approx(cv.beta_max(X, y), rel=1e-12)
    assert len(path) == len(path.betas) > 40
    assert (np.diff(path.betas) < 0).all()
    for high, low in pairwise(path.betas):
        ends = [path.at(beta) for beta in (high, low)]
        assert max(s.gap for s in ends) <= AGREES
        middle = path.at(0.25 * high + 0.75 * low)
        assert middle.gap <= AGREES
        f = [s.network.predict(X) for s in ends]
        np.testing.assert_allclose(middle.network.predict(X), 0.25 * f[0] + 0.75 * f[1], atol=1e-10)


def test_what_the_events_say_is_seen_in_the_networks():
    """Between two breakpoints the kinks are those born and not dead; their number and signs are the network's."""
    X, y = wave(30, "squared", seed=5)
    path = cv.exact_path(X, y)
    assert sum(event.kind == "dies" for event in path.events) > 3
    for high, low in pairwise(path.betas):
        middle = float(np.sqrt(high * low))
        alive = [kink for kink in path.kinks if kink.born >= high and kink.died <= low]
        network = path.at(middle).network
        places = np.unique(np.concatenate([network.kinks(), X[:, 0].min(keepdims=True)]))[1:]
        np.testing.assert_allclose(places, sorted(kink.x for kink in alive), atol=1e-12)
        step = 1e-7
        for kink in alive:
            f = network.predict(np.array([[kink.x - step], [kink.x], [kink.x + step]]))
            assert np.sign(f[0] - 2 * f[1] + f[2]) == kink.sign
        assert path.neurons(middle) == network.width
    last = path.events[-1]
    assert last.neurons == path.neurons(path.end) == path.at(path.end).network.width


def test_the_optimum_is_concave_along_the_path_and_neurons_leave():
    X, y = wave(25, "squared", seed=2)
    path = cv.exact_path(X, y)
    betas = np.linspace(path.betas[-1], 1.1 * path.beta_max, 60)
    P = np.array([path.at(beta).objective for beta in betas])
    assert (np.diff(P) >= -AGREES * P[1:]).all()
    assert (np.diff(P, 2) <= AGREES * P[1:-1]).all()
    weights = np.array([path.at(beta).network.penalty for beta in betas])
    assert (np.diff(weights) <= AGREES * weights.max()).all()
    counts = [event.neurons for event in path.events]
    assert min(np.diff(counts)) < 0


@st.composite
def lattices(draw):
    """Ties of every kind: equal x, equal y, equal gaps, collinear points, mirror images; weights; offsets."""
    n = draw(st.integers(1, 12))
    steps = st.integers(-4, 4)
    x = np.array(draw(st.lists(steps, min_size=n, max_size=n)), float)
    y = np.array(draw(st.lists(steps, min_size=n, max_size=n)), float)
    if draw(st.booleans()):
        x, y = np.concatenate([x, -x]), np.concatenate([y, y])
    weight = np.array(draw(st.lists(st.integers(0, 3), min_size=len(x), max_size=len(x))), float)
    weight[0] += 1.0
    shift = draw(st.sampled_from([0.0, 2e4, 1e6]))
    return (x + shift)[:, None], y + draw(st.sampled_from([0.0, 1e6])), weight if draw(st.booleans()) else None


@given(lattices(), st.floats(0.001, 1.2))
def test_ties_of_every_kind_are_followed_to_the_end(problem, share):
    X, y, weight = problem
    path = cv.exact_path(X, y, sample_weight=weight)
    agrees(X, y, path, max(share * path.beta_max, 1e-3), weight)
    for beta in path.betas:
        assert path.at(beta).gap <= 1e-8
    if len(path):
        assert path.end <= 1e-8 * path.beta_max


@given(st.integers(2, 25), st.integers(0, 10**6), st.floats(1e-3, 1.0))
def test_random_points_are_followed_without_a_restart(n, seed, share):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(n, 1)), rng.normal(size=n)
    path = cv.exact_path(X, y)
    assert path.restarts == 0
    agrees(X, y, path, share * path.beta_max)


@pytest.mark.parametrize(
    ("X", "y"),
    [([[0.3]], [2.0]), ([[1.0]] * 3, [1.0, 2.0, 4.0]), ([[0.0], [1.0], [3.0]], [0.1] * 3)],
    ids=["one point", "one place", "equal targets"],
)
def test_where_a_constant_is_best_there_is_no_breakpoint(X, y):
    path = cv.exact_path(X, y)
    assert (len(path), path.beta_max, path.events, path.kinks) == (0, 0.0, (), ())
    assert path.at(0.2).network.width == 0
    assert "constant" in repr(path)


def test_two_points_bring_a_line_and_three_a_kink():
    two = cv.exact_path([[0.0], [1.0]], [0.0, 1.0])
    assert [event.kind for event in two.events] == ["regime"]
    assert two.events[0].neurons == 1
    three = cv.exact_path([[0.0], [1.0], [2.0]], [0.0, 1.0, 0.0])
    assert [(event.kind, event.x, event.sign) for event in three.events if event.kind == "born"] == [("born", 1.0, -1)]


def test_points_on_a_line_in_space_are_points_on_a_line():
    X, y = wave(15, "squared")
    lifted = X @ np.array([[3.0, -4.0]]) / 5 + 7.0
    flat, path = cv.exact_path(X, y), cv.exact_path(lifted, y)
    np.testing.assert_allclose(path.betas, flat.betas, rtol=1e-9)
    assert [event.point for event in path.events] == [event.point for event in flat.events]
    agrees(lifted, y, path, 0.1)
    with pytest.raises(ValueError, match="rank 2"):
        cv.exact_path(np.random.default_rng(0).normal(size=(9, 2)), np.arange(9.0))


def test_weights_are_points_repeated_and_units_are_carried_along():
    X, y = wave(12, "squared")
    weight = np.array([1, 2, 0, 3] * 3)
    path, repeated = cv.exact_path(X, y, weight), cv.exact_path(np.repeat(X, weight, axis=0), np.repeat(y, weight))
    np.testing.assert_allclose(path.betas, repeated.betas, rtol=1e-9)
    assert all(weight[event.point] > 0 for event in path.events if event.point >= 0)
    plain = cv.exact_path(X, y)
    scaled = cv.exact_path(1e5 * X + 3e6, 1e-3 * y + 50.0)
    np.testing.assert_allclose(scaled.betas[:-3], 1e2 * plain.betas[:-3], rtol=1e-5)
    agrees(1e5 * X + 3e6, 1e-3 * y + 50.0, scaled, float(scaled.betas[2]))


def test_it_ends_where_it_is_told_to_and_solves_beyond():
    X, y = wave(30, "squared")
    whole = cv.exact_path(X, y)
    part = cv.exact_path(X, y, least=0.05)
    assert part.end == pytest.approx(0.05)
    np.testing.assert_array_equal(part.betas, whole.betas[whole.betas > 0.05])
    agrees(X, y, part, 0.01)
    asked = iter([False, False, True])
    stopped = cv.exact_path(X, y, stop=lambda: next(asked))
    assert len(stopped) == 2
    assert stopped.end == pytest.approx(whole.betas[2])
    for bad in ({"least": 0.0}, {"stop": 3}):
        with pytest.raises(ValueError, match="must"):
            cv.exact_path(X, y, **bad)
    with pytest.raises(ValueError, match="one column"):
        cv.exact_path(X, np.column_stack([y, y]))
    with pytest.raises(ValueError, match="beta must"):
        whole.at(-1.0)


def test_networks_without_proof_are_those_with_it_and_a_path_can_be_pickled():
    X, y = wave(20, "squared")
    path = pickle.loads(pickle.dumps(cv.exact_path(X, y)))
    for beta in (0.03, 0.5, 1.5 * path.beta_max):
        np.testing.assert_allclose(path.network(beta).predict(X), path.at(beta).network.predict(X), atol=1e-12)


def test_a_path_that_is_lost_goes_on_from_a_solve_and_one_lost_for_good_says_where(monkeypatch):
    X, y = wave(20, "squared")
    whole, turns = cv.exact_path(X, y), iter(range(10**6))
    after = homotopy.Piece.next_change

    def mistaken(self, above):
        beta, following = after(self, above)
        return beta, self.contacts.born(7, -1.0) if next(turns) == 4 else following

    monkeypatch.setattr(homotopy.Piece, "next_change", mistaken)
    path = cv.exact_path(X, y)
    assert path.restarts == 1
    np.testing.assert_allclose(path.betas[6:], whole.betas[6:], rtol=1e-9)
    turns = iter(range(10**6))
    monkeypatch.setattr(homotopy, "MOST_RESTARTS", 0)
    lost = cv.exact_path(X, y)
    assert lost.end == pytest.approx(lost.betas[-1])
    agrees(X, y, lost, 0.1 * lost.end)


def test_the_homotopy_of_least_angles_is_lost_among_columns_that_are_nearly_parallel():
    """On the ramps at the data `lars_path` begins at the optimum, and ends at more than twice its objective."""
    X, y = wave(100, "squared", noise=0.1)
    exact = cv.exact_path(X, y)
    top, excess = cv.beta_max(X, y), []
    u, b = line_dictionary(X[:, 0], bias=True)
    Phi = np.maximum(u * X + b, 0.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it says itself that it drops columns
        alphas, _, weights = lars_path(Phi - Phi.mean(axis=0), y - y.mean(), method="lasso", alpha_min=1e-4 * top / 100)
    for beta, w in zip(alphas * len(y), weights.T, strict=True):
        network = cv.ReLUNetwork(u[:, None], b, w, float(y.mean() - Phi.mean(axis=0) @ w))
        excess.append(objective(network, X, y, beta, "squared") / exact.at(beta).objective - 1)
    assert max(excess[:4]) < AGREES  # the same problem, as long as there are few columns
    assert excess[-1] > 1


def test_stops_show_every_state_once_and_the_staircase_every_change():
    X, y = wave(30, "squared", seed=5)
    path = cv.exact_path(X, y)
    stops = path.stops(depth=1e-2, most=200)
    betas, counts = path.staircase(depth=1e-2)
    assert stops[0] > path.beta_max > stops[1]
    assert stops[-1] == betas[-1] == pytest.approx(1e-2 * path.beta_max)
    assert [path.at(beta).network.width for beta in stops] == counts[:-1].tolist()
    assert (np.diff(betas) < 0).all()
    few = path.stops(depth=1e-2, most=7)
    assert len(few) == 7
    assert set(few) < set(stops)
    assert cv.exact_path([[0.0], [1.0]], [2.0, 2.0]).stops() == [1.0]
    for bad in ({"depth": 1.0}, {"most": 1}):
        with pytest.raises(ValueError, match="must"):
            path.stops(**bad)


def test_the_lines_are_the_kinks_of_the_networks_from_birth_to_death():
    X, y = wave(25, "squared", seed=2)
    X, y = 30.0 * X + 1000.0, 1e3 * y
    path = cv.exact_path(X, y)
    lines, rng = path.lines(depth=1e-2), np.random.default_rng(0)
    born = [kink for kink in path.kinks if kink.born > 1e-2 * path.beta_max]
    assert len(lines) == len(born)
    for kink, (betas, changes) in zip(born, lines, strict=True):
        assert betas[0] == kink.born
        assert changes[0] == 0.0
        assert (kink.sign * changes[1:-1] > 0).all()
        if kink.died > betas[-1] or betas[-1] == kink.died:
            assert changes[-1] == pytest.approx(0.0, abs=1e-9 * np.abs(changes).max())
        beta = float(rng.uniform(betas[-1], betas[0]))
        near = np.array([[kink.x - 1e-3], [kink.x], [kink.x + 1e-3]])
        f = path.at(beta).network.predict(near)
        seen = np.interp(beta, betas[::-1], changes[::-1])
        assert (f[0] - 2 * f[1] + f[2]) / 1e-3 == pytest.approx(seen, rel=1e-5, abs=1e-5)
