"""prove(): both bounds of a solution in exact rational arithmetic, and the file that lets anybody check them.

The document of a proof holds data, network and dual vector as the floats they are, and two claims rounded outward. What
it proves is computed by `convexviz.verify` from the document alone: that module needs nothing but the standard
library, and whoever wants to believe nothing runs it on the file.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .... import verify
from ....data.validation import check_arrays, check_weights
from ...arguments import check_verbose
from ...errors import Unprovable
from ...losses import get_loss
from ...network import Array
from ...numerics.progress import line
from ...rank import Reduction, reduce_rank
from ...shape import check_shape
from ...solution import Solution
from .document import proof_document, shape_document

NEGLIGIBLE = Fraction(1, 10**9)  # of the best constant's loss: less than that is no scale for a relative gap


@dataclass(frozen=True, eq=False)
class Proof:
    """Exact bounds of one training problem; nothing in them is rounded to the wrong side.

    Attributes
    ----------
    upper : at most this is the objective of the network. For `interpolate` and `hard_margin` of a network that meets
        the constraints exactly: the network itself may miss them by `violation`, what mends that is counted (but for
        `interpolate` without biases, where it is the objective of the network as it is).
    lower : no network of any width goes below.
    violation : by how much the network itself misses its constraints; 0 for the other losses.
    scale : what the gap is relative to: the upper bound, or a trifle of the best constant's loss where that is more.
    certified : whether the solution was, in floating point.
    document : what `save` writes.
    """

    upper: Fraction
    lower: Fraction
    violation: Fraction
    scale: Fraction
    certified: bool
    document: dict[str, Any] = field(repr=False)

    @property
    def gap(self) -> float:
        """(upper - lower) / scale."""
        if self.upper == self.lower:
            return 0.0
        return float((self.upper - self.lower) / self.scale) if self.scale else math.inf

    @property
    def bounds_optimum(self) -> bool:
        """Whether `upper` is at least the least there is: not where a violation is not mended."""
        mended = not (get_loss(self.document["loss"]).interpolates and not self.document["bias"])
        return mended or not self.violation

    @property
    def statement(self) -> str:
        """What is proved, in words."""
        upper, lower = float(self.upper), float(self.lower)
        missed = ""
        if self.violation:
            counted = "what mends that is counted" if self.bounds_optimum else "what would mend that is not counted"
            missed = f" The network itself misses its constraints by at most {float(self.violation):.2g}; {counted}."
        return (
            f"Proved in exact arithmetic: the objective is at most {upper:.12g}, and no network of any width"
            f"{self._shaped} goes below {lower:.12g}. The network is optimal to within "
            f"{float(self.upper - self.lower):.3g}, which is {self.gap:.3g} of the objective.{missed}"
        )

    @property
    def _shaped(self) -> str:
        """Of which networks the bounds speak, where not of all."""
        return " that has the shape" if "shape" in self.document else ""

    def save(self, path: str | Path) -> None:
        """Write the proof as JSON; `python -m convexviz verify PATH` or `python verify.py PATH` checks it."""
        Path(path).write_text(json.dumps(self.document, indent=1) + "\n", encoding="utf-8")


def prove(
    solution: Solution,
    X: ArrayLike,
    y: ArrayLike,
    sample_weight: ArrayLike | None = None,
    verbose: bool | None = None,
) -> Proof:
    """Bounds of the solution's objective and of the optimum in exact rational arithmetic.

    Parameters
    ----------
    solution : what `convexviz.solve` returned for these data.
    X : (n, d) inputs, those that were trained on: d = 1 or 2, or points on a line or in a plane (rank 1 or 2) in more.
    y : (n,) targets or labels; (n, K) for a solution of K outputs, points on a line and the squared loss.
    sample_weight : (n,) weights, a number for all, or None, as in training.
    verbose : as in `convexviz.solve`.

    Returns
    -------
    Proof, whose bounds hold whatever produced the solution; `save` writes the file that anybody can check.

    Raises
    ------
    Unprovable
        A ValueError: where the mathematics used here ends. The message says which bound there is in floating point.
    ValueError
        If the data are not usable or do not fit the solution.

    Examples
    --------
    >>> import numpy as np, convexviz as cv
    >>> X = np.linspace(-1, 1, 9)[:, None]
    >>> s = cv.solve(X, np.abs(X[:, 0]), beta=0.1)
    >>> p = cv.prove(s, X, np.abs(X[:, 0]))
    >>> p.lower <= p.upper, p.gap < 1e-12
    (True, True)
    """
    if not isinstance(solution, Solution):
        raise ValueError(
            f"solution must come from convexviz.solve, got {type(solution).__name__}; pass what it returned."
        )
    X, Y = _data(solution, X, y)
    if Y.shape[1:] == (1,):
        solution, Y = solution.squeezed(), Y[:, 0]
    weight = np.ones(len(X)) if sample_weight is None else check_weights(sample_weight, len(X))
    problem = solution.beta, get_loss(solution.loss), solution.bias
    document = proof_document(solution.network, solution.v, X, Y, weight, *problem, _flat(solution, X, Y, weight))
    asked = check_shape(solution.shape, solution.slope)
    if asked is not None:
        document["shape"] = shape_document(asked, solution.multipliers)
    try:
        with line("exact proof", check_verbose(verbose)):
            upper, lower, violation = verify.bounds(document)
        document["claim"] = {"upper": _above(upper), "lower": _below(lower), "violation": _above(violation)}
    except (verify.Refuted, verify.Unreadable, OverflowError) as reason:
        raise Unprovable(f"There is nothing to prove: {reason}. {_in_floats(solution)}") from None
    document["seal"] = verify.seal(document)
    scale = max(abs(upper), NEGLIGIBLE * Fraction(_constant_loss(solution, Y, weight)))
    return Proof(upper, lower, violation, scale, solution.certified, document)


def _data(solution: Solution, X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """X (n, d) and y (n,) or (n, K) as float64, checked against the solution."""
    if solution.network.w.ndim == 2:
        Y = np.asarray(y)
        if Y.ndim != 2 or Y.shape[1] != solution.network.outputs:
            raise ValueError(
                f"y must have shape (n, {solution.network.outputs}) for this solution, got {Y.shape}; pass the targets "
                "that were trained on."
            )
        columns = [check_arrays(X, column) for column in Y.T]
        X, Y = columns[0][0], np.column_stack([column for _, column in columns])
    else:
        X, Y = check_arrays(X, y)
    if X.shape[1] != solution.network.dimension or len(X) != len(solution.v):
        want = (len(solution.v), solution.network.dimension)
        raise ValueError(f"X must have shape {want} for this solution, got {X.shape}; pass what was trained on.")
    return X, Y


def _flat(solution: Solution, X: Array, Y: Array, weight: Array) -> Reduction | None:
    """The line or plane that holds the points, None if that is the whole space; Unprovable where neither does."""
    several = Y.ndim == 2
    if several and not get_loss(solution.loss).quadratic:
        raise Unprovable(
            f"prove() does several outputs for the squared loss only, got {solution.loss!r}. {_in_floats(solution)}"
        )
    most = 1 if several else 2
    flat = reduce_rank(X[weight > 0], centred=solution.bias)  # of the others v is 0
    if flat.rank > most:
        what = "several outputs on a line (rank 1)" if several else "points on a line or in a plane (rank 1 or 2)"
        raise Unprovable(f"prove() is exact for {what}, these data have rank {flat.rank}. {_in_floats(solution)}")
    if X.shape[1] <= most:
        return None
    Z = np.zeros((len(X), flat.rank))
    Z[weight > 0] = flat.Z
    return replace(flat, Z=Z)


def _in_floats(solution: Solution) -> str:
    if solution.lower_bound > -math.inf:
        return (
            f"In floating point there is the lower bound {solution.lower_bound:.6g} beside the objective "
            f"{solution.objective:.6g} ({solution.method})."
        )
    return f"In floating point there is the objective {solution.objective:.6g} and no lower bound ({solution.method})."


def _constant_loss(solution: Solution, Y: Array, weight: Array) -> float:
    """Loss of the best constant, the scale below which objectives are rounding; 0 where the loss has none."""
    if Y.ndim == 2:
        middle = weight @ Y / weight.sum()
        return float(0.5 * (weight @ (Y - middle) ** 2).sum())
    loss = get_loss(solution.loss)
    if loss.constrained:
        return 0.0
    return loss.weighted(weight).baseline(Y)


def _above(q: Fraction) -> str:
    return _outward(q, math.inf)


def _below(q: Fraction) -> str:
    return _outward(q, -math.inf)


def _outward(q: Fraction, side: float) -> str:
    """The float after next to q on that side: other checkers may round their roots a little differently."""
    steps = 2 if q else 0
    value = float(q)
    for _ in range(steps):
        value = math.nextafter(value, side)
    return value.hex()
