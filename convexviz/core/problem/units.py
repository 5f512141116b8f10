"""The same problem where numbers are near one: offsets of X and y removed, both scaled by powers of two.

y is (n,) or (n, K), and so is v.

All of these are symmetries of the training problem, and exact in floating point: with x = centre + 2^p z and
y = shift + 2^q t the network f(x) = shift + 2^q g(z) has

    residual loss of degree k   P = 2^kq P'(beta / 2^(p + (k-1) q)),   v = 2^((k-1) q) v'
    loss of labels              P = P'(beta / 2^p),                    v = v'                                (q = 0)
    constraint                  P = 2^(q-p) P',                        v = v' / 2^p

Only offsets and scales that could cost digits are touched; data near one stay as they are, bit by bit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..rank import Reduction, offset, reduce_rank
from ..solution import Round, Solution

PLAIN = 128.0  # scales between this and its inverse are left alone
# Beside a large shift c keeps few digits. A neuron that switches on far away is a constant next to nothing pays for.
LOST = 1e-11  # part of c, in units of the targets, from which that is worth a neuron
FAR_AWAY = 2.0**30  # where it switches on, in units of the inputs: its weight is this much smaller than what it adds


@dataclass(frozen=True, eq=False)
class Units:
    """The problem solved instead, and the way back.

    Attributes
    ----------
    flat : the data reduced to their rank.
    Z : (n, r) inputs of the problem solved.
    target : (n,) or (n, K) its targets.
    beta : its strength of weight decay.
    of_x, of_y : 2^p and 2^q.
    shift : offset of the targets, a number or (K,).
    loss : the loss of the problem given.
    """

    flat: Reduction
    Z: Array
    target: Array
    beta: float
    of_x: float
    of_y: float
    shift: Any
    loss: Loss

    @property
    def trivial(self) -> bool:
        """Whether the problem solved is the one given."""
        basis = self.flat.basis
        whole = basis.shape[0] == basis.shape[1] and not self.flat.centre.any()
        return whole and self.of_x == self.of_y == 1.0 and not np.any(self.shift)

    @cached_property
    def inside(self) -> Loss:
        """The loss of the problem solved."""
        return self.loss.rescaled(self.of_y)

    @property
    def of_v(self) -> float:
        """What a dual vector of the problem solved is multiplied by."""
        if self.loss.constrained:
            return 1.0 / self.of_x
        return float(self.of_y ** (self.loss.degree - 1))

    @property
    def of_objective(self) -> float:
        """What an objective of the problem solved is multiplied by."""
        if self.loss.constrained:
            return self.of_y / self.of_x
        return float(self.of_y**self.loss.degree)

    def given(self, network: ReLUNetwork) -> ReLUNetwork:
        """A network on z as one on x."""
        if self.trivial:
            return network
        U, b, w = network.U, network.b * self.of_x, network.w * (self.of_y / self.of_x)
        c = self.shift + self.of_y * network.c
        lost = self.of_y * network.c - (c - self.shift)
        network = ReLUNetwork(U, b, w, c)
        if np.abs(lost).max() > LOST * self.of_y:
            far = FAR_AWAY * self.of_x
            network = network.joined(np.eye(1, U.shape[1]), np.array([far]), np.array([lost / far]))
        return self.flat.lift(network)

    def solved(self, network: ReLUNetwork) -> ReLUNetwork:
        """A network on x as one on z."""
        if self.trivial:
            return network
        near = self.flat.restrict(network)
        return ReLUNetwork(
            near.U, near.b / self.of_x, near.w * (self.of_x / self.of_y), (near.c - self.shift) / self.of_y
        )

    def warm(self, start: Solution | None, bias: bool) -> ReLUNetwork | None:
        """The network on z to start from, that of a solution on x; None where there is none or it does not fit."""
        if start is None:
            return None
        network = start.network
        fits = network.dimension == self.flat.basis.shape[1] and network.w.shape[1:] == self.target.shape[1:]
        if not fits or not network.width:
            return None
        near = self.solved(network)
        if not bias:
            near = replace(near, b=np.zeros(near.width), c=0.0 * near.c)
        return near if near.width else None

    def round_given(self, seen: Round) -> Round:
        """A round of the problem solved as one of the problem given."""
        if self.trivial:
            return seen
        network = None if seen.network is None else self.given(seen.network)
        v = None if seen.v is None else self.of_v * seen.v
        maximum = seen.maximum * self.of_v * self.of_x
        upper, lower = seen.upper * self.of_objective, seen.lower * self.of_objective
        U, b = self._neurons(seen)
        return replace(seen, upper=upper, lower=lower, network=network, v=v, maximum=maximum, U=U, b=b)

    def _neurons(self, seen: Round) -> tuple[Array | None, Array | None]:
        """The neurons a round has added, on x; where there is a center, measured from it."""
        if seen.U is None or seen.b is None:
            return seen.U, seen.b
        U = seen.U @ self.flat.basis
        b = seen.b * self.of_x
        return U, b if self.flat.far else b - U @ self.flat.centre


def units(X: Array, y: Array, beta: float, loss: Loss, bias: bool) -> Units:
    """The problem of X (n, d), y (n,) or (n, K) in units of its own."""
    flat = reduce_rank(X, centred=bias)
    of_x = power_of_two(float(np.abs(flat.Z).max()))
    shift, of_y = np.zeros(y.shape[1:]), 1.0
    if loss.residual:
        shift = offset(y.reshape(len(y), -1)).reshape(y.shape[1:]) if bias else shift
        of_y = power_of_two(float(np.abs(y - shift).max()))
    scaled = beta if loss.constrained else beta / of_x / of_y ** (loss.degree - 1)
    Z, target = flat.Z, y
    if of_x != 1.0:
        Z = Z / of_x
    if shift.any() or of_y != 1.0:
        target = (y - shift) / of_y
    return Units(flat, Z, target, scaled, of_x, of_y, shift, loss)


def power_of_two(size: float) -> float:
    """The power of two nearest to a size that is far from one, else 1."""
    if size == 0.0 or 1.0 / PLAIN <= size <= PLAIN:
        return 1.0
    return float(2.0 ** np.round(np.log2(size)))
