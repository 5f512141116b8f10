"""The optima of tests/reference/optima.json, found by a route of their own, and both solvers of the package."""

import json
from pathlib import Path

import numpy as np
import pytest
from certificates import LOSS_NAMES, assert_certified
from tolerances import INDEPENDENT

import convexviz as cv

FILE = Path(__file__).parents[1] / "reference" / "optima.json"
ON_THE_LINE = [p for p in json.loads(FILE.read_text(encoding="utf-8")) if len(p["X"][0]) == 1]


def test_the_file_holds_problems_of_five_losses_on_the_line():
    assert {p["loss"] for p in ON_THE_LINE} == set(LOSS_NAMES)


@pytest.mark.parametrize("method", ["auto", "spline", "dictionary"])
@pytest.mark.parametrize("problem", ON_THE_LINE, ids=lambda p: f"{p['name']}-{p['loss']}-{p['beta']}")
def test_the_optimum_lies_in_the_reference_interval(problem, method):
    X, y = np.array(problem["X"]), np.array(problem["y"])
    solution = cv.solve(X, y, problem["beta"], problem["loss"], method=method)
    bounds = assert_certified(X, y, problem["beta"], problem["loss"], solution)
    low, high = sorted((problem["lower"], problem["upper"]))
    assert low * (1 - INDEPENDENT) <= bounds.objective <= high * (1 + INDEPENDENT)
    assert bounds.lower <= high * (1 + INDEPENDENT)
