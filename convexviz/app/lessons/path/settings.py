"""Settings of the lesson on the path."""

from __future__ import annotations

from dataclasses import dataclass

from convexviz.app.contrast.settings import ContrastSettings


@dataclass(frozen=True)
class PathSettings(ContrastSettings):
    """Everything the lesson `path` shows depends on these values and on nothing else."""
