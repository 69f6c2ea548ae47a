"""The sums between cells, over every dimension, as one sparse system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.hierarchy import Hierarchy
from anonymize.margins import heights, upward

Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Relations:
    """Relation r says: cell `members[start[r]]` = sum of the cells `members[start[r]+1 : start[r+1]]`.

    A first member of -1 stands for a number known to everybody (a total published earlier).
    Cells are numbered as the product of the codes of all dimensions, row by row, for one measure.

    Attributes:
        cells: Number of cells.
        start: Int64, one more than there are relations.
        members: Int64, the members of all relations, one relation after the other.
        leaves: Int64 per cell: how many leaf cells it holds.
        rank: Int64 per cell: 0 for leaf cells; larger than that of every cell it is a sum of.
    """

    cells: int
    start: Index
    members: Index
    leaves: Index
    rank: Index


def build(hierarchies: Sequence[Hierarchy]) -> Relations:
    """The relations of the product of these hierarchies."""
    shape = tuple(len(h.codes) for h in hierarchies)
    grid = np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
    members: list[Index] = []
    lengths: list[Index] = []
    for axis, hierarchy in enumerate(hierarchies):
        view = np.moveaxis(grid, axis, 0).reshape(shape[axis], -1)
        for parent, children in upward(hierarchy):
            block = view[[parent, *children]].T
            members.append(block.ravel())
            lengths.append(np.full(len(block), block.shape[1], np.int64))
    flat = np.concatenate([*members, np.zeros(0, np.int64)])
    start = np.concatenate([[0], np.cumsum(np.concatenate([*lengths, np.zeros(0, np.int64)]))])
    return Relations(grid.size, start.astype(np.int64), flat, *_sizes(hierarchies))


def _sizes(hierarchies: Sequence[Hierarchy]) -> tuple[Index, Index]:
    leaves = np.ones(1, np.int64)
    rank = np.zeros(1, np.int64)
    for hierarchy in hierarchies:
        count = np.ones(len(hierarchy.codes), np.int64)
        for parent, children in upward(hierarchy):
            count[parent] = count[children].sum()
        height = heights(hierarchy)
        level = np.array([height[code] for code in hierarchy.codes], np.int64)
        leaves = np.multiply.outer(leaves, count).ravel()
        rank = np.add.outer(rank, level).ravel()
    return leaves, rank


def totals(relations: Relations, amounts: NDArray[np.int64] | NDArray[np.bool_]) -> Index:
    """Per relation the sum of `amounts` over its members, the known number (-1) counting 0."""
    padded = np.append(amounts.astype(np.int64), 0)
    if len(relations.start) == 1:
        return np.zeros(0, np.int64)
    return np.add.reduceat(padded[relations.members], relations.start[:-1])


def owners(relations: Relations) -> Index:
    """For each entry of `members` the relation it belongs to."""
    return np.repeat(np.arange(len(relations.start) - 1), np.diff(relations.start))


def with_sums(relations: Relations, sums: Sequence[Index]) -> Relations:
    """The same system with further sets of cells whose sum everybody knows."""
    if not sums:
        return relations
    members = np.concatenate([relations.members, *(np.append(-1, s) for s in sums)])
    ends = relations.start[-1] + np.cumsum([len(s) + 1 for s in sums])
    start = np.concatenate([relations.start, ends])
    return Relations(relations.cells, start, members, relations.leaves, relations.rank)
