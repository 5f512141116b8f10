"""A wrong argument of a public function is refused by a ValueError: what must hold, what came, and what to do.

Every public function times every argument times what does not belong there, and whatever else hypothesis comes up with.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

import convexviz as cv
from convexviz import closed_form, geometry

THREE_PARTS = re.compile(r".*\b(must|needs|takes)\b.*\bgot\b.+[;.:] \S.*[.?]", re.DOTALL)
SCIKIT_LEARN = re.compile(  # its own words for shapes and labels, which its users know and its checks ask for
    r"(Expected 2D array|Found (array|input variables) with|Unknown label type|y should be a 1d array|"
    r"Expected a 1-dimensional container|Input should have at least|bad input shape|X has \d+ features, but).*",
    re.DOTALL,
)

X = np.linspace(-1, 1, 6)[:, None]
Y = np.array([0.0, 1.0, 0.0, 2.0, 1.0, 1.0])
PLANE = np.array([[0.0, 0.0], [1.0, 0.2], [0.3, 1.0], [0.8, 0.9], [-0.5, 0.4], [0.1, -0.7]])
SOLUTION = cv.solve(X, Y, 0.1)
LABELS = np.array([-1.0, 1.0, -1.0, 1.0, 1.0, 1.0])

# What does not belong where, by kind of argument. Texts that read as numbers are none, nor are truth values.
NO_NUMBER: dict[str, Any] = {
    "text": "0.1",
    "word": "large",
    "bytes": b"1",
    "true": True,
    "numpy's true": np.True_,
    "list": [0.1],
    "empty": [],
    "dict": {"beta": 1},
    "complex": 1j,
    "nan": float("nan"),
    "numpy's nan": np.float32("nan"),
    "two": np.array([0.1, 0.2]),
    "object": object(),
    "function": len,
    "date": datetime(2020, 1, 1),
    "missing": pd.NA,
}
NO_POSITIVE = NO_NUMBER | {"none": None, "zero": 0.0, "negative": -1.0, "infinity": float("inf"), "huge": 10**400}
NO_BETA = NO_POSITIVE | {"denormal": 5e-324, "too large": 1e151, "too small": Fraction(1, 10**160)}
NO_TOL = NO_POSITIVE | {"one": 1, "minus nothing": -0.0}
NO_LIMIT = {name: value for name, value in NO_POSITIVE.items() if name not in ("none", "infinity", "huge")}
NO_COUNT = NO_NUMBER | {"half": 0.5, "whole float": 2.0, "zero": 0, "negative": -3}
NO_SEED = {name: value for name, value in NO_COUNT.items() if name != "zero"} | {"none": None}
NO_FLAG = {name: value for name, value in NO_NUMBER.items() if "true" not in name} | {
    "no": "no",
    "one": 1,
    "none": None,
}
NO_NAME = NO_NUMBER | {"none": None, "three": 3, "names": ["squared"], "no name": "", "set": {"auto"}}
NO_FUNCTION = {"three": 3, "text": "stop", "list": [], "true": True}
NO_START = {"three": 3, "text": "start", "list": [], "true": True, "function": len, "network": SOLUTION.network}
NO_INPUTS: dict[str, Any] = {
    "none": None,
    "text": "abc",
    "number": 3.0,
    "empty": [],
    "no features": np.empty((6, 0)),
    "a vector": X[:, 0],
    "three axes": X[:, :, None],
    "ragged": [[1.0], [1.0, 2.0]],
    "dict": {"x": X},
    "set": {1.0, 2.0},
    "generator": (row for row in X),
    "function": len,
    "texts": X.astype(str),
    "objects": np.array([[{}]] * 6, dtype=object),
    "nones": np.array([[None]] * 6, dtype=object),
    "complex": X * 1j,
    "nan": np.where(X > 0, np.nan, X),
    "infinity": np.where(X > 0, np.inf, X),
    "huge": X * 1e160,
    "tiny": X * 1e-160,
    "sparse": scipy.sparse.csr_array(X),
    "masked": np.ma.masked_greater(X, 0.5),
    "dates": pd.DataFrame({"when": pd.date_range("2020-01-01", periods=6)}),
    "dates among numbers": pd.DataFrame({"x": X[:, 0], "when": pd.date_range("2020-01-01", periods=6)}),
    "dates of a zone": pd.DataFrame({"when": pd.date_range("2020-01-01", periods=6, tz="UTC")}),
    "gaps": pd.DataFrame({"x": pd.array([1, 2, None, 4, 5, 6], dtype="Int64")}),
    "time spans": (X * 10).astype("timedelta64[D]"),
    "too many rows": np.vstack([X, X]),
}
NO_TARGETS: dict[str, Any] = {name: value for name, value in NO_INPUTS.items() if name not in ("a vector", "huge")} | {
    "column": Y[:, None],
    "too few": Y[:4],
    "nan": np.where(Y > 1, np.nan, Y),
    "huge": Y * 1e160,
    "tiny": Y * 1e-160,
    "dates": pd.Series(pd.date_range("2020-01-01", periods=6)),
    "texts": Y.astype(str),
}
NO_OUTPUTS = {name: value for name, value in NO_TARGETS.items() if name != "column"}
NO_LABELS: dict[str, Any] = {
    "none": None,
    "text": "abc",
    "number": 1.0,
    "empty": [],
    "three axes": X[:, :, None],
    "two columns": np.column_stack([LABELS, LABELS]),
    "ragged": [[1.0], [1.0, 2.0]],
    "dict": {"y": LABELS},
    "set": {1.0, -1.0},
    "function": len,
    "objects": [{}, {}, {}, {}, {}, {}],
    "a gap": ["a", "b", None, "a", "b", "a"],
    "pandas' gap": pd.Series([1, 2, None, 1, 2, 1], dtype="Int64"),
    "not a time": pd.Series(pd.to_datetime(["2020-01-01", None] * 3)),
    "numbers and texts": np.array([1, "a", 1, "a", 1, "a"], dtype=object),
    "complex": LABELS * 1j,
    "nan": np.where(LABELS > 0, np.nan, LABELS),
    "infinity": np.where(LABELS > 0, np.inf, LABELS),
    "no labels": Y / 3,
    "one label": np.ones(6),
    "sparse": scipy.sparse.csr_array(LABELS[:, None]),
    "masked": np.ma.masked_greater(LABELS, 0.5),
    "too few": LABELS[:4],
}
NO_WEIGHTS: dict[str, Any] = {
    "text": "abc",
    "negative": -1.0,
    "nothing": 0.0,
    "true": True,
    "not a number": float("nan"),
    "too few": np.ones(4),
    "column": np.ones((6, 1)),
    "texts": ["a"] * 6,
    "negatives": -np.ones(6),
    "zeros": np.zeros(6),
    "nan": np.full(6, np.nan),
    "nones": [None] * 6,
    "dict": {0: 1.0},
    "denormal": np.full(6, 5e-324),
    "huge": np.full(6, 1e200),
    "dates": pd.Series(pd.date_range("2020-01-01", periods=6)),
}
NO_BETAS = {
    "none at all": [],
    "number": 0.1,
    "text": "0.1",
    "texts": ["a"],
    "nan": [np.nan],
    "nested": [[0.1], [0.2]],
} | {
    "true": [True],
    "function": len,
    "denormal": [1.0, 5e-324],
    "negative": [1.0, -1.0],
}
NO_CLASS_WEIGHT = {"word": "even", "list": [1.0, 2.0], "number": 2, "negative": {1.0: -1.0}, "text": {1.0: "much"}} | {
    "stranger": {"a": 2.0},
    "nan": {1.0: float("nan")},
    "denormal": {1.0: 5e-324},
    "nothing": {1.0: 0.0, -1.0: 0.0},
}

COMMON = {"X": NO_INPUTS, "sample_weight": NO_WEIGHTS, "bias": NO_FLAG, "loss": NO_NAME}
SOLVERS = COMMON | {"beta": NO_BETA, "tol": NO_TOL, "time_limit": NO_LIMIT}
ESTIMATORS = SOLVERS | {"method": NO_NAME, "max_iter": NO_COUNT}

Call = Callable[..., Any]


def fit(kind: type) -> Call:
    """A function of the parameters of an estimator and the arguments of its `fit`."""

    def call(X: Any, y: Any, sample_weight: Any = None, **parameters: Any) -> Any:
        return kind(**parameters).fit(X, y, sample_weight)

    return call


# Each function with arguments that it takes, and what it does not take.
DOORS: dict[str, tuple[Call, dict[str, Any], dict[str, dict[str, Any]]]] = {
    "solve": (
        cv.solve,
        {"X": X, "y": Y},
        SOLVERS
        | {"y": NO_OUTPUTS, "method": NO_NAME, "start": NO_START, "cuts": NO_COUNT, "stop": NO_FUNCTION}
        | {"max_rounds": NO_COUNT},
    ),
    "solve with labels": (cv.solve, {"X": X, "y": LABELS, "loss": "hinge"}, {"y": NO_OUTPUTS | {"others": Y}}),
    "solve without beta": (
        cv.solve,
        {"X": X, "y": Y, "loss": "interpolate"},
        {"beta": NO_NUMBER | {"none": None}, "sample_weight": NO_WEIGHTS, "X": NO_INPUTS, "y": NO_OUTPUTS},
    ),
    "solve for several outputs": (
        cv.solve,
        {"X": X, "y": np.column_stack([Y, -Y])},
        SOLVERS
        | {"y": NO_OUTPUTS, "method": NO_NAME | {"of one": "sweep"}, "start": NO_START | {"other": SOLUTION}}
        | {"cuts": NO_COUNT | {"two": 2}, "stop": NO_FUNCTION, "max_rounds": NO_COUNT},
    ),
    "certify": (
        cv.certify,
        {"network": SOLUTION.network, "X": X, "y": Y, "beta": 0.1},
        COMMON
        | {"network": NO_START | {"none": None, "network": SOLUTION, "other": cv.ReLUNetwork.constant(0.0, 2)}}
        | {"y": NO_TARGETS, "beta": NO_BETA, "oracle": {"three": 3, "text": "exact", "list": []}}
        | {"duals": {"three": 3, "text": "v", "texts": ["v"], "short": [Y[:4]], "nan": [Y * np.nan], "none": [None]}},
    ),
    "prove": (
        cv.prove,
        {"solution": SOLUTION, "X": X, "y": Y},
        {"solution": NO_START | {"none": None}, "sample_weight": NO_WEIGHTS}  # exact arithmetic takes any size
        | {"X": {name: value for name, value in NO_INPUTS.items() if name not in ("huge", "tiny")}}
        | {"y": {name: value for name, value in NO_TARGETS.items() if name not in ("huge", "tiny")}},
    ),
    "beta_max": (cv.beta_max, {"X": X, "y": Y}, COMMON | {"y": NO_OUTPUTS}),
    "regularization_path": (
        cv.regularization_path,
        {"X": X, "y": Y, "betas": [1.0]},
        {"X": NO_INPUTS, "y": NO_OUTPUTS, "loss": NO_NAME, "sample_weight": NO_WEIGHTS}
        | {"betas": NO_BETAS, "tol": NO_TOL, "time_limit": NO_LIMIT, "progress": NO_FUNCTION},
    ),
    "optimal_set": (
        cv.optimal_set,
        {"network": SOLUTION.network, "X": X},
        {"network": NO_START | {"none": None, "network": SOLUTION, "other": cv.ReLUNetwork.constant(0.0, 2)}}
        | {"X": {name: value for name, value in NO_INPUTS.items() if name != "too many rows"} | {"plane": PLANE}},
    ),
    "train": (
        cv.train,
        {"X": X, "y": Y, "beta": 0.1, "width": 3, "iterations": 3, "frames": 2},
        {"X": NO_INPUTS, "y": NO_TARGETS, "beta": NO_BETA, "loss": NO_NAME | {"constraint": "interpolate"}}
        | {"width": NO_COUNT | {"huge": 10**30}, "iterations": NO_COUNT | {"huge": 10**30}}
        | {"frames": NO_COUNT | {"huge": 10**30}, "seed": NO_SEED | {"huge": 2**32}, "solver": NO_NAME}
        | {"learning_rate": NO_LIMIT, "watch": NO_FUNCTION, "stop": NO_FUNCTION},
    ),
    "tangent_kernel": (
        cv.tangent_kernel,
        {"X": X},
        {"X": {name: value for name, value in NO_INPUTS.items() if name != "too many rows"}}
        | {"Z": {name: value for name, value in NO_INPUTS.items() if name not in ("too many rows", "none")}},
    ),
    "datasets.load": (
        cv.datasets.load,
        {"name": "sine"},
        {"name": NO_NAME, "n": NO_COUNT | {"huge": 10**30, "digits": 10**5000}}
        | {"noise": NO_NUMBER | {"negative": -1.0, "huge": 10**400}, "seed": NO_SEED},
    ),
    "datasets.preview": (cv.datasets.preview, {"name": "sine"}, {"name": NO_NAME, "n": NO_COUNT}),
    "datasets.names": (
        cv.datasets.names,
        {},
        {"task": {name: value for name, value in NO_NAME.items() if name != "none"}, "dims": NO_COUNT},
    ),
    "TangentKernelRidge": (
        fit_kernel := lambda X, y, **parameters: cv.TangentKernelRidge(**parameters).fit(X, y),
        {"X": X, "y": Y},
        {"X": NO_INPUTS, "y": {name: value for name, value in NO_TARGETS.items() if name != "column"}}
        | {"ridge": {name: value for name, value in NO_POSITIVE.items() if name != "zero"}},
    ),
    "ConvexReLURegressor": (
        fit(cv.ConvexReLURegressor),
        {"X": X, "y": Y},
        ESTIMATORS | {"y": {name: value for name, value in NO_TARGETS.items() if name != "column"}},
    ),
    "ConvexReLUClassifier": (
        fit(cv.ConvexReLUClassifier),
        {"X": X, "y": LABELS},
        ESTIMATORS | {"y": NO_LABELS, "class_weight": NO_CLASS_WEIGHT},
    ),
    "predict": (
        cv.ConvexReLURegressor().fit(X, Y).predict,
        {"X": X},
        {"X": {k: v for k, v in NO_INPUTS.items() if k not in ("too many rows", "huge", "tiny")} | {"plane": PLANE}},
    ),
    "estimators' path": (
        lambda **given: cv.ConvexReLURegressor().regularization_path(**given),
        {"X": X, "y": Y, "betas": [1.0]},
        {"X": NO_INPUTS, "betas": NO_BETAS, "sample_weight": NO_WEIGHTS},
    ),
}
ORTHOGONAL, PARTS = np.eye(3), np.array([1.0, -2.0, 0.5])
NO_SAMPLES = {name: value for name, value in NO_INPUTS.items() if name != "too many rows"}
NO_VECTOR = {name: value for name, value in NO_INPUTS.items() if name not in ("huge", "tiny", "too many rows")}
CLOSED = {"X": NO_INPUTS, "y": NO_INPUTS, "beta": NO_BETA}
DOORS |= {
    "whiten": (closed_form.whiten, {"X": ORTHOGONAL}, {"X": NO_SAMPLES}),
    "whitened": (closed_form.whitened, {"X": ORTHOGONAL, "y": PARTS, "beta": 0.5}, CLOSED),
    "spike_free": (closed_form.spike_free, {"X": ORTHOGONAL, "y": PARTS, "beta": 0.5}, CLOSED),
    "rank_one": (closed_form.rank_one, {"X": np.outer(PARTS, PARTS), "y": PARTS, "beta": 0.5}, CLOSED),
    "vector_whitened": (
        closed_form.vector_whitened,
        {"X": ORTHOGONAL, "Y": np.eye(3), "beta": 0.5},
        {"X": NO_INPUTS, "Y": NO_INPUTS, "beta": NO_BETA},
    ),
    "RectifiedEllipsoid": (geometry.RectifiedEllipsoid, {"X": ORTHOGONAL}, {"X": NO_SAMPLES}),
    "gauge": (geometry.RectifiedEllipsoid(ORTHOGONAL).gauge, {"y": PARTS}, {"y": NO_INPUTS}),
    "extreme_points": (
        geometry.extreme_points,
        {"X": PLANE},
        {"X": NO_SAMPLES, "indices": {"number": 1, "text": "a", "texts": ["a"], "halves": [0.5], "beyond": [99]}},
    ),
    "activation_patterns": (geometry.activation_patterns, {"X": PLANE}, {"X": NO_SAMPLES}),
    "a network's predict": (
        SOLUTION.network.predict,
        {"X": X},
        {"X": {name: value for name, value in NO_VECTOR.items() if name not in ("nan", "infinity", "gaps")}},
    ),
    "ReLUNetwork": (
        cv.ReLUNetwork,
        {"U": [[1.0]], "b": [0.0], "w": [1.0], "c": 0.0},
        {"U": NO_VECTOR, "b": NO_VECTOR, "w": NO_VECTOR, "c": NO_NUMBER},
    ),
}
CASES = [
    pytest.param(door, name, value, id=f"{door}-{name}-{kind}")
    for door, (_, _, arguments) in DOORS.items()
    for name, values in arguments.items()
    for kind, value in values.items()
]


def assert_says_what_to_do(failure: ValueError, door: str) -> None:
    message = str(failure)
    theirs = SCIKIT_LEARN.fullmatch(message) if door[0].isupper() or door == "predict" or "'" in door else None
    assert theirs or THREE_PARTS.fullmatch(message), message


@pytest.mark.parametrize(("door", "name", "value"), CASES)
def test_a_wrong_argument_is_refused_in_words(door: str, name: str, value: Any) -> None:
    function, fine, _ = DOORS[door]
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is read below
        function(**(fine | {name: value}))
    assert_says_what_to_do(caught.value, door)


def as_array(value: Any) -> Any:
    try:
        return np.array(value)
    except ValueError:  # ragged
        return value


NUMBERS = st.floats() | st.integers(-3, 3) | st.sampled_from([10**30, 10**400, 5e-324, 1e308])
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | NUMBERS
    | st.text(max_size=4)
    | st.binary(max_size=3)
    | st.complex_numbers()
    | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner, max_size=2) | inner.map(as_array)
    ),
    max_leaves=5,
)


ENTRIES = st.integers(-3, 3) | st.sampled_from([0.5, np.float32(2.0), True, None, np.nan, -np.inf, 1e200, 10**400, "1"])
ROWS = st.integers(1, 2).flatmap(
    lambda d: st.lists(st.lists(ENTRIES, min_size=d, max_size=d), min_size=6, max_size=6)
)  # what could pass for X
COLUMNS = st.lists(ENTRIES, min_size=6, max_size=6)  # for y, and for weights


@pytest.mark.filterwarnings("ignore:A column-vector y was passed")  # scikit-learn's to say
@settings(max_examples=500)
@given(st.sampled_from(sorted(DOORS)), st.data())
def test_whatever_comes_is_taken_or_refused_in_words(door: str, data: st.DataObject) -> None:
    function, fine, arguments = DOORS[door]
    name = data.draw(st.sampled_from(sorted(arguments)))
    value = data.draw(JUNK | ROWS | COLUMNS)
    try:
        function(**(fine | {name: value}))
    except (cv.Infeasible, cv.Unprovable):
        pass  # of data that contradict themselves, or go beyond what can be proved, with words of their own
    except ValueError as failure:
        assert_says_what_to_do(failure, door)


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.longdouble, np.array, Fraction])
def test_numbers_of_every_kind_are_numbers(kind: Callable[[float], Any]) -> None:
    half, rounds = kind(0.5), np.array(7) if kind is np.array else np.int16(7)
    fit = cv.solve(X, Y, beta=half, tol=kind(2.0**-20), time_limit=kind(1024.0), max_rounds=rounds, bias=np.True_)
    plain = cv.solve(X, Y, beta=0.5, tol=2.0**-20, time_limit=1024.0, max_rounds=7)
    assert type(fit.beta) is float
    np.testing.assert_array_equal(fit.v, plain.v)
    cuts = cv.solve(PLANE, Y, beta=half, cuts=rounds)
    assert cuts.objective == cv.solve(PLANE, Y, beta=0.5, cuts=7).objective
    run = cv.train(X, Y, half, width=rounds, iterations=rounds, frames=rounds, learning_rate=half, seed=rounds)
    assert type(run.width) is int
    model = cv.ConvexReLURegressor(beta=half, tol=kind(2.0**-20), max_iter=rounds, bias=np.array(True)).fit(X, Y)
    assert model.objective_ == plain.objective
    assert model.beta is half  # as it was given
    assert cv.TangentKernelRidge(ridge=half).fit(X, Y).ridge is half
    assert [s.beta for s in cv.regularization_path(X, Y, [half, kind(0.25)])] == [0.5, 0.25]
