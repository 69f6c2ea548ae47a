"""Capacity cuts: what every safe pattern satisfies, found where a fractional or unsafe one does not.

Prices u of an attacker's linear program say that with the pattern x a cell goes no further than the sum of u * x.
Every safe pattern lets it go as far as promised, so the sum must reach that level; what is hidden anyway is counted
first, and no coefficient need be larger than what is left (strengthened capacity inequalities; Fischetti and
Salazar, Management Science 47 (2001), section 4). Where a promise can be met in several ways (sliding protection)
a 0/1 variable per step between two ways chooses one: variable j says that way j or a later one is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anonymize.optimal.component import Component, Vector, Wish, room
from anonymize.optimal.reach import Attackers, prices
from anonymize.relations import Index

LEAST = 1e-9
VIOLATED = 1e-4
MIX = (0.02, 0.001, 0.0)
"""Part of a cell's room that counts even when it is published: a large one gives cuts with few and small
coefficients, but may hide that a point is unsafe."""


@dataclass(frozen=True, slots=True)
class Row:
    """Sum of coefficients * variables >= side; variables are the columns, then the steps of all wishes."""

    places: Index
    coefficients: Vector
    side: float


def first_rows(component: Component, wish: Wish, base: int) -> list[Row]:
    """The cuts that each single sum of the cell gives."""
    found = []
    sums, (low, high) = component.sums, room(component, wish.attacker)
    for r in sums[:, wish.column].nonzero()[0]:
        part = slice(sums.indptr[r], sums.indptr[r + 1])
        columns, signs = sums.indices[part], sums.data[part]
        own = signs[columns == wish.column][0]
        for sign in (1, -1):
            rises = -signs / own * sign > 0
            use = np.zeros(len(component.cells))
            use[columns] = np.where(rises, high[columns], low[columns])
            use[wish.column] = 0
            found += rows(component, wish, use, sign=sign, base=base)
    return found


def rows(component: Component, wish: Wish, use: Vector, *, sign: int, base: int) -> list[Row]:
    """The cuts that prices give, one per way.

    Args:
        component: The component.
        wish: What must stay possible.
        use: Prices, as from `reach.prices`.
        sign: 1 when they bound the way up, -1 down.
        base: Number of the first step of the wish.
    """
    found, steps = [], wish.up if sign > 0 else wish.down
    given = float(use[component.fixed].sum())
    places = np.flatnonzero((use > LEAST) & ~component.fixed)
    for way, step in enumerate(steps.tolist()):
        left = step - given
        if left <= LEAST:
            continue
        # Up: this way or a later one is taken; down: this way or an earlier one.
        step_of = way if sign > 0 else (way + 1) % len(steps)
        choice = base + step_of - 1 if step_of else None
        found.append(_row(places, np.minimum(use[places] / left, 1), choice, sign))
    return found


def both(component: Component, wish: Wish, up: Vector, down: Vector) -> list[Row]:
    """The cut for the width of the interval, wherever it lies."""
    use = up + down
    left = float((wish.up + wish.down).min() - use[component.fixed].sum())
    places = np.flatnonzero((use > LEAST) & ~component.fixed)
    return [Row(places, np.minimum(use[places] / left, 1), 1.0)] if left > LEAST else []


def separate(models: Attackers, wish: Wish, point: Vector, base: int, *, mix: float = MIX[0]) -> list[Row]:
    """Cuts for one wish that a point violates; its first values belong to the columns, `base` starts the steps."""
    component = models.component
    n = len(component.cells)
    weights = np.where(component.fixed, 1, np.maximum(point[:n], mix))
    steps = np.concatenate([[1.0], point[base : base + len(wish.up) - 1], [0.0]])
    uses, found = [], []
    for sign in (1, -1):
        need = wish.up * steps[:-1] if sign > 0 else wish.down * (1 - steps[1:])
        wanted = np.flatnonzero(need > VIOLATED)
        if not len(wanted):
            continue
        level = float((wish.up if sign > 0 else wish.down)[wanted].max())
        use = prices(models, weights, wish.column, sign=sign, attacker=wish.attacker, level=level)
        found += rows(component, wish, use, sign=sign, base=base)
        uses.append(use)
    if len(uses) == 2 and len(wish.up) > 1:
        found += both(component, wish, *uses)
    return [row for row in found if violation(row, point) > VIOLATED]


def refuse(models: Attackers, wish: Wish, point: Vector, base: int) -> list[Row]:
    """Cuts against a pattern that breaks a wish: at least one."""
    for mix in MIX:
        found = separate(models, wish, point, base, mix=mix)
        if found:
            return found
    # Hiding less helps nobody: every safe pattern hides something that this one publishes.
    places = np.flatnonzero(point[: len(models.component.cells)] < 0.5)
    return [Row(places, np.ones(len(places)), 1.0)]


def violation(row: Row, point: Vector) -> float:
    """By how much a point misses a cut."""
    return float(row.side - row.coefficients @ point[row.places])


def bridges(component: Component, point: Vector) -> list[Row]:
    """No cell is worth hiding as the only one of a sum: the violated ones of these cuts (bridge-less inequalities)."""
    found, sums = [], component.sums
    for r in range(sums.shape[0]):
        columns = sums.indices[sums.indptr[r] : sums.indptr[r + 1]]
        if component.fixed[columns].any():
            continue
        most = int(np.argmax(point[columns]))
        if 2 * point[columns[most]] > point[columns].sum() + VIOLATED:
            signs = np.ones(len(columns))
            signs[most] = -1
            found.append(Row(columns.astype(np.int64), signs, 0.0))
    return found


def _row(places: Index, coefficients: Vector, choice: int | None, sign: int) -> Row:
    """The cut if a step is taken (sign 1) or not taken (-1); if always, None."""
    if choice is None:
        return Row(places, coefficients, 1.0)
    extra = np.append(coefficients, -1.0 if sign > 0 else 1.0)
    return Row(np.append(places, choice), extra, 0.0 if sign > 0 else 1.0)
