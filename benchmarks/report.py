"""The measurements as JSON, as markdown tables and as a plot of seconds against n."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

import plotly.graph_objects as go

from .measure import FIT_FROM, Entry, Point, slope

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("numpy", "scipy", "cvxpy", "clarabel", "highspy", "scikit-learn")
DASHES = {"even": "solid", "random": "dash", "near": "dot", "folds": "solid", "moons": "dash"}
COLOURS = {"squared": "#0072B2", "hinge": "#D55E00", "logistic": "#009E73"}


def write(entries: Sequence[Entry], points: Sequence[Point]) -> str:
    """Write everything into `RESULTS`; the tables come back as text."""
    RESULTS.mkdir(exist_ok=True)
    text = "\n\n".join([machine(), contest_table(entries), growth_table(points), slope_table(points)]) + "\n"
    data = {
        "machine": machine(),
        "contest": [asdict(entry) for entry in entries],
        "growth": [asdict(point) for point in points],
    }
    (RESULTS / "results.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "tables.md").write_text(text, encoding="utf-8")
    growth_plot(points).write_html(RESULTS / "growth.html", include_plotlyjs=True)
    return text


def machine() -> str:
    """Cores, how busy they are, and the versions that matter."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    busy = f", load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores{busy}; Python {platform.python_version()}, {packages}."


def contest_table(entries: Sequence[Entry]) -> str:
    """The contest; excess is relative to the objective of convexviz, negative if better."""
    rows = [
        (e.n, e.name, f"{e.seconds:.3g}", f"{e.times:.0f}", f"{e.objective:.10g}", f"{e.excess:.1e}") for e in entries
    ]
    return table(("n", "solver", "seconds", "times convexviz", "objective", "relative excess"), rows)


def growth_table(points: Sequence[Point]) -> str:
    """convexviz alone."""
    rows = [
        (
            p.loss,
            p.layout,
            f"{p.beta:g}",
            p.n,
            f"{p.seconds:.3g}",
            f"{p.gap:.1e}",
            "yes" if p.certified else "NO",
            p.neurons,
        )
        for p in points
    ]
    return table(("loss", "inputs", "beta", "n", "seconds", "worst gap", "certified", "neurons"), rows)


def slope_table(points: Sequence[Point], least: int = FIT_FROM) -> str:
    """How the time grows."""
    rows = [(*kind, f"{slope(line, least):.2f}") for kind, line in lines(points)]
    return table(("loss", "inputs", "beta", f"exponent of n, from n = {least}"), rows)


def growth_plot(points: Sequence[Point], least: int = FIT_FROM) -> go.Figure:
    """Seconds against n, both logarithmic, with the fitted exponent in the legend."""
    figure = go.Figure(
        layout={
            "title": {"text": "convexviz: seconds against the number of points"},
            "xaxis": {"type": "log", "title": {"text": "n"}, "exponentformat": "power"},
            "yaxis": {"type": "log", "title": {"text": "seconds"}, "exponentformat": "power"},
            "template": "plotly_white",
        }
    )
    for (loss, layout, beta), line in lines(points):
        figure.add_scatter(
            x=[p.n for p in line],
            y=[p.seconds for p in line],
            mode="lines+markers",
            name=f"{loss}, {layout}, beta = {beta:g}: n^{slope(line, least):.2f}",
            line={"color": COLOURS[loss], "dash": DASHES[layout]},
        )
    return figure


def lines(points: Sequence[Point]) -> list[tuple[tuple[str, str, float], list[Point]]]:
    """The points of each loss, layout and beta, in the order measured."""
    return [(key, list(line)) for key, line in groupby(points, key=lambda p: (p.loss, p.layout, p.beta))]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
