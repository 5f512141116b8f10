"""Figures: results in, plotly figures out. Nothing here solves anything or knows of streamlit.

>>> import convexviz as cv
>>> from convexviz import figures
>>> data = cv.datasets.load("sine", n=20)
>>> s = cv.solve(data.X, data.y, beta=0.1)
>>> figures.dual_figure(s, data.X[:, 0], (-1.2, 1.2)).show()  # doctest: +SKIP

`docs/figures.md` is a table of all of them. Each returns a `plotly.graph_objects.Figure` on white paper, to be shown,
changed, or written to a file; colours have one meaning everywhere (`convexviz.figures.theme`).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from convexviz.extras import need

if TYPE_CHECKING:
    from .board import board_figure
    from .cutting import fit_figure, rounds_figure, slice_figure
    from .dates import DayAxis
    from .dual_hand import DualHand
    from .dual_hand import band_figure as hand_figure
    from .dual_hand import bounds_figure as hand_bounds_figure
    from .geometry import extreme_point_figure, polar_figure, sample_space_figure
    from .images import image_row_figure
    from .kernel_matrix import matrix_figure
    from .overlays import band, curve, line_curve, mark, network_curve
    from .plane import (
        bounds_figure,
        decision_figure,
        dual_map_figure,
        plane_path_figure,
        surface_figure,
        weights_figure,
    )
    from .plotting import plot
    from .race.kernel import kernel_figure, map_figure
    from .race.path import errors_figure, network_figure
    from .race.training import kinks_figure, places_figure, training_figure
    from .rank_one import leaving_figure
    from .splines import dual_figure, neuron_figure, path_figure
    from .validation import validation_figure

need("plotly", purpose="convexviz.figures")

__all__ = [
    "DayAxis",
    "DualHand",
    "band",
    "board_figure",
    "bounds_figure",
    "curve",
    "decision_figure",
    "dual_figure",
    "dual_map_figure",
    "errors_figure",
    "extreme_point_figure",
    "fit_figure",
    "hand_bounds_figure",
    "hand_figure",
    "image_row_figure",
    "kernel_figure",
    "kinks_figure",
    "leaving_figure",
    "line_curve",
    "map_figure",
    "mark",
    "matrix_figure",
    "network_curve",
    "network_figure",
    "neuron_figure",
    "path_figure",
    "places_figure",
    "plane_path_figure",
    "plot",
    "polar_figure",
    "rounds_figure",
    "sample_space_figure",
    "slice_figure",
    "surface_figure",
    "training_figure",
    "validation_figure",
    "weights_figure",
]

# Where each lives: only what is asked for is imported, some of it brings scikit-learn.
_HOMES = {
    "board": ("board_figure",),
    "cutting": ("fit_figure", "rounds_figure", "slice_figure"),
    "geometry": ("extreme_point_figure", "polar_figure", "sample_space_figure"),
    "images": ("image_row_figure",),
    "kernel_matrix": ("matrix_figure",),
    "overlays": ("band", "curve", "line_curve", "mark", "network_curve"),
    "plane": (
        "bounds_figure",
        "decision_figure",
        "dual_map_figure",
        "plane_path_figure",
        "surface_figure",
        "weights_figure",
    ),
    "plotting": ("plot",),
    "race.kernel": ("kernel_figure", "map_figure"),
    "race.path": ("errors_figure", "network_figure"),
    "race.training": ("kinks_figure", "places_figure", "training_figure"),
    "rank_one": ("leaving_figure",),
    "splines": ("dual_figure", "neuron_figure", "path_figure"),
    "validation": ("validation_figure",),
}
_HOME = {name: (module, name) for module, names in _HOMES.items() for name in names} | {
    "DayAxis": ("dates", "DayAxis"),
    "DualHand": ("dual_hand", "DualHand"),
    "hand_bounds_figure": ("dual_hand", "bounds_figure"),
    "hand_figure": ("dual_hand", "band_figure"),
}


def __getattr__(name: str) -> Any:
    """A figure, once somebody asks for it."""
    if name in _HOME:
        module, known_as = _HOME[name]
        return getattr(import_module(f".{module}", __name__), known_as)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; its figures are {', '.join(__all__)}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
