"""What somebody who is alone in several cells of several releases can compute of others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from anonymize.attack import View
from anonymize.coalitions import MOST, SPARE, cornered, spanned
from anonymize.errors import PolicyError
from anonymize.knowledge import PAIRS, TOO_MANY, Group
from anonymize.linked.persons import Known
from anonymize.nullspace import Basis, bearing, directions, members
from anonymize.relations import Index


def betrayed(view: View, labels: Index, moves: Basis, known: Known, *, together: int, seed: int) -> Index:
    """The sensitive columns that people, alone in cells, can compute exactly.

    Whoever knows one cell, or several that move together, is found without this, but for cells within others
    (`Known.within`).

    Args:
        view: The attacker's view.
        labels: Per column its connected component.
        moves: The changes that no published sum sees.
        known: Who knows which columns.
        together: How many put together what they know: 0, 1 or 2.
        seed: For the random changes.

    Raises:
        PolicyError: A component has too many people to try every two of them.
    """
    cells = len(view.cells) + len(view.part)
    one, two = (member[: len(view.cells)] for member in directions(moves, cells, seed))
    found = list(_groups(view, labels, known, (bearing(one, two), together)))
    if not found:
        return np.zeros(0, np.int64)
    most = max(min(len(group.known), MOST) for group in found)
    drawn = members(moves, cells, most + SPARE, seed=seed)
    learnt = [cornered(view, labels, found, seed)]
    for group in found:
        size = len(group.known) + SPARE
        more = drawn[:size] if size <= len(drawn) else members(moves, cells, size, seed=seed)
        learnt.append(spanned(more, group))
    return np.unique(np.concatenate(learnt))


def _groups(view: View, labels: Index, known: Known, how: tuple[Index, int]) -> Iterator[Group]:
    """Everybody, and every two where they put things together, with what they must not learn in a component."""
    toward, together = how
    order = np.lexsort((known.column, known.who, labels[known.column]))
    who, own = known.who[order], known.column[order]
    if together < 1 or not len(own):
        return
    sensitive = np.flatnonzero(view.goals.sensitive)
    for inside in np.split(np.arange(len(own)), np.flatnonzero(np.diff(labels[own])) + 1):
        wanted = sensitive[labels[sensitive] == labels[own[inside[0]]]]
        persons = np.split(own[inside], np.flatnonzero(np.diff(who[inside])) + 1)
        if together > 1 and len(persons) * (len(persons) - 1) // 2 > PAIRS:
            raise PolicyError([TOO_MANY])
        # Whoever knows one direction only is found among the cells that move together.
        told = known.within[wanted].any()
        groups = [one for one in persons if told or not _plain(view, one, toward)]
        groups += [np.concatenate(two) for two in combinations(persons, 2)] if together > 1 else []
        for group in groups:
            left = np.setdiff1d(wanted, group)
            if len(left):
                yield Group(np.unique(group), left)


def _plain(view: View, own: Index, toward: Index) -> bool:
    """Whether all that somebody knows moves together, with a sensitive cell that they are alone in among it."""
    alone = view.goals.sensitive[own] & (view.goals.alone[own] >= 0)
    return bool(alone.any() and len(np.unique(toward[own])) == 1)
