"""Who contributes to the cells of a table, and how much: what concentration rules and insiders look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.grid import Axes, Grid
from anonymize.hierarchy import Hierarchy
from anonymize.margins import over

Index = NDArray[np.int64]

TOP = 5
"""How many of the largest contributions of each cell are kept."""


@dataclass(frozen=True, slots=True, repr=False)
class Contributions:
    """Confidential; Int64 arrays with one entry (or row) per row of `Table.cells`.

    A holding counts as one contributor. Amounts are absolute (Handbook on Statistical Disclosure Control, chapter 4.2:
    with negative contributions the rules take absolute values), in the units of `Table.values`, each times its weight
    where records carry weights.

    Attributes:
        count: Number of contributors with an amount other than 0.
        size: The sum of the absolute contributions.
        largest: Rows x TOP: the largest contributions, largest first, 0 where there are no more. With weights, one
            contributor of weight w stands for w units of the population with its amount each.
        who: Rows x TOP: the numbers of the largest contributors, -1 where there are no more or they are not known.
        asked: The largest contribution of one that asked for protection, 0 where nobody did.
        kept: How many columns of `largest` are known.
        requests: Whether it is known who asked.
    """

    count: Index
    size: Index
    largest: Index
    who: Index
    asked: Index
    kept: int = TOP
    requests: bool = False

    @property
    def sole(self) -> Index:
        """The number of the only contributor of a cell, -1 where there is none or more than one."""
        return np.where(self.count == 1, self.who[:, 0], -1)


@dataclass(frozen=True, slots=True)
class Sources:
    """Records as arrays, one entry per record.

    Attributes:
        places: Per dimension the position of the leaf code in `codes`.
        who: Number of the contributor.
        amounts: Rows x measures, scaled, without weights.
        weight: The weight times 10^scale of the weights, or None.
        unit: 10^scale of the weights.
        asked: Whether the contributor asked for protection.
    """

    places: tuple[Index, ...]
    who: Index
    amounts: Index
    weight: Index | None
    unit: int
    asked: NDArray[np.bool_]


def numbered(column: pl.Series) -> Index:
    """The contributors of a column as numbers 0, 1, ..., the same whatever the order of the rows."""
    return (column.cast(pl.String).rank("dense").cast(pl.Int64) - 1).to_numpy()


def gather(sources: Sources, hierarchies: Sequence[Hierarchy], grid: Grid) -> Contributions:
    """The contributions to every cell and margin.

    A contributor with several records in a cell is summed first. Each dimension is rolled up in turn, so that the
    work grows with the pairs of cell and contributor and not with the records.
    """
    people, cells = int(sources.who.max(initial=-1)) + 1, len(grid.places)
    pairs = [_pairs(sources, hierarchies, block, people) for block in grid.blocks]
    cell, who, amounts = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    # A margin that sub-tables share comes out of each of them, the same every time.
    first = np.unique(cell * people + who, return_index=True)[1]
    cell, who, amounts = cell[first], who[first], amounts[first]
    asked = np.bincount(sources.who, sources.asked, people) > 0
    weight = _per_contributor(sources, people)
    return interleaved(
        [
            _ranked(cell, who, amounts[:, m], (cells, asked, weight, sources.unit))
            for m in range(amounts.shape[1])
        ]
    )


def _pairs(
    sources: Sources, hierarchies: Sequence[Hierarchy], block: tuple[Axes, Index], people: int
) -> tuple[Index, Index, Index]:
    """Cells of one sub-table, their contributors and what these contribute."""
    axes, numbers = block
    cell = np.zeros(len(sources.who), np.int64)
    if axes:
        cell = np.ravel_multi_index([sources.places[d] for d in axes], numbers.shape).astype(np.int64)
    cell, who, amounts = _summed(cell, sources.who, sources.amounts, people)
    for axis, d in enumerate(axes):
        stride = int(np.prod(numbers.shape[axis + 1 :], dtype=np.int64))
        entry, shift = _lifted((cell // stride) % numbers.shape[axis], hierarchies[d])
        cell, who, amounts = _summed(cell[entry] + shift * stride, who[entry], amounts[entry], people)
    return numbers.ravel()[cell], who, amounts


def interleaved(parts: Sequence[Contributions]) -> Contributions:
    """Contributions to each measure as contributions to the rows of the table, where measures alternate."""
    names = [field.name for field in fields(Contributions) if field.name not in ("kept", "requests")]
    arrays = {name: np.stack([getattr(p, name) for p in parts], axis=1) for name in names}
    flat: dict[str, Any] = {name: a.reshape(-1, *a.shape[2:]) for name, a in arrays.items()}
    kept, requests = min(p.kept for p in parts), all(p.requests for p in parts)
    return Contributions(**flat, kept=kept, requests=requests)


def _lifted(code: Index, hierarchy: Hierarchy) -> tuple[Index, Index]:
    """For leaf codes: the entries repeated once for the code and each total above it, and how far those are."""
    above = over(hierarchy)
    lengths = np.array([len(a) for a in above], np.int64)
    start = np.cumsum(lengths) - lengths
    flat = np.concatenate(above)
    entry = np.repeat(np.arange(len(code)), lengths[code])
    offset = np.arange(len(entry)) - np.repeat(np.cumsum(lengths[code]) - lengths[code], lengths[code])
    return entry, flat[start[code[entry]] + offset] - code[entry]


def _summed(cell: Index, who: Index, amounts: Index, people: int) -> tuple[Index, Index, Index]:
    """One entry per pair of cell and contributor, sorted by both."""
    if not len(cell):
        return cell, who, amounts
    key = cell * people + who
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.append(True, np.diff(key) > 0))
    return cell[order][first], who[order][first], np.add.reduceat(amounts[order], first, axis=0)


def _per_contributor(sources: Sources, people: int) -> Index | None:
    if sources.weight is None:
        return None
    weight = np.zeros(people, np.int64)
    weight[sources.who] = sources.weight
    return weight


def _ranked(
    cell: Index, who: Index, amount: Index, given: tuple[int, NDArray[np.bool_], Index | None, int]
) -> Contributions:
    """Contributions of one measure, from its pairs of cell and contributor."""
    cells, asked, weight, unit = given
    size = np.abs(amount)
    own = np.full(len(who), unit, np.int64) if weight is None else weight[who]
    used = (size > 0) & (own > 0)
    cell, who, size, own = cell[used], who[used], size[used], own[used]
    order = np.lexsort((who, -size, cell))
    cell, who, size, own = cell[order], who[order], size[order], own[order]
    count = np.bincount(cell, minlength=cells)
    rank = np.arange(len(cell)) - (np.cumsum(count) - count)[cell]
    top = rank < TOP
    numbers = np.full((cells, TOP), -1, np.int64)
    numbers[cell[top], rank[top]] = who[top]
    total, wish = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    np.add.at(total, cell, size * own)
    np.maximum.at(wish, cell, np.where(asked[who], size * own, 0))
    return Contributions(count, total, _slots(cell, size, own, (cells, unit)), numbers, wish)


def _slots(cell: Index, size: Index, weight: Index, shape: tuple[int, int]) -> Index:
    """The amounts of the TOP largest units of the population of each cell.

    tau-ARGUS User's Manual 4.2, section 2.2.2 (weights): each record stands for as many units as its weight, so the
    i-th largest unit is found by counting weights down from the largest amount; a unit that two records share (weights
    that are not whole) takes the amount of each in proportion.
    """
    cells, unit = shape
    slots = np.zeros((cells, TOP), np.int64)
    through = np.cumsum(weight)
    first = np.append(True, np.diff(cell) > 0) if len(cell) else np.zeros(0, bool)
    base = (through - weight)[first][np.cumsum(first) - 1] if len(cell) else through
    end = through - base
    begin = end - weight
    for i in range(TOP):
        share = np.minimum(end, (i + 1) * unit) - np.maximum(begin, i * unit)
        part = share > 0
        np.add.at(slots[:, i], cell[part], size[part] * share[part])
    return slots
