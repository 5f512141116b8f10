"""What the words of the lesson in the plane say in general, checked on many data, and what its challenges take."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.svm import SVC

import convexviz as cv
from convexviz.app.lessons.plane import challenges
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.shell.source import Points
from convexviz.figures.plane.decision import support_vectors

LOSSES = {"regression": ("squared", "interpolate"), "classification": ("hinge", "hard_margin", "logistic")}
CASES = [(name, loss) for task, losses in LOSSES.items() for name in cv.datasets.names(task, dims=2) for loss in losses]
TOUCH = 1e-3  # of a dual function at its neurons, at a gap of 1e-6


@pytest.mark.parametrize(("name", "loss"), CASES)
def test_at_every_neuron_in_use_the_dual_function_reaches_an_end_of_its_band(name: str, loss: str) -> None:
    made = cv.datasets.load(name, 20)
    try:
        s = cv.solve(made.X, made.y, beta=0.1, loss=loss)
    except cv.Infeasible:
        assert len(np.unique(made.X, axis=0)) < len(made.X), "only equal places contradict each other"
        return
    assert s.certified
    assert s.network.width <= len(made.X) + 1
    end = 1.0 if loss in ("interpolate", "hard_margin") else s.beta
    height = s.v @ s.network.activations(made.X)
    np.testing.assert_allclose(height, end * np.sign(s.network.w), rtol=TOUCH)


@pytest.mark.parametrize("name", cv.datasets.names("classification", dims=2))
def test_rings_are_for_points_that_do_not_keep_a_wide_margin(name: str) -> None:
    made = cv.datasets.load(name, 30)
    s = cv.solve(made.X, made.y, beta=0.1, loss="hinge")
    margin = made.y * s.network.predict(made.X)
    assert (margin[support_vectors(s)] <= 1 + 1e-3).all()


# --- challenges ----------------------------------------------------------------------------------------------------


def start(name: str) -> tuple[challenges.Challenge, PlaneSettings]:
    challenge = next(one for one in challenges.CHALLENGES if one.name == name)
    return challenge, PlaneSettings().changed(**challenge.changes)


def corners(*last: float, y: tuple[float, ...] = (-1.0, 1.0, 1.0, -1.0)) -> Points:
    return Points(np.array([[-0.5, -0.5], [-0.5, 0.5], [0.5, -0.5], last]), np.array(y))


def test_one_corner_of_xor_moved_to_its_like_takes_one_neuron() -> None:
    challenge, settings = start("one-neuron")
    assert challenge.solved(settings, corners(-0.4, -0.8))
    assert not challenge.solved(settings, corners(0.5, 0.5))


def test_a_line_between_the_corners_is_not_enough_for_one_neuron() -> None:
    """As the hint says: one neuron costs what the line does, and two may cost less."""
    challenge, settings = start("one-neuron")
    points = corners(-0.83, 0.67)
    line = SVC(kernel="linear", C=1e6).fit(points.X, points.y)
    s = cv.solve(points.X, points.y, loss="hard_margin")
    assert (line.predict(points.X) == points.y).all()
    assert s.certified
    assert s.objective < 0.99 * np.linalg.norm(line.coef_)
    assert not challenge.solved(settings, points)


@pytest.mark.parametrize(
    "points",
    [
        None,
        corners(-0.5, -0.5),
        corners(0.5, 0.5, y=(-1.0, 1.0, 1.0, 1.0)),
        Points(corners(0.5, 0.5).X[:3], np.array([-1.0, 1.0, 1.0])),
    ],
    ids=["none", "two in one place", "recoloured", "erased"],
)
def test_xor_is_not_solved_by_having_less_of_it(points: Points | None) -> None:
    challenge, settings = start("one-neuron")
    assert not challenge.solved(settings, points)


def test_six_neurons_have_to_leave_no_point_wrong() -> None:
    challenge, settings = start("six-neurons")
    made = cv.datasets.load("moons", 60, 0.1, 0)
    assert challenge.solved(settings.changed(beta=0.3), Points(made.X, made.y))
    assert not challenge.solved(settings.changed(beta=3.0), Points(made.X, made.y))
    assert not challenge.solved(settings.changed(beta=0.3), Points(made.X[:59], made.y[:59]))


def test_erasing_the_points_without_a_ring_leaves_rings_only() -> None:
    """As the hint says; the cost stays."""
    challenge, settings = start("all-ringed")
    made = cv.datasets.load("moons", 20, 0.1, 0)
    s = cv.solve(made.X, made.y, beta=settings.beta, loss=settings.loss)
    ringed = support_vectors(s)
    alone = Points(made.X[ringed], made.y[ringed])
    assert challenge.solved(settings, alone)
    kept = cv.solve(alone.X, alone.y, beta=settings.beta, loss=settings.loss)
    assert kept.objective == pytest.approx(s.objective, rel=2e-6)
    assert not challenge.solved(settings, Points(alone.X[:4], alone.y[:4]))


def test_points_that_all_pull_without_a_boundary_hold_none() -> None:
    challenge, settings = start("all-ringed")
    made = cv.datasets.load("moons", 20, 0.1, 0)
    s = cv.solve(made.X, made.y, beta=50.0, loss=settings.loss)
    assert s.network.width == 0
    assert support_vectors(s).all()
    assert not challenge.solved(settings.changed(beta=50.0), Points(made.X, made.y))
