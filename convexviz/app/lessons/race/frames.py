"""The film of a race: one frame for some of the iterations, the bold run whole and the others as lines.

All runs share the iterations of the frames; one that is over stays as it ended. On the line the fits of the other runs
are sent as their corners, cut to what the board can show; in the plane the board draws the bold run alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import convexviz as cv
from convexviz.app.components import film
from convexviz.app.compute import answers
from convexviz.app.contracts import FilmFrame, Network
from convexviz.app.lessons.race.gap import gap, gap_text
from convexviz.app.lessons.race.runs import FRAMES, Finished, Race
from convexviz.app.lessons.race.view_state import ViewState, arrived
from convexviz.core.network import Array
from convexviz.figures.plane.tools import by_size
from convexviz.figures.race import training as figures
from convexviz.figures.spec import Curve, Spec, Traces
from convexviz.figures.theme import NEURON

ENOUGH = 2e-3  # of the window's height: corners that change a line by less are left out
GRID = 97  # positions at which the other runs' fits are looked at
DIGITS = 5  # of a bold network's numbers: finer than a pixel
SPEEDS = (6.0, 30.0, 60.0)


def iterations(race: Race) -> list[int]:
    """Which iterations the film shows: those of any run's snapshots, thinned to the number of frames."""
    every = sorted({s.iteration for finished in race.done.values() for s in finished.run.snapshots})
    if len(every) <= FRAMES:
        return every
    longest = {s.iteration for s in max((f.run for f in race.done.values()), key=lambda r: len(r.objectives)).snapshots}
    return sorted(longest)


def frames(now: ViewState, race: Race, bold: Finished) -> str:
    """The packed film."""
    return film.pack_frames([_frame(now, race, bold, iteration) for iteration in iterations(race)])


def _frame(now: ViewState, race: Race, bold: Finished, iteration: int) -> FilmFrame:
    place = bold.at(iteration)
    s = now.optimum
    assert s is not None
    objective = bold.run.snapshots[place].objective
    over = iteration >= len(bold.run.objectives)
    above = gap(objective, s)
    frame: FilmFrame = {
        "beta": s.beta,
        "network": network_json(now, bold.networks[place]),
        "badge": {
            "status": "upper-bound",
            "message": f"The bold run, {'after its end' if over else f'iteration {iteration}'}.",
            "objective": _rounded(objective),
            "lower_bound": s.lower_bound,
            "gap": _rounded(above),
            "neurons": bold.networks[place].width,
            "beta": s.beta,
            "loss": s.loss,
        },
        "figures": {
            "neurons": neurons_update(now, bold, place),
            "curves": figures.cursor_update(iteration),
        },
        "round": iteration,
        "caption": caption(objective, above, bold, place, over and arrived(now, bold), over),
    }
    return frame if now.settings.scene == "plane" else frame | {"curves": curves(now, race, bold, iteration)}


def caption(objective: float, above: float, bold: Finished, place: int, there: bool, over: bool) -> str:
    """A frame in words; `above` is its relative gap."""
    count = bold.networks[place].width
    neurons = f"{count} different neuron{'' if count == 1 else 's'}"
    at = f"{bold.entry.lane} {bold.entry.number}: objective {objective:.4g}, relative gap {gap_text(above)}, {neurons}"
    return at + ("." if not over else ". It has arrived." if there else ". It has ended here.")


def network_json(now: ViewState, network: cv.ReLUNetwork) -> Network:
    """A network as the board draws it, with as many digits as can be seen."""
    if now.settings.scene == "plane":
        return answers.plane_json(by_size(network))
    made = answers.network_json(network)
    return made | {"b": _short(network.b), "w": _short(network.w), "c": _rounded(network.c)}


def _short(values: Array) -> list[float]:
    return [_rounded(value) for value in values.tolist()]


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


# ---------------------------------------------------------------- lines on the board


def curves(now: ViewState, race: Race | None, bold: Finished | None, iteration: int | None) -> list[Curve]:
    """The optimum, and the other runs at an iteration or, without one, at their ends; on the line only."""
    if now.optimum is None or now.settings.scene == "plane":
        return []
    drawn = [] if race is None else [_other(now, f, iteration) for f in race.done.values() if f is not bold]
    named: set[str] = set()
    for line in drawn:  # one entry in the legend for each lane
        line["label"] = "" if line["label"] in named else line["label"]
        named.add(line["label"])
    style: Curve = {"id": "optimum", "label": "certified optimum", "color": NEURON, "dash": "dash", "width": 2.5}
    return [*drawn, style | _corners(now.optimum.network, now.window)]


def _other(now: ViewState, finished: Finished, iteration: int | None) -> Curve:
    run, lane = finished.run, finished.entry.lane
    network = run.network if iteration is None else run.snapshots[finished.at(iteration)].network
    style: Curve = {"id": finished.entry.name, "label": f"{lane} runs", "color": figures.LANE_COLOURS[lane]}
    style |= {"dash": "dash" if lane == "narrow" else None, "width": 1.3}
    return style | _corners(network, now.window)


def _corners(network: cv.ReLUNetwork, window: tuple[Sequence[float], Sequence[float]]) -> Curve:
    """A fit on the line as few corners, cut to what is near the window; as lists, which the board reads."""
    (left, right), (low, high) = window
    x = np.linspace(left, right, GRID)
    if network.width <= GRID // 3:  # corners where they are
        inside = network.kinks()
        x = np.concatenate([[left], np.sort(inside[(inside > left) & (inside < right)]), [right]])
    y = np.clip(network.predict(x[:, None]), low - (high - low), high + (high - low))
    keep = _few(x, y, ENOUGH * (high - low))
    places = 3 - _power(right - left), 3 - _power(high - low)
    return {"x": np.round(x[keep], places[0]).tolist(), "y": np.round(y[keep], places[1]).tolist()}


def _power(span: float) -> int:
    return int(np.floor(np.log10(span)))


def _few(x: Array, y: Array, tolerance: float) -> Array:
    """Which of the points (k,) of a line are needed to draw it to a tolerance: halved where it is farthest off."""
    keep = np.zeros(len(x), bool)
    keep[[0, -1]] = True
    parts = [(0, len(x) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        inner = slice(first + 1, last)
        off = np.abs(y[inner] - np.interp(x[inner], x[[first, last]], y[[first, last]]))
        worst = int(off.argmax())
        if off[worst] > tolerance:
            middle = first + 1 + worst
            keep[middle] = True
            parts += [(first, middle), (middle, last)]
    return keep


# ---------------------------------------------------------------- the neurons


def neurons_spec(now: ViewState, bold: Finished | None, height: int) -> Spec:
    """The figure of the bold run's neurons at its end; while there is none, of the optimum's alone."""
    assert now.optimum is not None
    nothing = cv.ReLUNetwork.constant(0.0, now.problem.d)
    joined, last = (nothing, nothing) if bold is None else (bold.run.merged, bold.run.network)
    if now.settings.scene == "plane":
        return figures.places_spec(now.optimum, now.problem.X, last, now.window, height)
    return figures.kinks_spec(now.optimum.network, joined, last, now.window, height, now.origin.axes[0])


def neurons_update(now: ViewState, bold: Finished, place: int) -> Traces:
    """What a frame changes in it."""
    assert now.optimum is not None
    loose = bold.run.snapshots[place].network
    if now.settings.scene == "plane":
        return figures.places_update(loose, now.window)
    return figures.kinks_update(bold.networks[place], loose, figures.kinks_reach(now.optimum.network))
