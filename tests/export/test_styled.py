"""How a figure is dressed: presets, themes, titles and legends that wrap, ticks that keep off each other."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from convexviz.export import PRESETS, THEMES, styled
from convexviz.export.legend import entries_of
from convexviz.export.ticks import number, round_numbers, thinned
from convexviz.export.words import levelled, listed, plain, split_title, still, width, wrapped
from convexviz.figures.parts import keyed

KEYED = keyed("A title", ("#0072B2", "━", "the network"), ("#D55E00", "╍", "kernel"), ("#009E73", "◆", "kinks"))


def figure(**layout: Any) -> dict[str, Any]:
    trace = {"type": "scatter", "mode": "lines+markers", "name": "fit", "x": [0.0, 1.0], "y": [0.0, 2.0]}
    trace |= {"line": {"color": "var(--st-gray-color)", "width": 2}, "marker": {"size": 10}}
    return {"data": [trace], "layout": {"title": {"text": KEYED}, **layout}}


def heading(spec: Any, **how: Any) -> str:
    return styled(spec, **how)["layout"]["title"]["text"]


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_gives_size_and_text(preset: str) -> None:
    layout: Any = styled(figure(xaxis={"title": {"text": "x", "font": {"size": 12}}}), preset)["layout"]
    size = PRESETS[preset]
    assert (layout["width"], layout["height"]) == (size.width, size.height)
    assert layout["font"]["size"] == layout["xaxis"]["tickfont"]["size"] == size.text
    assert layout["xaxis"]["title"]["font"]["size"] == size.text


def test_a_slide_has_a_title_and_a_paper_has_not_unless_asked() -> None:
    assert "A title" in heading(figure())
    assert "A title" not in heading(figure(), preset="paper")
    assert "kinks" in heading(figure(), preset="paper")
    assert "A title" in heading(figure(), preset="paper", title=True)
    assert "Mine" in heading(figure(), preset="paper", title="Mine")
    assert "A title" not in heading(figure(), title=False)
    assert "kinks" not in heading(figure(), legend=False)


def test_a_figure_without_a_title_is_called_by_its_words() -> None:
    spec = figure(title={"text": ""}, meta={"alt": "The images trained on."})
    assert plain(heading(spec)) == "The images trained on"


def test_a_legend_of_plotly_is_written_above_in_words() -> None:
    spec = figure(showlegend=True)
    assert entries_of(spec) == ["<span style='color:var(--st-gray-color)'>━</span> fit"]
    made: Any = styled(spec)["layout"]
    assert made["showlegend"] is False
    assert "fit" in made["title"]["text"]


def test_marks_and_lines_grow_and_the_figure_is_left_as_it_was() -> None:
    spec = figure()
    before = copy.deepcopy(spec)
    trace: Any = styled(spec)["data"][0]
    assert spec == before
    assert trace["marker"]["size"] == 10 * PRESETS["slide"].marks
    assert trace["line"]["width"] == 2 * PRESETS["slide"].lines
    small: Any = styled(spec, "paper")["data"][0]
    assert small["marker"]["size"] < 10


@pytest.mark.parametrize("theme", THEMES)
def test_colours_of_the_page_become_those_of_the_theme(theme: str) -> None:
    made: Any = styled(figure(), theme=theme)
    assert made["data"][0]["line"]["color"] == THEMES[theme].faint
    assert made["layout"]["paper_bgcolor"] == THEMES[theme].paper
    assert made["layout"]["font"]["color"] == THEMES[theme].ink
    clear: Any = styled(figure(), theme=theme, transparent=True)
    assert clear["layout"]["paper_bgcolor"] == "rgba(0,0,0,0)"


def test_a_figure_of_plotly_is_taken_and_webgl_is_not() -> None:
    made: Any = styled(go.Figure(go.Scattergl(x=np.arange(3), y=np.arange(3))))
    assert [trace["type"] for trace in made["data"]] == ["scatter"]


@pytest.mark.parametrize(
    ("how", "words"),
    [({"preset": "poster"}, "slide, half, paper"), ({"theme": "sepia"}, "light, dark")],
)
def test_what_there_is_not_is_said_with_what_there_is(how: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        styled(figure(), **how)
    with pytest.raises(TypeError, match="data and layout"):
        styled({"layout": {}})


def test_a_title_is_told_from_what_it_explains() -> None:
    words, entries = split_title(KEYED)
    assert words == "A title"
    assert [plain(entry) for entry in entries] == ["━ the network", "╍ kernel", "◆ kinks"]
    assert split_title("N<sub>v</sub>: the proof") == ("N<sub>v</sub>: the proof", [])


def test_nothing_is_asked_of_who_sees_a_picture() -> None:
    assert still("Neurons: point at one to see the sum so far") == "Neurons"
    assert still("Dual function: the proof") == "Dual function: the proof"


def test_subscripts_are_letters_of_full_size_where_there_are_such() -> None:
    assert levelled("(x − x<sub>k</sub>)<sub>+</sub> N<sub>v</sub> 10<sup>-2</sup>") == "(x − xₖ)₊ Nᵥ 10⁻²".replace(
        "Nᵥ", levelled("N<sub>v</sub>")
    )
    assert levelled("β<sub>max</sub>") == "βₘₐₓ"
    assert levelled("a<sub>W</sub>") == "a<sub>W</sub>"


def test_lines_are_as_wide_as_there_is_room() -> None:
    text = "Path over β: one line per neuron, and their number"
    for room in (150.0, 300.0, 600.0):
        lines = wrapped(text, 30, room)
        assert " ".join(lines) == text
        assert max(width(line, 30) for line in lines) <= room
    entries = split_title(KEYED)[1]
    assert len(listed(entries, 24, 1200)) == 1
    assert len(listed(entries, 24, 230)) == 2
    assert max(width(line, 24) for line in listed(entries, 24, 230)) <= 230


@pytest.mark.parametrize(
    ("low", "high"), [(-9.08, 9.08), (0.0, 1.0), (-1.4, 1.4), (3e-7, 5e-7), (0.0, 2.5e7), (12.0, 12.0)]
)
@pytest.mark.parametrize("most", [2, 3, 5, 9])
def test_round_numbers_are_few_enough_and_told_apart(low: float, high: float, most: int) -> None:
    values, texts = round_numbers(low, high, most)
    assert len(values) <= most
    assert len(set(texts)) == len(values)
    assert all(low - 1e-9 <= value <= high + 1e-9 for value in values)
    assert low == high or len(values) >= min(2, most) - (most == 2)


def test_numbers_are_written_as_on_paper() -> None:
    assert number(-0.5, 0.5) == "−0.5"
    assert number(-0.0, 1) == "0"
    assert number(20000000, 1e7) == "2·10⁷"
    assert number(3.5e-7, 5e-8) == "3.5·10⁻⁷"


@pytest.mark.parametrize("length", [60.0, 120.0, 300.0, 1200.0])
def test_labels_of_an_axis_keep_off_each_other(length: float) -> None:
    axis = {"tickvals": list(range(1, 25)), "ticktext": [f"point {k}" for k in range(1, 25)]}
    made = thinned(axis, (0.5, 24.5), length, 24, across=True)
    at = np.array(made["tickvals"]) * length / 24
    sizes = [width(text, 24) for text in made["ticktext"]]
    assert len(at) >= 1
    assert all(b - a > (u + v) / 2 for a, b, u, v in zip(at[:-1], at[1:], sizes[:-1], sizes[1:], strict=True))


def test_powers_on_a_logarithmic_axis_are_not_set_small() -> None:
    axis = {"type": "log", "exponentformat": "power"}
    assert thinned(axis, (-7.0, -1.0), 1000, 24, across=True)["ticktext"][:2] == ["10⁻⁷", "10⁻⁶"]
    assert thinned(axis, (-1.0, 0.5), 1000, 24, across=True)["ticktext"] == ["0.1", "0.2", "0.5", "1", "2"]
    crowded = thinned({"dtick": 1, "tickformat": "d"}, (0.5, 60.5), 400, 24, across=True)
    assert len(crowded["tickvals"]) <= 4
    assert all(value == int(value) for value in crowded["tickvals"])
