"""ConvexReLUClassifier is `solve` on labels -1 / +1 or on one output per class, whatever the labels."""

import numpy as np
import pytest
from scipy.special import expit, softmax
from sklearn.datasets import make_blobs, make_moons
from sklearn.exceptions import ConvergenceWarning
from tolerances import GAP, SAME

import convexviz as cv

BINARY = ("hinge", "logistic", "squared", "hard_margin")


def moons(n=30):
    return make_moons(n, noise=0.15, random_state=0)


def blobs():
    X, y = make_blobs(36, centers=3, cluster_std=2.0, random_state=2)
    return X / 5, y


def in_order(X, y):
    """The samples sorted by x, the way a fit takes them."""
    order = np.lexsort(X.T[::-1])
    return X[order], y[order]


@pytest.mark.parametrize("loss", BINARY)
def test_two_classes_are_solve(loss):
    X, y = in_order(*moons())
    model = cv.ConvexReLUClassifier(0.2, loss).fit(X, y)
    solution = cv.solve(X, 2.0 * y - 1, 0.2, loss)
    assert model.certified_
    assert model.objective_ == solution.objective
    assert model.gap_ == solution.gap <= GAP
    np.testing.assert_array_equal(model.decision_function(X), solution.network.predict(X))
    np.testing.assert_array_equal(model.predict(X), (solution.network.predict(X) > 0).astype(int))


@pytest.mark.parametrize("loss", ["hinge", "hard_margin"])
def test_more_classes_are_one_problem_each_against_the_rest(loss):
    X, y = blobs()
    model = cv.ConvexReLUClassifier(0.2, loss).fit(X, y)
    alone = [cv.ConvexReLUClassifier(0.2, loss).fit(X, y == k) for k in range(3)]
    scores = np.column_stack([one.decision_function(X) for one in alone])
    assert model.certified_
    np.testing.assert_allclose(model.decision_function(X), scores, atol=SAME * np.abs(scores).max())
    np.testing.assert_array_equal(model.predict(X), scores.argmax(axis=1))
    assert model.objective_ == sum(one.objective_ for one in alone)
    assert model.lower_bound_ == sum(one.lower_bound_ for one in alone)
    assert model.network_.penalty == pytest.approx(sum(one.network_.penalty for one in alone), rel=SAME)
    assert model.n_iter_ == max(one.n_iter_ for one in alone)


@pytest.mark.parametrize("loss", ["logistic", "squared"])
def test_more_classes_share_their_neurons(loss):
    X, y = in_order(*blobs())
    model = cv.ConvexReLUClassifier(0.5, loss).fit(X, y)
    Y = np.eye(3)[y] if loss == "logistic" else 2 * np.eye(3)[y] - 1
    solution = cv.solve(X, Y, 0.5, loss)
    assert model.certified_
    assert model.objective_ == solution.objective
    np.testing.assert_array_equal(model.decision_function(X), solution.network.predict(X))
    np.testing.assert_array_equal(model.predict(X), solution.network.predict(X).argmax(axis=1))
    assert model.weights_.shape == (len(model.biases_), 3)


@pytest.mark.parametrize("loss", BINARY)
@pytest.mark.parametrize("names", [[-1, 1], [3, 7], [False, True], ["no", "yes"], [-0.0, 2.0]])
def test_labels_are_names(loss, names):
    X, y = moons()
    plain, named = (cv.ConvexReLUClassifier(0.2, loss).fit(X, labels) for labels in (y, np.array(names)[y]))
    np.testing.assert_array_equal(named.classes_, names)
    np.testing.assert_array_equal(named.decision_function(X), plain.decision_function(X))
    np.testing.assert_array_equal(named.predict(X), np.array(names)[plain.predict(X)])


@pytest.mark.parametrize("loss", ["logistic", "squared"])
def test_classes_exchanged_turn_the_network_over(loss):
    """Where the outputs on the data are unique; the hinge loss leaves them some room."""
    X, y = moons()
    one, other = (cv.ConvexReLUClassifier(0.2, loss, tol=1e-9).fit(X, labels) for labels in (y, 1 - y))
    assert other.objective_ == pytest.approx(one.objective_, rel=GAP)
    np.testing.assert_allclose(other.decision_function(X), -one.decision_function(X), atol=1e-3)


def test_classes_permuted_permute_the_outputs():
    X, y = blobs()
    to = np.array([2, 0, 1])
    plain, moved = (cv.ConvexReLUClassifier(0.5, "logistic", tol=1e-8).fit(X, labels) for labels in (y, to[y]))
    np.testing.assert_allclose(moved.predict_proba(X)[:, to], plain.predict_proba(X), atol=1e-3)


def test_probabilities_are_those_of_the_loss():
    X, y = moons()
    two = cv.ConvexReLUClassifier(0.2, "logistic").fit(X, y)
    np.testing.assert_allclose(two.predict_proba(X)[:, 1], expit(two.decision_function(X)), rtol=SAME)
    data_term = -np.log(two.predict_proba(X)[np.arange(len(y)), y]).sum()
    assert data_term + 0.2 * two.network_.penalty == pytest.approx(two.objective_, rel=SAME)
    X, y = blobs()
    three = cv.ConvexReLUClassifier(0.5, "logistic").fit(X, y)
    np.testing.assert_allclose(three.predict_proba(X), softmax(three.decision_function(X), axis=1), rtol=SAME)
    data_term = -np.log(three.predict_proba(X)[np.arange(len(y)), y]).sum()
    assert data_term + 0.5 * three.network_.penalty == pytest.approx(three.objective_, rel=SAME)
    for model in (two, three):
        np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1.0, rtol=SAME)


@pytest.mark.parametrize("loss", ["hinge", "squared", "hard_margin"])
def test_the_other_losses_have_no_probabilities(loss):
    model = cv.ConvexReLUClassifier(loss=loss).fit(*moons())
    assert not hasattr(model, "predict_proba")
    with pytest.raises(AttributeError, match="predict_proba") as caught:
        model.predict_proba(moons()[0])
    assert "predict_proba needs loss='logistic'" in f"{caught.value} {caught.value.__cause__}"


def test_sure_probabilities_do_not_overflow():
    """Outside the data one side keeps its slope, so that f goes to a million there; the other side is flat."""
    for labels in ([0, 1], [1, 0]):
        model = cv.ConvexReLUClassifier(1e-3, "logistic").fit([[-1.0], [1.0]], labels)
        X = np.array([[-1e6], [1e6]])
        assert np.abs(model.decision_function(X)).max() > 1e6
        np.testing.assert_allclose(model.predict_proba(X)[[0, 1], labels], 1.0, atol=1e-3)
        assert (model.predict_proba(X) >= 0).all()


def test_classes_share_the_time():
    X, y = make_blobs(150, centers=3, cluster_std=2.0, random_state=2)
    with pytest.warns(ConvergenceWarning, match="time_limit=0.003 stopped the training"):
        model = cv.ConvexReLUClassifier(1e-4, time_limit=3e-3).fit(X, y)
    assert not model.certified_
    assert model.lower_bound_ <= model.objective_
    assert model.decision_function(X).shape == (150, 3)


@pytest.mark.parametrize("label", [1, "yes"])
def test_one_class_is_refused(label):
    with pytest.raises(ValueError, match="y must hold at least two classes, got 1 class"):
        cv.ConvexReLUClassifier().fit([[0.0], [1.0]], [label, label])


def test_losses_of_regression_are_refused():
    with pytest.raises(ValueError, match=r"loss must be one of squared, hinge, logistic, hard_margin .*'interpolate'"):
        cv.ConvexReLUClassifier(loss="interpolate").fit(*moons())
    with pytest.raises(ValueError, match="Unknown label type"):
        cv.ConvexReLUClassifier().fit([[0.0], [1.0], [2.0]], [0.5, 1.5, 2.5])
