"""Pictures of scenes: every lesson's are complete figures of plotly, and they show what the browser is sent."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from convexviz.app import headless
from convexviz.app.components.shown import frames
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.stage.board_picture import board_picture
from convexviz.app.stage.pictures import films, picture, pictures
from convexviz.app.stage.scene import Scene
from convexviz.core.network import ReLUNetwork
from convexviz.export import styled
from convexviz.figures.inks import INK
from convexviz.figures.plane.complete import completed
from convexviz.figures.sent.networks import network_of
from convexviz.figures.sent.typed import decoded, numbers
from tests import node

TWIN = Path(__file__).parents[2] / "js" / "plane_traces.mjs"
SINGLE = 2e-6  # of the largest value: sums in single precision
LINKS = [
    "/splines",
    "/splines?task=classification&regions=1",
    "/splines?envelope=1&sparsest=1&connect=1&cubic=1&linear=1",
    "/splines?loss=interpolate&data=step",
    "/kernel-matrix",
    "/kernel-matrix?task=regression&loss=squared&n=40",
    "/plane",
    "/plane?task=regression&show=surface",
    "/plane?linear=1&svm=1&loss=hard_margin",
    "/dual",
    "/dual?data=classes",
    "/dual?free=1&v=-0.5,1,-0.25",
    "/dual?v=-0.5,1.5,-1",
    "/rank-one",
    "/rank-one?off=0.5&angle=75&scale=1.5",
    "/rank-one?p=none",
    "/geometry",
    "/geometry?data=three",
    "/autoencoders?among=all&k=3",
    "/closed-forms?whiten=0",
    "/cutting-planes",
    "/cutting-planes?bias=0",
    "/cutting-planes?scene=space",
    "/digits?images=5",
    "/race?task=classification",
    "/tangent-kernel",
    "/tangent-kernel?on=plane&task=classification&ridge=0.1",
    "/path",
    "/path?on=plane&task=classification",
]
BOARDED = [link for link in LINKS if not link.startswith(("/closed-forms", "/digits", "/cutting-planes?scene=space"))]


@cache
def scene_of(link: str) -> Scene:
    return headless.scene_at(link)


@cache
def filmed(link: str) -> Scene:
    return headless.scene_at(link, films=True)


def trace_of(spec: Any, name: str) -> Any:
    (found,) = [trace for trace in spec["data"] if trace["name"] == name and trace["showlegend"]]
    return found


def places(spec: Any, *names: str) -> np.ndarray:
    found = [t for t in spec["data"] if t.get("mode") == "markers" and t["name"] in names]
    return np.vstack([np.empty((0, 2)), *(np.column_stack([t["x"], t["y"]]) for t in found)])


def test_every_lesson_is_looked_at() -> None:
    assert {link.split("?")[0].removeprefix("/") for link in LINKS} == {lesson.address for lesson in LESSONS}


@pytest.mark.parametrize("link", LINKS)
def test_every_picture_is_a_figure_that_plotly_takes_as_it_is(link: str) -> None:
    made = pictures(scene_of(link))
    assert made
    for name, spec in made.items():
        figure = go.Figure(spec)
        assert figure.layout.title.text.strip(), name
        assert figure.layout.meta["alt"].strip(), name
        assert "var(--" not in figure.to_json(), name
        assert "point at" not in figure.layout.title.text, name
        for trace in spec["data"]:
            empty = "plane" in trace.get("meta", {}) and len(trace.get("x", ())) == 0
            assert not empty or trace["visible"] is False, name


@pytest.mark.parametrize("link", BOARDED)
def test_the_board_comes_first_and_has_the_points_of_its_message(link: str) -> None:
    scene = scene_of(link)
    made = pictures(scene)
    boards = scene.of("board")
    assert list(made)[: len(boards)] == [part.name for part in boards]
    assert boards[0].name == "board"
    for part in boards:
        drawn = places(made[part.name], "points", "points, coloured by value", "class +1", "class −1")
        sent = np.column_stack([part.data["x"], part.data["y"]]).reshape(-1, 2)
        np.testing.assert_array_equal(np.sort(drawn, axis=0), np.sort(sent, axis=0))


@pytest.mark.parametrize("link", BOARDED)
def test_the_fit_on_the_line_is_the_network_of_the_message(link: str) -> None:
    for part in scene_of(link).of("board"):
        sent = part.data["answer"].get("network")
        if part.data["mode"] not in ("regression", "line-classes") or sent is None:
            continue
        spec = picture(scene_of(link), part.name)
        fit = trace_of(spec, part.data["answer"].get("label", "optimal network"))
        u, b, w = (np.array(sent[name], float) for name in ("u", "b", "w"))
        values = sent["c"] + np.maximum(np.outer(fit["x"], u) + b, 0.0) @ w
        np.testing.assert_allclose(fit["y"], values, rtol=0, atol=1e-9 * (1 + np.abs(values).max()))
        low, high = part.data["view"]["x"]
        inside = [kink for kink in -b * u if low < kink < high]
        assert set(fit["x"]) == {low, high, *inside}


def test_the_sets_of_geometry_are_the_curves_of_the_message() -> None:
    scene = scene_of("/geometry")
    spec = picture(scene, "space")
    curves = {curve["id"]: curve for curve in scene.of("board")[1].data["answer"]["curves"]}
    for name in ("c", "e", "q", "support"):
        sent, drawn = curves[name], trace_of(spec, curves[name]["label"])
        np.testing.assert_array_equal(drawn["x"][: len(sent["x"])], numbers(sent["x"]))
        np.testing.assert_array_equal(drawn["y"][: len(sent["y"])], numbers(sent["y"]))
    assert trace_of(spec, "C, hull of ±Q")["fill"] == "toself"
    assert {"y / gauge", "neurons in use"} <= {trace["name"] for trace in spec["data"]}


def test_a_network_is_called_optimal_only_where_it_is_proved_to_be() -> None:
    scene = scene_of("/splines")
    part = scene.of("board")[0]
    part_of = {**scene.parts}
    answer = {**part.data["answer"], "status": "upper-bound"}
    part_of[part.key] = type(part)(part.kind, part.key, part.name, {**part.data, "answer": answer})
    shown = Scene(scene.address, scene.title, scene.claim, parts=part_of)
    assert trace_of(picture(scene, "board"), "optimal network")
    assert trace_of(picture(shown, "board"), "network")


# ---------------------------------------------------------------- what the browser computes


@pytest.mark.parametrize("link", ["/plane", "/plane?task=regression&show=surface", "/rank-one", "/cutting-planes"])
def test_traces_without_data_get_the_numbers_that_the_browser_computes(link: str) -> None:
    questions, ours = [], []
    for part in scene_of(link).of("chart"):
        network = part.data["network"]
        for text in part.data["figures"].values():
            raw = json.loads(text)
            whole = completed(decoded(raw), network)
            for trace, mine in zip(raw["data"], whole["data"], strict=True):
                if "plane" in trace.get("meta", {}):
                    questions.append({"trace": trace, "network": network, "base": network})
                    ours.append(mine)
    assert ours
    reply = node.run(TWIN, text=json.dumps(questions))
    assert reply.returncode == 0, reply.stderr
    for theirs, mine in zip(json.loads(reply.stdout), ours, strict=True):
        assert theirs["visible"] == mine.get("visible", True)
        if theirs["visible"]:
            same(theirs, mine)


def same(theirs: Any, mine: Any) -> None:
    for axis in ("x", "y", "z"):
        if theirs.get(axis) is None:
            continue
        if isinstance(theirs[axis][0], str):
            assert theirs[axis] == mine[axis]
            continue
        want = np.array(theirs[axis], float)
        np.testing.assert_allclose(mine[axis], want, rtol=0, atol=SINGLE * np.nanmax(np.abs(want)))
    if theirs.get("symbol"):
        assert theirs["symbol"] == mine["marker"]["symbol"]
    if theirs.get("customdata"):
        assert theirs["customdata"] == list(mine["customdata"])


def test_without_a_network_nothing_is_left_half_drawn() -> None:
    chart = scene_of("/plane").of("chart")[0]
    for text in chart.data["figures"].values():
        for trace in completed(json.loads(text), None)["data"]:
            assert "plane" not in trace.get("meta", {}) or trace["visible"] is False


# ---------------------------------------------------------------- frames


def test_a_frame_of_the_path_puts_its_network_on_the_board_and_beta_into_the_charts() -> None:
    scene = filmed("/splines")
    film = films(scene)["beta"]
    for frame in film.frames[:: len(film.frames) // 3]:
        fit = trace_of(picture(scene, "board", frame), "optimal network")
        np.testing.assert_allclose(fit["y"], network_at(frame).predict(fit["x"][:, None]), rtol=0, atol=1e-9)
        cursors = [t for t in picture(scene, "path", frame)["data"] if t.get("meta", {}).get("at") == "beta"]
        assert [list(cursor["x"]) for cursor in cursors] == [[frame["beta"]] * 2] * 2


def test_a_frame_of_a_film_brings_curves_and_network_of_its_round() -> None:
    scene = filmed("/cutting-planes")
    frame: Any = films(scene)["film"].frames[1]
    board: Any = picture(scene, "board", frame)
    heat = board["data"][0]
    x, y = np.meshgrid(heat["x"], heat["y"])
    there = network_at(frame).predict(np.column_stack([x.ravel(), y.ravel()])).reshape(x.shape)
    np.testing.assert_allclose(heat["z"], there)
    assert {trace["name"] for trace in board["data"]} >= {curve["label"] for curve in frame["curves"]}
    assert go.Figure(picture(scene, "dual", frame)).data[0].z is not None


def network_at(frame: Any) -> ReLUNetwork:
    return network_of(frame["network"])


def test_a_still_has_the_pictures_of_its_frame() -> None:
    scene = filmed("/cutting-planes")
    frame = frames(scene.of("film")[0])[0]
    first, last = scene.pictures(frame), scene.pictures()
    assert list(first) == list(last) == list(pictures(scene))
    assert not np.array_equal(first["board"]["data"][0]["z"], last["board"]["data"][0]["z"])


def test_a_name_that_no_picture_has_is_answered_by_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"no picture 'sky'.*board, matrix"):
        picture(scene_of("/kernel-matrix"), "sky")


@pytest.mark.parametrize("link", ["/geometry", "/plane", "/splines", "/cutting-planes"])
def test_on_dark_paper_no_light_ink_is_left(link: str) -> None:
    for spec in pictures(scene_of(link)).values():
        assert INK not in go.Figure(styled(spec, "slide", "dark")).to_json()


@pytest.mark.parametrize("mode", ["regression", "line-classes", "plane", "plane-values", "plane-points"])
def test_a_board_without_points_or_answer_is_an_empty_picture(mode: str) -> None:
    data: Any = {"x": [], "y": [], "labels": None, "values": None, "answer": None, "mode": mode, "height": 300}
    data |= {"axes": ["a", "b"], "view": {"x": [-1.0, 1.0], "y": [-2.0, 2.0], "z": [0.0, 1.0]}}
    spec = board_picture(data, "Empty", None)
    assert not spec["data"]
    assert spec["layout"]["meta"]["alt"].startswith("b against a: 0 points")


@pytest.mark.parametrize("link", ["/splines?beta=0.3", "/plane?show=path&beta=0.3"])
def test_the_picture_of_a_path_is_that_of_the_whole_path(link: str) -> None:
    scene = scene_of(link)
    assert all(part.data["complete"] for part in scene.of("path"))
    assert "path" in pictures(scene)
