"""What no number can be made of is named by row and column, with the way out; numbers out of range, too."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import convexviz as cv

Y = np.array([0.0, 1.0, 0.5, 2.0])
FRAME = pd.DataFrame({"age": [30.0, 41.0, 52.0, 63.0], "weight": [70.0, 81.0, 64.0, 77.0]})
DAYS = pd.date_range("2020-02-28", periods=4)
DATES = r"turn dates into numbers, for instance days since the first: \(t - t.min\(\)\) / np.timedelta64\(1, 'D'\)"


def changed(column, row, value, kind=None):
    frame = FRAME.astype({column: kind}) if kind else FRAME.copy()
    frame.loc[row, column] = value
    return frame


INPUTS = {
    "a missing number": (
        changed("weight", 2, np.nan),
        r"X must be finite, got nan in row 2, column 'weight' \(counted from 0\), a missing value \(NaN\); impute it, "
        r"for instance with sklearn.impute.SimpleImputer, or leave that row out",
    ),
    "two of them": (
        changed("age", [1, 3], np.nan),
        r"got nan in row 1, column 'age' \(counted from 0\), one of 2 missing values \(NaN\); impute it",
    ),
    "pandas' missing": (
        FRAME.astype("Int64").assign(age=pd.array([1, 2, None, 4], dtype="Int64")),
        r"got (<NA>|nan) in row 2, column 'age' \(counted from 0\), a missing value.*; impute it",
    ),
    "None": (
        [[1.0], [None], [2.0], [3.0]],
        r"got None in row 1, column 0 \(counted from 0\), a missing value; impute it",
    ),
    "an infinity": (
        changed("age", 3, -np.inf),
        r"got -inf in row 3, column 'age' \(counted from 0\); remove or correct",
    ),
    "a column of dates": (FRAME.assign(born=DAYS), rf"got Timestamp\('2020-02-28.*row 0, column 'born'.*{DATES}"),
    "nothing but dates": (pd.DataFrame({"born": DAYS}), rf"got dtype datetime64\[\w+\], dates or times; {DATES}"),
    "dates of a zone": (pd.DataFrame({"born": DAYS.tz_localize("UTC")}), rf"column 'born'.*, a date or time; {DATES}"),
    "time spans": (FRAME.assign(since=DAYS - DAYS[0]), rf"column 'since' .*, a date or time; {DATES}"),
    "numpy's dates": (DAYS.to_numpy()[:, None], rf"X must hold real numbers, got dtype datetime64.*; {DATES}"),
    "words": (
        FRAME.assign(city=["Rome", "Bari", "Pisa", "Asti"]),
        r"got 'Rome' in row 0, column 'city' .*, a text; .*encode",
    ),
    "a sparse array": (sparse.csr_array(FRAME.to_numpy()), r"got a sparse one, csr_array; use X.toarray\(\)"),
    "the edge of overflow": (
        FRAME * [1.0, 1e160],
        r"got 7e\+161 in row 0, column 'weight' .*units in which .* smaller",
    ),
    "the edge of underflow": (
        FRAME * [1.0, 1e-160],
        r"got 7e-159 in row 0, column 'weight' .*units in which .* larger",
    ),
}
TARGETS = {
    "a missing number": (
        [0.0, np.nan, 1.0, 2.0],
        r"y must be finite, got nan in row 1 .*a missing value.*leave that row out",
    ),
    "dates": (pd.Series(DAYS), rf"y must hold real numbers, got dtype datetime64.*; {DATES}"),
    "the edge of overflow": (
        Y * 1e160,
        r"y must hold numbers between 1e-150 and 1e\+150 in size, or 0, got 1e\+160 in row 1",
    ),
    "several": (np.column_stack([Y, Y * 1e-155]), r"got 1e-155 in row 1, column 1 .*larger"),
}
LABELS = {
    "None": (
        ["a", "b", None, "a"],
        r"y must hold a label for every sample, got None in row 2 .*; leave out the samples",
    ),
    "nan": ([0.0, 1.0, 1.0, np.nan], r"got (np.float64\(nan\)|nan) in row 3 .*missing value"),
    "not a time": (
        DAYS.where([True, True, False, True]),
        r"y must hold a label for every sample, got .*NaT.* in row 2",
    ),
}


@pytest.mark.parametrize("case", INPUTS)
@pytest.mark.parametrize("kind", ["regressor", "classifier", "prediction"])
def test_inputs_that_cannot_be_used_are_named(case, kind):
    X, message = INPUTS[case]
    width = X.shape[1] if hasattr(X, "shape") else 1
    fitted = cv.ConvexReLURegressor().fit(np.ones((4, width)) * Y[:, None], Y)
    if kind == "prediction" and "edge" in case:  # a network computes with such numbers, only training does not
        assert np.isfinite(fitted.predict(np.asarray(X))).all()
        return
    task = {
        "regressor": lambda: cv.ConvexReLURegressor().fit(X, Y),
        "classifier": lambda: cv.ConvexReLUClassifier().fit(X, Y > 0.7),
        "prediction": lambda: fitted.predict(X),
    }[kind]
    with pytest.raises(ValueError, match=message):
        task()


@pytest.mark.parametrize("case", TARGETS)
def test_targets_that_cannot_be_used_are_named(case):
    y, message = TARGETS[case]
    with pytest.raises(ValueError, match=message):
        cv.ConvexReLURegressor().fit(FRAME, y)


@pytest.mark.parametrize("case", LABELS)
def test_labels_that_are_missing_are_named(case):
    y, message = LABELS[case]
    with pytest.raises(ValueError, match=message):
        cv.ConvexReLUClassifier().fit(FRAME, y)


def test_the_core_names_columns_of_a_frame_too():
    with pytest.raises(ValueError, match="got nan in row 2, column 'weight'"):
        cv.solve(changed("weight", 2, np.nan), Y)
    with pytest.raises(ValueError, match=r"got Timestamp.* in row 0, column 'born' .* a date or time"):
        cv.solve(FRAME.assign(born=DAYS), Y)


def test_a_number_weighs_all_samples():
    """As many times the beta, and the same network."""
    X = FRAME.to_numpy()
    one = cv.ConvexReLURegressor(beta=0.5).fit(X, Y, sample_weight=2)
    each = cv.ConvexReLURegressor(beta=0.5).fit(X, Y, sample_weight=np.full(4, 2.0))
    np.testing.assert_array_equal(one.predict(X), each.predict(X))
    assert one.objective_ == each.objective_
    assert (
        cv.solve(X, Y, 0.5, sample_weight=np.float32(2)).objective
        == cv.solve(X, Y, 0.5, sample_weight=[2] * 4).objective
    )
    assert cv.beta_max(X, Y, sample_weight=2.0) == pytest.approx(2 * cv.beta_max(X, Y), rel=1e-12)
    for wrong in (0.0, -1.0, np.nan, True):
        with pytest.raises(ValueError, match="sample_weight must"):
            cv.ConvexReLURegressor().fit(X, Y, sample_weight=wrong)
