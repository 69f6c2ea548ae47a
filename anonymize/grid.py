"""Which cells a table holds: the whole product of its codes, or the union of some of its sub-tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from anonymize.errors import Problem, TableError, Text
from anonymize.hierarchy import Hierarchy

Index = NDArray[np.int64]
Axes = tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Grid:
    """The cells of a table, numbered in the order of their codes (for one measure).

    Attributes:
        places: Int64, cells x dimensions: positions in the codes of each hierarchy.
        roots: Per dimension the position of its root, -1 where the root is not tabulated.
        blocks: Per sub-table the dimensions that it crosses, ascending, and the cell numbers, one axis for each of
            these; the other dimensions are at their root. No sub-table is part of another.
    """

    places: Index
    roots: tuple[int, ...]
    blocks: tuple[tuple[Axes, Index], ...]


def lay(hierarchies: Sequence[Hierarchy], tables: Sequence[Axes] | None = None) -> Grid:
    """The cells of these sub-tables; of the whole product when none are named.

    Args:
        hierarchies: The dimensions.
        tables: Dimensions that each sub-table crosses.
    """
    everything = tuple(range(len(hierarchies)))
    chosen = _largest(tables) if tables is not None else [everything]
    roots = tuple(h.codes.index(h.root) if h.root in h.codes else -1 for h in hierarchies)
    shapes = [tuple(len(hierarchies[d].codes) for d in axes) for axes in chosen]
    parts = [_spread(shape, axes, roots) for shape, axes in zip(shapes, chosen, strict=True)]
    places, number = (
        _merged(np.concatenate(parts)) if len(parts) > 1 else (parts[0], np.arange(len(parts[0])))
    )
    ends = np.cumsum([prod(shape) for shape in shapes])
    blocks = [number[end - prod(shape) : end].reshape(shape) for end, shape in zip(ends, shapes, strict=True)]
    return Grid(places, roots, tuple(zip(chosen, blocks, strict=True)))


def crossings(dimensions: Mapping[str, Hierarchy], show: Sequence[Sequence[str]]) -> list[Axes]:
    """The sub-tables by the numbers of their dimensions.

    Raises:
        TableError: No sub-table, an unknown dimension, one that no sub-table uses, or a sub-table without a dimension
            whose root is not tabulated.
    """
    names = list(dimensions)
    problems = []
    strange = sorted({name for table in show for name in table} - set(names))
    if strange or not show:
        listed = ", ".join(strange) or "-"
        problems.append(_wrong("show", f"có chiều lạ: {listed}.", f"names unknown dimensions: {listed}."))
    unused = [name for name in names if not any(name in table for table in show)]
    if unused and not problems:
        listed = ", ".join(unused)
        problems.append(_wrong("show", f"không dùng chiều {listed}.", f"never uses the dimensions {listed}."))
    for number, table in enumerate(show):
        rootless = [n for n, h in dimensions.items() if n not in table and h.root not in h.codes]
        if rootless:
            listed = ", ".join(rootless)
            problems.append(_wrong(
                f"show[{number}]",
                f"phải gồm chiều {listed} vì mã gốc của chiều này bị lược bỏ.",
                f"must hold the dimensions {listed}, whose roots are omitted.",
            ))  # fmt: skip
    if problems:
        raise TableError(problems)
    return [tuple(sorted({names.index(name) for name in table})) for table in show]


def rows(grid: Grid, chosen: Sequence[Index]) -> Index:
    """The cells whose codes are all among the chosen positions, ascending."""
    found = [np.zeros(0, np.int64)]
    for axes, numbers in grid.blocks:
        at_root = [grid.roots[d] in chosen[d] for d in range(len(chosen)) if d not in axes]
        if all(at_root):
            found.append(numbers[np.ix_(*(chosen[d] for d in axes))].ravel())
    # A single sub-table holds every cell once.
    return np.sort(found[-1]) if len(grid.blocks) == 1 else np.unique(np.concatenate(found))


def find(grid: Grid, places: Index) -> Index:
    """The cells at these positions (one row each), -1 where the table holds none; a place of -1 is no code."""
    found = np.full(len(places), -1, np.int64)
    for axes, numbers in grid.blocks:
        here = (places >= 0).all(axis=1)
        for d, root in enumerate(grid.roots):
            if d not in axes:
                here &= places[:, d] == root
        found[here] = numbers[tuple(places[here][:, d] for d in axes)]
    return found


def _largest(tables: Sequence[Axes]) -> list[Axes]:
    """The sub-tables that are no part of another, sorted."""
    sets = {frozenset(table) for table in tables}
    return sorted(tuple(sorted(s)) for s in sets if not any(s < other for other in sets))


def _spread(shape: tuple[int, ...], axes: Axes, roots: tuple[int, ...]) -> Index:
    places = np.empty((prod(shape), len(roots)), np.int64)
    places[:] = roots
    steps = np.arange(len(places))
    for d, index in zip(axes, np.unravel_index(steps, shape), strict=True):
        places[:, d] = index
    return places


def _merged(places: Index) -> tuple[Index, Index]:
    """The distinct places in the order of their codes, and the number of each."""
    order = np.lexsort(places.T[::-1])
    new = np.append(True, (np.diff(places[order], axis=0) != 0).any(axis=1))
    number = np.empty(len(places), np.int64)
    number[order] = np.cumsum(new) - 1
    return places[order[new]], number


def _wrong(where: str, vi: str, en: str) -> Problem:
    return Problem(
        where,
        Text(f"Danh sách bảng con {vi}", f"The list of sub-tables {en}"),
        Text("Khai báo lại show=.", "Correct show=."),
    )
