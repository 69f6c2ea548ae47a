"""How far an attacker must believe a cell can be from the truth; and the cheapest change that takes it there.

Two linear programs over the changes d that keep every published sum, each kept in one HiGHS model: `Extent`
finds the furthest a cell can go and the prices (dual values) that prove it, `Ways` finds the least change of
given cost, ups and downs as separate columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from anonymize import program
from anonymize.goals import TOLERANCE
from anonymize.optimal.component import Component, Mask, Vector, room

LIGHT = 1e-3
"""Cost of moving what is hidden anyway, against the median of the others: short ways are preferred."""
DEAR = 1e4
"""No cell costs more than this, against the median, for the solver's sake."""


@dataclass(frozen=True, slots=True)
class Attackers:
    """A component with the models kept for it; `solved[0]` counts the programs solved."""

    component: Component
    extent: Any
    ways: Any
    solved: list[int]


def attackers(component: Component) -> Attackers:
    """Opens the models of a component."""
    from scipy.sparse import hstack

    n, sums = len(component.cells), component.sums
    still = np.zeros(sums.shape[0])
    none = np.zeros(2 * n)
    extent = program.pose(sums, still, still, none[:n], none[:n]).solver
    ways = program.pose(hstack([sums, -sums]).tocsr(), still, still, none, none).solver
    for model in (extent, ways):
        model.setOptionValue("presolve", "off")
        model.setOptionValue("solver", "simplex")
    return Attackers(component, extent, ways, [0])


def prices(
    models: Attackers, weights: Vector, column: int, *, sign: int, attacker: int, level: float
) -> Vector:
    """What bounds the way of a cell when every cell may use only a part (0 to 1) of its room.

    Args:
        models: The models.
        weights: Per column the part of the room that it may use.
        column: The cell.
        sign: 1 for up, -1 for down.
        attacker: Whoever knows some of the cells.
        level: A cell that is not hidden in every pattern counts for no more than this.

    Returns:
        Per column u >= 0 such that no pattern x lets the cell go further than the sum of u * x.
    """
    component = models.component
    low, high = room(component, attacker)
    # A cell that may be published counts for no more than the level: the cut is clipped there.
    cap = np.where(component.fixed, np.inf, level)
    _bounds(models.extent, -np.minimum(low, cap) * weights, np.minimum(high, cap) * weights)
    _one_cost(models.extent, column, -float(sign))
    models.extent.run()
    models.solved[0] += 1
    duals = np.asarray(models.extent.getSolution().row_dual)
    # Any row prices prove a bound; it is computed from them anew, so the solver need not be trusted.
    left = -(component.sums.T @ duals)
    left[column] -= sign
    left[np.abs(left) < 1e-10] = 0
    _one_cost(models.extent, column, 0.0)
    return np.asarray(np.maximum(-left, 0) * high + np.maximum(left, 0) * low)


def move(
    models: Attackers, within: Mask, column: int, *, amount: float, attacker: int, cost: Vector
) -> Vector | None:
    """The cheapest change of the cells in `room` that moves one cell by this amount; None if there is none.

    Args:
        models: The models.
        within: Columns that may move.
        column: The cell.
        amount: Positive for up.
        attacker: Whoever knows some of the cells: these stay.
        cost: Per column up, then per column down: the price of one unit of movement.
    """
    import highspy

    n, component = len(within), models.component
    low, high = room(component, attacker)
    ceiling = np.concatenate([np.where(within, high, 0), np.where(within, low, 0)])
    ahead, back = (column, n + column) if amount > 0 else (n + column, column)
    ceiling[ahead], ceiling[back] = min(abs(amount), ceiling[ahead]), 0
    if ceiling[ahead] < abs(amount) - TOLERANCE:
        return None
    floor = np.zeros(2 * n)
    floor[ahead] = ceiling[ahead]
    middle = float(np.median(cost[cost > 0])) if (cost > 0).any() else 1.0
    price = np.minimum(cost / middle, DEAR) + LIGHT
    _bounds(models.ways, floor, ceiling)
    models.ways.changeColsCost(2 * n, np.arange(2 * n, dtype=np.int32), price)
    models.ways.run()
    models.solved[0] += 1
    found = np.asarray(models.ways.getSolution().col_value)
    if models.ways.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    change: Vector = found[:n] - found[n:]
    # The solver may stop a hair short of the amount.
    change *= amount / change[column]
    return change if _valid(component, change, low, high) else None


def _valid(component: Component, change: Vector, low: Vector, high: Vector) -> bool:
    inside = (change >= -low - TOLERANCE / 10).all() and (change <= high + TOLERANCE / 10).all()
    return bool(inside and np.abs(component.sums @ change).max(initial=0) <= TOLERANCE)


def _bounds(model: Any, low: Vector, high: Vector) -> None:
    model.changeColsBounds(len(low), np.arange(len(low), dtype=np.int32), low, high)


def _one_cost(model: Any, column: int, cost: float) -> None:
    model.changeColCost(column, cost)
