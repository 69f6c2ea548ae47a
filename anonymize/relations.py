"""The sums between cells, over every dimension, as one sparse system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anonymize.grid import Axes, Grid, lay
from anonymize.hierarchy import Hierarchy
from anonymize.margins import bottom, heights, upward
from anonymize.table import Table

Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Relations:
    """Relation r says: cell `members[start[r]]` = sum of the cells `members[start[r]+1 : start[r+1]]`.

    A first member of -1 stands for a number known to everybody (a total published earlier). A cell may be the total of
    several relations. Cells are numbered as in `Grid`, for one measure.

    Attributes:
        cells: Number of cells.
        start: Int64, one more than there are relations.
        members: Int64, the members of all relations, one relation after the other.
        leaves: Int64 per cell: how many leaf cells it holds.
        rank: Int64 per cell: 0 for leaf cells; larger than that of every cell it is a sum of.
        links: Int64: relations that do not follow from those of one sub-table: where linked tables meet. All others
            hold of themselves when every total is computed by any one of its relations.
    """

    cells: int
    start: Index
    members: Index
    leaves: Index
    rank: Index
    links: Index


def relate(table: Table) -> Relations:
    """The relations between the cells of a table."""
    return build(list(table.dimensions.values()), table.grid)


def build(hierarchies: Sequence[Hierarchy], grid: Grid | None = None) -> Relations:
    """The relations between cells of these hierarchies.

    Between margins of one table of counts no sums hold but those of its sub-tables, so that relations with a cell that
    the table does not hold are left out without loss.

    Args:
        hierarchies: The dimensions.
        grid: The cells; the whole product by default.
    """
    grid = lay(hierarchies) if grid is None else grid
    blocks: list[Index] = []
    meeting: list[NDArray[np.bool_]] = []
    for number, (axes, cells) in enumerate(grid.blocks):
        for axis, d in enumerate(axes):
            view = np.moveaxis(cells, axis, 0).reshape(cells.shape[axis], -1)
            for parent, children in upward(hierarchies[d]):
                block = view[[parent, *children]].T
                block = block[~_repeated(grid, block[:, 1], (number, d))]
                blocks.append(block)
                meeting.append(_meets(hierarchies, grid, block[:, 0], (axes, d)))
    lengths = [np.full(len(block), block.shape[1], np.int64) for block in blocks]
    start = np.concatenate([[0], np.cumsum(np.concatenate([*lengths, np.zeros(0, np.int64)]))])
    flat = np.concatenate([*(block.ravel() for block in blocks), np.zeros(0, np.int64)])
    links = np.flatnonzero(np.concatenate([*meeting, np.zeros(0, bool)]))
    return Relations(len(grid.places), start.astype(np.int64), flat, *_sizes(hierarchies, grid.places), links)


def _repeated(grid: Grid, cells: Index, place: tuple[int, int]) -> NDArray[np.bool_]:
    """Whether relations along a dimension, told by their first parts, stand in an earlier sub-table already."""
    number, along = place
    found = np.zeros(len(cells), bool)
    for axes, _ in grid.blocks[:number]:
        if along in axes:
            found |= _inside(grid, cells, axes)
    return found


def _meets(
    hierarchies: Sequence[Hierarchy], grid: Grid, totals: Index, place: tuple[Axes, int]
) -> NDArray[np.bool_]:
    """Whether the total is a finest cell of what its sub-table and another share, split along what they do not."""
    axes, along = place
    found = np.zeros(len(totals), bool)
    for other, _ in grid.blocks:
        shared = [d for d in axes if d in other]
        if other == axes or along in shared:
            continue
        finest = _inside(grid, totals, other)
        for d in shared:
            finest &= np.isin(grid.places[totals, d], bottom(hierarchies[d]))
        found |= finest
    return found


def _inside(grid: Grid, cells: Index, axes: Axes) -> NDArray[np.bool_]:
    """Whether these cells are in the sub-table that crosses these dimensions."""
    found = np.ones(len(cells), bool)
    for d, root in enumerate(grid.roots):
        if d not in axes:
            found &= grid.places[cells, d] == root
    return found


def _sizes(hierarchies: Sequence[Hierarchy], places: Index) -> tuple[Index, Index]:
    leaves = np.ones(len(places), np.int64)
    rank = np.zeros(len(places), np.int64)
    for d, hierarchy in enumerate(hierarchies):
        count = np.ones(len(hierarchy.codes), np.int64)
        for parent, children in upward(hierarchy):
            count[parent] = count[children].sum()
        height = heights(hierarchy)
        level = np.array([height[code] for code in hierarchy.codes], np.int64)
        leaves *= count[places[:, d]]
        rank += level[places[:, d]]
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
    return replace(relations, start=start, members=members)
