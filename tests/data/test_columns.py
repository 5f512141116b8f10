"""Tables of any width: columns by name or number, numbers and classes in them."""

from __future__ import annotations

import numpy as np
import pytest

from convexviz.data import TableError, read_columns


def test_columns_are_found_by_name_and_by_number() -> None:
    table = read_columns("a;b;c\n1,5;2;3\n4;5;6\n")
    assert (table.names, table.header, table.n) == (("a", "b", "c"), True, 2)
    np.testing.assert_array_equal(table.numbers(["c", "1"]), [[3, 1.5], [6, 4]])


def test_without_a_header_columns_are_called_by_their_numbers() -> None:
    table = read_columns("1 2 3\n4 5 6\n")
    assert (table.names, table.header) == (("1", "2", "3"), False)
    np.testing.assert_array_equal(table.numbers(["3"]), [[3], [6]])


def test_a_name_goes_before_a_number() -> None:
    table = read_columns("x,b,c\n1,2,3\n")
    assert table.place("2") == 1
    assert read_columns('"1st",b\n5,6\n').place("b") == 1


@pytest.mark.parametrize("name", ["d", "0", "4", "-1", "", "１"])
def test_a_column_that_there_is_not_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(TableError, match=r"it has columns a, b, c: (did you mean|name one of these)"):
        read_columns("a,b,c\n1,2,3\n").place(name)


def test_classes_are_in_the_order_of_numbers_or_of_words() -> None:
    codes, names = read_columns("x,y\n1,10\n2,9\n3,10.0\n").classes("y")
    assert (codes.tolist(), names) == ([1, 0, 1], ("9", "10"))
    codes, names = read_columns("x,y\n1,10\n2,9\n3,b\n").classes("y")
    assert (codes.tolist(), names) == ([0, 1, 2], ("10", "9", "b"))


def test_longer_tables_than_a_board_shows_are_read() -> None:
    table = read_columns("x,y\n" + "".join(f"{k},{2 * k}\n" for k in range(5000)))
    assert table.n == 5000
    assert table.numbers(["y"])[-1, 0] == 9998


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("", "at least one row", None),
        ("a,b\n", "at least one row", None),
        ("a,a\n1,2\n", "'a' twice", 1),
        ("a,\n1,2\n", "empty name in line 1", 1),
        ("1,2\n3,4,5\n", "Every row must have 2 columns like the first one, got 3 in line 2", 2),
    ],
)
def test_what_is_no_table_is_refused(text: str, words: str, line: int | None) -> None:
    with pytest.raises(TableError, match=words) as refused:
        read_columns(text)
    assert refused.value.line == line


@pytest.mark.parametrize(
    ("cell", "words"), [("", "an empty cell in line 3"), ("nan", "'nan' in line 3"), ("a", "only 'a'")]
)
def test_classes_need_a_name_each_and_two_of_them(cell: str, words: str) -> None:
    with pytest.raises(TableError, match=words):
        read_columns(f"x,y\n1,a\n2,{cell}\n").classes("y")
