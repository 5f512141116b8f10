"""The dialog with the points as numbers: an editable table, CSV pasted, uploaded and downloaded."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from convexviz import data
from convexviz.app.shell import source
from convexviz.app.shell.errors import plain
from convexviz.app.shell.source import Points, PointSource
from convexviz.data.dataset import default_feature_names

EXAMPLES = {1: "x,y\n0.1,1.2\n0.2,0.9", 2: "x1,x2,y\n0.1,0.5,1\n0.2,-0.4,-1"}
PLAIN = re.compile(r"[^#\t\r\n\"]*")  # what a cell may hold without becoming a comment, or several cells


@st.dialog("The points as numbers", width="large", icon=":material/table:")
def open_data(task: data.Task, points: PointSource = source.line) -> None:
    """Edit, paste, upload or download the points of a task; nothing changes before Apply."""
    table, text = st.tabs(["Table", "CSV"], key="data-tabs")
    with table:
        _table(task, points)
    with text:
        _csv(task, points)


def _table(task: data.Task, source_of: PointSource) -> None:
    """Numbers are text here, read as CSV is: a column of numbers would take the comma of a pasted 1,4 for nothing."""
    now = source_of.points(task)
    names = default_feature_names(now.X.shape[1])
    classes = task == "classification"
    written: dict[str, Any] = {
        name: pd.Series([repr(value) for value in column], dtype="string")
        for name, column in zip(names, now.X.T.tolist(), strict=True)
    }
    heights = now.y.astype(int) if classes else pd.Series([repr(y) for y in now.y.tolist()], dtype="string")
    target = st.column_config.SelectboxColumn("class", options=[-1, 1])
    edited = st.data_editor(
        pd.DataFrame(written | {"y": heights}),
        num_rows="dynamic",
        hide_index=True,
        height=320,
        width="stretch",
        column_config={
            **{name: st.column_config.TextColumn(name) for name in names},
            "y": target if classes else st.column_config.TextColumn("y"),
        },
        key="data-table",
    )
    if st.button("Apply the table", type="primary", key="apply-table"):
        try:
            points = read_cells(edited)
        except ValueError as error:
            st.error(plain(str(error)))
            return
        source_of.replace(task, points)
        st.rerun()


def read_cells(edited: pd.DataFrame) -> Points:
    """The points of an edited table, by the reader of CSV; ValueError names the row at fault. Empty rows are left out.

    A comma in a number is its decimal sign, as it is in a file with tabs.
    """
    d = edited.shape[1] - 1
    cells = [[cell_text(cell) for cell in row] for row in edited.itertuples(index=False)]
    rows = [(k, row) for k, row in enumerate(cells, start=1) if any(row)]
    if not rows:
        return Points(np.empty((0, d)), np.empty(0))
    for k, row in rows:
        odd = next((cell for cell in row if not PLAIN.fullmatch(cell)), None)
        if odd is not None:
            raise ValueError(f"Cells must hold one number each, got {odd[:30]!r} in row {k}; write it as 0.5.")
    text = "\n".join("\t".join(row) for row in [[*default_feature_names(d), "y"], *(row for _, row in rows)])
    try:
        read = data.read_table(text, "regression", source.MAX_POINTS, dims=d)  # classes were chosen, and are numbers
    except data.TableError as error:
        if error.line is None:
            raise
        row = rows[error.line - 2][0]  # the header is the first line
        raise ValueError(str(error).replace(f"line {error.line}", f"row {row}")) from None
    return Points(np.asarray(read.X), np.asarray(read.y))


def cell_text(cell: Any) -> str:
    """A cell of the table as it was typed, "" for an empty one."""
    return "" if cell is None or cell is pd.NA or cell != cell else str(cell).strip()


def _csv(task: data.Task, source_of: PointSource) -> None:
    now = source_of.points(task)
    d = now.X.shape[1]
    empty = ",".join([*default_feature_names(d), "y"]) + "\n"
    written = data.write_table(data.Dataset.create(now.X, now.y, task)) if len(now.y) else empty
    upload = st.file_uploader("Upload a CSV file", type=["csv", "tsv", "txt"], key="csv-file")
    pasted = st.text_area("or paste the rows here", placeholder=EXAMPLES[d], height=150, key="csv-text")
    apply, download = st.columns(2)
    download.download_button(
        "Download the points", written, "points.csv", "text/csv", key="csv-download", width="stretch"
    )
    if apply.button("Use these rows", type="primary", key="apply-csv", width="stretch"):
        text = upload.getvalue() if upload is not None else pasted
        try:
            read = data.read_table(text, task, source.MAX_POINTS, dims=d)
        except ValueError as error:
            st.error(plain(str(error)))
            return
        names = (*read.feature_names, read.target_name)
        source_of.replace(task, Points(np.asarray(read.X), np.asarray(read.y)), names=names)
        if read.note:
            st.toast(read.note)
        st.rerun()
