"""Logistic loss of labels -1 / +1, and the cross entropy of softmax for K classes.

    binary    sum log(1 + exp(-y f))                 v = y a, a = sigmoid(-y f)   g(v) = sum -a log a - (1-a) log(1-a)
    K         sum_i log sum_k exp F_ik - <Y, F>      V = Y - softmax(F)           g(V) = sum_ik -P log P,  P = Y - V

For K classes g(V) = min_F sum_i lse(F_i) - <P, F> is the entropy of the rows of P where they are distributions (P >= 0,
P 1 = 1) and -infinity elsewhere. With one-hot Y, P = (1 - s) Y + s (Y - V) stays a distribution for every s V,
0 <= s <= 1. Two classes are the binary loss of f = F_1 - F_2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cvxpy as cp
import numpy as np
from scipy import sparse
from scipy.special import entr, expit, log_softmax, softmax, xlog1py

from ..network import Array
from .base import Count, Loss, row_mean
from .forms import ConicForm
from .labels import MarginLoss, class_masses


@dataclass(frozen=True)
class Logistic(MarginLoss):
    """log(1 + exp(-y f))."""

    name = "logistic"
    smooth = curved = True
    perceptron = True
    steepest = 0.25

    @property
    def several(self) -> Loss:
        return SOFTMAX

    def parts(self, f: Array, y: Array) -> Array:
        parts: Array = np.logaddexp(0.0, -y * f)
        return parts

    def dual_parts(self, v: Array, y: Array) -> Array:
        a = v * y
        parts: Array = entr(a) - xlog1py(1.0 - a, -a)  # for a small a all digits of 1 - a are its distance from 1
        return parts

    def gradient(self, f: Array, y: Array) -> Array:
        slope: Array = y * expit(-y * f)
        return slope

    def curvature(self, f: Array, y: Array) -> Array:
        bend: Array = expit(f) * expit(-f)
        return bend

    def best_constant(self, y: Array, count: Count = 1.0) -> Any:
        positive, negative = class_masses(y, count)
        return float(np.log(positive / negative))

    def conic(self, y: Array, count: Array) -> ConicForm:
        """z = (loss, p, q): loss >= log(1 + exp(-m)) is written exp(-m - loss) <= p, exp(-loss) <= q, p + q <= 1."""
        R = len(y)
        row, ones = np.arange(R), np.ones(R)
        loss, p, q = row, R + row, 2 * R + row
        sums = sparse.csc_matrix(
            (np.ones(2 * R), (np.concatenate([row, row]), np.concatenate([p, q]))), shape=(R, 3 * R)
        )
        cones = sparse.csc_matrix(
            (
                np.concatenate([ones, -ones, ones, -ones]),
                (np.concatenate([6 * row, 6 * row + 2, 6 * row + 3, 6 * row + 5]), np.concatenate([loss, p, loss, q])),
            ),
            shape=(6 * R, 3 * R),
        )
        return ConicForm(
            cost=np.concatenate([count, np.zeros(2 * R)]),
            curved=np.zeros(3 * R),
            of_f=(R + 6 * row, row, y),
            of_z=sparse.vstack([sums, cones], format="csc"),
            b=np.concatenate([ones, np.tile([0.0, 1.0, 0.0], 2 * R)]),
            nonnegative=R,
            exponential=2 * R,
        )

    def cvxpy_term(self, f: cp.Expression, y: Array, weight: Count = 1.0) -> tuple[cp.Expression, list[cp.Constraint]]:
        terms = cp.logistic(-cp.multiply(y, f))
        return cp.sum(terms if np.ndim(weight) == 0 else cp.multiply(weight, terms)), []


@dataclass(frozen=True)
class Softmax(Loss):
    """Cross entropy of softmax(F) against one-hot Y (n, K), every class present."""

    name = "logistic"
    one_hot = True
    smooth = curved = True
    steepest = 0.5  # of diag(p) - p p^T

    @property
    def several(self) -> Loss:
        return self

    def parts(self, f: Array, y: Array) -> Array:
        parts: Array = -y * log_softmax(f, axis=1)
        return parts

    def dual_parts(self, v: Array, y: Array) -> Array:
        parts: Array = entr(np.maximum(y - v, 0.0))
        return parts

    def gradient(self, f: Array, y: Array) -> Array:
        slope: Array = y - softmax(f, axis=1)
        return slope

    def hessian(self, B: Array, F: Array) -> Array:
        P = softmax(F, axis=1)
        m, K = B.shape[1], F.shape[1]
        H = np.empty((m, K, m, K))
        for k in range(K):
            for j in range(k, K):
                weight = P[:, k] * (float(k == j) - P[:, j])
                H[:, k, :, j] = H[:, j, :, k] = B.T @ (weight[:, None] * B)
        return H.reshape(m * K, m * K)

    def into_domain(self, v: Array, y: Array) -> Array:
        return y - _distributions(v, y)

    def project(self, v: Array, y: Array, count: Count = 1.0) -> Array:
        """Columns of P must sum to the class counts: shift them there, then mix in the frequencies, which do and are
        positive, as far as the shift left the simplex."""
        P = _distributions(v, y)
        often = row_mean(y, count)
        P += often - row_mean(P, count)
        below = P < 0
        t = float(np.max((-P / (often - np.minimum(P, 0.0)))[below], initial=0.0))
        return y - np.maximum((1 - t) * P + t * often, 0.0)

    def best_constant(self, y: Array, count: Count = 1.0) -> Any:
        return np.log(row_mean(y, count))


def _distributions(v: Array, y: Array) -> Array:
    """P = y - v with its rows made distributions, (n, K)."""
    P = np.maximum(y - v, 0.0)
    mass = P.sum(axis=1, keepdims=True)
    return np.where(mass > 0, P / np.where(mass > 0, mass, 1.0), y)


SOFTMAX = Softmax()
