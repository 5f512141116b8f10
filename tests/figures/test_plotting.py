"""`cv.plot`: one figure for one answer, with its proof."""

import numpy as np
import pytest

import convexviz as cv
from convexviz import figures

X = np.linspace(-1, 1, 9)[:, None]
Y = np.abs(X[:, 0])
S = cv.solve(X, Y, beta=0.05)


def panel(figure, number):
    """The traces of a panel."""
    axis = "x" if number == 1 else "x2"
    return [trace for trace in figure.data if (trace.xaxis or "x") == axis]


def test_on_the_line_the_spline_stands_above_the_dual_function_that_proves_it():
    figure = cv.plot(S, X, Y)
    alone = figures.dual_figure(S, X[:, 0], tuple(figure.layout.xaxis.range))
    assert len(panel(figure, 2)) == len(alone.data)
    for here, there in zip(panel(figure, 2), alone.data, strict=True):
        np.testing.assert_array_equal(here.y, there.y)
    points = next(trace for trace in panel(figure, 1) if trace.mode == "markers" and len(trace.x) == len(X))
    np.testing.assert_allclose(points.y, Y)
    assert figure.layout.xaxis.range == figure.layout.xaxis2.range  # one below the other, with one scale
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]
    assert figure.layout.yaxis2.ticktext == ("−β", "0", "β")


@pytest.mark.parametrize("loss", ["hinge", "squared"])
def test_in_the_plane_the_network_stands_beside_the_map_of_the_dual_function(loss):
    data = cv.datasets.load("moons", n=20)
    figure = cv.plot(cv.solve(data.X, data.y, loss=loss), data.X, data.y)
    assert figure.layout.xaxis.domain[1] < figure.layout.xaxis2.domain[0]
    assert any(trace.type == "heatmap" for trace in panel(figure, 2))
    assert figure.layout.yaxis.scaleanchor == "x"
    assert len(figure.layout.annotations) >= 2  # the titles of the panels


def test_beyond_the_plane_the_fit_of_each_point_stands_beside_the_weights():
    rng = np.random.default_rng(0)
    Z = rng.standard_normal((12, 3))
    s = cv.solve(Z, Z[:, 0] * Z[:, 1], beta=0.1)
    figure = cv.plot(s, Z, Z[:, 0] * Z[:, 1])
    fit = next(trace for trace in panel(figure, 1) if trace.mode == "markers")
    np.testing.assert_allclose(fit.y, s.network.predict(Z))


def test_an_estimator_is_drawn_with_its_own_labels():
    data = cv.datasets.load("moons", n=20)
    labels = np.where(data.y > 0, "up", "down")
    model = cv.ConvexReLUClassifier(beta=0.1).fit(data.X, labels)
    assert model.classes_.tolist() == ["down", "up"]
    drawn = cv.plot(model, data.X, labels)
    as_numbers = cv.plot(model.solution_, data.X, data.y)
    assert [trace.name for trace in drawn.data] == [trace.name for trace in as_numbers.data]
    for here, there in zip(panel(drawn, 1), panel(as_numbers, 1), strict=True):
        np.testing.assert_array_equal(here.x, there.x)


@pytest.mark.parametrize(
    ("result", "points", "words"),
    [
        (3, X, "what convexviz.solve returned or a fitted estimator, got int"),
        (cv.ConvexReLURegressor(), X, "fitted"),
        (S, X[1:], "X must have shape"),
        (S, np.hstack([X, X]), "X must have shape"),
        (cv.solve(X, np.column_stack([Y, X[:, 0]]), beta=0.1), X, "one output"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(result, points, words):
    with pytest.raises(ValueError, match=words):
        cv.plot(result, points, Y[: len(points)])
