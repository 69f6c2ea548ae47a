"""What somebody who is alone in several cells of several releases can compute of others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from anonymize.attack import View
from anonymize.coalitions import MOST, SPARE, spanned
from anonymize.knowledge import Group
from anonymize.nullspace import Basis, bearing, directions, members
from anonymize.relations import Index


def betrayed(view: View, labels: Index, moves: Basis, *, seed: int) -> Index:
    """The sensitive columns that one person, alone in several cells, can compute exactly; by sums.

    Whoever knows one cell, or several that move together, is found without this.

    Args:
        view: The attacker's view.
        labels: Per column its connected component.
        moves: The changes that no published sum sees.
        seed: For the random changes.
    """
    cells = len(view.cells) + len(view.part)
    one, two = (member[: len(view.cells)] for member in directions(moves, cells, seed))
    found = list(_groups(view, labels, bearing(one, two)))
    if not found:
        return np.zeros(0, np.int64)
    most = max(min(len(group.known), MOST) for group in found)
    drawn = members(moves, cells, most + SPARE, seed=seed)
    learnt = []
    for group in found:
        size = len(group.known) + SPARE
        more = drawn[:size] if size <= len(drawn) else members(moves, cells, size, seed=seed)
        learnt.append(spanned(more, group))
    return np.unique(np.concatenate(learnt))


def _groups(view: View, labels: Index, toward: Index) -> Iterator[Group]:
    """Everybody who knows more than one direction of a component with sensitive cells of others."""
    own = np.flatnonzero(view.goals.alone >= 0)
    own = own[np.lexsort((own, view.goals.alone[own], labels[own]))]
    ends = np.flatnonzero((np.diff(labels[own]) != 0) | (np.diff(view.goals.alone[own]) != 0)) + 1
    sensitive = np.flatnonzero(view.goals.sensitive)
    for known in np.split(own, ends):
        if len(known) > 1 and len(np.unique(toward[known])) > 1:
            wanted = sensitive[labels[sensitive] == labels[known[0]]]
            wanted = np.setdiff1d(wanted, known)
            if len(wanted):
                yield Group(known, wanted)
