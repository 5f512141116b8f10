"""The chooser: which columns of a sheet are the points, which class is +1, and what becomes of too many rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from convexviz import data
from convexviz.app.shell import source, state
from convexviz.app.shell.own_data import words
from convexviz.app.shell.source import PointSource
from convexviz.core.losses import LOSSES

PREVIEW = 5  # rows
KINDS = {"number": "numbers", "date": "dates", "class": "classes", "text": "text", "index": "counts the rows"}
Way = Literal["sample", "average"]
FEWER: dict[Way, str] = {
    "sample": "a random sample",
    "average": "means of neighbours, weighted by how many rows each stands for",
}


@dataclass(frozen=True)
class Asked:
    """What is wanted of a sheet: the task, the board, and names that tell this chooser's widgets from others.

    `file` is what the command line is to read.
    """

    task: data.Task
    board: PointSource
    dims: int
    key: str
    file: str


def spare(sheet: data.Sheet, asked: Asked) -> bool:
    """Whether the sheet has more columns than the points need, so that somebody has to choose."""
    return len([column for column in sheet.columns if column.kind != "empty"]) > asked.dims + 1


def points_of(sheet: data.Sheet, asked: Asked) -> data.Taken:
    """The points in the columns that are chosen on the page, at most as many as the board takes.

    TableError where there are none.
    """
    wide = spare(sheet, asked)
    with st.expander("Columns", expanded=wide, key=f"{asked.key}-columns", icon=":material/view_column:"):
        first = _suggestion(sheet, asked)
        st.dataframe(_preview(sheet), hide_index=True, height="content")
        choice, positive = _choice(sheet, asked, first)
    taken = sheet.points(choice, asked.task, positive=positive)
    if taken.dataset.n > source.MAX_POINTS:
        return _fewer(taken, choice, asked)
    return taken


def _suggestion(sheet: data.Sheet, asked: Asked) -> data.Choice:
    """Columns to begin with; where none fit, the first ones, so that what is wrong with them is said."""
    try:
        return sheet.suggest(asked.task, asked.dims)
    except data.TableError:
        if len(sheet.columns) <= asked.dims:
            raise
        *features, target = sheet.names[: asked.dims + 1]
        return data.Choice(tuple(features), target)


def _preview(sheet: data.Sheet) -> dict[str, list[str]]:
    head = sheet.head(PREVIEW)
    return {column.label: [row[k] for row in head] for k, column in enumerate(sheet.columns)}


def _choice(sheet: data.Sheet, asked: Asked, first: data.Choice) -> tuple[data.Choice, str | None]:
    """The choice as the page has it, and the class that is +1; None for the reader's own."""
    classes = asked.task == "classification"
    roles = ["x"] if asked.dims == 1 else ["x₁", "x₂"]
    cells = st.columns(asked.dims + 2)
    features = tuple(
        _select(cell, role, sheet, asked, name) for cell, role, name in zip(cells, roles, first.features, strict=False)
    )
    target = _select(cells[asked.dims], "class" if classes else "y", sheet, asked, first.target)
    weight = _select(cells[-1], "weight", sheet, asked, first.weight) if asked.board.weighted else ""
    positive = _positive(sheet.column(target), asked) if classes else None
    return data.Choice(features, target, weight or None), positive


def _select(cell: Any, role: str, sheet: data.Sheet, asked: Asked, first: str | None) -> str:
    optional = role == "weight"
    names = [*([""] if optional else []), *(c.name for c in sheet.columns if c.kind != "empty" or c.name == first)]
    chosen: str = cell.selectbox(
        role,
        names,
        index=names.index(first or "") if (first or "") in names else 0,
        format_func=lambda name: _told(sheet.column(name)) if name else "none: each counts once",
        key=f"{asked.key}-{role}",
    )
    return chosen


def _told(column: data.Column) -> str:
    gaps = f", {column.gaps} {'gap' if column.gaps == 1 else 'gaps'}" if column.gaps else ""
    return f"{column.label} ({KINDS.get(column.kind, column.kind)}{gaps})"


def _positive(column: data.Column, asked: Asked) -> str | None:
    """The class that becomes +1; a column whose classes are +1 and −1, or none, needs no choice."""
    found = sorted({cell for cell, gap in zip(column.cells, column.missing, strict=True) if not gap})
    if column.kind != "class" or not 2 <= len(found) <= 20 or set(found) <= {"-1", "1", "+1"}:
        return None
    if len(found) == 2:
        usual = "by their order"
        chosen = st.selectbox("class +1", [usual, *found], key=f"{asked.key}-positive")
        return None if chosen == usual else chosen
    return st.selectbox("class +1 (all others are −1)", found, key=f"{asked.key}-positive")


def _fewer(taken: data.Taken, choice: data.Choice, asked: Asked) -> data.Taken:
    """Fewer points than the board cannot hold, in a way that is chosen; the command that takes them all."""
    n = taken.dataset.n
    st.info(f"The table has {n} points, the board takes {source.MAX_POINTS}. Show", icon=":material/compress:")
    ways: list[Way] = ["sample", "average"] if asked.board.weighted else ["sample"]
    key = f"{asked.key}-fewer"
    how = st.radio("Fewer points", ways, format_func=lambda way: FEWER[way], key=key, label_visibility="collapsed")
    st.caption(f"All {n} are solved on the command line:")
    settings = state.current().settings
    beta = None if LOSSES[settings.loss].constrained else settings.beta
    st.code(words.command(asked.file, choice, settings.loss, beta), language="bash", wrap_lines=True)
    return data.thinned(taken, source.MAX_POINTS, how)
