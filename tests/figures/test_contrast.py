"""Marks and text stand out from the page in both themes (WCAG 2: 1.4.3 and 1.4.11), computed from the colours."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from convexviz.app.components.web import asset
from convexviz.figures import theme

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
THEMES = tomllib.loads(CONFIG.read_text())["theme"]
MARKS = {name: value for name, value in vars(theme).items() if re.fullmatch("#[0-9A-Fa-f]{6}", str(value))}
TEXTS = ("textColor", "linkColor", "codeTextColor")
MARK_CONTRAST, TEXT_CONTRAST = 3.0, 4.5
AS_TEXT = 0.65  # share of a mark's colour where it colours text; the rest is the text's own


def channels(colour: str) -> list[float]:
    return [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]


def luminance(rgb: list[float]) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: list[float], b: list[float]) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast(channels("#000000"), channels("#FFFFFF")) == pytest.approx(21)


@pytest.mark.parametrize("colours", [pytest.param(THEMES[name], id=name) for name in ("light", "dark")])
def test_every_mark_stands_out_from_the_page(colours: dict[str, str]) -> None:
    page = channels(colours["backgroundColor"])
    assert len(MARKS) == 6
    faint = {name: colour for name, colour in MARKS.items() if contrast(channels(colour), page) < MARK_CONTRAST}
    assert faint == {}


@pytest.mark.parametrize("colours", [pytest.param(THEMES[name], id=name) for name in ("light", "dark")])
def test_text_can_be_read_on_page_and_panels(colours: dict[str, str]) -> None:
    for ground in ("backgroundColor", "secondaryBackgroundColor", "codeBackgroundColor"):
        for name in TEXTS:
            assert contrast(channels(colours[name]), channels(colours[ground])) >= TEXT_CONTRAST, (name, ground)


@pytest.mark.parametrize("colours", [pytest.param(THEMES[name], id=name) for name in ("light", "dark")])
def test_a_mark_mixed_with_the_ink_is_fit_for_text(colours: dict[str, str]) -> None:
    """The style sheets mix at least as much ink into a mark's colour where it is the colour of a text."""
    ink, page = channels(colours["textColor"]), channels(colours["backgroundColor"])
    for name, colour in MARKS.items():
        mixed = [AS_TEXT * c + (1 - AS_TEXT) * i for c, i in zip(channels(colour), ink, strict=True)]
        assert contrast(mixed, page) >= TEXT_CONTRAST, name


def test_board_and_charts_use_the_colours_of_the_figures() -> None:
    ours = [theme.FIT, theme.OTHER_CLASS, theme.NEURON, theme.DUAL, theme.OVERLAY, theme.COMPARISON]
    board = re.findall(r"--cvz-(?:pos|neg|neuron|dual|extra): (#\w{6})", asset("board/board.css"))
    assert [colour.upper() for colour in board] == [colour.upper() for colour in ours[:5]]
    listed = re.search(r"const COLOURS = \[(.*?)\]", asset("chart/theme.js"))
    assert listed is not None
    assert [name.strip(' "') for name in listed[1].split(",")] == ours
    assert THEMES["chartCategoricalColors"] == ours


def test_the_frame_uses_the_colours_of_the_theme() -> None:
    """Streamlit's variables are known to components alone, so the frame's style sheet repeats them."""
    pairs = re.findall(r"--cvz-(\w+): light-dark\((#\w{6}), (#\w{6})\)", asset("web/frame.css"))
    names = {"page": "backgroundColor", "panel": "secondaryBackgroundColor", "text": "textColor"}
    names |= {"border": "borderColor", "primary": "primaryColor", "muted": "grayColor"}
    expected = {name: (THEMES["light"][key].lower(), THEMES["dark"][key].lower()) for name, key in names.items()}
    assert {name: (light, dark) for name, light, dark in pairs} == expected
