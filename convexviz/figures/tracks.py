"""Neurons followed along a path of networks: which neuron of one network is which of the next.

Nothing in two optimal networks says that two of their neurons are one and the same. What a reader takes for one neuron
is a kink whose weight keeps its sign while it stays where it is, or moves on a little; it may change the side on which
it is active, since the two ramps of a kink differ by a straight line only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from convexviz.core.network import Array, ReLUNetwork

FARTHEST = 0.1  # of the range of all kinks: what moves more from one network to the next has ended and begun anew


@dataclass(frozen=True, eq=False)
class Track:
    """One neuron from birth to end: the number of the first network that has it, and its weight (k,) in each."""

    first: int
    weights: Array


def followed(networks: Sequence[ReLUNetwork]) -> list[Track]:
    """The neurons of networks on the line, one after the other along a path; every weight is in one track."""
    kinks = np.concatenate([network.kinks() for network in networks]) if networks else np.array([])
    reach = FARTHEST * float(np.ptp(kinks)) if len(kinks) else 0.0
    ended: list[Track] = []
    alive: dict[int, list[float]] = {}  # by the neuron of the last network seen
    for i, network in enumerate(networks):
        pairs = matched(networks[i - 1], network, reach) if i else {}
        gone = [weights for j, weights in alive.items() if j not in pairs]
        ended += [Track(i - len(weights), np.array(weights)) for weights in gone]
        heirs = {k: alive[j] for j, k in pairs.items()}
        alive = {k: [*heirs.get(k, []), float(w)] for k, w in enumerate(network.w)}
    return ended + [Track(len(networks) - len(weights), np.array(weights)) for weights in alive.values()]


def matched(before: ReLUNetwork, after: ReLUNetwork, reach: float) -> dict[int, int]:
    """Neurons of `before` with their counterparts in `after`: of one side first, then across the sides."""
    far = np.abs(before.kinks()[:, None] - after.kinks())
    alike = np.sign(before.w)[:, None] == np.sign(after.w)
    same_side = before.U[:, 0][:, None] == after.U[:, 0]
    pairs: dict[int, int] = {}
    for allowed in (alike & same_side, alike):
        rest = np.ones_like(allowed)
        rest[list(pairs)], rest[:, list(pairs.values())] = False, False
        pairs |= _nearest(far, allowed & rest & (far <= reach), reach)
    return pairs


def _nearest(far: Array, allowed: np.ndarray, reach: float) -> dict[int, int]:
    """As many of the allowed pairs as can be, and among those choices the one of least distance in all."""
    dear = 1.0 + far.size * (1.0 + reach)  # one pair given up costs more than all distances together
    rows, columns = linear_sum_assignment(np.where(allowed, far, dear))
    return {int(j): int(k) for j, k in zip(rows, columns, strict=True) if allowed[j, k]}
