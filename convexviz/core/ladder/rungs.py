"""The ladder of oracles, from exact to hopeful: which one to ask for M(v) = max |N_v|, and what its word is worth.

    sweep               exact in the plane, O(n^2 log n)                        proof
    space               exact in three dimensions, O(n^3 log n)                 proof
    patterns            every activation pattern, without biases, few points    proof
    branch_and_bound    any dimension, proof for few points, else bounds        proof or bounds
    relaxation          neurons active on all data (Ergen & Pilanci 2021)       upper bound; proof on spike-free data
    ascent              local maxima from many starts                           upper bound

Every rung names neurons for the one cutting-plane loop; the lower bound comes only from a proved M(v). What a round
costs is estimated from n and the rank, not measured, so that the same problem climbs the same rung everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..geometry.relaxation import RelaxationOracle
from ..network import Array
from ..oracles.arrangements import pattern_bound
from ..oracles.ascent import AscentOracle
from ..oracles.branch.branch_and_bound import BranchAndBoundOracle, Proof, node_cost
from ..oracles.origin import OriginPlaneOracle
from ..oracles.patterns import PatternOracle
from ..oracles.plane import PlaneOracle
from ..oracles.protocol import NeuronOracle
from ..oracles.space import SpaceOracle

MOST_PATTERNS = 1024  # for one point more they double, and so does every round
SPACE_POINTS = 300  # up to here training with sweeps in space takes less than half a minute
PROOF_POINTS = 25  # up to here branch and bound mostly ends with a proof
BOUND_POINTS = 60  # up to here its bounds are worth waiting for
PROOF_WORK = 2e7  # for all proofs of one training, see `branch_and_bound.WORK`: what is not closed then seldom closes
LEAST_NODES = 64  # of a proof when that is used up
ROUNDS = 40  # that training mostly takes: with a limit, an oracle with time for so many is affordable anyhow
# Seconds of a round: of points, pairs, triples, patterns. Measured on one core, for 10 to 1000 points.
SWEEP_PAIR, SPACE_TRIPLE, PATTERN = 8e-8, 1.5e-7, 5e-5
TREE_ROOT, TREE_PAIR = 0.05, 4e-6  # both roots of branch and bound, which are bounded in any case
CLIMB_POINT, CLIMB_RANK = 1e-4, 1e-5  # ascent, and its share for every dimension
SLACK = 0.25  # of the gap asked for: a neuron that exceeds beta by less, relative to it, is not worth a round


@dataclass(frozen=True)
class Problem:
    """What decides which rungs fit: number of points, rank of the data, and whether there are biases."""

    n: int
    rank: int
    bias: bool


@dataclass(frozen=True)
class Rung:
    """An oracle by name: the words for it, why it does not fit a problem ("" if it does), and how to make it.

    `build(Z, bias, deadline, tol)` takes the data in the coordinates of their rank and a deadline, of `clock.now()`,
    which is NEVER without a time limit: work is counted, not timed. `seconds` estimates a first round.
    `moves` says whether its calls are so dear that moving the neurons held by descent between them saves time, `proves`
    whether its M(v) may be proved.
    """

    name: str
    words: str
    refusal: Callable[[Problem], str]
    build: Callable[[Array, bool, float, float], NeuronOracle]
    seconds: Callable[[Problem], float]
    moves: bool = False
    proves: bool = True


class ProvedAscent:
    """Ascent finds cuts as long as there are some; where it finds none, branch and bound proves that, or finds one.

    `exact` tells whether the last M(v) was proved: then it is an upper bound of the true one.
    """

    def __init__(self, Z: Array, bias: bool, deadline: float, tol: float) -> None:
        self._Z = Z
        self._ascent = AscentOracle(Z, bias=bias, deadline=deadline)
        self._tree = BranchAndBoundOracle(Z, bias=bias, deadline=deadline)
        self._slack = SLACK * tol
        self._insisting = False
        self._left = PROOF_WORK / node_cost(*Z.shape)
        self.exact = False

    def insist(self) -> None:
        """Ask for a proof the next time, whatever ascent finds."""
        self._insisting = True

    def maximum(self, v: Array) -> float:
        """A proved upper bound of M(v), close to it where the work sufficed."""
        return float(self._prove(v).upper)

    def violated(self, v: Array, beta: float, most: int) -> tuple[float, Array, Array, Array]:
        """Neurons with |N_v| > beta; where ascent finds none worth a round, the one of a proof, or none."""
        found = self._ascent.violated(v, beta, most)
        self.exact = False
        if found[0] > beta * (1 + self._slack) and not self._insisting:
            return found
        self._insisting = False
        proof = self._prove(v)
        if proof.value <= beta * (1 + self._slack):
            return float(proof.upper), *(part[:0] for part in found[1:])  # type: ignore[return-value]
        sign = float(np.sign(np.maximum(self._Z @ proof.u + proof.b, 0.0) @ v))
        return float(proof.upper), proof.u[None, :], np.array([proof.b]), np.array([sign])

    def _prove(self, v: Array) -> Proof:
        """A proof with at most half of the nodes that are left for proofs."""
        proof = self._tree.prove(v, max(int(self._left / 2), LEAST_NODES))
        self._left -= proof.nodes
        self.exact = bool(np.isfinite(proof.upper))
        return proof


def _only(holds: bool, words: str) -> str:
    return "" if holds else words


def _climbing(p: Problem) -> float:
    return p.n * (CLIMB_POINT + CLIMB_RANK * p.rank)


def _first_proof(p: Problem) -> float:
    return _climbing(p) + TREE_ROOT + TREE_PAIR * p.n**2


RUNGS: dict[str, Rung] = {
    rung.name: rung
    for rung in (
        Rung(
            "sweep",
            "cutting planes, exact in the plane",
            lambda p: _only(p.rank == 2, f"it needs data of rank 2, these have rank {p.rank}"),
            lambda Z, bias, deadline, tol: PlaneOracle(Z, deadline) if bias else OriginPlaneOracle(Z),
            lambda p: SWEEP_PAIR * p.n ** (2 if p.bias else 1),
        ),
        Rung(
            "patterns",
            "cutting planes, exact over all activation patterns",
            lambda p: _only(
                not p.bias and pattern_bound(p.n, p.rank) <= MOST_PATTERNS,
                f"it needs bias=False and so few points that there are at most {MOST_PATTERNS} activation patterns",
            ),
            lambda Z, bias, deadline, tol: PatternOracle(Z),
            lambda p: PATTERN * pattern_bound(p.n, p.rank),
        ),
        Rung(
            "space",
            "cutting planes, exact in three dimensions",
            lambda p: _only(p.rank == 3 and p.bias, f"it needs biases and data of rank 3, these have rank {p.rank}"),
            lambda Z, bias, deadline, tol: SpaceOracle(Z, deadline),
            lambda p: SPACE_TRIPLE * p.n**3,
        ),
        Rung(
            "branch_and_bound",
            "cutting planes, proved by branch and bound",
            lambda p: "",
            ProvedAscent,
            _first_proof,
            moves=True,
        ),
        Rung(
            "relaxation",
            "cutting planes, spike-free relaxation",
            lambda p: "",
            lambda Z, bias, deadline, tol: RelaxationOracle(Z, bias=bias),
            _climbing,
        ),
        Rung(
            "ascent",
            "cutting planes, multi-start ascent",
            lambda p: "",
            lambda Z, bias, deadline, tol: AscentOracle(Z, bias=bias, deadline=deadline),
            _climbing,
            moves=True,
            proves=False,
        ),
    )
}


def pick(problem: Problem, limit: float = np.inf) -> Rung:
    """The rung with the strongest word that these data can afford within `limit` seconds; if none, the quickest."""
    fits = [rung for rung in RUNGS.values() if not rung.refusal(problem)]
    worth = {
        "space": problem.n <= SPACE_POINTS or ROUNDS * RUNGS["space"].seconds(problem) <= limit < np.inf,
        "branch_and_bound": problem.n <= BOUND_POINTS,
        "relaxation": False,  # what it misses, ascent finds
    }
    worthy = [rung for rung in fits if worth.get(rung.name, True)]
    quickest = min(worthy, key=lambda rung: rung.seconds(problem))
    # The sweep begins with few points and keeps its deadline: it is the best there is within any limit.
    return next((rung for rung in worthy if rung.name == "sweep" or rung.seconds(problem) <= limit), quickest)
