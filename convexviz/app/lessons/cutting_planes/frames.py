"""The film of a run of cutting planes: its rounds as frames, with the dual function before and after each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

import convexviz as cv
from convexviz.app.components import film
from convexviz.app.compute import answers
from convexviz.app.contracts import Certificate, FilmFrame, PlaneNetwork
from convexviz.app.lessons.cutting_planes.run_text import last_words, round_words
from convexviz.app.lessons.cutting_planes.view_state import EXCEEDS, ViewState, added, on_plane
from convexviz.core.dual.slices import Slice, dual_slice, second_direction
from convexviz.core.ladder.missed import Missed
from convexviz.core.network import Array
from convexviz.core.solution import Round, relative_gap
from convexviz.figures import cutting as figures
from convexviz.figures.parts import Spec, band_of
from convexviz.figures.plane.tools import View, by_size, line_in_window
from convexviz.figures.spec import Curve, Traces, Update
from convexviz.figures.theme import OVERLAY

Changes = dict[str, Traces | Update]  # of figures, by name

ANGLES = 181  # of a circle: every other degree
MOST_FRAMES = 60  # a longer run shows its first rounds, where most happens, and then every so many
FIRST_FRAMES = 40
SLICE_HEIGHT, FIT_HEIGHT = 210, 300
WIDER = 3.0  # times the window: the board may show more than its view


def frames(now: ViewState, badge: Certificate, window: View | None, missed: Missed | None) -> str:
    """The rounds of the run as packed frames; `window` is that of the board, None where there is none."""
    return _packed(now.key, badge["status"], badge["message"], window, now, badge, missed)


@st.cache_data(max_entries=32, show_spinner=False)
def _packed(
    key: tuple[Any, ...],
    status: str,
    message: str,
    window: View | None,
    _now: ViewState,
    _badge: Certificate,
    _missed: Missed | None,
) -> str:
    assert _now.solution is not None
    kept = shown_rounds(len(_now.solution.history))
    made = [_round(_now, k, window) for k in kept]
    return film.pack_frames([*made[:-1], _last(_now, made[-1], _badge, window, _missed)])


def shown_rounds(count: int) -> list[int]:
    """Which of so many rounds are shown: the first and the last ones, and as many between as a film has room for."""
    if count <= MOST_FRAMES:
        return list(range(count))
    rest = np.linspace(FIRST_FRAMES, count - 1, MOST_FRAMES - FIRST_FRAMES).round().astype(int)
    return [*range(FIRST_FRAMES), *rest.tolist()]


def _round(now: ViewState, k: int, window: View | None) -> FilmFrame:
    s = now.solution
    assert s is not None
    record, later = s.history[k], s.history[k + 1] if k + 1 < len(s.history) else None
    network = round_network(now, record)
    found = added(now, record)
    return {
        "beta": s.beta,
        "network": plane_network(now, network, record.v) if window else None,
        "badge": _round_badge(now, k, network.width),
        "figures": _figures(now, k, network, found),
        "curves": break_lines(found, window, "neuron added") if window and found is not None else [],
        "round": k + 1,
        "caption": round_words(record, later, found, network.width),
    }


def _round_badge(now: ViewState, k: int, neurons: int) -> Certificate:
    """The badge at a round; where nothing is proved yet it has no bound, and no gap."""
    s = now.solution
    assert s is not None
    record = s.history[k]
    known = np.isfinite(record.lower)
    shown: Certificate = {
        "status": "upper-bound",
        "message": f"Round {k + 1}: " + ("the bounds are closing." if known else "nothing is proved yet."),
        "objective": record.upper,
        "neurons": neurons,
        "seconds": record.seconds,
        "method": s.method,
        "loss": s.loss,
        "beta": s.beta,
    }
    if known:
        shown |= {"lower_bound": record.lower, "gap": relative_gap(record.upper, record.lower)}
    return shown


def _last(
    now: ViewState, frame: FilmFrame, badge: Certificate, window: View | None, missed: Missed | None
) -> FilmFrame:
    """The last round shows the answer itself."""
    s = now.solution
    assert s is not None
    changed, rest = fit_updates(now, s.network), resting_slice(now, missed)
    if rest:
        changed["slice"] = figures.slice_update(*rest.curves, rest.value, band_of(s), rest.through)
    last: FilmFrame = {**frame, "badge": badge, "caption": last_words(s), "figures": changed}
    if window:
        last["network"] = plane_network(now, by_size(s.network), s.history[-1].v)
        last["curves"] = missed_lines(missed, window)
    return last


def round_network(now: ViewState, record: Round) -> cv.ReLUNetwork:
    """The network of a round on the data, the heaviest neuron first."""
    if record.network is None:
        return cv.ReLUNetwork.constant(0.0, now.problem.d)
    return by_size(record.network)


def plane_network(now: ViewState, network: cv.ReLUNetwork, v: Array | None) -> PlaneNetwork:
    """A network as board and dual map draw it; the map knows free biases only."""
    assert now.solution is not None
    dual = (v, band_of(now.solution)) if v is not None and now.bias else None
    return answers.plane_json(by_size(on_plane(network)), dual)


# ---------------------------------------------------------------- lines on the board


def break_lines(found: cv.ReLUNetwork, window: View, label: str) -> list[Curve]:
    """Break lines of neurons as dashed curves of the board."""
    flat = on_plane(found)
    lines = [line_in_window(u, -b, _wider(window)) for u, b in zip(flat.U, flat.b, strict=True)]
    style: Curve = {"label": label, "color": OVERLAY, "dash": "dash", "width": 2.5}
    return [style | {"id": f"found-{j}", "x": ends[:, 0], "y": ends[:, 1]} for j, ends in enumerate(lines) if len(ends)]


def missed_lines(missed: Missed | None, window: View) -> list[Curve]:
    """The break line of the neuron that was missed, if one was."""
    if missed is None or missed.u is None or missed.excess <= 1 + EXCEEDS:
        return []
    neuron = cv.ReLUNetwork(missed.u[None, :], np.array([missed.b]), np.ones(1), 0.0)
    return [line | {"id": "missed"} for line in break_lines(neuron, window, "missed neuron")]


def _wider(window: View) -> View:
    x, y = ((low - WIDER * (high - low), high + WIDER * (high - low)) for low, high in window)
    return x, y


# ---------------------------------------------------------------- figures


def _figures(now: ViewState, k: int, network: cv.ReLUNetwork, found: cv.ReLUNetwork | None) -> Changes:
    s = now.solution
    assert s is not None
    changed = fit_updates(now, network)
    v = s.history[k].v
    if found is None or v is None:
        return changed
    before = _cut(now, v, found.U[0])
    later = s.history[k + 1].v if k + 1 < len(s.history) else None
    after = None if later is None else dual_slice(now.problem.X, later, before.u, before.across, ANGLES, now.bias)
    value = found.w[0] * band_of(s)
    return changed | {"slice": figures.slice_update(before, after, value, band_of(s), "the neuron added")}


@dataclass(frozen=True, eq=False)
class Rest:
    """The circle to show of the answer, N_v of the neuron that it runs through, and that neuron in words.

    `curves` is dashed for a neuron that would still have to be added, solid otherwise.
    """

    curves: tuple[Slice | None, Slice | None]
    value: float
    through: str


def resting_slice(now: ViewState, missed: Missed | None) -> Rest | None:
    """The circle of the answer: through the neuron that was missed, else through the heaviest in use."""
    s = now.solution
    if s is None or not s.history or now.problem.d < 2 or s.history[-1].v is None:
        return None
    v = s.history[-1].v
    if missed is not None and missed.u is not None and missed.excess > 1 + EXCEEDS:
        return Rest((_cut(now, v, missed.u), None), missed.sign * missed.value, "the missed neuron")
    if not s.network.width:
        return None
    heaviest = by_size(s.network)
    value = float(np.maximum(now.problem.X @ heaviest.U[0] + heaviest.b[0], 0.0) @ v)
    return Rest((None, _cut(now, v, heaviest.U[0])), value, "the heaviest neuron")


def _cut(now: ViewState, v: Array, u: Array) -> Slice:
    across = np.array([-u[1], u[0]]) if len(u) == 2 else second_direction(now.problem.X, v, u, now.bias)
    return dual_slice(now.problem.X, v, u, across, ANGLES, now.bias)


def slice_spec(now: ViewState, missed: Missed | None) -> Spec | None:
    """The dual function around one neuron of the answer."""
    rest = resting_slice(now, missed)
    if rest is None or now.solution is None:
        return None
    return figures.slice_spec(*rest.curves, rest.value, band_of(now.solution), SLICE_HEIGHT, rest.through)


def fit_spec(now: ViewState) -> Spec | None:
    """Fit against target, or margins, with room for all rounds; in the plane the board shows the fit."""
    s = now.solution
    if s is None or now.origin is not None:
        return None
    kept = shown_rounds(len(s.history))
    fits = [round_network(now, s.history[k]).predict(now.problem.X) for k in kept]
    make = figures.margins_spec if now.classes else figures.fit_spec
    return make(now.problem.targets, [*fits, s.network.predict(now.problem.X)], FIT_HEIGHT)


def fit_updates(now: ViewState, network: cv.ReLUNetwork) -> Changes:
    """What a round's network changes in the figure of the fit."""
    s = now.solution
    if s is None or now.origin is not None:
        return {}
    y, f = now.problem.targets, network.predict(now.problem.X)
    if not now.classes:
        return {"fit": figures.fit_update(f)}
    return {"fit": figures.margins_update(y, f, figures.margin_order(y, s.network.predict(now.problem.X)))}
