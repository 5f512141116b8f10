"""What the lesson on the tangent kernel promises to show, checked on the data that it names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import convexviz as cv
from convexviz.app.contrast.held_out import error, fresh
from convexviz.app.lessons.tangent_kernel.settings import KernelSettings
from convexviz.core.network import Array

ALIKE = 0.1  # relative difference of errors that are about the same
PLACES = 401  # on the line, at which bends are looked for
BEND = 1e-9  # second difference of values of order one: less is rounding


@dataclass(frozen=True, eq=False)
class Compared:
    """Network and kernel on the same points, and root mean square errors (training, held-out) of each."""

    X: Array
    network: cv.ReLUNetwork
    kernel: cv.TangentKernelRidge
    of_network: tuple[float, float]
    of_kernel: tuple[float, float]

    @property
    def as_near(self) -> bool:
        """Whether both miss the training points by about as much."""
        return bool(np.isclose(self.of_network[0], self.of_kernel[0], rtol=ALIKE))


def compared(settings: KernelSettings) -> Compared:
    """Both, trained on the preset that the settings name."""
    made, held = cv.datasets.load(settings.dataset, settings.n, settings.noise, settings.seed), fresh(settings)
    assert held is not None
    network = cv.solve(made.X, made.y, beta=settings.beta, loss=settings.loss).network
    kernel = cv.TangentKernelRidge(ridge=settings.ridge).fit(made.X, made.y)

    def errors(model: cv.ReLUNetwork | cv.TangentKernelRidge) -> tuple[float, float]:
        return error(model.predict(made.X), made.y, False), error(model.predict(held.X), held.targets, False)

    return Compared(made.X, network, kernel, errors(network), errors(kernel))


def bent_everywhere(settings: KernelSettings) -> dict[str, bool]:
    """Bent everywhere, or at three points."""
    both = compared(settings)
    x = np.linspace(both.X.min(), both.X.max(), PLACES)[:, None]
    bent = [np.abs(np.diff(model.predict(x), 2)) > BEND for model in (both.network, both.kernel)]
    return {
        "the kernel passes through every point": both.of_kernel[0] < 1e-9,
        "and is bent everywhere": bool(bent[1].mean() > 0.9),
        "the network has three neurons": both.network.width == 3,
        "and is straight everywhere else": bool(bent[0].sum() <= 2 * both.network.width),
    }


def the_kernel_follows_the_noise(settings: KernelSettings) -> dict[str, bool]:
    """With lambda = 0 the kernel follows the noise."""
    both = compared(settings)
    return {
        "the kernel misses no training point": both.of_kernel[0] < 1e-9,
        "the network misses them": both.of_network[0] > 0.1,
        "on held-out points the kernel is worse": both.of_kernel[1] > both.of_network[1],
    }


def both_err_alike(settings: KernelSettings) -> dict[str, bool]:
    """Equally far from the points."""
    both = compared(settings)
    return {
        "both miss the training points by about as much": both.as_near,
        "and held-out points": bool(np.isclose(both.of_network[1], both.of_kernel[1], rtol=ALIKE)),
    }


def the_network_is_ahead(settings: KernelSettings) -> dict[str, bool]:
    """A folded target in the plane."""
    both = compared(settings)
    return {
        "both miss the training points by about as much": both.as_near,
        "on held-out points the network is ahead": both.of_network[1] < (1 - ALIKE) * both.of_kernel[1],
    }
