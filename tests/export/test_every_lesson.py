"""Every picture of every lesson, light and dark, opened by readers that know nothing of us."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from convexviz.export import PRESETS, THEMES, Renderer, rendered
from tests.export.reading import Word, fonts, page_size, tags, texts, words

SMALLEST = 24.0  # px: 18 pt on a slide
TOUCH = 1.5  # pt that boxes of words may share: they hold the room above and below the letters
MAPS = {"heatmap", "contour"}

Shown = dict[str, dict[str, Any]]


def each(shown: Shown) -> list[tuple[str, Any]]:
    return [(f"{lesson} {name}", spec) for lesson, figures in shown.items() for name, spec in figures.items()]


@pytest.mark.parametrize("theme", THEMES)
def test_a_slide_is_vectors_with_text_that_is_read_from_afar(shown: Shown, draw: Renderer, theme: str) -> None:
    assert len(each(shown)) > 20
    for title, spec in each(shown):
        svg = rendered(spec, "svg", theme=theme, renderer=draw)
        has_map = any(trace.get("type") in MAPS for trace in spec["data"])
        assert has_map or "image" not in tags(svg), title
        assert "canvas" not in tags(svg), title
        sizes = texts(svg)
        assert sizes, title
        assert min(size for _, size in sizes) >= SMALLEST, (title, sizes)
        assert b"var(--" not in svg, title


@pytest.mark.parametrize("preset", PRESETS)
def test_a_pdf_has_its_size_and_fonts_and_no_word_cut_off_or_on_another(
    shown: Shown, draw: Renderer, poppler: None, tmp_path: Path, preset: str
) -> None:
    path = tmp_path / "figure.pdf"
    faults = []
    for title, spec in each(shown):
        path.write_bytes(rendered(spec, "pdf", preset=preset, renderer=draw))
        (width, height), found = words(path)
        page = Word("", -TOUCH, -TOUCH, width + TOUCH, height + TOUCH)
        faults += [f"{title}: {word} is cut off" for word in found if not page.holds(word)]
        faults += [f"{title}: {a} on {b}" for i, a in enumerate(found) for b in found[:i] if a.meets(b, TOUCH)]
        faults += [f"{title}: {font} is not embedded" for font, embedded in fonts(path) if not embedded]
        faults += [] if found and fonts(path) else [f"{title}: no words"]
        assert page_size(path) == (width, height)
        assert width == PRESETS[preset].width * 0.75  # points, 96 pixels an inch
        assert height in {PRESETS[preset].height * 0.75, PRESETS[preset].taller * 0.75}
    assert faults == []


@pytest.mark.parametrize("theme", THEMES)
def test_a_png_has_its_size_and_the_paper_of_its_theme_or_none(shown: Shown, draw: Renderer, theme: str) -> None:
    spec = shown["splines"]["dual"]
    kept = Image.open(io.BytesIO(rendered(spec, "png", theme=theme, scale=1.5, renderer=draw))).convert("RGBA")
    clear = Image.open(io.BytesIO(rendered(spec, "png", theme=theme, transparent=True, renderer=draw)))
    assert kept.size == (1920, 1080)
    assert clear.size == (2560, 1440)
    paper = tuple(int(THEMES[theme].paper[i : i + 2], 16) for i in (1, 3, 5))
    assert kept.getpixel((0, 0)) == (*paper, 255)
    assert clear.getpixel((0, 0))[3] == 0  # type: ignore[index]
    assert np.asarray(clear)[..., 3].max() == 255
