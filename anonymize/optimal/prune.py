"""Publishing again what need not be hidden: the clean-up at the end of every heuristic.

Secondary cells are tried in descending cost. Each promise rests on evidence, changes of the table that show
it to be kept; only promises that lose theirs when the cell is published are looked at again.
Source: the clean-up of Kelly, Golden and Assad, Cell suppression: disclosure protection for sensitive tabular data,
Networks 22 (1992); Handbook on Statistical Disclosure Control, chapter 4.4.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from anonymize.optimal.component import PUBLIC, Component, Mask, Vector, Wish
from anonymize.optimal.evidence import Evidence, add, drop, insiders, secure, shown
from anonymize.optimal.reach import Attackers


def prune(models: Attackers, hidden: Mask, evidence: Evidence) -> Mask:
    """A part of the pattern that keeps the same promises, from which no single cell can be published.

    Args:
        models: The models of the component.
        hidden: A pattern; it is not changed.
        evidence: What shows its promises; afterwards what shows those of the result.
    """
    component, left = models.component, hidden.copy()
    secondary = np.flatnonzero(hidden & ~component.fixed)
    for column in secondary[np.lexsort((secondary, -component.cost[secondary]))].tolist():
        _try(models, left, column, evidence)
    return left


def _try(models: Attackers, left: Mask, column: int, evidence: Evidence) -> None:
    """Publishes one cell unless a promise depends on it."""
    lost = drop(evidence, column)
    left[column] = False
    moved = {c for change in lost for c in change}
    cost = charges(models.component, left)
    for wish in touched(evidence, moved):
        if not secure(evidence, models, left, wish, cost=cost):
            left[column] = True
            for change in lost:
                add(evidence, change)
            return


def charges(component: Component, hidden: Mask) -> Vector:
    """The price of movement within a pattern: dear secondary cells are avoided, so that they can be published."""
    cost = np.where(hidden & ~component.fixed, component.cost, 0)
    return np.tile(cost, 2)


def touched(evidence: Evidence, moved: set[int]) -> Iterator[Wish]:
    """Wishes about some cells that lack evidence when they are asked for, of the public first."""
    about = [wish for wish in evidence.component.wishes if wish.column in moved]
    for wish in about:
        if not shown(evidence, wish):
            yield wish
    for wish in about:
        if wish.attacker == PUBLIC:
            yield from insiders(evidence, wish.column)
