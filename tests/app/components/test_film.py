"""What the film sends to the browser, and what it refuses."""

import json
import math
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from convexviz.app.components import film, scrubber


def frame(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "beta": 0.1,
        "network": {"dim": 2, "u": np.array([1.0, 0.0]), "b": [np.float64(0.5)], "w": [2.0], "c": 0.0},
        "badge": {"status": "upper-bound", "objective": 1.5, "lower_bound": -math.inf},
        "figures": {"bounds": [{"uid": "line", "x": np.linspace(0.0, 1.0, 8)}]},
        "caption": f"{number} cuts",
        "round": number,
    } | changes


def test_a_frame_is_the_sliders_with_caption_and_round() -> None:
    frames = [frame(0), frame(np.int64(3))]
    packed = json.loads(film.pack_frames(frames))
    assert [(shown.pop("caption"), shown.pop("round")) for shown in packed] == [("0 cuts", 0), ("3 cuts", 3)]
    assert packed == json.loads(scrubber.pack_frames(frames))


def test_packing_is_pure() -> None:
    assert film.pack_frames([frame(1)]) == film.pack_frames([frame(1)])


@pytest.mark.parametrize("field", film.FIELDS)
def test_a_frame_that_lacks_a_part_is_refused(field: str) -> None:
    second = frame(2)
    del second[field]
    with pytest.raises(ValueError, match=f"frame 1 lacks {field}"):
        film.pack_frames([frame(1), second])


@pytest.mark.parametrize("number", [-1, 1.0, True, "1", None])
def test_a_round_that_counts_nothing_is_refused(number: object) -> None:
    with pytest.raises(ValueError, match="whole number of at least 0"):
        film.pack_frames([frame(0, round=number)])


def test_rounds_that_fall_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 5, got 4 in frame 1"):
        film.pack_frames([frame(5), frame(4)])


def test_an_empty_film_and_wordless_frames_are_refused() -> None:
    with pytest.raises(ValueError, match="frames=None"):
        film.pack_frames([])
    with pytest.raises(ValueError, match="caption must be text, got 7"):
        film.pack_frames([frame(0, caption=7)])


def test_values_that_json_does_not_know_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        film.pack_frames([frame(0, beta=math.nan)])


def test_words_left_out_have_defaults() -> None:
    sent = film.payload(frames=None, rev="a")
    assert (sent["title"], sent["unit"], sent["speeds"]) == ("Solve it round by round", "round", [1, 4, 15])
    assert sent["waiting"]


@pytest.mark.parametrize("speeds", [(1, 2), (0, 1, 2), (1, 2, math.nan)])
def test_speeds_are_three_positive_numbers(speeds: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="3 positive numbers"):
        film.payload(frames=None, rev="a", speeds=speeds)


def sent(at: AppTest) -> dict[str, Any]:
    """Data of the one component on the page."""
    assert not at.exception
    [block] = at.get("bidi_component")
    return json.loads(block.proto.json)


def test_equal_reruns_send_equal_messages() -> None:
    """Else Streamlit would carry all frames along with every gesture."""

    def script() -> None:
        from convexviz.app.components import film

        film.mount("film", frames="[]", rev="a", caption="c", title="t", unit="epoch")

    at = AppTest.from_function(script).run()
    first = sent(at)
    assert first["frames"] == "[]"
    assert first == sent(at.run())


def test_a_request_reaches_the_caller_and_changes_the_message() -> None:
    def script() -> None:
        import streamlit as st

        from convexviz.app.components import film

        heard: list[str] = []
        for number in (1, 0, -3, "2", None, True, 2.5, 2):
            st.session_state["player"] = {"ask": number}
            film._tell("player", lambda: heard.append("asked"))
        st.session_state["heard"] = heard
        del st.session_state["player"]
        film.mount("player", frames=None, rev="a")

    at = AppTest.from_function(script).run()
    assert at.session_state["heard"] == ["asked", "asked"]
    assert sent(at)["asked"] == 2
