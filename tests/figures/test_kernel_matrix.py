"""The figure of the kernel matrix: what is lit is what is used, and every number stands where it belongs."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

import convexviz as cv
from convexviz.core.line.kernel_matrix import column_of, column_weights, kernel_matrix
from convexviz.core.losses import LOSSES
from convexviz.core.rivals.least_norm import least_norm
from convexviz.figures.kernel_matrix import Columns, alt_of, matrix_spec
from convexviz.figures.spec import Spec

N = 12
BETA = 0.05


def columns(name: str = "three_bands", loss: str = "hard_margin") -> Columns:
    made = cv.datasets.load(name, N, 0.1 if loss == "squared" else 0.0, 0)
    order = np.argsort(made.X[:, 0])
    X, y = made.X[order], made.y[order]
    s, x = cv.solve(X, y, beta=BETA, loss=loss), X[:, 0]
    term = LOSSES[loss]
    dense = kernel_matrix(x).T @ least_norm(X, y, loss, BETA).alpha
    band = 1.0 if term.constrained else BETA
    w, neurons = column_weights(s.network, x), column_of(s.network, x)
    return Columns(x, y, s.v, w, dense, band, neurons, term.classification, term.constrained)


def by_uid(spec: Spec) -> dict[str, Any]:
    return {trace["uid"]: trace for trace in spec["data"]}


def heights(trace: Any, along: str) -> np.ndarray:
    """The height of each bar of an outline."""
    rows = np.asarray(trace[along], float).reshape(-1, 5)
    return np.asarray(rows[:, 1])


@pytest.mark.parametrize(
    ("name", "loss"),
    [("three_bands", "hard_margin"), ("gaussians", "hinge"), ("sine", "interpolate"), ("sine", "squared")],
)
def test_every_number_stands_at_its_row_or_column(name: str, loss: str) -> None:
    of = columns(name, loss)
    spec = matrix_spec(of)
    go.Figure(spec)
    traces = by_uid(spec)
    shown = np.delete(traces["matrix"]["customdata"], N, axis=1)
    np.testing.assert_allclose(shown, kernel_matrix(of.x), atol=1e-6)
    np.testing.assert_allclose(heights(traces["w"], "y"), of.w[of.w != 0])
    np.testing.assert_allclose(heights(traces["v"], "x"), of.v[of.v != 0])
    assert of.dense is not None
    np.testing.assert_allclose(heights(traces["dense"], "y"), of.dense[of.dense != 0])
    middle = np.asarray(traces["w"]["x"], float).reshape(-1, 5)[:, [0, 2]].mean(axis=1)
    np.testing.assert_allclose(middle, of.places[of.w != 0])


def test_cells_are_coloured_by_what_is_in_use() -> None:
    of = columns()
    z = np.delete(by_uid(matrix_spec(of))["matrix"]["z"], N, axis=1)
    kind = np.floor(z)
    expected = of.rows_lit[:, None] + 2 * of.columns_lit[None, :]
    empty = np.isnan(z)
    np.testing.assert_array_equal(empty, (expected == 0) & (kernel_matrix(of.x) == 0))
    np.testing.assert_array_equal(kind[~empty], expected[~empty])
    assert set(np.unique(expected)) == {0, 1, 2, 3}
    assert np.nanmax(z) < 4


def test_the_columns_in_use_touch_the_band_and_no_column_leaves_it() -> None:
    for of in (columns(), columns("gaussians", "hinge"), columns("sine", "squared")):
        traces = by_uid(matrix_spec(of))
        assert np.abs(traces["gain"]["y"]).max() <= 1 + 1e-6
        np.testing.assert_allclose(np.abs(traces["touching"]["y"]), 1.0, atol=1e-3)
        np.testing.assert_array_equal(traces["touching"]["x"], of.places[of.neurons])
        assert list(traces["touching"]["customdata"]) == list(range(len(of.neurons)))


def test_the_words_count_and_the_band_has_its_name() -> None:
    hard, hinge = matrix_spec(columns(), "Entered (x)₊"), matrix_spec(columns("gaussians", "hinge"))
    words = [note["text"] for note in hard["layout"]["annotations"]]
    assert "ℓ₁: 2 of 24. Entered (x)₊" in words
    assert "ℓ₂, tangent kernel: 16 of 24 columns" in words
    assert hard["layout"]["yaxis2"]["ticktext"] == ["−1", "0", "1"]
    assert hinge["layout"]["yaxis2"]["ticktext"] == ["−β", "0", "β"]
    assert "of which 4 are lit" in alt_of(columns())
    assert hard["layout"]["meta"]["alt"].endswith("Entered (x)₊")


def test_without_a_tangent_kernel_its_panel_is_empty_and_says_so() -> None:
    of = columns()
    bare = matrix_spec(Columns(of.x, of.y, of.v, of.w, None, of.band, of.neurons, True, True))
    assert not len(by_uid(bare)["dense"]["y"])
    assert "ℓ₂: no tangent kernel here" in [note["text"] for note in bare["layout"]["annotations"]]


@pytest.mark.parametrize("n", [1, 2, 40])
def test_any_number_of_points_is_drawn(n: int) -> None:
    x = np.linspace(-1, 1, n) if n > 1 else np.zeros(1)
    zero = np.zeros(2 * n)
    spec = matrix_spec(Columns(x, np.ones(n), np.zeros(n), zero, zero, 1.0, np.empty(0, int), False, True))
    go.Figure(spec)
    assert by_uid(spec)["matrix"]["z"].shape == (n, 2 * n + 1)
    assert len(spec["layout"]["yaxis"]["tickvals"]) <= 15
