"""A training problem as the solvers get it, checked and in units of its own, and what they give back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..dual.certificate import Certificate
from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..numerics import clock
from ..solution import Round
from .units import Units


@dataclass(frozen=True, eq=False)
class Task:
    """The problem in its units, and how it is to be solved.

    Attributes
    ----------
    own : the units, with data, targets, strength of weight decay and loss.
    bias, method, tol, cuts, stop : as `solve` takes them.
    near : a network to start from, in these units, or None.
    deadline : of `clock`, when the best network so far is to come back.
    limit : seconds from the beginning until then.
    rounds : after so many it is to come back, too.
    """

    own: Units
    bias: bool
    method: str
    tol: float
    near: ReLUNetwork | None
    deadline: float
    cuts: int | None = None
    stop: Callable[[], bool] | None = None
    limit: float = np.inf
    rounds: int = 1

    @property
    def X(self) -> Array:
        """Coordinates of the data in the flat that holds them, (n, r)."""
        return self.own.Z

    @property
    def y(self) -> Array:
        """(n,) or (n, K) targets."""
        return self.own.target

    @property
    def beta(self) -> float:
        """Strength of weight decay, for these coordinates and targets."""
        return self.own.beta

    @property
    def loss(self) -> Loss:
        """That of these targets."""
        return self.own.inside

    @property
    def rank(self) -> int:
        """Number of coordinates r."""
        return self.own.flat.rank

    def halt(self) -> bool:
        """Whether to come back with what there is."""
        return clock.passed(self.deadline) or (self.stop is not None and self.stop())


@dataclass(frozen=True, eq=False)
class Trained:
    """A network in the units of the task, its certificate there, the rounds, and which solver and oracle did it.

    `exactness` tells, where the spike-free relaxation was asked, whether it is exact on these data.
    """

    network: ReLUNetwork
    certificate: Certificate
    history: tuple[Round, ...]
    method: str
    exactness: str = ""
