"""What the chart, the badge and the scrubber send to the browser."""

import base64
import json
import math
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from convexviz.app.components import badge, chart, scrubber

FRAME = {
    "beta": 0.1,
    "network": {"u": np.array([1, -1]), "b": np.array([0.5, 0.25]), "w": [np.float64(2.0), -1.0], "c": 0.0},
    "badge": {"status": "upper-bound", "objective": 1.5, "lower_bound": -math.inf},
    "figures": {"fit": [{"uid": "line", "x": np.linspace(0.0, 1.0, 8), "y": [0.0, math.nan], "meta": {"neuron": 0}}]},
}


def unpack(packed: dict[str, Any]) -> np.ndarray:
    flat = np.frombuffer(base64.b64decode(packed["bdata"]), dtype=packed["dtype"])
    return flat.reshape([int(side) for side in packed["shape"].split(",")]) if "shape" in packed else flat


@pytest.mark.parametrize(
    ("array", "code"),
    [
        (np.array([0.1, np.nan, np.inf, 1, 2, 3]), "f8"),
        (np.array([0.5, 1.5] * 3, dtype=np.float32), "f4"),
        (np.arange(6).reshape(2, 3), "i4"),
        (np.array([0, 255] * 3, dtype=np.uint8), "u1"),
        (np.array([2**40, 1] * 3), "f8"),
        (np.array([1.0, 2.0] * 3, dtype=">f8"), "f8"),
        (np.arange(12.0).reshape(3, 4).T, "f8"),
    ],
)
def test_arrays_travel_as_base64_and_come_back_equal(array: np.ndarray, code: str) -> None:
    packed = chart.pack(array)
    assert packed["dtype"] == code
    np.testing.assert_array_equal(unpack(packed), array)


def test_what_has_no_typed_array_travels_as_a_list() -> None:
    assert chart.pack(np.array(["a", "b"])) == ["a", "b"]
    assert chart.pack(np.array([True, False])) == [True, False]
    assert chart.pack(np.array([])) == []


def test_short_arrays_travel_as_lists() -> None:
    assert chart.pack(np.array([1.5, np.nan])) == [1.5, None]


def test_no_value_outside_an_array_is_unknown_to_json() -> None:
    assert chart.pack({"a": [math.nan, np.float64(1.0), np.int64(2)], 3: (math.inf, None)}) == {
        "a": [None, 1.0, 2],
        "3": [None, None],
    }


def test_figure_keeps_binary_arrays_and_loses_its_template() -> None:
    figure = go.Figure(go.Scatter(x=np.arange(3.0), y=np.array([1, 2, 3])), {"title": "t"})
    spec = json.loads(chart.figure_json(figure))
    assert spec["layout"] == {"title": {"text": "t"}}
    np.testing.assert_array_equal(unpack(spec["data"][0]["x"]), [0, 1, 2])
    assert json.loads(chart.figure_json(spec)) == spec


def test_a_frame_names_the_traces_it_changes_by_uid() -> None:
    for traces in ([{"y": [0.0]}], [{"uid": "line", "y": [0.0]}] * 2):
        with pytest.raises(ValueError, match="uid of its own"):
            scrubber.pack_frames([FRAME | {"figures": {"fit": {"data": traces}}}])


def test_equal_figures_have_equal_text() -> None:
    texts = {chart.figure_json(go.Figure(go.Scatter(y=np.arange(4.0)))) for _ in range(2)}
    assert len(texts) == 1


def test_frames_are_half_the_size_and_their_networks_plain() -> None:
    [frame] = json.loads(scrubber.pack_frames([FRAME]))
    [trace] = frame["figures"]["fit"]
    assert trace["x"]["dtype"] == "f4"
    assert trace["y"] == [0.0, None]
    assert frame["network"] == {"u": [1, -1], "b": [0.5, 0.25], "w": [2.0, -1.0], "c": 0.0}
    assert frame["badge"]["lower_bound"] == "-inf"


def test_badge_spells_infinities_as_float_reads_them() -> None:
    sent = badge.payload({"status": "upper-bound", "lower_bound": -math.inf, "gap": np.float64(math.inf), "neurons": 3})
    assert sent == {"status": "upper-bound", "lower_bound": "-inf", "gap": "inf", "neurons": 3}
    assert float(sent["lower_bound"]) == -math.inf


def test_badge_refuses_an_unknown_status() -> None:
    with pytest.raises(ValueError, match="status must be one of"):
        badge.payload({"status": "optimal"})


def test_chart_refuses_an_unknown_layout() -> None:
    with pytest.raises(ValueError, match="use 'grid'"):
        chart.mount("chart", {}, layout="rows")


def components(script: Any) -> dict[str, dict[str, Any]]:
    """Data of each component on the page of `script`, by component name."""
    at = AppTest.from_function(script).run()
    assert not at.exception
    return {block.proto.component_name: json.loads(block.proto.json) for block in at.get("bidi_component")}


def test_the_path_is_sent_apart_from_the_slider() -> None:
    def script() -> None:
        from convexviz.app.components import scrubber

        frame = {"beta": 0.5, "network": {}, "badge": {"status": "certified"}, "figures": {}}
        data = {"beta": 0.1, "beta_max": 2.0, "frames": [frame], "path_rev": 7}
        scrubber.mount("s", data, on_beta_change=lambda beta: None)

    sent = components(script)
    assert json.loads(sent["convexviz_path"]["frames"])[0]["beta"] == 0.5
    assert sent["convexviz_path"]["path_rev"] == sent["convexviz_scrubber"]["path_rev"] == 7
    assert "frames" not in sent["convexviz_scrubber"]
    assert sent["convexviz_scrubber"]["beta_min"] == pytest.approx(2e-4)
    assert sent["convexviz_scrubber"]["disabled"] is False


@pytest.mark.parametrize("data", [{"beta": None, "beta_max": 1.0}, {"beta": 0.1, "beta_max": 0.0}, {"beta": 0.1}])
def test_a_slider_without_a_scale_is_disabled(data: dict[str, Any]) -> None:
    sent = scrubber.payload("nowhere", data)
    assert sent["disabled"] is True
    assert sent["beta_max"] is sent["beta_end"] is None


@pytest.mark.parametrize(("beta", "end"), [(0.1, 2.0), (2.0, 2.0), (7.5, 7.5)])
def test_the_slider_contains_the_present_beta_beyond_beta_max_too(beta: float, end: float) -> None:
    sent = scrubber.payload("nowhere", {"beta": beta, "beta_max": 2.0, "beta_min": 1e-3})
    assert (sent["beta_min"], sent["beta_max"], sent["beta_end"]) == (1e-3, 2.0, end)


def test_only_a_positive_number_reaches_the_caller() -> None:
    def script() -> None:
        import streamlit as st

        from convexviz.app.components import scrubber

        heard: list[float] = []
        for value in (0.25, -1, 0, "0.5", None, float("nan"), 3):
            st.session_state["slider"] = {"beta": {"value": value, "rev": 1}}
            scrubber._tell("slider", heard.append)
        st.session_state["heard"] = heard

    at = AppTest.from_function(script).run()
    assert at.session_state["heard"] == [0.25, 3.0]


def test_the_chart_sends_figures_and_network() -> None:
    def script() -> None:
        import numpy as np
        import plotly.graph_objects as go

        from convexviz.app.components import chart

        network = {"u": np.array([1]), "b": np.array([0.5]), "w": np.array([2.0]), "c": 0.0}
        chart.mount("c", {"fit": go.Figure(go.Scatter(y=np.arange(3.0)))}, network=network)

    sent = components(script)["convexviz_chart"]
    assert sent["plotly_url"].startswith("convexviz/plotly-")
    assert sent["network"]["b"] == [0.5]
    assert json.loads(sent["figures"]["fit"])["data"][0]["y"]["dtype"] == "f8"
