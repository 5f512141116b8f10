"""The losses there are, one file each; `base` states the contract, `LOSSES` is the registry.

    squared       1/2 (f - y)^2                  hinge         max(0, 1 - y f)
    interpolate   0 if f = y else infinity       logistic      log(1 + exp(-y f)); K classes: cross entropy of softmax
                                                 hard_margin   0 if y f >= 1 else infinity

To add one: write its file, and name it in `LOSSES` here.
"""

from __future__ import annotations

import re
from typing import Any, TypeGuard

from ...data.scalars import check_choice
from .base import Count, Loss, Weighted, by_rows, mass, row_mean
from .forms import ConicForm, LinearForm, ResidualForm
from .hard_margin import HardMargin
from .hinge import Hinge, SmoothedHinge
from .huber import Huber
from .interpolate import Interpolate
from .logistic import Logistic, Softmax
from .quantile import Quantile
from .squared import Squared

LOSSES: dict[str, Loss] = {
    loss.name: loss for loss in (Squared(), Hinge(), Logistic(), Interpolate(), HardMargin(), Huber(), Quantile())
}
# Those of K outputs that share their neurons.
SEVERAL: dict[str, Loss] = {name: loss.several for name, loss in LOSSES.items() if loss.several is not None}


# A loss with a parameter of its own, as its name says it: huber(0.3).
WRITTEN = re.compile(r"(\w+)\(([-+]?[.\d]+(?:e[-+]?\d+)?)\)")


def is_written(loss: Any) -> TypeGuard[str]:
    """Whether it is the name of a loss with a parameter."""
    match = WRITTEN.fullmatch(loss) if isinstance(loss, str) else None
    return match is not None and match[1] in LOSSES and LOSSES[match[1]].family is not None


def get_loss(loss: str | Loss, several: bool = False) -> Loss:
    """The loss of that name, in the form for `several` outputs if asked; ValueError lists the names there are."""
    if isinstance(loss, Loss):
        form = loss.several if several else loss
        if form is None:
            raise ValueError(
                f"The loss {loss.name!r} has no form for several outputs that share their neurons; use one of "
                f"{', '.join(SEVERAL)}, or train one network for each output."
            )
        return form
    if not several and is_written(loss):
        name, parameter = loss.rstrip(")").split("(")
        return type(LOSSES[name])(float(parameter))  # type: ignore[call-arg]
    known = SEVERAL if several else LOSSES
    return known[check_choice(loss, "loss", known, for_whom=" for several outputs" if several else "")]


def band(loss: str | Loss, beta: float) -> float:
    """Half the width of the band that N_v may fill: beta, or 1 where a constraint leaves beta no part."""
    return 1.0 if get_loss(loss).constrained else beta


__all__ = [
    "LOSSES",
    "SEVERAL",
    "ConicForm",
    "Count",
    "HardMargin",
    "Hinge",
    "Huber",
    "Interpolate",
    "LinearForm",
    "Logistic",
    "Loss",
    "Quantile",
    "ResidualForm",
    "SmoothedHinge",
    "Softmax",
    "Squared",
    "Weighted",
    "band",
    "by_rows",
    "get_loss",
    "is_written",
    "mass",
    "row_mean",
]
