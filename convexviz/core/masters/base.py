"""The training problem over the neurons held: what its solvers have in common, and what the loop asks of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..numerics import clock
from ..solution import TOLERANCE
from .columns import Columns, SharedColumns, Weights, one_per_pattern

TOUCHED = 1e-2  # of the gap asked for: reduced gain, relative to beta, below which a neuron held is no gain

Held = TypeVar("Held", Columns, SharedColumns)


class Master(ABC, Generic[Held]):
    """The problem on X (n, d), y (n,) or (n, K), over columns: neurons with a start for their weights.

    Attributes
    ----------
    deadline : of `clock`; the problem may be left half solved, or TimeoutError raised, once it has passed.
    least_gain : reduced gain below which a neuron held is no gain; `tol` is the relative gap that the loop is to reach.
    settled : whether the problem is solved as well as it ever will be: when no neuron is missing the loop may end.
    """

    settled = True

    def __init__(
        self,
        X: Array,
        y: Array,
        beta: float,
        loss: Loss,
        bias: bool = True,
        deadline: float = clock.NEVER,
        tol: float = TOLERANCE,
    ) -> None:
        self.X, self.y, self.beta, self.loss, self.bias, self.deadline = X, y, beta, loss, bias, deadline
        self.least_gain = TOUCHED * tol * beta

    @abstractmethod
    def solve(self, columns: Held) -> Weights:
        """Optimum over `columns`."""

    @abstractmethod
    def kept(self, columns: Held, merged: Held) -> Held:
        """What the next round begins with, from the columns of this one and those of its network."""

    @abstractmethod
    def columns(self, network: ReLUNetwork) -> Held:
        """The neurons of a network as columns."""

    @abstractmethod
    def moved(self, network: ReLUNetwork) -> Held:
        """The same where the neurons have been moved, so that some may agree on the data now."""

    @abstractmethod
    def found(self, *neurons: Array) -> Held:
        """What an oracle has found as columns of weight zero, no two that agree on the data."""

    def adapt(self, network: ReLUNetwork, value: float, bound: float, gap: float, added: int) -> None:
        """Told after a round: its network and objective, the bound its v gives, how far the best objective is from the
        best bound, relative, and how many neurons come in."""


class SignedMaster(Master[Columns]):
    """The problem of one output: columns have signs, and weights >= 0."""

    def columns(self, network: ReLUNetwork) -> Columns:
        """The neurons of a network as columns."""
        return Columns.of(network)

    def moved(self, network: ReLUNetwork) -> Columns:
        """The same: they are merged when the network is made."""
        return Columns.of(network)

    def found(self, *neurons: Array) -> Columns:
        """Neurons U (k, d), b (k,), sign (k,) as columns, one of each activation pattern and sign."""
        return Columns.new(*one_per_pattern(self.X, *neurons))
