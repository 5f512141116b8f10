"""`docs/figures.md` names every public figure with the arguments that it has, and its Python makes each of them."""

from __future__ import annotations

import contextlib
import inspect
import re
import warnings
from pathlib import Path

import plotly.graph_objects as go
import pytest

from convexviz import figures

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "figures.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| (.+?) \| (.*) \|$", PAGE, flags=re.MULTILINE)
PYTHON = "\n".join(re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL))
DRAWN = [name for name in figures.__all__ if name.endswith("_figure")]


def test_the_gallery_names_every_public_name_once() -> None:
    assert sorted(name for name, *_ in ROWS) == sorted(figures.__all__)
    assert set(figures.__all__) <= set(dir(figures))


@pytest.mark.parametrize("name", figures.__all__)
def test_a_name_has_the_arguments_that_the_gallery_says(name: str) -> None:
    [arguments] = [words for known, _, words in ROWS if known == name]
    assert re.findall(r"`(\w+)`", arguments) == list(inspect.signature(getattr(figures, name)).parameters)


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_says_what_its_arguments_are(name: str) -> None:
    """But for those of `board_figure`, which `Drawn` documents."""
    words = inspect.getdoc(getattr(figures, name)) or ""
    for argument in inspect.signature(getattr(figures, name)).parameters:
        assert re.search(rf"\b{argument}\b", words) or name == "board_figure", f"{name} does not explain {argument}"


def test_the_python_makes_every_figure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    shown: list[go.Figure] = []
    monkeypatch.setattr(go.Figure, "show", lambda figure: shown.append(figure))
    with warnings.catch_warnings(), contextlib.redirect_stdout(None):
        warnings.simplefilter("error")
        exec(compile(PYTHON, "figures.md", "exec"), {"__name__": "gallery"})
    assert {name for name in DRAWN if f"figures.{name}(" in PYTHON} == set(DRAWN)
    assert len(shown) >= len(DRAWN)
    assert all(figure.data for figure in shown)
    assert (tmp_path / "fit.csv").read_text(encoding="utf-8").startswith("trace,x")


def test_an_unknown_figure_says_which_there_are() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'pie_figure'.*dual_figure"):
        _ = figures.pie_figure
