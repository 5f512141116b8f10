"""The training problem over neurons held, for the losses that make it a linear program; HiGHS keeps its basis.

Margins y (A w + c) + xi >= 1, or values A w + c + xi - zeta = y, with slacks xi, zeta >= 0 at the prices that the loss
states, times the points' weights. Where it is a constraint a finite price lets that be missed, which bounds |v_i| by
it; from some price on nothing is missed.
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from scipy import sparse

from ..errors import Infeasible
from ..line.conic import MOST_STEPS, solve_linear_program
from ..losses import Loss
from ..network import Array, ReLUNetwork
from ..numerics import clock
from ..numerics.highs import HIGHS_OPTIONS, OutOfTime, bare_highs, run
from .base import SignedMaster
from .columns import Columns, Weights

LEAST_COST = 2.0**-20  # with slacks that cost more than a million times as much as neurons the simplex method stalls
PLAIN = 1024.0  # columns between this and its inverse are left alone
NEXT_PRICE = 4.0  # of missing a constraint, times the last
MOST_PRICE = 1e18  # HiGHS takes a cost of 1e20 for infinite, and an infinite one corrupts its memory
LAST_PRICE = 1e8  # times the first: a constraint still missed at this price cannot be met
NEARLY = 0.1  # relative gap at which the problem at a price is nearly solved
PRIMAL_SIMPLEX = 4  # new columns leave the basis primal feasible


class LinearMaster(SignedMaster):
    """The problem over the neurons held. All of them stay: the duals of a linear program jump from vertex to vertex,
    and without the neurons that ruled earlier ones out the loop could cycle."""

    def __init__(
        self,
        X: Array,
        y: Array,
        beta: float,
        loss: Loss,
        bias: bool = True,
        price: float = 1.0,
        deadline: float = clock.NEVER,
    ) -> None:
        super().__init__(X, y, beta, loss, bias, deadline)
        assert loss.linear is not None
        self.form = loss.linear
        self.orient = y if self.form.margin else np.ones(len(y))
        # What costs are divided by: HiGHS's tolerances are absolute, and next to a tiny beta the duals would drown.
        self._cost = (
            1.0 if loss.constrained or beta > 1.0 / PLAIN else max(float(2.0 ** np.round(np.log2(beta))), LEAST_COST)
        )
        self._model = self._begin(price)
        self.first_price = self._price = price
        self._columns = 0  # of the model that are neurons
        self._units = np.zeros(0)  # what their activations are divided by there

    @property
    def price(self) -> float:
        """Cost of missing a constraint by one."""
        return self._price

    @price.setter
    def price(self, price: float) -> None:
        self._price = price
        for j in range(1, 1 + len(self._slack_rows())):
            self._model.changeColCost(j, price / self._cost)

    def solve(self, columns: Columns) -> Weights:
        """Optimum over `columns`, of which those of the call before come first.

        Raises TimeoutError once the deadline has passed: a basis on the way to the optimum says nothing.
        """
        self._add(self.orient[:, None] * columns.signed(self.X)[:, self._columns :])
        x, multiplier = self._run()
        first = 1 + len(self._slack_rows())
        return Weights(np.maximum(x[first:], 0.0) / self._units, float(x[0]), self._cost * self.orient * multiplier)

    def kept(self, columns: Columns, merged: Columns) -> Columns:
        """What the next round begins with."""
        return columns.joined(merged)

    def adapt(self, network: ReLUNetwork, value: float, bound: float, gap: float, added: int) -> None:
        """Ask more for missing the constraint, once the problem at the present price is nearly solved."""
        if not self.loss.constrained or np.isfinite(value):
            return
        if added and network.penalty - bound > NEARLY * network.penalty:
            return
        if not self.bias and self.price > LAST_PRICE * self.first_price:
            raise Infeasible(
                "No network satisfies the constraints exactly: without biases a network cannot take any values at "
                "points on one line through the origin. Use bias=True, or the squared or hinge loss."
            )
        self.price = min(NEXT_PRICE * self.price, MOST_PRICE)

    def _slack_rows(self) -> Array:
        """Row and sign of every slack, (k, 2)."""
        rows = np.column_stack([np.arange(len(self.y)), np.ones(len(self.y))])
        return rows if self.form.margin else np.vstack([rows, rows * [1.0, -1.0]])

    def _prices(self, price: float) -> Array:
        """Cost of every slack, (k,)."""
        form = self.form
        short, over = (price, price) if form.hard else (form.short, form.over)
        weight = self.loss.weight * np.ones(len(self.y))
        return np.concatenate([short * weight] if form.margin else [short * weight, over * weight])

    def _begin(self, price: float) -> Any:
        """The model with c and the slacks."""
        n, slacks = len(self.y), self._slack_rows()
        reach = np.inf if self.bias else 0.0
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = 1 + len(slacks), n
        lp.col_cost_ = np.concatenate([[0.0], self._prices(price) / self._cost])
        lp.col_lower_ = np.concatenate([[-reach], np.zeros(len(slacks))])
        lp.col_upper_ = np.concatenate([[reach], np.full(len(slacks), np.inf)])
        lp.row_lower_ = np.ones(n) if self.form.margin else self.y
        lp.row_upper_ = np.full(n, np.inf) if self.form.margin else self.y
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.concatenate([[0], n + np.arange(len(slacks) + 1)])
        lp.a_matrix_.index_ = np.concatenate([np.arange(n), slacks[:, 0]]).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate([self.orient, slacks[:, 1]])
        model = bare_highs()
        for name, value in (HIGHS_OPTIONS | {"simplex_strategy": PRIMAL_SIMPLEX, "presolve": "off"}).items():
            model.setOptionValue(name, value)
        model.passModel(lp)
        return model

    def _add(self, signed: Array) -> None:
        units = _units(np.abs(signed).max(axis=0, initial=0.0))
        block = sparse.csc_matrix(signed / units)
        k = block.shape[1]
        self._units = np.concatenate([self._units, units])
        if k:
            self._model.addCols(
                k,
                self.beta / self._cost / units,
                np.zeros(k),
                np.full(k, np.inf),
                block.nnz,
                block.indptr[:-1].astype(np.int32),
                block.indices.astype(np.int32),
                block.data,
            )
        self._columns += k

    def _run(self) -> tuple[Array, Array]:
        model = self._model
        model.setOptionValue("simplex_iteration_limit", MOST_STEPS + 20 * (len(self.y) + self._columns))
        run(model, self.deadline)
        if clock.passed(self.deadline):
            raise TimeoutError
        answer = model.getSolution()
        solved = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        if solved and answer.value_valid and answer.dual_valid:
            return np.array(answer.col_value), np.array(answer.row_dual)
        return self._afresh()

    def _afresh(self) -> tuple[Array, Array]:
        """Without the basis of before, in all the ways there are: among close points the simplex method can fail."""
        lp = self._model.getLp()
        n, m = lp.num_row_, lp.num_col_
        matrix = sparse.csc_matrix((lp.a_matrix_.value_, lp.a_matrix_.index_, lp.a_matrix_.start_), shape=(n, m))
        cost, lower = np.array(lp.col_cost_), np.array(lp.col_lower_)
        first = 0 if self.bias else 1  # without biases the constant is left out
        rows = np.array(lp.row_lower_), np.array(lp.row_upper_)
        try:
            x, multiplier = solve_linear_program(
                cost[first:], lower[first:], matrix[:, first:], *rows, deadline=self.deadline
            )
        except OutOfTime:
            raise TimeoutError from None
        return np.concatenate([np.zeros(first), x]), multiplier


def _units(size: Array) -> Array:
    """Powers of two near sizes (k,) of columns that are far from one, else 1: HiGHS drops entries next to nothing."""
    plain = (size == 0.0) | ((size > 1.0 / PLAIN) & (size < PLAIN))
    return np.where(plain, 1.0, 2.0 ** np.round(np.log2(np.where(size > 0.0, size, 1.0))))
