"""ConvexReLURegressor: min 1/2 ||f(X) - y||^2 + beta sum_j |w_j| over two-layer ReLU networks of every width.

Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, JMLR 22, arXiv:2002.11219.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import RegressorMixin
from sklearn.utils import Tags
from sklearn.utils.validation import validate_data

from ..core.losses import Loss
from ..core.network import Array
from ..core.shape import Slope
from ..core.solution import TOLERANCE
from ..data.validation import check_entries, check_size
from .base import ConvexReLU


class ConvexReLURegressor(RegressorMixin, ConvexReLU):
    """Two-layer ReLU network f(x) = c + sum_j w_j (u_j . x + b_j)_+ trained to a proved global optimum.

    Minimises 1/2 ||f(X) - y||^2 + beta sum_j |w_j| with ||u_j|| = 1 over networks of every width: ordinary weight
    decay at its best scaling. The number of neurons is an outcome, not a choice. Where the optimum is proved is the
    business of `convexviz.solve`; `certified_` tells whether it was, `gap_` how much is left.

    The penalty sees the units of X and y: a feature measured in metres instead of kilometres is a thousand times
    cheaper to use. Nothing is scaled behind your back, so put a `StandardScaler` in front where features differ in
    scale. The loss is a sum over samples, not a mean: for n times as many samples the same fit needs n times the beta.
    `fit` takes weights of the samples. Pickles carry the version that wrote them; later versions read them.

    Several targets, y of shape (n, K), share their neurons: the penalty is beta sum_j ||w_j||_2 with w_j in R^K. (With
    other losses than "squared" every target has neurons of its own.) `sklearn.multioutput.MultiOutputRegressor` fits
    them apart.

    Parameters
    ----------
    beta : strength of weight decay, positive; plays no part for loss="interpolate".
    loss : "squared"; "huber" or `convexviz.Huber(delta)`, to which outliers matter less; "quantile" or
        `convexviz.Quantile(q)` for a quantile of y given x; or "interpolate" for f(X) = y exactly with the least
        sum_j |w_j|.
    bias : whether the neurons have biases b and the network a constant c.
    method : see `convexviz.solve`.
    tol : relative gap at which the optimum counts as certified.
    time_limit : seconds for one fit, after which the best network so far is taken, with its honest bounds.
    max_iter : rounds of the solver after which it is taken, too; unlike `time_limit` that is the same network on every
        machine. Where either stops a training that could have been proved, `fit` gives a `ConvergenceWarning`.
    verbose : True says on standard error how far a training of more than a second is, and at last what was proved;
        None, the default, does the former at a prompt or in a notebook, False nothing.
    random_state : taken for the sake of code that sets it on every estimator. Training is deterministic.
    shape, slope : "increasing", "decreasing", "convex" or "concave", or several of them in a tuple, and bounds
        (low, high) of f', None for an open end: what f must be like between the first and the last sample. For one
        feature and one output; the optimum is then that over all such networks.

    Attributes
    ----------
    network_ : the network, a `convexviz.ReLUNetwork`; of several targets with one output per target.
    directions_ : (m, d) unit directions u_j.
    biases_ : (m,) biases b_j.
    weights_ : (m,) output weights w_j; (m, K) for y of shape (n, K).
    intercept_ : output bias c; (K,) for y of shape (n, K).
    objective_, lower_bound_ : penalised loss of the network, and a proved bound that no network goes below (-inf where
        there is no proof).
    gap_ : (objective_ - lower_bound_) relative to the objective; inf where there is no bound.
    certified_ : gap_ <= tol: a proved global optimum.
    statement_ : the strongest that is proved: "certified optimum", "bounds" on both sides, or "upper bound only".
    method_ : which solver and oracle did it, in words.
    n_iter_ : rounds of the solver, at least 1.
    solution_ : the `convexviz.Solution` with dual vector and history.
    n_features_in_, feature_names_in_ : as everywhere in scikit-learn.

    See Also
    --------
    convexviz.solve : the solver behind it.

    References
    ----------
    Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks, JMLR 22.

    Examples
    --------
    >>> import numpy as np
    >>> from convexviz import ConvexReLURegressor
    >>> X = np.linspace(-1, 1, 9)[:, None]
    >>> model = ConvexReLURegressor(beta=0.01).fit(X, np.abs(X[:, 0]))
    >>> model.certified_, model.weights_.shape, round(model.score(X, np.abs(X[:, 0])), 3)
    (True, (2,), 1.0)
    """

    @staticmethod
    def _takes(loss: Loss) -> bool:
        """Losses of numbers."""
        return not loss.classification

    labels = False

    def __init__(
        self,
        beta: float = 1.0,
        loss: str | Loss = "squared",
        *,
        bias: bool = True,
        method: str = "auto",
        tol: float = TOLERANCE,
        time_limit: float | None = None,
        max_iter: int | None = None,
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
        self.verbose = verbose
        self.random_state = random_state
        self.shape = shape
        self.slope = slope

    def predict(self, X: ArrayLike) -> Array:
        """Network output at X (n, d): (n,), or (n, K) after a fit to several targets."""
        return self._outputs(X)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def _validated(self, X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
        check_entries(X, "X")
        check_entries(y, "y")
        X, y = validate_data(self, X, y, dtype=np.float64, y_numeric=True, multi_output=True)
        targets = np.asarray(y, dtype=np.float64)
        check_size(targets, "y")
        return np.asarray(X), targets

    def _targets(self, y: Array) -> Array:
        return y
