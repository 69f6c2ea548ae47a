"""A table with hidden cells: what may be published of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.goals import goals
from anonymize.policy import Protection
from anonymize.relations import Index
from anonymize.table import Table
from ytemo_display import bundle

Mask = NDArray[np.bool_]
PUBLISHED, SUPPRESSED = "published", "suppressed"


@dataclass(frozen=True, slots=True, repr=False)
class Protected:
    """A table with hidden cells.

    Attributes:
        cells: What may be published: key columns, `value` (Int64, null where hidden), `status` (String,
            "published" or "suppressed"). Nothing tells why a cell is hidden; cells that never are published
            have no row.
        reasons: Confidential: key columns and `reason` ("primary" or "secondary") of each hidden cell.
        table: Confidential: the table itself.
        gap: By how much a cheaper pattern could undercut this one, relative to the cost of the secondary cells;
            None where that was not computed.
    """

    cells: pl.DataFrame
    reasons: pl.DataFrame = field(repr=False)
    table: Table = field(repr=False)
    gap: float | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the published cells, independent of file formats and versions."""
        return digest(self.cells)

    def _repr_mimebundle_(self, **_kinds: object) -> dict[str, str]:
        from anonymize.cards import of_protected

        return bundle(of_protected(self))

    def __repr__(self) -> str:
        hidden = (self.cells["status"] == SUPPRESSED).sum()
        return (
            f"Protected({' x '.join(self.table.dimensions)}, {self.cells.height} cells, {hidden} suppressed)"
        )


def digest(cells: pl.DataFrame) -> str:
    """SHA-256 over the cells, one line each, columns separated by U+001F, a hidden value as nothing."""
    lines = cells.select(
        pl.concat_str(
            [pl.col(name).cast(pl.String).fill_null("") for name in cells.columns], separator="\x1f"
        )
    ).to_series()
    text = "\x1f".join(cells.columns) + "\n" + "\n".join(lines.to_list())
    return hashlib.sha256(text.encode()).hexdigest()


def publish(table: Table, hidden: Mask, policy: Protection) -> Protected:
    """The table with exactly these cells hidden; it promises nothing (`audit` judges it).

    Args:
        table: The table.
        hidden: Per row of `table.cells`; cells that are never published are left out in any case.
        policy: Tells the reasons.
    """
    mask, seen = pl.Series(hidden), pl.Series(table.seen)
    status = pl.when(mask).then(pl.lit(SUPPRESSED)).otherwise(pl.lit(PUBLISHED)).alias("status")
    value = pl.when(mask).then(None).otherwise(pl.col("value")).alias("value")
    cells = table.cells.select(*table.keys, value, status).filter(seen)
    primary = pl.Series(goals(table, policy).sensitive)
    reason = pl.when(primary).then(pl.lit("primary")).otherwise(pl.lit("secondary")).alias("reason")
    return Protected(cells, table.cells.select(*table.keys, reason).filter(mask & seen), table)


def cell_codes(table: Table, rows: NDArray[np.int64]) -> list[dict[str, str]]:
    """The key codes of rows of `table.cells`."""
    return table.cells.select(*table.keys)[rows].to_dicts()


def published(safe: Protected) -> tuple[Mask, Index]:
    """The hidden rows of the table, and those where the published cells are not those of the table."""
    cells, keys, seen = safe.cells, safe.table.keys, safe.table.seen
    truth, rows, unknown = safe.table.cells.filter(pl.Series(seen)), np.flatnonzero(seen), ~seen
    if cells.columns != [*keys, "value", "status"] or not cells.select(keys).equals(truth.select(keys)):
        return unknown, rows
    hidden = cells["value"].is_null()
    wrong = (cells["value"] != truth["value"]).fill_null(False)
    status = pl.select(pl.when(hidden).then(pl.lit(SUPPRESSED)).otherwise(pl.lit(PUBLISHED))).to_series()
    unknown[rows] = hidden.to_numpy()
    return unknown, rows[(wrong | cells["status"].ne_missing(status)).to_numpy()]
