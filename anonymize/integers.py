"""Small components over the whole numbers: linear bounds can leave room that no table of counts fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize import program
from anonymize.attack import View
from anonymize.errors import Text
from anonymize.goals import Goals, take
from anonymize.intervals import Intervals
from anonymize.program import Program
from anonymize.relations import Index
from ytemo_display.progress import tell

LARGEST = 48
"""Components with more unknowns are judged by linear bounds alone."""
TRYING = Text("Thử các số nguyên có thể", "Trying the whole numbers that are possible")

Counts = NDArray[np.int64]
Part = tuple[Index, Counts]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What whole numbers leave of a small component; columns of the view.

    Attributes:
        narrow: (column, how many integers are possible) where that is fewer than needed.
        insider: (column of a person alone, column of the sensitive cell that this person can compute).
        parts: Columns of a component and a change of these in whole numbers: alternative tables that were needed.
    """

    narrow: tuple[tuple[int, int], ...]
    insider: tuple[tuple[int, int], ...]
    parts: tuple[Part, ...]


def doubts(view: View, labels: Index, seen: Intervals) -> Doubt:
    """Checks every small component that holds a sensitive cell."""
    narrow: list[tuple[int, int]] = []
    insider: list[tuple[int, int]] = []
    parts: list[Part] = []
    tables = whole(seen, len(view.cells))
    members = _members(labels, small(view, labels))
    for number, component in enumerate(members):
        tell(TRYING, number, len(members))
        known, own = tables[:, component], take(view.goals, component)
        if settled(known, own.need, own.alone):
            continue
        check = _check(view, component, known)
        narrow += _narrow(check)
        insider += _insiders(check)
        parts += [(component, change) for change in check.known]
    return Doubt(tuple(narrow), tuple(insider), tuple(parts))


def whole(seen: Intervals, cells: int) -> Counts:
    """Every alternative table in whole numbers, one row each, over the cells of the view."""
    extra = []
    for columns, change in seen.parts:
        rounded, inner = np.rint(change).astype(np.int64), columns < cells
        if np.abs(change - rounded).max(initial=0) < 1e-7:
            extra.append((columns[inner], rounded[inner]))
    return np.concatenate([seen.tables[:, :cells], merged(extra, cells)])


def merged(parts: Sequence[tuple[Index, NDArray[Any]]], cells: int) -> NDArray[Any]:
    """Changes of parts of a table put into few whole tables: each into the first where its cells stand still."""
    used = np.zeros(cells, np.int64)
    rows: list[NDArray[Any]] = []
    for touched, moved in parts:
        columns, change = touched[moved != 0], moved[moved != 0]
        row = int(used[columns].max(initial=0))
        used[columns] = row + 1
        while len(rows) <= row:
            rows.append(np.zeros(cells, change.dtype))
        rows[row][columns] = change
    return np.array(rows).reshape(len(rows), cells) if rows else np.zeros((0, cells), np.int64)


def small(view: View, labels: Index) -> NDArray[np.bool_]:
    """Per component whether it has a sensitive cell and few unknowns: cells that a sum shows to be equal are one."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    two = np.flatnonzero(np.diff(view.sums.indptr) == 2)
    ends = view.sums.indptr[two]
    a, b = view.sums.indices[ends], view.sums.indices[ends + 1]
    equal = (view.sums.data[ends] != view.sums.data[ends + 1]) & (view.truth[a] == view.truth[b])
    shape = (len(labels), len(labels))
    graph = coo_matrix((np.ones(int(equal.sum())), (a[equal], b[equal])), shape=shape)
    group = connected_components(graph, directed=False)[1]
    _, first = np.unique(group, return_index=True)
    found = np.bincount(labels[first], minlength=labels.max(initial=-1) + 1) <= LARGEST
    wanted = np.zeros(len(found), bool)
    wanted[labels[view.goals.sensitive]] = True
    return np.asarray(found & wanted)


def _members(labels: Index, wanted: NDArray[np.bool_]) -> list[Index]:
    """The columns of each wanted component, ascending."""
    columns = np.flatnonzero(wanted[labels])
    columns = columns[np.argsort(labels[columns], kind="stable")]
    return [c for c in np.split(columns, np.flatnonzero(np.diff(labels[columns])) + 1) if len(c)]


@numba.njit(cache=True)
def settled(known: Counts, need: Counts, alone: Counts) -> bool:
    """Whether these tables show every sensitive cell wide, and none computable by whoever is alone in another.

    Args:
        known: Changes, tables x cells.
        need: Per cell how many whole numbers must be possible; 0 where it is not sensitive.
        alone: Who is alone in the cell, -1 for nobody.
    """
    values = counted(known, need)
    for b in range(len(need)):
        if values[b] < need[b]:
            return False
        for a in range(len(need)):
            if need[b] == 0 or need[a] == 0 or alone[a] < 0 or alone[a] == alone[b]:
                continue
            free = False
            for t in range(len(known)):
                if known[t, b] != 0 and known[t, a] == 0:
                    free = True
                    break
            if not free:
                return False
    return True


@numba.njit(cache=True)
def counted(known: Counts, need: Counts) -> Counts:
    """Per cell how many whole numbers these tables, and those between them and the truth, show; `need` is enough."""
    found = np.zeros(len(need), np.int64)
    common = np.zeros(len(known), np.int64)
    for t in range(len(known)):
        for x in known[t]:
            common[t] = np.gcd(common[t], x)
    for c in range(len(need)):
        if need[c] == 0:
            continue
        values = {np.int64(0)}
        for t in range(len(known)):
            if known[t, c] == 0:
                continue
            step = known[t, c] // common[t]
            for k in range(1, min(common[t], need[c]) + 1):
                values.add(step * k)
            if len(values) >= need[c]:
                break
        found[c] = len(values)
    return found


@dataclass(frozen=True, slots=True)
class _Check:
    """One component: its integer program, the whole tables found so far (changes), the most integers needed."""

    view: View
    columns: Index
    own: Goals
    model: Program
    known: list[Counts]
    most: int


def _check(view: View, columns: Index, known: Counts) -> _Check:
    own = take(view.goals, columns)
    model = program.build(view, columns, reach=program.NEAR, integer=True)
    most = int(own.need.max())
    steps = [step for change in np.unique(known, axis=0) for step in _between(change, most)]
    return _Check(view, columns, own, model, steps, most)


def _between(change: Counts, most: int) -> list[Counts]:
    """A change divided by its common factor, and its first multiples: all fit, the set of tables being convex."""
    factor = gcd(*change.tolist())
    return [change // factor * k for k in range(1, min(factor, most) + 1)] if factor else []


def _narrow(check: _Check) -> list[tuple[int, int]]:
    found = []
    for place in np.flatnonzero(check.own.sensitive).tolist():
        need = int(check.own.need[place])
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
    columns, alone = check.columns, check.own.alone
    sensitive = np.flatnonzero(check.own.sensitive)
    return [
        (int(columns[a]), int(columns[b]))
        for a in sensitive[alone[sensitive] >= 0].tolist()
        for b in sensitive.tolist()
        if alone[a] != alone[b] and not _moves_without(check, a, b)
    ]


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
