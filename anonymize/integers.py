"""Small components over the whole numbers: linear bounds can leave room that no table of counts fills."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from anonymize import program
from anonymize.attack import View
from anonymize.intervals import Intervals
from anonymize.program import Program
from anonymize.relations import Index

LARGEST = 48
"""Components with more unknown cells are judged by linear bounds alone."""

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What whole numbers leave of a small component; columns of the view.

    Attributes:
        narrow: (column, how many integers are possible) where that is fewer than needed.
        insider: (column of a person alone, column of the sensitive cell that this person can compute).
    """

    narrow: tuple[tuple[int, int], ...]
    insider: tuple[tuple[int, int], ...]


def doubts(view: View, labels: Index, seen: Intervals) -> Doubt:
    """Checks every small component that holds a sensitive cell."""
    narrow: list[tuple[int, int]] = []
    insider: list[tuple[int, int]] = []
    for columns, changes in seen.witnesses:
        order = columns[np.argsort(labels[columns], kind="stable")]
        for component in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
            if len(component) > LARGEST or not view.sensitive[component].any():
                continue
            most = int(view.need[component].max())
            known = _whole(changes[:, np.searchsorted(columns, component)], most)
            model = program.build(view, component, reach=program.NEAR, integer=True)
            check = _Check(view, component, model, known, most)
            narrow += _narrow(check)
            insider += _insiders(check)
    return Doubt(tuple(narrow), tuple(insider))


@dataclass(frozen=True, slots=True)
class _Check:
    """One component: its integer program, the whole tables found so far (changes), the most integers needed."""

    view: View
    columns: Index
    model: Program
    known: list[Counts]
    most: int


def _whole(changes: NDArray[np.float64], most: int) -> list[Counts]:
    """The witnesses that are whole numbers, and the whole tables between each and the truth."""
    rounded = np.rint(changes)
    exact = np.unique(
        rounded[np.abs(changes - rounded).max(axis=1, initial=0) < 1e-7].astype(np.int64), axis=0
    )
    return [step for change in exact for step in _between(change, most)]


def _between(change: Counts, most: int) -> list[Counts]:
    """A change divided by its common factor, and its first multiples: all fit, the set of tables being convex."""
    factor = gcd(*change.tolist())
    return [change // factor * k for k in range(1, min(factor, most) + 1)] if factor else []


def _narrow(check: _Check) -> list[tuple[int, int]]:
    found = []
    for place in np.flatnonzero(check.view.sensitive[check.columns]).tolist():
        need = int(check.view.need[check.columns[place]])
        values = _values(check, place)
        if len(values) < need:
            _explore(check, place)
            values = _values(check, place)
        lowest, highest = min(values), max(values)
        for value in range(lowest, highest + 1):
            if len(values) >= need:
                break
            if value not in values and _try(check, {place: value}):
                values = _values(check, place)
        if len(values) < need:
            found.append((int(check.columns[place]), len(values)))
    return found


def _insiders(check: _Check) -> list[tuple[int, int]]:
    """Pairs where the second cell has one possible value for whoever knows that the first holds one person."""
    view, columns = check.view, check.columns
    sensitive = np.flatnonzero(view.sensitive[columns])
    found = []
    for a in sensitive[view.truth[columns[sensitive]] == 1].tolist():
        for b in sensitive.tolist():
            same = view.truth[columns[b]] == 1 and view.persons[columns[a]] == view.persons[columns[b]]
            if not same and not _moves_without(check, a, b):
                found.append((int(columns[a]), int(columns[b])))
    return found


def _moves_without(check: _Check, a: int, b: int) -> bool:
    """Whether cell b has another possible value while cell a keeps its own."""
    if any(change[b] != 0 and change[a] == 0 for change in check.known):
        return True
    program.fix(check.model, a, 0.0, 0.0)
    moved = any(_push(check, b, sign) for sign in (1.0, -1.0))
    program.release(check.model, a)
    return moved


def _values(check: _Check, place: int) -> set[int]:
    return {0, *(int(change[place]) for change in check.known)}


def _explore(check: _Check, place: int) -> None:
    """Adds the tables with the smallest and the largest value of a cell."""
    for sign in (1.0, -1.0):
        _push(check, place, sign)


def _push(check: _Check, place: int, sign: float) -> bool:
    """Moves one cell as far as it goes; whether it moved."""
    cost = np.zeros(len(check.columns))
    cost[place] = sign
    change = program.extreme(check.model, cost)
    if change is None:
        return False
    rounded = np.rint(change).astype(np.int64)
    check.known.extend(_between(rounded, check.most))
    return bool(rounded[place] != 0)


def _try(check: _Check, wanted: dict[int, int]) -> bool:
    """Looks for a table with the given changes; keeps it."""
    for place, value in wanted.items():
        program.fix(check.model, place, value, value)
    change = program.extreme(check.model, np.zeros(len(check.columns)))
    for place in wanted:
        program.release(check.model, place)
    if change is None:
        return False
    check.known.extend(_between(np.rint(change).astype(np.int64), check.most))
    return True
