"""The heuristic for sums: hide what the cheapest changes move, then publish again what they do not need.

Each sensitive cell in turn is moved as far as promised by the change of least cost, cells already hidden being
free; what it moves is hidden (Kelly, Golden and Assad, Networks 22 (1992); Fischetti and Salazar, Management Science
47 (2001), section 5).
"""

from __future__ import annotations

import numpy as np

from anonymize.optimal.component import Mask, Vector, Wish, room
from anonymize.optimal.evidence import Evidence, add, copied, drop, secure, shown, sparse, unshown
from anonymize.optimal.prune import charges, prune, touched
from anonymize.optimal.reach import Attackers, move


def augment(models: Attackers, hidden: Mask, evidence: Evidence, *, cost: Vector) -> tuple[Mask, list[Wish]]:
    """Hides more until every promise is kept.

    Args:
        models: The models of the component.
        hidden: Where to start; it is not changed.
        evidence: What is known to hold for it; grows.
        cost: What hiding a cell costs in the search.

    Returns:
        The pattern, and the wishes that cannot be met whatever is hidden.
    """
    component, hidden = models.component, hidden | models.component.fixed
    failed = []
    # The largest demands first: what they need serves the smaller ones.
    size = [float((w.up + w.down).min(initial=np.inf)) for w in component.wishes]
    for i in np.argsort(-np.array(size), kind="stable"):
        if not _protect(models, hidden, evidence, component.wishes[i], cost):
            failed.append(component.wishes[i])
    for wish in unshown(evidence):
        if wish.attacker >= 0 and not _protect(models, hidden, evidence, wish, cost):
            failed.append(wish)
    return hidden, failed


def cheapest(models: Attackers, *, cost: Vector | None = None) -> tuple[Mask, list[Wish]]:
    """A pattern that keeps every promise, by augmentation and clean-up; and the wishes that cannot be met."""
    component, evidence = models.component, Evidence(models.component)
    own = component.cost if cost is None else cost
    hidden, failed = augment(models, component.fixed, evidence, cost=own)
    return prune(models, hidden, evidence), failed


def exchange(models: Attackers, hidden: Mask) -> Mask:
    """A pattern of lower cost, by replacing secondary cells one at a time, dearest first, by cheaper ones.

    Like the clean-up, but a promise that loses its evidence may hide other cells, as long as that costs less.
    """
    component, best = models.component, hidden
    evidence, _ = proven(models, hidden)
    secondary = np.flatnonzero(hidden & ~component.fixed)
    for column in secondary[np.lexsort((secondary, -component.cost[secondary]))].tolist():
        if best[column]:
            found, shows = _without(models, best, column, copied(evidence))
            if component.cost[found].sum() < component.cost[best].sum():
                best, evidence = found, shows
    return best


def _without(models: Attackers, hidden: Mask, column: int, evidence: Evidence) -> tuple[Mask, Evidence]:
    """The pattern with one cell published and the promises kept otherwise; itself where that is no gain."""
    component, left = models.component, hidden.copy()
    lost = drop(evidence, column)
    left[column] = False
    limit = component.cost[hidden].sum()
    for wish in touched(evidence, {c for change in lost for c in change}):
        kept = _protect(models, left, evidence, wish, component.cost, closed=column)
        if not kept or component.cost[left].sum() >= limit:
            return hidden, evidence
    return prune(models, left, evidence), evidence


def proven(models: Attackers, hidden: Mask) -> tuple[Evidence, list[Wish]]:
    """What shows the promises that a pattern keeps, and those that it breaks."""
    evidence = Evidence(models.component)
    cost = charges(models.component, hidden)
    broken = [wish for wish in unshown(evidence) if not secure(evidence, models, hidden, wish, cost=cost)]
    return evidence, broken


def _protect(
    models: Attackers, hidden: Mask, evidence: Evidence, wish: Wish, cost: Vector, closed: int = -1
) -> bool:
    """Hides the cheapest set found that meets one wish (in place); False when there is none."""
    if shown(evidence, wish):
        return True
    up = {step: _change(models, hidden, wish, step, cost, closed) for step in np.unique(wish.up).tolist()}
    down = {
        step: _change(models, hidden, wish, -step, cost, closed) for step in np.unique(wish.down).tolist()
    }
    best, price = None, np.inf
    for one, two in zip(wish.up.tolist(), wish.down.tolist(), strict=True):
        changes = [up[one], down[two]]
        found = [change for change in changes if change is not None]
        if len(found) < len(changes):
            continue
        columns = np.unique([c for change in found for c in change]).astype(np.int64)
        total = float(cost[columns[~hidden[columns]]].sum()) + 1e-9 * len(columns)
        if total < price:
            best, price = found, total
    for change in best or ():
        hidden[list(change)] = True
        add(evidence, change)
    return best is not None


def _change(
    models: Attackers, hidden: Mask, wish: Wish, amount: float, cost: Vector, closed: int
) -> dict[int, float] | None:
    """The cheapest change by this amount; hiding is paid for by the share of a cell's room that is used."""
    if amount == 0:
        return {}
    component = models.component
    everything = np.ones(len(hidden), bool)
    if closed >= 0:
        everything[closed] = False
    low, high = room(component, wish.attacker)
    share = np.clip(np.concatenate([high, low]), abs(amount) * 1e-3, abs(amount))
    price = np.tile(np.where(hidden, 0, cost), 2) / share
    change = move(
        models, everything, wish.column, amount=amount, attacker=wish.attacker,
        cost=price,
    )  # fmt: skip
    return None if change is None else sparse(change)
