"""What the words of the lesson on the line say in general, checked on many data: kinks, dual vectors, challenges."""

from __future__ import annotations

import numpy as np
import pytest

import convexviz as cv
from convexviz.app.lessons.splines import challenges
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.app.shell.source import Points

LOSSES = {
    "regression": ("squared", "interpolate", "huber", "quantile"),
    "classification": ("hinge", "logistic", "hard_margin", "squared"),
}
CLASHING = {("diabetes", "interpolate"), ("iris", "hard_margin")}  # equal x with unequal targets
CASES = [
    (name, loss)
    for task, losses in LOSSES.items()
    for name in cv.datasets.names(task, dims=1)
    for loss in losses
    if (name, loss) not in CLASHING
]
MET, TOUCH = 1e-6, 1e-4  # of a point by its curve; of a dual function at its neurons


def solved(name: str, loss: str, beta: float = 0.1) -> tuple[np.ndarray, np.ndarray, cv.Solution]:
    made = cv.datasets.load(name)
    solution = cv.solve(made.X, made.y, beta=beta, loss=loss)
    assert solution.certified
    return made.X, made.y, solution


@pytest.mark.parametrize(("name", "loss"), CASES)
def test_a_spline_with_its_kinks_at_the_data_is_among_the_best(name: str, loss: str) -> None:
    """The one that the page shows for every preset, and of at most n + 1 neurons."""
    X, _, s = solved(name, loss)
    away = np.abs(s.network.kinks()[:, None] - X[:, 0]).min(axis=1, initial=np.inf)
    assert (away <= 1e-9 * np.ptp(X)).all()
    assert s.network.width <= len(X) + 1


@pytest.mark.parametrize(("name", "loss"), CASES)
def test_the_dual_function_touches_its_band_at_every_neuron_in_use(name: str, loss: str) -> None:
    X, _, s = solved(name, loss)
    end = 1.0 if loss in ("interpolate", "hard_margin") else s.beta
    height = s.v @ s.network.activations(X)
    np.testing.assert_allclose(np.abs(height), end, rtol=TOUCH)
    assert abs(s.v.sum()) <= 1e-9 * np.abs(s.v).sum()


@pytest.mark.parametrize("name", cv.datasets.names("regression", dims=1))
def test_what_a_point_pulls_with(name: str) -> None:
    """Squared: its miss. Huber: the same, cut off at 1. Median: half of its sign, in between where it is met."""
    X, y, s = solved(name, "squared")
    np.testing.assert_allclose(s.v, y - s.network.predict(X), atol=1e-4)
    X, y, s = solved(name, "huber")
    np.testing.assert_allclose(s.v, np.clip(y - s.network.predict(X), -1, 1), atol=1e-4)
    X, y, s = solved(name, "quantile")
    miss = y - s.network.predict(X)
    missed = np.abs(miss) > MET
    np.testing.assert_allclose(s.v[missed], 0.5 * np.sign(miss[missed]), atol=TOUCH)
    assert np.abs(s.v).max() <= 0.5 + MET


@pytest.mark.parametrize("name", cv.datasets.names("classification", dims=1))
@pytest.mark.parametrize("loss", ["hinge", "hard_margin", "logistic"])
def test_a_labelled_point_pulls_to_its_side_and_not_at_all_beyond_its_margin(name: str, loss: str) -> None:
    if (name, loss) in CLASHING:
        return
    X, y, s = solved(name, loss)
    assert (y * s.v >= -MET).all()
    beyond = y * s.network.predict(X) > 1 + 1e-3
    if loss == "logistic":
        assert (y * s.v > 0).all()
    else:
        assert np.abs(s.v[beyond]).max(initial=0.0) <= MET


# --- challenges ----------------------------------------------------------------------------------------------------


def of(name: str) -> challenges.Challenge:
    return next(one for one in challenges.CHALLENGES if one.name == name)


def through(*heights: float) -> Points:
    return Points(np.linspace(-1, 1, len(heights))[:, None], np.array(heights))


@pytest.mark.parametrize("name", ["open-the-band", "close-the-band"])
def test_the_band_is_opened_and_closed_by_one_drag(name: str) -> None:
    """As the hints say: from the V by one point, from the parabola by the middle one."""
    challenge = of(name)
    settings = SplineSettings().changed(**challenge.changes)
    ways = {"open-the-band": through(1, 0.5, 0, 0.3, 1), "close-the-band": through(1, 0.25, 0.5, 0.25, 1)}
    assert challenge.solved(settings, ways[name])


@pytest.mark.parametrize("name", ["open-the-band", "close-the-band"])
def test_the_band_is_not_closed_by_a_straight_line_nor_by_erasing(name: str) -> None:
    settings = SplineSettings().changed(**of(name).changes)
    for points in (through(0, 1, 2, 3, 4), through(1, 0, 1), through(), None):
        assert not of(name).solved(settings, points)


def test_three_neurons_are_asked_of_all_forty_points() -> None:
    challenge = of("three-neurons")
    settings = SplineSettings().changed(**challenge.changes).changed(**challenge.answer)
    made = cv.datasets.load("sine", 40, 0.1, 0)
    assert challenge.solved(settings, Points(made.X, made.y))
    assert not challenge.solved(settings, Points(made.X[::2], made.y[::2]))
    assert not challenge.solved(settings.changed(beta=0.05), Points(made.X, made.y))
    assert not challenge.solved(settings, Points(made.X[:0], made.y[:0]))
