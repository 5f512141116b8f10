"""The Python of docs/tutorial.md, and what its words claim of the pictures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def run() -> tuple[dict[str, Any], list[int]]:
    """The names that the page's Python leaves, and how many figures each block shows."""
    names: dict[str, Any] = {"__name__": "page"}
    shown: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        for code in BLOCKS:
            figures: list[go.Figure] = []
            patch.setattr(go.Figure, "show", lambda figure, seen=figures: seen.append(figure))
            exec(compile(code, "tutorial", "exec"), names)
            shown.append(len(figures))
    return names, shown


def test_there_are_five_pictures(run: tuple[dict[str, Any], list[int]]) -> None:
    assert run[1] == [1, 1, 1, 1, 1]
    assert len(re.findall(r"^## \d\. ", PAGE, flags=re.MULTILINE)) == 5


def test_the_kinks_sit_at_data_points(run: tuple[dict[str, Any], list[int]]) -> None:
    s, x = run[0]["s"], run[0]["X"][:, 0]
    assert s.certified
    assert all(np.abs(x - kink).min() < 1e-9 for kink in s.network.kinks())


def test_the_residuals_are_v_and_the_bounds_meet(run: tuple[dict[str, Any], list[int]]) -> None:
    s, X, y = run[0]["s"], run[0]["X"], run[0]["y"]
    np.testing.assert_allclose(s.v, y - s.network.predict(X), atol=1e-6)
    assert f"{s.objective:.6f}" == f"{s.lower_bound:.6f}"
    gains = np.abs(s.v @ s.network.activations(X))
    np.testing.assert_allclose(gains, s.beta, rtol=1e-4)  # it touches at every neuron


def test_neurons_come_in_as_beta_falls(run: tuple[dict[str, Any], list[int]]) -> None:
    path = run[0]["path"]
    assert path[0].network.width == 0
    assert path[-1].network.width > 10


def test_narrow_networks_get_stuck_and_a_wide_one_comes_close(run: tuple[dict[str, Any], list[int]]) -> None:
    package = run[0]["cv"]
    s, X, y = run[0]["s"], run[0]["X"], run[0]["y"]
    above = [package.train(X, y, 0.1, width=width).objectives[-1] / s.objective - 1 for width in (5, 10, 50)]
    assert above[0] > 0.1
    assert 0 <= above[2] < 1e-3


def test_in_the_plane_it_is_proved_without_rounding(run: tuple[dict[str, Any], list[int]]) -> None:
    assert run[0]["t"].certified
    assert run[0]["proof"].lower <= run[0]["proof"].upper
    assert run[0]["proof"].gap < 1e-6
