"""What `solve` returns: a network with its proof."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from .display import Report, bounds, number, page, sentence, size
from .network import Array, ReLUNetwork
from .shape import Multipliers, check_shape, slopes_on_the_line

CERTIFIED, BOUNDS, UPPER_BOUND = "certified optimum", "bounds", "upper bound only"
UNMET = "constraints not met"
CONTRADICTION = "bounds contradict each other"
MEANINGS = {
    CERTIFIED: "no network of any width does better, up to the gap",
    BOUNDS: "the optimum lies between the two bounds",
    UPPER_BOUND: "the optimum is no higher; how much lower it may be was not proved",
    UNMET: "the training was stopped before the network met them",
    CONTRADICTION: "please report this: the solver or its arithmetic is wrong",
}

TOLERANCE = 1e-6
"""Relative gap up to which an answer counts as proved: in `solve`, in the badge, in every table and film."""


def relative_gap(upper: float, lower: float, least: float = 0.0) -> float:
    """(upper - lower) / upper: what the objective may lie above the optimum, as a share of it.

    It is negative where the bounds have crossed, and infinite where one is missing. An optimum next to zero makes no
    scale: the gap is relative to no less than `least`.
    """
    if not np.isfinite(upper):
        return np.inf
    return (upper - lower) / max(abs(upper), least, float(np.finfo(float).tiny))


@dataclass(frozen=True, eq=False)
class Round:
    """One round of a solver; the cutting planes fill in what they saw, for whoever wants to look back.

    Attributes
    ----------
    upper, lower : bounds on the optimum after the round (the best so far).
    neurons : columns (neurons or knots) held in the round.
    added : columns added for the next round.
    seconds : time since the start.
    network : the network of the round.
    v : (n,) its dual vector with sum v = 0, not shrunk: |N_v| exceeds beta where a neuron is missing; (n, K) for K
        outputs.
    maximum : M(v), nan where it was not computed.
    U, b : (added, d), (added,) the neurons added.
    """

    upper: float
    lower: float
    neurons: int
    added: int
    seconds: float
    network: ReLUNetwork | None = field(default=None, repr=False)
    v: Array | None = field(default=None, repr=False)
    maximum: float = np.nan
    U: Array | None = field(default=None, repr=False)
    b: Array | None = field(default=None, repr=False)

    def column(self) -> Round:
        """The same round of one output with an axis for it."""
        network = None if self.network is None else self.network.column()
        return replace(self, network=network, v=None if self.v is None else self.v[:, None])

    def squeezed(self) -> Round:
        """The same round without an axis for its one output."""
        network = None if self.network is None else self.network.squeezed()
        return replace(self, network=network, v=None if self.v is None else self.v[:, 0])


@dataclass(frozen=True, eq=False, repr=False)
class Solution:
    """A trained network, of one output or of K, and what is proved about it.

    Attributes
    ----------
    network : the network.
    objective : loss + beta sum ||w_j||, recomputed from `network` in float64.
    lower_bound : dual value g(v), at most the optimum; -inf where there is no bound on M(v).
    gap : (objective - lower_bound + rounding) / objective, see `relative_gap`; infinite
        where a bound is missing, or the lower one lies above the objective by more than rounding explains.
    certified : gap <= tol: a proved global optimum over networks of every width.
    v : (n,) the dual vector that proves the bound; (n, K) for K outputs.
    history : one `Round` per round of the solver.
    method : which solver and oracle did it.
    seconds : wall time.
    beta, loss : the problem's own.
    exactness : where the spike-free relaxation was asked, whether it is exact on these data, and how that is known.
    bias : whether the neurons had biases and the network a constant.
    rounding : what rounding costs: by how much it may have moved the two bounds, which `gap` counts, together with what
        the lower one was lowered by so that it holds all the same.
    shape, slope : what was asked of f between the first and the last data point; () and None for nothing. Objective and
        bound are then over all networks that have it.
    multipliers : what the rows of the shape are worth, which prove the bound together with v; None without a shape.
    """

    network: ReLUNetwork
    objective: float
    lower_bound: float
    gap: float
    certified: bool
    v: Array
    history: tuple[Round, ...] = field(repr=False)
    method: str
    seconds: float
    beta: float
    loss: str
    exactness: str = ""
    bias: bool = True
    rounding: float = 0.0
    shape: tuple[str, ...] = ()
    slope: tuple[float, float] | None = None
    multipliers: Multipliers | None = None

    def column(self) -> Solution:
        """The same solution with an axis for its one output: v (n, 1), w (m, 1)."""
        rounds = tuple(seen.column() for seen in self.history)
        return replace(self, network=self.network.column(), v=self.v[:, None], history=rounds)

    def squeezed(self) -> Solution:
        """The same solution without an axis for its one output: v (n,), w (m,)."""
        rounds = tuple(seen.squeezed() for seen in self.history)
        return replace(self, network=self.network.squeezed(), v=self.v[:, 0], history=rounds)

    def __repr__(self) -> str:
        width, numbers = self.network.width, f"objective={self.objective:.6g}, gap={self.gap:.1e}, beta={self.beta:.6g}"
        return f"<Solution: {self.statement}, {width} neurons, {numbers}, loss={self.loss!r}>"

    def report(self) -> Report:
        """The verdict and the numbers in words, as notebooks and terminals show them."""
        rows = [
            *bounds(self.objective, self.lower_bound, self.gap),
            size(self.network),
            ("beta", number(self.beta)),
            ("loss", self.loss + ("" if self.bias else ", no biases")),
            ("method", self.method),
            ("time", f"{self.seconds:.2g} s"),
        ]
        meaning = MEANINGS[self.statement]
        if self.asked:
            rows.insert(-2, ("shape", self.asked))
            meaning = meaning.replace("no network of any width does", "no network of any width with this shape does")
        return Report(self.statement, meaning, self.certified, tuple(rows), self.network)

    def __str__(self) -> str:
        """Verdict and numbers, a line each."""
        return sentence(self.report())

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return page(self.report())

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What IPython prints in a terminal, where the result of a cell is to be read."""
        printer.text(str(self))

    @property
    def asked(self) -> str:
        """The shape asked for, in words: "increasing, slope at most 2"; "" for none."""
        shape = check_shape(self.shape, self.slope)
        return "" if shape is None else shape.words

    @property
    def shaped_everywhere(self) -> bool:
        """Whether the shape asked for holds on the whole line, beyond the data too; True without one."""
        asked = check_shape(self.shape, self.slope)
        return asked is None or asked.missed(slopes_on_the_line(self.network)) == 0.0

    @property
    def statement(self) -> str:
        """The strongest that is proved: "certified optimum", "bounds" on both sides, or "upper bound only".

        "constraints not met" where `interpolate` or `hard_margin` was stopped before the network met them, which is no
        bound at all; "bounds contradict each other" where the lower one lies above the objective by more than rounding
        explains, which no correct solver and no sound arithmetic gives.
        """
        return statement(self.objective, self.lower_bound, self.rounding, self.certified)


def statement(objective: float, lower_bound: float, rounding: float, certified: bool) -> str:
    """What two bounds and the rounding in them amount to, in words."""
    if not np.isfinite(objective):
        return UNMET
    if lower_bound - objective > rounding and not certified:
        return CONTRADICTION
    if certified:
        return CERTIFIED
    return BOUNDS if lower_bound > -np.inf else UPPER_BOUND
