"""Information loss: how many cells and how much of the value are hidden, by reason, level and code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from anonymize.hierarchy import Hierarchy
from anonymize.protect import SUPPRESSED, Protected
from anonymize.report.tree import depths, tree


def lost(safe: Protected) -> pl.DataFrame:
    """Confidential: the cells that `safe` has, with `value` (its size, without a sign), `hidden` and `reason`."""
    keys = safe.table.keys
    shown = safe.cells.select(*keys, hidden=pl.col("status") == SUPPRESSED)
    size = safe.table.cells.select(*keys, pl.col("value").abs())
    return size.join(shown, on=keys, maintain_order="left").join(
        safe.reasons.select(*keys, "reason"), on=keys, how="left", maintain_order="left"
    )


def counted(cells: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Cells and hidden cells per group: `cells`, `suppressed`, `share`; publishable."""
    found = cells.group_by(by, maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("cells"), pl.col("hidden").sum().cast(pl.Int64).alias("suppressed")
    )
    return found.with_columns(share=pl.col("suppressed") / pl.col("cells"))


def valued(cells: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Value and hidden value per group: `value`, `suppressed_value`, `share_value`; confidential."""
    hidden = pl.col("value").filter("hidden").sum()
    found = cells.group_by(by, maintain_order=True).agg(
        pl.col("value").sum(), hidden.alias("suppressed_value")
    )
    return found.with_columns(share_value=ratio("suppressed_value", "value"))


def ratio(part: str, whole: str) -> pl.Expr:
    """Part / whole, 0 where there is nothing."""
    return pl.when(pl.col(whole) == 0).then(0.0).otherwise(pl.col(part) / pl.col(whole))


def by_reason(cells: pl.DataFrame, measures: Sequence[str]) -> pl.DataFrame:
    """Confidential: hidden cells and their value per measure and reason, as shares of all cells of the measure."""
    whole = cells.group_by(measures, maintain_order=True).agg(
        pl.len().alias("all"), pl.col("value").sum().alias("sum")
    )
    hidden = cells.filter("hidden").group_by([*measures, "reason"]).agg(
        pl.len().cast(pl.Int64).alias("cells"), pl.col("value").sum()
    )  # fmt: skip
    on = list(measures)
    joined = hidden.join(whole, on=on)
    shares = joined.with_columns(share=ratio("cells", "all"), share_value=ratio("value", "sum"))
    return shares.select(*on, "reason", "cells", "share", "value", "share_value").sort(*on, "reason")


def leveled(cells: pl.DataFrame, dimensions: Mapping[str, Hierarchy]) -> pl.DataFrame:
    """One row per cell and dimension: `dimension`, `code`, `level`, `value`, `hidden`."""
    parts = []
    for name, hierarchy in dimensions.items():
        level = depths(tree(hierarchy), hierarchy.codes)
        column = pl.col(name).replace_strict(list(level), list(level.values()), return_dtype=pl.Int64)
        parts.append(
            cells.select(pl.lit(name).alias("dimension"), pl.col(name).alias("code"), column.alias("level"),
                         "value", "hidden").sort("level", "code")
        )  # fmt: skip
    return pl.concat(parts)
