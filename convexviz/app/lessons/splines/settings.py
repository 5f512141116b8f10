"""Settings of the lesson on the line."""

from __future__ import annotations

from dataclasses import dataclass

from convexviz import data
from convexviz.app.shell import link
from convexviz.app.shell.settings import CONTROL_GROUPS, LOSS_HELP, LOSS_NAMES, LOSSES, MAX_TEXT, DataSettings, setting

OVERLAYS = ("envelope", "sparsest", "connect", "cubic", "linear", "regions")


@dataclass(frozen=True)
class SplineSettings(DataSettings):
    """Everything the lesson `splines` shows depends on these values and on nothing else."""

    dims = 1

    task: data.Task = setting(  # noqa: RUF009 - a field, as all of them
        "regression",
        "choice",
        "Task",
        "Fit real numbers, or separate two classes.",
        choices=tuple(LOSSES),
        names={"regression": "Regression", "classification": "Classification"},
    )
    loss: str = setting(
        "squared",
        "choice",
        "Loss",
        LOSS_HELP,
        choices=tuple(LOSS_NAMES),
        names=LOSS_NAMES,
    )
    beta: float = setting(0.05, "float", "β", "Weight of the penalty: more means fewer neurons.", lo=1e-9, hi=1e9)
    dataset: str = setting(
        "sine",
        "choice",
        "Preset",
        "Where the points come from.",
        query="data",
        choices=data.names(dims=1),
        names={name: data.DATASETS[name].title for name in data.names(dims=1)},
    )
    n: int = setting(40, "int", "Points", "How many points the preset draws.", lo=1, hi=1000)
    noise: float = setting(0.1, "float", "Noise", "Standard deviation added to the preset.", lo=0.0, hi=10.0)
    seed: int = setting(0, "int", "Seed", "Same seed, same points.", lo=0, hi=2**31 - 1)
    formula: str = setting("", "text", "y = f(x)", "A formula in x, for example sin(3*x) + x/2.", query="f", hi=200)
    points: str = setting(
        "", "text", "Points", "Drawn points, encoded.", query="p", hi=MAX_TEXT, check=link.text_to_points
    )
    envelope: bool = setting(False, "bool", "All optima", "The band that all optimal networks fill.")
    sparsest: bool = setting(False, "bool", "Sparsest", "An optimal network with the fewest neurons.")
    connect: bool = setting(False, "bool", "Connect the dots", "The straight-line interpolant, optimal where β allows.")
    cubic: bool = setting(False, "bool", "Cubic spline", "The ordinary cubic spline of the data, for comparison.")
    linear: bool = setting(False, "bool", "Piecewise linear", "The piecewise linear interpolant, for comparison.")
    regions: bool = setting(True, "bool", "Sign regions", "Where the network says +1 and where −1.")
    snap: bool = setting(False, "bool", "Snap", "Snap drawn points to the grid.")
    hide: str = setting("", "words", "Hidden", "Control groups a lesson link hides.", choices=CONTROL_GROUPS)

    @staticmethod
    def holds_labels(points: str) -> bool:
        """Are the y of the drawn points all labels?"""
        return link.holds_labels(points)
