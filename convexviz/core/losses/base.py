"""The contract of a loss: the data term, its conjugate side, and what solvers may rely on.

Training problem   P(beta) = min  sum_i s_i l(f(x_i), y_i) + beta sum_j ||w_j||,   ||u_j|| = 1
Dual               D = max_v  g(v)   s.t.  ||sum_i v_i (u.x_i + b)_+|| <= beta for all unit u and all b,  sum_i v_i = 0

with g(v) = min_f loss(f, y) + v.f. One output has f, v, y of shape (n,), K outputs that share their neurons (n, K).
Ergen & Pilanci (2021), section 3; the conjugates are textbook (Boyd & Vandenberghe 2004, chapter 3).

A sum may carry multiplicities `count` (n,): a row that stands for several equal data points. A loss with weights,
sum_i s_i terms(f_i, y_i), is the same with count = s, and its v is s times the v of the loss without.

Solvers never ask a loss for its name. They ask for what it declares, and where that does not suffice they take another
way or raise. What a loss must state is abstract below; the rest has a default that is right for every loss whose v_i
may be shrunk toward zero, as it may for every loss that is bounded below.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import cvxpy as cp
import numpy as np
from scipy.optimize import minimize_scalar

from ..network import Array, ReLUNetwork
from .forms import ConicForm, LinearForm, ResidualForm

Count = Array | float

# What a loss with weights has in common with the one without.
DECLARED = (
    "name",
    "classification",
    "constrained",
    "interpolates",
    "smooth",
    "curved",
    "quadratic",
    "residual",
    "degree",
    "merges",
    "one_hot",
    "supported",
    "perceptron",
    "steepest",
    "slope",
    "linear",
    "family",
)


class Loss(ABC):
    """sum_i count_i terms(f_i, y_i), its conjugate, and the way from any v to a feasible one.

    Attributes
    ----------
    name : how messages, results and documents call it; `get_loss` finds it by its name.
    weight : (n,) the weights of the points, or 1.

    Which data it is for:

    classification : y holds labels -1 / +1.
    one_hot : y (n, K) holds one-hot rows, with every class present.
    residual : a function of y - f: targets may be shifted, and scaled with `rescaled`.
    degree : loss(t f, t y) = t^degree `rescaled(t)`(f, y) for t > 0, for a residual loss without constraint.
    merges : targets that share their x may be replaced by their mean, which changes the loss by a constant.

    Which programs it makes:

    constrained : a constraint, so that beta plays no part and counts as 1.
    interpolates : the constraint f = y.
    quadratic : 1/2 (f - y)^2.
    smooth : f determines v, through `gradient`.
    curved : smooth, and `curvature` is positive everywhere, so that Newton's method settles it.
    linear : the data term as a linear program, None if it is none.
    family : the numbers of a residual loss with limited slopes, which are all that a proof needs; None for others.
    perceptron : scikit-learn's multi-layer perceptrons train with it.
    supported : v_i = 0 where the margin y f is above 1: few points are support vectors.

    Bounds:

    steepest : on the curvature of one row of weight 1 (for K outputs the largest eigenvalue of its Hessian).
    slope : on |d terms / df|, for weight 1.
    """

    name: str
    weight: Count = 1.0
    classification = False
    one_hot = False
    residual = False
    degree = 1
    merges = False
    constrained = False
    interpolates = False
    quadratic = False
    smooth = False
    curved = False
    supported = False
    perceptron = False
    linear: LinearForm | None = None
    family: ResidualForm | None = None
    steepest: float = np.inf
    slope: float = np.inf

    # ------------------------------------------------------------------ what a loss must state

    @abstractmethod
    def parts(self, f: Array, y: Array) -> Array:
        """What every entry of f adds to the data term, of the shape of f; zeros for a constraint, see `violation`."""

    @abstractmethod
    def dual_parts(self, v: Array, y: Array) -> Array:
        """What every entry of v adds to g(v), of the shape of v, for v in the domain of g."""

    @abstractmethod
    def into_domain(self, v: Array, y: Array) -> Array:
        """v moved into the domain of g."""

    # ------------------------------------------------------------------ sums

    def terms(self, f: Array, y: Array) -> Array:
        """Data term of every point, (n,)."""
        return row_sum(self.parts(f, y))

    def value(self, f: Array, y: Array, count: Count = 1.0) -> float:
        """Data term at outputs f."""
        return _sum(self.parts(f, y), count)

    def dual_value(self, v: Array, y: Array, count: Count = 1.0) -> float:
        """g(v) for v in its domain."""
        return _sum(self.dual_parts(v, y), count)

    # ------------------------------------------------------------------ other forms of the same loss

    @property
    def plain(self) -> Loss:
        """The loss without weights."""
        return self

    def weighted(self, weight: Array) -> Loss:
        """sum_i weight_i terms(f_i, y_i), for weights (n,) >= 0; any weight above 0 is the same to a constraint."""
        return Weighted(self, weight)

    @property
    def several(self) -> Loss | None:
        """The loss of K outputs (n, K) that share their neurons; None where there is none."""
        return None

    def rescaled(self, unit: float) -> Loss:
        """The loss of targets and outputs in units of `unit`: loss(unit f, unit y) = unit^degree rescaled(f, y)."""
        return self

    def rounded(self, radius: float) -> Loss | None:
        """A smooth loss nearer to this one the smaller the radius, its v in the domain of this g; None for none."""
        return None

    def conic(self, y: Array, count: Array) -> ConicForm | None:
        """The data term of outputs (n,) as a cone program; None where there is none."""
        return None

    def cvxpy_term(self, f: cp.Expression, y: Array, weight: Count = 1.0) -> tuple[cp.Expression, list[cp.Constraint]]:
        """The loss at outputs f (n,) as cvxpy knows it, with weights (n,), and the constraints if it is one."""
        raise ValueError(
            f"The loss {self.name!r} states no cvxpy term, which the solver for these data needs; add a method "
            "cvxpy_term, or use one of the losses that have one."
        )

    # ------------------------------------------------------------------ the smooth ones

    def gradient(self, f: Array, y: Array) -> Array:
        """v = -d terms / d f, of the shape of f, for a smooth loss."""
        raise TypeError(f"The loss {self.name!r} is not smooth; its dual vector comes from the solver.")

    def curvature(self, f: Array, y: Array) -> Array:
        """Second derivative of `terms` in f (n,), for a smooth loss of one output."""
        raise TypeError(f"The loss {self.name!r} is not smooth; it has no curvature.")

    def hessian(self, B: Array, F: Array) -> Array:
        """Second derivative in C (m, K) of loss(B C, Y) at outputs F (n, K), (m K, m K), for B (n, m)."""
        raise TypeError(f"The loss {self.name!r} has no Hessian for several outputs.")

    # ------------------------------------------------------------------ the dual side

    def project(self, v: Array, y: Array, count: Count = 1.0) -> Array:
        """v moved into the domain of g and to count^T v = 0."""
        return balanced(self.into_domain(v, y), count)

    def feasible(self, v: Array, y: Array, bias: bool, count: Count = 1.0) -> Array:
        """v moved into the domain of g, and to count^T v = 0 with `bias`."""
        return self.project(v, y, count) if bias else self.into_domain(v, y)

    def scale(self, v: Array, y: Array, limit: float, count: Count = 1.0) -> float:
        """A good s in [0, limit] for g(s v); finite even where `limit` is not."""
        return min(1.0, limit)

    def bound(self, v: Array, y: Array, beta: float, maximum: float) -> tuple[float, Array]:
        """Lower bound g(s v) of weak duality from v in the domain of g with M(v) <= `maximum`, and s v."""
        if not np.isfinite(maximum):
            return -np.inf, 0.0 * v
        v = self.scale(v, y, beta / maximum if maximum > 0 else np.inf) * v
        return self.dual_value(v, y), v

    # ------------------------------------------------------------------ networks without neurons, constraints

    def best_constant(self, y: Array, count: Count = 1.0) -> Any:
        """The c that minimises loss(c 1, y), a float; (K,) for K outputs. Only for losses that are no constraints."""
        ends = float(y.min()), float(y.max()) + 1.0
        return float(minimize_scalar(lambda c: self.value(np.full(len(y), c), y, count), ends).x)

    def constant_dual(self, y: Array, c: float, count: Count = 1.0) -> Array:
        """A v (n,) that proves the network f = c, once count^T v = 0 is seen to, for a loss that is not smooth."""
        return y.copy()

    def constant_duals(self, y: Array, c: float) -> tuple[Array, Array, Array]:
        """All v of the network f = c, for a loss that is not smooth: v = orient a, low <= a <= high; (n,) each."""
        raise ValueError(
            f"beta_max needs all dual vectors of the best constant, which the loss {self.name!r} does not state; pass "
            "betas, or use a loss that states them."
        )

    def baseline(self, y: Array) -> float:
        """Loss of the best constant network, which no optimum exceeds; 0 for a constraint, which has none."""
        if self.constrained:
            return 0.0
        return self.value(np.full(y.shape, self.best_constant(y)), y)

    def violation(self, f: Array, y: Array) -> float:
        """Largest violation of the constraint; 0 for the losses that are none."""
        return 0.0

    def enforced(self, network: ReLUNetwork, X: Array, y: Array) -> ReLUNetwork:
        """A network that nearly meets the constraint made to meet it, where a change of scale can do that."""
        return network


class Weighted(Loss):
    """sum_i s_i terms(f_i, y_i): the plain loss with s as multiplicities and v / s as its v; where s = 0, v is 0."""

    def __init__(self, plain: Loss, weight: Array) -> None:
        self._plain = plain
        for declared in DECLARED:
            setattr(self, declared, getattr(plain, declared))
        self.weight = (weight > 0).astype(float) if plain.constrained else np.asarray(weight, float)
        there = self.weight > 0
        self._inverse = there / np.where(there, self.weight, 1.0)

    @property
    def plain(self) -> Loss:
        return self._plain

    @property
    def several(self) -> Loss | None:
        form = self._plain.several
        return None if form is None else form.weighted(np.asarray(self.weight))

    def rescaled(self, unit: float) -> Loss:
        return self._plain.rescaled(unit).weighted(np.asarray(self.weight))

    def rounded(self, radius: float) -> Loss | None:
        form = self._plain.rounded(radius)
        return None if form is None else form.weighted(np.asarray(self.weight))

    def conic(self, y: Array, count: Array) -> ConicForm | None:
        return self._plain.conic(y, count * self.weight)

    def cvxpy_term(self, f: cp.Expression, y: Array, weight: Count = 1.0) -> tuple[cp.Expression, list[cp.Constraint]]:
        return self._plain.cvxpy_term(f, y, weight * self.weight)

    def parts(self, f: Array, y: Array) -> Array:
        return by_rows(self.weight, self._plain.parts(f, y))

    def dual_parts(self, v: Array, y: Array) -> Array:
        return by_rows(self.weight, self._plain.dual_parts(self._plainly(v), y))

    def value(self, f: Array, y: Array, count: Count = 1.0) -> float:
        return self._plain.value(f, y, count * self.weight)

    def dual_value(self, v: Array, y: Array, count: Count = 1.0) -> float:
        return self._plain.dual_value(self._plainly(v), y, count * self.weight)

    def gradient(self, f: Array, y: Array) -> Array:
        return by_rows(self.weight, self._plain.gradient(f, y))

    def curvature(self, f: Array, y: Array) -> Array:
        return self.weight * self._plain.curvature(f, y)

    def hessian(self, B: Array, F: Array) -> Array:
        return self._plain.hessian(by_rows(np.sqrt(self.weight), B), F)

    def into_domain(self, v: Array, y: Array) -> Array:
        return by_rows(self.weight, self._plain.into_domain(self._plainly(v), y))

    def project(self, v: Array, y: Array, count: Count = 1.0) -> Array:
        return by_rows(self.weight, self._plain.project(self._plainly(v), y, count * self.weight))

    def scale(self, v: Array, y: Array, limit: float, count: Count = 1.0) -> float:
        return self._plain.scale(self._plainly(v), y, limit, count * self.weight)

    def best_constant(self, y: Array, count: Count = 1.0) -> Any:
        return self._plain.best_constant(y, count * self.weight)

    def constant_dual(self, y: Array, c: float, count: Count = 1.0) -> Array:
        return by_rows(self.weight, self._plain.constant_dual(y, c, count * self.weight))

    def constant_duals(self, y: Array, c: float) -> tuple[Array, Array, Array]:
        orient, low, high = self._plain.constant_duals(y, c)
        return orient, self.weight * low, self.weight * high

    def violation(self, f: Array, y: Array) -> float:
        there = self._inverse > 0
        return self._plain.violation(f[there], y[there])

    def enforced(self, network: ReLUNetwork, X: Array, y: Array) -> ReLUNetwork:
        return self._plain.enforced(network, X, y)

    def _plainly(self, v: Array) -> Array:
        return by_rows(self._inverse, v)


def by_rows(weight: Count, A: Array) -> Array:
    """A (n, m), or (n,), with its rows multiplied by weights (n,), or by 1."""
    if np.ndim(weight) == 0:
        return A
    return np.asarray(weight).reshape(-1, *[1] * (A.ndim - 1)) * A


def mass(weight: Count, n: int) -> float:
    """The sum of the weights of n rows."""
    return float(n) if np.ndim(weight) == 0 else float(np.sum(weight))


def row_mean(A: Array, weight: Count) -> Array:
    """Weighted mean of the rows of A (n, m), (m,), or of the entries of A (n,)."""
    mean: Array = A.mean(axis=0) if np.ndim(weight) == 0 else weight @ A / np.sum(weight)
    return mean


def row_sum(A: Array) -> Array:
    """The sums of the rows of A (n, K), (n,); A (n,) itself."""
    return A if A.ndim == 1 else A.sum(axis=1)


def _sum(parts: Array, count: Count) -> float:
    """The sum of all parts, those of row i count_i times."""
    return float(np.sum(parts)) if np.ndim(count) == 0 else float(np.sum(count * row_sum(parts)))


def centred(v: Array, count: Count) -> Array:
    """v less its mean: count^T v = 0."""
    if v.ndim == 2:
        return v - row_mean(v, count)
    mass = count * np.ones(len(v))
    return v - float(mass @ v) / float(mass.sum())


def balanced(v: Array, count: Count) -> Array:
    """v (n,) with what is above zero, or what is below, shrunk until count^T v = 0."""
    up, down = float(np.sum((count * v)[v > 0])), -float(np.sum((count * v)[v < 0]))
    both = min(up, down)
    return v * np.where(v > 0, both / (up or 1.0), both / (down or 1.0))
