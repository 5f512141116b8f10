"""All optimal splines: the envelope against linear programs, the sparsest against brute force."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from certificates import CONSTRAINED, assert_certified, objective_of
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import problems, wave
from scipy.optimize import linprog
from tolerances import INSIDE, SAME

import convexviz as cv

RUN = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0])


def penalty_of(x, f):
    s = np.diff(f) / np.diff(x)
    variation = np.abs(np.diff(s)).sum()
    return max(variation, (variation + abs(s[0] + s[-1])) / 2)


def bends_of(network, x):
    """Kinks of the network's function strictly inside the data, by adding up the weights at one position."""
    position = network.kinks()
    inside = (position > x.min()) & (position < x.max())
    places = np.unique(np.round(position[inside], 9))
    total = np.array([network.w[np.abs(position - place) < 1e-8].sum() for place in places])
    scale = np.abs(network.w).max(initial=0.0)
    return places[np.abs(total) > 1e-7 * scale] if len(places) else places


def extremes(x, f, t):
    """(least, greatest) g(t) over networks with g(x) = f, the least penalty, kinks at the data, t or a grid."""
    R = penalty_of(x, f)
    reach = np.ptp(x)
    kinks = np.unique(np.concatenate([x, [t], np.linspace(x.min() - reach / 3, x.max() + reach / 3, 9)]))

    def features(at):
        ahead = np.asarray(at)[:, None] - kinks[None, :]
        return np.maximum(np.hstack([ahead, -ahead]), 0)

    Phi, m = features(x), 2 * len(kinks)
    equal = np.hstack([Phi, -Phi, np.ones((len(x), 1))])
    here = features([t])[0]
    values = []
    for sign in (1.0, -1.0):
        answer = linprog(
            sign * np.concatenate([here, -here, [1.0]]),
            A_ub=np.concatenate([np.ones(2 * m), [0.0]])[None, :],
            b_ub=[R * (1 + 1e-9)],
            A_eq=equal,
            b_eq=f,
            bounds=[(0, None)] * (2 * m) + [(None, None)],
            options={"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9},
        )
        assert answer.status == 0, answer.message
        values.append(sign * answer.fun)
    return values


@st.composite
def splines(draw, most=7):
    """Positions and values (k,) on grids, so that runs of like kinks, straight parts and |D| > TV are common."""
    k = draw(st.integers(2, most))
    gaps = np.array(draw(st.lists(st.integers(1, 4), min_size=k - 1, max_size=k - 1)), float)
    slopes = np.cumsum(draw(st.lists(st.integers(-2, 2), min_size=k - 1, max_size=k - 1))) + draw(st.integers(-8, 8))
    x = np.concatenate([[0.0], np.cumsum(gaps)]) / 4
    return x, np.concatenate([[0.0], np.cumsum(slopes * gaps)]) / 4


def through(x, f):
    """The optimal set of the interpolation problem with these data."""
    solution = cv.solve(x[:, None], f, loss="interpolate")
    return cv.optimal_set(solution.network, x[:, None])


@settings(max_examples=40)
@given(splines(), st.floats(0.02, 0.98))
def test_the_envelope_is_what_linear_programs_reach(spline, where):
    x, f = spline
    t = x[0] + where * np.ptp(x)
    low, high = through(x, f).envelope(np.array([t]))
    least, greatest = extremes(x, f, t)
    room = INSIDE * max(1.0, np.ptp(f))
    assert low[0] == pytest.approx(least, abs=10 * room)
    assert high[0] == pytest.approx(greatest, abs=10 * room)


@pytest.mark.parametrize(
    ("f", "unique"),
    [
        (RUN**2 / 2, False),  # every kink bends the same way
        (np.abs(RUN - 3), True),  # one kink
        (np.array([0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]), True),  # they alternate
        (5 * RUN + np.abs(RUN - 1), False),  # |D| > TV: a neuron active on all data may start in the first interval
        (-5 * RUN + np.abs(RUN - 5), False),  # ... or in the last
        (5 * RUN + np.abs(RUN - 3), True),  # ... but not where the next point is straight
        (2 * RUN + 1, True),  # a line
    ],
    ids=["convex", "one kink", "zigzag", "steep", "steep, falling", "steep, straight", "line"],
)
def test_unique_says_whether_the_envelope_has_width(f, unique):
    found = through(RUN, f)
    t = np.linspace(0, 6, 61)
    low, high = found.envelope(t)
    assert (low <= high + 1e-12).all()
    assert found.unique == unique
    assert (np.abs(high - low).max() <= 1e-9) == unique


@given(splines())
def test_every_member_has_the_same_values_and_the_least_penalty(spline):
    x, f = spline
    found = through(x, f)
    scale = max(1.0, np.abs(f).max())
    for member in (found.connect_the_dots, found.sparsest):
        np.testing.assert_allclose(member.predict(x[:, None]), f, atol=1e-9 * scale)
        assert member.penalty == pytest.approx(penalty_of(x, f), rel=SAME, abs=1e-12)
    t = np.linspace(x[0], x[-1], 80)
    low, high = found.envelope(t)
    for member in (found.connect_the_dots, found.sparsest):
        g = member.predict(t[:, None])
        assert (low - 1e-9 * scale <= g).all()
        assert (g <= high + 1e-9 * scale).all()
    np.testing.assert_allclose(found.connect_the_dots.predict(t[:, None]), np.interp(t, x, f), atol=1e-9 * scale)


@given(splines())
def test_the_outline_is_the_envelope(spline):
    x, f = spline
    found = through(x, f)
    t = np.linspace(x[0], x[-1], 40)
    for (at, values), bound in zip(found.envelope_outline(), found.envelope(t), strict=True):
        assert (np.diff(at) >= 0).all()
        np.testing.assert_allclose(np.interp(t, at, values), bound)


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 8])
def test_a_run_of_k_like_kinks_needs_half_as_many_rounded_up(k):
    x = np.arange(k + 2.0)
    f = x**2 / 2 - (k + 1) * x / 2
    found = through(x, f)
    assert len(bends_of(found.connect_the_dots, x)) == k
    assert len(bends_of(found.sparsest, x)) == (k + 1) // 2


def fewest_kinks(x, f):
    """Least number of kinks of an optimal spline: tries sets of data points and crossings of chords, smallest first."""
    s = np.diff(f) / np.diff(x)
    places = list(x[1:-1])
    for i, j in combinations(range(len(s)), 2):
        if s[i] != s[j]:
            t = (f[j] - f[i] + s[i] * x[i] - s[j] * x[j]) / (s[i] - s[j])
            if x[0] < t < x[-1]:
                places.append(t)
    places, R = np.unique(np.round(places, 12)), penalty_of(x, f)
    for size in range(len(x)):
        for kinks in combinations(places, size):
            basis = np.column_stack([np.ones_like(x), x, *(np.maximum(x - t, 0) for t in kinks)])
            answer = np.linalg.lstsq(basis, f, rcond=None)[0]
            if np.abs(basis @ answer - f).max() > 1e-9:
                continue
            knots = np.array([x[0] - 1, *kinks, x[-1] + 1])
            values = answer[0] + answer[1] * knots
            values = values + sum(w * np.maximum(knots - t, 0) for w, t in zip(answer[2:], kinks, strict=True))
            if penalty_of(knots, values) <= R * (1 + 1e-9) + 1e-12:
                return size
    return len(x)


@settings(max_examples=60)
@given(splines(most=6))
def test_nothing_is_sparser_than_the_sparsest(spline):
    x, f = spline
    found = through(x, f)
    kinks = len(bends_of(found.sparsest, x))
    assert kinks <= len(bends_of(found.connect_the_dots, x))
    assert kinks <= fewest_kinks(x, f)


def fewest_neurons(x, f, most):
    """Least number of neurons of an optimal network, by trying all choices of fewer than `most`; else `most`.

    At the data a ramp with its kink between two data points is a mean of the ramps at these two. So a neuron is two
    weights of one sign on neighbouring ramps, and which choices of neurons do is a question to linear programs. A dual
    vector rules most ramps out: where |N_v| < 1 there is no neuron.
    """
    ramps = np.maximum(np.vstack([x - t for t in x[:-1]] + [t - x for t in x[1:]]), 0.0)
    signed, n = np.vstack([ramps, -ramps]), len(x)
    side = np.repeat([0, 1, 2, 3], n - 1)  # right-active, left-active, and the two with negative weights
    dual = linprog(-f, A_ub=signed, b_ub=np.ones(len(signed)), A_eq=np.ones((1, n)), b_eq=[0.0], bounds=(None, None))
    touching = np.flatnonzero(signed @ dual.x > 1 - 1e-7)
    pairs = [(a, b) for a, b in pairwise(touching) if b == a + 1 and side[a] == side[b]]
    alone = [(a,) for a in touching if not any(a in pair for pair in pairs)]
    R = penalty_of(x, f)
    for size in range(most):
        for choice in combinations([*pairs, *alone], size):
            used = sorted({ramp for neuron in choice for ramp in neuron})
            cost = np.concatenate([np.ones(len(used)), [0.0]])
            columns = np.column_stack([signed[used].T, np.ones(n)])
            bounds = [(0, None)] * len(used) + [(None, None)]
            answer = linprog(cost, A_eq=columns, b_eq=f, bounds=bounds)
            if answer.status == 0 and answer.fun <= R * (1 + 1e-7) + 1e-12:
                return size
    return most


@st.composite
def shaken(draw, most=7):
    """Splines on grids, where sums of kinks coincide, and the same with values that are no whole numbers."""
    x, f = draw(splines(most))
    return x, f + draw(st.sampled_from([0.0, 0.02])) * np.random.default_rng(len(x)).normal(size=len(x))


@settings(max_examples=80)
@given(shaken())
def test_no_optimal_network_has_fewer_neurons_than_the_sparsest(spline):
    x, f = spline
    found = through(x, f)
    width = found.sparsest.width
    assert width <= found.connect_the_dots.width
    assert width == fewest_neurons(x, f, width)


SQUARE = np.linspace(-1, 1, 9)


@pytest.mark.parametrize(
    ("x", "f", "width"),
    [
        (SQUARE, SQUARE**2, 4),  # seven bends, three on each side of a level piece and one on both
        (RUN, RUN**2, 3),  # steep: six bends with that of the neuron active on all the data
        (RUN, 5 * RUN + np.abs(RUN - 3), 2),  # steep, one kink inside: nothing to join
        (RUN, 5 * RUN + np.abs(RUN - 1), 1),  # ... the kink and that neuron are one, inside the first interval
        (RUN, -5 * RUN - np.abs(RUN - 5) + 2 * np.abs(RUN - 3), 3),
        (RUN, 2 * RUN + 1, 1),
        (RUN, np.ones(7), 0),
        (np.arange(6.0), np.array([0.0, 1.0, 4.0, 6.0, 8.0, 9.0]), 3),  # no level piece, but one of the kinks is -1
        (np.arange(4.0), np.array([0.0, 1.0, 4.0, 5.0]), 3),  # kinks 2 and -2 do not add up to -1: one is shared
    ],
)
def test_the_sparsest_of_known_shapes(x, f, width):
    found = through(x, f)
    assert found.sparsest.width == width
    assert fewest_neurons(x, f, width) == width


@pytest.mark.parametrize("n", [60, 61, 62])
def test_a_long_run_with_a_level_place_needs_no_neuron_more_than_kinks(n):
    x = np.linspace(-1, 1.5, n)
    found = through(x, np.exp(x) - x)
    kinks = len(bends_of(found.sparsest, x))
    assert kinks == (n - 1) // 2
    assert found.sparsest.width - kinks == (0 if n % 2 else 1)


@given(problems())
def test_both_members_of_a_solution_are_certified(problem):
    solution = cv.solve(problem.X, problem.y, problem.beta, problem.loss)
    found = cv.optimal_set(solution.network, problem.X)
    beta = 1.0 if problem.loss in CONSTRAINED else problem.beta
    for member in (found.connect_the_dots, found.sparsest):
        certificate = cv.certify(member, problem.X, problem.y, problem.beta, problem.loss, duals=[solution.v])
        assert certificate.holds(1e-6)
        objective = objective_of(problem.X, problem.y, beta, problem.loss, member.U, member.b, member.w, member.c)
        assert objective == pytest.approx(solution.objective, rel=1e-7)
    assert_certified(problem.X, problem.y, problem.beta, problem.loss, solution)


def test_near_points_and_large_units_keep_the_members_optimal():
    for unit in (1e-6, 1.0, 1e6):
        X, y = wave(40, "squared")
        X[1::2] = X[::2] + 1e-7
        solution = cv.solve(unit * X, y, unit * 0.1)
        found = cv.optimal_set(solution.network, unit * X)
        for member in (found.connect_the_dots, found.sparsest):
            assert cv.certify(member, unit * X, y, unit * 0.1).holds(1e-6)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.zeros((3, 1)), "at least two distinct values, got 1; add a point"),
        (np.zeros((3, 2)), r"X must have shape \(n, 1\), got \(3, 2\); .* line only"),
        (np.zeros(3), r"X must have shape \(n, d\), got \(3,\); use X.reshape"),
    ],
)
def test_other_data_are_refused(X, message):
    with pytest.raises(ValueError, match=message):
        cv.optimal_set(cv.ReLUNetwork.constant(0.0, 1), X)


def test_outside_the_data_there_is_no_envelope():
    found = through(RUN, RUN**2)
    with pytest.raises(ValueError, match=r"t must lie within the data, \[0, 6\]; got \[-1, 2\]"):
        found.envelope(np.array([-1.0, 2.0]))
    assert found.envelope(np.array([]))[0].shape == (0,)
