"""What `convexviz.core.losses.base` asks of every loss, asked of every loss there is and of some with parameters."""

import pickle
from dataclasses import FrozenInstanceError

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from tolerances import GAP, INDEPENDENT, ROUNDING, SAME, WEAK_DUALITY

import convexviz as cv
from convexviz.core.losses import SEVERAL, Loss, get_loss
from convexviz.core.masters.columns import Columns
from convexviz.core.masters.cones import ConicMaster
from convexviz.core.network import ReLUNetwork
from convexviz.core.oracles.arrangements import activation_patterns
from convexviz.core.oracles.line import LineOracle

WITH_PARAMETERS = (cv.Huber(0.3), cv.Huber(20.0), cv.Quantile(0.9), cv.Quantile(0.01))
EVERY = [*cv.LOSSES.values(), *WITH_PARAMETERS]
FREE = [loss for loss in EVERY if not loss.constrained]
SMOOTH = [loss for loss in EVERY if loss.smooth]
KINKED = [loss for loss in FREE if not loss.smooth]
RESIDUAL = [loss for loss in FREE if loss.residual]
ROUNDED = [form for loss in KINKED if (form := loss.rounded(0.1)) is not None]
MANY = [type(loss)() for loss in SEVERAL.values()]  # of K outputs
FORMS = [*EVERY, *ROUNDED, *MANY]
STEP = 1e-5  # of differences
SLOPE = 1e-4  # what they miss
PROGRAM = 1e-7  # Clarabel on a small program, relative
seeds = st.integers(0, 10**6)


def named(loss):
    kinds = {id(form): "-several" for form in MANY} | {id(form): "-rounded" for form in ROUNDED}
    return loss.name + kinds.get(id(loss), "")


def over(losses):
    return pytest.mark.parametrize("loss", losses, ids=map(named, losses))


def targets(rng, loss, n, K=0):
    """y (n,), or (n, K): labels of both classes, one-hot rows of all, or numbers of which two are equal."""
    if loss.one_hot:
        return np.eye(K)[np.append(np.arange(K), rng.integers(0, K, n - K))]
    if loss.classification:
        return np.append([1.0, -1.0], rng.choice([-1.0, 1.0], n - 2))
    y = 3.0 * rng.normal(size=(n, K) if K else n)
    y[0] = y[-1]
    return y


def draws(seed, loss, n=9):
    """Random outputs f, targets y and dual vector v, of shape (n,), or (n, 3) for a form of several outputs."""
    rng = np.random.default_rng(seed)
    y = targets(rng, loss, n, 3 if any(loss is form for form in MANY) else 0)
    return rng, 3.0 * rng.normal(size=y.shape), y, 3.0 * rng.normal(size=y.shape)


def allowed(loss, f, y):
    """Outputs that meet the constraint, if the loss is one."""
    if not loss.constrained:
        return f
    return y if loss.interpolates else y * (1.0 + np.abs(f))


# ---------------------------------------------------------------- the conjugate


@over(FORMS)
@given(seed=seeds)
def test_fenchels_inequality(loss, seed):
    _, f, y, v = draws(seed, loss)
    f, v = allowed(loss, f, y), loss.into_domain(v, y)
    size = np.abs(loss.dual_parts(v, y)).sum() + np.abs(v * f).sum()
    assert loss.value(f, y) >= loss.dual_value(v, y) - np.sum(v * f) - ROUNDING * size


@over([loss for loss in FORMS if loss.smooth])
@given(seed=seeds)
def test_fenchels_inequality_is_an_equality_at_the_gradient(loss, seed):
    _, f, y, _ = draws(seed, loss)
    v = loss.gradient(f, y)
    np.testing.assert_allclose(loss.into_domain(v, y), v, atol=1e-12)
    assert loss.value(f, y) == pytest.approx(loss.dual_value(v, y) - np.sum(v * f), rel=SAME, abs=SAME)


@over(KINKED)
@given(seed=seeds)
def test_a_loss_with_kinks_is_the_supremum_over_its_domain(loss, seed):
    """The conjugate is linear between 0 and the ends of the domain, so these three will do."""
    _, f, y, _ = draws(seed, loss)
    ends = [loss.into_domain(side * np.full(len(y), 1e6), y) for side in (1.0, 0.0, -1.0)]
    highest = np.max([loss.dual_parts(end, y) - end * f for end in ends], axis=0)
    np.testing.assert_allclose(loss.parts(f, y), highest, atol=SAME)


@over(FORMS)
@given(seed=seeds)
def test_the_loss_is_convex_and_its_parts_add_up(loss, seed):
    _, f, y, g = draws(seed, loss)
    f, g = allowed(loss, f, y), allowed(loss, g, y)
    assert loss.value((f + g) / 2, y) <= (loss.value(f, y) + loss.value(g, y)) / 2 + SAME
    assert loss.terms(f, y).shape == (len(y),)
    assert loss.value(f, y) == pytest.approx(loss.terms(f, y).sum(), rel=SAME, abs=SAME)
    v = loss.into_domain(f - g, y)
    assert loss.dual_value(v, y) == pytest.approx(loss.dual_terms(v, y).sum(), rel=SAME, abs=SAME)


# ---------------------------------------------------------------- the domain of the dual


@over(FORMS)
@given(seed=seeds, limit=st.sampled_from([1e-3, 0.7, 40.0]))
def test_v_is_moved_into_the_domain_and_stays_there(loss, seed, limit):
    _, _, y, v = draws(seed, loss)
    for bias in (True, False):
        moved = loss.feasible(v, y, bias)
        np.testing.assert_allclose(loss.into_domain(moved, y), moved, atol=1e-12)
        np.testing.assert_allclose(loss.feasible(moved, y, bias), moved, atol=1e-12)
        s = loss.scale(moved, y, limit)
        assert 0.0 <= s <= limit
        np.testing.assert_allclose(loss.into_domain(s * moved, y), s * moved, atol=1e-12)
        assert np.isfinite(loss.scale(moved, y, np.inf))
    assert np.abs(loss.project(v, y).sum(axis=0)).max() <= 1e-12 * np.abs(v).sum()


@over(EVERY)
@settings(max_examples=20)
@given(seed=seeds)
def test_weak_duality_against_random_networks(loss, seed):
    """No network costs less than what any v proves, on the line, where M(v) is known exactly."""
    rng, _, y, v = draws(seed, loss)
    X = rng.normal(size=(len(y), 1))
    beta = 1.0 if loss.constrained else 10.0 ** rng.uniform(-2, 1)
    bound, feasible = loss.bound(loss.project(v, y), y, beta, LineOracle(X).maximum(loss.project(v, y)))
    assert LineOracle(X).maximum(feasible) <= beta * (1 + SAME)
    best = cv.solve(X, y, beta=beta, loss=loss).network
    for network in [best, *(noisy(rng, best) for _ in range(4))]:
        value = cv.certify(network, X, y, beta, loss, [v], bias=True).objective
        assert bound <= value * (1 + WEAK_DUALITY) + WEAK_DUALITY


def noisy(rng, network):
    """One with the same kinks, and a few more, and other weights."""
    m = network.width
    U, b = np.vstack([network.U, [[1.0], [-1.0]]]), np.append(network.b, rng.normal(size=2))
    w = np.append(network.w * (1.0 + 0.3 * rng.normal(size=m)), 0.3 * rng.normal(size=2))
    return ReLUNetwork(U, b, w, network.c + 0.3 * rng.normal())


# ---------------------------------------------------------------- derivatives and bounds on them


@over([loss for loss in FORMS if loss.smooth])
@given(seed=seeds)
def test_the_gradient_is_the_slope_and_its_bounds_hold(loss, seed):
    rng, f, y, _ = draws(seed, loss)
    d = rng.normal(size=f.shape)
    up, down = loss.value(f + STEP * d, y), loss.value(f - STEP * d, y)
    assert -np.sum(loss.gradient(f, y) * d) == pytest.approx((up - down) / (2 * STEP), rel=SLOPE, abs=SLOPE)
    change = np.sum((loss.gradient(f, y) - loss.gradient(f + d, y)) * d)
    assert -SAME <= change <= loss.steepest * np.sum(d**2) * (1 + SAME)


@over([*SMOOTH, *ROUNDED])
@given(f=st.floats(-5, 5), seed=seeds)
def test_curvature_is_the_slope_of_the_gradient_where_there_is_one(loss, f, seed):
    y = targets(np.random.default_rng(seed), loss, 9)[:1]
    f, at = np.array([f]), np.array([-STEP, 0.0, STEP])
    below, here, above = (loss.gradient(f + step, y)[0] for step in at)
    left, right = (below - here) / STEP, (here - above) / STEP
    if abs(left - right) < SLOPE:  # no corner of the gradient within the step
        assert loss.curvature(f, y)[0] == pytest.approx((left + right) / 2, abs=SLOPE)
    if loss.curved:
        assert loss.curvature(f, y)[0] > 0


@over(FREE)
@given(seed=seeds)
def test_no_loss_changes_faster_than_its_slope(loss, seed):
    _, f, y, g = draws(seed, loss)
    assert (np.abs(loss.parts(f, y) - loss.parts(g, y)) <= loss.slope * np.abs(f - g) + SAME).all()


@over(KINKED)
@given(seed=seeds)
def test_what_is_rounded_is_near_and_stays_in_the_domain(loss, seed):
    _, f, y, _ = draws(seed, loss)
    for radius in (1.0, 0.1):
        rounded = loss.rounded(radius)
        assert rounded.smooth
        assert (np.abs(rounded.parts(f, y) - loss.parts(f, y)) <= radius).all()
        v = rounded.gradient(f, y)
        np.testing.assert_allclose(loss.into_domain(v, y), v, atol=1e-12)


# ---------------------------------------------------------------- constants, weights, units


@over(FREE)
@given(seed=seeds)
def test_the_best_constant_is_the_one_that_a_search_finds(loss, seed):
    rng, _, y, _ = draws(seed, loss)
    count = rng.integers(1, 4, len(y)).astype(float)
    found = minimize_scalar(
        lambda c: loss.value(np.full(len(y), c), y, count), (-30.0, 30.0), method="brent", tol=1e-12
    )
    best = loss.value(np.full(len(y), loss.best_constant(y, count)), y, count)
    assert best <= found.fun * (1 + SAME) + SAME
    assert loss.best_constant(y, count) == loss.weighted(count).best_constant(y)
    assert loss.baseline(y) == pytest.approx(loss.value(np.full(len(y), loss.best_constant(y)), y), rel=SAME)


@over(KINKED)
@given(seed=seeds)
def test_the_dual_vectors_of_the_best_constant(loss, seed):
    """Fenchel's inequality is an equality at both ends of what is stated, and between some v there has sum zero."""
    rng, _, y, _ = draws(seed, loss)
    weight = rng.integers(1, 4, len(y)).astype(float)
    term = loss.weighted(weight)
    c = term.best_constant(y)
    orient, low, high = term.constant_duals(y, c)
    assert (low <= high).all()
    for a in (low, high):
        v = orient * a
        assert term.value(np.full(len(y), c), y) == pytest.approx(term.dual_value(v, y) - c * v.sum(), abs=SAME)
    assert term.dual_value(term.project(term.constant_dual(y, c), y), y) == pytest.approx(
        term.baseline(y), rel=SAME, abs=SAME
    )
    least, most = (np.minimum(orient * low, orient * high).sum(), np.maximum(orient * low, orient * high).sum())
    assert least <= 1e-12
    assert most >= -1e-12


@over(FORMS)
@given(seed=seeds)
def test_weights_are_repeated_rows(loss, seed):
    rng, f, y, v = draws(seed, loss)
    f, count = allowed(loss, f, y), rng.integers(1, 4, len(y))
    F, Y, V = (np.repeat(a, count, axis=0) for a in (f, y, v))
    term = loss.weighted(count.astype(float))
    share = np.asarray(term.weight).reshape(-1, *[1] * (y.ndim - 1))
    assert term.value(f, y) == pytest.approx(loss.value(F, Y), rel=SAME, abs=SAME)
    assert loss.value(f, y, count) == pytest.approx(loss.value(F, Y), rel=SAME, abs=SAME)
    if loss.constrained:  # to a constraint all weights are one
        assert (term.weight == 1.0).all()
        return
    for bias in (True, False):
        ours, theirs = term.feasible(share * v, y, bias), loss.feasible(V, Y, bias)
        np.testing.assert_allclose(np.repeat(ours / share, count, axis=0), theirs, atol=1e-12)
        assert term.dual_value(ours, y) == pytest.approx(loss.dual_value(theirs, Y), rel=SAME, abs=SAME)
        assert term.scale(ours, y, 0.5) == pytest.approx(loss.scale(theirs, Y, 0.5), rel=SAME)
    if loss.smooth:
        np.testing.assert_allclose(
            np.repeat(term.gradient(f, y) / share, count, axis=0), loss.gradient(F, Y), atol=SAME
        )


@over(EVERY)
@given(seed=seeds)
def test_no_weight_is_a_point_left_out(loss, seed):
    rng, f, y, v = draws(seed, loss)
    f, weight = allowed(loss, f, y), np.append([1.0, 1.0], rng.integers(0, 3, len(y) - 2))
    f[weight == 0] = -7.0 * y[weight == 0]
    there = weight > 0
    term, rest = loss.weighted(weight), loss.weighted(weight[there])
    assert term.value(f, y) == pytest.approx(rest.value(f[there], y[there]), rel=SAME, abs=SAME)
    assert term.violation(f, y) == rest.violation(f[there], y[there]) <= SAME
    moved = term.project(v, y)
    assert not moved[~there].any()
    np.testing.assert_allclose(moved[there], rest.project(v[there], y[there]), atol=1e-12)


@over(RESIDUAL)
@given(seed=seeds, unit=st.sampled_from([1e-3, 0.5, 7.0]), shift=st.floats(-9, 9))
def test_a_residual_loss_scales_with_its_degree_and_knows_no_offset(loss, seed, unit, shift):
    _, f, y, v = draws(seed, loss)
    inside, power = loss.rescaled(unit), unit**loss.degree
    assert loss.value(unit * f + shift, unit * y + shift) == pytest.approx(
        power * inside.value(f, y), rel=1e-7, abs=SAME
    )
    v = inside.project(v, y)
    given_v = unit ** (loss.degree - 1) * v
    np.testing.assert_allclose(loss.into_domain(given_v, unit * y), given_v, rtol=SAME, atol=SAME)
    assert loss.dual_value(given_v, unit * y) == pytest.approx(power * inside.dual_value(v, y), rel=SAME, abs=SAME)


# ---------------------------------------------------------------- the programs it makes


@over(EVERY)
@pytest.mark.parametrize("weighted", [False, True])
def test_cvxpy_knows_the_same_loss(loss, weighted):
    rng, f, y, _ = draws(3, loss)
    f = allowed(loss, f, y)
    term = loss.weighted(rng.uniform(0.5, 2.0, len(y))) if weighted else loss
    expression, constraints = term.cvxpy_term(cp.Constant(f), y)
    assert float(expression.value) == pytest.approx(term.value(f, y), rel=SAME, abs=SAME)
    assert expression.is_convex()
    assert all(constraint.value() for constraint in constraints)
    assert bool(constraints) == loss.constrained


@over([loss for loss in EVERY if loss.linear is not None])
@given(seed=seeds)
def test_the_linear_program_is_the_loss(loss, seed):
    _, f, y, _ = draws(seed, loss)
    form = loss.linear
    assert form.hard == loss.constrained
    if not form.hard:
        missing = 1.0 - y * f if form.margin else y - f
        price = form.short * np.maximum(missing, 0.0)
        price = price if form.margin else price + form.over * np.maximum(-missing, 0.0)
        np.testing.assert_allclose(price, loss.parts(f, y), atol=SAME)


@over([loss for loss in EVERY if loss.conic(np.ones(1), np.ones(1)) is not None])
def test_the_cone_program_is_the_loss(loss):
    """Without neurons it leaves the constant, whose loss is the least there is, and v is that of the constant."""
    rng, _, y, _ = draws(5, loss)
    count = rng.uniform(0.5, 2.0, len(y))
    term = loss.weighted(count)
    master = ConicMaster(np.zeros((len(y), 1)), y, 1.0, term)
    answer = master.solve(Columns.new(np.empty((0, 1)), np.empty(0), np.empty(0)))
    value = term.value(np.full(len(y), answer.c), y)
    assert value == pytest.approx(term.baseline(y), rel=PROGRAM)
    v = term.project(answer.v, y)
    assert term.dual_value(v, y) == pytest.approx(value, rel=PROGRAM)


# ---------------------------------------------------------------- training


def written(name, f, y):
    """The data term and constraints as on paper, with nothing of the package."""
    name, _, parameter = name.rstrip(")").partition("(")
    r = y - f
    if name == "huber":
        return 0.5 * cp.sum(cp.huber(r, float(parameter or 1.0))), []
    if name == "quantile":
        q = float(parameter or 0.5)
        return cp.sum(cp.maximum(q * r, (q - 1) * r)), []
    terms = {
        "squared": (0.5 * cp.sum_squares(r), []),
        "hinge": (cp.sum(cp.pos(1 - cp.multiply(y, f))), []),
        "logistic": (cp.sum(cp.logistic(-cp.multiply(y, f))), []),
        "interpolate": (0.0, [r == 0]),
        "hard_margin": (0.0, [cp.multiply(y, f) >= 1]),
    }
    return terms[name]


def by_patterns(X, y, beta, name, bias):
    """The optimum over all activation patterns (Pilanci & Ergen 2020), by cvxpy."""
    points = np.column_stack([X, np.ones(len(X))]) if bias else X
    n, d = X.shape
    f = cp.Variable() * np.ones(n) if bias else np.zeros(n)
    penalty, cones = 0.0, []
    for pattern in activation_patterns(X, affine=bias):
        for sign in (1.0, -1.0):
            u = cp.Variable(points.shape[1])
            f = f + sign * (pattern[:, None] * points) @ u
            penalty = penalty + cp.norm(u[:d], 2)
            cones.append(((2.0 * pattern - 1.0)[:, None] * points) @ u >= 0)
    term, data = written(name, f, y)
    problem = cp.Problem(cp.Minimize(term + beta * penalty), [*cones, *data])
    return problem.solve(solver=cp.CLARABEL, tol_gap_rel=1e-10, tol_gap_abs=1e-10)


def training(loss, d, n):
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(n, d)), targets(rng, loss, n)
    if loss.constrained or loss.classification:
        y = np.where(X[:, 0] > 0, 1.0, -1.0)  # to be had without biases
    return X, y


@over(EVERY)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("d", "n"), [(1, 9), (2, 6)])
def test_training_is_certified_and_as_good_as_the_program_over_all_patterns(loss, bias, d, n):
    X, y = training(loss, d, n)
    if loss.interpolates and not bias:
        y = np.maximum(X[:, 0], 0.0) - 0.5 * np.maximum(-X[:, 0], 0.0)
    s = cv.solve(X, y, beta=0.1, loss=loss, bias=bias)
    assert s.gap <= GAP
    assert s.loss == loss.name
    beta = 1.0 if loss.constrained else 0.1
    assert s.objective == pytest.approx(by_patterns(X, y, beta, loss.name, bias), rel=5 * INDEPENDENT)


@over(EVERY)
@pytest.mark.parametrize("d", [1, 2])
def test_whole_weights_are_repeated_points(loss, d):
    X, y = training(loss, d, 8)
    weight = np.array([1, 2, 1, 3, 1, 1, 2, 1])
    weighted = cv.solve(X, y, beta=0.2, loss=loss, sample_weight=weight)
    repeated = cv.solve(np.repeat(X, weight, axis=0), np.repeat(y, weight), beta=0.2, loss=loss)
    assert max(weighted.gap, repeated.gap) <= GAP
    assert weighted.objective == pytest.approx(repeated.objective, rel=2 * GAP)


@over(RESIDUAL)
@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_units_of_the_targets_change_nothing_but_the_units(loss, d, unit):
    X, y = training(loss, d, 10)
    plain = cv.solve(X, y, beta=0.1, loss=loss.rescaled(unit))
    scaled = cv.solve(X, unit * y + 3 * unit, beta=0.1 * unit ** (loss.degree - 1), loss=loss)
    assert scaled.gap <= GAP
    assert scaled.objective == pytest.approx(unit**loss.degree * plain.objective, rel=2 * GAP)


@over(FREE)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("d", [1, 2])
def test_beta_max_is_where_the_first_neuron_enters(loss, bias, d):
    X, y = training(loss, d, 12)
    top = cv.beta_max(X, y, loss, bias=bias)
    constant = loss.baseline(y) if bias else loss.value(np.zeros(len(y)), y)
    above, below = (cv.solve(X, y, beta=top * share, loss=loss, bias=bias) for share in (1.0 + 1e-6, 0.8))
    assert above.objective == pytest.approx(constant, rel=2 * GAP)
    assert below.objective < constant * (1 - GAP)


@over(RESIDUAL)
@pytest.mark.parametrize("d", [1, 2])
def test_bounds_of_residual_losses_are_proved_in_exact_arithmetic(loss, d):
    X, y = training(loss, d, 12)
    s = cv.solve(X, y, beta=0.1, loss=loss, tol=1e-8)
    proof = cv.prove(s, X, y)
    assert proof.lower <= proof.upper
    assert proof.gap <= 1e-8


@over([loss for loss in FREE if loss.name in cv.LOSSES])
def test_training_in_many_dimensions_beats_the_best_constant(loss):
    X, y = training(loss, 6, 40)
    s = cv.solve(X, y, beta=0.1, loss=loss, method="ascent", max_rounds=5)
    assert s.objective < 0.9 * loss.baseline(y)


@over(FREE)
@pytest.mark.parametrize("d", [1, 2])
def test_where_all_points_are_in_one_place_the_best_constant_is_certified(loss, d):
    _, y = training(loss, d, 8)
    s = cv.solve(np.full((8, d), 0.5), y, loss=loss)
    assert s.gap <= GAP
    assert s.objective == pytest.approx(loss.baseline(y), rel=SAME)


@over(RESIDUAL)
def test_a_thousand_points_with_ties_on_the_line(loss):
    rng = np.random.default_rng(0)
    x = np.round(rng.normal(size=1000), 2)
    y = np.sin(2 * x) + 0.2 * rng.standard_t(1.5, 1000)
    s = cv.solve(x[:, None], y, beta=1.0, loss=loss)
    assert s.gap <= GAP


# ---------------------------------------------------------------- names and parameters


@over(EVERY)
def test_a_loss_is_found_by_its_name_and_pickles(loss):
    assert get_loss(loss.name) == loss == get_loss(loss)
    assert hash(get_loss(loss.name)) == hash(loss)
    copy = pickle.loads(pickle.dumps(loss))
    assert copy == loss
    assert copy.name == loss.name
    assert eval(repr(loss), {type(loss).__name__: type(loss)}) == loss


@pytest.mark.parametrize("delta", [0.0, -1.0, np.inf, np.nan, "1", None])
def test_a_huber_loss_needs_a_positive_number(delta):
    with pytest.raises(ValueError, match=r"delta must be positive and finite, got .*; use Huber\(1.0\)"):
        cv.Huber(delta)


@pytest.mark.parametrize("q", [0.0, 1.0, -0.5, 2.0, np.nan, "0.5"])
def test_a_quantile_lies_between_zero_and_one(q):
    with pytest.raises(ValueError, match=r"q must be between 0 and 1, got .*; use Quantile\(0.5\)"):
        cv.Quantile(q)


@pytest.mark.parametrize("name", ["huber(0)", "huber(-1)", "quantile(1.5)"])
def test_a_parameter_in_a_name_is_checked_too(name):
    with pytest.raises(ValueError, match="must be"):
        get_loss(name)


@pytest.mark.parametrize("name", ["huber()", "huber(a)", "squared(2)", "huber(1.0", "absolute(1)", "Huber"])
def test_what_is_no_name_is_refused_with_the_names_there_are(name):
    with pytest.raises(ValueError, match=r"loss must be one of squared, hinge, .*huber, quantile; got"):
        get_loss(name)


def test_parameters_do_not_change():
    with pytest.raises(FrozenInstanceError):
        cv.Huber().delta = 2.0
    assert cv.Huber(1) == cv.Huber() == cv.LOSSES["huber"]
    assert cv.Huber(0.3) != cv.Huber()


def test_losses_without_a_form_for_several_outputs_say_so():
    with pytest.raises(
        ValueError, match=r"'huber\(0.3\)' has no form for several outputs .* use one of squared, logistic"
    ):
        get_loss(cv.Huber(0.3), several=True)
    with pytest.raises(ValueError, match="loss must be one of squared, logistic for several outputs; got 'huber'"):
        get_loss("huber", several=True)


def test_a_huber_loss_of_large_delta_is_the_squared_loss_and_of_small_delta_the_absolute_one():
    X, y = training(cv.Huber(), 1, 15)
    squared, wide = (cv.solve(X, y, beta=0.1, loss=loss).objective for loss in ("squared", cv.Huber(1e3)))
    assert wide == pytest.approx(squared, rel=2 * GAP)
    delta = 1e-7  # delta |r|, so that beta counts as so much smaller
    narrow = cv.solve(X, y, beta=0.1 * delta, loss=cv.Huber(delta))
    median = cv.solve(X, y, beta=0.05, loss="quantile").objective
    assert narrow.certified
    assert narrow.objective / delta == pytest.approx(2 * median, rel=1e-5)


def test_every_loss_states_what_it_is_for():
    for loss in EVERY:
        assert isinstance(loss, Loss)
        assert not (loss.classification and loss.residual)
        assert loss.curved <= loss.smooth <= (not loss.constrained)
        assert loss.quadratic <= loss.curved
        assert loss.merges <= loss.residual
