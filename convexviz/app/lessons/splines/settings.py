"""Settings of the lesson on the line."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from convexviz import data
from convexviz.app.shell import link, rows
from convexviz.app.shell.settings import LOSS_HELP, DataSettings, setting

OVERLAYS = ("envelope", "sparsest", "connect", "cubic", "linear", "regions")
SHAPES = (
    "any",
    "increasing",
    "decreasing",
    "convex",
    "concave",
    *(f"{way} {bend}" for way in ("increasing", "decreasing") for bend in ("convex", "concave")),
)


def slope_bounds(text: str) -> tuple[float, float] | None:
    """The bounds that a text names, infinite where one is left out; None for none. ValueError where it names none."""
    if not text.strip():
        return None
    ends = text.replace("−", "-").split(",")
    if len(ends) != 2:
        raise ValueError("write two numbers with a comma between them, for example 0, 2")
    low, high = (float(end) if end.strip() else open_end for end, open_end in zip(ends, (-inf, inf), strict=True))
    if not low <= high or low == inf or high == -inf:
        raise ValueError("the first number must not be larger than the second")
    return None if (low, high) == (-inf, inf) else (low, high)


@dataclass(frozen=True)
class SplineSettings(DataSettings):
    """Everything the lesson `splines` shows depends on these values and on nothing else."""

    dims = 1

    task: data.Task = rows.task("regression", "Fit real numbers, or separate two classes.")  # noqa: RUF009 - a field, as all of them
    loss: str = rows.loss("squared", help=LOSS_HELP)
    beta: float = rows.beta(0.05, lo=1e-9, hi=1e9)
    shape: str = setting(
        "any",
        "choice",
        "Shape",
        "What the curve must be like between the first and the last point.",
        choices=SHAPES,
        names={"any": "any shape"},
    )
    slope: str = setting(
        "",
        "text",
        "Slope between",
        "Two numbers with a comma between them, for example 0, 2; one may be left out.",
        hi=60,
        check=slope_bounds,
    )
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

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The bounds of the slope; None for none, and where the text names none."""
        try:
            return slope_bounds(self.slope)
        except ValueError:
            return None

    @property
    def names(self) -> str:
        """The shape as a problem takes it."""
        return "" if self.shape == "any" else self.shape

    @property
    def shaped(self) -> bool:
        """Whether anything is asked of the curve."""
        return bool(self.names) or self.bounds is not None

    @staticmethod
    def holds_labels(points: str) -> bool:
        """Are the y of the drawn points all labels?"""
        return link.holds_labels(points)
