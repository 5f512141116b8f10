"""What both estimators do: store parameters, train f(x) = c + sum_j w_j (u_j . x + b_j)_+, read the result out."""

from __future__ import annotations

import inspect
import sys
import warnings
from abc import ABCMeta, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted, validate_data

from ..core.arguments import check_beta, check_betas, check_limits, check_verbose
from ..core.display import Report, bounds, number, page, sentence, size
from ..core.errors import SolveError
from ..core.losses import LOSSES, Loss, get_loss, is_written
from ..core.network import Array
from ..core.numerics.progress import line
from ..core.paths.path import PATH_DEPTH, PATH_LENGTH
from ..core.problem.options import METHODS
from ..core.shape import Slope, check_shape
from ..core.solution import MEANINGS
from ..data.scalars import check_choice, check_flag
from ..data.validation import check_entries, check_rounds, check_size, check_weights, column_labels
from ..data.version import VERSION
from .outputs import Options, Solved, Trained, beta_without_neurons, method_of, statement_of, train
from .samples import Samples, joined

WRITTEN_BY = "_convexviz_version"  # key of a pickle's state


class ConvexReLU(BaseEstimator, metaclass=ABCMeta):
    """Common part of `ConvexReLURegressor` and `ConvexReLUClassifier`."""

    labels: ClassVar[bool]  # whether it is for labels

    beta: float
    loss: str | Loss
    bias: bool
    method: str
    tol: float
    time_limit: float | None
    max_iter: int | None
    verbose: bool | int | None
    random_state: int | None
    shape: str | tuple[str, ...] | None
    slope: Slope | None

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train to the global optimum of the penalised loss, or as far as `method` and the limits go.

        Parameters
        ----------
        X : (n, d) inputs, dense and finite.
        y : (n,) targets or labels of any type; for the regressor also (n, K), several targets.
        sample_weight : (n,) weights >= 0 of the samples in the loss, a number for all of them, None for 1 each. A
            sample of weight 2 is the same as two of them, one of weight 0 as none: the fits are equal bit by bit, also
            in another order.

        Returns
        -------
        The estimator itself.

        Raises
        ------
        ValueError
            If the data or a parameter is not usable; the message says what to do.
        SolveError
            If every solver failed, or a limit stopped the training before the constraints of loss="interpolate" or
            "hard_margin" were met: such a network is no answer.

        Warns
        -----
        ConvergenceWarning
            scikit-learn's, if `max_iter` or `time_limit` stopped the training before the optimum was proved, where a
            proof was to be had. No warning says that a problem has too many points in too many dimensions for a proof:
            `statement_` does.
        """
        return self._fit(X, y, sample_weight)

    def regularization_path(
        self,
        X: ArrayLike,
        y: ArrayLike,
        betas: Iterable[float] | None = None,
        sample_weight: ArrayLike | None = None,
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
        stops = check_betas(self._default_betas(X, y, sample_weight) if betas is None else betas)
        with line("path", check_verbose(self.verbose), len(stops)) as said:
            for beta in stops:
                start = path[-1].solution_ if path else None
                path.append(clone(self).set_params(beta=beta)._fit(X, y, sample_weight, start))
                if said is not None:
                    said.step(f"beta {beta:.3g}, neurons {path[-1].network_.width}")
        return path

    @abstractmethod
    def _validated(self, X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
        """X (n, d) as float64 and y as an array of n; notes features."""

    @abstractmethod
    def _targets(self, y: Array) -> Array:
        """What the network is to output, (n,) or (n, K), as float64; notes classes."""

    def _factors(self, y: Array, weight: Array) -> Array | None:
        """What else multiplies the weights (n,) of the samples, (n,) >= 0; None for nothing."""
        return None

    def _samples(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None) -> Samples:
        labels = column_labels(X)
        X, y = self._validated(X, y)
        check_size(X, "X", labels)
        weight = np.ones(len(X)) if sample_weight is None else check_weights(sample_weight, len(X))
        factor = self._factors(y, weight)
        there = weight > 0 if factor is None else (weight > 0) & (factor > 0)
        if not there.any():
            raise ValueError(
                "class_weight must leave some samples a weight above 0, got 0 for all; give two classes at least one."
            )
        Y = self._targets(y[there])  # classes of weight 0 are none
        whole = np.zeros((len(X), *Y.shape[1:]))
        whole[there] = Y
        return joined(X, whole, np.where(there, weight, 0.0), factor)

    def _options(self) -> Options:
        """The parameters, checked, as plain Python values."""
        loss, (tol, time_limit) = self._checked_loss(), check_limits(self.tol, self.time_limit)
        check_shape(self.shape, self.slope)
        return Options(
            shape=self.shape,
            slope=self.slope,
            loss=loss,
            beta=check_beta(self.beta, "use beta=0.1, the default", idle=get_loss(loss).constrained),
            bias=check_flag(self.bias, "bias"),
            method=check_choice(self.method, "method", METHODS, "Use 'auto' if in doubt."),
            tol=tol,
            time_limit=time_limit,
            max_iter=None if self.max_iter is None else check_rounds(self.max_iter, sys.maxsize, "max_iter"),
            verbose=check_verbose(self.verbose),
        )

    @staticmethod
    @abstractmethod
    def _takes(loss: Loss) -> bool:
        """Whether it is a loss for the targets of this estimator."""

    def _checked_loss(self) -> str | Loss:
        names = tuple(name for name, loss in LOSSES.items() if self._takes(loss))
        others = "" if self.labels else " (the classifier is for labels)"
        for_whom = f" for {type(self).__name__}{others}"
        if isinstance(self.loss, Loss) or is_written(self.loss):
            term = get_loss(self.loss)
            return self.loss if self._takes(term) else check_choice(term.name, "loss", names, for_whom=for_whom)
        return check_choice(self.loss, "loss", names, for_whom=for_whom)

    def _fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None, start: Solved | None = None
    ) -> Self:
        options = self._options()
        samples = self._samples(X, y, sample_weight)
        trained = train(samples.X, samples.Y, options, start, samples.weight)
        _refuse_unmet(trained, options.loss)
        self._read(trained, samples)
        if options.verbose:
            print(f"{type(self).__name__}: {trained.statement}, gap {trained.gap:.1e}", file=sys.stderr)
        if trained.limit and trained.provable and not trained.certified:
            warnings.warn(_stopped(trained), ConvergenceWarning, stacklevel=3)
        return self

    def _read(self, trained: Trained, samples: Samples) -> None:
        """The result as attributes."""
        network = trained.network
        self.network_ = network
        self.directions_, self.biases_ = network.U, network.b
        self.weights_ = network.w
        self.intercept_ = network.c
        self.solution_ = samples.given(trained.solution)
        self.objective_, self.lower_bound_ = trained.objective, trained.lower_bound
        self.gap_, self.certified_ = trained.gap, trained.certified
        self.statement_, self.method_ = trained.statement, trained.method
        self.n_iter_ = trained.rounds

    def report(self) -> Report:
        """The verdict on a fit and its numbers in words, as notebooks show them."""
        check_is_fitted(self)
        rows = (
            *bounds(self.objective_, self.lower_bound_, self.gap_),
            size(self.network_),
            ("method", self.method_),
            ("rounds", number(self.n_iter_)),
        )
        return Report(self.statement_, MEANINGS[self.statement_], bool(self.certified_), rows, self.network_)

    def __str__(self) -> str:
        """The parameters, and after a fit verdict and numbers, a line each."""
        said = super().__repr__()
        return f"{said}\n{sentence(self.report())}" if hasattr(self, "network_") else said

    def _html_repr(self) -> str:
        """scikit-learn's diagram, and after a fit the report below it."""
        diagram: str = super()._html_repr()
        return diagram + (page(self.report()) if hasattr(self, "network_") else "")

    def _outputs(self, X: ArrayLike) -> Array:
        """What the network says at X (n, d): (n,) or (n, K)."""
        check_is_fitted(self)
        check_entries(X, "X")
        return self.network_.predict(validate_data(self, X, reset=False, dtype=np.float64))

    def _default_betas(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None) -> Iterable[float]:
        options = self._options()
        samples = clone(self)._samples(X, y, sample_weight)
        top = beta_without_neurons(samples.X, samples.Y, options, samples.weight)
        return top * np.geomspace(1.0, PATH_DEPTH, PATH_LENGTH) if top > 0 else [1.0]

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled, with the version that wrote it."""
        return {**super().__getstate__(), WRITTEN_BY: VERSION}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over what any version wrote: parameters and attributes that an older one did not know are filled in."""
        state = dict(state)
        written = state.pop(WRITTEN_BY, None)
        if written is not None and _release(written) > _release(VERSION):
            warnings.warn(
                f"A pickle must not be newer than the package that reads it, got {type(self).__name__} written by "
                f"convexviz {written} and read by {VERSION}; what is new may be missing: upgrade, or fit again.",
                UserWarning,
                stacklevel=2,
            )
        for name, parameter in inspect.signature(type(self)).parameters.items():
            state.setdefault(name, parameter.default)
        if "solution_" in state and "statement_" not in state:
            state["statement_"] = statement_of(state["solution_"])
            state["method_"] = method_of(state["solution_"])
        super().__setstate__(state)


def _release(version: str) -> tuple[int, ...]:
    """The numbers of a version, to compare by; what is no number ends it."""
    numbers = []
    for part in version.split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)


def _refuse_unmet(trained: Trained, loss: str | Loss) -> None:
    """Raise SolveError where a network violates the constraints of its loss."""
    if np.isfinite(trained.objective):
        return
    why = f"{trained.limit} stopped the training too early" if trained.limit else "no solver came close enough"
    remedy = "raise the limit or leave it out" if trained.limit else "rescale the data"
    other = "'hinge' with a small beta" if get_loss(loss).classification else "'squared' with a small beta"
    raise SolveError(
        f"The constraints of loss={loss!r} must hold exactly, got a network that violates them: {why}; {remedy}, or "
        f"use loss={other}.",
        "constraints not met",
    )


def _stopped(trained: Trained) -> str:
    return (
        f"{trained.limit} stopped the training before the optimum was proved: the gap is {trained.gap:.2g}. Raise the "
        "limit or leave it out, or raise tol, if `gap_` is small enough for you."
    )
