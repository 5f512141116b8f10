"""What both estimators do: store parameters, train f(x) = c + sum_j w_j (u_j . x + b_j)_+, read the result out."""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from collections.abc import Iterable
from typing import ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted, validate_data

from ..core.network import Array, ReLUNetwork
from ..core.path import PATH_DEPTH, PATH_LENGTH
from .outputs import Options, Solved, beta_without_neurons, train


class ConvexReLU(BaseEstimator, metaclass=ABCMeta):
    """Common part of `ConvexReLURegressor` and `ConvexReLUClassifier`."""

    losses: ClassVar[tuple[str, ...]]  # those that the estimator takes

    beta: float
    loss: str
    bias: bool
    method: str
    tol: float
    time_limit: float | None
    random_state: int | None

    def fit(self, X: Array, y: Array) -> Self:
        """Train to the global optimum of the penalised loss, or as far as `method` and `time_limit` go.

        Parameters
        ----------
        X : (n, d) inputs, dense and finite.
        y : (n,) targets or labels of any type; for the regressor also (n, K), several targets.

        Returns
        -------
        The estimator itself.

        Raises
        ------
        ValueError
            If the data or a parameter is not usable; the message says what to do.
        SolveError
            If every solver failed.
        """
        return self._fit(X, y)

    def regularization_path(self, X: Array, y: Array, betas: Iterable[float] | None = None) -> list[Self]:
        """Fitted copies of this estimator from large to small beta, each trained from the one before.

        Without `betas`, 41 as in `convexviz.regularization_path`: evenly spaced in log beta, from one at which the best
        network has no neurons down to 1e-4 of it. The first is `convexviz.beta_max`, the largest over outputs trained
        each on its own; for outputs that share neurons, and without biases, it is a bound on that, so that the path may
        begin with several networks without neurons. The estimator itself stays as it is; `time_limit` holds for every
        beta.

        Raises ValueError where `fit` does, for an empty `betas`, and without `betas` for a loss in which beta plays no
        part.
        """
        path: list[Self] = []
        betas = self._default_betas(X, y) if betas is None else betas
        for beta in sorted(map(float, betas), reverse=True):
            path.append(clone(self).set_params(beta=beta)._fit(X, y, path[-1].solution_ if path else None))
        if not path:
            raise ValueError("betas must hold at least one positive number, got none; leave it out for the default.")
        return path

    @abstractmethod
    def _validated(self, X: Array, y: Array) -> tuple[Array, Array]:
        """X (n, d) and what the network is to output, (n,) or (n, K), as float64; notes features and classes."""

    def _fit(self, X: Array, y: Array, start: Solved | None = None) -> Self:
        self._check_loss()
        X, Y = self._validated(X, y)
        options = Options(self.beta, self.loss, bool(self.bias), self.method, self.tol, self.time_limit)
        trained = train(X, Y, options, start)
        network = trained.network
        self.network_ = network
        self.directions_, self.biases_ = network.U, network.b
        self.weights_ = network.w if isinstance(network, ReLUNetwork) else network.W
        self.intercept_ = network.c
        self.solution_ = trained.solution
        self.objective_, self.lower_bound_ = trained.objective, trained.lower_bound
        self.gap_, self.certified_ = trained.gap, trained.certified
        self.n_iter_ = trained.rounds
        return self

    def _outputs(self, X: Array) -> Array:
        """What the network says at X (n, d): (n,) or (n, K)."""
        check_is_fitted(self)
        return self.network_.predict(validate_data(self, X, reset=False, dtype=np.float64))

    def _check_loss(self) -> None:
        if self.loss not in self.losses:
            others = " (the classifier is for labels)" if "hinge" not in self.losses else ""
            raise ValueError(
                f"loss must be one of {', '.join(self.losses)} for {type(self).__name__}{others}; got {self.loss!r}. "
                "Choose one of these names."
            )

    def _default_betas(self, X: Array, y: Array) -> Iterable[float]:
        self._check_loss()
        X, Y = clone(self)._validated(X, y)
        top = beta_without_neurons(X, Y, self.loss, bool(self.bias))
        return top * np.geomspace(1.0, PATH_DEPTH, PATH_LENGTH) if top > 0 else [1.0]
