"""Suppressed, missing and zero, kept apart: conditions for `filter`, `when` and `select`, lazy or not.

A hidden value is null like a missing one, and both vanish from sums; only the status column tells them apart. Codes are
those of SDMX CL_OBS_STATUS.
"""

from __future__ import annotations

import polars as pl

from opendata.data import STATUS

MISSING = "O"  # SDMX CL_OBS_STATUS: missing value


def is_suppressed(measure: str) -> pl.Expr:
    """Where a value exists and is hidden to protect people: status Q.

    Args:
        measure: The measure's column, such as "cases".
    """
    return pl.col(f"{measure}_status") == STATUS["suppressed"]


def is_missing(measure: str) -> pl.Expr:
    """Where there is no value: status O."""
    return pl.col(f"{measure}_status") == MISSING


def is_zero(measure: str) -> pl.Expr:
    """Where the value is known to be nought; never where it is hidden or missing."""
    return (pl.col(measure) == 0).fill_null(value=False)


def counts(frame: pl.DataFrame, measures: list[str]) -> pl.DataFrame:
    """How many cells of each measure are what.

    Returns:
        One row per measure: measure, cells, above_zero, zero, suppressed, missing.
    """
    rows = [
        frame.select(
            measure=pl.lit(measure),
            cells=pl.len(),
            above_zero=(pl.col(measure) > 0).sum(),
            zero=is_zero(measure).sum(),
            suppressed=is_suppressed(measure).sum(),
            missing=is_missing(measure).sum(),
        )
        for measure in measures
    ]
    return pl.concat(rows)
