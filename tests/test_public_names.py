"""`import convexviz` brings every public name when it is asked for, and loads nothing before."""

from __future__ import annotations

import subprocess
import sys

import convexviz as cv


def test_every_public_name_is_there() -> None:
    for name in cv.__all__:
        assert getattr(cv, name) is not None
    assert set(cv.__all__) <= set(dir(cv))
    assert cv.datasets is cv.data


def test_what_is_no_name_is_an_attribute_error() -> None:
    assert not hasattr(cv, "solver")


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    code = (
        "import sys, convexviz; heavy = {'numpy', 'scipy', 'cvxpy', 'sklearn'}; before = heavy & set(sys.modules); "
        "convexviz.solve; print(sorted(before), 'cvxpy' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[] True\n"


def test_a_star_brings_them_all() -> None:
    found: dict[str, object] = {}
    exec("from convexviz import *", found)
    assert set(cv.__all__) <= set(found)
