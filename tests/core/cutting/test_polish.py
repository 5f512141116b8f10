"""Descent on all parameters: slopes against differences, objectives that never rise, one output and several."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import check_grad

import convexviz as cv
from convexviz.core.cutting.polish import FIRST_WIDTH, Polish
from convexviz.core.dual.certificate import objective
from convexviz.core.losses import get_loss
from convexviz.core.network import Array, ReLUNetwork

ROUNDING = 1e-10


def data(seed: int, n: int = 24, d: int = 4, K: int = 0) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d))
    if K:
        return X, np.eye(K)[np.arange(n) % K]
    return X, np.where(np.abs(X[:, 0]) + 0.3 * rng.standard_normal(n) > 0.7, 1.0, -1.0)


def network(seed: int, d: int, m: int, K: int = 0) -> ReLUNetwork:
    rng = np.random.default_rng(seed)
    U, b = rng.standard_normal((m, d)), rng.standard_normal(m)
    if K:
        return ReLUNetwork.normalized(U, b, rng.standard_normal((m, K)), rng.standard_normal(K))
    return ReLUNetwork.normalized(U, b, rng.standard_normal(m), float(rng.standard_normal()))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("name", "K"), [("squared", 0), ("logistic", 0), ("squared", 3), ("logistic", 3)])
def test_the_slope_is_that_of_the_objective(name: str, K: int, bias: bool) -> None:
    X, Y = data(1, K=K)
    polish = Polish(X, Y, 0.3, get_loss(name, several=True) if K else get_loss(name), bias)
    m, outputs = 5, max(K, 1)
    x = np.random.default_rng(2).standard_normal((X.shape[1] + bias) * m + m * outputs + outputs)
    off = check_grad(lambda z: polish._value(z)[0], lambda z: polish._value(z)[1], x, epsilon=1e-7)
    assert off < 1e-4 * np.linalg.norm(polish._value(x)[1])


@given(st.integers(0, 10_000), st.sampled_from(["squared", "logistic"]), st.booleans(), st.floats(1e-3, 30.0))
def test_the_objective_never_rises(seed: int, name: str, bias: bool, beta: float) -> None:
    X, y = data(seed)
    start = network(seed, X.shape[1], 6)
    assert isinstance(start, ReLUNetwork)
    if not bias:
        start = ReLUNetwork(start.U, np.zeros(6), start.w, 0.0)
    end = Polish(X, y, beta, get_loss(name), bias)(start, steps=40)
    before = objective(start, X, y, beta, name)
    assert objective(end, X, y, beta, name) <= before * (1 + ROUNDING)
    assert bias or (not end.b.any() and end.c == 0.0)


@given(st.integers(0, 10_000), st.sampled_from(["squared", "logistic"]))
def test_nor_does_that_of_several_outputs(seed: int, name: str) -> None:
    X, Y = data(seed, K=3)
    start = network(seed, X.shape[1], 6, K=3)
    loss = get_loss(name, several=True)
    end = Polish(X, Y, 0.2, loss)(start, steps=40)
    assert objective(end, X, Y, 0.2, loss) <= objective(start, X, Y, 0.2, loss) * (1 + ROUNDING)


def test_the_first_network_is_a_good_one_and_the_same_each_time() -> None:
    X, y = data(3, n=60)
    first, again = (Polish(X, y, 0.5, get_loss("squared")).first() for _ in range(2))
    best = cv.solve(X, y, 0.5)
    assert first.width <= FIRST_WIDTH
    assert best.lower_bound <= objective(first, X, y, 0.5, "squared") <= 1.2 * best.objective
    np.testing.assert_array_equal(first.U, again.U)


def test_it_gives_back_the_best_so_far_when_told_to_halt() -> None:
    X, y = data(4, n=60)
    looks = iter([False, True])
    start = network(5, X.shape[1], 20)
    end = Polish(X, y, 0.1, get_loss("squared"), halt=lambda: next(looks, True))(start, steps=10_000)
    far = Polish(X, y, 0.1, get_loss("squared"))(start, steps=10_000)
    values = [objective(one, X, y, 0.1, "squared") for one in (far, end, start)]
    assert values[0] < values[1] < values[2]


def test_a_network_without_neurons_stays_what_it_is() -> None:
    X, y = data(6)
    constant = ReLUNetwork.constant(0.5, X.shape[1])
    assert Polish(X, y, 1.0, get_loss("squared"))(constant) is constant


def test_training_with_it_ends_where_training_without_ends() -> None:
    """Small enough for a proof: the optimum is what it was, however the neurons got there."""
    X, y = data(7, n=20, d=3)
    moved, swept = (cv.solve(X, y, 0.3, "logistic", method=name) for name in ("branch_and_bound", "space"))
    assert moved.certified
    assert swept.certified
    assert moved.objective == pytest.approx(swept.objective, rel=3e-6)
