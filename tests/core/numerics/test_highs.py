"""HiGHS in one process with other users of it: fresh processes, the others first or last, none in the other's way."""

import subprocess
import sys

import highspy
import numpy as np
import pytest

from convexviz.core.numerics import highs

OURS = """
import numpy as np
import convexviz as cv
from convexviz.core.sample_space.rectified_ellipsoid import RectifiedEllipsoid

rng = np.random.default_rng(0)
for d in (1, 2):
    X = rng.standard_normal((12, d))
    y = np.sign(np.abs(X[:, 0]) - 0.7)
    for loss in ("hinge", "interpolate", "hard_margin"):
        assert cv.solve(X, y, 0.1, loss).certified, (d, loss)
X = rng.standard_normal((2, 2))
assert RectifiedEllipsoid(X).gauge(np.array([1.0, 0.5])).gap < 1e-6
"""

CVXPY = """
import cvxpy as cp
z = cp.Variable(2)
for threads in {threads}:
    cp.Problem(cp.Minimize(cp.sum(z)), [z >= 1]).solve(solver=cp.HIGHS, **threads)
    assert z.value.sum() == 2
"""

DIRECT = """
import highspy
for threads in {threads}:
    model = highspy.Highs()
    for name, value in {{"output_flag": False, **threads}}.items():
        model.setOptionValue(name, value)
    model.addVar(1.0, 2.0)
    model.changeColCost(0, 1.0)
    model.run()
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
"""

SCIPY = """
from scipy.optimize import linprog
assert linprog([1.0], bounds=[(1, 2)], method="highs").fun == 1
"""

# Without a number of threads HiGHS takes about half the cores, so 3 of them is another setting on most machines.
OTHERS = {
    "cvxpy": CVXPY.format(threads="[{}]"),
    "cvxpy, 3 threads": CVXPY.format(threads="[{'threads': 3}]"),
    "highspy, 3 threads": DIRECT.format(threads="[{'threads': 3}] * 2"),
    "scipy": SCIPY,
}


@pytest.mark.parametrize("order", ["before", "after"])
@pytest.mark.parametrize("other", OTHERS)
def test_neither_fails_after_the_other(other, order):
    theirs = OTHERS[other]
    program = {"before": theirs + OURS, "after": OURS + theirs}[order]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stdout


def model_of_one_row():
    model = highs.bare_highs()
    for name, value in highs.HIGHS_OPTIONS.items():
        model.setOptionValue(name, value)
    model.addVar(1.0, 2.0)
    model.changeColCost(0, 1.0)
    return model


def test_the_threads_of_a_user_in_this_process_stay_as_they_are():
    mine = [highspy.Highs() for _ in range(2)]
    for model in mine:
        model.silent()
        model.setOptionValue("threads", 3)
        model.addVar(1.0, 2.0)
    highspy.Highs.resetGlobalScheduler(True)
    try:
        for model in mine:
            model.run()
            assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
            ours = model_of_one_row()
            highs.run(ours)
            assert ours.getInfo().objective_function_value == 1.0
    finally:
        highspy.Highs.resetGlobalScheduler(True)


def test_a_deadline_that_has_passed_stops_a_model(monkeypatch):
    rng = np.random.default_rng(0)
    n, m = 60, 80
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = m, n
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.ones(m), np.zeros(m), np.full(m, np.inf)
    lp.row_lower_, lp.row_upper_ = rng.random(n), np.full(n, np.inf)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = n * np.arange(m + 1)
    lp.a_matrix_.index_ = np.tile(np.arange(n), m)
    lp.a_matrix_.value_ = rng.random(n * m)
    for deadline, status in ((0.0, "kTimeLimit"), (np.inf, "kOptimal")):
        model = highs.bare_highs()
        model.setOptionValue("output_flag", False)
        model.passModel(lp)
        highs.run(model, deadline)
        assert model.getModelStatus() == getattr(highspy.HighsModelStatus, status)
