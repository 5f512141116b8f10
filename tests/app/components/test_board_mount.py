"""The mounted board, seen from Python: what it is sent, and that bad options are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from convexviz.app.components import board


def script(mode: str = "regression", points: int = 2) -> None:
    """A page with a board of `points` points."""
    import streamlit as st

    from convexviz.app.components import board

    if "points" not in st.session_state:
        board.put(
            "points", [[i / 10, 1 - 2 * (i % 2)] for i in range(points)], [1 - 2 * (i % 2) for i in range(points)]
        )
    board.mount(
        "surface", "points", mode=mode, view=board.View(), answer={"network": None, "note": "wait"}, max_points=5
    )  # type: ignore[arg-type]


def sent(app: AppTest) -> dict[str, Any]:
    """The JSON that the browser gets."""
    return json.loads(app.get("bidi_component")[0].proto.json)


def test_board_is_sent_points_and_answer_of_one_revision() -> None:
    app = AppTest.from_function(script).run()
    assert not app.exception
    data = sent(app)
    assert (data["x"], data["y"]) == ([0.0, 0.1], [1.0, -1.0])
    assert (data["gen"], data["rev"]) == (data["answer"]["gen"], data["answer"]["rev"])
    assert data["answer"]["note"] == "wait"
    assert data["max_points"] == 5


def test_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="mode must be one of regression"):
        board.mount("surface", "points", mode="cube", view=board.View(), answer=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["line-classes", "plane"])
def test_classes_travel(mode: str) -> None:
    assert sent(AppTest.from_function(script, kwargs={"mode": mode}).run())["labels"] == [1, -1]


def valued() -> None:
    """A page with a board of values."""
    import streamlit as st

    from convexviz.app.components import board

    if "points" not in st.session_state:
        board.put("points", [[0, 0], [1, 1]], values=[0.5, -0.5])
    board.mount("surface", "points", mode="plane-values", view=board.View(z=(-1, 1)), answer=None, equal=True)


def test_values_travel() -> None:
    data = sent(AppTest.from_function(valued).run())
    assert data["values"] == [0.5, -0.5]
    assert data["labels"] is None
    assert data["view"]["z"] == [-1, 1]
    assert data["equal"] is True


def test_values_need_a_range() -> None:
    with pytest.raises(ValueError, match="range of the values"):
        board.mount("surface", "points", mode="plane-values", view=board.View(), answer=None)


def receiving(identity: str) -> None:
    """A page whose board `surface` shows `points`, with a message about the points `identity` waiting."""
    import streamlit as st

    from convexviz.app.components import board

    board.put("points", [[0.0, 0.0]])
    now = board.current("points")
    message = {"id": identity, "gen": now.gen, "rev": now.rev + 1, "live": False, "points": [[1.0, 2.0]]}
    st.session_state["surface"] = {"points": message}
    board.receive("surface", "points")


@pytest.mark.parametrize(("identity", "taken"), [("points", [[1.0, 2.0]]), ("those of another task", [[0.0, 0.0]])])
def test_a_late_message_about_other_points_changes_nothing(identity: str, taken: list[list[float]]) -> None:
    app = AppTest.from_function(receiving, kwargs={"identity": identity}).run()
    assert not app.exception
    assert app.session_state["points"].points.tolist() == taken


def picking(pick: dict, points: dict | None = None) -> None:
    """A page whose board `surface` was clicked on; what it hears is kept under `heard`."""
    import streamlit as st

    from convexviz.app.components import board

    board.put("points", [[0.0, 0.0], [1.0, 1.0]])
    now = board.current("points")
    stamp = {"gen": now.gen, "rev": now.rev + 1}
    st.session_state["surface"] = {"pick": stamp | pick, "points": points and stamp | points}
    st.session_state["heard"] = []
    board.receive_pick("surface", "points", board.Limits(), st.session_state["heard"].append)


@pytest.mark.parametrize(
    ("pick", "heard"),
    [
        ({"index": 1}, [1]),
        ({"index": 1, "id": "points"}, [1]),
        ({"index": 1, "id": "those of another task"}, []),
        ({"index": 2}, []),
        ({"index": -1}, []),
        ({"index": 0, "gen": 99}, []),
        ({}, []),
    ],
)
def test_a_pick_of_a_point_on_the_board_is_heard(pick: dict[str, Any], heard: list[int]) -> None:
    app = AppTest.from_function(picking, kwargs={"pick": pick}).run()
    assert not app.exception
    assert app.session_state["heard"] == heard
    assert app.session_state["points"].refused is None


def test_a_pick_may_speak_of_points_that_come_with_it() -> None:
    three = {"points": [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]], "live": False}
    app = AppTest.from_function(picking, kwargs={"pick": {"index": 2}, "points": three}).run()
    assert app.session_state["heard"] == [2]
    assert len(app.session_state["points"]) == 3


def plain() -> None:
    """A page with a board of plain points, fixed in number."""
    import streamlit as st

    from convexviz.app.components import board

    if "points" not in st.session_state:
        board.put("points", [[0.0, 0.0], [1.0, 1.0]])
    answer = {"arrows": True, "names": ["x₁", "x₂"], "chosen": 1}
    board.mount(
        "surface",
        "points",
        mode="plane-points",
        view=board.View(),
        answer=answer,
        fixed=True,
        tools=False,
        on_pick=lambda i: None,
    )


def test_plain_points_travel_without_class_or_value() -> None:
    app = AppTest.from_function(plain).run()
    assert not app.exception
    data = sent(app)
    assert (data["mode"], data["labels"], data["values"]) == ("plane-points", None, None)
    assert (data["fixed"], data["tools"], data["pickable"]) == (True, False, True)
    assert (data["answer"]["chosen"], data["answer"]["names"]) == (1, ["x₁", "x₂"])


def test_boards_are_free_and_silent_unless_told_otherwise() -> None:
    data = sent(AppTest.from_function(script).run())
    assert (data["fixed"], data["tools"], data["pickable"]) == (False, True, False)
