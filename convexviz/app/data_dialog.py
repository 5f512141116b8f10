"""The dialog with the points as numbers: an editable table, CSV pasted, uploaded and downloaded."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from convexviz import data
from convexviz.app import source
from convexviz.app.errors import plain


@st.dialog("The points as numbers", width="large", icon=":material/table:")
def open_data(task: data.Task) -> None:
    """Edit, paste, upload or download the points of a task; nothing changes before Apply."""
    table, text = st.tabs(["Table", "CSV"], key="data-tabs")
    with table:
        _table(task)
    with text:
        _csv(task)


def _table(task: data.Task) -> None:
    x, y = source.xy(task)
    target = st.column_config.SelectboxColumn("class", options=[-1, 1], required=True)
    number = st.column_config.NumberColumn("y", required=True, format="%.6g")
    edited = st.data_editor(
        pd.DataFrame({"x": x, "y": y.astype(int) if task == "classification" else y}),
        num_rows="dynamic",
        hide_index=True,
        height=320,
        width="stretch",
        column_config={
            "x": st.column_config.NumberColumn("x", required=True, format="%.6g"),
            "y": target if task == "classification" else number,
        },
        key="data-table",
    )
    if st.button("Apply the table", type="primary", key="apply-table"):
        rows = edited.dropna()
        if len(rows) < len(edited):
            st.error(f"{len(edited) - len(rows)} rows have an empty cell; fill both numbers or delete the row.")
        elif len(rows) > source.MAX_POINTS:
            st.error(f"The board holds at most {source.MAX_POINTS} points, got {len(rows)}; delete some rows.")
        else:
            source.replace(task, rows.to_numpy(float))
            st.rerun()


def _csv(task: data.Task) -> None:
    x, y = source.xy(task)
    now = data.write_table(data.Dataset.create(x[:, None], y, task)) if len(x) else "x,y\n"
    upload = st.file_uploader("Upload a CSV file", type=["csv", "tsv", "txt"], key="csv-file")
    pasted = st.text_area("or paste the rows here", placeholder="x,y\n0.1,1.2\n0.2,0.9", height=150, key="csv-text")
    apply, download = st.columns(2)
    download.download_button("Download the points", now, "points.csv", "text/csv", key="csv-download", width="stretch")
    if apply.button("Use these rows", type="primary", key="apply-csv", width="stretch"):
        text = upload.getvalue() if upload is not None else pasted
        try:
            read = data.read_table(text, task, source.MAX_POINTS)
            if read.d != 1:
                raise data.TableError(f"The table must have two columns, x and y; got {read.d + 1}. Remove a column.")
        except ValueError as error:
            st.error(plain(str(error)))
            return
        source.replace(task, np.column_stack([read.X[:, 0], read.y]))
        if read.note:
            st.toast(read.note)
        st.rerun()
