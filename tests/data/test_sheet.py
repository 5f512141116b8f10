"""Numbers come back as they were written, or not at all; what is suggested, chosen, dropped, thinned and refused."""

from __future__ import annotations

import io
import math
import pickle
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convexviz.data import Choice, Dataset, TableError, Taken, read_columns, read_sheet, thinned, write_table
from convexviz.data.tables.fast import plain_numbers
from convexviz.data.tables.numbers import is_gap, reading

FINITE = st.floats(allow_nan=False, allow_infinity=False)
FEW_DIGITS = st.integers(-(10**7), 10**7).map(lambda k: k / 1000) | st.integers(-(10**7), 10**7).map(float)
POINTS = st.lists(st.tuples(FINITE | FEW_DIGITS, FINITE | FEW_DIGITS), min_size=1, max_size=8)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32")


def numbers(source: str | bytes | list[list[str]]) -> list[list[float]] | None:
    """All numbers of a sheet, row by row; None where it is refused, or a cell of it."""
    try:
        sheet = read_sheet(source)
        if any(column.faults for column in sheet.columns):
            return None
    except TableError:
        return None
    return np.column_stack([column.numbers for column in sheet.columns]).tolist()


@given(POINTS)
def test_what_is_written_is_read_back(points: list[tuple[float, float]]) -> None:
    x, y = zip(*points, strict=True)
    text = write_table(Dataset.create(np.array(x)[:, None], y, "regression"))
    assert numbers(text) == numbers(text.encode()) == [list(point) for point in points]


@settings(max_examples=200)
@given(
    POINTS, st.sampled_from(",;\t|"), st.sampled_from(".,"), st.booleans(), st.booleans(), st.sampled_from(ENCODINGS)
)
def test_what_pandas_writes_is_read_as_it_was_or_refused(
    points: list[tuple[float, float]], sep: str, decimal: str, header: bool, index: bool, encoding: str
) -> None:
    frame = pd.DataFrame(points, columns=["x", "y"])
    written = frame.to_csv(None, sep=sep, decimal=decimal, header=header, index=index)
    found = numbers(written.encode(encoding))
    if found is None:  # only where every mark in the table may part thousands
        marked = [text for text in map(repr, frame.to_numpy().ravel().tolist()) if "." in text]
        assert marked
        assert all(re.fullmatch(r"-?[1-9][0-9]{0,2}\.[0-9]{3}", text) for text in marked)
        return
    assert [row[-2:] for row in found] == [list(point) for point in points]


def grouped(value: float, thousands: str, decimal: str, digits: int) -> str:
    """A number as a program of some country formats it."""
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans({",": thousands, ".": decimal}))


STYLES = [
    (",", "."),
    (".", ","),
    (" ", ","),
    ("\u00a0", ","),
    ("\u202f", ","),
    ("'", "."),
    ("\u2019", "."),
    ("", ","),
    ("", "."),
]


@settings(max_examples=400)
@given(
    st.lists(st.tuples(FEW_DIGITS, FEW_DIGITS), min_size=1, max_size=6),
    st.sampled_from(STYLES),
    st.integers(0, 4),
    st.integers(0, 4),
    st.sampled_from(["\t", ";", "cells"]),
)
def test_what_people_write_is_read_as_it_was_or_refused(
    points: list[tuple[float, float]], style: tuple[str, str], first: int, second: int, way: str
) -> None:
    cells = [[grouped(x, *style, first), grouped(y, *style, second)] for x, y in points]
    meant = [[round(x, first), round(y, second)] for x, y in points]
    found = numbers(cells if way == "cells" else "\n".join(way.join(row) for row in cells))
    assert found is None or found == pytest.approx(np.array(meant), rel=1e-12, abs=1e-12)


@settings(max_examples=400)
@given(
    st.lists(st.tuples(FEW_DIGITS, FEW_DIGITS), min_size=1, max_size=6),
    st.lists(st.sampled_from(STYLES), min_size=2, max_size=2),
    st.lists(st.integers(0, 4), min_size=2, max_size=2),
)
def test_a_column_in_its_own_style_that_proves_it_is_read_whatever_the_other_has(
    points: list[tuple[float, float]], styles: list[tuple[str, str]], digits: list[int]
) -> None:
    assume(digits[0] not in (0, 3) and digits[1] not in (0, 3))  # every cell shows its decimal sign
    cells = [[grouped(v, *s, k) for v, s, k in zip(row, styles, digits, strict=True)] for row in points]
    meant = [[round(v, k) for v, k in zip(row, digits, strict=True)] for row in points]
    np.testing.assert_allclose(numbers(cells), meant, rtol=1e-12, atol=1e-12)


CELL = st.text(st.sampled_from("0123456789.,eE+-\u2212"), min_size=1, max_size=7)


@settings(max_examples=300)
@given(st.lists(CELL | FEW_DIGITS.map(repr) | st.just(""), min_size=1, max_size=5))
def test_the_fast_way_reads_what_the_careful_one_does(cells: list[str]) -> None:
    missing = np.array([is_gap(cell) for cell in cells])
    found = plain_numbers(cells, missing)
    assume(found is not None)
    slow = [reading(cell) if not gap else None for cell, gap in zip(cells, missing, strict=True)]
    for fast, careful in zip(found, ("point", "comma"), strict=True):
        expected = [getattr(r, careful) if r else None for r in slow]
        np.testing.assert_array_equal(fast, [math.nan if value is None else value for value in expected])


@settings(max_examples=300)
@given(st.binary(max_size=60) | st.text(max_size=60) | st.text(st.sampled_from('01.,;\t \n#"|-ab'), max_size=60))
def test_any_source_is_a_sheet_or_a_refusal(outcome, source: str | bytes) -> None:
    sheet = outcome(TableError, lambda: read_sheet(source))
    if isinstance(sheet, TableError):
        assert " must " in str(sheet)
        assert sheet.faults
        return
    assert sheet.n == len(sheet.rows) >= 1
    for column in sheet.columns:
        assert len(column.cells) == len(column.numbers) == len(column.missing) == sheet.n
        assert not np.isinf(column.numbers).any()


def test_the_log_of_faults_is_cut_but_counted() -> None:
    rows = "".join(f"{k},word{k}\n{k},{k}\n" for k in range(51))
    sheet = read_sheet("x,y\n" + rows)
    with pytest.raises(TableError) as caught:
        sheet.points(Choice(("x",), "y"), "regression")
    assert len(caught.value.faults) == 51
    assert caught.value.line == 2
    assert str(caught.value).count("Cells must hold numbers") == 20
    assert str(caught.value).endswith("And 31 more.")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.line, again.faults) == (str(caught.value), 2, caught.value.faults)
    with pytest.raises(TableError, match="And 31 more"):
        read_columns("x,y\n" + rows).numbers(["y"])


KINDS = "\n".join(
    [
        "id,day,x (m),kind,on,remark,void",
        *(f"{k + 1},2025-01-{k + 1:02d},{k}.5,{'abc'[k % 3]},{k % 2},word {k},NA" for k in range(9)),
    ]
)


def test_columns_have_kinds_units_and_gaps() -> None:
    sheet = read_sheet(KINDS)
    assert [column.kind for column in sheet.columns] == ["index", "date", "number", "class", "class", "text", "empty"]
    assert [column.unit for column in sheet.columns] == ["", "", "m", "", "", "", ""]
    assert [column.gaps for column in sheet.columns] == [0, 0, 0, 0, 0, 0, 9]
    assert sheet.head(1) == [("1", "2025-01-01", "0.5", "a", "0", "word 0", "NA")]
    assert list(sheet.lines) == list(range(2, 11))


@pytest.mark.parametrize(
    ("table", "task", "dims", "choice"),
    [
        (KINDS, "regression", 1, Choice(("day",), "x (m)")),
        (KINDS, "classification", 2, Choice(("day", "x (m)"), "on")),
        (KINDS, "regression", 2, Choice(("day", "x (m)"), "on")),
        ("y,a,b\n1,2,3\n4,5,7\n", "regression", 2, Choice(("a", "b"), "y")),
        ("a,weights,b\n1,2,3\n4,5,7\n", "regression", 1, Choice(("a",), "b", "weights")),
        ("name,a,b\nu,2,3\nv,5,7\n", "classification", 2, Choice(("a", "b"), "name")),
        ("1,2,3\n4,5,7\n", "regression", 2, Choice(("1", "2"), "3")),
    ],
)
def test_what_is_suggested(table: str, task: str, dims: int, choice: Choice) -> None:
    assert read_sheet(table).suggest(task, dims) == choice  # type: ignore[arg-type]


def test_names_go_with_their_units_to_the_points() -> None:
    taken = read_sheet("t\tmass\n1 s\t3 kg\n2 s\t4 kg\n").points(Choice(("t",), "mass"), "regression")
    assert (taken.dataset.feature_names, taken.dataset.target_name) == (("t (s)",), "mass (kg)")
    taken = read_sheet("speed [m/s];force (N)\n1;2\n").points(Choice(("speed [m/s]",), "force (N)"), "regression")
    assert (taken.dataset.feature_names, taken.dataset.target_name) == (("speed [m/s]",), "force (N)")


def test_who_knows_the_decimal_sign_may_say_it() -> None:
    for decimal, value in ((".", 1.234), (",", 1234.0)):
        assert read_sheet("1.234;5\n", decimal=decimal).columns[0].numbers.tolist() == [value]  # type: ignore[arg-type]
    assert read_sheet([["1,5", "2"]], decimal=".").columns[0].numbers.tolist() == [1.5]  # it has no other reading


def many(n: int, task: str = "regression", d: int = 1) -> Dataset:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d))
    y = X[:, 0] if task == "regression" else np.where(X[:, 0] > 0.5, 1.0, -1.0)
    return Dataset.create(X, y, task)  # type: ignore[arg-type]


def test_a_sample_is_some_of_the_points_and_the_same_for_a_seed() -> None:
    data = many(1000)
    taken = thinned(data, 50, "sample", 3)
    assert taken.dataset.n == 50
    assert set(taken.dataset.y) <= set(data.y)
    assert taken.dataset == thinned(data, 50, "sample", 3).dataset != thinned(data, 50, "sample", 4).dataset
    assert "50 of the 1000 points" in taken.notes[-1]


@pytest.mark.parametrize("task", ["regression", "classification"])
@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("weighted", [False, True])
def test_means_keep_the_weight_and_the_centre_of_the_points(task: str, d: int, weighted: bool) -> None:
    data = many(997, task, d)
    given_weights = np.random.default_rng(1).uniform(0, 2, data.n) if weighted else None
    taken = thinned(Taken(data, given_weights, 0, ()), 40, "average")
    weights = np.ones(data.n) if given_weights is None else given_weights
    assert taken.dataset.n == len(taken.weights) == 40
    assert taken.weights.sum() == pytest.approx(weights.sum())
    np.testing.assert_allclose(taken.weights @ taken.dataset.X, weights @ data.X, atol=1e-9)
    np.testing.assert_allclose(taken.weights @ taken.dataset.y, weights @ data.y, atol=1e-9)
    if not weighted and d == 1 and task == "regression":
        assert set(taken.weights) == {24, 25}


def test_few_points_stay_as_they_are(refused) -> None:
    data = many(10)
    assert thinned(data, 10).dataset is data
    refused(ValueError, lambda: thinned(data, 1), "from 2")
    with pytest.raises(ValueError, match="sample, average"):
        thinned(data, 5, "median")  # type: ignore[arg-type]


def test_a_long_table_takes_seconds() -> None:
    """A twentieth of a million rows, plain, with decimal commas, with gaps: column by column, not cell by cell."""
    out = io.StringIO()
    pd.DataFrame(np.random.default_rng(0).normal(size=(50_000, 2)), columns=["x", "y"]).to_csv(out, index=False)
    plain = out.getvalue()
    calls = 0
    for text in (plain, plain.replace(",", ";").replace(".", ",")):
        sheet = read_sheet(text)
        calls += sheet.n
        assert all(plain_numbers(column.cells, column.missing) is not None for column in sheet.columns)
    assert calls == 100_000
