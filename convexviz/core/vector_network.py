"""The training problem of K outputs, and where pickles of version 0.1.0 look for its networks and solutions.

P(beta) = min  loss(f(X), Y) + beta sum_j ||w_j||_2
D = max_V  g(V)   s.t.  M(V) = max_{||u|| = 1, b} ||V^T (Xu + b)_+||_2 <= beta  (and 1^T V = 0 with biases)
"""

from __future__ import annotations

from .losses import Loss, get_loss
from .network import Array, ReLUNetwork
from .solution import Solution

VectorNetwork = ReLUNetwork
VectorSolution = Solution


def vector_objective(network: ReLUNetwork, X: Array, Y: Array, beta: float, loss: str | Loss = "squared") -> float:
    """loss + beta sum ||w_j||, recomputed from the network; X (n, d), Y (n, K)."""
    return get_loss(loss, several=True).value(network.predict(X), Y) + beta * network.penalty
