"""The dialog with the points as numbers: an editable table, CSV pasted, uploaded and downloaded."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st

from convexviz import data
from convexviz.app.shell import source
from convexviz.app.shell.errors import plain
from convexviz.app.shell.source import Points, PointSource
from convexviz.data.dataset import default_feature_names

EXAMPLES = {1: "x,y\n0.1,1.2\n0.2,0.9", 2: "x1,x2,y\n0.1,0.5,1\n0.2,-0.4,-1"}


@st.dialog("The points as numbers", width="large", icon=":material/table:")
def open_data(task: data.Task, points: PointSource = source.line) -> None:
    """Edit, paste, upload or download the points of a task; nothing changes before Apply."""
    table, text = st.tabs(["Table", "CSV"], key="data-tabs")
    with table:
        _table(task, points)
    with text:
        _csv(task, points)


def _table(task: data.Task, source_of: PointSource) -> None:
    """Cells are text, read by the reader of files: a column of numbers would drop the comma of a decimal pasted in."""
    now = source_of.points(task)
    names = [*default_feature_names(now.X.shape[1]), "y"]
    edited = st.data_editor(
        pd.DataFrame(cells_of(now, task), columns=names, dtype=str),
        num_rows="dynamic",
        hide_index=True,
        height=320,
        width="stretch",
        column_config={
            **{name: st.column_config.TextColumn(name) for name in names},
            "y": st.column_config.TextColumn("class" if task == "classification" else "y"),
        },
        key="data-table",
    )
    if st.button("Apply the table", type="primary", key="apply-table"):
        rows = edited.fillna("").astype(str).to_numpy().tolist()
        if any(any(row) for row in rows):
            _take(lambda: data.read_cells(rows, task, source.MAX_POINTS, dims=now.X.shape[1]), task, source_of)
        else:
            source_of.replace(task, Points(now.X[:0], now.y[:0]))
            st.rerun()


def cells_of(points: Points, task: data.Task) -> list[list[str]]:
    """The points as the text that stands in the cells: every digit of them."""
    targets = [str(int(y)) for y in points.y] if task == "classification" else list(map(repr, points.y.tolist()))
    return [[*map(repr, x), y] for x, y in zip(points.X.tolist(), targets, strict=True)]


def _take(read: Callable[[], data.Dataset], task: data.Task, source_of: PointSource) -> None:
    """Put what is read on the board, or say why it cannot be read."""
    try:
        found = read()
    except ValueError as error:
        st.error(plain(str(error)))
        return
    unnamed = found.feature_names == default_feature_names(found.d)  # what had names keeps them
    names = () if unnamed else (*found.feature_names, found.target_name)
    source_of.replace(task, Points(np.asarray(found.X), np.asarray(found.y)), names=names)
    if found.note:
        st.toast(found.note)
    st.rerun()


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
        _take(lambda: data.read_table(text, task, source.MAX_POINTS, dims=d), task, source_of)
