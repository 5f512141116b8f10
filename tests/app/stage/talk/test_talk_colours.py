"""The stage's colours are those of the app's themes: what is chosen by key looks as if Streamlit had drawn it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from convexviz.app.components.talk import BACKDROP

CONFIG = Path(__file__).parents[4] / ".streamlit" / "config.toml"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colours_are_those_of_the_theme(theme: str) -> None:
    known = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][theme]
    (block,) = re.findall(rf'\[data-talk-theme="{theme}"\] :is\([^)]*\) \{{(.*?)\}}', BACKDROP, re.DOTALL)
    found = dict(re.findall(r"--st-([a-z-]+): (#\w+);", block))
    names = {css: re.sub("-([a-z])", lambda match: match[1].upper(), css) for css in found}
    assert len(found) >= 10
    named = {css: value for css, value in found.items() if names[css] in known}
    assert named == {css: known[names[css]].lower() for css in named}
    assert set(found) - set(named) == {"border-color-light"}, "which Streamlit derives"
