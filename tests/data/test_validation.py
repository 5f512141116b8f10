import timeit

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from convexviz.data import check_problem
from convexviz.data.validation import NotNumbers

X30, Y30 = np.arange(30.0).reshape(-1, 1), np.arange(30.0)
LABELS = np.where(Y30 < 15, -1.0, 1.0)
FAST = 100e-6  # seconds for 50 points: five times what it should take, for a busy machine


def with_value(array: np.ndarray, index, value: float) -> np.ndarray:
    changed = array.copy()
    changed[index] = value
    return changed


def of_ordinary_size(values: np.ndarray) -> bool:
    size = np.abs(values)
    return bool(((size == 0.0) | ((size >= 1e-150) & (size <= 1e150))).all())


REGRESSION = {
    "x is a vector": (
        np.arange(30.0),
        Y30,
        "X must have shape (n, d), got (30,); use X.reshape(-1, 1) for one feature.",
    ),
    "x is a number": (3.0, Y30, "got (); pass one row per point"),
    "x has three axes": (np.zeros((2, 3, 4)), Y30, "got (2, 3, 4); use X.reshape(len(X), -1)"),
    "x has no column": (np.zeros((30, 0)), Y30, "got (30, 0); pass at least one feature column"),
    "y is a column": (X30, X30, "y must have shape (n,), got (30, 1); use y.ravel()."),
    "y is a row": (X30, X30.T, "got (1, 30); use y.ravel()."),
    "y has two columns": (X30, np.zeros((30, 2)), "got (30, 2); pass one value per point"),
    "y is a number": (X30, 3.0, "got (); pass one value per point"),
    "lengths differ": (X30, Y30[:-1], "same number of points, got 30 rows in X and 29 values in y"),
    "nothing": (np.zeros((0, 1)), np.zeros(0), "at least one point, got none; add a point."),
    "empty lists": ([], [], "at least one point, got none; add a point."),
    "x has a nan": (with_value(X30, 7, np.nan), Y30, "X must be finite, got nan in row 7, column 0"),
    "x has an infinity": (with_value(X30, 3, -np.inf), Y30, "X must be finite, got -inf in row 3"),
    "y has an infinity": (X30, with_value(Y30, [9, 12], np.inf), "y must be finite, got inf in row 9"),
    "x is sparse": (
        scipy.sparse.csr_array(X30),
        Y30,
        "got a sparse one, csr_array; use X.toarray().",
    ),
    "x is complex": (X30 * 1j, Y30, "X must hold real numbers, got dtype complex128; convert it with X.astype(float)"),
    "x is of objects": (X30.astype(object), Y30, "X must hold real numbers, got dtype object; convert it"),
    "x is of strings": (X30.astype(str), Y30, "X must hold real numbers, got dtype <U"),
    "y is of strings": (X30, Y30.astype(str), "y must hold real numbers, got dtype <U"),
    "x holds dates": (X30.astype("datetime64[s]"), Y30, "got dtype datetime64[s]"),
    "x is ragged": ([[1.0], [2.0, 3.0]], [1.0, 2.0], "X must be a rectangular array of numbers"),
    "x is masked": (np.ma.masked_equal(X30, 3.0), Y30, "X must be a plain array, got a masked one"),
    "x is too large": (X30 * 1e160, Y30, "between 1e-150 and 1e+150 in size, or 0, got 1e+160 in row 1, column 0"),
    "a column is too small": (
        np.hstack([X30, X30 * 1e-170]),
        Y30,
        "got 1e-170 in row 1, column 1 (counted from 0); choose units in which the numbers are larger.",
    ),
    "y is too small": (
        X30,
        Y30 * 1e-200,
        "y must hold numbers between 1e-150 and 1e+150 in size, or 0, got 1e-200 in row 1",
    ),
    "x has three gaps": (
        with_value(X30, [4, 5, 6], np.nan),
        Y30,
        "got nan in row 4",
        "one of 3 missing values (NaN); impute",
    ),
    "x holds texts among numbers": ([[1.0, "a"]] * 30, Y30, "X must hold real numbers, got dtype <U32"),
    "x holds things": (
        np.array([[{}]] * 30),
        Y30,
        "got {} in row 0, column 0 (counted from 0), of type dict; each entry",
    ),
    "x is nothing": (None, Y30, "X must be an array of numbers, got None; pass one row or value per point."),
    "long doubles overflow": (X30.astype(np.longdouble) + np.longdouble("1e400"), Y30, "got inf in row 0"),
}
CLASSIFICATION = {
    "labels 0 and 1": (X30, (LABELS + 1) / 2, "labels must be -1 and +1, got 0, 1; use 2 * y - 1."),
    "labels are booleans": (X30, LABELS > 0, "got 0, 1; use 2 * y - 1."),
    "labels 1 and 2": (X30, (LABELS + 3) / 2, "got 1, 2; use np.where(y == 2, 1.0, -1.0)."),
    "three labels": (X30, with_value(LABELS, 0, 0.0), "got -1, 0, 1; keep two classes"),
    "many labels": (X30, Y30, "got 30 different values (0, 1, 2, 3, 4, ...); keep two classes"),
    "labels are strings": (
        X30,
        LABELS.astype(str),
        "y must hold real numbers, got dtype <U32; code the classes as -1.0",
    ),
    "only +1": (X30, np.ones(30), "Both classes must be present, got only class +1; add a point of class -1."),
    "only -1": (X30, -np.ones(30), "Both classes must be present, got only class -1; add a point of class +1."),
}


@pytest.mark.parametrize("case", REGRESSION)
@pytest.mark.parametrize("classification", [False, True])
def test_what_no_problem_may_hold(case: str, classification: bool, refused) -> None:
    X, y, *fragments = REGRESSION[case]
    if case == "y is of strings" and classification:
        fragments = ["code the classes as -1.0 and +1.0"]
    if case == "y is too small" and classification:
        fragments = ["Class labels must be -1 and +1"]
    error = NotNumbers if "things" in case else ValueError
    refused(error, lambda: check_problem(X, y, classification=classification), *fragments)


@pytest.mark.parametrize("case", CLASSIFICATION)
def test_what_labels_may_not_be(case: str, refused) -> None:
    X, y, fragment = CLASSIFICATION[case]
    refused(ValueError, lambda: check_problem(X, y, classification=True), fragment)


@given(
    hnp.arrays(
        st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_]),
        hnp.array_shapes(min_dims=2, max_dims=2),
    ).filter(lambda X: of_ordinary_size(X.astype(float)))
)
def test_any_real_array_comes_back_as_contiguous_float64(X: np.ndarray) -> None:
    for given_X in (X, np.asfortranarray(X), X.tolist()):
        checked, y = check_problem(given_X, X[:, 0], classification=False)
        assert checked.dtype == y.dtype == np.float64
        assert checked.flags.c_contiguous
        assert y.flags.c_contiguous
        assert np.array_equal(checked, X.astype(float))


def test_arrays_that_are_right_already_are_not_copied() -> None:
    X, y = check_problem(X30, LABELS, classification=True)
    assert X is X30
    assert y is LABELS


def test_checking_is_fast_enough_for_every_step_of_a_drag() -> None:
    X, y = np.linspace(-1, 1, 50)[:, None], np.tile([-1.0, 1.0], 25)
    runs = timeit.repeat(lambda: check_problem(X, y, classification=True), number=200, repeat=7)
    assert min(runs) / 200 < FAST
