"""The film of the cutting planes: solved slowly when asked for, sent once, played in the browser."""

from __future__ import annotations

import numpy as np
import streamlit as st

import convexviz as cv
from convexviz.app.components import chart, film
from convexviz.app.compute import answers
from convexviz.app.contracts import Certificate, FilmFrame, Parcel
from convexviz.app.lessons.plane.settings import PlaneSettings
from convexviz.app.lessons.plane.view_state import frame, posed
from convexviz.app.shell import state
from convexviz.app.shell.errors import guard
from convexviz.core.solution import relative_gap
from convexviz.figures import plane as figures
from convexviz.figures.parts import band_of
from convexviz.figures.plane.tools import by_size

FILM, BOUNDS = "plane-film", "plane-bounds"
ASKED = "plane-film-of"  # session key: the problem whose film was asked for
BOUNDS_HEIGHT = 300


@st.fragment
def film_fragment() -> None:
    """The rounds of the cutting planes, solved when asked for and played in the browser."""
    with guard(), st.container(key="film"):
        settings: PlaneSettings = state.current().settings
        problem = posed(settings)
        name = film_name(settings)
        solution = None
        if st.session_state.get(ASKED) == name:
            solution = answers.watched(problem, settings.beta)
        film.mount(
            FILM,
            frames=None if solution is None else _film(solution),
            rev=name,
            title="Solve it again, round by round",
            caption="The present answer. Press play to see how the cutting planes get there.",
            waiting="Solving, with few neurons a round…",
            on_ask=_ask,
        )
        if solution is not None:
            chart.mount(BOUNDS, {"bounds": figures.bounds_spec(solution.history, BOUNDS_HEIGHT, band_of(solution))})
        elif not answers.not_yet(problem):
            st.caption(
                "The solver begins without neurons. Each round it weighs those it holds, looks for neurons that leave "
                "the band, the orange islands in the map, and adds some of the worst."
            )


def parcels() -> dict[str, Parcel]:
    """What an answer brings the film and its bounds: those of other points are taken off the page."""
    name = film_name(state.current().settings)
    brought: dict[str, Parcel] = {FILM: film.parcel(name)}
    return brought if st.session_state.get(ASKED) == name else brought | {BOUNDS: chart.parcel(BOUNDS, {})}


def film_name(settings: PlaneSettings) -> str:
    """Names the problem that a film belongs to."""
    return answers.rev((posed(settings), settings.beta))


def _ask() -> None:
    """As a callback: the film of the points as they are at the click, whatever the last run of the fragment saw."""
    st.session_state[ASKED] = film_name(state.current().settings)


def _film(solution: cv.Solution) -> str:
    """The rounds of a solution as frames; the last is the answer itself."""
    band = band_of(solution)
    frames = [_round(solution, k, band) for k in range(len(solution.history))]
    last: FilmFrame = {
        **frame(solution),
        "round": len(frames),
        "caption": f"No neuron leaves the band any more: {_count(solution.network.width, 'neuron')}, proved optimal."
        if solution.certified
        else "Out of time: the bounds have not met.",
    }
    return film.pack_frames([*frames[:-1], last])


def _round(solution: cv.Solution, k: int, band: float) -> FilmFrame:
    record = solution.history[k]
    network = by_size(record.network or cv.ReLUNetwork.constant(0.0, 2))
    gap = relative_gap(record.upper, record.lower)
    shown: Certificate = {"status": "upper-bound", "message": f"Round {k + 1}: bounds on the optimum, not yet equal."}
    shown |= {"objective": record.upper, "lower_bound": record.lower, "gap": gap, "neurons": network.width}
    shown |= {"seconds": record.seconds, "method": solution.method, "loss": solution.loss}
    if not cv.LOSSES[solution.loss].constrained:
        shown["beta"] = solution.beta
    excess = f"The worst one outside reaches {record.maximum / band:.2f} times the end of the band."
    v = np.zeros(0) if record.v is None else record.v
    return {
        "beta": solution.beta,
        "network": answers.plane_json(network, (v, band)),
        "badge": shown,
        "figures": {},
        "round": k + 1,
        "caption": f"{_count(network.width, 'neuron')} in use. {excess} {_count(record.added, 'neuron')} added.",
    }


def _count(n: int, noun: str) -> str:
    return f"{n or 'No'} {noun if n == 1 else noun + 's'}"
