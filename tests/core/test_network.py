"""ReLUNetwork: one function however it is written, and a penalty that merging can only lower."""

import dataclasses
import json
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tolerances import ROUNDING

import convexviz as cv
from convexviz.core import network as module


@st.composite
def networks(draw, d=None, most=30):
    """A random network of width 0 to `most` in d dimensions."""
    d = d or draw(st.integers(1, 4))
    m = draw(st.integers(0, most))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    return cv.ReLUNetwork.normalized(rng.normal(size=(m, d)), rng.normal(size=m), rng.normal(size=m), rng.normal())


def dense(network, X):
    """The formula, one neuron after the other."""
    f = np.full(len(X), network.c)
    for u, b, w in zip(network.U, network.b, network.w, strict=True):
        f = f + w * np.maximum(0, X @ u + b)
    return f


def size_of_terms(network, X):
    return np.abs(network.w) @ (np.abs(X).max() * np.sqrt(X.shape[1]) + np.abs(network.b)) + abs(network.c)


@given(networks())
def test_predict_is_the_formula(network):
    X = np.random.default_rng(0).normal(size=(50, network.dimension))
    np.testing.assert_allclose(network.predict(X), dense(network, X), atol=ROUNDING * size_of_terms(network, X))
    np.testing.assert_allclose(
        network.predict(X), network.c + network.activations(X) @ network.w, atol=ROUNDING * size_of_terms(network, X)
    )


@pytest.mark.parametrize("products", [0, 10**9], ids=["cumulative sums", "dense"])
@given(network=networks(d=1), offset=st.sampled_from([0.0, -3e5]), scale=st.sampled_from([1e-6, 1.0, 1e6]))
def test_both_ways_on_the_line_are_the_formula(products, network, offset, scale):
    x = np.concatenate([np.random.default_rng(1).normal(size=40), network.kinks(), network.kinks() + 1e-9]) + offset
    moved = cv.ReLUNetwork(network.U, scale * (network.b - network.U[:, 0] * offset), network.w, network.c)
    X = (scale * x)[:, None]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "DENSE_PRODUCTS", products)
        f = moved.predict(X)
    np.testing.assert_allclose(f, dense(moved, X), atol=10 * ROUNDING * size_of_terms(moved, X))


@given(networks())
def test_merge_keeps_the_outputs_and_never_raises_the_penalty(network):
    X = np.random.default_rng(2).normal(size=(6, network.dimension))
    merged = network.merge(X)
    np.testing.assert_allclose(merged.predict(X), network.predict(X), atol=ROUNDING * size_of_terms(network, X))
    assert merged.penalty <= network.penalty * (1 + 1e-12)
    patterns = np.vstack([X @ merged.U.T + merged.b > 0, merged.w > 0])
    assert merged.width <= network.width
    assert len(np.unique(patterns, axis=1).T) == merged.width


def test_merge_joins_what_the_data_cannot_tell_apart():
    U, b = np.array([[1.0], [1.0], [-1.0]]), np.array([0.2, 0.4, 0.0])
    network = cv.ReLUNetwork(U, b, np.array([1.0, 2.0, 1.0]), 0.0)
    merged = network.merge(np.array([[1.0], [2.0], [-1.0]]))
    assert merged.width == 2
    assert merged.penalty == pytest.approx(4.0)


@given(networks(), st.integers(0, 10**6))
def test_normalized_is_the_same_function_at_its_best_scaling(network, seed):
    rng = np.random.default_rng(seed)
    alpha = 10 ** rng.uniform(-3, 3, network.width)
    X = rng.normal(size=(20, network.dimension))
    U, b, w = network.U * alpha[:, None], network.b * alpha, network.w / alpha
    again = cv.ReLUNetwork.normalized(U, b, w, network.c)
    np.testing.assert_allclose(again.predict(X), network.predict(X), atol=10 * ROUNDING * size_of_terms(network, X))
    decay = ((U**2).sum() + (w**2).sum()) / 2
    assert again.penalty == pytest.approx(network.penalty, rel=1e-12)
    assert again.penalty <= decay * (1 + 1e-12)


def test_normalized_moves_dead_neurons_into_the_constant():
    network = cv.ReLUNetwork.normalized(np.zeros((2, 3)), np.array([2.0, -1.0]), np.array([0.5, 7.0]), 1.0)
    assert (network.width, network.c) == (0, 2.0)


def test_kinks_are_where_neurons_switch():
    network = cv.ReLUNetwork(np.array([[1.0], [-1.0]]), np.array([0.5, 0.25]), np.ones(2), 0.0)
    np.testing.assert_array_equal(network.kinks(), [-0.5, 0.25])
    assert not network.activations(network.kinks()[:, None]).diagonal().any()
    with pytest.raises(ValueError, match="takes 2 features"):
        cv.ReLUNetwork.constant(0.0, 2).kinks()


def test_a_constant_has_no_neurons():
    network = cv.ReLUNetwork.constant(3.0, 2)
    assert (network.width, network.dimension, network.penalty) == (0, 2, 0.0)
    np.testing.assert_array_equal(network.predict(np.ones((4, 2))), 3.0)
    assert network.merge(np.ones((4, 2))) is network


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"U": np.array([[2.0]])}, "norm 1; use ReLUNetwork.normalized"),
        ({"U": np.array([1.0])}, r"U must be \(m, d\).*got U \(1,\)"),
        ({"b": np.zeros(2)}, r"b \(2,\)"),
        ({"w": np.zeros((1, 1))}, r"w \(1, 1\)"),
        ({"w": np.array([np.nan])}, "must be finite"),
        ({"b": np.array([np.inf])}, "must be finite"),
        ({"c": np.inf}, "must be finite"),
    ],
)
def test_networks_that_are_none_are_refused(change, message):
    parts = {"U": np.array([[1.0]]), "b": np.zeros(1), "w": np.ones(1), "c": 0.0} | change
    with pytest.raises(ValueError, match=message):
        cv.ReLUNetwork(**parts)


@pytest.mark.parametrize("X", [np.ones(3), np.ones((3, 2)), np.ones((3, 1, 1))])
def test_predict_refuses_other_shapes(X):
    with pytest.raises(ValueError, match=r"X must have shape \(n, 1\), got .*reshape"):
        cv.ReLUNetwork.constant(0.0, 1).predict(X)


def test_infinite_inputs_have_infinite_outputs_or_none():
    network = cv.ReLUNetwork(
        np.array([[1.0], [-1.0], [-1.0]]), np.array([-0.2, 0.2, -0.2]), np.array([-0.3, -1.0, 0.1]), 1.0
    )
    values = network.predict([[0.0], [np.inf], [-np.inf]])
    assert values[0] == pytest.approx(network.predict([[0.0]])[0])
    assert values[1] == -np.inf
    assert np.isnan(values[2])  # the last two neurons pull in opposite directions


def test_networks_cannot_be_changed_and_do_not_follow_their_arguments():
    w = np.ones(1)
    network = cv.ReLUNetwork(np.array([[1.0]]), np.zeros(1), w, 0)
    w[0] = 5.0
    assert network.w[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        network.w[0] = 2.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        network.c = 1.0


@given(networks())
def test_networks_pickle(network):
    X = np.random.default_rng(3).normal(size=(5, network.dimension))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(network)).predict(X), network.predict(X))


def test_many_parallel_neurons_are_summed_along_their_line():
    rng = np.random.default_rng(0)
    u = np.array([0.6, 0.8])
    sign = rng.choice([-1.0, 1.0], 700)
    network = cv.ReLUNetwork(sign[:, None] * u, rng.standard_normal(700), rng.standard_normal(700), 0.5)
    X = rng.standard_normal((600, 2))
    dense = 0.5 + np.maximum(X @ network.U.T + network.b, 0.0) @ network.w
    np.testing.assert_allclose(network.predict(X), dense, rtol=0, atol=1e-10)


def same(one, other):
    """Equal bit for bit."""
    for name in ("U", "b", "w", "c"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), strict=True)
    assert one.dimension == other.dimension
    assert (one.center is None) == (other.center is None)
    if one.center is not None:
        np.testing.assert_array_equal(one.center, other.center)


@given(networks(), st.booleans())
def test_a_network_comes_back_from_json_as_it_was(network, far):
    if far:
        network = dataclasses.replace(network, center=np.full(network.dimension, 1e9 / 3))
    same(cv.ReLUNetwork.from_dict(json.loads(json.dumps(network.to_dict()))), network)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"U": None}, "missing here: U"),
        ({"dimension": 0}, "dimension must be a whole number"),
        ({"dimension": 2}, r"U must have shape \(m, 2\).*got \(1, 1\)"),
        ({"U": [[2.0]]}, "norm 1"),
        ({"w": [1.0, 2.0]}, r"w \(2,\)"),
        ({"c": "0"}, "c must be a number"),
        ({"b": []}, r"b \(0,\)"),
    ],
)
def test_documents_that_are_no_network_are_refused(change, message):
    document = cv.ReLUNetwork(np.array([[1.0]]), np.zeros(1), np.ones(1), 0.0).to_dict() | change
    with pytest.raises(ValueError, match=message):
        cv.ReLUNetwork.from_dict(
            {name: value for name, value in document.items() if name == "center" or value is not None}
        )


@st.composite
def several(draw):
    """A random network of two or three outputs, its weights in few directions so that some are parallel."""
    d, m, K = draw(st.integers(1, 3)), draw(st.integers(0, 12)), draw(st.integers(2, 3))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    w = rng.uniform(0.1, 2.0, (m, 1)) * rng.normal(size=(2, K))[rng.integers(0, 2, m)]
    return cv.ReLUNetwork.normalized(rng.normal(size=(m, d)), rng.normal(size=m), w, rng.normal(size=K))


@given(several())
def test_several_outputs_are_networks_of_one_side_by_side(network):
    X = np.random.default_rng(3).normal(size=(9, network.dimension))
    each = [network.output(k) for k in range(network.outputs)]
    size = max(size_of_terms(one, X).max(initial=0.0) for one in each)
    np.testing.assert_allclose(
        network.predict(X), np.column_stack([one.predict(X) for one in each]), atol=ROUNDING * size
    )
    assert network.penalty <= sum(one.penalty for one in each) * (1 + ROUNDING)


@given(several())
def test_a_network_of_several_outputs_comes_back_from_json_as_it_was(network):
    same(cv.ReLUNetwork.from_dict(json.loads(json.dumps(network.to_dict()))), network)


@given(several())
def test_merge_of_several_outputs_keeps_them_and_never_raises_the_penalty(network):
    X = np.random.default_rng(4).normal(size=(3, network.dimension))
    merged = network.merge(X)
    np.testing.assert_allclose(merged.predict(X), network.predict(X), atol=1e-9)
    assert merged.width <= network.width
    assert merged.penalty <= network.penalty * (1 + ROUNDING)


@given(networks())
def test_an_axis_for_one_output_changes_nothing(network):
    column = network.column()
    X = np.random.default_rng(5).normal(size=(7, network.dimension))
    assert (column.w.shape, column.c.shape, column.outputs) == ((network.width, 1), (1,), 1)
    np.testing.assert_allclose(
        column.predict(X)[:, 0], network.predict(X), atol=ROUNDING * size_of_terms(network, X).max(initial=1.0)
    )
    assert column.penalty == pytest.approx(network.penalty, rel=ROUNDING)
    back = column.squeezed()
    assert back.c == network.c
    np.testing.assert_array_equal(back.w, network.w)


def test_weights_of_the_first_version_are_read():
    network = cv.ReLUNetwork(np.eye(2), np.zeros(2), np.ones((2, 3)), np.zeros(3))
    old = {"W" if name == "w" else name: value for name, value in vars(network).items()}
    again = cv.ReLUNetwork.__new__(cv.ReLUNetwork)
    again.__setstate__(old)
    np.testing.assert_array_equal(again.predict(np.eye(2)), network.predict(np.eye(2)))
