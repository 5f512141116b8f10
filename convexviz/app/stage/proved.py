"""The network that the browser proves, as the floats that it is, and its pieces where it is one on the line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from convexviz.core.network import ReLUNetwork
from convexviz.core.pieces import as_csv
from convexviz.figures.sent.typed import numbers


def network_of(certificate: Mapping[str, Any] | None) -> ReLUNetwork | None:
    """The network of a certificate; None where there is none to prove."""
    proof = (certificate or {}).get("proof")
    if not isinstance(proof, dict) or "U" not in proof:
        return None
    U, b, w, center = (numbers(proof[name]) for name in ("U", "b", "w", "center"))
    return ReLUNetwork(np.reshape(U, (len(b), proof["d"])), b, w, proof["c"], center if center.any() else None)


def pieces_of(certificate: Mapping[str, Any] | None, axes: tuple[str, str]) -> str:
    """The pieces of that network as CSV; "" where there is none on the line."""
    network = network_of(certificate)
    return as_csv(network, *axes) if network is not None and network.dimension == 1 else ""
