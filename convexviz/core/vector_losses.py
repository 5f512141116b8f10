"""Losses of vector outputs F (n, K) against targets Y (n, K), each with its conjugate side.

Training problem   P(beta) = min  loss(f(X), Y) + beta sum_j ||W_j||_2,   ||u_j|| = 1
Dual               D = max_V  g(V)   s.t.  ||V^T (Xu + b)_+||_2 <= beta for all unit u and all b,  1^T V = 0

    loss       value                                  V at the optimum     g(V)
    squared    1/2 ||F - Y||_F^2                      Y - F                <Y, V> - 1/2 ||V||_F^2
    logistic   sum_i log sum_k exp F_ik - <Y, F>      Y - softmax(F)       sum_ik -P log P,  P = Y - V

g(V) = min_F loss(F, Y) + <V, F>. For the logistic loss that is min_F sum_i lse(F_i) - <P, F>, the entropy of the rows
of P where they are distributions (P >= 0, P 1 = 1) and -infinity elsewhere. With one-hot Y, P = (1 - s) Y + s (Y - V)
stays a distribution for every s V, 0 <= s <= 1. Textbook (Boyd & Vandenberghe 2004, chapter 3); the training problem
is that of Ergen & Pilanci (2021). With weights s of the rows V_i is s_i times that of the table. Two classes are the
binary logistic loss of f = F_1 - F_2.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from scipy.special import entr, log_softmax, softmax

from ..data.scalars import check_choice
from .losses import LOSSES, Count, by_rows, row_mean
from .network import Array


class VectorLoss(ABC):
    """loss(F, Y) for F, Y (n, K).

    Attributes
    ----------
    name : key in `VECTOR_LOSSES`.
    steepest : bound on the curvature, the largest eigenvalue of the Hessian of one row of weight 1.
    weight : (n,) the weights of the rows, or 1.
    """

    name: str
    steepest: float
    constrained = False
    weight: Count = 1.0

    def weighted(self, weight: Array) -> VectorLoss:
        """sum_i weight_i terms(F_i, Y_i), for weights (n,) > 0."""
        return VectorWeighted(self, weight)

    @abstractmethod
    def terms(self, F: Array, Y: Array) -> Array:
        """Data term of every row, (n,)."""

    @abstractmethod
    def dual_terms(self, V: Array, Y: Array) -> Array:
        """Every row's part of g(V), (n,)."""

    @abstractmethod
    def value(self, F: Array, Y: Array) -> float:
        """Data term."""

    @abstractmethod
    def gradient(self, F: Array, Y: Array) -> Array:
        """V = -d loss / d F, (n, K)."""

    @abstractmethod
    def hessian(self, B: Array, F: Array) -> Array:
        """Second derivative in C (m, K) of loss(B C, Y) at outputs F, (m K, m K), for B (n, m)."""

    @abstractmethod
    def project(self, V: Array, Y: Array, bias: bool, count: Count = 1.0) -> Array:
        """V moved into the domain of g, and to count^T V = 0 with `bias`."""

    @abstractmethod
    def dual_value(self, V: Array, Y: Array) -> float:
        """g(V) for V in its domain."""

    @abstractmethod
    def scale(self, V: Array, Y: Array, limit: float, count: Count = 1.0) -> float:
        """A good s in [0, limit] for g(s V); finite even where `limit` is not."""

    @abstractmethod
    def best_constant(self, Y: Array, count: Count = 1.0) -> Array:
        """The c (K,) that minimises loss(1 c^T, Y)."""


class VectorSquared(VectorLoss):
    """1/2 ||F - Y||_F^2."""

    name = "squared"
    steepest = 1.0

    def terms(self, F: Array, Y: Array) -> Array:
        return 0.5 * np.sum((F - Y) ** 2, axis=1)

    def dual_terms(self, V: Array, Y: Array) -> Array:
        return np.sum(Y * V - 0.5 * V**2, axis=1)

    def value(self, F: Array, Y: Array) -> float:
        return 0.5 * float(np.sum((F - Y) ** 2))

    def gradient(self, F: Array, Y: Array) -> Array:
        return Y - F

    def hessian(self, B: Array, F: Array) -> Array:
        m, K = B.shape[1], F.shape[1]
        H = np.zeros((m, K, m, K))
        H[:, np.arange(K), :, np.arange(K)] = B.T @ B
        return H.reshape(m * K, m * K)

    def project(self, V: Array, Y: Array, bias: bool, count: Count = 1.0) -> Array:
        return V - row_mean(V, count) if bias else V

    def dual_value(self, V: Array, Y: Array) -> float:
        return LOSSES["squared"].dual_value(V.ravel(), Y.ravel())

    def scale(self, V: Array, Y: Array, limit: float, count: Count = 1.0) -> float:
        every = count if np.ndim(count) == 0 else np.repeat(count, V.shape[1])
        return LOSSES["squared"].scale(V.ravel(), Y.ravel(), limit, every)

    def best_constant(self, Y: Array, count: Count = 1.0) -> Array:
        return row_mean(Y, count)


class VectorLogistic(VectorLoss):
    """Cross entropy of softmax(F) against one-hot Y, every class present."""

    name = "logistic"
    steepest = 0.5  # of diag(p) - p p^T

    def terms(self, F: Array, Y: Array) -> Array:
        return -np.sum(Y * log_softmax(F, axis=1), axis=1)

    def dual_terms(self, V: Array, Y: Array) -> Array:
        return np.sum(entr(np.maximum(Y - V, 0.0)), axis=1)

    def value(self, F: Array, Y: Array) -> float:
        return -float(np.sum(Y * log_softmax(F, axis=1)))

    def gradient(self, F: Array, Y: Array) -> Array:
        return Y - softmax(F, axis=1)

    def hessian(self, B: Array, F: Array) -> Array:
        P = softmax(F, axis=1)
        m, K = B.shape[1], F.shape[1]
        H = np.empty((m, K, m, K))
        for k in range(K):
            for j in range(k, K):
                weight = P[:, k] * (float(k == j) - P[:, j])
                H[:, k, :, j] = H[:, j, :, k] = B.T @ (weight[:, None] * B)
        return H.reshape(m * K, m * K)

    def project(self, V: Array, Y: Array, bias: bool, count: Count = 1.0) -> Array:
        P = np.maximum(Y - V, 0.0)
        mass = P.sum(axis=1, keepdims=True)
        P = np.where(mass > 0, P / np.where(mass > 0, mass, 1.0), Y)
        if bias:
            # Columns of P must sum to the class counts: shift them there, then mix in the frequencies, which do and
            # are positive, as far as the shift left the simplex.
            often = row_mean(Y, count)
            P += often - row_mean(P, count)
            below = P < 0
            t = float(np.max((-P / (often - np.minimum(P, 0.0)))[below], initial=0.0))
            P = np.maximum((1 - t) * P + t * often, 0.0)
        return Y - P

    def dual_value(self, V: Array, Y: Array) -> float:
        return float(np.sum(entr(np.maximum(Y - V, 0.0))))

    def scale(self, V: Array, Y: Array, limit: float, count: Count = 1.0) -> float:
        return min(1.0, limit)

    def best_constant(self, Y: Array, count: Count = 1.0) -> Array:
        return np.log(row_mean(Y, count))


class VectorWeighted(VectorLoss):
    """sum_i s_i terms(F_i, Y_i): the plain loss with s as multiplicities and V_i / s_i as its V."""

    def __init__(self, plain: VectorLoss, weight: Array) -> None:
        self.plain, self.weight = plain, np.asarray(weight, float)
        self.name, self.steepest = plain.name, plain.steepest

    def terms(self, F: Array, Y: Array) -> Array:
        return self.weight * self.plain.terms(F, Y)

    def dual_terms(self, V: Array, Y: Array) -> Array:
        return self.weight * self.plain.dual_terms(self._plainly(V), Y)

    def value(self, F: Array, Y: Array) -> float:
        return float(self.terms(F, Y).sum())

    def gradient(self, F: Array, Y: Array) -> Array:
        return by_rows(self.weight, self.plain.gradient(F, Y))

    def hessian(self, B: Array, F: Array) -> Array:
        return self.plain.hessian(by_rows(np.sqrt(self.weight), B), F)

    def project(self, V: Array, Y: Array, bias: bool, count: Count = 1.0) -> Array:
        return by_rows(self.weight, self.plain.project(self._plainly(V), Y, bias, count * self.weight))

    def dual_value(self, V: Array, Y: Array) -> float:
        return float(self.dual_terms(V, Y).sum())

    def scale(self, V: Array, Y: Array, limit: float, count: Count = 1.0) -> float:
        return self.plain.scale(self._plainly(V), Y, limit, count * self.weight)

    def best_constant(self, Y: Array, count: Count = 1.0) -> Array:
        return self.plain.best_constant(Y, count * self.weight)

    def _plainly(self, V: Array) -> Array:
        return by_rows(1.0 / self.weight, V)


VECTOR_LOSSES: dict[str, VectorLoss] = {loss.name: loss for loss in (VectorSquared(), VectorLogistic())}


def get_vector_loss(loss: str | VectorLoss) -> VectorLoss:
    """The loss of that name; ValueError lists the names there are."""
    if isinstance(loss, VectorLoss):
        return loss
    return VECTOR_LOSSES[check_choice(loss, "loss", VECTOR_LOSSES)]


def vector_bound(V: Array, Y: Array, beta: float, loss: VectorLoss, maximum: float) -> tuple[float, Array]:
    """Lower bound g(s V) of weak duality from V in the domain of g with M(V) <= `maximum`, and s V (n, K)."""
    if not np.isfinite(maximum):
        return -np.inf, 0.0 * V
    V = loss.scale(V, Y, beta / maximum if maximum > 0 else np.inf) * V
    return loss.dual_value(V, Y), V
