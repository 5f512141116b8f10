"""Cells of the table become numbers as a file's do: a decimal comma is one, and what is no number is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convexviz.app.shell.data_dialog import read_cells

number = st.floats(-1e6, 1e6)


def table(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["x", "y"] if len(rows[0]) == 2 else ["x1", "x2", "y"])


@given(st.lists(st.tuples(number, number), min_size=1), st.sampled_from([".", ","]))
def test_numbers_come_back_as_written_in_any_locale(rows: list[tuple[float, float]], sign: str) -> None:
    points = read_cells(table(*((repr(x).replace(".", sign), repr(y).replace(".", sign)) for x, y in rows)))
    assert np.column_stack([points.X, points.y]).tolist() == [list(row) for row in rows]


def test_a_pasted_decimal_comma_is_no_factor_of_ten() -> None:
    points = read_cells(table(("1,4", "0,5")))
    assert (points.X.tolist(), points.y.tolist()) == ([[1.4]], [0.5])


@pytest.mark.parametrize("cell", ["1.000,5", "1,000.5", "1 000", "abc", "#3", "1\t2", "nan", ""])
def test_what_is_no_number_is_refused_with_its_row(cell: str) -> None:
    with pytest.raises(ValueError, match="row 3"):
        read_cells(table(("0", "1"), (None, None), (cell, "1")))


def test_classes_and_rows_left_empty() -> None:
    points = read_cells(table(("0,5", "1", 1), (None, None, None), ("1", "2", -1)))
    assert (points.X.tolist(), points.y.tolist()) == ([[0.5, 1.0], [1.0, 2.0]], [1.0, -1.0])
    assert len(read_cells(table((None, None), ("", ""))).y) == 0
    with pytest.raises(ValueError, match="row 1"):
        read_cells(table(("0,5", "1", None)))
