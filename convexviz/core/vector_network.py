"""Where pickles of version 0.1.0 look for networks and solutions of several outputs."""

from .network import ReLUNetwork as VectorNetwork
from .solution import Solution as VectorSolution

__all__ = ["VectorNetwork", "VectorSolution"]
