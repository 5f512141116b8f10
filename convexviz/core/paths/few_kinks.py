"""At most k kinks: a heuristic, with the certified optimum of any number of kinks beside it as its lower bound.

    min  loss(f) + beta R(f)   over linear splines f with at most k kinks, at data points

is a choice of k points out of N, and no convex problem. Candidates are the kinks of the optimum and of those at larger
beta, left out one at a time, then moved to neighbouring points as long as that helps; each set is refitted exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ...data.scalars import shown, whole_number
from ..dual.certificate import objective
from ..errors import SolveError
from ..line.prepared import prepare
from ..losses import Loss, get_loss
from ..network import Array, ReLUNetwork
from ..numerics.threads import one_thread
from ..problem.options import check_data, check_shaped
from ..problem.sample_weights import weigh
from ..shape import Shape, Slope, check_shape
from ..shaped.network import shaped_network
from ..shaped.program import Answer, solved
from ..shaped.training import total_of
from ..solution import Solution, relative_gap
from ..solve import solve

LARGER = tuple(4.0**power for power in range(1, 7))  # times beta: where the optimum has fewer kinks
REACH = (1, 2, 4, 8, 16)  # points by which a kink is tried elsewhere
MOST_FITS = 3000
BETTER = 1e-9  # relative, by which an exchange has to help


@dataclass(frozen=True, eq=False)
class FewKinks:
    """A network with at most k kinks that a heuristic found, and what is proved beside it.

    Attributes
    ----------
    network : it.
    kinks : (m,) where it bends between the first and the last data point, m <= k.
    objective : loss + beta sum |w| of it.
    lower_bound : what no network of any number of kinks goes below: proved, and so for those of at most k, too.
    gap : their distance relative to the objective.
    optimum : the certified optimum of any number of kinks, whose bound that is.
    fits : sets of kinks that were tried.
    """

    network: ReLUNetwork
    kinks: Array
    objective: float
    lower_bound: float
    gap: float
    optimum: Solution
    fits: int

    @property
    def heuristic(self) -> bool:
        """Whether a better choice of kinks is not excluded; not so where the optimum of any number has so few."""
        return self.network is not self.optimum.network

    @property
    def statement(self) -> str:
        """What can be said of it, in words."""
        if not self.heuristic:
            return f"{self.optimum.statement} over any number of kinks, and it has no more than asked for"
        return (
            f"found by a heuristic: {len(self.kinks)} kink{'' if len(self.kinks) == 1 else 's'}, at most "
            f"{max(self.gap, 0.0):.2g} (relative) above the best of any number of kinks; another choice of as many may "
            "be better"
        )


def at_most_kinks(
    X: ArrayLike,
    y: ArrayLike,
    kinks: int,
    beta: float = 0.1,
    loss: str | Loss = "squared",
    sample_weight: ArrayLike | None = None,
    shape: str | Sequence[str] | None = None,
    slope: Slope | None = None,
) -> FewKinks:
    """A good network with at most so many kinks, at data points on the line. A heuristic: it says so itself.

    Parameters
    ----------
    X : (n, 1) inputs.
    y : (n,) targets or labels.
    kinks : the most there may be, 0 or more.
    beta, loss, sample_weight, shape, slope : as `convexviz.solve` takes them; not the losses without a beta.

    Returns
    -------
    FewKinks, with a proved lower bound, which is that of any number of kinks.

    Raises
    ------
    ValueError
        If the input is not usable.

    Examples
    --------
    >>> import numpy as np, convexviz as cv
    >>> X = np.linspace(-1, 1, 21)[:, None]
    >>> few = cv.at_most_kinks(X, X[:, 0] ** 2, kinks=2, beta=1e-3)
    >>> len(few.kinks), few.heuristic, few.lower_bound <= few.objective
    (2, True, True)
    """
    most = whole_number(kinks)
    if most is None or most < 0:
        raise ValueError(f"kinks must be a whole number from 0 on, got {shown(kinks)}; use for instance kinks=3.")
    term = get_loss(loss)
    if term.constrained:
        raise ValueError(f"at_most_kinks needs a loss with a beta, got {term.name!r}; use squared or hinge.")
    X, y = check_data(X, y, term)
    check_shaped(X, True, "auto", y.ndim > 1)
    asked = {"sample_weight": sample_weight, "shape": shape, "slope": slope}
    first = solve(X, y, beta, loss, **asked)
    weighing = weigh(sample_weight, len(y), term)
    own = weighing.part(X)[:, 0], weighing.part(y)
    if len(bends_of(first.network, own[0])) <= most:
        return _outcome(first.network, own[0], first.objective, first, 0)
    larger = [solve(X, y, beta * factor, loss, **asked).network for factor in LARGER]
    search = _Search(*own, beta / weighing.unit, weighing.loss, check_shape(shape, slope) or Shape(), most)
    with one_thread():
        network = search.best([first.network, *larger])
    reached = objective(network, X, y, beta, term, None if sample_weight is None else np.asarray(sample_weight, float))
    return _outcome(network, own[0], reached, first, search.fits)


def _outcome(network: ReLUNetwork, x: Array, reached: float, first: Solution, fits: int) -> FewKinks:
    gap = relative_gap(reached, first.lower_bound)
    return FewKinks(network, bends_of(network, x), reached, first.lower_bound, gap, first, fits)


def bends_of(network: ReLUNetwork, x: Array) -> Array:
    """Where the network bends strictly between the first and the last of x."""
    places = np.unique(network.kinks())
    return places[(places > x.min()) & (places < x.max())]


class _Search:
    """Refits of sets of kinks, remembered, and the local search over them."""

    def __init__(self, x: Array, y: Array, beta: float, loss: Loss, shape: Shape, most: int) -> None:
        self.data, self.most, self.shape = prepare(x, y, loss), most, shape
        self.loss = loss.plain.rescaled(self.data.unit)
        self.beta = beta / (self.data.length * self.data.unit ** (self.loss.degree - 1))
        self.scaled = shape.scaled(self.data.unit / self.data.length)
        self.last = len(self.data.t) - 1
        self._known: dict[tuple[int, ...], float] = {}

    @property
    def fits(self) -> int:
        """How many sets were tried."""
        return len(self._known)

    def best(self, networks: Iterable[ReLUNetwork]) -> ReLUNetwork:
        """The best that is found from the kinks of these networks."""
        starts = {self._shrunk(self._places(network)) for network in networks}
        found = min((self._improved(start) for start in starts), key=self.value)
        chosen, answer = self._fit(found)
        data = self.data
        knots = data.origin + data.length * data.t[chosen]
        slopes = answer.slopes * (data.unit / data.length)
        return shaped_network(knots, data.shift + data.unit * answer.first, slopes, self.shape)

    def value(self, inner: tuple[int, ...]) -> float:
        """The objective of the best spline with kinks at these inner knots; infinite where the solver fails."""
        if inner not in self._known:
            try:
                chosen, answer = self._fit(inner)
                self._known[inner] = total_of(self.data, self.loss, self.beta, chosen, answer)
            except SolveError:
                self._known[inner] = np.inf
        return self._known[inner]

    def _fit(self, inner: tuple[int, ...]) -> tuple[np.ndarray, Answer]:
        chosen = np.array([0, *inner, self.last])
        return chosen, solved(self.data, self.loss, self.beta, self.scaled, chosen)

    def _places(self, network: ReLUNetwork) -> tuple[int, ...]:
        """The knots nearest to where a network bends."""
        t = (network.kinks() - self.data.origin) / self.data.length
        near = np.clip(np.searchsorted((self.data.t[1:] + self.data.t[:-1]) / 2, t), 0, self.last)
        return tuple(int(k) for k in np.unique(near) if 0 < k < self.last)

    def _shrunk(self, inner: tuple[int, ...]) -> tuple[int, ...]:
        """Kinks left out one at a time, the one that is missed least."""
        while len(inner) > self.most:
            inner = min((inner[:k] + inner[k + 1 :] for k in range(len(inner))), key=self.value)
        return inner

    def _improved(self, inner: tuple[int, ...]) -> tuple[int, ...]:
        """Kinks moved, and added while there may be more, as long as that helps."""
        while self.fits < MOST_FITS:
            best = min(self._neighbours(inner), key=self.value, default=inner)
            if self.value(best) >= self.value(inner) * (1 - BETTER):
                break
            inner = best
        return inner

    def _neighbours(self, inner: tuple[int, ...]) -> set[tuple[int, ...]]:
        held, near = set(inner), set()
        for k in inner:
            for step in REACH:
                near |= {tuple(sorted((held - {k}) | {to})) for to in (k - step, k + step) if 0 < to < self.last}
        if len(inner) < self.most:
            every = np.unique(np.linspace(1, max(self.last - 1, 1), 32).astype(int))
            near |= {tuple(sorted(held | {int(k)})) for k in every if 0 < k < self.last}
        return {tuple(int(k) for k in one) for one in near if len(one) <= self.most}
