"""The dual vector of a scene as figures, from the message of its parts: N_v against the band, and the two bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from convexviz.figures.dual_hand import DualHand, band_spec, bounds_spec
from convexviz.figures.spec import Spec


def band_picture(data: Mapping[str, Any]) -> Spec:
    """N_v against its band."""
    return band_spec(_hand(data), tuple(data["span"]))


def bounds_picture(data: Mapping[str, Any]) -> Spec:
    """What v proves, beside the best network so far; that of v itself counts as well."""
    own, best = data["own"]["objective"], data["best"]
    upper = min(np.inf if value is None else value for value in (own, best))
    return bounds_spec(_hand(data), upper, own, data["top"])


def _hand(data: Mapping[str, Any]) -> DualHand:
    x, y, v = (np.array(data[name], float) for name in ("x", "y", "v"))
    return DualHand(x, y, v, data["loss"], data["band"])
