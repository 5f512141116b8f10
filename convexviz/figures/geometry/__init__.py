"""Figures of convex geometry: E, Q, C and a target in sample space, the polar C^o, neurons as extreme points.

E = {Xu : ||u|| <= 1}, Q = {(Xu)_+ : ||u|| <= 1}, C = Conv(Q u -Q). y / gauge(y) lies on the boundary of C, where
{q : v . q = 1} supports it; v lies on the boundary of C^o, where {v : y . v = gauge(y)} supports that. Ergen & Pilanci
(2021), Convex Geometry and Duality of Over-parameterized Neural Networks, section 3.

For two samples the sets are curves, which the board draws too (`sample_space_curves`, `sample_space_marks`); for three
they are surfaces. Each figure has a fixed list of traces for either number, and axes that the caller fixes (`reach`),
so that nothing flickers or rescales under a moving hand. `contact` is None where a target has none (y = 0, or no
network takes these values). Colours: E COMPARISON, Q FIT, its spikes OVERLAY, C and neurons NEURON, y OTHER_CLASS, v
and C^o DUAL.
"""

from .extreme_points import extreme_point_curves, extreme_point_figure, extreme_point_marks
from .sets import polar_figure, polar_spec, sample_space_figure, sample_space_spec
from .two_samples import sample_space_curves, sample_space_marks, set_curves, target_curves

__all__ = [
    "extreme_point_curves",
    "extreme_point_figure",
    "extreme_point_marks",
    "polar_figure",
    "polar_spec",
    "sample_space_curves",
    "sample_space_figure",
    "sample_space_marks",
    "sample_space_spec",
    "set_curves",
    "target_curves",
]
