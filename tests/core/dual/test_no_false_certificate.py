"""No false certificate: whatever comes, exact arithmetic never refutes what a solution says of itself.

The cases are those of `tests/hunt.py`: offsets up to 1e15, scales of 1e-12 to 1e12, near ties, constant, copied and
numbered columns, weights of 1e-12 to 1e24, one to six dimensions of rank two at most, all losses, with and without
biases. What was wrong once stands below by name.
"""

from __future__ import annotations

import numpy as np
import pytest
from hunt import LABELS, LOSSES, TOL, Case, draw, judged
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import convexviz as cv

CASES = 2000
SEEDS = st.integers(0, 2**40)
a, b = np.random.default_rng(0).standard_normal((2, 60))
BENT = np.abs(a) - np.maximum(b, 0)


@pytest.mark.timeout(1500)  # some two minutes of CPU, which a loaded machine may take ten for
@settings(max_examples=CASES, suppress_health_check=list(HealthCheck))
@given(seed=SEEDS)
def test_exact_arithmetic_refutes_nothing(seed):
    assert not judged(draw(seed)).startswith("FALSE")


def test_the_judge_can_say_no(monkeypatch):
    """A certificate that is true is called false once the network is another one."""
    case = Case(np.column_stack([a, b]), BENT, None, 0.1, "squared", True)
    assert judged(case) == "certified optimum"
    solve = cv.solve

    def worse(*arguments, **options):
        solution = solve(*arguments, **options)
        network = solution.network
        object.__setattr__(network, "c", network.c + 1e-2)
        return solution

    monkeypatch.setattr(cv, "solve", worse)
    assert judged(case).startswith("FALSE certificate")


def certified(X, y, beta, loss="squared", **options):
    solution = cv.solve(X, y, beta, loss, **options)
    assert solution.certified, (solution.gap, solution.statement)
    assert cv.prove(solution, X, y, options.get("sample_weight")).gap <= TOL * 1.001
    return solution


@pytest.mark.parametrize(
    ("seed", "statement"),
    [(365496, "certified optimum"), (310428, "constraints not met")],  # once a foreign error, and a false alarm
)
def test_what_the_long_hunt_found(seed, statement):
    assert judged(draw(seed)) == statement


@pytest.mark.parametrize("constant", [1.7e12, 1e18, -3.0, 0.0])
def test_a_constant_column_changes_nothing(constant):
    plane = np.column_stack([0.1 * a, 0.1 * b])
    wide = np.column_stack([np.full(60, constant), plane])
    assert certified(wide, BENT, 0.01).objective == pytest.approx(certified(plane, BENT, 0.01).objective, rel=2e-6)


@pytest.mark.parametrize("shift", [1e10, 1e11, 1e13])
@pytest.mark.parametrize("loss", ["squared", "interpolate"])
def test_an_offset_of_y_costs_no_proof(loss, shift):
    X = np.column_stack([a, b])[:30]
    y = np.round(BENT[:30] * 2**8) / 2**8  # so that the shifted targets are the same targets
    near, far = certified(X, y, 0.1, loss), certified(X, y + shift, 0.1, loss)
    assert far.objective == pytest.approx(near.objective, rel=2e-6)


@pytest.mark.parametrize("weight", [1e-12, 1e8, 1e24])
def test_one_weight_far_from_the_others(weight):
    weights = np.ones(60)
    weights[3] = weight
    certified(np.column_stack([a, b]), BENT, 0.1, sample_weight=weights)


def test_a_numbered_column_with_an_offset_is_the_numbered_column():
    y = BENT[:40]
    near = certified(np.column_stack([np.arange(40.0), a[:40]]), y, 0.01)
    far = certified(np.column_stack([1e12 + np.arange(40.0), a[:40]]), y, 0.01)
    assert far.objective == pytest.approx(near.objective, rel=2e-6)
    grid = np.column_stack([1e12 + np.arange(40.0), a[:40]])
    assert np.abs(far.network.predict(grid) - y).max() < 1.0


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("power", [-10, 10])
def test_the_scale_of_x_and_y_is_a_matter_of_units(loss, power):
    X, scale = np.column_stack([a, b])[:30], 10.0**power
    y = np.where(BENT > 0.3, 1.0, -1.0)[:30] if loss in LABELS else BENT[:30]
    here = certified(X, y, 0.1, loss)
    there = certified(scale * X, y, 0.1 * scale, loss)
    factor = 1 / scale if loss in ("interpolate", "hard_margin") else 1.0
    assert there.objective == pytest.approx(here.objective * factor, rel=2e-6)
    if loss not in LABELS:
        tall = certified(X, scale * y, 0.1 * scale, loss)
        factor = scale if loss == "interpolate" else scale**2
        assert tall.objective == pytest.approx(here.objective * factor, rel=2e-6)


def test_columns_of_very_different_scale():
    certified(np.column_stack([1e9 * (a > 0), 1e-4 * b]), BENT, 0.1)
    certified(np.column_stack([1e3 * (a > 0), 1e-3 * b])[:12], BENT[:12], 1.0, "interpolate")
    # Thirteen orders of magnitude are more than linear programs take: then that is said, and nothing false.
    wide = np.column_stack([1e9 * (a > 0), 1e-4 * b])[:12]
    assert cv.solve(wide, BENT[:12], loss="interpolate", max_rounds=40).statement in (
        "constraints not met",
        "bounds",
        "certified optimum",
    )


def test_bounds_that_cross_are_not_hidden():
    from convexviz.core.solution import CONTRADICTION, statement

    assert statement(1.0, 1.1, 1e-9, False) == CONTRADICTION
    assert statement(1.0, 1.0 + 1e-12, 1e-9, False) == "bounds"


def test_a_constraint_that_is_not_met_is_no_upper_bound():
    X, y = np.column_stack([a, b]), BENT
    early = cv.solve(X, y, loss="interpolate", max_rounds=1, cuts=1)
    assert early.statement in ("constraints not met", "bounds")
    assert np.isfinite(early.objective) == (early.statement == "bounds")
