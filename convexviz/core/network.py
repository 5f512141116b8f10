"""Two-layer ReLU network f(x) = c + sum_j w_j (u_j . x + b_j)_+ with unit-norm u_j, of one output or of K.

With ||u_j|| = 1 the weight-decay penalty (1/2) sum_j (||u_j||^2 + ||w_j||^2) equals sum_j ||w_j|| at its best scaling,
sum_j |w_j| for one output, see Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural
Networks, section 2. As in numpy one output has arrays with one axis less: w (m,), c a number, predictions (n,); K
outputs have w (m, K), c (K,) and predictions (n, K). The network knows nothing of the loss.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.scalars import real_number, shown, whole_number
from ..data.validation import real_array
from .pieces import Interval, Kink, Piece, kinks, level_set, pieces

Array = NDArray[Any]  # of float64 unless its docstring says otherwise

PARTS = ("dimension", "U", "b", "w", "c")  # of a network in a document
UNIT_NORM = 1e-9  # how far a row of U may be from length one: rounding only


@dataclass(frozen=True, eq=False)
class ReLUNetwork:
    """f(x) = c + sum_j w_j max(0, u_j . (x - center) + b_j), width m, in d dimensions, with one output or K.

    Parameters
    ----------
    U : (m, d) first-layer directions, each row of Euclidean norm 1.
    b : (m,) first-layer biases.
    w : (m,) second-layer weights; (m, K) for K outputs.
    c : output bias, a number; (K,) for K outputs.
    center : (d,) where the inputs are measured from; None is the origin. Only for inputs that lie so far from it (a
        time stamp among the features) that u . x + b would lose the digits that matter; else it is part of b.

    Raises
    ------
    ValueError
        If the shapes disagree, a number is not finite, or a row of U is not of unit norm.
    """

    U: Array
    b: Array
    w: Array
    c: Any  # float, or (K,)
    center: Array | None = None

    def __post_init__(self) -> None:
        U, b, w = (np.array(real_array(a, name)) for a, name in ((self.U, "U"), (self.b, "b"), (self.w, "w")))
        c = _constant(self.c, several=w.ndim > 1)
        object.__setattr__(self, "center", frozen_center(self.center, U.shape[-1] if U.ndim else 0))
        if U.ndim != 2 or b.shape != (len(U),) or w.ndim > 2 or w.shape != (len(U), *np.shape(c)):
            raise ValueError(
                "U must be (m, d), b (m,) and w (m,) with a number c, or w (m, K) with c (K,); got U "
                f"{U.shape}, b {b.shape}, w {w.shape}, c {np.shape(c)}. Give a network without neurons as "
                "ReLUNetwork.constant(c, d)."
            )
        if not all(np.isfinite(values).all() for values in (U, b, w, c)):
            raise ValueError("All parameters must be finite; got NaN or infinity. Check the scale of the data.")
        if len(U) and np.abs(np.linalg.norm(U, axis=1) - 1.0).max() > UNIT_NORM:
            raise ValueError("Rows of U must have norm 1; use ReLUNetwork.normalized(U, b, w, c) for any others.")
        for array in (U, b, w, *([c] if w.ndim > 1 else [])):
            array.flags.writeable = False
        for name, value in (("U", U), ("b", b), ("w", w), ("c", c)):
            object.__setattr__(self, name, value)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over what `pickle` kept; in version 0.1.0 the weights of several outputs were called W."""
        self.__dict__.update({"w" if name == "W" else name: value for name, value in state.items()})

    @classmethod
    def normalized(cls, U: Array, b: Array, w: Array, c: Any, center: Array | None = None) -> ReLUNetwork:
        """The same function with unit-norm rows: (u, b, w) -> (u, b, w ||u||) / (||u||, ||u||, 1).

        A neuron with u = 0 is the constant w (b)_+ and moves into c.
        """
        U, b, w = np.asarray(U, float), np.asarray(b, float), np.asarray(w, float)
        norms = np.linalg.norm(U, axis=1)
        dead = norms == 0
        constant = np.maximum(b[dead], 0.0) @ w[dead]
        keep = ~dead
        scale = norms[keep]
        c = np.asarray(c, float) + constant
        return cls(U[keep] / scale[:, None], b[keep] / scale, rowwise(scale, w[keep]), c, center)

    @classmethod
    def constant(cls, c: Any, d: int) -> ReLUNetwork:
        """The network without neurons on d features, of output c, a number or (K,)."""
        return cls(np.empty((0, d)), np.empty(0), np.empty((0, *np.shape(c))), c)

    def to_dict(self) -> dict[str, Any]:
        """The network as lists of numbers, for JSON: every float comes back as it was.

        `U` (m, d), `b` (m,), `w` (m,) or (m, K), `c` a number or (K,), `center` (d,) or None, and `dimension` d, which
        a network without neurons does not show otherwise.

        >>> ReLUNetwork(np.array([[1.0]]), np.array([0.5]), np.array([2.0]), 0.0).to_dict()
        {'dimension': 1, 'U': [[1.0]], 'b': [0.5], 'w': [2.0], 'c': 0.0, 'center': None}
        """
        arrays = {name: getattr(self, name).tolist() for name in ("U", "b", "w")}
        center = None if self.center is None else self.center.tolist()
        return {"dimension": self.dimension, **arrays, "c": np.asarray(self.c).tolist(), "center": center}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> ReLUNetwork:
        """The network of a document like that of `to_dict`; `center` may be left out, and further names are.

        Raises
        ------
        ValueError
            If a part is missing, or what is there is no network.
        """
        missing = [name for name in PARTS if name not in document]
        if missing:
            raise ValueError(
                f"A network must have {', '.join(PARTS)}; missing here: {', '.join(missing)}. Write it with to_dict()."
            )
        d, c = document["dimension"], document["c"]
        if whole_number(d) is None or d < 1:
            raise ValueError(f"dimension must be a whole number from 1 on, got {shown(d)}; it is the columns of X.")
        U, b, w = (real_array(document[name], name) for name in ("U", "b", "w"))
        if not len(b):
            U, w = U.reshape(-1, d), w.reshape(-1, *np.shape(c))
        if U.ndim == 2 and U.shape[1] != d:
            raise ValueError(f"U must have shape (m, {d}) where dimension is {d}, got {U.shape}; correct one of them.")
        return cls(U, b, w, c, document.get("center"))

    @property
    def width(self) -> int:
        """Number of neurons m."""
        return len(self.w)

    @property
    def dimension(self) -> int:
        """Input dimension d."""
        return int(self.U.shape[1])

    @property
    def outputs(self) -> int:
        """Number of outputs K."""
        return int(np.size(self.c))

    @property
    def W(self) -> Array:
        """Second-layer weights (m, K), of one output (m, 1)."""
        return self.w.reshape(self.width, self.outputs)

    @property
    def sizes(self) -> Array:
        """What each neuron pays, |w_j| or ||w_j||_2, shape (m,)."""
        return np.abs(self.w) if self.w.ndim == 1 else np.linalg.norm(self.w, axis=1)

    @property
    def penalty(self) -> float:
        """sum_j |w_j| or sum_j ||w_j||_2, the weight-decay penalty at its best scaling."""
        return float(self.sizes.sum())

    def activations(self, X: Array) -> Array:
        """Hidden layer (u_j . x_i + b_j)_+, shape (n, m), for X of shape (n, d)."""
        return np.maximum(self.preactivations(X), 0.0)

    def preactivations(self, X: Array) -> Array:
        """u_j . (x_i - center) + b_j, shape (n, m), for X of shape (n, d)."""
        return self._from_center(np.asarray(X, float)) @ self.U.T + self.b

    def at_origin(self) -> ReLUNetwork:
        """The same network without a center, its biases rounded: what a picture, a formula or another program takes."""
        if self.center is None:
            return self
        return ReLUNetwork(self.U, self.b - self.U @ self.center, self.w, self.c)

    def _from_center(self, X: Array) -> Array:
        return X if self.center is None else X - self.center

    def predict(self, X: Array) -> Array:
        """Network output, shape (n,) or (n, K), for X of shape (n, d); nan where infinite neurons cancel."""
        X = real_array(X, "X")
        if X.ndim != 2 or X.shape[1] != self.dimension:
            raise ValueError(
                f"X must have shape (n, {self.dimension}), got {X.shape}; "
                "use X.reshape(-1, 1) for one feature or pass the features the network was trained on."
            )
        with np.errstate(invalid="ignore"):
            return self._values(X)

    def _values(self, X: Array) -> Array:
        one = self.w.ndim == 1
        if one and self.dimension == 1:
            return _predict_line(self, self._from_center(X)[:, 0])
        if one and len(X) * self.width > DENSE_PRODUCTS:
            along = self._along_one_line()
            if along is not None:
                return line_values(along, self._from_center(X) @ self.U[0])
        values: Array = self.c + self.activations(X) @ self.w
        return values

    def _along_one_line(self) -> ReLUNetwork | None:
        """The network on t = u_1 . x, where all neurons share that direction or its opposite; else None."""
        same, opposite = (self.U[0] == self.U).all(axis=1), (-self.U[0] == self.U).all(axis=1)
        if not (same | opposite).all():
            return None
        return ReLUNetwork(np.where(same, 1.0, -1.0)[:, None], self.b, self.w, self.c)

    def output(self, k: int) -> ReLUNetwork:
        """Output k alone, w (m,), from the neurons that reach it."""
        w = self.W[:, k]
        return ReLUNetwork(self.U, self.b, w, float(np.atleast_1d(self.c)[k]), self.center).take(w != 0)

    def column(self) -> ReLUNetwork:
        """The same network with an axis for its one output: w (m, 1), c (1,)."""
        return replace(self, w=self.W, c=np.reshape(self.c, 1))

    def squeezed(self) -> ReLUNetwork:
        """The same network of one output without an axis for it: w (m,), c a number."""
        return replace(self, w=self.w.reshape(self.width), c=float(np.reshape(self.c, ())))

    def take(self, index: Any) -> ReLUNetwork:
        """Some of the neurons, by a mask (m,), indices or a slice, and the same c."""
        return ReLUNetwork(self.U[index], self.b[index], self.w[index], self.c, self.center)

    def pruned(self, share: float) -> ReLUNetwork:
        """Without the neurons whose size is at most `share` of the largest."""
        return self.take(self.sizes > share * self.sizes.max(initial=0.0))

    def joined(self, U: Array, b: Array, w: Array | None = None) -> ReLUNetwork:
        """With further neurons U (k, d), b (k,) after these, of weights w, (k,) or (k, K); None for zero."""
        if w is None:
            w = np.zeros((len(b), *np.shape(self.c)))
        whole = np.vstack([self.U, U]), np.concatenate([self.b, b]), np.concatenate([self.w, w])
        return ReLUNetwork(*whole, self.c, self.center)

    def kinks(self) -> Array:
        """Positions -b_j / u_j where the neurons of a one-dimensional network switch, shape (m,)."""
        if self.dimension != 1:
            raise ValueError(f"kinks() needs a network on the line, this one takes {self.dimension} features.")
        kinks = 0.0 - self.b * self.U[:, 0]  # no -0.0
        return kinks if self.center is None else kinks + self.center[0]

    def pieces(self) -> tuple[Piece, ...]:
        """The linear pieces of f on the line, from left to right: f(x) = slope x + intercept for start <= x <= stop.

        The first starts at -inf, the last stops at +inf, and each starts where the one before stops. Neurons whose
        kinks are in one place up to rounding bend f together, and where their weights cancel it does not bend.

        Raises
        ------
        ValueError
            If the network takes more than one feature, or has more than one output.

        Examples
        --------
        >>> f = ReLUNetwork(np.array([[1.0], [-1.0]]), np.zeros(2), np.array([2.0, 1.0]), 3.0)
        >>> [(p.start, p.stop, p.slope, p.intercept) for p in f.pieces()]
        [(-inf, 0.0, -1.0, 3.0), (0.0, inf, 2.0, 3.0)]
        """
        self._check_line("pieces()")
        return pieces(self)

    def bends(self) -> tuple[Kink, ...]:
        """The kinks of f on the line, from left to right, each with its `position` and the `change` of slope there.

        Unlike `kinks()`, which has a position for each neuron, these are the places between the `pieces()`. Raises
        ValueError as that does.
        """
        self._check_line("bends()")
        return kinks(self)

    def level_set(self, value: float) -> tuple[Interval, ...]:
        """All x on the line with f(x) = value, from left to right, as intervals `start`, `stop`.

        A single point has start == stop; where f is level the interval is a piece, and may be infinite. Values that
        differ by 1e-10 of the scale of f count as equal. Raises ValueError as `pieces` does, and for a value that is no
        finite number.

        >>> ReLUNetwork(np.array([[1.0]]), np.zeros(1), np.array([2.0]), 3.0).level_set(3.0)
        (Interval(start=-inf, stop=0.0),)
        """
        self._check_line("level_set()")
        number = real_number(value)
        if number is None or not np.isfinite(number):
            raise ValueError(f"value must be a finite number, got {shown(value)}; it is one of f, like 0.5.")
        return level_set(self, number)

    def _check_line(self, name: str) -> None:
        if self.dimension != 1:
            raise ValueError(
                f"{name} needs a network on the line, this one takes {self.dimension} features; with more than one "
                "there are regions and no intervals."
            )
        if self.w.ndim > 1:
            raise ValueError(
                f"{name} needs a network of one output, this one has {self.outputs}; ask one of them, like "
                f"network.output(0).{name}."
            )

    def merge(self, X: Array, touch: float = 0.0) -> ReLUNetwork:
        """Join neurons with parallel w_j (one output: of the same sign) whose hyperplanes part the rows of X alike.

        Such neurons are linear together on the data, so sum ||w_j|| (u_j, b_j) replaces them: f on the rows of X (n, d)
        is unchanged and the penalty can only fall (triangle inequality). A point nearer to a hyperplane than `touch`
        lies on it and counts to both sides.
        """
        if self.width == 0:
            return self
        size = self.sizes
        way = self.W / np.where(size > 0, size, 1.0)[:, None]
        group = indistinguishable(self.preactivations(X), way, size, PARALLEL, touch)
        U = np.zeros((group.max() + 1, self.dimension))
        b, w = np.zeros(len(U)), np.zeros((len(U), *np.shape(self.c)))
        np.add.at(U, group, size[:, None] * self.U)
        np.add.at(b, group, size * self.b)
        w[group] = way.reshape(self.w.shape)
        return ReLUNetwork.normalized(U, b, w, self.c, self.center)


def _constant(c: Any, several: bool) -> Any:
    """The output bias as a float, or as an array of its own for several outputs."""
    if several:
        return np.array(real_array(c, "c"))
    if real_number(c) is None:
        raise ValueError(f"c must be a number for w of shape (m,), got {shown(c)}; use 0.0 for none.")
    return float(c)


def rowwise(scale: Array, values: Array) -> Array:
    """Rows of values (m,) or (m, K) times scale (m,)."""
    return values * scale.reshape(-1, *[1] * (values.ndim - 1))


def frozen_center(center: Array | None, d: int) -> Array | None:
    """The center (d,) of a network as an array that cannot be written to; None for one at the origin."""
    if center is None:
        return None
    center = np.array(real_array(center, "center"))
    if center.shape != (d,):
        raise ValueError(f"center must have shape ({d},), got {center.shape}; leave it out for the origin.")
    if not np.isfinite(center).all():
        raise ValueError("center must be finite; got NaN or infinity. Check the scale of the data.")
    center.flags.writeable = False
    return center if center.any() else None


ROWS = 65_536  # of a matrix of truth values made numbers at a time
PARALLEL = 1.0 - 1e-14  # cosine of weights that are parallel up to rounding


def indistinguishable(z: Array, way: Array, size: Array, cosine: float, touch: float = 0.0) -> np.ndarray:
    """Group numbers (m,): in a group no point has neurons on strictly opposite sides, for preactivations z (n, m).

    `way` (m, K) holds the directions of the neurons' weights and `size` (m,) their lengths. Heavy neurons gather the
    lighter ones whose weights are at that cosine or more from theirs; a group's sides are those of all its members
    together. Groups are numbered from the heaviest leader to the lightest.
    """
    above, below = z > touch, -z > touch
    alike = way @ way.T >= cosine
    groups, order = np.arange(len(size)), np.argsort(-size, kind="stable")
    social = order[_with_partners(above, below, alike)[order]]  # most neurons have none, and groups of their own
    ups, downs = np.zeros((len(social), len(z)), bool), np.zeros((len(social), len(z)), bool)
    heads = np.empty(len(social), int)  # the heaviest of each group
    known = 0
    for j in social:
        apart = ((ups[:known] & below[:, j]) | (downs[:known] & above[:, j])).any(axis=1) | ~alike[heads[:known], j]
        g = known if apart.all() else int(np.argmin(apart))
        if g == known:
            heads[g], known = j, known + 1
        ups[g] |= above[:, j]
        downs[g] |= below[:, j]
        groups[j] = heads[g]
    number = np.empty(len(size), int)
    first = order[groups[order] == order]
    number[first] = np.arange(len(first))
    return number[groups]


def _with_partners(above: np.ndarray, below: np.ndarray, alike: np.ndarray) -> np.ndarray:
    """Whether a neuron (of m) and another that is alike (m, m) have no point (of n) on strictly opposite sides."""
    opposite = np.zeros(alike.shape, np.float32)
    for rows in (slice(start, start + ROWS) for start in range(0, len(above), ROWS)):
        opposite += above[rows].T.astype(np.float32) @ below[rows].astype(np.float32)
    together = (opposite + opposite.T == 0) & alike
    np.fill_diagonal(together, False)
    several: np.ndarray = together.any(axis=1)
    return several


# A dense (n, m) layer is the natural formula, but on the line the sum over neurons is a spline: with the kinks
# sorted, two cumulative sums give every value in O((n + m) log m). Worth it from this many products on.
DENSE_PRODUCTS = 200_000


def _predict_line(network: ReLUNetwork, x: Array) -> Array:
    """f at inputs x (n,) measured from the center."""
    if len(x) * network.width <= DENSE_PRODUCTS:
        values: Array = network.c + np.maximum(np.outer(x, network.U[:, 0]) + network.b, 0.0) @ network.w
        return values
    return line_values(network, x)


def line_values(network: ReLUNetwork, x: Array) -> Array:
    """f at inputs x (n,) measured from the center, in the precision of x, by sums over sorted kinks."""
    total = np.full(len(x), network.c, dtype=x.dtype)
    for direction in (1.0, -1.0):
        chosen = network.U[:, 0] == direction
        # On the mirrored axis z = u x every neuron of this direction is w (z + b)_+, active right of -b.
        z, start, w = direction * x, -network.b[chosen].astype(x.dtype), network.w[chosen].astype(x.dtype)
        order = np.argsort(start)
        start, w = start[order], w[order]
        origin = start[0] if len(start) else x.dtype.type(0.0)
        slope = np.concatenate([np.zeros(1, x.dtype), np.cumsum(w)])
        moment = np.concatenate([np.zeros(1, x.dtype), np.cumsum(w * (start - origin))])
        k = np.searchsorted(start, z, side="left")
        total += slope[k] * (z - origin) - moment[k]
    return total
