"""The dialog with the points as numbers: an editable table, CSV pasted, uploaded and downloaded."""

from __future__ import annotations

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
    now = source_of.points(task)
    names = default_feature_names(now.X.shape[1])
    columns = dict(zip(names, now.X.T, strict=True)) | {"y": now.y.astype(int) if task == "classification" else now.y}
    target = st.column_config.SelectboxColumn("class", options=[-1, 1], required=True)
    number = st.column_config.NumberColumn("y", required=True, format="%.6g")
    edited = st.data_editor(
        pd.DataFrame(columns),
        num_rows="dynamic",
        hide_index=True,
        height=320,
        width="stretch",
        column_config={
            **{name: st.column_config.NumberColumn(name, required=True, format="%.6g") for name in names},
            "y": target if task == "classification" else number,
        },
        key="data-table",
    )
    if st.button("Apply the table", type="primary", key="apply-table"):
        rows = edited.dropna()
        if len(rows) < len(edited):
            st.error(f"{len(edited) - len(rows)} rows have an empty cell; fill all numbers or delete the row.")
        elif len(rows) > source.MAX_POINTS:
            st.error(f"The board holds at most {source.MAX_POINTS} points, got {len(rows)}; delete some rows.")
        else:
            numbers = rows.to_numpy(float)
            source_of.replace(task, Points(numbers[:, :-1], numbers[:, -1]))
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
        try:
            read = data.read_table(text, task, source.MAX_POINTS, dims=d)
        except ValueError as error:
            st.error(plain(str(error)))
            return
        source_of.replace(task, Points(np.asarray(read.X), np.asarray(read.y)))
        if read.note:
            st.toast(read.note)
        st.rerun()
