"""Settings of the lesson in the plane."""

from __future__ import annotations

from dataclasses import dataclass

from convexviz import data
from convexviz.app.shell import link
from convexviz.app.shell.settings import CONTROL_GROUPS, LOSS_HELP, LOSS_NAMES, LOSSES, MAX_TEXT, DataSettings, setting

OVERLAYS = ("regions", "margins", "lines", "support", "linear", "svm")
CLASSES_ONLY = ("support", "linear", "svm")  # of the overlays
PICTURES = {"neurons": "Neurons", "surface": "Surface", "path": "Path", "film": "Film"}


@dataclass(frozen=True)
class PlaneSettings(DataSettings):
    """Everything the lesson `plane` shows depends on these values and on nothing else."""

    dims = 2
    first_task = "classification"

    task: data.Task = setting(  # noqa: RUF009 - a field, as all of them
        "classification",
        "choice",
        "Task",
        "Separate two classes, or fit real numbers.",
        choices=tuple(LOSSES),
        names={"classification": "Classification", "regression": "Regression"},
    )
    loss: str = setting(
        "hinge",
        "choice",
        "Loss",
        LOSS_HELP,
        choices=tuple(LOSS_NAMES),
        names=LOSS_NAMES,
    )
    beta: float = setting(0.1, "float", "β", "Weight of the penalty: more means fewer neurons.", lo=1e-9, hi=1e9)
    dataset: str = setting(
        "moons",
        "choice",
        "Preset",
        "Where the points come from.",
        query="data",
        choices=data.names(dims=2),
        names={name: data.DATASETS[name].title for name in data.names(dims=2)},
    )
    n: int = setting(60, "int", "Points", "How many points the preset draws.", lo=1, hi=500)
    noise: float = setting(
        data.DATASETS["moons"].noise, "float", "Noise", "How far the points stray from the preset.", lo=0.0, hi=10.0
    )
    seed: int = setting(0, "int", "Seed", "Same seed, same points.", lo=0, hi=2**31 - 1)
    points: str = setting(
        "", "text", "Points", "Drawn points, encoded.", query="p", hi=MAX_TEXT, check=link.text_to_plane
    )
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
    hide: str = setting("", "words", "Hidden", "Control groups a lesson link hides.", choices=CONTROL_GROUPS)

    @staticmethod
    def holds_labels(points: str) -> bool:
        """Are the values of the drawn points all labels?"""
        return link.plane_holds_labels(points)
