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
from ..data.validation import check_weights
from .outputs import Options, Solved, beta_without_neurons, train
from .samples import Samples, joined


class ConvexReLU(BaseEstimator, metaclass=ABCMeta):
    """Common part of `ConvexReLURegressor` and `ConvexReLUClassifier`."""

    losses: ClassVar[tuple[str, ...]]  # those that the estimator takes

    beta: float
    loss: str
    bias: bool
    method: str
    tol: float
    time_limit: float | None
    max_iter: int | None
    random_state: int | None

    def fit(self, X: Array, y: Array, sample_weight: Array | None = None) -> Self:
        """Train to the global optimum of the penalised loss, or as far as `method` and `time_limit` go.

        Parameters
        ----------
        X : (n, d) inputs, dense and finite.
        y : (n,) targets or labels of any type; for the regressor also (n, K), several targets.
        sample_weight : (n,) weights >= 0 of the samples in the loss, None for 1 each. A sample of weight 2 is the same
            as two of them, one of weight 0 as none: the fits are equal bit by bit, also in another order.

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
        return self._fit(X, y, sample_weight)

    def regularization_path(
        self, X: Array, y: Array, betas: Iterable[float] | None = None, sample_weight: Array | None = None
    ) -> list[Self]:
        """Fitted copies of this estimator from large to small beta, each trained from the one before.

        Without `betas`, 41 as in `convexviz.regularization_path`: evenly spaced in log beta, from the least at which
        the best network has no neurons down to 1e-4 of it. The first is `convexviz.beta_max`, the largest over outputs
        trained each on its own; for outputs that share neurons the greatest |V^T (Xu + b)_+| of a neuron at the best
        constant: exact for data of rank one and two, else what ascent from many starts finds, hence perhaps too small.
        The estimator itself stays as it is; `time_limit` holds for every beta.

        Raises ValueError where `fit` does, for an empty `betas`, and without `betas` for a loss in which beta plays no
        part.
        """
        path: list[Self] = []
        betas = self._default_betas(X, y, sample_weight) if betas is None else betas
        for beta in sorted(map(float, betas), reverse=True):
            start = path[-1].solution_ if path else None
            path.append(clone(self).set_params(beta=beta)._fit(X, y, sample_weight, start))
        if not path:
            raise ValueError("betas must hold at least one positive number, got none; leave it out for the default.")
        return path

    @abstractmethod
    def _validated(self, X: Array, y: Array) -> tuple[Array, Array]:
        """X (n, d) as float64 and y as an array of n; notes features."""

    @abstractmethod
    def _targets(self, y: Array) -> Array:
        """What the network is to output, (n,) or (n, K), as float64; notes classes."""

    def _samples(self, X: Array, y: Array, sample_weight: Array | None) -> Samples:
        X, y = self._validated(X, y)
        if sample_weight is None:
            return joined(X, self._targets(y), None)
        weight = check_weights(sample_weight, len(X))
        Y = self._targets(y[weight > 0])  # classes of weight 0 are none
        whole = np.zeros((len(X), *Y.shape[1:]))
        whole[weight > 0] = Y
        return joined(X, whole, weight)

    def _fit(self, X: Array, y: Array, sample_weight: Array | None = None, start: Solved | None = None) -> Self:
        self._check_loss()
        samples = self._samples(X, y, sample_weight)
        limits = self.tol, self.time_limit, self.max_iter
        options = Options(self.beta, self.loss, bool(self.bias), self.method, *limits)
        trained = train(samples.X, samples.Y, options, start, samples.weight)
        network = trained.network
        self.network_ = network
        self.directions_, self.biases_ = network.U, network.b
        self.weights_ = network.w if isinstance(network, ReLUNetwork) else network.W
        self.intercept_ = network.c
        self.solution_ = samples.given(trained.solution)
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

    def _default_betas(self, X: Array, y: Array, sample_weight: Array | None) -> Iterable[float]:
        self._check_loss()
        samples = clone(self)._samples(X, y, sample_weight)
        top = beta_without_neurons(samples.X, samples.Y, self.loss, bool(self.bias), samples.weight)
        return top * np.geomspace(1.0, PATH_DEPTH, PATH_LENGTH) if top > 0 else [1.0]
