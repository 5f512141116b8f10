"""What the tour of the lesson on closed forms says, checked on the images that it shows."""

from __future__ import annotations

import numpy as np

from convexviz import closed_form
from convexviz.app.lessons.closed_forms import parts
from convexviz.app.lessons.closed_forms.settings import ClosedSettings

ROUNDING = 1e-8
SOLVED = 1e-4  # neurons of the solver, whose objective is within 1e-6 of the optimum


def two_classes(settings: ClosedSettings) -> dict[str, bool]:
    """Eight images, two classes."""
    found = parts.found_for(settings)
    return {
        "eight samples of 64 numbers": found.raw.shape == (8, 64),
        "four targets of each sign": found.y.tolist() == [1.0] * 4 + [-1.0] * 4,
        "3 against 8": (settings.first, settings.second) == ("3", "8"),
    }


def any_pattern(settings: ClosedSettings) -> dict[str, bool]:
    """Whitening."""
    X = parts.found_for(settings).X
    wanted = np.abs(np.random.default_rng(0).standard_normal((50, len(X))))
    wanted /= np.linalg.norm(wanted, axis=1)[:, None]
    U = wanted @ X
    return {
        "the samples are orthonormal": bool(np.allclose(X @ X.T, np.eye(len(X)))),
        "any pattern of length one is answered": bool(np.allclose(np.maximum(U @ X.T, 0.0), wanted)),
        "by a neuron of length one": bool(np.allclose(np.linalg.norm(U, axis=1), 1.0)),
    }


def own_class(settings: ClosedSettings) -> dict[str, bool]:
    """Two neurons, written down."""
    found = parts.found_for(settings)
    sums = np.array([found.X[found.y == sign].sum(axis=0) for sign in (1.0, -1.0)])
    answers = found.network.activations(found.X)
    other = np.column_stack([found.y < 0, found.y > 0])
    return {
        "each is the sum of its class, of length one": bool(
            np.allclose(found.network.U, sums / np.linalg.norm(sums, axis=1)[:, None])
        ),
        "each answers its own class": bool((answers[~other] > 0.1).all()),
        "and no other": bool((answers[other] <= ROUNDING).all()),
    }


def same_network(settings: ClosedSettings) -> dict[str, bool]:
    """The solver agrees."""
    found = parts.found_for(settings)
    order = np.argsort(-found.optimum.network.w)
    return {
        "it is certified": found.optimum.certified,
        "the objective is the same": bool(
            np.isclose(found.optimum.objective, found.formula_objective, rtol=parts.SAME)
        ),
        "and so are the neurons": bool(np.allclose(found.optimum.network.U[order], found.network.U, atol=SOLVED)),
    }


def disturbed(settings: ClosedSettings) -> dict[str, bool]:
    """Without whitening."""
    found = parts.found_for(settings)
    return {
        "each neuron of the formula answers the other class too": parts.overlapping(found),
        "the solver shows a better network": found.optimum.objective < 0.999 * found.formula_objective,
    }


def ten_neurons(settings: ClosedSettings) -> dict[str, bool]:
    """Ten classes, ten neurons."""
    X, target = parts.draw(tuple(range(10)), settings.per_class, settings.seed)
    white = closed_form.whiten(X)
    network = closed_form.vector_whitened(white.X, np.eye(10)[target], settings.beta).network
    return {
        "ten neurons": network.width == 10,
        "every image it was trained on is named rightly": bool(
            (network.predict(white.X).argmax(axis=1) == target).all()
        ),
    }
