"""Interpolation, and the squared loss with next to no weight decay, by the method of multipliers.

    min sum |w|  s.t.  f(X) = y          has the dual   max y.l   s.t.  |N_l| <= 1,
    1/2 ||f - y||^2 + beta sum |w|        with v = beta l  max y.l - beta/2 ||l||^2   s.t. the same.

Where beta is tiny or missing, l jumps from round to round, and many rounds find next to nothing. So stay near the last
l' with a term rho/2 ||l - l'||^2: that is training with the squared loss on the targets y + rho l', of strength
beta + rho, which takes few rounds. Then move l' to the new l and lessen rho; the neurons stay. This is the method of
multipliers (Hestenes 1969, Powell 1969), the proximal point method on the dual (Rockafellar 1976); as the oracle names
the neurons it is a stabilised column generation, too.

Every l bounds the problem that was asked from below, whatever rho.
"""

from __future__ import annotations

from itertools import count

import numpy as np

from ..losses import Loss, Squared
from ..masters.columns import Columns
from ..masters.smooth import SmoothMaster
from ..network import ReLUNetwork
from .interpolant import interpolant
from .run import Run

FIRST = 3e-4  # first rho, of the greatest beta at which one of the first neurons has any weight
SLIGHT = 3.0  # a beta less than the first rho by this factor is slight
LESS = 3.0  # by which rho falls
LAST = 4e-3  # of the first rho: less makes the problem over the neurons held hard, and brings nothing more
SETTLED = 0.15  # excess of |N| over its bound, relative, at which l' moves on, at first
FIRMER = 0.3  # and of the distance of the bounds, later
AIM = 1e-2  # of the distance of the bounds: accuracy of the weights
STEPS, MORE_STEPS = 10, 50  # in which they are found, more or less, far from the optimum and near it
CLOSE = 1e-4  # relative distance from the optimum that is near
MOST = 30  # rounds after which l' moves on in any case
NEAR = 0.05  # relative distance of the bounds at which it is worth to make the network meet the targets exactly
SHARE = 0.6  # of the rounds; where these are not enough for a constraint, a linear program takes over
TINY = 1e-300
MOST_POINTS = 1500  # up to which networks are made to meet the targets exactly: the cube of them counts


def approached(run: Run, columns: Columns) -> Columns | None:
    """Neurons with which the usual rounds go on; None where nothing is left for them to do."""
    loss = run.loss
    if not (loss.interpolates or loss.quadratic) or not run.plan.bias or run.plan.cuts is not None:
        return columns
    if run.plan.start is not None and not loss.constrained:  # it is nearer than any detour
        return columns
    squared = Squared() if np.ndim(loss.weight) == 0 else Squared().weighted(np.asarray(loss.weight))
    pull = columns.signed(run.X).T @ squared.project(squared.weight * run.y, run.y)
    first = FIRST * float(np.abs(pull).max(initial=0.0))
    if first <= 0.0 or (not loss.constrained and run.beta > first / SLIGHT):
        return columns
    return _Approach(run, squared, 0.0 if loss.constrained else run.beta, first).go(columns)


class _Approach:
    """The state: rho, the multipliers l (n,) settled last, and how far from the optimum they are, relative."""

    def __init__(self, run: Run, squared: Loss, beta: float, first: float) -> None:
        self.run, self.squared, self.beta, self.first = run, squared, beta, first
        self.rho, self.multipliers, self.far = first, np.zeros(len(run.y)), 1.0
        weight = np.asarray(squared.weight) * np.ones(len(run.y))
        self.inverse = np.where(weight > 0.0, 1.0 / np.where(weight > 0.0, weight, 1.0), 0.0)

    def go(self, columns: Columns) -> Columns | None:
        """Move l' and lessen rho until the bounds meet, or the usual rounds do better."""
        run = self.run
        while len(run.history) <= SHARE * run.plan.rounds:
            columns, network, ended = self._settle(columns)
            if self._met(network) or ended:
                return None
            self.rho = max(self.rho / LESS, LAST * self.first if run.loss.constrained else 0.0)
            if self.rho < self.beta / SLIGHT:
                return columns
        return columns

    def _settle(self, columns: Columns) -> tuple[Columns, ReLUNetwork, bool]:
        """Rounds for one rho and l': the neurons, the network, and whether the plan says to end."""
        run, strength = self.run, self.beta + self.rho
        X, y, plan = run.X, run.y, run.plan
        target = y + self.rho * self.multipliers * self.inverse
        master = SmoothMaster(X, target, strength, self.squared, plan.bias, plan.deadline, plan.tol)
        master.most_steps = STEPS if self.far > CLOSE else MORE_STEPS
        for number in count(1):
            master.least_gain = AIM * self.far * strength
            answer = master.solve(columns)
            network = columns.network(answer, X)
            if run.late:  # half done is no answer
                return columns, network, True
            if not run.loss.constrained:
                run.offer(network, answer.v)
            v = self.squared.project(answer.v, y) * (run.beta / strength)
            maximum, *neurons = run.oracle.violated(v, run.beta, run.most)
            run.bounded(v, maximum)
            new = master.found(*neurons)
            run.note(len(columns), network, v, maximum, new.U, new.b)
            columns = master.kept(columns, master.columns(network)).joined(new)
            ended = run.late or plan.halt() or len(run.history) >= plan.rounds or run.met(run.lower)
            if ended or number == MOST or maximum <= run.beta * (1.0 + min(SETTLED, FIRMER * self.far)):
                break
        self.multipliers = v / run.beta
        return columns, network, ended

    def _met(self, network: ReLUNetwork) -> bool:
        """Whether the bounds meet; a network that nearly interpolates is made to do so first."""
        run = self.run
        if not run.loss.constrained:
            self.far = run.gap
            return run.met(run.lower)
        near = network.penalty + float(self.multipliers @ (run.y - network.predict(run.X)))
        self.far = min(self.far, 1.0, max(abs(near - run.lower) / max(abs(near), TINY), 0.1 * run.plan.tol))
        if self.far <= NEAR and len(run.y) <= MOST_POINTS and not run.late:
            run.offer(interpolant(network, run.X, run.y), self.multipliers)
        return run.met(run.lower)
