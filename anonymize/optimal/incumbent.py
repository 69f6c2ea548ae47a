"""The best safe pattern so far: nothing enters that an attacker could undo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anonymize.optimal.cheapest import augment, proven
from anonymize.optimal.component import Component, Mask, Wish
from anonymize.optimal.prune import prune
from anonymize.optimal.reach import Attackers
from anonymize.optimal.whole import betrayed


@dataclass(slots=True)
class Incumbent:
    """A safe pattern and its price, without what is hidden in every pattern."""

    hidden: Mask
    price: float


def everything(component: Component) -> Incumbent:
    """The pattern that hides all that may be hidden."""
    hidden = np.ones(len(component.cells), bool)
    return Incumbent(hidden, price(component, hidden))


def offer(incumbent: Incumbent, models: Attackers, pattern: Mask) -> list[Wish]:
    """Keeps a pattern, or what the clean-up leaves of it, when it is better; made safe first where it is not.

    Returns:
        The wishes that the pattern breaks as it is.
    """
    component = models.component
    whole = pattern | component.fixed
    evidence, broken = proven(models, whole)
    if broken:
        whole, failed = augment(models, whole, evidence, cost=component.cost)
        if failed:
            return broken
    for candidate in (whole, prune(models, whole, evidence)):
        safe = _closed(component, candidate)
        cost = price(component, safe)
        if (cost, int(safe.sum())) < (incumbent.price, int(incumbent.hidden.sum())):
            incumbent.hidden, incumbent.price = safe, cost
    return broken


def price(component: Component, hidden: Mask) -> float:
    """What a pattern costs besides what is hidden in every pattern."""
    return float(component.cost[hidden & ~component.fixed].sum())


def _closed(component: Component, pattern: Mask) -> Mask:
    """Hides the cheapest cell beside whatever whole numbers betray, until nothing is betrayed."""
    hidden = pattern.copy()
    while True:
        rows = [row for _, row in betrayed(component, hidden) if len(row.places)]
        if not rows:
            return hidden
        hidden[[row.places[np.argmin(component.cost[row.places])] for row in rows]] = True
