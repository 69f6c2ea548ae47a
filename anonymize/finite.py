"""Confirmation in a finite field, one connected component at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anonymize.relations import Index

if TYPE_CHECKING:
    from anonymize.attack import View
    from anonymize.exact import Exposure

PRIME = (1 << 61) - 1
LARGEST = 4_000
"""Components with more unknown cells are not decided here: what was flagged in them stays flagged."""

Row = dict[int, int]


def settle(view: View, labels: Index, still: Index, pairs: Index) -> Exposure:
    """Keeps of the flagged cells and pairs those that hold exactly, or that could not be decided."""
    from anonymize.exact import Exposure

    exact, insider = [], []
    suspects = np.unique(labels[np.concatenate([still, pairs.ravel()])])
    for label in suspects:
        columns = np.flatnonzero(labels == label)
        cells = still[labels[still] == label]
        two = pairs[labels[pairs[:, 0]] == label]
        # Cells of different components never move together.
        two = two[labels[two[:, 1]] == label]
        if len(columns) > LARGEST:
            exact += cells.tolist()
            insider += two.tolist()
            continue
        reduced = reduce(view, columns)
        exact += [c for c in cells.tolist() if determined(reduced, c)]
        insider += [p for p in two.tolist() if tied(reduced, *p)]
    return Exposure(np.array(exact, np.int64), np.array(insider, np.int64).reshape(-1, 2))


def reduce(view: View, columns: Index) -> dict[int, Row]:
    """Reduced row echelon form of the sums over these columns: pivot column -> the rest of its row."""
    rows = view.sums[np.unique(view.sums[:, columns].nonzero()[0])]
    echelon: dict[int, Row] = {}
    holders: dict[int, set[int]] = {}
    for i in np.argsort(np.diff(rows.indptr), kind="stable"):
        part = slice(rows.indptr[i], rows.indptr[i + 1])
        row = {int(c): int(x) % PRIME for c, x in zip(rows.indices[part], rows.data[part], strict=True)}
        _insert(echelon, holders, row)
    return echelon


def _insert(echelon: dict[int, Row], holders: dict[int, set[int]], row: Row) -> None:
    """Adds one equation; `holders` lists for every free column the pivots whose rows mention it."""
    for pivot in [c for c in row if c in echelon]:
        _add(row, echelon[pivot], -row.pop(pivot))
    if not row:
        return
    pivot = min(row, key=lambda c: (len(holders.get(c, ())), c))
    inverse = pow(row.pop(pivot), -1, PRIME)
    row = {c: x * inverse % PRIME for c, x in row.items()}
    for other in holders.pop(pivot, set()):
        held = echelon[other]
        before = set(held)
        _add(held, row, -held.pop(pivot))
        for c in before - set(held) - {pivot}:
            holders[c].discard(other)
        for c in set(held) - before:
            holders.setdefault(c, set()).add(other)
    echelon[pivot] = row
    for c in row:
        holders.setdefault(c, set()).add(pivot)


def _add(row: Row, other: Row, factor: int) -> None:
    """Row += factor * other."""
    for c, x in other.items():
        total = (row.get(c, 0) + factor * x) % PRIME
        if total:
            row[c] = total
        else:
            row.pop(c, None)


def movement(echelon: dict[int, Row], column: int) -> Row:
    """How the cell moves with the free cells."""
    return echelon.get(column, {column: 1}) if column in echelon else {column: PRIME - 1}


def determined(echelon: dict[int, Row], column: int) -> bool:
    """Whether the published sums fix this cell."""
    return not movement(echelon, column)


def tied(echelon: dict[int, Row], a: int, b: int) -> bool:
    """Whether two cells always move in one proportion."""
    one, two = movement(echelon, a), movement(echelon, b)
    if not one or set(one) != set(two):
        return False
    first = next(iter(one))
    return all(one[c] * two[first] % PRIME == two[c] * one[first] % PRIME for c in one)
