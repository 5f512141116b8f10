"""One definition of the gap and one tolerance: the solver's, the estimators', the badge's and that of every film."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

import convexviz as cv
from convexviz.app.components import badge
from convexviz.core.cutting.run import Plan
from convexviz.core.solution import TOLERANCE, relative_gap

PACKAGE = Path(cv.__file__).parent
OF_BOUNDS = re.compile(r"\((\w|\.)*(upper|objective) - (\w|\.)*lower\w*\) / ")


def test_the_gap_is_a_share_of_the_objective() -> None:
    assert relative_gap(2.0, 1.5) == 0.25
    assert relative_gap(1.0, 1.5) == -0.5  # bounds that have crossed are not hidden
    assert relative_gap(0.0, 0.0) == 0.0
    assert relative_gap(1e-12, 0.0, least=1e-6) == pytest.approx(1e-6)
    assert relative_gap(np.inf, 1.0) == relative_gap(1.0, -np.inf) == np.inf


@pytest.mark.parametrize("owner", [cv.solve, cv.ConvexReLURegressor, cv.ConvexReLUClassifier, badge.proof_of, Plan])
def test_all_call_the_same_gap_proved(owner: object) -> None:
    assert inspect.signature(owner).parameters["tol"].default == TOLERANCE  # type: ignore[arg-type]


def test_no_page_divides_bounds_by_hand() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}: {line.strip()}"
        for path in (PACKAGE / "app").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if OF_BOUNDS.search(line) and not line.strip().startswith('"')  # a script that a page hands over
    ]
    assert found == []
    assert OF_BOUNDS.search("gap = (record.upper - record.lower) / record.upper")
