"""Training with a shape: the dense dictionary in cvxpy, isotonic regression, certificates from scratch, refusals."""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression
from tolerances import GAP, INDEPENDENT, SAME

import convexviz as cv

ASKED = {
    "increasing": {"shape": "increasing"},
    "decreasing": {"shape": "decreasing"},
    "convex": {"shape": "convex"},
    "concave": {"shape": "concave"},
    "both": {"shape": ("increasing", "concave")},
    "affine": {"shape": ("convex", "concave")},
    "bounds": {"slope": (-1.0, 2.0)},
    "steep": {"slope": (0.5, None)},
    "all": {"shape": "convex", "slope": (None, 1.0)},
}
LOSSES = ("squared", "huber", "quantile", "hinge", "logistic")
ROUNDED = 1e-9  # of the largest slope, by which a network may miss its shape


def wavy(n, loss, seed=0):
    """A noisy sine, or labels of one."""
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-1, 1, n))
    y = np.sin(4 * x) + 0.2 * rng.normal(size=n)
    return x, np.where(y > 0, 1.0, -1.0) if loss in ("hinge", "logistic", "hard_margin") else y


def of(shape=None, slope=None):
    """(low, high, convex, concave) of what was asked."""
    names = (shape,) if isinstance(shape, str) else shape or ()
    low, high = [-np.inf if slope is None or slope[0] is None else slope[0], np.inf]
    high = high if slope is None or slope[1] is None else slope[1]
    low, high = max(low, 0.0) if "increasing" in names else low, min(high, 0.0) if "decreasing" in names else high
    return low, high, "convex" in names, "concave" in names


def by_cvxpy(x, y, beta, loss, weight=None, **asked):
    """The optimum over the dense dictionary with the constraints as on paper."""
    knots, where = np.unique(x, return_inverse=True)
    ahead = knots[:, None] - knots[None, :]
    Phi = np.maximum(np.hstack([ahead, -ahead]), 0.0)
    w, c = cp.Variable(Phi.shape[1]), cp.Variable()
    F = Phi @ w + c
    f, s = F[where], np.ones(len(x)) if weight is None else weight
    r, m = y - f, cp.multiply(y, f)
    term = {
        "squared": lambda: 0.5 * cp.sum(cp.multiply(s, cp.square(r))),
        "huber": lambda: cp.sum(cp.multiply(s, 0.5 * cp.huber(r, 1.0))),
        "quantile": lambda: cp.sum(cp.multiply(s, cp.maximum(0.5 * r, -0.5 * r))),
        "hinge": lambda: cp.sum(cp.multiply(s, cp.pos(1 - m))),
        "logistic": lambda: cp.sum(cp.multiply(s, cp.logistic(-m))),
    }[loss]()
    low, high, convex, concave = of(**asked)
    steps = cp.diff(F)
    rows = [steps >= low * np.diff(knots)] * int(np.isfinite(low)) + [steps <= high * np.diff(knots)] * int(
        np.isfinite(high)
    )
    slopes = cp.multiply(steps, 1 / np.diff(knots))
    rows += [cp.diff(slopes) >= 0] * convex + [cp.diff(slopes) <= 0] * concave
    problem = cp.Problem(cp.Minimize(term + beta * cp.norm1(w)), rows)
    problem.solve(solver=cp.CLARABEL)
    return problem.value


def missed_by(network, x, **asked):
    """By how much the function between the first and the last data point misses the shape, relative to its slopes."""
    low, high, convex, concave = of(**asked)
    inside = network.kinks()[(network.kinks() > x.min()) & (network.kinks() < x.max())]
    edges = np.unique(np.concatenate([x, inside]))
    slopes = np.diff(network.predict(edges[:, None])) / np.diff(edges)
    noise = 1e-14 * max(1.0, np.abs(network.predict(edges[:, None])).max()) / np.diff(edges)
    worst = [np.max(low - slopes - noise), np.max(slopes - high - noise)]
    pairs = noise[1:] + noise[:-1]
    worst += [np.max(-np.diff(slopes) - pairs, initial=0.0)] * convex + [
        np.max(np.diff(slopes) - pairs, initial=0.0)
    ] * concave
    return max(0.0, *worst) / max(1.0, np.abs(slopes).max())


def proved(s, x, y, loss, beta, **asked):
    """The lower bound from v and the multipliers, with dense matrices and nothing of the package.

    q = v - A' lambda on the knots; |N_q| <= beta at every kink; then g(v) - lambda.a.
    """
    low, high, convex, concave = of(**asked)
    knots, where = np.unique(x, return_inverse=True)
    N, h = len(knots), np.diff(knots)
    S = (np.eye(N)[1:] - np.eye(N)[:-1]) / h[:, None]
    m = s.multipliers
    up, down = np.maximum(m.slopes, 0.0), np.maximum(-m.slopes, 0.0)
    assert np.isfinite(low) or not up.any()
    assert np.isfinite(high) or not down.any()
    assert convex or not (m.bends > 0).any()
    assert concave or not (m.bends < 0).any()
    # rows A F <= a: low - s <= 0, s - high <= 0, -(s' - s) <= 0, s' - s <= 0
    pull = -S.T @ up + S.T @ down - (S[1:] - S[:-1]).T @ m.bends
    q = np.bincount(where, weights=s.v, minlength=N) - pull
    ahead = knots[None, :] - knots[:, None]
    N_q = np.vstack([np.maximum(ahead, 0), np.maximum(-ahead, 0)]) @ q
    assert abs(s.v.sum()) <= 1e-9 * max(1.0, np.abs(s.v).sum())
    assert np.abs(N_q).max() <= beta * (1 + 1e-7)
    paid = (0.0 if not up.any() else -low * up.sum()) + (0.0 if not down.any() else high * down.sum())
    return cv.LOSSES[loss].dual_value(s.v, y) - paid


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("name", ASKED)
def test_the_optimum_is_that_of_the_dense_dictionary_with_the_same_constraints(name, loss):
    x, y = wavy(25, loss)
    s = cv.solve(x[:, None], y, beta=0.05, loss=loss, **ASKED[name])
    assert s.certified
    assert s.gap <= GAP
    assert s.objective == pytest.approx(by_cvxpy(x, y, 0.05, loss, **ASKED[name]), rel=INDEPENDENT)
    assert missed_by(s.network, x, **ASKED[name]) <= ROUNDED
    assert s.lower_bound == pytest.approx(proved(s, x, y, loss, 0.05, **ASKED[name]), rel=SAME)


@pytest.mark.parametrize("loss", LOSSES)
def test_weights_and_equal_inputs_are_those_of_the_dense_dictionary(loss):
    x, y = wavy(20, loss, 3)
    x[5], x[11] = x[4], x[10]
    weight = np.random.default_rng(1).uniform(0.2, 3, 20)
    asked = {"shape": "convex", "slope": (-1.5, None)}
    s = cv.solve(x[:, None], y, beta=0.1, loss=loss, sample_weight=weight, **asked)
    assert s.certified
    assert s.objective == pytest.approx(by_cvxpy(x, y, 0.1, loss, weight, **asked), rel=INDEPENDENT)
    again = cv.certify(
        s.network, x[:, None], y, 0.1, loss, [s.v], sample_weight=weight, multipliers=[s.multipliers], **asked
    )
    assert again.gap <= GAP
    assert again.lower_bound == pytest.approx(s.lower_bound, rel=1e-8)


@given(
    st.integers(0, 10**6), st.sampled_from(list(ASKED)), st.sampled_from(LOSSES), st.floats(-3, 1), st.integers(1, 12)
)
@settings(max_examples=60, deadline=None)
def test_every_problem_is_certified_and_has_its_shape(seed, name, loss, power, n):
    rng = np.random.default_rng(seed)
    x = np.round(rng.uniform(-2, 2, n), 1)
    y = rng.normal(size=n)
    if loss in ("hinge", "logistic"):
        y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
        x, y = np.append(x, 0.35), np.append(y, -1.0)
    s = cv.solve(x[:, None], y, beta=10**power, loss=loss, **ASKED[name])
    assert s.certified, s
    if len(np.unique(x)) > 1:
        assert missed_by(s.network, x, **ASKED[name]) <= ROUNDED
        assert s.lower_bound == pytest.approx(proved(s, x, y, loss, 10**power, **ASKED[name]), rel=1e-7, abs=1e-9)


def test_at_a_tiny_beta_the_values_are_those_of_isotonic_regression():
    rng = np.random.default_rng(2)
    x = np.sort(rng.uniform(0, 1, 30))
    y = x + 0.3 * rng.normal(size=30)
    s = cv.solve(x[:, None], y, beta=1e-7, shape="increasing")
    assert s.certified
    np.testing.assert_allclose(s.network.predict(x[:, None]), IsotonicRegression().fit_transform(x, y), atol=2e-5)
    down = cv.solve(x[:, None], y, beta=1e-7, shape="decreasing")
    falling = IsotonicRegression(increasing=False).fit_transform(x, y)
    np.testing.assert_allclose(down.network.predict(x[:, None]), falling, atol=2e-5)


@pytest.mark.parametrize("loss", ["squared", "huber", "quantile"])
def test_data_in_the_shape_have_the_same_answer_as_without(loss):
    x = np.linspace(-1, 1, 12)
    free = cv.solve(x[:, None], np.exp(x), beta=0.01, loss=loss)
    shaped = cv.solve(x[:, None], np.exp(x), beta=0.01, loss=loss, shape=("increasing", "convex"), slope=(0, 5))
    assert shaped.objective == pytest.approx(free.objective, rel=INDEPENDENT)


def test_a_shape_never_makes_the_optimum_smaller():
    x, y = wavy(30, "squared", 5)
    free = cv.solve(x[:, None], y, beta=0.05)
    assert all(
        cv.solve(x[:, None], y, beta=0.05, **asked).lower_bound >= free.lower_bound - 1e-9 for asked in ASKED.values()
    )


@pytest.mark.parametrize("asked", [ASKED[name] for name in ("increasing", "decreasing", "convex", "concave", "both")])
@pytest.mark.parametrize("seed", range(4))
def test_the_four_shapes_go_on_beyond_the_data(asked, seed):
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-1, 1, 15))
    y = rng.choice([-3.0, 3.0]) * x + rng.normal(size=15)
    s = cv.solve(x[:, None], y, beta=0.02, **asked)
    assert missed_by(s.network, np.array([-9.0, 9.0]), **asked) <= ROUNDED
    assert s.shaped_everywhere


def test_a_slope_that_excludes_zero_may_end_with_the_data_and_says_so():
    x = np.linspace(0, 1, 9)
    s = cv.solve(x[:, None], 2 * x, beta=1e-3, slope=(1.0, 3.0))
    assert s.certified
    assert missed_by(s.network, x, slope=(1.0, 3.0)) <= ROUNDED
    assert not s.shaped_everywhere  # a neuron that is active on all the data has to end somewhere


@pytest.mark.parametrize("asked", ASKED.values(), ids=list(ASKED))
@pytest.mark.parametrize("n", [1, 2, 3])
def test_one_two_and_three_points(asked, n):
    X, y = np.arange(float(n))[:, None], np.array([0.0, 2.0, 1.0])[:n]
    s = cv.solve(X, y, beta=0.1, **asked)
    assert s.certified
    assert s.shape == ((asked.get("shape"),) if isinstance(asked.get("shape"), str) else asked.get("shape", ()))
    flat = cv.solve(X, np.ones(n), beta=0.1, **asked)
    assert flat.certified
    assert flat.network.width == 0 or of(**asked)[0] > 0


def test_units_and_offsets_change_nothing():
    x, y = wavy(25, "squared", 7)
    s = cv.solve(x[:, None], y, beta=0.05, shape="concave", slope=(-1, 1))
    far = cv.solve(1e6 + 1e3 * x[:, None], 1e4 * y + 1e7, beta=0.05 * 1e4 * 1e3, shape="concave", slope=(-10, 10))
    assert far.certified
    assert far.objective == pytest.approx(1e8 * s.objective, rel=INDEPENDENT)


def test_interpolation_needs_targets_of_the_shape_and_names_where_they_are_not():
    x = np.linspace(-1, 1, 9)
    s = cv.solve(x[:, None], np.abs(x), loss="interpolate", shape="convex", slope=(-1, 1))
    assert s.certified
    assert s.objective == pytest.approx(cv.solve(x[:, None], np.abs(x), loss="interpolate").objective)
    with pytest.raises(cv.Infeasible, match=r"increasing.*x = -1 and -0.75, where the slope is -1"):
        cv.solve(x[:, None], np.abs(x), loss="interpolate", shape="increasing")
    with pytest.raises(cv.Infeasible, match=r"concave.*x = -0.25, 0 and 0.25, where the slope goes from -1 to 1"):
        cv.solve(x[:, None], np.abs(x), loss="interpolate", shape="concave")


def test_a_hard_margin_with_a_shape_is_met_or_the_labels_that_forbid_it_are_named():
    X, y = np.arange(4.0)[:, None], np.array([-1.0, -1.0, 1.0, 1.0])
    s = cv.solve(X, y, loss="hard_margin", shape="increasing")
    assert s.certified
    assert s.objective == pytest.approx(cv.solve(X, y, loss="hard_margin").objective, rel=INDEPENDENT)
    with pytest.raises(cv.Infeasible, match=r"decreasing.*x = 1 \(-1\), x = 2 \(\+1\)|decreasing.*x = 0 \(-1\)"):
        cv.solve(X, y, loss="hard_margin", shape="decreasing")
    with pytest.raises(cv.Infeasible, match=r"concave.*x = 0 \(\+1\), x = 1 \(-1\), x = 2 \(\+1\)"):
        cv.solve(X, np.array([1.0, -1.0, 1.0, 1.0]), loss="hard_margin", shape="concave")
    bounded = cv.solve(X, y, loss="hard_margin", slope=(None, 2.5), shape="convex")
    assert bounded.certified
    with pytest.raises(cv.Infeasible, match="slope at most 1"):
        cv.solve(X, y, loss="hard_margin", slope=(None, 1.0))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"shape": "wavy"}, "shape must be one of increasing, decreasing, convex, concave"),
        ({"shape": 3}, "shape must be one of"),
        ({"slope": (2, 1)}, "slope must have low <= high"),
        ({"slope": (float("nan"), 1)}, "slope must be two numbers"),
        ({"slope": 1.0}, "slope must be two numbers"),
        ({"slope": (1, 2, 3)}, "slope must be two numbers"),
        ({"slope": ("a", 2)}, "slope must be two numbers"),
        ({"slope": (float("inf"), None)}, "slope must have low <= high"),
        ({"shape": "increasing", "slope": (-2, -1)}, "slope must leave room"),
        ({"shape": "convex", "bias": False}, "need bias=True"),
        ({"shape": "convex", "method": "dictionary"}, "need method='auto' or 'spline'"),
    ],
)
def test_what_makes_no_sense_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        cv.solve(np.arange(4.0)[:, None], np.arange(4.0), **options)


def test_more_features_or_outputs_have_no_shape():
    with pytest.raises(ValueError, match="one feature"):
        cv.solve(np.ones((4, 2)), np.arange(4.0), shape="convex")
    with pytest.raises(ValueError, match="one output"):
        cv.solve(np.arange(4.0)[:, None], np.ones((4, 2)), shape="convex")
    column = cv.solve(np.arange(4.0)[:, None], np.array([[0.0], [2.0], [1.0], [3.0]]), shape="increasing")
    assert column.certified
    assert column.v.shape == (4, 1)


def test_no_bounds_are_no_shape():
    X, y = np.arange(4.0)[:, None], np.array([0.0, 2.0, 1.0, 3.0])
    s = cv.solve(X, y, shape="", slope=(None, float("inf")))
    assert (s.shape, s.slope, s.multipliers) == ((), None, None)


def test_a_time_limit_brings_the_cheapest_network_with_its_shape():
    x, y = wavy(200, "squared")
    s = cv.solve(x[:, None], y, beta=0.05, slope=(0.5, 1.0), time_limit=1e-9)
    assert missed_by(s.network, x, slope=(0.5, 1.0)) <= ROUNDED
    assert s.statement == "bounds"


def test_a_certificate_counts_a_violation_of_the_shape():
    X, y = np.array([[0.0], [1.0], [2.0]]), np.array([0.0, 1.0, 0.5])
    free = cv.solve(X, y, beta=0.01)
    judged = cv.certify(free.network, X, y, 0.01, shape="increasing")
    assert judged.objective == np.inf
    assert judged.gap == np.inf
    with pytest.raises(ValueError, match="multipliers"):
        cv.certify(free.network, X, y, 0.01, shape="increasing", multipliers=[cv.Multipliers.none(np.arange(5.0))])


@given(st.integers(0, 10**6), st.sampled_from(list(ASKED)))
@settings(max_examples=40, deadline=None)
def test_any_dual_vector_and_any_multipliers_give_a_valid_bound(seed, name):
    rng = np.random.default_rng(seed)
    x, y = wavy(8, "squared", seed)
    s = cv.solve(x[:, None], y, beta=0.1, **ASKED[name])
    wild = cv.Multipliers(np.unique(x), rng.normal(size=7), rng.normal(size=6))
    bound = cv.certify(s.network, x[:, None], y, 0.1, duals=[rng.normal(size=8)], multipliers=[wild], **ASKED[name])
    assert bound.lower_bound <= s.objective * (1 + SAME)
