"""The five losses, each with its conjugate side: value, dual value, feasible dual point.

Training problem   P(beta) = min  loss(f(X), y) + beta sum_j |w_j|,   ||u_j|| = 1
Dual               D = max_v  g(v)   s.t.  |sum_i v_i (u.x_i + b)_+| <= beta for all unit u and all b,  sum_i v_i = 0

    loss         value                          v at the optimum          g(v)
    squared      1/2 ||f - y||^2                y - f                     y.v - 1/2 ||v||^2
    hinge        sum max(0, 1 - y f)            y a, 0 <= a <= 1          sum a
    logistic     sum log(1 + exp(-y f))         y a, a = sigmoid(-y f)    sum -a log a - (1-a) log(1-a)
    interpolate  0 if f = y else infinity       free; beta = 1            y.v
    hard_margin  0 if y f >= 1 else infinity    y a, a >= 0; beta = 1     sum a

Ergen & Pilanci (2021), section 3; the conjugates are textbook (Boyd & Vandenberghe 2004, chapter 3).

Every sum may carry multiplicities `count` (n,): a row that stands for several equal data points. A loss with weights,
sum_i s_i terms(f_i, y_i), is the same with count = s, and its v is s times the v of the table:

    squared  g(v) = y.v - 1/2 sum v^2 / s        hinge, logistic  v = s y a        constraints hold where s > 0
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from scipy.special import entr, expit, xlog1py

from ..data.scalars import check_choice
from .network import Array

Count = Array | float


class Loss(ABC):
    """sum_i count_i terms(f_i, y_i), its conjugate, and the way from any v to a feasible one.

    Attributes
    ----------
    name : key in `LOSSES`.
    classification : whether y holds labels -1 / +1.
    constrained : whether the loss is a constraint, so that beta plays no part and counts as 1.
    smooth : whether f determines v, through `gradient`.
    weight : (n,) the weights of the points, or 1.
    plain : the loss without weights.
    """

    name: str
    classification = False
    constrained = False
    smooth = False
    weight: Count = 1.0

    @property
    def plain(self) -> Loss:
        return self

    def weighted(self, weight: Array) -> Loss:
        """sum_i weight_i terms(f_i, y_i), for weights (n,) >= 0; any weight above 0 is the same to a constraint."""
        return Weighted(self, weight)

    @abstractmethod
    def terms(self, f: Array, y: Array) -> Array:
        """Data term of every point, (n,); zeros for a constraint, see `violation`."""

    @abstractmethod
    def dual_terms(self, v: Array, y: Array) -> Array:
        """Every point's part of g(v), (n,), for v in the domain of g."""

    def value(self, f: Array, y: Array, count: Count = 1.0) -> float:
        """Data term at outputs f (n,)."""
        return float(np.sum(count * self.terms(f, y)))

    def dual_value(self, v: Array, y: Array, count: Count = 1.0) -> float:
        """g(v) for v (n,) in its domain."""
        return float(np.sum(count * self.dual_terms(v, y)))

    def baseline(self, y: Array) -> float:
        """Loss of the best constant network, which no optimum exceeds; 0 for a constraint, which has none."""
        if self.constrained:
            return 0.0
        return self.value(np.full(len(y), best_constant(self, y)), y)

    def violation(self, f: Array, y: Array) -> float:
        """Largest violation of the constraint; 0 for the losses that are none."""
        return 0.0

    def gradient(self, f: Array, y: Array) -> Array:
        """v = -d terms / d f, (n,), for a smooth loss."""
        raise TypeError(f"The loss {self.name!r} is not smooth; its dual vector comes from the solver.")

    def curvature(self, f: Array, y: Array) -> Array:
        """Second derivative of `terms` in f, (n,), for a smooth loss."""
        raise TypeError(f"The loss {self.name!r} is not smooth; it has no curvature.")

    def into_domain(self, v: Array, y: Array) -> Array:
        """v moved into the domain of g."""
        return v

    def project(self, v: Array, y: Array, count: Count = 1.0) -> Array:
        """v moved into the domain of g and to sum count v = 0."""
        mass = count * np.ones(len(v))
        return v - float(mass @ v) / float(mass.sum())

    def scale(self, v: Array, y: Array, limit: float, count: Count = 1.0) -> float:
        """The best s in [0, limit] for g(s v); finite even where `limit` is not."""
        return min(1.0, limit)


class Squared(Loss):
    """1/2 (f - y)^2."""

    name = "squared"
    smooth = True

    def terms(self, f: Array, y: Array) -> Array:
        return 0.5 * (f - y) ** 2

    def dual_terms(self, v: Array, y: Array) -> Array:
        return y * v - 0.5 * v**2

    def gradient(self, f: Array, y: Array) -> Array:
        return y - f

    def curvature(self, f: Array, y: Array) -> Array:
        return np.ones(len(f))

    def scale(self, v: Array, y: Array, limit: float, count: Count = 1.0) -> float:
        norm = float(np.sum(count * v**2))
        return float(np.clip(np.sum(count * y * v) / norm, 0.0, limit)) if norm > 0 else 0.0


class Interpolate(Loss):
    """f = y exactly."""

    name = "interpolate"
    constrained = True

    def terms(self, f: Array, y: Array) -> Array:
        return np.zeros(len(f))

    def dual_terms(self, v: Array, y: Array) -> Array:
        return y * v

    def violation(self, f: Array, y: Array) -> float:
        return float(np.abs(f - y).max())

    def scale(self, v: Array, y: Array, limit: float, count: Count = 1.0) -> float:
        return limit if np.isfinite(limit) and np.sum(count * y * v) > 0 else 0.0


class _Labels(Loss):
    """Losses of the margin y f, whose dual vector is v = y a with a >= 0 and equal mass in both classes."""

    classification = True
    ceiling = 1.0

    def into_domain(self, v: Array, y: Array) -> Array:
        return y * np.clip(v * y, 0.0, self.ceiling)

    def project(self, v: Array, y: Array, count: Count = 1.0) -> Array:
        a = np.abs(self.into_domain(v, y))
        up, down = float(np.sum((count * a)[y > 0])), float(np.sum((count * a)[y < 0]))
        both = min(up, down)
        return y * a * np.where(y > 0, both / (up or 1.0), both / (down or 1.0))


class Hinge(_Labels):
    """max(0, 1 - y f)."""

    name = "hinge"

    def terms(self, f: Array, y: Array) -> Array:
        return np.maximum(0.0, 1.0 - y * f)

    def dual_terms(self, v: Array, y: Array) -> Array:
        return v * y


class Logistic(_Labels):
    """log(1 + exp(-y f))."""

    name = "logistic"
    smooth = True

    def terms(self, f: Array, y: Array) -> Array:
        return np.logaddexp(0.0, -y * f)

    def dual_terms(self, v: Array, y: Array) -> Array:
        a = v * y
        return entr(a) - xlog1py(1.0 - a, -a)  # for a small a all digits of 1 - a are its distance from 1

    def gradient(self, f: Array, y: Array) -> Array:
        return y * expit(-y * f)

    def curvature(self, f: Array, y: Array) -> Array:
        return expit(f) * expit(-f)


class HardMargin(_Labels):
    """y f >= 1 exactly."""

    name = "hard_margin"
    constrained = True
    ceiling = np.inf

    def terms(self, f: Array, y: Array) -> Array:
        return np.zeros(len(f))

    def dual_terms(self, v: Array, y: Array) -> Array:
        return v * y

    def violation(self, f: Array, y: Array) -> float:
        return float(max(0.0, 1.0 - (y * f).min()))

    def scale(self, v: Array, y: Array, limit: float, count: Count = 1.0) -> float:
        return limit if np.isfinite(limit) else 0.0


class Weighted(Loss):
    """sum_i s_i terms(f_i, y_i): the plain loss with s as multiplicities and v / s as its v; where s = 0, v is 0."""

    def __init__(self, plain: Loss, weight: Array) -> None:
        self._plain = plain
        self.name, self.classification = plain.name, plain.classification
        self.constrained, self.smooth = plain.constrained, plain.smooth
        self.weight = (weight > 0).astype(float) if plain.constrained else np.asarray(weight, float)
        there = self.weight > 0
        self._inverse = there / np.where(there, self.weight, 1.0)

    @property
    def plain(self) -> Loss:
        return self._plain

    def terms(self, f: Array, y: Array) -> Array:
        return self.weight * self._plain.terms(f, y)

    def dual_terms(self, v: Array, y: Array) -> Array:
        return self.weight * self._plain.dual_terms(v * self._inverse, y)

    def violation(self, f: Array, y: Array) -> float:
        there = self._inverse > 0
        return self._plain.violation(f[there], y[there])

    def gradient(self, f: Array, y: Array) -> Array:
        return self.weight * self._plain.gradient(f, y)

    def curvature(self, f: Array, y: Array) -> Array:
        return self.weight * self._plain.curvature(f, y)

    def into_domain(self, v: Array, y: Array) -> Array:
        return self.weight * self._plain.into_domain(v * self._inverse, y)

    def project(self, v: Array, y: Array, count: Count = 1.0) -> Array:
        return self.weight * self._plain.project(v * self._inverse, y, count * self.weight)

    def scale(self, v: Array, y: Array, limit: float, count: Count = 1.0) -> float:
        return self._plain.scale(v * self._inverse, y, limit, count * self.weight)


LOSSES: dict[str, Loss] = {loss.name: loss for loss in (Squared(), Hinge(), Logistic(), Interpolate(), HardMargin())}


def get_loss(loss: str | Loss) -> Loss:
    """The loss of that name; ValueError lists the names there are."""
    if isinstance(loss, Loss):
        return loss
    return LOSSES[check_choice(loss, "loss", LOSSES)]


def band(loss: str | Loss, beta: float) -> float:
    """Half the width of the band that N_v may fill: beta, or 1 where a constraint leaves beta no part."""
    return 1.0 if get_loss(loss).constrained else beta


def by_rows(weight: Count, A: Array) -> Array:
    """A (n, m) with its rows multiplied by weights (n,), or by 1."""
    return A if np.ndim(weight) == 0 else np.asarray(weight)[:, None] * A


def mass(weight: Count, n: int) -> float:
    """The sum of the weights of n rows."""
    return float(n) if np.ndim(weight) == 0 else float(np.sum(weight))


def row_mean(A: Array, weight: Count) -> Array:
    """Weighted mean of the rows of A (n, m), (m,), or of the entries of A (n,)."""
    return A.mean(axis=0) if np.ndim(weight) == 0 else weight @ A / np.sum(weight)


def best_constant(loss: Loss, y: Array) -> float:
    """The c that minimises loss(c 1, y): the network without neurons. Only for the losses that are no constraints."""
    weight = loss.weight * np.ones(len(y))
    if not loss.classification:  # from y_1, so that equal targets have themselves as their mean
        return float(y[0] + np.sum(weight * (y - y[0])) / weight.sum())
    positive, negative = float(weight[y > 0].sum()), float(weight[y < 0].sum())
    if loss.name == "logistic":
        return float(np.log(positive / negative))
    return float(np.sign(positive - negative))  # hinge: the majority's label; at a tie any value in between
