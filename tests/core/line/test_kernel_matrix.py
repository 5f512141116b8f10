"""The kernel matrix: its least l1 norm is R(f), the optimum of every loss is found among its columns, and proved there.

The second opinion is a linear program over the columns that scipy solves, which knows nothing of splines.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import OptimizeResult, linprog

import convexviz as cv
from convexviz.core.line.kernel_matrix import borders, column_of, column_weights, kernel_matrix, network_of_columns
from convexviz.core.neurons import least_penalty

SAME = 1e-7  # relative, between two solvers


def programmed(K: np.ndarray, rows: np.ndarray, right: np.ndarray, equal: bool) -> tuple[float, np.ndarray, float]:
    """min ||w||_1  s.t.  rows * (K w + c) >= right, or = right: the norm, w (2n,) and c."""
    m = K.shape[1]
    A = rows[:, None] * np.hstack([K, -K, np.ones((len(K), 1))])
    given = {"A_eq": A, "b_eq": right} if equal else {"A_ub": -A, "b_ub": -right}
    bounds = [(0, None)] * (2 * m) + [(None, None)]
    answer: OptimizeResult = linprog(np.append(np.ones(2 * m), 0.0), **given, bounds=bounds)
    assert answer.success
    return float(answer.fun), answer.x[:m] - answer.x[m : 2 * m], float(answer.x[-1])


def places(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.sort(rng.choice(1000, n, replace=False)) / 500.0 - 1.0


def test_the_columns_are_the_ramps_at_the_data() -> None:
    K = kernel_matrix(np.array([0.0, 1.0, 3.0]))
    np.testing.assert_array_equal(K, [[0, 0, 0, 0, 1, 3], [1, 0, 0, 0, 0, 2], [3, 2, 0, 0, 0, 0]])


@given(st.integers(2, 12), st.integers(0, 10_000))
def test_two_columns_are_zero_and_no_others(n: int, seed: int) -> None:
    """No point lies to the right of the last, or to the left of the first."""
    x = places(np.random.default_rng(seed), n)
    (empty,) = np.nonzero(~kernel_matrix(x).any(axis=0))
    np.testing.assert_array_equal(empty, [n - 1, n])


@given(st.integers(2, 12), st.integers(0, 10_000))
def test_the_least_norm_with_given_values_is_the_penalty_of_the_spline(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, f = places(rng, n), rng.normal(size=n)
    least, _, _ = programmed(kernel_matrix(x), np.ones(n), f, equal=True)
    assert least == pytest.approx(least_penalty(np.diff(f) / np.diff(x)), rel=SAME)


@pytest.mark.parametrize("seed", range(12))
def test_no_network_of_any_width_beats_the_best_columns(seed: int) -> None:
    """The hard margin: the linear program over 2n columns, and the certificate over all ramps there are."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 15))
    x, y = places(rng, n), rng.permutation(np.where(np.arange(n) % 2, 1.0, -1.0))
    least, w, c = programmed(kernel_matrix(x), y, np.ones(n), equal=False)
    s = cv.solve(x[:, None], y, loss="hard_margin")
    assert s.certified
    assert least == pytest.approx(s.objective, rel=SAME)
    network = network_of_columns(x, w, c)
    network = cv.ReLUNetwork(network.U, network.b, network.w * (1 + 1e-9), network.c * (1 + 1e-9))
    proof = cv.certify(network, x[:, None], y, 1.0, "hard_margin", duals=[s.v])
    assert proof.gap < 1e-6


@pytest.mark.parametrize(
    ("name", "loss"), [("three_bands", "hard_margin"), ("gaussians", "hinge"), ("sine", "squared")]
)
def test_every_neuron_is_a_column_and_the_columns_make_the_network(name: str, loss: str) -> None:
    made = cv.datasets.load(name, 14, 0.1, 3)
    x = np.random.default_rng(0).permutation(made.X[:, 0])  # in any order
    s = cv.solve(x[:, None], made.y, beta=0.1, loss=loss)
    K, w = kernel_matrix(x), column_weights(s.network, x)
    np.testing.assert_allclose(K @ w + s.network.c, s.network.predict(x[:, None]), atol=1e-9)
    assert np.abs(w).sum() == pytest.approx(s.network.penalty, rel=1e-12)
    gain, band = K.T @ s.v, 1.0 if loss == "hard_margin" else 0.1
    assert np.abs(gain).max() <= band * (1 + 1e-6)
    np.testing.assert_allclose(gain[w != 0], band * np.sign(w[w != 0]), rtol=1e-3)
    again = network_of_columns(x, w, s.network.c)
    np.testing.assert_allclose(again.predict(x[:, None]), s.network.predict(x[:, None]), atol=1e-12)


def test_equal_points_have_equal_columns_and_the_first_takes_the_weight() -> None:
    x = np.array([0.5, 0.0, 0.5, 1.0])
    K = kernel_matrix(x)
    np.testing.assert_array_equal(K[:, 0], K[:, 2])
    network = cv.ReLUNetwork(np.array([[1.0], [-1.0]]), np.array([-0.5, 0.5]), np.array([2.0, 3.0]), 0.0)
    np.testing.assert_array_equal(column_of(network, x), [0, 4])


def test_a_kink_between_the_points_has_no_column() -> None:
    network = cv.ReLUNetwork(np.array([[1.0]]), np.array([-0.25]), np.array([1.0]), 0.0)
    with pytest.raises(ValueError, match="no column"):
        column_of(network, np.array([0.0, 1.0]))
    assert len(column_of(cv.ReLUNetwork.constant(1.0, 1), np.array([0.0, 1.0]))) == 0


def test_borders_lie_where_the_sign_changes() -> None:
    tent = network_of_columns(np.array([-1.0, 0.0, 1.0]), np.array([4.0, -8.0, 0, 0, 0, 0]), -2.0)
    np.testing.assert_allclose(borders(tent, -1.0, 1.0), [-0.5, 0.5])
    np.testing.assert_allclose(borders(tent, -1.0, 0.0), [-0.5])
    flat = network_of_columns(np.array([-1.0, 0.0, 1.0]), np.array([0, 0, 0, 0, 0, 0.0]), 1.0)
    assert len(borders(flat, -1.0, 1.0)) == 0


def test_a_zero_piece_between_two_signs_has_its_border_in_the_middle() -> None:
    x = np.array([-1.0, 0.0, 2.0, 3.0])
    network = network_of_columns(x, np.array([0, 0, 1.0, 0, 0, -1.0, 0, 0]), 0.0)  # up to 0, level, up from 2
    np.testing.assert_allclose(borders(network, -1.0, 3.0), [1.0])
    touching = network_of_columns(x, np.array([0, 1.0, 0, 0, 0, 1.0, 0, 0]), 0.0)  # |x|
    assert len(borders(touching, -1.0, 3.0)) == 0


@pytest.mark.parametrize("seed", range(10))
def test_the_hard_margin_has_one_border_between_neighbours_of_opposite_labels_and_none_elsewhere(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = places(rng, 12), rng.permutation(np.where(np.arange(12) % 3, 1.0, -1.0))
    found = borders(cv.solve(x[:, None], y, loss="hard_margin").network, x[0], x[-1])
    changes = np.flatnonzero(np.diff(y))
    assert len(found) == len(changes)
    assert ((x[changes] < found) & (found < x[changes + 1])).all()
