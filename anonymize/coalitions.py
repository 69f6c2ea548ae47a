"""What contributors can compute who are alone in several hidden cells, and what two of them can compute together.

Somebody alone in a cell knows it, and that the cells within it are theirs or empty. One known cell gives away the cells
that always move with it (`exact`); several known cells give away every cell whose changes are a combination of theirs
("virtual sums"; Langsrud 2024 treats singletons so in GaussSuppression). Random changes that nobody can rule out are as
good as all of them: with more random changes than known cells, a cell within their span is one that follows from them.
All of this is exact, in a finite field. In small components bounds and whole numbers are looked at as well.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from anonymize import integers, program
from anonymize.attack import View
from anonymize.field import inverse, mul, sub
from anonymize.intervals import components
from anonymize.knowledge import Group, groups
from anonymize.nullspace import Basis, bearing, directions, members
from anonymize.program import Program, Vector
from anonymize.relations import Index
from anonymize.table import Table

MOST = 24
"""Contributors who know more cells than this are judged with random changes of their own."""
SPARE = 1
"""Random changes beyond the known cells: a cell lies in their span by chance once in 10^18 times."""


def betrayed(view: View, moves: Basis, table: Table, *, together: int, seed: int) -> Index:
    """The sensitive columns that somebody alone in cells can compute exactly.

    Args:
        view: The attacker's view.
        moves: The changes that no published sum sees.
        table: Tells whose the cells of two contributors are.
        together: How many contributors put together what they know: 0, 1 or 2.
        seed: For the random changes.

    Raises:
        PolicyError: A component has too many contributors to try all pairs.
    """
    if together < 1 or not (view.goals.alone >= 0).any():
        return np.zeros(0, np.int64)
    labels = components(view)
    one, two = (
        member[: len(view.cells)] for member in directions(moves, len(view.cells) + len(view.part), seed)
    )
    found = list(groups(view, labels, table, together=together, toward=bearing(one, two)))
    if not found:
        return np.zeros(0, np.int64)
    few = [g for g in found if len(g.known) <= MOST]
    most = max((len(g.known) for g in few), default=0)
    drawn = members(moves, len(view.cells) + len(view.part), most + SPARE, seed=seed)
    learnt = [spanned(drawn[: len(g.known) + SPARE], g) for g in few]
    for group in found:
        if len(group.known) > MOST:
            size = len(group.known) + SPARE
            learnt.append(spanned(members(moves, len(view.cells) + len(view.part), size, seed=seed), group))
    return np.union1d(np.concatenate([*learnt, np.zeros(0, np.int64)]), cornered(view, labels, found, seed))


def spanned(drawn: Index, group: Group) -> Index:
    """The wanted columns whose changes are combinations of those of the known ones.

    Args:
        drawn: Changes that nobody can rule out, modulo P, one per row; too few of them only err on the safe side.
        group: What is known, and what must not be learnt.
    """
    known, wanted = drawn[:, group.known].T.copy(), drawn[:, group.wanted].T.copy()
    return np.asarray(group.wanted[within(known, wanted)])


def learnt(view: View, labels: Index, table: Table, together: int, drawn: Index) -> Index:
    """The sensitive columns that these changes do not show to be safe from those alone in cells.

    Args:
        view: The attacker's view.
        labels: Per column its connected component.
        table: Tells whose the cells of two contributors are.
        together: How many contributors put together what they know.
        drawn: Changes that nobody can rule out, modulo P, one per row, at least two.
    """
    toward = bearing(drawn[0], drawn[1])
    found = [spanned(drawn, group) for group in groups(view, labels, table, together=together, toward=toward)]
    return np.unique(np.concatenate([*found, np.zeros(0, np.int64)])).astype(np.int64)


def enough(view: View, labels: Index, table: Table, together: int) -> int:
    """How many random changes show what is safe from everybody who knows at most MOST cells."""
    apart = np.arange(len(view.cells))
    known = [len(group.known) for group in groups(view, labels, table, together=together, toward=apart)]
    return min(max(known, default=1), MOST) + SPARE


@numba.njit(cache=True)
def within(known: Index, wanted: Index) -> NDArray[np.bool_]:
    """Which rows of `wanted` are combinations of the rows of `known`, modulo P; both are destroyed.

    Gaussian elimination; every pivot of the known rows is taken out of the wanted ones.
    """
    rank = 0
    for column in range(known.shape[1]):
        row = rank
        while row < len(known) and known[row, column] == 0:
            row += 1
        if row == len(known):
            continue
        for k in range(known.shape[1]):
            known[rank, k], known[row, k] = known[row, k], known[rank, k]
        scale = inverse(known[rank, column])
        _clear(known[rank + 1 :], known[rank], column, scale)
        _clear(wanted, known[rank], column, scale)
        rank += 1
    found = np.ones(len(wanted), np.bool_)
    for i in range(len(wanted)):
        for k in range(wanted.shape[1]):
            if wanted[i, k] != 0:
                found[i] = False
    return found


@numba.njit(cache=True)
def _clear(rows: Index, pivot: Index, column: int, scale: int) -> None:
    for i in range(len(rows)):
        factor = mul(rows[i, column], scale)
        if factor != 0:
            for k in range(column, rows.shape[1]):
                rows[i, k] = sub(rows[i, k], mul(factor, pivot[k]))


def cornered(view: View, labels: Index, groups: list[Group], seed: int) -> Index:
    """In small components the wanted columns that bounds and whole numbers leave one value, the known ones given.

    Args:
        view: The attacker's view.
        labels: Per column its connected component.
        groups: Who knows what.
        seed: For random objectives.
    """
    found: set[int] = set()
    sizes = np.bincount(labels)
    small = [g for g in groups if sizes[labels[g.known[0]]] <= integers.LARGEST]
    for component in sorted({int(labels[g.known[0]]) for g in small}):
        columns = np.flatnonzero(labels == component)
        model = program.build(view, columns, reach=program.NEAR, integer=True)
        for group in small:
            if labels[group.known[0]] == component:
                found |= _held(model, group, seed)
    return np.array(sorted(found), np.int64)


def _held(model: Program, group: Group, seed: int) -> set[int]:
    """The wanted columns that no whole table moves while the known ones keep their values."""
    known = np.searchsorted(model.columns, group.known)
    for place in known.tolist():
        program.fix(model, place, 0.0, 0.0)
    left = set(np.searchsorted(model.columns, group.wanted).tolist())
    rng = np.random.default_rng(seed)
    for _ in range(SPARE):
        # All at once first: one table that moves a cell is enough for it.
        cost = np.zeros(len(model.columns))
        cost[sorted(left)] = rng.uniform(1, 2, len(left)) * rng.choice([-1.0, 1.0], len(left))
        left -= _moved(model, cost)
    for place in sorted(left):
        for sign in (1.0, -1.0):
            cost = np.zeros(len(model.columns))
            cost[place] = sign
            left -= _moved(model, cost)
    for place in known.tolist():
        program.release(model, place)
    return {int(model.columns[place]) for place in left}


def _moved(model: Program, cost: Vector) -> set[int]:
    change = program.extreme(model, cost)
    return set() if change is None else set(np.flatnonzero(np.rint(change)).tolist())
