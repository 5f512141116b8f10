"""What the lesson on the tangent kernel promises to show, checked on the data that it names."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

import convexviz as cv
from convexviz.app.contrast.held_out import error, fresh
from convexviz.app.contrast.points import named_by
from convexviz.app.lessons.tangent_kernel.parts import BOARDS
from convexviz.app.lessons.tangent_kernel.settings import KernelSettings
from convexviz.app.shell.source import Points
from convexviz.core.network import Array
from convexviz.core.rivals.kernels import tangent_kernel

ALIKE = 0.1  # relative difference of errors that are about the same
STEP = 1e-6  # to either side of a point, by which a slope is measured
EXACT = 1e-3  # relative, of slopes that are measured so
BEND = 1e-6  # change of slope of functions of order one: less is rounding
WITHIN = 50  # places between two neighbouring points at which a function is looked at

Claims = dict[str, bool]


@dataclass(frozen=True, eq=False)
class Compared:
    """Network and kernel on the same points, and root mean square errors (training, held-out) of each."""

    X: Array
    y: Array
    solution: cv.Solution
    kernel: cv.TangentKernelRidge
    of_network: tuple[float, float]
    of_kernel: tuple[float, float]

    @property
    def network(self) -> cv.ReLUNetwork:
        return self.solution.network

    @property
    def as_near(self) -> bool:
        """Whether both miss the training points by about as much."""
        return bool(np.isclose(self.of_network[0], self.of_kernel[0], rtol=ALIKE))


def data_of(settings: KernelSettings) -> Points:
    """The points that the settings name."""
    return named_by(BOARDS, settings)


def compared(settings: KernelSettings) -> Compared:
    """Both, trained on the preset that the settings name."""
    made, held = data_of(settings), fresh(settings)
    assert held is not None
    solution = cv.solve(made.X, made.y, beta=settings.beta, loss=settings.loss)
    kernel = cv.TangentKernelRidge(ridge=settings.ridge).fit(made.X, made.y)

    def errors(model: cv.ReLUNetwork | cv.TangentKernelRidge) -> tuple[float, float]:
        return error(model.predict(made.X), made.y, False), error(model.predict(held.X), held.targets, False)

    return Compared(made.X, made.y, solution, kernel, errors(solution.network), errors(kernel))


def tips(both: Compared) -> Array:
    """The change of slope (n,) of the kernel's fit at every data point of the line, measured."""
    low, here, high = (both.kernel.predict(both.X + step) for step in (-STEP, 0.0, STEP))
    return (high - 2 * here + low) / STEP


def kinks_of(network: cv.ReLUNetwork) -> tuple[Array, Array]:
    """The places (k,) of the line at which a network changes its slope, and by how much (k,)."""
    places, where = np.unique(network.kinks().round(9), return_inverse=True)
    change = np.bincount(where, weights=network.w, minlength=len(places))
    return places[np.abs(change) > BEND], change[np.abs(change) > BEND]


def strays(both: Compared) -> float:
    """How far the kernel's fit is from straight between neighbouring points, as a share of the targets' range."""
    x = np.sort(both.X[:, 0])
    share = np.linspace(0.0, 1.0, WITHIN)
    between = x[:-1, None] + np.diff(x)[:, None] * share
    f = both.kernel.predict(between.reshape(-1, 1)).reshape(between.shape)
    straight = f[:, :1] + (f[:, -1:] - f[:, :1]) * share
    return float(np.abs(f - straight).max() / np.ptp(both.y))


def two_answers(settings: KernelSettings) -> Claims:
    """Two functions for the same forty points."""
    both = compared(settings)
    return {
        "there are forty points": len(both.y) == 40,
        "the network is proved optimal": both.solution.certified,
        "the kernel passes through every point": both.of_kernel[0] < 1e-9,
        "the network does not": both.of_network[0] > 0.1,
    }


def one_tip_each(settings: KernelSettings) -> Claims:
    """One function for each point, with a tip there."""
    both = compared(settings)
    a, x = both.kernel.dual_coef_, both.X[:1]
    sides = tangent_kernel(x + np.array([[-STEP], [0.0], [STEP]]), x)[:, 0]
    return {
        "f is the sum of the functions Θ(x, xᵢ), weighted with aᵢ": bool(
            np.allclose(tangent_kernel(both.X) @ a, both.kernel.predict(both.X))
        ),
        "the slope of Θ(x, xᵢ) falls by 1/π at xᵢ": bool(
            np.isclose((sides[0] - 2 * sides[1] + sides[2]) / STEP, -1 / np.pi, rtol=EXACT)
        ),
        "the fit bends at xᵢ by −aᵢ/π": bool(np.allclose(tips(both), -a / np.pi, rtol=EXACT, atol=EXACT)),
        "at every point": bool((np.abs(a) > BEND).all()),
    }


def bends_at_every_point(settings: KernelSettings) -> Claims:
    """Bends at every point, or at two."""
    both = compared(settings)
    return one_tip_each(settings) | {
        "there are sixteen points": len(both.y) == 16,
        "the kernel passes through every point": both.of_kernel[0] < 1e-9,
        "between neighbours it is straight to 1 % of the height": strays(both) < 0.01,
        "the network bends at two places": len(kinks_of(both.network)[0]) == 2,
    }


def few_bends(settings: KernelSettings) -> Claims:
    """The network bends at few points."""
    both = compared(settings)
    kinks, changes = kinks_of(both.network)
    return {
        "the network bends at nine places": len(kinks) == 9,
        "all of them data points": all(np.abs(both.X[:, 0] - kink).min() < 1e-6 for kink in kinks),
        "the kernel at all forty": bool((np.abs(both.kernel.dual_coef_) > BEND).all()) and len(both.y) == 40,
        "and its sharpest bend is more than twice as sharp as the network's": bool(
            np.abs(tips(both)).max() > 2 * np.abs(changes).max()
        ),
    }


def the_kernel_follows_the_noise(settings: KernelSettings) -> Claims:
    """With lambda = 0 the kernel follows the noise."""
    both = compared(settings)
    return {
        "the kernel misses no training point": both.of_kernel[0] < 1e-9,
        "the network misses them": both.of_network[0] > 0.1,
        "on held-out points the kernel is worse": both.of_kernel[1] > both.of_network[1],
    }


def ridge_flattens(settings: KernelSettings) -> Claims:
    """A ridge makes the tips smaller, and takes none away."""
    both, sharp = compared(settings), compared(replace(settings, ridge=0.0))
    missed = both.y - both.kernel.predict(both.X)
    return {
        "λ is not zero": settings.ridge > 0,
        "the fit bends at every point still": bool((np.abs(both.kernel.dual_coef_) > BEND).all()),
        "by as much as it misses it, over πλ": bool(
            np.allclose(tips(both), -missed / (np.pi * settings.ridge), rtol=EXACT, atol=EXACT)
        ),
        "the tips together are less than a fifth of what they were": bool(
            np.linalg.norm(tips(both)) < np.linalg.norm(tips(sharp)) / 5
        ),
    }


def both_err_alike(settings: KernelSettings) -> Claims:
    """Equally far from the points."""
    both = compared(settings)
    return {
        "both miss the training points by about as much": both.as_near,
        "and held-out points": bool(np.isclose(both.of_network[1], both.of_kernel[1], rtol=ALIKE)),
    }


def the_network_is_ahead(settings: KernelSettings) -> Claims:
    """A folded target in the plane."""
    both = compared(settings)
    return {
        "both miss the training points by about as much": both.as_near,
        "on held-out points the network is ahead": both.of_network[1] < (1 - ALIKE) * both.of_kernel[1],
    }
