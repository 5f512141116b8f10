"""What the tour of the lesson on auto-encoders says, checked against mixtures and neurons made up at random."""

from __future__ import annotations

import numpy as np

from convexviz.app.compute import digit_images
from convexviz.app.lessons.autoencoders import parts
from convexviz.app.lessons.autoencoders.settings import AutoencoderSettings
from convexviz.core.network import Array
from convexviz.geometry import ExtremePoint, extreme_point, extreme_points

TRIES = 2000  # mixtures and neurons made up
ROUNDING = 1e-9


def _chosen(settings: AutoencoderSettings) -> tuple[Array, ExtremePoint]:
    """The samples, and the neuron of the one that is ringed."""
    X = parts.named(settings)
    return X, extreme_point(X, parts.chosen(settings, X))


def mixtures(X: Array, k: int) -> Array:
    """Mixtures of all samples but one, (TRIES, 2): near corners, near sides, and anywhere."""
    rng = np.random.default_rng(0)
    shares = np.vstack([rng.dirichlet(np.full(len(X) - 1, size), TRIES // 2) for size in (0.1, 1.0)])
    return shares @ np.delete(X, k, axis=0)


def silent_answers(X: Array, k: int) -> Array:
    """What neurons of length one, with the largest bias that is silent on the others, answer to sample k."""
    turn = 2 * np.pi * np.arange(TRIES) / TRIES
    U = np.column_stack([np.cos(turn), np.sin(turn)])
    answers: Array = U @ X[k] - (U @ np.delete(X, k, axis=0).T).max(axis=1)
    return np.maximum(answers, 0.0)


def outside(settings: AutoencoderSettings) -> dict[str, bool]:
    """One sample against the others."""
    _, point = _chosen(settings)
    return {"the ringed sample lies outside the hull of the others": not point.in_hull}


def nearest(settings: AutoencoderSettings) -> dict[str, bool]:
    """The best reconstruction."""
    X, p = _chosen(settings)
    far = np.linalg.norm(mixtures(X, p.index) - X[p.index], axis=1)
    return {
        "p is a mixture of the others": bool(np.allclose(p.weights @ X, p.projection) and p.weights[p.index] == 0)
        and bool((p.weights >= 0).all() and np.isclose(p.weights.sum(), 1.0)),
        "no mixture comes closer": bool((far >= p.distance - ROUNDING).all()),
        "it mixes two samples": int((p.weights > ROUNDING).sum()) == 2,
    }


def silent(settings: AutoencoderSettings) -> dict[str, bool]:
    """What is left is a neuron."""
    X, p = _chosen(settings)
    assert p.u is not None
    assert p.b is not None
    answers = np.maximum(X @ p.u + p.b, 0.0)
    return {
        "u is the residual scaled to length one": bool(np.allclose(p.u * p.distance, X[p.index] - p.projection)),
        "the neuron answers zero to every other sample": bool((np.delete(answers, p.index) <= ROUNDING).all()),
        "its break line touches the hull": bool(
            np.isclose((np.delete(X, p.index, axis=0) @ p.u + p.b).max(), 0.0, atol=ROUNDING)
        ),
    }


def two_numbers(settings: AutoencoderSettings) -> dict[str, bool]:
    """Two numbers prove each other."""
    X, p = _chosen(settings)
    best = float(silent_answers(X, p.index).max())
    return {
        "distance and answer are the same": bool(np.isclose(p.distance, p.value, rtol=1e-6)),
        "no silent neuron answers more": best <= p.distance + ROUNDING,
        "and some come near": best >= 0.99 * p.distance,
    }


def rebuilt(settings: AutoencoderSettings) -> dict[str, bool]:
    """A sample among the others."""
    X, p = _chosen(settings)
    return {
        "the sample is a mixture of the others": p.in_hull and bool(np.allclose(p.projection, X[p.index])),
        "a neuron silent on the others is silent on it": bool((silent_answers(X, p.index) <= ROUNDING).all()),
    }


def no_image_inside(settings: AutoencoderSettings) -> dict[str, bool]:
    """Images have many dimensions."""
    known = digit_images.digits()
    images = known.X[known.of(int(settings.digit))]
    return {
        "an image has 64 pixels": images.shape[1] == 64,
        "no image is a mixture of the others": not any(point.in_hull for point in extreme_points(images)),
    }
