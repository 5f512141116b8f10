"""Figures of the lesson in the plane: the decision, the dual function over all neurons, the surface, weights, curves.

`*_spec` is the page's version: traces with `meta={"plane": ...}` hold no data, the browser computes them from the
network, so that a figure is the same for all answers of one window. `*_figure` is the same figure, complete.
"""

from .curves import bounds_figure, bounds_spec, plane_path_figure, plane_path_spec
from .decision import decision_figure
from .neurons import dual_map_figure, dual_map_spec, weights_figure, weights_spec
from .surface import surface_figure, surface_spec

__all__ = [
    "bounds_figure",
    "bounds_spec",
    "decision_figure",
    "dual_map_figure",
    "dual_map_spec",
    "plane_path_figure",
    "plane_path_spec",
    "surface_figure",
    "surface_spec",
    "weights_figure",
    "weights_spec",
]
