"""Settings of the lesson on ordinary training."""

from __future__ import annotations

from dataclasses import dataclass

from convexviz.app.contrast.settings import ContrastSettings
from convexviz.app.shell import rows
from convexviz.app.shell.settings import setting
from convexviz.core.rivals.descent import SOLVERS

SOLVER_NAMES = {"lbfgs": "L-BFGS", "adam": "Adam", "sgd": "SGD"}
SEEDS = 3  # starts in each lane
LANES = ("narrow", "wide")
RUNS = {f"{lane}-{k}": f"{lane} {k}" for lane in LANES for k in range(1, SEEDS + 1)}
GROUPS = ("presets", "data", "race", "beta", "kernel", "path", "share")


@dataclass(frozen=True)
class RaceSettings(ContrastSettings):
    """Everything the lesson `race` shows depends on these values and on nothing else.

    Tangent kernel and path once stood below the race: `ridge`, and `kernel` and `path` among what is hidden, are read
    from links of that time, to be handed on to the lessons that these are now.
    """

    narrow: int = setting(3, "int", "Narrow width", "Neurons in each run of the narrow lane.", lo=1, hi=10)
    wide: int = setting(200, "int", "Wide width", "Neurons in each run of the wide lane.", lo=10, hi=400)
    solver: str = setting("lbfgs", "choice", "Solver", "Who takes the steps down.", choices=SOLVERS, names=SOLVER_NAMES)
    iterations: int = setting(2000, "int", "Iterations", "Most steps of a run.", lo=50, hi=5000)
    start: int = setting(0, "int", "First start", "Seed of the first random start; the others follow.", lo=0, hi=10**6)
    run: str = setting(
        "narrow-1", "choice", "Bold", "The run drawn bold, with its neurons.", choices=tuple(RUNS), names=RUNS
    )
    ridge: float = setting(
        0.0, "float", "λ, ridge of the kernel", "Handed on to the lesson on the tangent kernel.", lo=0.0, hi=1e6
    )
    hide: str = rows.hide(GROUPS)
