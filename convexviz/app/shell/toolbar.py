"""Parts of the toolbar that lessons on drawn points have in common; each is left out where the link hides its group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from convexviz import data
from convexviz.app.components import gallery
from convexviz.app.shell import controls, source, state
from convexviz.app.shell.errors import plain
from convexviz.app.shell.own_data import open_data
from convexviz.app.shell.settings import LOSSES, DataSettings
from convexviz.app.shell.source import PointSource


def one_of(name: str, group: str, settings: DataSettings, options: Sequence[str] = ()) -> None:
    """A choice without its label; `options` narrows the table's choices."""
    if not settings.hides(group):
        controls.choice(name, options, label_visibility="collapsed", width="content")


def presets(key: str, settings: DataSettings, formula: bool = False, problem: str = "") -> None:
    """Presets and how many points they draw, and where there is one the formula, with what is wrong with it."""
    if settings.hides("presets"):
        return
    ways = "Presets, formula, number and noise" if formula else "Presets, number and noise"
    with st.popover("Points", icon=":material/scatter_plot:", help=ways):
        gallery.mount(key, settings.task, settings.dataset, picked, dims=settings.dims)
        if formula and settings.task == "regression":
            controls.text("formula", placeholder="sin(3x) + |x|/2")
            if problem:
                st.markdown(f":red[{plain(problem)}]")
        sampling(settings)


def picked(name: str) -> None:
    """Take a preset; where the points came from a formula it goes, even if the preset is the one below it."""
    state.update(dataset=name, **({"formula": ""} if hasattr(state.current().settings, "formula") else {}))


def sampling(settings: DataSettings) -> None:
    """Number of points, noise and seed of the preset or formula."""
    spec = data.DATASETS[settings.dataset]
    n, noise, seed = st.columns(3)
    with n:
        controls.number("n", lo=spec.n_min, hi=min(spec.n_max, source.MAX_POINTS))
    with noise:
        controls.number("noise", step=0.05)
    with seed:
        controls.number("seed")
    st.button(
        "Draw a new sample",
        icon=":material/casino:",
        key="new-sample",
        on_click=lambda: state.update(seed=settings.seed + 1),
        width="stretch",
    )


def drawing_board(
    key: str, settings: DataSettings, points: PointSource, overlays: Iterable[str], shows: str, formula: bool = False
) -> None:
    """Task, presets, table and CSV, loss, and what else is drawn: `shows` tells what the overlays are."""
    one_of("task", "data", settings)
    problem = points.prepare(settings, state.link_loads()).problem
    settings = state.current().settings  # with the β that goes with new points
    presets(key, settings, formula, problem)
    if not settings.hides("data") and st.button("Table, CSV", icon=":material/table:", key="open-data"):
        open_data(settings.task, points)
    one_of("loss", "loss", settings, LOSSES[settings.task])
    if not settings.hides("overlays"):
        with st.popover("Show", icon=":material/layers:", help=shows):
            for name in overlays:
                controls.toggle(name)
