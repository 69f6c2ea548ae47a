"""What somebody knows who is alone in cells: these, and every cell within one of them, theirs or empty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.linked.joint import Joint, Reading, entries
from anonymize.linked.pool import spread
from anonymize.relations import Index

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Known:
    """Pairs of somebody and an unknown that they know.

    Attributes:
        who: Int64: a number per person, as in `Goals.alone`; ascending.
        column: Int64: the place of the unknown among those that were looked at.
        within: Per such place whether it is known to somebody who is not the one alone in it.
    """

    who: Index
    column: Index
    within: Mask


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums of one person or nobody, part by part.

    Attributes:
        total: Per sum its total.
        size: Per sum how many parts it has.
        owner: Per part its sum.
        part: Per part the unknown.
    """

    total: Index
    size: Index
    owner: Index
    part: Index


def known(of: Joint, read: Reading, where: tuple[Index, Index]) -> Known:
    """What everybody who is alone in a cell knows of these unknowns by their own record.

    Nobody else is in any cell within a cell that they are alone in. What follows from two such cells together, or
    from what is published beside them, is learnt and not theirs.

    Args:
        of: The system.
        read: What readers know, and who is alone where.
        where: The unknowns (ascending) and equations that are looked at: whole components.
    """
    columns, alone = where[0], read.goals.alone
    cell, inner = _within(of, read, where)
    own = columns[alone[columns] >= 0]
    who, what = np.append(alone[own], alone[cell]), np.append(own, inner)
    hidden = ~read.known[what]
    who, column = np.unique(np.stack([who[hidden], np.searchsorted(columns, what[hidden])]), axis=1)
    within = np.zeros(len(columns), bool)
    within[column[alone[columns[column]] != who]] = True
    return Known(who, column, within)


def _within(of: Joint, read: Reading, where: tuple[Index, Index]) -> tuple[Index, Index]:
    """Pairs of a cell that somebody is alone in and an unknown within it, of those cells where that tells more."""
    columns, rows = where
    truth, alone = np.concatenate([of.given.truth, of.found.rest]), read.goals.alone
    sums, size = _sums(of, rows, truth), len(truth)
    above = np.zeros(size, bool)
    above[columns[(truth[columns] <= 1) & (alone[columns] < 0)]] = True
    found = np.flatnonzero(_over(sums, above) & (alone >= 0))
    pairs = found * size + found
    down, up = _by(sums.total[sums.owner], size), _by(sums.part, size)
    while True:
        cell, unknown = np.divmod(pairs, size)
        at, entry = spread(down[0], unknown)
        parts = cell[at] * size + sums.part[down[1][entry]]
        at, entry = spread(up[0], unknown)
        # A sum of cells within the cell is within it, too: another grouping adds the same cells up.
        inside, often = np.unique(cell[at] * len(sums.total) + sums.owner[up[1][entry]], return_counts=True)
        cell, own = np.divmod(inside, max(len(sums.total), 1))
        whole = often == sums.size[own]
        more = np.unique(np.concatenate([pairs, parts, cell[whole] * size + sums.total[own[whole]]]))
        if len(more) == len(pairs):
            return np.divmod(pairs, size)
        pairs = more


def _sums(of: Joint, rows: Index, truth: Index) -> _Sums:
    rows = rows[of.found.start[rows + 1] > of.found.start[rows]]
    total = of.found.members[of.found.start[rows]]
    few = truth[total] <= 1
    owner, entry, first = entries(of.found, rows[few])
    part = ~first
    size = np.bincount(owner[part], minlength=int(few.sum()))
    return _Sums(total[few], size, owner[part], of.found.members[entry[part]])


def _over(sums: _Sums, cells: Mask) -> Mask:
    """These unknowns and the totals above them."""
    total = sums.total[sums.owner]
    while True:
        more = cells.copy()
        more[total[cells[sums.part]]] = True
        if (more == cells).all():
            return cells
        cells = more


def _by(keys: Index, size: int) -> tuple[Index, Index]:
    """Where in the order of these keys the entries of each start, and that order."""
    order = np.argsort(keys, kind="stable")
    return np.searchsorted(keys[order], np.arange(size + 1)), order
