"""What is written: CSV that equals the figure, names that say what is in a file, a zip with everything."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from convexviz.export import bundle, export, file_name, rendered, styled
from convexviz.export.tables import table

SCATTER: dict[str, Any] = {
    "data": [
        {
            "type": "scatter",
            "name": "N<sub>v</sub>",
            "x": np.array([0.1, np.nan, 1 / 3]),
            "y": np.array([1.0, np.nan, 2.0]),
        },
        {"type": "scatter", "x": [1, 2], "y": [None, 3.5], "yaxis": "y2"},
        {"type": "scatter", "visible": False, "x": [0], "y": [0]},
    ],
    "layout": {
        "xaxis": {"title": {"text": "kink, position"}},
        "yaxis": {"title": {"text": "weights"}},
        "yaxis2": {"title": "neurons"},
        "meta": {"alt": "A dual function."},
    },
}


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_the_numbers_are_those_of_the_figure() -> None:
    assert rows(table(SCATTER)) == [
        ["trace", "x (kink, position)", "y (weights; neurons)"],
        ["Nv", "0.1", "1.0"],
        ["Nv", "", ""],
        ["Nv", repr(1 / 3), "2.0"],
        ["trace 2", "1", ""],
        ["trace 2", "2", "3.5"],
    ]
    assert table(SCATTER).count(b"\r\n") == 6
    assert table(go.Figure(SCATTER["data"][:1])) == table({"data": SCATTER["data"][:1]})


def test_a_map_has_a_row_for_each_cell() -> None:
    z = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, np.nan]])
    by_step = {"type": "heatmap", "name": "map", "z": z, "x0": 0.5, "dx": 2, "y": [7.0, 8.0]}
    found = rows(table({"data": [by_step], "layout": {}}))
    assert found[0] == ["trace", "x", "y", "z"]
    assert found[1] == ["map", "0.5", "7.0", "1.0"]
    assert found[6] == ["map", "4.5", "8.0", ""]


@pytest.mark.parametrize("name", ["splines", "rank-one", "race", "digits"])
def test_the_table_of_a_lesson_holds_every_number_of_every_trace(shown: dict[str, dict[str, Any]], name: str) -> None:
    for spec in shown[name].values():
        found = rows(table(spec))
        letters = [head[0] for head in found[0][1:]]
        for letter in letters:
            held = [row[1 + letters.index(letter)] for row in found[1:]]
            numbers = sorted(float(value) for value in held if value)
            assert numbers == pytest.approx(sorted(_all_numbers(spec, letter)), rel=1e-15, abs=1e-15)


def _all_numbers(spec: dict[str, Any], letter: str) -> list[float]:
    """Counted here again, another way: by broadcasting."""
    found: list[float] = []
    for trace in spec["data"]:
        if trace.get("visible", True) is not True:
            continue
        values = trace.get(letter)
        if trace["type"] in {"heatmap", "surface"}:
            shape = np.shape(trace.get("z") if trace.get("z") is not None else np.empty((0, 0)))
            if letter != "z" and np.prod(shape):
                along = 1 if letter == "x" else 0
                steps = trace.get(f"{letter}0", 0) + trace.get(f"d{letter}", 1) * np.arange(shape[along])
                line = steps if values is None else np.asarray(values, float)
                values = np.broadcast_to(line if along else line[:, None], shape)
        if values is not None:
            flat = np.asarray([np.nan if v is None else v for v in np.ravel(values)], float)
            found += flat[np.isfinite(flat)].tolist()
    return found


def test_names_say_what_is_in_a_file() -> None:
    name = file_name("splines", "dual", {"beta": "0.2", "points": "AAAA" * 50}, "svg")
    assert name == "convexviz-splines-dual-beta-0.2.svg"
    assert file_name("splines", "dual", ["beta 0.2", "slide", "dark"], ".svg") == (
        "convexviz-splines-dual-beta-0.2-slide-dark.svg"
    )
    assert file_name("Rang Eins", "a/b: ß β", [], "csv") == "convexviz-rang-eins-a-b-beta.csv"
    assert len(file_name("x" * 60, "y" * 60, ["z" * 60], "png")) < 130


@dataclass
class Scene:
    """What a scene of the app looks like from here."""

    address: str = "splines"
    title: str = "Splines"
    claim: str = "A *linear spline* is best."
    query: dict[str, str] = field(default_factory=lambda: {"beta": "0.2"})
    code: str = "print('the same')\n"
    link: str = "/splines?beta=0.2"
    certificate: dict[str, Any] = field(default_factory=lambda: {"status": "certified", "gap": np.float64("inf")})
    shown: dict[str, Any] = field(default_factory=lambda: {"board": SCATTER, "dual": SCATTER})

    def pictures(self) -> dict[str, Any]:
        return self.shown


def test_a_zip_holds_all_figures_and_says_what_is_what() -> None:
    told: list[tuple[float, str]] = []

    def draw(spec: Any, form: str, scale: float) -> bytes:
        assert spec == styled(SCATTER, "half", "dark")
        return b"drawn"

    made = bundle(
        Scene(), preset="half", theme="dark", form="pdf", draw=draw, tell=lambda share, name: told.append((share, name))
    )
    archive = zipfile.ZipFile(io.BytesIO(made))
    assert archive.testzip() is None
    assert archive.namelist() == [
        "convexviz-splines-board-beta-0.2-half-dark.pdf",
        "convexviz-splines-board-beta-0.2.csv",
        "convexviz-splines-dual-beta-0.2-half-dark.pdf",
        "convexviz-splines-dual-beta-0.2.csv",
        "script.py",
        "certificate.json",
        "README.txt",
    ]
    assert told == [(0.0, "board"), (0.5, "dual")]
    assert archive.read("script.py") == Scene().code.encode()
    assert json.loads(archive.read("certificate.json")) == {"status": "certified", "gap": None}
    readme = archive.read("README.txt").decode()
    assert all(name in readme for name in archive.namelist()[:-1])
    assert "/splines?beta=0.2" in readme
    assert "A linear spline is best." in readme


def test_numbers_need_no_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere")
    path = export(Scene(), tmp_path / "fig.csv", name="dual")
    assert path.read_bytes() == table(SCATTER)
    held = zipfile.ZipFile(io.BytesIO(bundle(Scene(), form="csv"))).namelist()
    assert [name for name in held if name.endswith(".csv")] == [
        "convexviz-splines-board-beta-0.2.csv",
        "convexviz-splines-dual-beta-0.2.csv",
    ]


def test_what_cannot_be_exported_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="svg, pdf, png, csv"):
        export(SCATTER, tmp_path / "fig.gif")
    with pytest.raises(ValueError, match="board, dual"):
        export(Scene(), tmp_path / "fig.csv", name="surface")
    with pytest.raises(ValueError, match="at most 8"):
        rendered(SCATTER, "png", scale=100)
    with pytest.raises(ValueError, match="no picture"):
        export(Scene(shown={}), tmp_path / "fig.csv")
    with pytest.raises(ValueError, match="no picture"):
        bundle(Scene(shown={}))
    assert list(tmp_path.iterdir()) == []
