"""What training asks of an oracle, and what some oracles can do besides."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np

from ..network import Array


class NeuronOracle(Protocol):
    """Names neurons that violate |N_v| <= beta; `maximum` is M(v), proved if `exact`."""

    exact: bool

    def maximum(self, v: Array) -> float:
        """M(v) for v (n,), sum v = 0."""
        ...

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """M(v), and at most `most` neurons of each sign with |N_v| > beta: U (k, d), b (k,), sign (k,)."""
        ...


@runtime_checkable
class Prover(Protocol):
    """An oracle that mostly does without a proof, and gives one when asked to."""

    def insist(self) -> None:
        """Ask for a proof the next time."""
        ...


@runtime_checkable
class Mindful(Protocol):
    """An oracle that searches from the neurons in use, which move little from round to round."""

    def remember(self, U: Array) -> None:
        """Directions (m, d) to search from as well, from now on."""
        ...


@runtime_checkable
class Repeater(Protocol):
    """An oracle that has a cheap second look at the places where it found the most."""

    def again(self, v: Array, beta: float, most: int) -> tuple[Array, Array, Array]:
        """At most `most` neurons of each sign with |N_v| > beta, of those places: U (k, d), b (k,), sign (k,)."""
        ...


@runtime_checkable
class Divisible(Protocol):
    """An oracle that can be had for some of the points; from `dear` points on its calls take long."""

    dear: int

    def part(self, index: np.ndarray) -> NeuronOracle:
        """The oracle of the points of an index."""
        ...
