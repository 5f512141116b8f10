"""Every script of a "Python" button, run as a student would: its numbers and its figures are those of the page."""

from __future__ import annotations

import contextlib
import io
import json
import warnings
from collections.abc import Callable
from typing import Any

import nbformat
import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz.app.headless import scene_at
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.shell import link, startup
from convexviz.app.stage.code_files import network_file, notebook_file, script_file
from convexviz.app.stage.pictures import pictures
from convexviz.app.stage.scene import Scene
from convexviz.core.dual.certificate import objective
from convexviz.figures.sent.typed import decoded
from tests.app.test_contracts import VISITS

SAME = 1e-9  # relative: of objectives
DRAWN = 1e-6  # relative to the largest number of a trace: the browser is sent single precision
ON_BOARD = 5e-5  # the same on a board, whose message has numbers as short as the eye allows
SHORTER = {  # states whose training takes long, or is ended by a clock and then differs from one time to the next
    "race": {
        "on=plane": "on=plane&iterations=60",
        "on=plane&task=classification": "on=plane&task=classification&iterations=60",
    },
    "digits": {"scene=ten&per_digit=2": "scene=ten&per_digit=2&beta=4"},
}
rng = np.random.default_rng(5)
LINE = link.points_to_text(np.round(rng.normal(size=(9, 2)), 3) / 3.0, (-1.5, 1.5, -1.5, 1.5))
PLANE = link.plane_to_text(rng.normal(size=(12, 2)) / 3.0, np.repeat([1.0, -1.0], 6), (-1.2, 1.2, -1.2, 1.2, -1.0, 1.0))
WEIGHTED_LINE = link.with_weights(LINE, [1.0, 2.0, 0.0, 0.5, 1.0, 10.0, 1.0, 3.0, 1.0])
WEIGHTED_PLANE = link.with_weights(PLANE, [0.0, 2.0, 1.0, 0.5, 1.0, 4.0, 1.0, 3.0, 1.0, 0.0, 1.0, 1.0])
MORE = [  # points drawn by hand, and what the first visits leave out
    f"/splines?p={LINE}",
    f"/kernel-matrix?task=regression&loss=squared&p={LINE}",
    f"/rank-one?p={LINE}&off=0.4",
    f"/tangent-kernel?p={LINE}&ridge=0.01",
    f"/path?p={LINE}",
    f"/plane?p={PLANE}",
    f"/cutting-planes?p={PLANE}",
    f"/splines?p={WEIGHTED_LINE}&envelope=1&cubic=1&sparsest=1",
    f"/plane?p={WEIGHTED_PLANE}&svm=1&support=1&show=surface",
    f"/plane?p={WEIGHTED_PLANE}&show=path",
    "/path?on=plane",
    "/tangent-kernel?on=plane&ridge=0.1",
    "/closed-forms?whiten=0&beta=8",
    "/dual?data=classes&v=1,-1,0,0",
    "/digits?images=5&whiten=1",
    "/cutting-planes?scene=space&oracle=relaxation",
]
LINKS = [
    f"/{page}?{SHORTER.get(page, {}).get(query, query)}".rstrip("?")
    for page, queries in VISITS.items()
    for query in queries
    if page != "home"
] + MORE
WITH_PATHS = ("/splines", "/plane?show=path")  # begins of states whose path is a picture
NAMES = {  # figures whose name in Python is another than on the page
    "slice": "circle",
    "line": "spline",
    "path-errors": "errors",
    "path-network": "network",
    "kernel": "prediction",
    "kernel-network": "network",
    "kernel-prediction": "prediction",
    "kernel-difference": "difference",
}
BOARDS = ("board", "line", "space")
OTHERWISE = {  # boards that the script draws in another way
    ("rank-one", "board"),  # on the page its points are two handles, and all others marks
    ("race", "board"),  # on the page with five digits, and few corners, as a film must be
}
OBJECTIVES: dict[str, Callable[[dict[str, Any]], float]] = {
    "autoencoders": lambda names: names["p"].distance,
    "closed-forms": lambda names: names["best"].objective,
    "dual": lambda names: names["objective"],
    "geometry": lambda names: names["gauge"].value,
}


def run(code: str, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], int]:
    """The names that a script defines, and how many figures it shows; a warning is an error."""
    shown: list[go.Figure] = []
    monkeypatch.setattr(go.Figure, "show", lambda figure: shown.append(figure))
    names: dict[str, Any] = {"__name__": "__main__"}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("error")
        exec(compile(code, "script.py", "exec"), names)
    return names, len(shown)


def numbers(values: Any) -> np.ndarray:
    """Data of a trace as floats, or as words where they are names."""
    if values is None:
        return np.zeros(0)
    try:
        return np.asarray(values, float)
    except ValueError:
        return np.asarray(values, str)


def same_data(figure: go.Figure, page: Any, apart: float) -> None:
    """Trace by trace the same x, y and z."""
    assert len(figure.data) == len(page["data"])
    for k, (trace, its) in enumerate(zip(figure.data, page["data"], strict=True)):
        mine = trace.to_plotly_json()
        if its.get("visible") is False:  # such as the sheet of one neuron, while none is lit
            continue
        for axis in ("x", "y", "z"):
            here, there = numbers(mine.get(axis)), numbers(its.get(axis))
            if here.dtype.kind == "f" and there.dtype.kind == "f":
                room = apart * np.abs(there[np.isfinite(there)]).max(initial=0.0)
                np.testing.assert_allclose(here, there, rtol=0, atol=room, err_msg=f"trace {k}, {axis}")
            else:
                assert here.tolist() == there.tolist(), f"trace {k}, {axis}"


def figures_agree(scene: Scene, names: dict[str, Any]) -> int:
    """How many pictures of the page have a figure in the script; each has, and the same data."""
    drawn = {name: page for name, page in pictures(scene).items() if (scene.address, name) not in OTHERWISE}
    for name, page in drawn.items():
        same_data(names[NAMES.get(name, name)], page, ON_BOARD if name in BOARDS else DRAWN)
    return len(drawn)


@pytest.mark.parametrize("where", LINKS, ids=lambda where: where[1:48])
def test_a_script_makes_what_the_page_shows(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = scene_at(where, films=where.startswith(WITH_PATHS))
    if scene.certificate is None or "objective" not in scene.certificate:
        with pytest.raises(ValueError, match="at least one point"):
            run(scene.code, monkeypatch)
        return
    names, shown = run(scene.code, monkeypatch)
    objective = OBJECTIVES.get(scene.address, lambda found: found["s"].objective)(names)
    assert objective == pytest.approx(scene.certificate["objective"], rel=SAME, abs=1e-12)
    assert shown >= figures_agree(scene, names)
    assert max(map(len, scene.code.splitlines())) <= 120


def test_every_lesson_has_a_script_that_is_run() -> None:
    assert {one.partition("?")[0][1:] for one in LINKS} == {lesson.address for lesson in LESSONS}


def test_drawn_points_are_the_floats_that_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = scene_at(f"/splines?p={LINE}")
    names, _ = run(scene.code, monkeypatch)
    board = scene.of("board")[0].data
    assert sorted(names["x"]) == sorted(board["x"])
    assert sorted(names["y"]) == sorted(board["y"])


# ---------------------------------------------------------------- files of the dialog


@pytest.mark.parametrize("where", ["/splines?beta=0.2", "/plane?beta=0.3", "/race?on=plane&iterations=50"])
def test_the_network_comes_as_json_with_every_digit(where: str) -> None:
    scene = scene_at(where)
    made = network_file(scene)
    assert made is not None
    document = json.loads(made)
    assert document["scene"] == scene.link
    network = cv.ReLUNetwork.from_dict(document["network"])
    proof = scene.certificate["proof"]  # type: ignore[index]
    np.testing.assert_array_equal(network.w, decoded(proof["w"]))
    X, y = decoded(proof["X"]).reshape(-1, proof["d"]), decoded(proof["y"])
    reached = objective(network, X, y, proof["beta"], proof["loss"])
    assert reached == pytest.approx(document["certificate"]["objective"], rel=SAME)


def test_a_page_without_a_network_has_none_as_json() -> None:
    assert network_file(scene_at("/autoencoders")) is None


def test_a_network_that_no_proof_holds_is_taken_as_given() -> None:
    network = cv.ReLUNetwork.constant(1.0 / 3.0, 64)
    made = network_file(Scene("digits", "Digits", ""), network)
    assert made is not None
    assert cv.ReLUNetwork.from_dict(json.loads(made)["network"]).c == 1.0 / 3.0


@pytest.mark.parametrize("address", [lesson.address for lesson in LESSONS])
def test_a_scene_is_a_script_and_a_notebook(address: str) -> None:
    scene = scene_at({"race": "/race?iterations=50", "digits": "/digits?images=2"}.get(address, f"/{address}"))
    compile(script_file(scene), "script.py", "exec")
    read = nbformat.reads(notebook_file(scene).decode(), as_version=4)
    nbformat.validate(read)
    cells = [cell.source for cell in read.cells if cell.cell_type == "code"]
    assert "".join("".join(cells).split()) == "".join(scene.code.split())
    for cell in cells:
        compile(cell, "cell", "exec")


def test_the_dialog_offers_the_files() -> None:
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=60).run()
    at.switch_page("../../pages/closed-forms.py").run()
    at.button(key="open-code").click().run()
    assert not at.exception
    labels = [block.proto.label for block in at.get("download_button")]
    assert labels == ["Script (.py)", "Notebook (.ipynb)", "Network (.json)"]
