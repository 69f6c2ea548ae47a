"""Exact disclosure: cells an attacker can compute, alone or knowing their own cell.

The changes nobody can rule out are the null space of the published sums. In random members of it, a cell that never
moves can be computed, and cells that always move together, in one proportion, give each other away. All arithmetic
is exact, in a finite field, so nothing is lost to rounding; two random members tell with certainty 1 - 2^-60 per pair.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.attack import View
from anonymize.goals import Goals
from anonymize.nullspace import Basis, bearing, directions
from anonymize.relations import Index


@dataclass(frozen=True, slots=True)
class Exposure:
    """What can be computed; columns of the view.

    Attributes:
        exact: Sensitive cells that anybody can compute.
        insider: Two columns: whoever is alone in the first cell can compute the second, which is sensitive; one such
            person is given for each second cell.
    """

    exact: Index
    insider: Index


def expose(view: View, moves: Basis, *, seed: int) -> Exposure:
    """Everything that follows from the sums alone.

    Args:
        view: The attacker's view.
        moves: The basis of `system(view)`.
        seed: For the random members of the null space.
    """
    cells = len(view.cells)
    one, two = (member[:cells] for member in directions(moves, cells + len(view.part), seed))
    still, sensitive = (one == 0) & (two == 0), view.goals.sensitive
    pairs = betrayed(view.goals, np.flatnonzero(sensitive & ~still), one, two)
    return Exposure(np.flatnonzero(sensitive & still), pairs)


def betrayed(goals: Goals, cells: Index, one: Index, two: Index) -> Index:
    """Pairs (cell of somebody alone, cell that this gives away) among cells that move in two members of the null space.

    Args:
        goals: Who is alone in which cell.
        cells: The cells to look at; none of them stands still in both members.
        one: How every cell moves in one member, modulo P.
        two: How it moves in the other.
    """
    alone = goals.alone[cells]
    _, group = np.unique(bearing(one[cells], two[cells]), return_inverse=True)
    groups = int(group.max(initial=-1)) + 1
    # Of each group the first and the last person alone in a cell: whoever is not the one is betrayed to the other.
    persons = np.flatnonzero(alone >= 0)
    persons = persons[np.lexsort((persons, alone[persons], group[persons]))]
    first, last = np.full(groups, -1, np.int64), np.full(groups, -1, np.int64)
    last[group[persons]] = persons
    first[group[persons][::-1]] = persons[::-1]
    found = [_others(cells, alone, person[group]) for person in (first, last)]
    pairs = np.concatenate(found)
    _, once = np.unique(pairs[:, 1], return_index=True)
    return pairs[once]


def _others(cells: Index, alone: Index, person: NDArray[np.int64]) -> Index:
    """(cell of the person, cell) where the cell is not this person's."""
    other = np.flatnonzero((person >= 0) & (alone[person] != alone))
    return np.stack([cells[person[other]], cells[other]], axis=1)
