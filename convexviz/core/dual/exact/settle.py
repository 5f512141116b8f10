"""Where nothing but the bound on rounding stands between a network and its certificate, exact arithmetic decides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .... import verify
from ...losses import Loss
from ...network import Array, ReLUNetwork
from ...numerics import clock
from ...rank import Reduction
from ...shape import Shape
from ..certificate import Certificate, gap_of
from .document import proof_document, shape_document

MOST_ON_THE_LINE, MOST_IN_THE_PLANE = 3000, 150  # points for which the exact bounds take less than a second or so
SECONDS = 2.0  # of a time limit that must be left for it


def settled(
    certificate: Certificate,
    network: ReLUNetwork,
    X: Array,
    y: Array,
    beta: float,
    loss: Loss,
    bias: bool,
    flat: Reduction,
    tol: float,
    deadline: float,
    shape: Shape | None = None,
) -> Certificate:
    """The certificate with the exact gap in place of one that rounding spoilt; unchanged where that is not the case,
    and for several outputs.
    """
    bounds_there = np.isfinite(certificate.objective) and certificate.lower_bound > -np.inf
    if not bounds_there or certificate.holds(tol) or y.ndim > 1:
        return certificate
    most = MOST_ON_THE_LINE if flat.rank == 1 else MOST_IN_THE_PLANE if flat.rank == 2 else 0
    apart = gap_of(certificate.objective, certificate.lower_bound + certificate.rounding, loss, y)
    if len(y) > most or apart > tol or clock.left(deadline) < SECONDS:
        return certificate
    weight = loss.weight * np.ones(len(y))
    hint = flat if X.shape[1] > 2 else None
    document = proof_document(network, certificate.v, X, y, weight, beta, loss, bias, hint)
    if shape is not None:
        document["shape"] = shape_document(shape, certificate.multipliers)
    try:
        upper, lower, _ = verify.bounds(document)
    except (verify.Refuted, verify.Unreadable, OverflowError):  # nothing to be had: the honest float bounds stand
        return certificate
    difference = float(upper - lower)  # before either is rounded
    return replace(certificate, gap=gap_of(float(upper), float(upper) - difference, loss, y))
