"""The tangent kernel of the two-layer ReLU network, and the arc-cosine kernels it is made of, in closed form.

With g standard normal, rho the angle between x and z, H the step function (Cho & Saul 2009, orders 0 and 1):

    k0(x, z) = 2 E[H(g.x) H(g.z)]    = 1 - rho/pi
    k1(x, z) = 2 E[(g.x)_+ (g.z)_+]  = |x||z| (sin rho + (pi - rho) cos rho)/pi

Inputs carry their bias as a last feature 1: x~ = (x, 1). The kernel is the mean over random starts of the inner product
of gradients, <grad f(x), grad f(z)>, of

    f(x) = m^(-1/2) sum_j w_j (g_j . x~)_+,     w_j and all entries of g_j standard normal, both layers trained,
    Theta(x, z) = x~.z~ k0/2 + k1/2,            the first term from training (u_j, b_j) = g_j, the second from w_j.

There is no output bias c (it would add 1), and the random function at the start counts as zero (its mean). A network
of infinite width trained on the squared loss without weight decay ends at Theta(x, X) Theta^-1 y: Jacot, Gabriel &
Hongler (2018), Neural Tangent Kernel. On the line Theta(., x_i) has a tip at x_i, where its slope falls by 1/pi, hence
a sum of them with coefficients a_i bends at every x_i, by -a_i/pi; the network of the convex problem bends at few.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import eigh
from scipy.spatial.distance import cdist
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.kernel_ridge import KernelRidge
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from ...data.scalars import real_number, shown
from ...data.validation import check_entries, check_inputs, check_size
from ..network import Array
from ..numerics.threads import one_thread

RANK = 8 * np.finfo(float).eps  # eigenvalue, relative to n times the largest, below which it is rounding
COPY = 1e-150  # distance below which two points are one, to divide by
MISSED = 1e-6  # of the targets' spread: what an interpolating function may miss by rounding


def angles(X: Array, Z: Array) -> Array:
    """Angles (n, k) in [0, pi] between the rows of X (n, d) and Z (k, d); a zero row is at right angles to others.

    2 atan2(|x - z|, |x + z|) of unit vectors keeps all digits at 0 and pi, where arccos loses half of them (Kahan).
    """
    X, Z = _directions(X), _directions(Z)
    between: Array = 2.0 * np.arctan2(cdist(X, Z), cdist(X, -Z))
    return between


def arc_cosine(X: Array, Z: Array | None = None, order: int = 1) -> Array:
    """Arc-cosine kernel k0 or k1 between the rows of X (n, d) and Z (k, d), shape (n, k); Z = None stands for X."""
    if order not in (0, 1):
        raise ValueError(f"order must be 0 (steps) or 1 (ramps), got {order!r}; use order=1 for ReLUs.")
    Z = X if Z is None else Z
    rho = angles(X, Z)
    if order == 0:
        return 1.0 - rho / np.pi
    lengths = np.linalg.norm(X, axis=1)[:, None] * np.linalg.norm(Z, axis=1)
    values: Array = lengths * (np.sin(rho) + (np.pi - rho) * np.cos(rho)) / np.pi
    return values


def tangent_kernel(X: ArrayLike, Z: ArrayLike | None = None) -> Array:
    """Theta(x, z), shape (n, k), between the rows of X (n, d) and Z (k, d) without the feature 1; Z = None is X.

    Positive definite where the rows of X are distinct, and unchanged by rotations of all rows together. Raises
    ValueError for inputs that are not usable, or differ in their number of features.
    """
    X = check_inputs(X)
    Z = X if Z is None else check_inputs(Z, "Z")
    if X.shape[1] != Z.shape[1]:
        raise ValueError(
            f"X and Z must have the same number of features, got {X.shape[1]} and {Z.shape[1]}; leave out those that "
            "only one of them has."
        )
    return _kernel(X, Z)


def _kernel(X: Array, Z: Array) -> Array:
    X, Z = _with_one(X), _with_one(Z)
    return (X @ Z.T * arc_cosine(X, Z, order=0) + arc_cosine(X, Z, order=1)) / 2


class TangentKernelRidge(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn brings no types
    """What a network of infinite width learns in the tangent-kernel regime: f(x) = Theta(x, X)(Theta + ridge I)^-1 y.

    Minimises ||f(X) - y||^2 + ridge ||f||^2 in the norm of the kernel's function space; with ridge = 0 it is the
    function of least norm through the targets. For ridge > 0 it is `sklearn.kernel_ridge.KernelRidge(alpha=ridge)`.

    Parameters
    ----------
    ridge : strength of regularisation, 0 or more.

    Attributes
    ----------
    dual_coef_ : (n,) coefficients of Theta(x, x_i); (n, K) for y of shape (n, K).
    X_fit_ : (n, d) training inputs.
    norm_ : norm of f in the function space; (K,) of them for several targets.

    Examples
    --------
    >>> import numpy as np
    >>> from convexviz import TangentKernelRidge
    >>> X = np.linspace(-1, 1, 9)[:, None]
    >>> model = TangentKernelRidge().fit(X, np.abs(X[:, 0]))
    >>> bool(np.allclose(model.predict(X), np.abs(X[:, 0])))
    True
    """

    dual_coef_: Array
    X_fit_: Array
    norm_: Array

    def __init__(self, ridge: float = 0.0) -> None:
        self.ridge = ridge

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Solve for the coefficients; X (n, d), y (n,) or (n, K).

        Raises ValueError for unusable data, a negative ridge, and for ridge = 0 where points coincide, or nearly, and
        their targets differ.
        """
        ridge = real_number(self.ridge)
        if ridge is None or not 0 <= ridge < np.inf:
            raise ValueError(
                f"ridge must be a number, 0 or more, got {shown(self.ridge)}; use ridge=0.0 to interpolate."
            )
        check_entries(X, "X")
        check_entries(y, "y")
        data: tuple[Array, Array] = validate_data(self, X, y, dtype=np.float64, y_numeric=True, multi_output=True)
        X, y = data[0], np.asarray(data[1], float)
        check_size(X, "X")
        check_size(y, "y")
        kernel = _kernel(X, X)
        with one_thread():
            if ridge > 0:
                self.dual_coef_ = KernelRidge(alpha=ridge, kernel="precomputed").fit(kernel, y).dual_coef_
            else:
                self.dual_coef_ = interpolation(X, y, kernel)
        self.X_fit_ = X
        self.norm_ = np.sqrt(np.maximum((self.dual_coef_ * (kernel @ self.dual_coef_)).sum(axis=0), 0.0))
        return self

    def predict(self, X: ArrayLike) -> Array:
        """f at X (k, d): (k,), or (k, K)."""
        check_is_fitted(self)
        check_entries(X, "X")
        inputs: Array = validate_data(self, X, reset=False, dtype=np.float64)
        return _kernel(inputs, self.X_fit_) @ self.dual_coef_

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


def interpolation(X: Array, y: Array, kernel: Array) -> Array:
    """Coefficients a of least norm with kernel a = y, shaped like y; kernel (n, n) belongs to the rows of X (n, d).

    Directions in which the kernel is zero up to rounding (copies of a point) are left out. Raises ValueError where
    that leaves targets missed.
    """
    size, Q = eigh(kernel)
    keep = size > RANK * len(y) * size[-1]
    Q, size = Q[:, keep], size[keep]

    def solve(right: Array) -> Array:
        solution: Array = Q @ ((Q.T @ right).T / size).T
        return solution

    a = solve(y)
    a += solve(y - kernel @ a)  # one step of refinement
    if np.abs(y - kernel @ a).max() > MISSED * (np.ptp(y) + np.abs(y).max()):
        raise ValueError(_clash(X, y))
    return a


def _clash(X: Array, y: Array) -> str:
    """Which two points ask for the steepest function."""
    distance, step = cdist(X, X), cdist(y.reshape(len(y), -1), y.reshape(len(y), -1))
    steepness = np.where(step > 0, step / np.maximum(distance, COPY), 0.0)
    i, j = np.unravel_index(np.argmax(steepness), steepness.shape)
    return (
        f"Interpolation needs one target for each point, got rows {i} and {j} (counted from 0) at distance "
        f"{distance[i, j]:.2g} with targets {y[i]} and {y[j]}; use ridge > 0, or merge these rows."
    )


def _with_one(X: Array) -> Array:
    return np.hstack([X, np.ones((len(X), 1))])


def _directions(X: Array) -> Array:
    lengths = np.linalg.norm(X, axis=1, keepdims=True)
    return X / np.where(lengths > 0, lengths, 1.0)
