"""Weights of samples in the estimators: equal fits are equal bit by bit, and the proof is one for the samples given."""

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_sample_weight
from tolerances import GAP, SAME, WEAK_DUALITY

import convexviz as cv

TARGETS = (None, "targets")  # one, or two of them as columns
REGRESSORS = [(loss, targets) for loss in ("squared", "interpolate") for targets in TARGETS]
CLASSIFIERS = [(loss, classes) for loss in ("hinge", "logistic", "squared", "hard_margin") for classes in (2, 3)]


def model_for(loss, outputs, **settings):
    kind = cv.ConvexReLURegressor if outputs in TARGETS else cv.ConvexReLUClassifier
    return kind(beta=0.3, loss=loss, **settings)


def data(loss, outputs, n=14, d=2, seed=0):
    """Samples, targets (or labels of so many classes) and whole weights from 0 to 3."""
    rng = np.random.default_rng(seed)
    X, s = rng.normal(size=(n, d)), np.resize([0, 1, 2, 3], n)
    if outputs in TARGETS:
        Y = np.abs(X @ rng.normal(size=(d, 2))) + 0.1 * rng.normal(size=(n, 2))
        return X, Y if outputs else Y[:, 0], s
    return X, np.array(["a", "b", "c"])[np.digitize(X[:, 0], [-0.3, 0.4][: outputs - 1])], s


def outputs_of(model, X):
    return model.decision_function(X) if hasattr(model, "decision_function") else model.predict(X)


def assert_same_fit(one, other, X):
    np.testing.assert_array_equal(outputs_of(one, X), outputs_of(other, X))
    np.testing.assert_array_equal(one.directions_, other.directions_)
    assert (one.objective_, one.lower_bound_) == (other.objective_, other.lower_bound_)


@pytest.mark.parametrize(("loss", "outputs"), REGRESSORS + CLASSIFIERS)
def test_weights_repetitions_and_orders_are_the_same_fit(loss, outputs):
    X, y, s = data(loss, outputs)
    fit = model_for(loss, outputs).fit(X, y, s)
    rng = np.random.default_rng(1)
    often = rng.permutation(np.repeat(np.arange(len(s)), s))
    assert_same_fit(model_for(loss, outputs).fit(X[often], y[often]), fit, X)
    order = rng.permutation(len(s))
    assert_same_fit(model_for(loss, outputs).fit(X[order], y[order], sample_weight=list(s[order])), fit, X)
    assert fit.certified_


def test_weights_that_are_no_whole_numbers_in_any_order():
    X, y, _ = data("squared", None)
    rng = np.random.default_rng(2)
    rows, s = np.resize(np.arange(14), 42), rng.uniform(0.0, 2.0, 42)
    fit, order = cv.ConvexReLURegressor().fit(X[rows], y[rows], s), rng.permutation(42)
    assert_same_fit(cv.ConvexReLURegressor().fit(X[rows[order]], y[rows[order]], s[order]), fit, X)


@pytest.mark.parametrize("loss", ["squared", "hinge", "logistic"])
@pytest.mark.parametrize("d", [1, 2])
def test_the_dual_vector_belongs_to_the_samples_given(loss, d):
    X, y, s = data(loss, 2, d=d)
    rows = np.resize(np.arange(14), 20)
    X, y, s = X[rows], y[rows], s[rows] * 0.7
    model = cv.ConvexReLUClassifier(0.3, loss).fit(X, y, s)
    labels, v = np.where(y == "b", 1.0, -1.0), model.solution_.v
    assert v.shape == labels.shape
    assert (v[s == 0] == 0).all()
    assert all(seen.v is None or seen.v.shape == v.shape for seen in model.solution_.history)
    np.testing.assert_allclose(v[14:18] * s[0:4], v[0:4] * s[14:18], atol=SAME)  # in proportion to the weights
    proof = cv.certify(model.network_, X, labels, 0.3, loss, duals=[v], sample_weight=s)
    assert proof.objective == pytest.approx(model.objective_, rel=SAME)
    if d == 1:
        assert proof.lower_bound == pytest.approx(model.lower_bound_, rel=SAME)
        assert proof.gap <= GAP


def test_several_outputs_have_a_dual_matrix_of_the_samples_given():
    X, Y, s = data("squared", "targets")
    model = cv.ConvexReLURegressor(0.3).fit(X, Y, s)
    core = cv.solve(X, Y, 0.3, sample_weight=s)
    assert model.objective_ == pytest.approx(core.objective, rel=2 * GAP)
    assert model.solution_.v.shape == Y.shape
    np.testing.assert_allclose(model.solution_.v, core.v, atol=1e-2 * np.abs(core.v).max())
    apart = cv.ConvexReLURegressor(loss="interpolate").fit(X, Y, s)
    assert [part.v.shape for part in apart.solution_] == [(14,), (14,)]


def test_a_class_of_weight_zero_is_not_there():
    X, y, _ = data("hinge", 3)
    fit = cv.ConvexReLUClassifier(0.3).fit(X, y, y != "c")
    assert list(fit.classes_) == ["a", "b"]
    assert_same_fit(cv.ConvexReLUClassifier(0.3).fit(X[y != "c"], y[y != "c"]), fit, X)
    with pytest.raises(ValueError, match=r"y must hold at least two classes, got 1 class .*a weight above 0"):
        cv.ConvexReLUClassifier().fit(X, y, y == "a")


def test_weights_take_a_side():
    X, _, _ = data("hinge", 2, n=40, seed=3)
    rare = np.where(np.random.default_rng(4).random(40) < 0.2, "b", "a")
    plain = cv.ConvexReLUClassifier(30.0).fit(X, rare)
    balanced = cv.ConvexReLUClassifier(5.0).fit(X, rare, compute_sample_weight("balanced", rare))
    assert (plain.predict(X) == "a").all()
    assert (balanced.predict(X) == "b").any()
    weights = compute_sample_weight("balanced", rare)
    assert balanced.score(X, rare, weights) == pytest.approx(weights @ (balanced.predict(X) == rare) / weights.sum())


def test_weights_pass_through_a_pipeline_and_a_path():
    X, y, s = data("squared", None)
    pipe = make_pipeline(StandardScaler(), cv.ConvexReLURegressor())
    pipe.fit(X, y, convexreluregressor__sample_weight=s)
    assert_same_fit(cv.ConvexReLURegressor().fit(pipe[0].transform(X), y, s), pipe[-1], X)
    path = cv.ConvexReLURegressor().regularization_path(X, y, sample_weight=s)
    rows = np.repeat(np.arange(14), s)
    again = cv.ConvexReLURegressor().regularization_path(X[rows], y[rows])
    assert [one.beta for one in path] == [one.beta for one in again]
    assert path[0].network_.width == 0 < path[-1].network_.width
    for one, other in zip(path[::8], again[::8], strict=True):
        assert_same_fit(one, other, X)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("d", [1, 2, 4])
@pytest.mark.parametrize(("loss", "outputs"), [("squared", "targets"), ("logistic", 3)])
def test_a_path_of_several_outputs_begins_where_neurons_begin(loss, outputs, d, bias):
    """beta_max is the least: a little above it there is no neuron, a little below there are some."""
    X, y, s = data(loss, outputs, d=d)
    model = model_for(loss, outputs, bias=bias)
    Y = y if loss == "squared" else np.eye(3)[np.unique(y, return_inverse=True)[1]]
    top = cv.beta_max(X, Y, loss, s, bias)
    ordered = model._default_betas(X, y, s)
    assert ordered[0] == pytest.approx(top, rel=1e-3 if d == 4 else SAME)  # the search depends on the order
    above, below = (
        cv.solve(X, Y, beta, loss, bias, tol=1e-9, time_limit=2.0, sample_weight=s)
        for beta in (1.001 * top, 0.98 * top)
    )
    assert above.network.width == 0
    assert below.network.width > 0


@pytest.mark.parametrize(
    ("loss", "outputs"), [("squared", None), ("squared", "targets"), ("logistic", 3), ("hinge", 3)]
)
def test_a_limit_in_rounds_stops_at_the_same_network_with_honest_bounds(loss, outputs):
    X, y, s = data(loss, outputs, n=40)
    with pytest.warns(ConvergenceWarning, match="max_iter=2 stopped the training before the optimum was proved"):
        few, again = (model_for(loss, outputs, max_iter=2).fit(X, y, s) for _ in range(2))
    best = model_for(loss, outputs).fit(X, y, s)
    assert_same_fit(few, again, X)
    assert few.n_iter_ <= 2 < best.n_iter_
    assert not few.certified_
    assert few.gap_ > best.gap_
    assert few.lower_bound_ <= best.objective_ * (1 + WEAK_DUALITY)
    assert best.lower_bound_ <= few.objective_ * (1 + WEAK_DUALITY)


@pytest.mark.parametrize("rounds", [0, 1.5, "many", True])
def test_a_limit_in_rounds_is_a_whole_number(rounds):
    with pytest.raises(ValueError, match="max_iter must be a whole number from 1 up, or None, got"):
        cv.ConvexReLURegressor(max_iter=rounds).fit([[0.0], [1.0]], [0.0, 1.0])


@pytest.mark.parametrize("weights", [[-1.0, 1.0], [0.0, 0.0], [np.nan, 1.0], [1.0], [[1.0], [1.0]]])
def test_weights_that_cannot_be_used_are_named(weights):
    with pytest.raises(ValueError, match="sample_weight must"):
        cv.ConvexReLURegressor().fit([[0.0], [1.0]], [0.0, 1.0], weights)
