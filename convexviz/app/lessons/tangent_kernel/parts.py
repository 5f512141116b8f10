"""The pieces of the lesson on the tangent kernel: board, certificate, its prediction beside the optimum, numbers.

On labels the kernel is fitted to -1 and +1 by least squares, as kernel ridge regression is; the network keeps its loss.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import convexviz as cv
from convexviz.app.components import chart
from convexviz.app.contrast import optimum_board
from convexviz.app.contrast.held_out import NO_FRESH, Data, comparable, error, posed, shown
from convexviz.app.contrast.points import boards_of, drawn
from convexviz.app.lessons.tangent_kernel.fit import CELLS, STOPS, Prediction, positions, predict, ranges
from convexviz.app.lessons.tangent_kernel.settings import KernelSettings
from convexviz.app.shell import controls
from convexviz.app.shell.errors import guard
from convexviz.core.network import Array
from convexviz.figures.parts import Range, Spec
from convexviz.figures.race import kernel as figures

BOARDS = boards_of("kernel")
CHART = "kernel-figures"
BOARD_HEIGHT = 360
NORMS = (
    "Σ|w| adds up the sizes of the network's weights: β times it is what weight decay charges. ‖f‖ is the norm of the "
    "kernel's function, the root of a sum of squares of how far infinitely many neurons have moved; λ times its square "
    "is what the ridge charges. They measure different things, and their values are not to be compared."
)
LABELS = (
    "The kernel is fitted to the labels −1 and +1 by least squares (kernel ridge); the network keeps its "
    "loss. Differences are of values cut off at ±1, where both are sure."
)


def lesson() -> None:
    """Board, comparison and certificate side by side; a gesture and a moved λ rerun this alone."""
    with st.container(key="kernel"):
        _fragment()


@st.fragment
def _fragment() -> None:
    with guard():
        on = drawn(BOARDS)
        settings: KernelSettings = on.settings  # type: ignore[assignment]
        answer = optimum_board.solved(on)
        board, middle, proof = _columns(on.plane)
        with board:
            optimum_board.mount("kernel", on, answer, None if on.plane else BOARD_HEIGHT)
        with proof:
            optimum_board.certificate("kernel", on, answer)
            optimum_board.beta_slider(on)
            if not settings.hides("kernel"):
                _slider(settings)
        with middle, st.container(key="figure"):
            if answer.solution is None:
                chart.mount(CHART, {})
                st.info(answer.message or "There is nothing to compare yet.")
            else:
                numbers, words = _compared(posed(on), answer.solution, settings.ridge)
        if answer.solution is not None:
            _below(numbers, words)


def _columns(plane: bool) -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
    """Places for the board, the comparison and the proof; three maps need the whole width, below the other two."""
    if plane:
        board, proof = st.columns([62, 38], gap="medium")
        return board, st.container(), proof
    board, middle, proof = st.columns([36, 38, 26], gap="small")
    return board, middle, proof


def _below(numbers: str, words: str) -> None:
    """Errors and norms, and what is to be said of them."""
    left, right = st.columns([58, 42], gap="medium", vertical_alignment="center")
    with left, st.container(key="kernel-numbers"):
        st.markdown(numbers)
    right.caption(words)


def _slider(settings: KernelSettings) -> None:
    """λ on a logarithmic scale that begins with 0; a value from a link stands among the stops."""
    stops = sorted({*STOPS, settings.ridge})
    with st.container(key="kernel-ridge"):
        controls.stop_slider("ridge", stops, ridge_words)


def ridge_words(ridge: float) -> str:
    """A stop of the slider in words."""
    return "0 (interpolate)" if ridge == 0 else f"{ridge:.2g}"


def _compared(data: Data, solution: cv.Solution, ridge: float) -> tuple[str, str]:
    """The figures of both functions; their numbers, and words."""
    at = positions(data.problem, (data.view.x, data.view.y))
    f = solution.network.predict(at)
    kernel = None
    try:
        kernel = predict(data.problem, ridge, at.tobytes(), data.fresh, data.classes)
    except ValueError as reason:
        st.warning(f"**No function passes through all points** (λ = 0), so the kernel is not drawn. {reason}")
    limits = ranges(data.problem, at.tobytes(), data.heights, data.classes, f, f.tobytes())
    values = None if kernel is None else kernel.values
    draw = _line if data.problem.d == 1 else _plane
    specs, words = draw(data, solution.network, at, f, values, *limits)
    chart.mount(CHART, specs)
    said = (words, NORMS, LABELS if data.classes else "", "" if data.fresh else NO_FRESH)
    return _table(data, solution.network, kernel, ridge), " ".join(part for part in said if part)


Drawn = tuple[dict[str, Spec], str]


def _line(
    data: Data, network: cv.ReLUNetwork, at: Array, f: Array, kernel: Array | None, limits: Range, reach: float
) -> Drawn:
    x, kinks = at[:, 0], network.kinks()
    gap = None if kernel is None else comparable(f, data.classes) - comparable(kernel, data.classes)
    spec = figures.line_spec(x, f, kernel, gap, kinks, data.points, (data.view.x, limits, reach), name=data.axes[0])
    k = None if gap is None else figures.most_apart(x, gap, data.points[0])
    return {"kernel": spec}, "" if k is None or gap is None else apart_words(x[k], gap[k], kinks)


def apart_words(x: float, gap: float, kinks: Array) -> str:
    """Where the two differ most, and how near a kink that is."""
    near = f", {np.abs(kinks - x).min():.2g} away from the nearest kink (◆)" if len(kinks) else ""
    return f"Most apart (★) at x = {_signed(x)}, by {abs(gap):.2g}{near}."


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _plane(
    data: Data, network: cv.ReLUNetwork, at: Array, f: Array, kernel: Array | None, limits: Range, reach: float
) -> Drawn:
    view = data.view.x, data.view.y
    common: dict[str, Any] = {"view": view, "points": data.points, "classes": data.classes, "names": data.axes}

    def map_of(words: str, alt: str, z: Array, ends: Range, lines: bool, star: Array | None = None) -> Spec:
        title = figures.map_title(words, lines, star is not None)
        net = network if lines else None
        return figures.map_spec(title, alt, z.reshape(CELLS, CELLS), ends=ends, network=net, star=star, **common)

    specs = {"kernel-network": map_of("Optimal network", "The optimal network over the plane.", f, limits, True)}
    if kernel is None:
        return specs, ""
    apart = comparable(f, data.classes) - comparable(kernel, data.classes)
    k = _most_apart(data, at, apart)
    alt = "The prediction of the tangent kernel over the plane."
    specs["kernel-prediction"] = map_of("Tangent kernel", alt, kernel, limits, False)
    alt = "Network minus tangent kernel over the plane, with the lines at which the network bends."
    gap = map_of("Difference", alt, apart, (-reach, reach), True, at[k])
    words = f"Most apart (★) at ({_signed(at[k, 0])}, {_signed(at[k, 1])}), by {abs(apart[k]):.2g}."
    if network.width:
        near = np.abs(at[k] @ network.U.T + network.b).min()
        words = f"{words[:-1]}, {near:.2g} away from the nearest break line."
    return specs | {"kernel-difference": figures.plain_points(gap)}, words


def _most_apart(data: Data, at: Array, gap: Array) -> int:
    """Index of the place with the greatest difference within the box around the data."""
    X = data.problem.X
    inside = ((at >= X.min(axis=0)) & (at <= X.max(axis=0))).all(axis=1)
    return int(np.argmax(np.where(inside | ~inside.any(), np.abs(gap), -1.0)))


def _table(data: Data, network: cv.ReLUNetwork, kernel: Prediction | None, ridge: float) -> str:
    """Errors and norms of the two functions."""
    X, y = data.problem.X, data.problem.targets
    fresh = data.fresh
    held = None if fresh is None else error(network.predict(fresh.X), fresh.targets, data.classes)
    name = "error" if data.classes else "RMS error"
    beta = f"β = {data.beta:.3g}" if data.problem.has_beta else "no β"
    rows = [
        f"| | training {name} | held-out {name} | kept small |",
        "|:--|--:|--:|--:|",
        f"| **Optimal network**, {beta} | {shown(error(network.predict(X), y, data.classes), data.classes)} "
        f"| {_held(held, data)} | Σ\\|w\\| = {network.penalty:.3g} |",
    ]
    if kernel is not None:
        rows.append(
            f"| **Tangent kernel**, λ = {ridge:.3g} | {shown(kernel.train, data.classes)} "
            f"| {_held(kernel.fresh, data)} | ‖f‖ = {kernel.norm:.3g} |"
        )
    return "\n".join(rows)


def _held(value: float | None, data: Data) -> str:
    return "—" if value is None else shown(value, data.classes)
