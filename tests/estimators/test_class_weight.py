"""Weights of classes are weights of their samples, in scikit-learn's way of counting."""

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_sample_weight
from tolerances import SAME

import convexviz as cv

LOSSES = ("hinge", "logistic", "squared")


def data(classes, n=18, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    names = np.array(["a", "b", "c"])
    return X, names[np.digitize(X[:, 0], [0.2, 0.8][: classes - 1])]


def assert_same(one, other, X):
    np.testing.assert_array_equal(one.decision_function(X), other.decision_function(X))
    assert (one.objective_, one.lower_bound_) == (other.objective_, other.lower_bound_)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("weight", ["balanced", {"a": 2.0, "b": 0.5}, {"b": 3, "c": 1, "a": 1}])
def test_weights_of_classes_are_those_of_their_samples(loss, classes, weight):
    X, y = data(classes)
    s = compute_sample_weight(weight, y)
    of_classes = cv.ConvexReLUClassifier(0.3, loss, class_weight=weight).fit(X, y)
    of_samples = cv.ConvexReLUClassifier(0.3, loss).fit(X, y, s)
    assert of_classes.objective_ == pytest.approx(of_samples.objective_, rel=1e-6)
    np.testing.assert_allclose(of_classes.decision_function(X), of_samples.decision_function(X), atol=1e-2)
    assert list(of_classes.classes_) == list(of_samples.classes_)


@pytest.mark.parametrize("weight", ["balanced", {"a": 0.1, "b": 0.7, "c": 1.3}])
def test_repetitions_and_orders_are_the_same_fit_bit_by_bit(weight):
    X, y = data(3)
    s = np.resize([0, 1, 2, 3], len(y))
    model = cv.ConvexReLUClassifier(0.3, class_weight=weight)
    fit = model.fit(X, y, s)
    often = np.random.default_rng(1).permutation(np.repeat(np.arange(len(s)), s))
    assert_same(cv.ConvexReLUClassifier(0.3, class_weight=weight).fit(X[often], y[often]), fit, X)
    uneven = np.random.default_rng(2).uniform(0.1, 2.0, len(y))
    order = np.random.default_rng(3).permutation(len(y))
    one, other = (
        cv.ConvexReLUClassifier(0.3, class_weight=weight).fit(X[rows], y[rows], uneven[rows])
        for rows in (np.arange(len(y)), order)
    )
    assert_same(one, other, X)


def test_balanced_classes_weigh_the_same_and_as_much_as_before():
    X, y = data(3)
    samples = cv.ConvexReLUClassifier(class_weight="balanced")._samples(X, y, 2.0)
    labels = y[np.unique(samples.group, return_index=True)[1]]
    masses = [samples.weight[labels == name].sum() for name in "abc"]
    np.testing.assert_allclose(masses, 2.0 * len(y) / 3, rtol=SAME)


def test_a_rare_class_is_heard():
    X, _ = data(2, n=40, seed=3)
    rare = np.where(np.random.default_rng(4).random(40) < 0.2, "b", "a")
    assert (cv.ConvexReLUClassifier(30.0).fit(X, rare).predict(X) == "a").all()
    assert (cv.ConvexReLUClassifier(5.0, class_weight="balanced").fit(X, rare).predict(X) == "b").any()


def test_a_class_of_weight_zero_is_not_there():
    X, y = data(3)
    fit = cv.ConvexReLUClassifier(0.3, class_weight={"c": 0}).fit(X, y)
    assert list(fit.classes_) == ["a", "b"]
    assert_same(cv.ConvexReLUClassifier(0.3).fit(X[y != "c"], y[y != "c"]), fit, X)
    with pytest.raises(ValueError, match=r"y must hold at least two classes, got 1 class .*a weight above 0"):
        cv.ConvexReLUClassifier(class_weight={"b": 0, "c": 0}).fit(X, y)


def test_a_key_that_is_no_label_is_a_mistake_only_where_a_label_is_left_out():
    """So that one dict serves all folds, as in scikit-learn."""
    X, y = data(2)
    cv.ConvexReLUClassifier(0.3, class_weight={"a": 1.0, "b": 2.0, "c": 3.0}).fit(X, y)
    with pytest.raises(ValueError, match="class_weight must name labels of y, got 'B' and nothing for 'b'"):
        cv.ConvexReLUClassifier(class_weight={"a": 1.0, "B": 2.0}).fit(X, y)


def test_integer_labels_are_keys_of_any_integer_kind():
    X, y = data(2)
    numbers = (y == "b").astype(np.int8)
    one, other = (cv.ConvexReLUClassifier(class_weight=w).fit(X, numbers) for w in ({1: 3.0}, {np.int64(1): 3.0, 0: 1}))
    assert_same(one, other, X)


def test_a_path_heeds_the_weights_of_classes():
    X, y = data(2)
    first, second = cv.ConvexReLUClassifier(class_weight="balanced").regularization_path(X, y)[:2]
    assert first.network_.width == 0 < second.network_.width
