"""Which cells a leaf cell is counted in, over every dimension."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anonymize.hierarchy import Hierarchy
from anonymize.table import Table

Index = NDArray[np.int64]


def leaf_cells(table: Table) -> NDArray[np.bool_]:
    """Per row of `table.cells`: whether its codes are all leaves."""
    mask = np.ones(1, bool)
    for hierarchy in table.dimensions.values():
        leaves = set(hierarchy.leaves)
        mask = np.logical_and.outer(mask, [code in leaves for code in hierarchy.codes]).ravel()
    return np.repeat(mask, len(table.measures))


def containing(hierarchies: list[Hierarchy], cells: Index) -> tuple[Index, Index]:
    """The cells that hold these cells, themselves included.

    Args:
        hierarchies: The dimensions.
        cells: Cells of one measure, numbered row by row.

    Returns:
        (start, holders): those of `cells[i]` are `holders[start[i] : start[i + 1]]`.
    """
    shape = [len(h.codes) for h in hierarchies]
    places = np.unravel_index(cells, shape)
    found, real = np.zeros((len(cells), 1), np.int64), np.ones((len(cells), 1), bool)
    for axis, hierarchy in enumerate(hierarchies):
        above = _above(hierarchy)[places[axis]]
        step = int(np.prod(shape[axis + 1 :]))
        size = (len(cells), found.shape[1] * above.shape[1])
        found = (found[:, :, None] + np.maximum(above, 0)[:, None, :] * step).reshape(size)
        real = (real[:, :, None] & (above >= 0)[:, None, :]).reshape(size)
    start = np.concatenate([[0], np.cumsum(real.sum(axis=1))]).astype(np.int64)
    return start, found[real]


def _above(hierarchy: Hierarchy) -> Index:
    """Per code the positions of the codes that hold it, itself first, filled up with -1."""
    parents: dict[str, list[str]] = {}
    for parent, children in hierarchy.relations:
        for child in children:
            parents.setdefault(child, []).append(parent)
    position = {code: i for i, code in enumerate(hierarchy.codes)}
    lists = [[position[code] for code in _closure(code, parents)] for code in hierarchy.codes]
    width = max(map(len, lists))
    return np.array([found + [-1] * (width - len(found)) for found in lists], np.int64)


def _closure(code: str, parents: dict[str, list[str]]) -> list[str]:
    found, waiting = [code], [code]
    while waiting:
        for parent in parents.get(waiting.pop(), []):
            if parent not in found:
                found.append(parent)
                waiting.append(parent)
    return found
