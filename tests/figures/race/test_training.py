"""Figures of the race: heights are objectives above the bound, marks stand at the neurons, the picture is the dual."""

from __future__ import annotations

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

import convexviz as cv
from convexviz.app.components.chart import figure_json
from convexviz.core.rivals.descent import train
from convexviz.figures.race import training as figures

RNG = np.random.default_rng(1)
X = np.sort(RNG.uniform(-1.0, 1.0, (20, 1)), axis=0)
Y = np.sin(4 * X[:, 0])
LINE = cv.solve(X, Y, beta=0.1)
RUNS = [("narrow", "narrow-1", train(X, Y, 0.1, width=2)), ("wide", "wide-1", train(X, Y, 0.1, width=60))]
X2 = RNG.uniform(-1.0, 1.0, (16, 2))
PLANE = cv.solve(X2, np.abs(X2[:, 0]), beta=0.2)
WINDOW = ((-1.2, 1.2), (-1.1, 1.1))


def test_heights_are_objectives_over_the_impossible_region() -> None:
    spec = figures.curves_spec(RUNS, "wide-1", LINE, 500, 250)
    by_name = {trace["name"]: trace for trace in spec["data"] if "name" in trace}
    for _, name, run in RUNS:
        trace = by_name[name.replace("-", " ")]
        at = trace["x"].round().astype(int)
        at[0] = 0
        np.testing.assert_allclose(trace["y"], run.objectives[at])
        assert at[-1] == len(run.objectives) - 1
        assert trace["y"].min() >= LINE.lower_bound * (1 - 1e-9)
    np.testing.assert_allclose(by_name["impossible"]["y"], LINE.lower_bound)
    np.testing.assert_allclose(by_name["optimum"]["y"], LINE.objective)
    assert by_name["wide 1"]["line"]["width"] > by_name["narrow 1"]["line"]["width"]
    assert by_name["wide 1"]["line"]["dash"] != by_name["narrow 1"]["line"]["dash"]
    low, high = spec["layout"]["yaxis"]["range"]
    assert low < np.log10(LINE.lower_bound)
    assert high > np.log10(max(run.objectives.max() for *_, run in RUNS))
    levels = spec["layout"]["yaxis"]["tickvals"]
    assert len(levels) >= 3
    assert 10**low <= min(levels) < max(levels) <= 10**high
    assert json.loads(figure_json(spec))["data"]


def test_the_cursor_stands_where_the_film_is() -> None:
    spec = figures.curves_spec(RUNS, "wide-1", LINE, 500, 250)
    [update] = figures.cursor_update(12)
    assert update == {"uid": spec["data"][-1]["uid"], "x": [12.0, 12.0]}
    assert figures.cursor_update(0)[0]["x"][0] > 0


def test_kinks_stand_at_neurons_of_run_and_optimum() -> None:
    run = RUNS[1][2]
    spec = figures.kinks_spec(LINE.network, run.merged, run.network, WINDOW, 250)
    optimal, stems, own, single = spec["data"]
    np.testing.assert_allclose(optimal["x"], LINE.network.kinks())
    np.testing.assert_allclose(optimal["y"], LINE.network.w)
    np.testing.assert_allclose(own["x"], run.merged.kinks())
    reach = figures.kinks_reach(LINE.network)
    np.testing.assert_allclose(own["y"], np.clip(run.merged.w, -reach, reach))
    assert len(stems["x"]) == 3 * len(own["x"])
    assert set(np.round(single["x"], 9)) <= set(np.round(run.network.kinks(), 9))
    changed = [update["uid"] for update in figures.kinks_update(run.merged, run.network, reach)]
    assert changed == [trace["uid"] for trace in (stems, own, single)]


def test_the_picture_behind_the_lines_is_the_dual_function() -> None:
    run = train(X2, np.abs(X2[:, 0]), 0.2, width=30, iterations=50)
    spec = figures.places_spec(PLANE, X2, run.network, WINDOW, 250)
    marks, dots = spec["data"]
    (picture,) = spec["layout"]["images"]
    image = np.array(Image.open(io.BytesIO(base64.b64decode(picture["source"].partition(",")[2]))))
    rows, columns, _ = image.shape
    angles = np.linspace(picture["x"], picture["x"] + picture["sizex"], columns)
    offsets = np.linspace(picture["y"], picture["y"] - picture["sizey"], rows)
    centre = np.mean(WINDOW, axis=1)
    for row, column in ((rows // 2, 10), (rows // 3, 70), (2 * rows // 3, 100)):
        u = np.array([np.cos(np.deg2rad(angles[column])), np.sin(np.deg2rad(angles[column]))])
        value = np.maximum((X2 - centre) @ u - offsets[row], 0.0) @ PLANE.v / PLANE.beta
        assert image[row, column, 3] == pytest.approx(255 * min(abs(value), 1.0), abs=1)
    heights = (
        np.maximum(
            (X2 - centre) @ np.array([np.cos(np.deg2rad(marks["x"])), np.sin(np.deg2rad(marks["x"]))]) - marks["y"], 0.0
        ).T
        @ PLANE.v
    )
    np.testing.assert_allclose(np.abs(heights), PLANE.beta, rtol=1e-4)
    assert len(dots["x"]) == len(dots["y"]) == figures.heavy(run.network).width
    [update] = figures.places_update(run.network, WINDOW)
    assert update["uid"] == spec["data"][1]["uid"]
