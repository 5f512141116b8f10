"""Whatever goes wrong is said in one clear line on standard error, with an exit code that tells what kind it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import Run

from convexviz import cli
from convexviz.cli import messages

USED_WRONGLY = {
    "no such command": (["slove", "data.csv"], "No such command 'slove'. Did you mean 'solve'? See"),
    "no such option": (["solve", "data.csv", "--bet", "1"], "No such option: --bet"),
    "no data named": (["solve"], "Missing argument 'DATA'. See convexviz solve --help."),
    "beta is a word": (["solve", "data.csv", "--beta", "much"], "Invalid value for '--beta'"),
    "betas are words": (["path", "data.csv", "--betas", "1,x"], "must be numbers with commas between them"),
    "no such preset": (["figure", "/splines", "--preset", "wall"], "Invalid value for '--preset'"),
    "no name": (["figure", "/splines", "--out", "f.svg"], "add --name FIGURE"),
    "no name of a film": (["film", "/splines", "--out", "f.mp4"], "add --name FILM"),
    "no port": (["app", "--port", "0"], "Invalid value for '--port'"),
}
WRONG = {
    "missing file": (["solve", "nothere.csv"], "cannot read nothere.csv: No such file or directory."),
    "a folder": (["solve", "."], "cannot read .: Is a directory."),
    "bad column": (["solve", "data.csv", "--target", "z"], "data.csv: A column must be one of the table's, got 'z'"),
    "near miss": (["solve", "labels.csv", "--target", "hight"], "did you mean 'height'?"),
    "no such number": (["solve", "data.csv", "--columns", "7"], "got '7'; it has columns x, y"),
    "input and target": (["solve", "data.csv", "-t", "y", "-c", "x,y"], "column 'y' cannot be both input and target"),
    "beta 0": (["solve", "data.csv", "--beta", "0"], "beta must be a positive number, got 0.0"),
    "beta below 0": (["solve", "data.csv", "--beta", "-1"], "beta must be a positive number, got -1.0"),
    "no such loss": (["solve", "data.csv", "--loss", "hinj"], "loss must be one of squared, hinge"),
    "no such method": (["solve", "data.csv", "--method", "magic"], "method must be one of"),
    "classes that are words": (["solve", "labels.csv"], "Where 'kind' names classes, choose --loss hinge or logistic."),
    "too many classes": (["solve", "data.csv", "--loss", "hinge"], "--loss hinge tells two classes apart, column 'y'"),
    "no time": (["solve", "data.csv", "--time-limit", "0"], "time_limit must be positive seconds"),
    "no such folder": (["solve", "data.csv", "--json", "no/o.json"], "--json: there is no folder no to write o.json"),
    "a folder to write": (["solve", "data.csv", "--json", "."], "--json must name a file, . is a folder"),
    "over its input": (["solve", "data.csv", "--json", "data.csv"], "--json would write over data.csv"),
    "two in one": (["solve", "data.csv", "--json", "o", "--proof", "o"], "--proof both name o"),
    "two in a pipe": (["solve", "data.csv", "--json", "-", "--proof", "-"], "both name -"),
    "no such picture": (["solve", "data.csv", "--figure", "f.bmp"], "a picture must be one of svg, pdf, png, csv"),
    "other new inputs": (
        ["solve", "labels.csv", "-l", "hinge", "--predict", "data.csv"],
        "must have the columns width",
    ),
    "no such lesson": (["figure", "/nowhere"], "A link must name a lesson, like /splines?beta=0.1, got '/nowhere'"),
    "the home page": (["page", "http://127.0.0.1:8501/"], "got the home page; the lessons are splines, dual"),
    "no address": (["figure", "http://["], "A link must name a lesson"),
    "no such setting": (["figure", "/splines?beta=-1&foo=2"], "foo: no such setting. beta=-1: it must be a number"),
    "no such figure": (["figure", "/splines", "--name", "nope", "--out", "f.svg"], "has no picture 'nope'"),
    "no such film": (["film", "/geometry", "--name", "nope", "--out", "f.gif"], "has no film 'nope'"),
    "a figure as film": (
        ["film", "/splines", "--name", "beta", "--out", "f.svg"],
        "a film must be one of mp4, gif, zip",
    ),
    "no extension": (["figure", "/splines", "--name", "dual", "--out", "-"], "add --format svg"),
    "no zip": (["figure", "/splines", "--all", "--out", "f.svg"], "--all writes a zip, got f.svg"),
    "late": (["figure", "/race", "--time-limit", "0.01"], "is not ready after 0.01 s"),
}
TABLES = {
    "nothing": ("", "standard input: The table must have at least one row"),
    "a header alone": ("x,y\n", "The table must have at least one row"),
    "one column": ("1\n2\n", "the table must have a column to learn from beside '1'"),
    "a gap": ("x,y\n1,2\n3,\n", "Cells must hold numbers, got an empty cell in line 3; fill it or remove the row."),
    "nan": ("x,y\n1,2\n3,nan\n", "Numbers must be finite, got 'nan' in line 3"),
    "a short row": ("x,y\n1,2\n3\n", "Every row must have 2 columns like the first one, got 1 in line 3"),
    "an open quote": ('x,y\n1,"2\n', "Quotes must be closed"),
    "a packed file": (b"PK\x03\x04\x14", "The file must be text, got a ZIP archive"),
    "twice the same name": ("x,x\n1,2\n", "Each column must have a name of its own, got 'x' twice"),
    "huge": ("x,y\n1,2\n1e200,3\n", "1e+200"),
}


def one_line(err: str) -> str:
    """What standard error says, which is one line."""
    assert err.endswith("\n")
    assert err.count("\n") == 1, err
    assert err.startswith("convexviz: ")
    return err


@pytest.mark.parametrize(("arguments", "words"), USED_WRONGLY.values(), ids=USED_WRONGLY)
def test_a_command_line_that_cannot_be_read(run: Run, line: Path, arguments: list[str], words: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, b"")
    assert words in one_line(ran.err)


@pytest.mark.parametrize(("arguments", "words"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_done(run: Run, line: Path, flat: Path, arguments: list[str], words: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (1, b"")
    assert words in one_line(ran.err)
    assert sorted(path.name for path in Path().iterdir()) == ["data.csv", "labels.csv"]


@pytest.mark.parametrize(("table", "words"), TABLES.values(), ids=TABLES)
def test_a_table_that_cannot_be_used(run: Run, table: str | bytes, words: str) -> None:
    ran = run("solve", "-", stdin=table)
    assert (ran.code, ran.out) == (1, b"")
    assert words in one_line(ran.err)


def test_one_class_is_none(run: Run) -> None:
    ran = run("solve", "-", "--loss", "hinge", stdin="x,y\n1,a\n3,a\n")
    assert ran.code == 1
    assert "The column 'y' must hold two classes or more, got only 'a'" in one_line(ran.err)


def test_a_contradiction_is_said(run: Run) -> None:
    ran = run("solve", "-", "--loss", "interpolate", stdin="x,y\n0,0\n0,1\n1,1\n")
    assert ran.code == 1
    assert "points 1 and 2 at x = 0 ask for different values" in one_line(ran.err)


def test_nothing_but_a_line_even_for_a_fault_of_the_program(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(arguments: list[str]) -> int:
        raise KeyError("what\nis this")

    monkeypatch.setattr(cli, "commands", fault)
    ran = run("solve", "data.csv")
    assert ran.code == 1
    assert one_line(ran.err) == "convexviz: KeyError: 'what\\nis this'; --debug shows where.\n"
    ran = run("solve", "data.csv", "--debug")
    assert ran.err.startswith("Traceback (most recent call last):")
    assert ran.err.endswith("convexviz: KeyError: 'what\\nis this'; --debug shows where.\n")


def test_an_interruption_is_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "commands", interrupted)
    ran = run("solve", "data.csv")
    assert (ran.code, ran.err) == (130, "convexviz: interrupted\n")


@pytest.mark.parametrize(("missing", "wanted"), [("streamlit", "app"), ("plotly", "export")])
def test_a_missing_extra_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, missing: str, wanted: str) -> None:
    def absent(name: str) -> object:
        raise ModuleNotFoundError(f"No module named {missing!r}", name=f"{missing}.graph_objects")

    monkeypatch.setattr(messages, "import_module", absent)
    ran = run("figure", "/splines")
    assert ran.code == 1
    said = f'needs {missing}, which is not installed: pip install "convexviz[{wanted}]".'
    assert one_line(ran.err) == f"convexviz: this {said}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve", "data.csv", "--figure", "f.svg"],
        ["figure", "/splines", "--name", "dual", "--out", "f.pdf"],
        ["film", "/splines", "--name", "beta", "--out", "f.gif"],
    ],
)
def test_what_nobody_can_draw_is_said_before_any_work(
    run: Run, line: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    ran = run(*arguments)
    assert (ran.code, ran.out) == (1, b"")
    assert one_line(ran.err).startswith("convexviz: CHROMIUM is '/nowhere/chromium', which is no program.")


def test_a_module_of_nobody_is_a_fault_and_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModuleNotFoundError):
        messages.extra("convexviz.nowhere")
