"""Upper bounds on M(V) = max over neurons of ||V^T a||, a = (Xu + b)_+: a cover of the sphere of output directions w.

||V^T a|| = max over unit w of (Vw) . a, so M(V) = max over w of h(w), h(w) = M(Vw) the scalar maximum. A neuron whose
V^T a points along w is seen by a grid direction at an angle of at most delta as w_k . V^T a >= cos(delta) ||V^T a||,
whence M(V) <= max_k h(w_k) / cos(delta). The same with more care: h is even, convex and positively homogeneous (it is
the support function of {+-V^T a}), so on the cone spanned by w_1 .. w_K

    h(sum_k t_k w_k) <= sum_k t_k h(w_k) = p . w     with  w_k . p = h(w_k),

and the greatest p . w over unit w of the cone is ||p|| if p lies in it, else it is attained on a facet, where the same
holds with one direction less. Start from the orthants, always split the cone of the greatest bound: every bound on the
way is valid, and the error falls with the square of the angles. Any upper bound on h(w_k) will do for h(w_k).

Where nothing scalar is at hand, (z)_+ = (z + |z|) / 2 for z = (X - 1 x_k^T) u gives
M(V) <= max_k (||V^T X_k|| + ||V|| ||X_k||) / 2 in spectral norms, X_k = X - 1 x_k^T (X itself without biases).

Not in Ergen & Pilanci (2021).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, product

import numpy as np

from ..network import Array
from ..numerics import clock

RANK = 1e-13  # singular values of V below this share of the first are rounding; what they add to M is added to it
WIDE = 4  # outputs (rank of V) up to which a cover is tried: the sphere has too many cones beyond
ENOUGH = 1e-9  # relative excess of the bound over a height that is attained which is not worth a split
SHOWN = 12  # of the greatest heights seen
LOOKS = 40  # calls at least before a cover is given up, so that it names neurons of many directions
MOST_CALLS = 20_000  # of the scalar oracle: the cones are few enough to be kept

Height = Callable[[Array], float]


@dataclass(frozen=True, eq=False)
class Cover:
    """M(V) <= bound; the greatest scalar heights seen (k,), falling, and their v = V w, rows of `duals` (k, n).

    `calls` of the scalar oracle were made.
    """

    bound: float
    heights: Array
    duals: Array
    calls: int = 0


def cover(
    V: Array, height: Height, enough: float, deadline: float, seen: float = np.inf, most: int = MOST_CALLS
) -> Cover:
    """Upper bound on M(V) for V (n, K), from `height(v)` >= the scalar M(v), v (n,); infinity if K is too large.

    Stops once the bound is below `enough`, once a height exceeds `seen` and some more have been looked at, at the
    `deadline` (of `clock.now()`), or after `most` calls of `height`.
    """
    left, size, _ = np.linalg.svd(V, full_matrices=False)
    rank = max(1, int((size > RANK * size[0]).sum()))
    if size[0] == 0.0 or rank > WIDE:
        return Cover(0.0 if size[0] == 0.0 else np.inf, np.zeros(1), V[:, :1].T)
    cones = _Cones(left[:, :rank] * size[:rank], height)
    bound = cones.refined(enough, deadline, seen, most) * (1 + len(size) * RANK)
    heights = np.array(list(cones.known.values()))
    top = np.argsort(-heights, kind="stable")[:SHOWN]
    return Cover(bound, heights[top], np.array(cones.directions)[top] @ cones.V.T, len(heights))


class _Cones:
    """Cones that cover half the sphere in R^r, the one of the greatest bound first."""

    def __init__(self, V: Array, height: Height) -> None:
        self.V, self._height = V, height
        self._number = count()
        self.known: dict[bytes, float] = {}
        self.directions: list[Array] = []
        self._heap: list[tuple[float, int, Array]] = []
        self.highest = -np.inf
        axes = np.eye(V.shape[1])
        for signs in product([1.0, -1.0], repeat=V.shape[1] - 1):
            self._push(np.array([1.0, *signs])[:, None] * axes)

    @property
    def bound(self) -> float:
        return -self._heap[0][0]

    def refined(self, enough: float, deadline: float, seen: float, most: int) -> float:
        while len(self.known) < most and not clock.passed(deadline):
            if self.highest > seen and len(self.known) >= LOOKS:
                break
            if self.bound <= max(enough, self.highest * (1 + ENOUGH)):
                break
            W = heapq.heappop(self._heap)[2]
            for part in self._halves(W):
                self._push(part)
        return self.bound

    def _push(self, W: Array) -> None:
        heights = np.array([self.height(w) for w in W])
        heapq.heappush(self._heap, (-_greatest(W, heights), next(self._number), W))

    def height(self, w: Array) -> float:
        """h(w), each direction once, whichever way it points."""
        w = w if w[np.flatnonzero(np.abs(w) > 1e-9)[0]] > 0 else -w
        key = np.round(w, 13).tobytes()
        if key not in self.known:
            self.known[key] = self._height(self.V @ w)
            self.directions.append(w)
            self.highest = max(self.highest, self.known[key])
        return self.known[key]

    def _halves(self, W: Array) -> tuple[Array, Array]:
        """The cone cut through the middle of its longest edge; in the plane along p, where its bound is attained."""
        cosines = W @ W.T
        i, j = divmod(int(cosines.argmin()), len(W))
        between = W[i] + W[j]
        if len(W) == 2:
            p = np.linalg.solve(W, np.array([self.height(w) for w in W]))
            between = p if np.linalg.solve(W.T, p).min() > 0.05 * np.linalg.norm(p) else between
        first, second = W.copy(), W.copy()
        first[i] = second[j] = between / np.linalg.norm(between)
        return first, second


def _greatest(W: Array, heights: Array) -> float:
    """Upper bound on the greatest p . w over unit w in the cone of the rows of W (m, r), W p = heights (m,)."""
    gram = W @ W.T
    share = np.linalg.solve(gram, heights)  # p = W^T share
    if len(W) == 1 or share.min() >= 0:
        return float(np.sqrt(max(float(heights @ share), 0.0)))
    facets = [np.arange(len(W)) != k for k in range(len(W))]
    return max(_greatest(W[facet], heights[facet]) for facet in facets)


def spectral_bound(X: Array, V: Array, bias: bool) -> float:
    """A number >= M(V) for X (n, d), V (n, K), 1^T V = 0 with `bias`: (||V^T X_k|| + ||V|| ||X_k||) / 2.

    The spectral norm of X - 1 x_k^T comes from its Gram matrix, that of the centred X and n times a rank-one term.
    """
    if not bias:
        return 0.5 * float(np.linalg.norm(V.T @ X, 2) + np.linalg.norm(V, 2) * np.linalg.norm(X, 2))
    centred = X - X.mean(axis=0)
    grams = centred.T @ centred + len(X) * np.einsum("ki,kj->kij", centred, centred)
    widest = float(np.sqrt(np.linalg.eigvalsh(grams)[:, -1].max()))
    return 0.5 * float(np.linalg.norm(V.T @ centred, 2) + np.linalg.norm(V, 2) * widest)
