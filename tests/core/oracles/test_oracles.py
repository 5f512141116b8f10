"""The exact oracles against brute force over a fine grid of neurons."""

import numpy as np
import pytest
from certificates import ramps
from hypothesis import given
from hypothesis import strategies as st

from convexviz.core.oracles.line import LineOracle, line_dual
from convexviz.core.oracles.origin import OriginOracle


@st.composite
def dual_problems(draw):
    """Inputs with repeated values and a dual vector with sum zero."""
    n = draw(st.integers(2, 25))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    x = np.round(rng.uniform(-2, 2, n), draw(st.integers(0, 3)))
    v = rng.normal(size=n)
    return x, v - v.mean()


def neuron(x, v, u, b):
    """N_v(u, b)."""
    return v @ np.maximum(u * x + b, 0)


@given(dual_problems())
def test_the_line_oracle_is_the_maximum_over_all_neurons(problem):
    x, v = problem
    M = LineOracle(x[:, None]).maximum(v)
    assert pytest.approx(np.abs(ramps(x) @ v).max(), abs=1e-9) == M
    grid = [abs(neuron(x, v, u, b)) for u in (-1.0, 1.0) for b in np.linspace(-5, 5, 301)]
    assert max(grid) <= M + 1e-9


@given(dual_problems())
def test_the_dual_function_is_linear_between_data_and_constant_outside(problem):
    x, v = problem
    dual = line_dual(x, v)
    t = np.linspace(-4, 4, 97)
    right, left = dual.at(t)
    np.testing.assert_allclose(right, [neuron(x, v, 1.0, -s) for s in t], atol=1e-9)
    np.testing.assert_allclose(left, [neuron(x, v, -1.0, s) for s in t], atol=1e-9)


@given(dual_problems())
def test_the_bias_free_oracle_is_the_maximum_over_its_two_neurons(problem):
    x, v = problem
    assert OriginOracle(x[:, None]).maximum(v) == pytest.approx(max(abs(neuron(x, v, u, 0)) for u in (-1.0, 1.0)))


def test_both_oracles_prove_their_maximum():
    assert LineOracle(np.ones((2, 1))).exact
    assert OriginOracle(np.ones((2, 1))).exact
