"""A diff as data."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from opendata.diff.schema import SchemaChange
from ytemo_display import bundle


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows are what, by their keys: the codes of all dimensions.

    Attributes:
        added: In the later version only.
        removed: In the earlier version only.
        changed: In both, with another value that both show.
        same: In both, with no such value.
    """

    added: int
    removed: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class Transition:
    """How many cells of the rows in both versions went from one status to another.

    Attributes:
        before: SDMX CL_OBS_STATUS in the earlier version, such as "A".
        after: In the later one, such as "Q".
        cells: How many.
    """

    before: str
    after: str
    cells: int


@dataclass(frozen=True, slots=True)
class Change:
    """A value that both versions show and that differs.

    Attributes:
        cell: The codes of the cell: dimension, code.
        before: The value in the earlier version; never 0.
        after: In the later one.
        relative: By what share of the earlier value it changed, with its sign: 0.1 is 10 percent more.
    """

    cell: tuple[tuple[str, str], ...]
    before: float
    after: float
    relative: float


@dataclass(frozen=True, slots=True)
class MeasureDiff:
    """What changed in a measure or rate, over the rows in both versions.

    Attributes:
        name: Its column.
        same: How many values both versions show are the same.
        changed: How many differ.
        from_zero: How many of these were 0 before, and so have no relative change.
        transitions: How many statuses changed, and how.
        largest: The largest relative changes.
    """

    name: str
    same: int
    changed: int
    from_zero: int
    transitions: tuple[Transition, ...]
    largest: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class CodeDiff:
    """The codes of a dimension that only one version holds.

    Attributes:
        dimension: The dimension.
        added: In the later version only.
        gone: In the earlier one only; it may only have had no records this time.
    """

    dimension: str
    added: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewlyHidden:
    """Why cells are hidden now that were shown before; confidential.

    Attributes:
        measure: The measure.
        reason: "primary" (sensitive itself) or "secondary" (hidden so that a primary one cannot be computed).
        cells: How many.
    """

    measure: str
    reason: str
    cells: int


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed between two versions of a dataset.

    Attributes:
        id: The dataset.
        before: The earlier version.
        after: The later version.
        comparable: Whether rows could be compared: the same dimensions by the same code lists.
        rows: How many rows are what.
        measures: The measures and rates that mean the same in both versions.
        schema: Changes of the columns, breaking ones first.
        codes: Dimensions with other codes.
        reasons: Why cells are hidden now that were shown before; None unless the confidential part was opened.
        keys: One row per row that was added, removed or changed: its codes, and `change`.
        values: Per measure the values that differ and that both versions show: the codes, `before`, `after`.
    """

    id: str
    before: str
    after: str
    comparable: bool
    rows: Rows
    measures: tuple[MeasureDiff, ...]
    schema: tuple[SchemaChange, ...]
    codes: tuple[CodeDiff, ...]
    reasons: tuple[NewlyHidden, ...] | None = None
    keys: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False, compare=False)
    values: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    @property
    def empty(self) -> bool:
        """Whether both versions hold the same columns, codes, rows, values and statuses."""
        rows = self.rows
        return not (
            rows.added or rows.removed or rows.changed or self.schema or self.codes or not self.comparable
        ) and not any(one.changed or one.transitions for one in self.measures)

    def _repr_mimebundle_(self, **_kinds: object) -> dict[str, str]:
        from opendata.diff.cards import of_diff

        return bundle(of_diff(self))
