"""Tables: every cell of the product of the dimensions, margins included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize import margins
from anonymize.checks import frame_problems, sum_problems
from anonymize.errors import PolicyError, Problem, TableError, Text
from anonymize.hierarchy import Hierarchy

Frame = pl.DataFrame | pl.LazyFrame


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """Confidential counts with every margin.

    Attributes:
        dimensions: Name -> hierarchy, in the order of the columns.
        measures: The measures, sorted; one measure has no column of its own in `cells`.
        cells: One row for each cell of the product of all codes, zeros included: dimension columns (String),
            `measure` (String, only with several measures), `value` (Int64); sorted by all key columns.
        persons: Int64, aligned with `cells`: for a count of 1 the leaf cell of that one person.
    """

    dimensions: Mapping[str, Hierarchy]
    measures: tuple[str, ...]
    cells: pl.DataFrame
    persons: NDArray[np.int64]

    @staticmethod
    def from_records(
        frame: Frame,
        dimensions: Mapping[str, Hierarchy],
        *,
        count: str | Sequence[str] | None = None,
        value: str | None = None,
        contributor: str | None = None,
    ) -> Table:
        """Aggregates leaf rows to every margin.

        Args:
            frame: One row per leaf combination or many; dimension columns hold leaf codes.
            dimensions: Column -> hierarchy.
            count: The column of whole numbers to sum, or several (measures over one cell set).
            value: The column of a magnitude table; not offered yet.
            contributor: The column of contributors of a magnitude table; not offered yet.

        Raises:
            PolicyError: `value` or `contributor` was given.
            TableError: A column is missing, a code is no leaf of its hierarchy, a count is missing, negative
                or not a whole number.
        """
        if value is not None or contributor is not None or count is None:
            raise PolicyError([_MAGNITUDE])
        measures = (count,) if isinstance(count, str) else tuple(sorted(count))
        data = _collected(frame)
        problems = frame_problems(data, dimensions, measures, leaves_only=True)
        if problems:
            raise TableError(problems)
        leaves = data.group_by(list(dimensions)).agg(pl.col(measures).cast(pl.Int64).sum())
        return _from_leaves(leaves, dimensions, measures)

    @staticmethod
    def from_cells(
        frame: Frame, dimensions: Mapping[str, Hierarchy], *, value: str | Sequence[str] = "n"
    ) -> Table:
        """Takes cells that already hold margins, and checks that they add up.

        Args:
            frame: At most one row per cell; an absent leaf cell counts zero, an absent margin is computed.
            dimensions: Column -> hierarchy.
            value: The column of counts, or several (measures over one cell set).

        Raises:
            TableError: As `from_records`; also a cell given twice, or margins that are not the sum of their
                parts (the cells are named by their codes).
        """
        measures = (value,) if isinstance(value, str) else tuple(sorted(value))
        data = _collected(frame)
        problems = frame_problems(data, dimensions, measures, leaves_only=False)
        if problems:
            raise TableError(problems)
        leaves = data.filter(*(pl.col(name).is_in(h.leaves) for name, h in dimensions.items()))
        table = _from_leaves(leaves.with_columns(pl.col(measures).cast(pl.Int64)), dimensions, measures)
        problems = sum_problems(data, table.cells, dimensions, measures)
        if problems:
            raise TableError(problems)
        return table

    @property
    def keys(self) -> list[str]:
        """The key columns of `cells`."""
        return [*self.dimensions, *(["measure"] if len(self.measures) > 1 else [])]

    @property
    def shape(self) -> tuple[int, ...]:
        """Codes per dimension, then the number of measures: `cells` is this array, row by row."""
        return (*(len(h.codes) for h in self.dimensions.values()), len(self.measures))

    @property
    def values(self) -> NDArray[np.int64]:
        """The counts, aligned with `cells`."""
        return self.cells["value"].to_numpy()

    def __repr__(self) -> str:
        measures = ", ".join(self.measures)
        return f"Table({' x '.join(self.dimensions)}, {self.cells.height} cells, {measures})"


def _collected(frame: Frame) -> pl.DataFrame:
    return frame.collect() if isinstance(frame, pl.LazyFrame) else frame


def _from_leaves(
    leaves: pl.DataFrame, dimensions: Mapping[str, Hierarchy], measures: tuple[str, ...]
) -> Table:
    hierarchies = list(dimensions.values())
    cube = np.zeros((*(len(h.codes) for h in hierarchies), len(measures)), np.int64)
    place = tuple(_positions(leaves[name], h) for name, h in dimensions.items())
    for m, name in enumerate(measures):
        cube[..., m][place] = leaves[name].to_numpy()
    # A count of 1 holds one person: the sum of (leaf number x leaf count) below it is their leaf cell.
    persons = cube * np.arange(cube.size).reshape(cube.shape)
    values = margins.fill(cube, hierarchies)
    with np.errstate(over="ignore"):
        persons = margins.fill(persons, hierarchies)
    keys = _keys(dimensions, measures).with_columns(value=pl.Series(values.ravel(), dtype=pl.Int64))
    return Table(MappingProxyType(dict(dimensions)), measures, keys, persons.ravel())


def _positions(column: pl.Series, hierarchy: Hierarchy) -> NDArray[np.int64]:
    return column.replace_strict(
        hierarchy.codes, range(len(hierarchy.codes)), return_dtype=pl.Int64
    ).to_numpy()


def _keys(dimensions: Mapping[str, Hierarchy], measures: tuple[str, ...]) -> pl.DataFrame:
    """The product of all codes; codes are sorted, so the rows are."""
    levels: list[tuple[str, tuple[str, ...]]] = [(name, h.codes) for name, h in dimensions.items()]
    if len(measures) > 1:
        levels.append(("measure", measures))
    keys = pl.DataFrame({"": [0]})
    for name, codes in levels:
        keys = keys.join(
            pl.DataFrame({name: codes}, schema={name: pl.String}), how="cross", maintain_order="left_right"
        )
    return keys.drop("")


_MAGNITUDE = Problem(
    "Table.from_records",
    Text("chỉ bảng đếm (count=) được hỗ trợ.", "only tables of counts (count=) are offered."),
    Text("Khai báo cột số đếm bằng count=.", "Declare the column of counts with count=."),
)
