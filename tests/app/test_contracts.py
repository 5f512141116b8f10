"""What every page really sends keeps to `contracts`, and a message that does not is found out."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from convexviz.app.components import board
from convexviz.app.contracts import PathMessage, PointsMessage
from convexviz.app.shell import startup
from tests.app.messages import CONTRACTS, fault

PAGES = Path(__file__).resolve().parents[2] / "pages"
SECONDS = 60  # the first run imports everything
LOOKS = 8  # at work that goes on beside a page

VISITS = {
    "home": [""],
    "splines": [
        "",
        "task=classification&regions=1",
        "envelope=1&sparsest=1&connect=1&cubic=1&linear=1",
        "loss=interpolate&data=step",
    ],
    "kernel-matrix": [
        "",
        "task=regression&loss=squared&n=40",
        "loss=hinge&data=gaussians&noise=0.3",
        "task=regression&loss=interpolate",
    ],
    "plane": [
        "",
        "task=regression&show=surface",
        "linear=1&svm=1&loss=hard_margin",
        "show=path",
        "show=film",
    ],
    "dual": ["", "data=classes", "free=1&v=-0.5,1,-0.25", "data=five&loss=interpolate&solved=1"],
    "rank-one": ["", "off=0.5&angle=75&scale=1.5", "p=none"],
    "geometry": ["", "data=three"],
    "autoencoders": ["", "among=all&k=3"],
    "closed-forms": ["", "whiten=0"],
    "cutting-planes": ["", "task=regression", "bias=0", "scene=space"],
    "digits": ["images=5", "scene=ten&per_digit=2"],
    "race": ["", "task=classification", "on=plane", "on=plane&task=classification"],
    "tangent-kernel": ["", "on=plane&task=classification&ridge=0.1"],
    "path": ["", "on=plane&task=classification"],
}


def opened(page: str, query: str) -> AppTest:
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS).run()
    for name, _, value in (part.partition("=") for part in query.split("&") if part):
        at.query_params[name] = value
    return at.switch_page(f"../../pages/{page}.py").run()


def sent(at: AppTest) -> list[tuple[str, dict[str, Any]]]:
    """Component and message of all that the page holds; the page shows no failure."""
    assert not at.exception
    assert not at.error
    return [(block.proto.component_name, json.loads(block.proto.json)) for block in at.get("bidi_component")]


def faults(at: AppTest) -> list[str]:
    return [f"{name}: {found}" for name, message in sent(at) if (found := fault(message, CONTRACTS[name]))]


def settled(at: AppTest) -> AppTest:
    """The page once nothing is under way beside it."""
    for _ in range(LOOKS):
        working = [thread for thread in threading.enumerate() if thread.name == "convexviz-job"]
        if not working:
            break
        for thread in working:
            thread.join(SECONDS)
        at.run()
    return at


def test_every_page_is_visited() -> None:
    assert set(VISITS) == {path.stem for path in PAGES.glob("*.py")}


@pytest.mark.parametrize(("page", "query"), [(page, query) for page, queries in VISITS.items() for query in queries])
def test_what_a_page_sends_keeps_to_its_contract(page: str, query: str) -> None:
    at = opened(page, query)
    assert sent(at)
    assert faults(at) == []
    assert faults(settled(at)) == []


@pytest.mark.parametrize("page", ["cutting-planes", "race"])
def test_films_are_among_what_is_checked(page: str) -> None:
    films = [message for name, message in sent(settled(opened(page, ""))) if name == "convexviz_film"]
    assert any(film["frames"] for film in films)


def test_what_the_board_sends_back_is_folded_in() -> None:
    message = {"id": "a", "gen": 1, "rev": 1, "live": False, "points": [[0.0, 1.0], [2, 3]], "labels": [1, -1]}
    assert fault(message, PointsMessage) == ""
    assert len(board.fold(board.BoardState(), message, board.Limits(labelled=True))) == 2


# ---------------------------------------------------------------- the check itself

SPEC = {
    "data": [{"type": "scatter", "x": [1.0, None], "y": {"dtype": "f8", "bdata": "AA=="}, "line": {"dash": "dot"}}],
    "layout": {"title": {"text": "a"}, "xaxis": {"range": [0, 1]}},
}
CHART = {"key": "a", "seq": 1, "layout": "grid", "plotly_url": "p.js", "network": None, "figures": {}}
FRAME = {"beta": 1.0, "network": None, "badge": {"status": "certified", "gap": "inf"}, "figures": {"a": [{"x": [1]}]}}


def chart(spec: object) -> dict[str, object]:
    return CHART | {"figures": {"a": json.dumps(spec)}}


def test_right_messages_are_not_complained_about() -> None:
    line, plane = {"u": [1], "b": [0.5], "w": [2.0], "c": 0.0}, {"dim": 2, "u": [1.0, 0.0], "b": [0], "w": [1], "c": 0}
    for message in (chart(SPEC), CHART | {"network": line}, CHART | {"network": plane}):
        assert fault(message, CONTRACTS["convexviz_chart"]) == ""
    path = {"key": "a", "path_rev": "b", "frames": json.dumps([FRAME]), "complete": True, "done": 1}
    assert fault(path, PathMessage) == ""


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        ({name: CHART[name] for name in CHART if name != "seq"}, "missing required"),
        (CHART | {"sequence": 1}, "unexpected extra"),
        (CHART | {"layout": "row"}, "not any of"),
        (CHART | {"network": {"dim": 2, "u": [], "b": [], "w": []}}, "did not match any"),
        (CHART | {"network": {"dim": 1, "u": [], "b": [], "w": [], "c": 0.0}}, "did not match any"),
        (chart(SPEC | {"frames": []}), "unexpected extra"),
        (chart(SPEC | {"data": [{"type": "bar"}]}), "not any of"),
        (chart(SPEC | {"data": [{"x": ["a", 1.0]}]}), "did not match any"),
        (chart(SPEC | {"data": [{"marker": {"sise": 3}}]}), "unexpected extra"),
        (chart(SPEC | {"layout": {"xaxis": {"range": "auto"}}}), "neither float or int"),
    ],
)
def test_a_wrong_figure_is_found(message: dict[str, object], complaint: str) -> None:
    assert complaint in fault(message, CONTRACTS["convexviz_chart"])


@pytest.mark.parametrize("change", [{"beta": None}, {"badge": {"status": "optimal"}}, {"figures": {"a": [{"q": 1}]}}])
def test_a_wrong_frame_of_many_is_found(change: dict[str, object]) -> None:
    frames = [FRAME, FRAME | change]
    path = {"key": "a", "path_rev": "b", "frames": json.dumps(frames), "complete": True, "done": 2}
    assert "item 1" in fault(path, PathMessage)
