"""Settings of the lesson in the plane."""

from __future__ import annotations

from dataclasses import dataclass

from convexviz import data
from convexviz.app.shell import link, rows
from convexviz.app.shell.settings import LOSS_HELP, DataSettings, setting

OVERLAYS = ("regions", "margins", "lines", "support", "linear", "svm")
CLASSES_ONLY = ("support", "linear", "svm")  # of the overlays
PICTURES = {"neurons": "Neurons", "surface": "Surface", "path": "Path", "film": "Film"}


@dataclass(frozen=True)
class PlaneSettings(DataSettings):
    """Everything the lesson `plane` shows depends on these values and on nothing else."""

    dims = 2
    first_task = "classification"

    task: data.Task = rows.task("classification", "Separate two classes, or fit real numbers.")  # noqa: RUF009 - a field, as all of them
    loss: str = rows.loss("hinge", help=LOSS_HELP)
    beta: float = rows.beta(0.1, lo=1e-9, hi=1e9)
    dataset: str = rows.preset("moons", data.names(dims=2))
    n: int = rows.count(60, most=500)
    noise: float = rows.noise(data.DATASETS["moons"].noise)
    seed: int = rows.seed()
    points: str = rows.points(link.weighted_plane)
    regions: bool = setting(True, "bool", "Heat map", "Where the network says +1 and where −1, or its value.")
    margins: bool = setting(True, "bool", "Boundary", "Where f = 0, and the margins f = ±1; level lines of values.")
    lines: bool = setting(True, "bool", "Break lines", "The lines at which the neurons switch on.")
    support: bool = setting(True, "bool", "Support vectors", "Points with a dual variable that is not zero, ringed.")
    linear: bool = setting(False, "bool", "Linear classifier", "A linear support vector machine, for comparison.")
    svm: bool = setting(False, "bool", "RBF kernel", "A support vector machine with Gaussian kernel, for comparison.")
    picture: str = setting(
        "neurons",
        "choice",
        "Picture",
        "What is shown beside the board.",
        query="show",
        choices=tuple(PICTURES),
        names=PICTURES,
    )
    hide: str = rows.hide()

    @staticmethod
    def holds_labels(points: str) -> bool:
        """Are the values of the drawn points all labels?"""
        return link.plane_holds_labels(points)
