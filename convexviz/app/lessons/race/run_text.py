"""Words of the race that depend on its runs: the table, who arrived, who is stuck and why."""

from __future__ import annotations

from convexviz.app.lessons.race.gap import ROUNDING, gap_text
from convexviz.app.lessons.race.runs import Finished, Race
from convexviz.app.lessons.race.settings import LANES, RUNS, SEEDS, SOLVER_NAMES
from convexviz.app.lessons.race.view_state import ViewState, arrived, gap_of, lane, stuck

EXCEEDS = 1e-2  # of beta: a missing neuron that is worth naming
HEAD = "| Run | Objective | Relative gap | Neurons | Steps | Time | End |\n|:--|--:|--:|--:|--:|--:|:--|"
AT_REST = "Training starts when the hand rests"
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
    word = "*proved*" if s.certified else "*bounds*"
    numbers = f"{s.objective:.6g} | {gap_text(s.gap)} | {s.network.width} | | {_seconds(s.seconds)}"
    last = f"| **optimum** | {numbers} | {word} |"
    return "\n".join([HEAD, *rows, last])


def _row(now: ViewState, f: Finished) -> str:
    run = f.run
    name = f"{f.entry.lane} {f.entry.number}"
    numbers = f"{run.objective:.6g} | {gap_text(gap_of(now, f))} | {run.merged.width}"
    return f"| {name} | {numbers} | {len(run.objectives) - 1} | {_seconds(run.seconds)} | {ending(now, f)} |"


def _open(race: Race, name: str) -> str:
    return f"| {RUNS[name]} | | | | | | {'not run' if race.complete else '…'} |"


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
    below = [f for f in race.done.values() if gap_of(now, f) < -ROUNDING]
    if below:
        return f"{len(below)} of the runs ended below the bound, which cannot be: please report this."
    return "No run may end in the shaded part, below the bound, and none did."


def _names_missing(now: ViewState, f: Finished) -> bool:
    missed = f.missed
    return stuck(now, f) and missed is not None and missed.u is not None and missed.excess > 1 + EXCEEDS


def missing(f: Finished) -> str:
    """What the dual says of a run that is stuck."""
    missed = f.missed
    assert missed is not None
    assert missed.u is not None
    kink = f"{-missed.b / missed.u[0]:.3g}".replace("-", "−") if len(missed.u) == 1 else ""
    place = f" with its kink at {kink}" if kink else ""
    neurons = "its one neuron is" if f.entry.width == 1 else f"its {f.entry.width} neurons are"
    return (
        f"Why is *{f.entry.lane} {f.entry.number}* stuck? The dual function names a neuron{place} that would lower its "
        f"objective: |N| there is {missed.excess:.2f} β, more than the β that it costs. The solver found no step down: "
        f"{neurons} in use elsewhere, off on all points, or without weight, and the last two have no gradient."
    )


def under_way(race: Race) -> str:
    """What is said while the runs go on."""
    name = SOLVER_NAMES[race.terms.solver]
    return f"{SEEDS} narrow and {SEEDS} wide networks are trained by {name} from random starts."


def halted(race: Race) -> str:
    """What is shown above the film of a race that was stopped."""
    done = len(race.done)
    return f"Stopped: {done} of {len(RUNS)} runs, the last of them cut short." if done else "Stopped before a run."
