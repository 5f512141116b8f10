"""The dialog with the points as numbers: an editable table, or text and files, pasted, uploaded and downloaded.

Nothing changes before Apply, which the board can undo. What was typed is kept while the dialog is closed (`kept`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from convexviz import data
from convexviz.app.components import board
from convexviz.app.shell import source
from convexviz.app.shell.own_data import choosing, kept, words
from convexviz.app.shell.own_data.choosing import Asked
from convexviz.app.shell.own_data.kept import Cells, Kept
from convexviz.app.shell.source import Points, PointSource
from convexviz.data.dataset import default_feature_names
from convexviz.figures.dates import DayAxis, day_text

EXAMPLES = {1: "day,price (€)\n2024-05-01,1.2\n2024-05-02,0.9", 2: "x1,x2,y\n0.1,0.5,1\n0.2,-0.4,-1"}
FILES = ["csv", "tsv", "txt", "tab", "dat"]
SPARE = 5  # empty columns beside those of the points: room for what is pasted
A_MINUTE = 1 / 1440  # of a day


def open_data(task: data.Task, points: PointSource = source.line) -> None:
    """Edit, paste, upload or download the points of a task; nothing changes before Apply."""
    held, now = kept.of(points.state_key(task)), board.current(points.state_key(task))
    if held.cells is None or held.stamp != (now.gen, now.rev):
        held.cells, held.stamp = cells_of(points.points(task), task, points.names(task)), (now.gen, now.rev)
    held.base, held.turn, held.replaced = held.cells, held.turn + 1, ""
    _dialog(task, points)


@st.dialog("The points as numbers", width="large", icon=":material/table:")
def _dialog(task: data.Task, points: PointSource) -> None:
    held = kept.of(points.state_key(task))
    table, text = st.tabs(["Table", "CSV: text or file"], key="data-tabs")
    with table:
        _table(task, points, held)
    with text:
        _text(task, points, held)


# ---------------------------------------------------------------- the table


def _table(task: data.Task, board_of: PointSource, held: Kept) -> None:
    """Cells are text, read by the reader of files: a column of numbers would drop the comma of a decimal pasted in."""
    names = board_of.names(task)
    held.cells = _edited(names, held)
    asked = Asked(task, board_of, len(names) - 1, f"table-{held.turn}", "points.csv")
    apply, empty = st.columns(2)
    used = apply.button("Apply the table", type="primary", key="apply-table", width="stretch")
    empty.button("Empty the table", key="empty-table", on_click=_empty, args=(held,), width="stretch")
    if not any(cell.strip() for row in held.cells for cell in row):
        if used:
            points = board_of.points(task)
            board_of.replace(task, Points(points.X[:0], points.y[:0]))
            st.rerun()
        st.caption("Paste cells from a spreadsheet into the first cell: with or without a row of names.")
        return
    _offer(held.cells, asked, held, used)


def _edited(names: tuple[str, ...], held: Kept) -> Cells:
    """The table as it stands, without the columns to the right in which nothing is."""
    width = max(len(names) + SPARE, *map(len, held.base), 0)
    columns = [*names, *(f"column {k}" for k in range(len(names) + 1, width + 1))]
    frame = pd.DataFrame([[*row, *[""] * (width - len(row))] for row in held.base], columns=range(width), dtype=str)
    edited = st.data_editor(
        frame.rename(columns=str),
        num_rows="dynamic",
        hide_index=True,
        height=300,
        width="stretch",
        column_config={str(k): st.column_config.TextColumn(name, default="") for k, name in enumerate(columns)},
        key=f"data-table-{held.turn}",
    )
    rows = edited.fillna("").astype(str).to_numpy().tolist()
    used = max((k + 1 for row in rows for k, cell in enumerate(row) if cell.strip()), default=0)
    return [row[: max(used, len(names))] for row in rows]


def _empty(held: Kept) -> None:
    held.base = held.cells = [[""]]
    held.turn += 1


def cells_of(points: Points, task: data.Task, names: tuple[str, ...]) -> Cells:
    """The points as the text that stands in the cells: every digit of them, days as dates."""
    targets = [str(int(y)) for y in points.y] if task == "classification" else list(map(repr, points.y.tolist()))
    inputs = [
        [day_text(x, A_MINUTE) if isinstance(name, DayAxis) else repr(x) for x in column]
        for name, column in zip(names, points.X.T.tolist(), strict=False)
    ]
    weights = [] if points.weights is None else [list(map(repr, points.weights.tolist()))]
    rows = [list(row) for row in zip(*inputs, targets, *weights, strict=True)]
    return [[*names, "weights"], *rows] if weights and rows else rows


# ---------------------------------------------------------------- text and files


def _text(task: data.Task, board_of: PointSource, held: Kept) -> None:
    d = len(board_of.names(task)) - 1
    upload = f"csv-file-{held.turn}"
    st.file_uploader("Upload a CSV file", type=FILES, key=upload, on_change=_uploaded, args=(held, upload))
    pasted = f"csv-text-{held.turn}"
    with st.container(key="csv-text"):
        st.text_area(
            "or paste the rows here",
            value=held.text,
            placeholder=EXAMPLES[d],
            height=140,
            key=pasted,
            on_change=_pasted,
            args=(held, pasted),
        )
    apply, download = st.columns(2)
    used = apply.button("Use these rows", type="primary", key="apply-csv", width="stretch")
    _download(task, board_of, download)
    source_ = held.source
    if source_ is None:
        if used:
            st.error("There are no rows yet: upload a file, or paste rows above.")
        return
    _in_use(held)
    asked = Asked(
        task, board_of, d, f"csv-{held.turn}-{hash(source_)}", held.upload[0] if held.upload else "points.csv"
    )
    _offer(source_, asked, held, used)


def _uploaded(held: Kept, key: str) -> None:
    file = st.session_state.get(key)
    if file is not None:
        held.take_upload(file.name, file.getvalue())


def _pasted(held: Kept, key: str) -> None:
    held.take_text(st.session_state.get(key, ""))


def _in_use(held: Kept) -> None:
    """Which of the two is used, what it has replaced, and a way to drop it."""
    name = f"the file {held.upload[0]}" if held.upload else "the pasted text"
    instead = f", in place of {held.replaced}" if held.replaced else ""
    line, drop = st.columns([0.75, 0.25], vertical_alignment="center")
    line.markdown(f"**In use:** {words.notes([name + instead])}.")
    drop.button("Remove", key="drop-csv", on_click=held.drop, width="stretch")


def _download(task: data.Task, board_of: PointSource, place: st.delta_generator.DeltaGenerator) -> None:
    """The points with the names of their columns, dates as dates."""
    now, names = board_of.points(task), board_of.names(task)
    rows = cells_of(now, task, names)
    named = (*names[:-1], "class") if task == "classification" and names[-1] == "y" else names
    header = [] if rows and now.weights is not None else [list(named)]
    written = pd.DataFrame([*header, *rows]).to_csv(index=False, header=False, lineterminator="\n")
    place.download_button("Download the points", written, "points.csv", "text/csv", key="csv-download", width="stretch")


# ---------------------------------------------------------------- what both have in common


def _offer(given: str | bytes | Cells, asked: Asked, held: Kept, used: bool) -> None:
    """Read what is given, let its columns be chosen, and put the points on the board when that is asked for."""
    try:
        sheet = held.sheet(given)
        wide, seen = choosing.spare(sheet, asked), asked.key in held.seen
        taken = choosing.points_of(sheet, asked)
    except data.TableError as error:
        st.error(words.faults(error))
        return
    held.seen.add(asked.key)
    if used and wide and not seen:
        st.info("There are more columns than the points need. Choose above which ones, then use the rows again.")
    elif used:
        _put(taken, sheet, asked)
    told = words.notes([*sheet.notes, *taken.notes])
    st.caption(f"{taken.dataset.n} {'point' if taken.dataset.n == 1 else 'points'}. {told}")


def _put(taken: data.Taken, sheet: data.Sheet, asked: Asked) -> None:
    """The points on the board, with the names that the table gives its columns."""
    made = taken.dataset
    names = (*made.feature_names, made.target_name) if sheet.header else _unnamed(asked)
    dates = {column.label for column in sheet.columns if column.kind == "date"} if sheet.header else set()
    called = tuple(DayAxis(name) if name in dates else str(name) for name in names)
    if not sheet.header:
        kinds = {column.name: column.kind for column in sheet.columns}
        called = tuple(_as_kind(name, kinds.get(str(k))) for k, name in enumerate(names, 1))
    asked.board.replace(asked.task, Points(np.asarray(made.X), np.asarray(made.y), taken.weights), names=called)
    if taken.notes:
        st.toast(words.notes(taken.notes))
    st.rerun()


def _as_kind(name: str, kind: str | None) -> str:
    return DayAxis(name) if kind == "date" else str(name)


def _unnamed(asked: Asked) -> tuple[str, ...]:
    """The names that stay: of the table those of the board, of a text those that everything without names has."""
    if asked.key.startswith("table"):
        return asked.board.names(asked.task)
    return (*default_feature_names(asked.dims), "y")
