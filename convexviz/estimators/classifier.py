"""ConvexReLUClassifier: min loss(f(X), y) + beta sum_j |w_j| over two-layer ReLU networks, labels -1 and +1.

More than two classes share their neurons where the loss allows, or are one problem each against the rest.
Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, JMLR 22, arXiv:2002.11219.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, softmax
from sklearn.base import ClassifierMixin
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

from ..core.losses import Loss, get_loss
from ..core.network import Array
from ..core.shape import Slope
from ..core.solution import TOLERANCE
from ..data.scalars import real_number, shown
from ..data.validation import LARGEST, SMALLEST, check_entries, check_label_entries
from .base import ConvexReLU


def _gives_distributions(loss: str | Loss) -> bool:
    """Whether outputs are log odds: its form for several outputs takes distributions over the classes."""
    several = get_loss(loss).several
    return several is not None and several.one_hot


def _gives_probabilities(classifier: ConvexReLU) -> bool:
    if not _gives_distributions(classifier.loss):
        raise AttributeError(f"predict_proba needs loss='logistic', got {classifier.loss!r}; fit with that loss.")
    return True


class ConvexReLUClassifier(ClassifierMixin, ConvexReLU):
    """Two-layer ReLU network f(x) = c + sum_j w_j (u_j . x + b_j)_+ whose sign is the class, globally trained.

    Minimises sum_i loss(f(x_i), y_i) + beta sum_j |w_j| with ||u_j|| = 1 and y_i = -1, +1 over networks of every width.
    The number of neurons is an outcome, not a choice. Where the optimum is proved is the business of `convexviz.solve`;
    `certified_` tells whether it was, `gap_` how much is left.

    K > 2 classes have one output each, f(x) in R^K, and the largest wins. With loss="logistic" (softmax cross entropy)
    and "squared" the outputs share their neurons and the penalty is beta sum_j ||w_j||_2, w_j in R^K. With "hinge" and
    "hard_margin" they are K problems, one class against the rest, each with neurons of its own; objective and bound
    are sums over them. `sklearn.multiclass.OneVsRestClassifier` treats any loss in that way.

    The penalty sees the units of X. Nothing is scaled behind your back, so put a `StandardScaler` in front where
    features differ in scale. The loss is a sum over samples, not a mean: for n times as many samples the same fit needs
    n times the beta.

    `fit` takes weights of the samples, `class_weight` those of the classes. Pickles carry the version that wrote them;
    later versions read them.

    Parameters
    ----------
    beta : strength of weight decay, positive; plays no part for loss="hard_margin".
    loss : "hinge", "logistic", "squared" (least squares on -1 / +1) or "hard_margin" (y f >= 1 exactly).
    bias : whether the neurons have biases b and the network a constant c.
    method : see `convexviz.solve`.
    tol : relative gap at which the optimum counts as certified.
    time_limit : seconds for one fit, after which the best network so far is taken, with its honest bounds. Classes
        share it.
    max_iter : rounds of the solver after which it is taken, too; unlike `time_limit` that is the same network on every
        machine. Where either stops a training that could have been proved, `fit` gives a `ConvergenceWarning`.
    class_weight : weights of the classes, which multiply those of the samples: None for 1 each, a dict from label to
        weight (1 for a label left out), or "balanced" for n / (K n_k), n_k being the weight of the samples of class k
        and n that of all. A class of weight 0 is not there.
    verbose : True says on standard error how far a training of more than a second is, and at last what was proved;
        None, the default, does the former at a prompt or in a notebook, False nothing.
    random_state : taken for the sake of code that sets it on every estimator. Training is deterministic.
    shape, slope : "increasing", "decreasing", "convex" or "concave", or several of them in a tuple, and bounds
        (low, high) of f', None for an open end: what f must be like between the first and the last sample. For one
        feature and one output; the optimum is then that over all such networks.

    Attributes
    ----------
    classes_ : (K,) labels, sorted; of two, the second is +1.
    network_ : the network, a `convexviz.ReLUNetwork`; of more than two classes with one output per class.
    directions_ : (m, d) unit directions u_j.
    biases_ : (m,) biases b_j.
    weights_ : (m,) output weights w_j; (m, K) for more than two classes.
    intercept_ : output bias c; (K,) for more than two classes.
    objective_, lower_bound_ : penalised loss of the network, and a proved bound that no network goes below (-inf where
        there is no proof).
    gap_ : (objective_ - lower_bound_) relative to the objective; of K problems the largest of theirs; inf where there
        is no bound.
    certified_ : gap_ <= tol: a proved global optimum.
    statement_ : the strongest that is proved: "certified optimum", "bounds" on both sides, or "upper bound only".
    method_ : which solver and oracle did it, in words; of K problems each that did, once.
    n_iter_ : rounds of the solver, at least 1; of K problems the most of theirs.
    solution_ : the `convexviz.Solution` with dual vector and history; for more than two classes perhaps a tuple
        of one `Solution` per class.
    n_features_in_, feature_names_in_ : as everywhere in scikit-learn.

    See Also
    --------
    convexviz.solve : the solver behind it.

    References
    ----------
    Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, JMLR 22.

    Examples
    --------
    >>> from sklearn.datasets import make_moons
    >>> from convexviz import ConvexReLUClassifier
    >>> X, y = make_moons(60, noise=0.1, random_state=0)
    >>> model = ConvexReLUClassifier(beta=0.1).fit(X, y)
    >>> model.certified_, model.score(X, y)
    (True, 1.0)
    """

    class_weight: dict[Any, float] | str | None

    @staticmethod
    def _takes(loss: Loss) -> bool:
        """Losses of labels, and the squared loss of -1 and +1."""
        return bool(loss.classification or loss.quadratic)

    labels = True

    def __init__(
        self,
        beta: float = 1.0,
        loss: str | Loss = "hinge",
        *,
        bias: bool = True,
        method: str = "auto",
        tol: float = TOLERANCE,
        time_limit: float | None = None,
        max_iter: int | None = None,
        class_weight: dict[Any, float] | str | None = None,
        verbose: bool | int | None = None,
        random_state: int | None = None,
        shape: str | tuple[str, ...] | None = None,
        slope: Slope | None = None,
    ) -> None:
        self.beta = beta
        self.loss = loss
        self.bias = bias
        self.method = method
        self.tol = tol
        self.time_limit = time_limit
        self.max_iter = max_iter
        self.class_weight = class_weight
        self.verbose = verbose
        self.random_state = random_state
        self.shape = shape
        self.slope = slope

    def decision_function(self, X: ArrayLike) -> Array:
        """Network output at X (n, d): (n,), positive for the second class; (n, K) for more than two classes."""
        return self._outputs(X)

    def predict(self, X: ArrayLike) -> Array:
        """Class labels at X (n, d), shape (n,)."""
        scores = self._outputs(X)
        return self.classes_[scores.argmax(axis=1) if scores.ndim == 2 else (scores > 0).astype(int)]

    @available_if(_gives_probabilities)
    def predict_proba(self, X: ArrayLike) -> Array:
        """Probabilities of the classes at X (n, d), shape (n, K), for the logistic loss: sigmoid or softmax of f."""
        scores = self._outputs(X)
        if scores.ndim == 1:
            return np.column_stack([expit(-scores), expit(scores)])
        return softmax(scores, axis=1)

    def _validated(self, X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
        check_entries(X, "X")
        check_label_entries(y)
        data: tuple[Array, Array] = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(data[1])
        return data

    def _factors(self, y: Array, weight: Array) -> Array | None:
        if self.class_weight is None:
            return None
        there = weight > 0
        classes, index = np.unique(y, return_inverse=True)
        if isinstance(self.class_weight, str) and self.class_weight == "balanced":
            # fsum, so that the order of the samples does not matter, not even for the last digit
            masses = [math.fsum(weight[there & (index == k)]) for k in range(len(classes))]
            present = [mass for mass in masses if mass > 0]
            share = math.fsum(present) / len(present)
            return np.array([share / mass if mass > 0 else 0.0 for mass in masses])[index]
        return np.array(self._weights_by_label(classes.tolist()))[index]

    def _weights_by_label(self, classes: list[Any]) -> list[float]:
        """Those of the classes in the dict `class_weight`, checked."""
        given = self.class_weight
        if not isinstance(given, dict):
            raise ValueError(
                f"class_weight must be a dict from label to weight, 'balanced' or None, got {shown(given)}; use "
                "'balanced' for classes that weigh the same."
            )
        strange, missing = [key for key in given if key not in classes], [key for key in classes if key not in given]
        if strange and missing:
            raise ValueError(
                f"class_weight must name labels of y, got {shown(strange[0])} and nothing for {shown(missing[0])}; "
                "correct that key."
            )
        weights = [real_number(given.get(label, 1.0)) for label in classes]
        for label, weight in zip(classes, weights, strict=True):
            if weight is None or not (weight == 0 or SMALLEST <= weight <= LARGEST):
                raise ValueError(
                    f"class_weight must hold weights of 0 or more, got {shown(given[label])} for {label!r}; use 1.0 "
                    "for an ordinary class."
                )
        return [float(weight) for weight in weights if weight is not None]

    def _targets(self, y: Array) -> Array:
        classes, index = np.unique(y, return_inverse=True)
        if len(classes) < 2:
            raise ValueError(
                f"y must hold at least two classes, got 1 class ({classes[0]!r}); add samples of another class, or "
                "give those there are a weight above 0."
            )
        self.classes_ = classes
        if len(classes) == 2:
            return np.where(index == 1, 1.0, -1.0)
        # Softmax asks for one-hot rows; -1 / +1 keeps the other losses what they are for two classes.
        rest = 0.0 if _gives_distributions(self.loss) else -1.0
        return np.where(index[:, None] == np.arange(len(classes)), 1.0, rest)
