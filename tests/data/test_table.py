import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convexviz.data import DATASETS, Dataset, TableError, load, read_cells, read_table, write_table

FINITE = st.floats(allow_nan=False, allow_infinity=False)
SAME_TABLE = {
    "commas": "x,y\n0.5,1\n-1,2.5\n",
    "no header": "0.5,1\n-1,2.5",
    "spaces after commas": "x, y\n0.5, 1\n-1, 2.5\n",
    "semicolons": "x;y\n0.5;1\n-1;2.5\n",
    "decimal commas": "x;y\n0,5;1\n-1;2,5\n",
    "tabs": "x\ty\n0.5\t1\n-1\t2.5\n",
    "tabs and decimal commas": "x\ty\n0,5\t1\n-1\t2,5\n",
    "spaces": "x   y\n  0.5 1\n-1   2.5  \n",
    "windows line ends": "x,y\r\n0.5,1\r\n-1,2.5\r\n",
    "old mac line ends": "x,y\r0.5,1\r-1,2.5\r",
    "comments and blank lines": "# points\n\nx,y\n0.5,1\n   \n# more\n-1,2.5\n\n",
    "quotes": '"x","y"\n"0.5","1"\n-1,2.5\n',
    "exponents": "x,y\n5e-1,1.E0\n-1,+.25e1\n",
    "minus signs of typesetters": "x,y\n0.5,1\n\u22121,2.5\n",
    "minus signs and decimal commas": "x;y\n0,5;1\n\u22121,0;2,5\n",
    "byte order mark": "\ufeffx,y\n0.5,1\n-1,2.5\n",
}
REFUSED = {
    "empty": ("", None, "at least one row", "got none"),
    "only a header": ("x,y\n", None, "at least one row", "got none"),
    "one column": ("1\n2\n", 1, "2 columns (x, y) or 3 (x1, x2, y)", "got 1 in line 1"),
    "four columns": ("# c\n1,2,3,4\n", 2, "got 4 in line 2", "semicolons"),
    "a short row": ("1,2\n\n3\n", 3, "must have 2 columns", "got 1 in line 3", "complete the row"),
    "a word": ("x,y\n1,2\n3,four\n", 3, "must hold numbers", "got 'four' in line 3", "0.5"),
    "a word in the first row": ("one,2\n3,4\n", 1, "got 'one' in line 1"),
    "a gap": ("1,2\n3,\n", 2, "got an empty cell in line 2", "fill it"),
    "thousands parted in the wrong place": ("1.00,5;2\n", 1, "got '1.00,5'", "thousands separators"),
    "a comma that may part thousands": ("1,234;5\n2;1\n", 1, "got '1,234' in line 1", "write 1234 or 1.2340"),
    "an underscore": ("1_000,2\n", 1, "got '1_000'"),
    "not a number": ("1,nan\n", 1, "must be finite", "got 'nan' in line 1"),
    "an infinity": ("1,2\n-inf,2\n", 2, "must be finite", "got '-inf' in line 2"),
    "too large a number": ("1,1e999\n", 1, "must be finite", "got '1e999'"),
    "an open quote": ('1,2\n"3,4\n', 2, "Quotes must be closed", "in line 2"),
    "a nameless header": (",x,y\n0,1,2\n", 1, "must name every column", "got an empty name in line 1", "remove it"),
    "a long cell": (f"1,2\n1,{'z' * 500}\n", 2, "zzz…'"),
}
CLASS_REFUSED = {
    "three classes": ("0,a\n1,b\n2,c\n", 3, "two classes", "got a third, 'c', in line 3", "keep two"),
    "one class": ("0,a\n1,a\n", None, "two classes", "got only 'a'", "add a row"),
    "no class": ("0,a\n1,\n", 2, "must have a class", "got an empty cell in line 2"),
}


@pytest.mark.parametrize("form", SAME_TABLE)
def test_many_spellings_are_one_table(form: str) -> None:
    dataset = read_table(SAME_TABLE[form], "regression")
    assert dataset == Dataset.create([[0.5], [-1.0]], [1.0, 2.5], "regression", "table")


def test_bytes_are_read_in_the_encoding_that_they_are_in(refused) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert read_table("größe,y\n1,2".encode(encoding), "regression").feature_names == ("größe",)
    western = "größe,y\n1,2".encode("cp1252")
    assert read_table(western, "regression").feature_names == ("größe",)
    error = refused(TableError, lambda: read_table(b"\xff\xfe" + western, "regression"), "must be UTF-16", "line 1")
    assert error.line == 1


def test_three_columns_are_two_features() -> None:
    dataset = read_table("width height kind\n1 2 a\n3 4 b", "classification")
    assert dataset.X.tolist() == [[1, 2], [3, 4]]
    assert (dataset.feature_names, dataset.target_name) == (("width", "height"), "kind")
    assert read_table("1,2,3", "regression").feature_names == ("x1", "x2")


@pytest.mark.parametrize("task", ["regression", "classification"])
def test_a_header_names_both_features_whatever_separates_the_columns(task: str) -> None:
    named = ("petal length (cm)", "petal width (cm)", "kind of flower")
    for separator in (",", ";", "\t"):
        rows = [separator.join(cells) for cells in (named, ("0.5", "1", "-1"), ("2", "3", "1"))]
        dataset = read_table("\n".join(rows), task)  # type: ignore[arg-type]
        assert (*dataset.feature_names, dataset.target_name) == named
        assert (dataset.X.tolist(), dataset.y.tolist()) == ([[0.5, 1], [2, 3]], [-1, 1])


@pytest.mark.parametrize(("dims", "form"), [(1, "2 columns (x, y), got 3"), (2, "3 columns (x1, x2, y), got 2")])
def test_a_reader_that_takes_one_number_of_features_refuses_the_other(dims: int, form: str, refused) -> None:
    tables = {1: "# line\nx,y\n0.5,1", 2: "# plane\nx1,x2,y\n0.5,2,1"}
    assert read_table(tables[dims], "regression", dims=dims).d == dims
    error = refused(
        TableError, lambda: read_table(tables[3 - dims], "regression", dims=dims), form, "in line 2", "semicolons"
    )
    assert error.line == 2


@pytest.mark.parametrize(
    ("low", "high"), [("0", "1"), ("a", "b"), ("2", "10"), ("no", "yes"), ("-5", "1e3"), ("1", "x"), ("inf", "x")]
)
@pytest.mark.parametrize("swap", [False, True])
def test_two_classes_of_any_name_become_minus_and_plus_one(low: str, high: str, swap: bool) -> None:
    rows = [f"0,{low}", f"1,{high}"]
    dataset = read_table("\n".join(rows[::-1] if swap else rows), "classification")
    assert dict(zip(dataset.X[:, 0].tolist(), dataset.y.tolist(), strict=True)) == {0.0: -1.0, 1.0: 1.0}
    assert dataset.note == f"Class {low!r} is -1, class {high!r} is +1."


def test_labels_that_are_right_already_need_no_note() -> None:
    assert read_table("0,-1\n1,+1.0\n2,1", "classification").y.tolist() == [-1, 1, 1]
    one_class = read_table("0,1\n2,1", "classification")
    assert (one_class.y.tolist(), one_class.note) == ([1, 1], "")


@pytest.mark.parametrize("case", REFUSED)
def test_errors_name_line_content_and_remedy(case: str, refused) -> None:
    text, line, *fragments = REFUSED[case]
    assert refused(TableError, lambda: read_table(text, "regression"), *fragments).line == line


@pytest.mark.parametrize("case", CLASS_REFUSED)
def test_errors_in_classes(case: str, refused) -> None:
    text, line, *fragments = CLASS_REFUSED[case]
    assert refused(TableError, lambda: read_table(text, "classification"), *fragments).line == line


def test_too_many_rows_are_refused(refused) -> None:
    rows = "\n".join(f"{k},{k}" for k in range(51))
    assert read_table(rows, "regression", 51).n == 51
    for text, fragment in ((rows, "got 51"), (f"x,y\n{rows}", "got 51"), (rows + "\n1,1" * 99, "got 150")):
        refused(TableError, lambda text=text: read_table(text, "regression", 50), "at most 50 points", fragment)


def test_an_unknown_task_is_refused(refused) -> None:
    refused(ValueError, lambda: read_table("1,2", "guessing"), "got 'guessing'")  # type: ignore[arg-type]


NAMES = st.text(max_size=8) | st.sampled_from(
    ["#x", "a;b", "a,b", '"q"', "1", "0,5", "nan", "information", " x", "a\tb"]
)


@given(st.data(), st.integers(1, 2), st.sampled_from(["regression", "classification"]))
def test_writing_and_reading_gives_the_same_points(data: st.DataObject, d: int, task: str) -> None:
    n = data.draw(st.integers(1, 8))
    X = data.draw(st.lists(st.lists(FINITE, min_size=d, max_size=d), min_size=n, max_size=n))
    values = FINITE if task == "regression" else st.sampled_from([-1.0, 1.0])
    y = data.draw(st.lists(values, min_size=n, max_size=n))
    given_names = data.draw(st.lists(NAMES, min_size=d + 1, max_size=d + 1))
    dataset = Dataset.create(X, y, task, feature_names=given_names[:-1], target_name=given_names[-1])  # type: ignore[arg-type]
    text = write_table(dataset)
    back = read_table(text, task)  # type: ignore[arg-type]
    assert np.array_equal(back.X, dataset.X)
    assert np.array_equal(back.y, dataset.y)
    assert back.note == ""
    assert write_table(back) == text


@pytest.mark.parametrize("name", DATASETS)
def test_presets_keep_their_names_in_a_table(name: str) -> None:
    dataset = load(name, n=10)
    back = read_table(write_table(dataset), dataset.task, name=name)
    assert back == dataset


@settings(max_examples=300)
@given(
    st.text(max_size=60) | st.lists(st.sampled_from([*"01.,;\t \n#\"'-eab"]), max_size=60).map("".join),
    st.sampled_from(["regression", "classification"]),
)
def test_any_text_is_a_table_or_a_table_error(outcome, text: str, task: str) -> None:
    result = outcome(TableError, lambda: read_table(text, task))  # type: ignore[arg-type]
    if isinstance(result, TableError):
        assert result.line is None or result.line >= 1
        assert " must " in str(result)
    else:
        assert result.n >= 1


def test_table_errors_keep_their_line_when_pickled() -> None:
    error = pickle.loads(pickle.dumps(TableError("no", 3)))
    assert (str(error), error.line) == ("no", 3)


CELLS = {
    "points": [["0.5", "1"], ["-1", "2.5"]],
    "decimal commas": [["0,5", "1"], ["-1,0", "2,5"]],
    "minus signs of typesetters": [["0.5", "1"], ["\u22121", "2.5"]],
    "blanks around and rows without anything": [[" 0.5", "1 "], ["", " "], ["-1", "2.5"]],
}
CELLS_REFUSED = {
    "a word": ([["0", "1"], ["one", "two"]], 2, "got 'one' in row 2"),
    "a word in the first row, which is no header": ([["x", "y"], ["0", "1"]], 1, "got 'x' in row 1"),
    "a gap, rows counted as they stand": ([["0", "1"], ["", ""], ["3", ""]], 3, "got an empty cell in row 3"),
    "both marks twice": ([["1.234,5.6", "1"]], 1, "got '1.234,5.6' in row 1"),
    "blanks in the wrong place": ([["1 23,5", "1"]], 1, "got '1 23,5' in row 1"),
    "a comma that may part thousands": ([["1,234", "1"]], 1, "got '1,234' in row 1", "write 1234 or 1.2340"),
    "no rows": ([["", ""]], None, "at least one row"),
}


@pytest.mark.parametrize("form", CELLS)
def test_cells_are_read_as_files_are(form: str) -> None:
    assert read_cells(CELLS[form], "regression") == Dataset.create([[0.5], [-1.0]], [1.0, 2.5], "regression", "table")


@pytest.mark.parametrize("kind", CELLS_REFUSED)
def test_cells_that_cannot_be_read_are_named_by_their_row(kind: str) -> None:
    cells, row, *parts = CELLS_REFUSED[kind]
    with pytest.raises(TableError) as caught:
        read_cells(cells, "regression")
    assert caught.value.line == row
    assert all(part in str(caught.value) for part in parts)


def test_one_cell_with_an_undoubted_decimal_comma_settles_what_the_others_mean() -> None:
    made = read_cells([["1,234", "1"], ["1,4", "2"]], "regression")
    assert made.X.ravel().tolist() == [1.234, 1.4]


def test_classes_in_cells_may_have_any_two_names() -> None:
    made = read_cells([["0,5", "no"], ["1", "yes"]], "classification")
    assert made.y.tolist() == [-1.0, 1.0]
    assert made.note == "Class 'no' is -1, class 'yes' is +1."
