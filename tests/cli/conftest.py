"""An empty folder to run commands in, and tables in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from terminal import Run, ran, written


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return ran


@pytest.fixture
def line(tmp_path: Path) -> Path:
    """Points on the line."""
    X = np.linspace(-1, 1, 25)
    return written(tmp_path / "data.csv", "x,y", np.column_stack([X, np.sin(3 * X)]))


@pytest.fixture
def flat(tmp_path: Path) -> Path:
    """Two classes in the plane, called no and yes."""
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (24, 2))
    rows = [f"{a!r},{b!r},{'yes' if a * b > 0 else 'no'}" for a, b in X.tolist()]
    path = tmp_path / "labels.csv"
    path.write_text("width,height,kind\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path
