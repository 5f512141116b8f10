"""The names of a table's columns reach the axes of the board and of the figures beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from convexviz.app.shell import source, startup
from tests.app.messages import components

SECONDS = 120  # the first run imports everything


def named(page: str, of: source.PointSource, axes: tuple[str, str], target: str, query: dict[str, str]) -> AppTest:
    """The page whose points came from columns of these names."""
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS)
    for name, value in query.items():
        at.query_params[name] = value
    at.switch_page(f"../../pages/{page}.py").run()
    key = f"{of.state_key('regression')}-source"
    at.session_state[key] = replace(at.session_state[key], axes=axes, target=target)
    at.run()
    assert not at.exception
    return at


def titles(at: AppTest) -> dict[str, Any]:
    """Titles of the horizontal axes of all figures by their names, and the board's axes."""
    found: dict[str, Any] = {}
    for block in components(at):
        sent = json.loads(block.proto.json)
        if block.proto.component_name == "convexviz_board":
            found["board"] = sent["axes"]
        for name, text in sent.get("figures", {}).items() if block.proto.component_name == "convexviz_chart" else ():
            page = json.loads(text)["layout"]
            found[name] = page.get("scene", page)["xaxis"]["title"]["text"]
    return found


def test_on_the_line() -> None:
    at = named("splines", source.line, ("hours", "price"), "price", {})
    shown = titles(at)
    assert shown["board"] == ["hours", "price"]
    assert shown["dual"] == "kink position (hours)"
    assert shown["neurons"] == "hours"


@pytest.mark.parametrize(("picture", "title"), [("surface", "rain"), ("neurons", "neurons, largest weight first")])
def test_in_the_plane(picture: str, title: str) -> None:
    query = {"task": "regression", "n": "20", "show": picture}
    shown = titles(named("plane", source.plane, ("rain", "sun"), "yield", query))
    assert shown["board"] == ["rain", "sun", "yield"]
    assert shown["dual"] == "angle of u (0°: rain, 90°: sun)"
    assert shown[picture] == title
