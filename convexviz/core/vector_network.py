"""Two-layer ReLU network with K outputs, f(x) = c + sum_j W_j (u_j . x + b_j)_+ in R^K, and what is proved about it.

With ||u_j|| = 1 the weight-decay penalty (1/2) sum_j (||u_j||^2 + ||W_j||^2) is sum_j ||W_j||_2 at its best scaling,
so that the training problem for targets Y (n, K) and its dual are

    P(beta) = min  loss(f(X), Y) + beta sum_j ||W_j||_2                                                        (1)
    D = max_V  g(V)   s.t.   M(V) = max_{||u|| = 1, b} ||V^T (Xu + b)_+||_2 <= beta  (and 1^T V = 0 with biases),   (2)

g(V) = <Y, V> - 1/2 ||V||_F^2 for 1/2 ||F - Y||_F^2; other losses are in `convexviz.core.losses`. Ergen &
Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks. For K = 1 this is `ReLUNetwork`, with
W (m, 1) for w.

This is the one class for vector outputs: regression, one-hot least squares, and the scores of several classes, whose
class is the largest entry of `predict`. It knows nothing of the loss.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..data.validation import real_array
from .losses import Loss, get_loss
from .network import UNIT_NORM, Array, ReLUNetwork, frozen_center
from .solution import Round


@dataclass(frozen=True, eq=False)
class VectorNetwork:
    """f(x) = c + sum_j W_j max(0, u_j . (x - center) + b_j), width m, d inputs, K outputs.

    Parameters
    ----------
    U : (m, d) first-layer directions, each row of Euclidean norm 1.
    b : (m,) first-layer biases.
    W : (m, K) second-layer weights, one row per neuron.
    c : (K,) output biases.
    center : (d,) where the inputs are measured from, None for the origin; see `ReLUNetwork`.

    Raises
    ------
    ValueError
        If the shapes disagree, a number is not finite, or a row of U is not of unit norm.
    """

    U: Array
    b: Array
    W: Array
    c: Array
    center: Array | None = None

    def __post_init__(self) -> None:
        given = (("U", self.U), ("b", self.b), ("W", self.W), ("c", self.c))
        U, b, W, c = (np.array(real_array(a, name)) for name, a in given)
        object.__setattr__(self, "center", frozen_center(self.center, U.shape[-1] if U.ndim else 0))
        if U.ndim != 2 or W.ndim != 2 or b.shape != (len(U),) or c.ndim != 1 or W.shape != (len(U), len(c)):
            raise ValueError(
                f"U must be (m, d), b (m,), W (m, K) and c (K,); got U {U.shape}, b {b.shape}, W {W.shape} and c "
                f"{c.shape}. Give a network without neurons as VectorNetwork.constant(c, d)."
            )
        if not all(np.isfinite(array).all() for array in (U, b, W, c)):
            raise ValueError("All parameters must be finite; got NaN or infinity. Check the scale of the data.")
        if len(U) and np.abs(np.linalg.norm(U, axis=1) - 1.0).max() > UNIT_NORM:
            raise ValueError("Rows of U must have norm 1; use VectorNetwork.normalized(U, b, W, c) for any others.")
        for name, array in (("U", U), ("b", b), ("W", W), ("c", c)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @classmethod
    def normalized(cls, U: Array, b: Array, W: Array, c: Array, center: Array | None = None) -> VectorNetwork:
        """The same function with unit-norm rows; a neuron with u = 0 is the constant W (b)_+ and moves into c."""
        U, b, W = np.asarray(U, float), np.asarray(b, float), np.asarray(W, float)
        norms = np.linalg.norm(U, axis=1)
        keep = norms > 0
        constant = np.maximum(b[~keep], 0.0) @ W[~keep]
        scale = norms[keep]
        c = np.asarray(c, float) + constant
        return cls(U[keep] / scale[:, None], b[keep] / scale, W[keep] * scale[:, None], c, center)

    @classmethod
    def constant(cls, c: Array, d: int) -> VectorNetwork:
        """The network without neurons, of outputs c (K,)."""
        return cls(np.empty((0, d)), np.empty(0), np.empty((0, len(c))), c)

    @property
    def width(self) -> int:
        """Number of neurons m."""
        return len(self.U)

    @property
    def dimension(self) -> int:
        """Input dimension d."""
        return self.U.shape[1]

    @property
    def outputs(self) -> int:
        """Number of outputs K."""
        return len(self.c)

    @property
    def penalty(self) -> float:
        """sum_j ||W_j||_2, the weight-decay penalty at its best scaling."""
        return float(np.linalg.norm(self.W, axis=1).sum())

    def activations(self, X: Array) -> Array:
        """Hidden layer (u_j . x_i + b_j)_+, shape (n, m), for X of shape (n, d)."""
        X = np.asarray(X, float) if self.center is None else np.asarray(X, float) - self.center
        return np.maximum(X @ self.U.T + self.b, 0.0)

    def predict(self, X: Array) -> Array:
        """Network outputs, shape (n, K), for X of shape (n, d)."""
        X = real_array(X, "X")
        if X.ndim != 2 or X.shape[1] != self.dimension:
            raise ValueError(
                f"X must have shape (n, {self.dimension}), got {X.shape}; "
                "pass the features that the network was trained on, one row per sample."
            )
        return self.c + self.activations(X) @ self.W

    def output(self, k: int) -> ReLUNetwork:
        """Output k alone, from the neurons that reach it."""
        reaches = self.W[:, k] != 0
        return ReLUNetwork(self.U[reaches], self.b[reaches], self.W[reaches, k], float(self.c[k]), self.center)


@dataclass(frozen=True, eq=False)
class VectorSolution:
    """A trained network of K outputs and what is proved about it: the attributes of `Solution`, one by one.

    Attributes
    ----------
    network : the network.
    objective : (1), recomputed from `network` in float64.
    lower_bound : g(v), at most the optimum; where no oracle is exact, from an upper bound on M(v).
    gap : (objective - lower_bound + rounding) / objective, see `convexviz.core.problem.vector_units.certify_vector`.
    certified : gap <= tol: a proved global optimum over networks of every width.
    v : (n, K) the dual matrix that proves the bound.
    history : one `Round` per round of the solver.
    method, seconds : which solver and oracle did it, wall time.
    beta, loss, bias : the problem's own.
    rounding : what rounding costs, see `Solution`.
    """

    network: VectorNetwork
    objective: float
    lower_bound: float
    gap: float
    certified: bool
    v: Array
    history: tuple[Round, ...] = field(repr=False)
    method: str
    seconds: float
    beta: float
    loss: str
    bias: bool = True
    rounding: float = 0.0


def vector_objective(network: VectorNetwork, X: Array, Y: Array, beta: float, loss: str | Loss = "squared") -> float:
    """(1), recomputed from the network; X (n, d), Y (n, K), `loss` one of `SEVERAL`, or one with weights."""
    return get_loss(loss, several=True).value(network.predict(X), Y) + beta * network.penalty
