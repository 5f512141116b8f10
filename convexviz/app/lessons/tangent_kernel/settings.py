"""Settings of the lesson on the tangent kernel."""

from __future__ import annotations

from dataclasses import dataclass

from convexviz.app.contrast import settings as shared
from convexviz.app.contrast.settings import ContrastSettings
from convexviz.app.shell import rows
from convexviz.app.shell.settings import setting

GROUPS = (*shared.GROUPS, "kernel")


@dataclass(frozen=True)
class KernelSettings(ContrastSettings):
    """Everything the lesson `tangent-kernel` shows depends on these values and on nothing else."""

    ridge: float = setting(
        0.0,
        "float",
        "λ, ridge of the kernel",
        "0 passes through all points; more bends less and misses more.",
        lo=0.0,
        hi=1e6,
    )
    hide: str = rows.hide(GROUPS)
