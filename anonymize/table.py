"""Tables: every cell of the product of the dimensions, or of some of its sub-tables, margins included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize import amounts, margins, records
from anonymize.cells import given
from anonymize.checks import frame_problems, sum_problems
from anonymize.contributions import Contributions
from anonymize.errors import PolicyError, Problem, TableError, Text
from anonymize.grid import Grid, crossings, lay
from anonymize.hierarchy import Hierarchy
from anonymize.marks import CellColumns, Marks, mark
from anonymize.records import Read, RecordColumns
from ytemo_display import bundle

Frame = pl.DataFrame | pl.LazyFrame


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """Confidential counts, or amounts (a magnitude table), with every margin.

    Attributes:
        dimensions: Name -> hierarchy, in the order of the columns.
        measures: The measures, sorted; one measure has no column of its own in `cells`.
        cells: One row for each cell of the product of all codes (of the sub-tables shown, where these are declared),
            zeros and cells that are never published included: dimension columns (String), `measure` (String, only
            with several measures), `value` (Int64, or Decimal for amounts with decimals); sorted by all key columns.
        persons: Int64, aligned with `cells`: for a count of 1 the leaf cell of that one person.
        grid: Which cells there are; row r of `cells` is cell r // len(measures) of the grid.
        magnitude: Whether the cells hold amounts, not counts of people.
        decimals: `values` are the amounts times 10^decimals.
        signed: Whether amounts may be negative.
        contributions: Who contributes to the cells; None when that was not given.
        marks: What was declared about single cells.
        whole: Int64, aligned with `cells`: see `values`; None for counts.
    """

    dimensions: Mapping[str, Hierarchy]
    measures: tuple[str, ...]
    cells: pl.DataFrame
    persons: NDArray[np.int64]
    grid: Grid
    magnitude: bool = False
    decimals: int = 0
    signed: bool = False
    contributions: Contributions | None = None
    marks: Marks | None = None
    whole: NDArray[np.int64] | None = None

    @staticmethod
    def from_records(
        frame: Frame,
        dimensions: Mapping[str, Hierarchy],
        *,
        count: str | Sequence[str] | None = None,
        value: str | Sequence[str] | None = None,
        contributor: str | None = None,
        holding: str | None = None,
        weight: str | None = None,
        request: str | None = None,
        show: Sequence[Sequence[str]] | None = None,
    ) -> Table:
        """Aggregates leaf rows to every margin.

        With `show` the table is a set of linked tables: only cells of the sub-tables named exist, a sub-table being
        the product of its dimensions with all others at their root. The cost is that of the cells shown. Protection
        and audit see every sum within and between the sub-tables; margins that they share are one cell. What is not
        covered: counts that are consistent between the sub-tables but belong to no common table of records. Such
        bounds (of Frechet type) exist only where the sub-tables form a cycle, as province x age, age x sex, province
        x sex do: name their common cross in `show` where they matter. Sub-tables without a cycle (a decomposable set;
        any two are one) extend to a common table whatever consistent counts they show, so that nothing more can be
        known (Dobra and Fienberg, PNAS 97, 2000).

        Args:
            frame: One row per leaf combination or many; dimension columns hold leaf codes.
            dimensions: Column -> hierarchy.
            count: The column of whole numbers to sum, or several (measures over one cell set).
            value: Instead of `count`: the column of amounts to sum, or several. Amounts are kept exactly; floats
                stand for the decimal numbers they print as.
            contributor: The column of those who report or account for the rows: rules of concentration, the minimum
                number of contributors and insiders go by them.
            holding: The column of groups of contributors that count as one.
            weight: The column of sampling weights: cells are sums of value x weight.
            request: The column (Boolean) of contributors who asked for protection.
            show: The sub-tables that are published, each by the names of its dimensions; None for the whole cross.

        Raises:
            PolicyError: Not exactly one of `count` and `value` was given, or weights for counts.
            TableError: A column is missing, a code is no leaf of its hierarchy, a count is missing, negative
                or not a whole number, an amount has more than 6 decimals; a sub-table that cannot be.
        """
        if (count is None) == (value is None) or (count is not None and weight is not None):
            raise PolicyError([_ONE_KIND])
        measures = _names(count if value is None else value)
        data, columns = _collected(frame), RecordColumns(contributor, holding, weight, request)
        problems = frame_problems(data, dimensions, measures, leaves_only=True, counts=value is None)
        problems += records.problems(data, columns)
        if problems:
            raise TableError(problems)
        grid = lay(list(dimensions.values()), None if show is None else crossings(dimensions, show))
        read = records.read(unified(data, dimensions), dimensions, measures, columns, grid=grid)
        table = _from_leaves(read.leaves, dimensions, measures, grid)
        return _described(table, read, magnitude=value is not None)

    @staticmethod
    def from_cells(
        frame: Frame,
        dimensions: Mapping[str, Hierarchy],
        *,
        value: str | Sequence[str] = "n",
        magnitude: bool = False,
        columns: CellColumns | None = None,
    ) -> Table:
        """Takes cells that already hold margins, and checks that they add up.

        Args:
            frame: At most one row per cell; an absent leaf cell counts zero, an absent margin is computed.
            dimensions: Column -> hierarchy.
            value: The column of counts, or several (measures over one cell set).
            magnitude: The values are amounts, not counts of people: decimals and negative numbers are allowed.
            columns: Further columns about the cells: contributors, flags, costs, protection levels; every cell that
                is not zero must have its contributors then.

        Raises:
            TableError: As `from_records`; also a cell given twice, or margins that are not the sum of their
                parts (the cells are named by their codes).
        """
        measures = _names(value)
        data = _collected(frame)
        problems = frame_problems(data, dimensions, measures, leaves_only=False, counts=not magnitude)
        if problems:
            raise TableError(problems)
        data = unified(data, dimensions)
        whole, decimals = amounts.scaled(data, measures)
        data = data.with_columns(pl.Series(name, whole[:, m]) for m, name in enumerate(measures))
        finest = (pl.col(n).is_in([h.codes[i] for i in margins.bottom(h)]) for n, h in dimensions.items())
        leaves = data.filter(*finest).unique(list(dimensions), keep="first", maintain_order=True)
        leaves = leaves.select(*dimensions, *measures)
        table = _from_leaves(leaves, dimensions, measures, lay(list(dimensions.values())))
        problems = sum_problems(data, table.cells, dimensions, measures)
        if problems:
            raise TableError(problems)
        columns = columns or CellColumns()
        contributions = given(data, table.cells, columns, (decimals, len(measures)))
        read = Read(leaves, decimals, bool((whole < 0).any()), contributions)
        table = _described(table, read, magnitude=magnitude)
        if not (columns.flag or columns.cost or columns.lpl or columns.upl):
            return table
        return mark(table, data, columns)

    @property
    def keys(self) -> list[str]:
        """The key columns of `cells`."""
        return [*self.dimensions, *(["measure"] if len(self.measures) > 1 else [])]

    @property
    def shape(self) -> tuple[int, ...]:
        """Codes per dimension, then the number of measures: `cells` is this array, row by row.

        Raises:
            TableError: The table is no whole product, or holds cells that are never published.
        """
        if self.grid.blocks[0][0] != tuple(range(len(self.dimensions))) or not self.seen.all():
            raise TableError([_NO_PRODUCT])
        return (*(len(h.codes) for h in self.dimensions.values()), len(self.measures))

    @property
    def places(self) -> NDArray[np.int64]:
        """Int64, rows of `cells` x dimensions: positions in the codes of each hierarchy."""
        width = len(self.measures)
        return self.grid.places if width == 1 else np.repeat(self.grid.places, width, axis=0)

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Per row of `cells`: it may be published; the others have a code that never is."""
        found = np.ones(len(self.grid.places), bool)
        for d, h in enumerate(self.dimensions.values()):
            if h.unseen:
                found &= ~np.isin(h.codes, list(h.unseen))[self.grid.places[:, d]]
        return np.repeat(found, len(self.measures))

    @property
    def values(self) -> NDArray[np.int64]:
        """The counts, or amounts times 10^decimals, aligned with `cells`."""
        return self.cells["value"].to_numpy() if self.whole is None else self.whole

    def _repr_mimebundle_(self, **_kinds: object) -> dict[str, str]:
        from anonymize.cards import of_table

        return bundle(of_table(self))

    def __repr__(self) -> str:
        measures = ", ".join(self.measures)
        return f"Table({' x '.join(self.dimensions)}, {self.cells.height} cells, {measures})"


def _collected(frame: Frame) -> pl.DataFrame:
    return frame.collect() if isinstance(frame, pl.LazyFrame) else frame


def unified(frame: pl.DataFrame, dimensions: Mapping[str, Hierarchy]) -> pl.DataFrame:
    """The frame with codes that the table does not hold replaced by those of the same population."""
    same = {n: {c: own[0] for c, own in h.omitted.items() if len(own) == 1} for n, h in dimensions.items()}
    return frame.with_columns(pl.col(name).replace(codes) for name, codes in same.items() if codes)


def _names(measures: str | Sequence[str] | None) -> tuple[str, ...]:
    return (measures,) if isinstance(measures, str) else tuple(sorted(measures or ()))


def _described(table: Table, read: Read, *, magnitude: bool) -> Table:
    """The table with what was read besides: who contributes, and amounts as they are published."""
    if not magnitude:
        return replace(table, contributions=read.contributions)
    return replace(
        table,
        cells=table.cells.with_columns(amounts.unscaled(table.values, read.decimals)),
        magnitude=True,
        decimals=read.decimals,
        signed=read.signed,
        contributions=read.contributions,
        whole=table.values,
    )


def _from_leaves(
    data: pl.DataFrame, dimensions: Mapping[str, Hierarchy], measures: tuple[str, ...], grid: Grid
) -> Table:
    leaves = unified(data, dimensions).group_by(list(dimensions)).agg(pl.col(measures).cast(pl.Int64).sum())
    leaves = leaves.sort(list(dimensions))
    place = np.stack([margins.places(leaves[name], h) for name, h in dimensions.items()], axis=1)
    counts = leaves.select(measures).to_numpy().reshape(len(place), len(measures))
    # A count of 1 holds one person: the sum of (leaf number x leaf count) below it is their leaf cell.
    persons = counts * np.arange(counts.size).reshape(counts.shape)
    hierarchies = list(dimensions.values())
    values = _totals(counts, place, hierarchies, grid).ravel()
    with np.errstate(over="ignore"):
        persons = _totals(persons, place, hierarchies, grid).ravel()
    keys = _keys(dimensions, measures, grid).with_columns(value=pl.Series(values, dtype=pl.Int64))
    return Table(MappingProxyType(dict(dimensions)), measures, keys, persons, grid)


def _totals(
    counts: NDArray[np.int64], place: NDArray[np.int64], hierarchies: Sequence[Hierarchy], grid: Grid
) -> NDArray[np.int64]:
    """The sums of leaf counts (leaf cells x measures) for every cell of the grid."""
    found = np.zeros((len(grid.places), counts.shape[1]), np.int64)
    for axes, cells in grid.blocks:
        cube = np.zeros((*cells.shape, counts.shape[1]), np.int64)
        np.add.at(cube, tuple(place[:, d] for d in axes), counts)
        found[cells] = margins.fill(cube, [hierarchies[d] for d in axes])
    return found


def _keys(dimensions: Mapping[str, Hierarchy], measures: tuple[str, ...], grid: Grid) -> pl.DataFrame:
    """The codes of the cells; codes are sorted, so the rows are."""
    width = len(measures)
    columns = {
        name: pl.Series(h.codes, dtype=pl.String).gather(np.repeat(grid.places[:, d], width))
        for d, (name, h) in enumerate(dimensions.items())
    }
    if width > 1:
        columns["measure"] = pl.Series(measures, dtype=pl.String).gather(
            np.tile(np.arange(width), len(grid.places))
        )
    return pl.DataFrame(columns)


_NO_PRODUCT = Problem(
    "Table",
    Text(
        "bảng liên kết (show=) và bảng có mã không bao giờ công bố không dùng được với phương pháp này.",
        "linked tables (show=) and tables with codes that are never published are not offered to this method.",
    ),
    Text("Dùng che ô (protect), hoặc lập bảng đầy đủ.", "Suppress cells (protect), or make a whole table."),
)
_ONE_KIND = Problem(
    "Table.from_records",
    Text(
        "cần đúng một trong count= và value=; weight= chỉ đi với value=.",
        "needs exactly one of count= and value=; weight= goes with value= only.",
    ),
    Text("Khai báo cột số đếm hoặc cột số tiền.", "Declare the column of counts or the column of amounts."),
)
