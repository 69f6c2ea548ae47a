"""Which promises a pattern keeps, shown by alternative tables that are kept and used again.

A change that keeps the published sums is evidence for every cell it moves, for the public and for all insiders whose
own cells it leaves alone. Only what no change at hand shows is asked of a linear program.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from anonymize.goals import TOLERANCE
from anonymize.optimal.component import (
    INFORMED,
    PUBLIC,
    Component,
    Mask,
    Vector,
    Wish,
    allowance,
    insider,
    room,
)
from anonymize.optimal.reach import Attackers, move

Change = dict[int, float]
MOVED = 1e-8
"""Smaller changes are the solver's noise."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Alternative tables; a change is column -> amount.

    Attributes:
        component: What the changes are changes of.
        changes: The changes by number.
        moving: Per column the numbers of the changes that move it.
        people: By number the attackers who know that the change is not possible: it proves nothing to them.
        count: Numbers given so far.
    """

    component: Component
    changes: dict[int, Change] = field(default_factory=dict)
    moving: dict[int, set[int]] = field(default_factory=dict)
    people: dict[int, frozenset[int]] = field(default_factory=dict)
    count: list[int] = field(default_factory=lambda: [0])


def add(evidence: Evidence, change: Change) -> None:
    """Keeps a change."""
    number = evidence.count[0]
    evidence.count[0] += 1
    evidence.changes[number] = change
    evidence.people[number] = _unconvinced(evidence.component, change)
    for column in change:
        evidence.moving.setdefault(column, set()).add(number)


def copied(evidence: Evidence) -> Evidence:
    """The same evidence, to be changed freely."""
    moving = {column: set(numbers) for column, numbers in evidence.moving.items()}
    return Evidence(
        evidence.component, dict(evidence.changes), moving, dict(evidence.people), list(evidence.count)
    )


def drop(evidence: Evidence, column: int) -> list[Change]:
    """Removes and returns the changes that move a column."""
    lost = []
    for number in sorted(evidence.moving.get(column, ())):
        change = evidence.changes.pop(number)
        del evidence.people[number]
        for c in change:
            evidence.moving[c].discard(number)
        lost.append(change)
    return lost


def sparse(change: Vector) -> Change:
    """A change without the columns that it leaves alone."""
    columns = np.flatnonzero(np.abs(change) > MOVED)
    return dict(zip(columns.tolist(), change[columns].tolist(), strict=True))


def shown(evidence: Evidence, wish: Wish) -> bool:
    """Whether the changes at hand show that a wish is met."""
    up, down = _extent(evidence, wish)
    slack = allowance(evidence.component)
    return bool(((wish.up <= up + slack) & (wish.down <= down + slack)).any())


def unshown(evidence: Evidence) -> Iterator[Wish]:
    """Wishes of the public, then of insiders, that lack evidence at the moment they are asked for."""
    for wish in evidence.component.wishes:
        if not shown(evidence, wish):
            yield wish
    for wish in evidence.component.wishes:
        if wish.attacker == PUBLIC:
            yield from insiders(evidence, wish.column)


def insiders(evidence: Evidence, column: int) -> list[Wish]:
    """What persons could compute a sensitive cell, for all that the changes at hand show."""
    component = evidence.component
    wish = insider(component, column, PUBLIC)
    step = float((wish.up + wish.down).min(initial=np.inf))
    own, suspects = int(component.alone[column]), persons(component)
    for number in sorted(evidence.moving.get(column, ())):
        if abs(evidence.changes[number][column]) >= step - TOLERANCE:
            suspects &= evidence.people[number]
        if not suspects:
            break
    people = sorted(p for p in suspects if p != own and (column, p) not in component.waived)
    return [replace(wish, attacker=p) for p in people]


def _unconvinced(component: Component, change: Change) -> frozenset[int]:
    columns = np.array(list(change), np.int64)
    alone = component.alone[columns]
    people = set(alone[alone >= 0].tolist())
    if component.besides is not None:
        low, high = room(component, INFORMED)
        amount = np.array(list(change.values()))
        if ((amount < -low[columns] - TOLERANCE) | (amount > high[columns] + TOLERANCE)).any():
            people.add(INFORMED)
    return frozenset(people)


def persons(component: Component) -> frozenset[int]:
    """Everybody who is alone in a cell."""
    return frozenset(component.alone[component.alone >= 0].tolist())


def secure(evidence: Evidence, models: Attackers, within: Mask, wish: Wish, *, cost: Vector) -> bool:
    """Looks for changes within `within` that show a wish to be met, and keeps them; whether it is met."""
    for sign in (1, -1):
        if shown(evidence, wish):
            return True
        _push(evidence, models, within, wish, sign=sign, cost=cost)
    return shown(evidence, wish)


def _push(
    evidence: Evidence, models: Attackers, within: Mask, wish: Wish, *, sign: int, cost: Vector
) -> None:
    """Adds evidence for the furthest step of the wish that can be reached in one direction."""
    reached = _extent(evidence, wish)[0 if sign > 0 else 1]
    steps = np.unique(wish.up if sign > 0 else wish.down)[::-1]
    for step in steps[steps > reached + allowance(models.component)]:
        change = move(models, within, wish.column, amount=sign * step, attacker=wish.attacker, cost=cost)
        if change is not None:
            add(evidence, sparse(change))
            return


def _extent(evidence: Evidence, wish: Wish) -> tuple[float, float]:
    up = down = 0.0
    for number in evidence.moving.get(wish.column, ()):
        if wish.attacker not in evidence.people[number]:
            amount = evidence.changes[number][wish.column]
            up, down = max(up, amount), max(down, -amount)
    return up, down
