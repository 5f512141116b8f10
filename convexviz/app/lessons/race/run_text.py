"""Words of the race that depend on its runs: the table, who arrived, who is stuck and why."""

from __future__ import annotations

from convexviz.app.lessons.race.runs import Finished, Race
from convexviz.app.lessons.race.settings import LANES, RUNS, SEEDS, SOLVER_NAMES
from convexviz.app.lessons.race.view_state import ViewState, arrived, excess, lane, stuck

EXCEEDS = 1e-2  # of beta: a missing neuron that is worth naming
UNDERFLOW = 1e-9  # relative: differences of rounding
HEAD = "| Run | Objective | Above | Neurons | Steps | Time | End |\n|:--|--:|--:|--:|--:|--:|:--|"
NOTHING = "The best network is a constant that fits all points: there is nothing to race for. Draw points that differ."


def progress(race: Race) -> tuple[float, str]:
    """How far the race is, from 0 to 1, and in words."""
    done, total = len(race.done), len(RUNS)
    if not race.todo:
        return 1.0, f"{done} of {total} runs"
    share = min(race.iteration / race.terms.iterations, 1.0)
    entry = race.todo[0]
    at = "" if race.objective != race.objective else f", objective {race.objective:.4g}"
    words = f"{done} of {total} runs done. {entry.lane} {entry.number}: iteration {race.iteration}{at}"
    return min((done + share) / total, 1.0), words


def table(now: ViewState, race: Race) -> str:
    """One row for each run, the optimum last."""
    rows = [_row(now, race.done[name]) if name in race.done else _open(race, name) for name in RUNS]
    s = now.optimum
    assert s is not None
    last = f"| **optimum** | {s.objective:.6g} | | {s.network.width} | | {_seconds(s.seconds)} | *proved* |"
    return "\n".join([HEAD, *rows, last])


def _row(now: ViewState, f: Finished) -> str:
    run = f.run
    name = f"{f.entry.lane} {f.entry.number}"
    numbers = f"{run.objective:.6g} | {above(excess(now, f))} | {run.merged.width}"
    return f"| {name} | {numbers} | {len(run.objectives) - 1} | {_seconds(run.seconds)} | {ending(now, f)} |"


def _open(race: Race, name: str) -> str:
    return f"| {RUNS[name]} | | | | | | {'not run' if race.complete else '…'} |"


def above(share: float) -> str:
    """A relative excess as people read it."""
    if abs(share) < UNDERFLOW:
        return "0"
    return f"{100 * share:.3g} %" if share >= 1e-3 else f"{share:.0e}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.01 else f"{1000 * seconds:.0f} ms"


def ending(now: ViewState, f: Finished) -> str:
    """How a run ended, in a word or two."""
    if f.run.outcome == "diverged":
        return "diverged"
    if f.run.outcome == "stopped":
        return "stopped"
    if arrived(now, f):
        return "arrived"
    return "**stuck**" if stuck(now, f) else "on its way"


def verdict(now: ViewState, race: Race) -> str:
    """Who arrived and who is stuck, that none is below the bound, and what the dual says is missing."""
    if not race.done:
        return "No run has come to an end."
    parts = [_lane(now, race, name) for name in LANES if lane(race, name)]
    parts.append(_bound(now, race))
    named = [f for f in race.done.values() if _names_missing(now, f)]
    named.sort(key=lambda f: (f.entry.lane != "wide", f.entry.name != now.settings.run))
    parts += [missing(f) for f in named[:1]]
    return " ".join(parts)


def _lane(now: ViewState, race: Race, name: str) -> str:
    found = lane(race, name)
    width = found[0].entry.width
    there = sum(arrived(now, f) for f in found)
    left = sum(stuck(now, f) for f in found)
    slow = sum(f.run.outcome == "iterations" and not arrived(now, f) for f in found)
    words = [f"{there} of {len(found)} at the optimum"]
    words += [f"{left} stuck above it"] if left else []
    words += [f"{slow} not there when the iterations were used up"] if slow else []
    plural = "neuron" if width == 1 else "neurons"
    return f"**{name.capitalize()}** ({width} {plural}): {', '.join(words)}."


def _bound(now: ViewState, race: Race) -> str:
    assert now.optimum is not None
    lower = now.optimum.lower_bound
    below = [f for f in race.done.values() if f.run.objective < lower * (1 - UNDERFLOW)]
    if below:
        return f"{len(below)} of the runs ended below the bound, which cannot be: please report this."
    return "No run may end below the shaded line, and none did."


def _names_missing(now: ViewState, f: Finished) -> bool:
    missed = f.missed
    return stuck(now, f) and missed is not None and missed.u is not None and missed.excess > 1 + EXCEEDS


def missing(f: Finished) -> str:
    """What the dual says of a run that is stuck."""
    missed = f.missed
    assert missed is not None
    assert missed.u is not None
    place = f", with its kink at {-missed.b / missed.u[0]:.3g}," if len(missed.u) == 1 else ""
    return (
        f"Why is *{f.entry.lane} {f.entry.number}* stuck? The dual names a neuron{place} that would lower its "
        f"objective: |N| there is {missed.excess:.2f} β. No small step of its {f.entry.width} neurons leads to that "
        "one: they are in use elsewhere, or switched off on all points, where there is no gradient."
    )


def headline(race: Race) -> str:
    """What is shown above the film."""
    done, total = len(race.done), len(RUNS)
    name = SOLVER_NAMES[race.terms.solver]
    if race.halted:
        return f"Stopped: {done} of {total} runs, the last of them cut short." if done else "Stopped before a run."
    return f"{SEEDS} narrow and {SEEDS} wide networks, trained by {name} from random starts."
