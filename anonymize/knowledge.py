"""Who knows what: those alone in cells, and what two of them know together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from anonymize.attack import Mask, View
from anonymize.errors import PolicyError, Problem, Text
from anonymize.goals import PEOPLE
from anonymize.relations import Index, Relations, relate
from anonymize.table import Table

PAIRS = 20_000
"""Coalitions of two that are tried in one component; where there are more the policy cannot be checked."""


@dataclass(frozen=True, slots=True)
class Group:
    """Somebody, or a coalition: the columns they know, and the sensitive columns they must not learn."""

    known: Index
    wanted: Index


def groups(view: View, labels: Index, table: Table, *, together: int, toward: Index) -> Iterator[Group]:
    """Everybody (or every two) who may know more than one direction of a component that holds sensitive cells.

    Whoever knows one direction only is left out where the search for pairs of cells that move together finds all
    that they can compute.

    Args:
        view: The attacker's view.
        labels: Per column its connected component.
        table: Tells whose the cells of two contributors are.
        together: How many put together what they know.
        toward: Per column the direction in which it moves.
    """
    if together < 1 or not (view.goals.alone >= 0).any():
        return
    who, known = _knowledge(view, table)
    order = np.lexsort((known, who, labels[known]))
    who, known = who[order], known[order]
    keep = np.full(len(who), True) if together > 1 else ~_plain(view, who, known, labels[known], toward)
    who, known = who[keep], known[keep]
    sensitive = np.flatnonzero(view.goals.sensitive)
    wanted = dict(_parts(labels[sensitive], sensitive))
    shared = _of_two(view, table) if together > 1 else {}
    for component, entries in _parts(labels[known], np.arange(len(known))):
        if component not in wanted:
            continue
        owned = dict(_parts(who[entries], known[entries]))
        for own in owned.values():
            yield Group(own, np.setdiff1d(wanted[component], own))
        if together > 1:
            yield from _twos(owned, shared, (labels, component, wanted[component]))


def _plain(view: View, who: Index, known: Index, component: Index, toward: Index) -> Mask:
    """Entries (sorted by component and person) of those whose cells all move together, one of them sensitive."""
    new = np.append(True, (np.diff(component) != 0) | (np.diff(who) != 0))
    group = np.cumsum(new) - 1
    first = known[new][group]
    apart = toward[known] != toward[first]
    own = view.goals.sensitive[known] & (view.goals.alone[known] == who)
    return np.asarray(((np.bincount(group, apart) == 0) & (np.bincount(group, own) > 0))[group])


def _knowledge(view: View, table: Table) -> tuple[Index, Index]:
    """Pairs of somebody and a column they know: where they are alone, and the empty cells within such a cell."""
    column = np.full(len(table.values), -1, np.int64)
    column[view.cells] = np.arange(len(view.cells))
    alone = view.goals.alone
    own = np.flatnonzero(alone >= 0)
    who = alone[own]
    if table.contributions is not None:
        # A contributor knows their cells also where one person is alone in it.
        sole = table.contributions.sole[view.cells]
        more = np.flatnonzero((sole >= 0) & (alone != sole))
        own, who = np.append(own, more), np.append(who, sole[more])
    rows = view.cells[own]
    empty = (column >= 0) & (table.values == 0)
    if not empty.any():
        return who, own
    relations, width = relate(table), len(table.measures)
    parent = relations.members[relations.start[:-1]]
    order = np.argsort(parent, kind="stable")
    first = np.searchsorted(parent[order], np.arange(relations.cells + 1))
    # Cells are within one cell of somebody: what is learnt from two of them together is not theirs by itself.
    inside = np.arange(len(own))
    found = [np.stack([inside, rows])]
    while len(rows):
        # One step down: the parts of these cells that are empty and hidden.
        cells = rows // width
        entry, of = _spread(first, cells)
        relation = order[of]
        again, member = _spread(relations.start, relation)
        below = member != relations.start[relation][again]
        again, member = again[below], member[below]
        parts = relations.members[member] * width + (rows % width)[entry][again]
        pairs = np.unique(np.stack([inside[entry][again], parts])[:, empty[parts]], axis=1)
        inside, rows = pairs
        found.append(np.stack([inside, rows]))
    # Another grouping sums the same empty cells up: its totals are empty cells within, too.
    found += _summed(relations, width, np.concatenate(found[1:], axis=1), empty)
    inside, rows = np.concatenate(found, axis=1)
    pairs = np.unique(np.stack([who[inside], column[rows]]), axis=1)
    return pairs[0], pairs[1]


def _summed(relations: Relations, width: int, known: Index, empty: Mask) -> list[Index]:
    """Per round pairs of a cell and a further row: empty totals whose parts are within the cell, every one."""
    sizes = np.diff(relations.start)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    part = np.ones(len(relations.members), bool)
    part[relations.start[:-1]] = False
    entries = np.flatnonzero(part)
    entries = entries[np.argsort(relations.members[entries], kind="stable")]
    first = np.searchsorted(relations.members[entries], np.arange(relations.cells + 1))
    found: list[Index] = []
    while True:
        cells, measure = np.divmod(known[1], width)
        pair, of = _spread(first, cells)
        sums = np.stack([known[0][pair], owner[entries[of]], measure[pair]])
        sums, parts = np.unique(sums, axis=1, return_counts=True)
        who, relation, measure = sums[:, parts == sizes[sums[1]] - 1]
        rows = relations.members[relations.start[relation]] * width + measure
        new = np.stack([who, rows])[:, empty[rows]]
        both = np.unique(np.concatenate([known, new], axis=1), axis=1)
        if both.shape[1] == known.shape[1]:
            return found
        known = both
        found.append(new)


def _spread(start: Index, items: Index) -> tuple[Index, Index]:
    """For items of a list of lists (list i is start[i] : start[i + 1]): per entry its item's place, and the entry."""
    sizes = start[items + 1] - start[items]
    place = np.repeat(np.arange(len(items)), sizes)
    return place, np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes) + start[items][place]


def _twos(
    owned: dict[int, Index], shared: dict[tuple[int, ...], Index], place: tuple[Index, int, Index]
) -> Iterator[Group]:
    labels, component, wanted = place
    if len(owned) * (len(owned) - 1) // 2 > PAIRS:
        raise PolicyError([TOO_MANY])
    for a, b in combinations(sorted(owned), 2):
        both = np.concatenate([shared.get((a, b), wanted[:0]), shared.get((a + b,), wanted[:0])])
        own = np.concatenate([owned[a], owned[b], both[labels[both] == component]])
        yield Group(np.unique(own), np.setdiff1d(wanted, own))


def _of_two(view: View, table: Table) -> dict[tuple[int, ...], Index]:
    """The columns of cells that hold two people or contributors, by these two.

    Of counts only the sum of the two is kept; other two may have the same sum, which errs on the safe side.
    """
    given = table.contributions
    if given is None:
        two = np.flatnonzero((view.truth == 2) & (not table.magnitude))
        return {(key,): cells for key, cells in _parts(table.persons[view.cells[two]] + 2 * PEOPLE, two)}
    two = np.flatnonzero(given.count[view.cells] == 2)
    found: dict[tuple[int, ...], list[int]] = {}
    for column, pair in zip(
        two.tolist(), np.sort(given.who[view.cells[two], :2], axis=1).tolist(), strict=True
    ):
        found.setdefault(tuple(pair), []).append(column)
    return {pair: np.array(cells, np.int64) for pair, cells in found.items()}


def _parts(keys: Index, items: Index) -> Iterator[tuple[int, Index]]:
    """The items by key."""
    order = np.argsort(keys, kind="stable")
    ends = np.flatnonzero(np.diff(keys[order])) + 1
    for part in np.split(order, ends) if len(order) else []:
        yield int(keys[part[0]]), items[part]


TOO_MANY = Problem(
    "protection.insiders",
    Text(
        "quá nhiều đơn vị đứng một mình trong ô để thử mọi cặp.",
        "too many contributors are alone in a cell to try every two of them.",
    ),
    Text("Đặt insiders: 1 hoặc gộp mã.", "Declare insiders: 1 or merge codes."),
)
