"""Settings of the lesson on the line."""

from __future__ import annotations

from dataclasses import dataclass

from convexviz import data
from convexviz.app.shell import link, rows
from convexviz.app.shell.settings import LOSS_HELP, DataSettings, setting

OVERLAYS = ("envelope", "sparsest", "connect", "cubic", "linear", "regions")


@dataclass(frozen=True)
class SplineSettings(DataSettings):
    """Everything the lesson `splines` shows depends on these values and on nothing else."""

    dims = 1

    task: data.Task = rows.task("regression", "Fit real numbers, or separate two classes.")  # noqa: RUF009 - a field, as all of them
    loss: str = rows.loss("squared", help=LOSS_HELP)
    beta: float = rows.beta(0.05, lo=1e-9, hi=1e9)
    dataset: str = rows.preset("sine", data.names(dims=1))
    n: int = rows.count(40, most=1000)
    noise: float = rows.noise(0.1, "Standard deviation added to the preset.")
    seed: int = rows.seed()
    formula: str = setting("", "text", "y = f(x)", "A formula in x, for example sin(3*x) + x/2.", query="f", hi=200)
    points: str = rows.points(link.weighted_points)
    envelope: bool = setting(
        False, "bool", "All optima", "The region that optimal curves sweep out; not every curve in it is one."
    )
    sparsest: bool = setting(
        False, "bool", "Sparsest", "The fewest neurons among the optimal networks with these values at the points."
    )
    connect: bool = setting(
        False, "bool", "Kinks at the data", "The optimal curve with these values whose kinks all sit at the points."
    )
    cubic: bool = setting(False, "bool", "Cubic spline", "The ordinary cubic spline of the data, for comparison.")
    linear: bool = setting(False, "bool", "Piecewise linear", "The piecewise linear interpolant, for comparison.")
    regions: bool = setting(True, "bool", "Sign regions", "Where the network says +1 and where −1.")
    snap: bool = setting(False, "bool", "Snap", "Snap drawn points to the grid.")
    hide: str = rows.hide()

    @staticmethod
    def holds_labels(points: str) -> bool:
        """Are the y of the drawn points all labels?"""
        return link.holds_labels(points)
