"""The dialog without a browser: names in links, what replaces what, the command for all rows, faults as a list."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import pytest

from convexviz import data
from convexviz.app.shell import link
from convexviz.app.shell.own_data import dialog, words
from convexviz.app.shell.own_data.kept import Kept
from convexviz.app.shell.source import Points
from convexviz.cli import problem
from convexviz.figures.dates import DayAxis

TEXT = link.points_to_text(np.array([[1.0, 2.0], [3.0, 4.5]]), (0.0, 4.0, 0.0, 5.0))


def test_a_link_keeps_the_names_of_columns_and_which_are_dates() -> None:
    text = link.with_names(link.with_weights(TEXT, [1.0, 2.5]), (DayAxis("day"), "price (€)"))
    names = link.names_in(text, 2)
    assert names == ("day", "price (€)")
    assert [isinstance(name, DayAxis) for name in names] == [True, False]
    points, weights = link.split_weights(text)
    assert (points, weights.tolist() if weights is not None else None) == (TEXT, [1.0, 2.5])
    assert link.text_to_points(link.with_names(TEXT, ("a", "b")))[0].tolist() == [[1.0, 2.0], [3.0, 4.5]]


@pytest.mark.parametrize("tail", ["~", "~n", "~na", "~na~nb~nc", "~za~nb", f"~na~n{'b' * 999}", "~na~n\x07"])
def test_damaged_names_are_left_out_and_harm_nothing(tail: str) -> None:
    assert link.names_in(TEXT + tail, 2) == ()
    assert link.text_to_points(TEXT + tail)[0].tolist() == [[1.0, 2.0], [3.0, 4.5]]


def test_a_name_that_a_link_cannot_hold_is_made_to_fit() -> None:
    [name] = link.names_in(link.with_names(TEXT, ("a~b\nc" + "d" * 99,)), 1)
    assert name == ("a-b c" + "d" * 99)[: link.LONGEST]


def test_a_file_replaces_a_text_and_a_text_a_file() -> None:
    held = Kept()
    held.take_text("x,y\n1,2")
    held.take_upload("a.csv", b"x,y\n3,4")
    assert (held.source, held.text, held.replaced) == (b"x,y\n3,4", "", "the pasted text")
    held.take_text("x,y\n5,6")
    assert (held.source, held.upload, held.replaced) == ("x,y\n5,6", None, "the file a.csv")
    held.drop()
    assert held.source is None


@pytest.mark.parametrize("header", ["day,price,count", '"a, b",y,"it\'s"'])
def test_the_command_for_the_whole_table_reads_the_same_points(tmp_path: Path, header: str) -> None:
    file = tmp_path / "all points.csv"
    file.write_text(f"{header}\n1,2,3\n2,1,1\n4,0.5,2\n")
    sheet = data.read_sheet(file.read_bytes())
    choice = data.Choice((sheet.names[0],), sheet.names[1], sheet.names[2])
    given = shlex.split(words.command(str(file), choice, "huber", 0.25))
    assert given[:3] == ["convexviz", "solve", str(file)]
    options = dict(zip(given[3::2], given[4::2], strict=True))
    assert (options["--loss"], options["--beta"]) == ("huber", "0.25")
    read = problem.problem(given[2], "huber", options["--target"], options["--columns"], options["--weights"])
    taken = sheet.points(choice, "regression")
    assert (read.X.tolist(), read.y.tolist()) == (taken.dataset.X.tolist(), taken.dataset.y.tolist())
    assert taken.weights is not None
    assert read.weights.tolist() == taken.weights.tolist()


def test_all_faults_are_listed_with_their_lines() -> None:
    sheet = data.read_sheet("x,y\n1,2\nfoo,3\n4,5\n6,bar\n7,8\n")
    with pytest.raises(data.TableError) as caught:
        sheet.points(sheet.suggest("regression", 1), "regression")
    told = words.faults(caught.value)
    assert told.startswith("2 things")
    assert "line 3" in told
    assert "line 5" in told


def test_cells_hold_dates_and_every_digit_and_come_back_as_they_were() -> None:
    points = Points(np.array([[19000.0], [19000.5]]), np.array([0.1, 1 / 3]))
    cells = dialog.cells_of(points, "regression", (DayAxis("day"), "y"))
    assert [row[0] for row in cells] == ["2022-01-08", "2022-01-08 12:00"]
    back = data.read_sheet(cells).points(data.Choice(("1",), "2"), "regression").dataset
    assert back.X.tolist() == points.X.tolist()
    assert back.y.tolist() == points.y.tolist()
