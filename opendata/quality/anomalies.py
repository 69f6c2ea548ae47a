"""What is unusual in published series: outliers, sudden changes of level, declared breaks.

Only published values are looked at, so nothing is told that a reader of the table could not compute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

AnomalyKind = Literal["outlier", "level_shift", "break"]
LIMIT = 3.5  # of the modified z-score; Iglewicz and Hoaglin (1993), How to detect and handle outliers
POINTS = 12  # a shorter series has no usual level
FACTOR, LARGE = 3, 30  # a level shifts when a year's figure triples or falls to a third, both years not small


@dataclass(frozen=True, slots=True)
class Anomaly:
    """An unusual point of a published series; worth a look, not a mistake.

    Attributes:
        kind: "outlier" far from the median of its series, "level_shift" from one year to the next, "break" declared
            by status B.
        measure: The measure.
        key: The codes of the cell, in the order of the dimensions.
        size: How unusual: the absolute modified z-score, or the factor of the change; 0 for a break.
    """

    kind: AnomalyKind
    measure: str
    key: tuple[str, ...]
    size: float


def anomalies(
    data: pl.DataFrame, dimensions: Sequence[str], measures: Sequence[str], *, time: str | None
) -> tuple[Anomaly, ...]:
    """Every unusual point of a released table, the most unusual of each kind first.

    Args:
        data: The released table.
        dimensions: Its dimension columns, in order.
        measures: Its measures.
        time: The dimension of periods ("2016-04", "2016"), or None: then only declared breaks are found.
    """
    found: list[Anomaly] = []
    for measure in measures:
        rows = data.select(*dimensions, pl.col(measure).alias("_v"), pl.col(f"{measure}_status").alias("_s"))
        parts: list[tuple[AnomalyKind, pl.DataFrame]] = [
            ("break", rows.filter(pl.col("_s") == "B").with_columns(pl.lit(0.0).alias("_size")))
        ]
        if time is not None:
            series = [name for name in dimensions if name != time]
            shown = rows.filter(pl.col("_v").is_not_null())
            parts += [
                ("outlier", _outliers(shown, series, time)),
                ("level_shift", _shifts(shown, series, time)),
            ]
        for kind, part in parts:
            found += [
                Anomaly(kind, measure, tuple(row[:-1]), row[-1])
                for row in part.select(*dimensions, "_size").iter_rows()
            ]
    return tuple(sorted(found, key=lambda one: (one.kind, -one.size, one.measure, one.key)))


def _outliers(shown: pl.DataFrame, series: list[str], time: str) -> pl.DataFrame:
    """Months whose logarithm lies far from the median of their series, in units of its median deviation."""
    level = pl.col("_v").cast(pl.Float64).log1p()
    months = shown.filter(pl.col(time).str.contains(r"^\d{4}-\d{2}$")).with_columns(level.alias("_x"))
    over = series or pl.lit(1)  # a table of time alone is one series
    off = (pl.col("_x") - pl.col("_x").median().over(over)).abs()
    spread = months.with_columns(off.alias("_off"), pl.len().over(over).alias("_n"))
    scored = spread.with_columns(
        (0.6745 * pl.col("_off") / pl.col("_off").median().over(over)).alias("_size")
    )
    far = (pl.col("_n") >= POINTS) & pl.col("_size").is_finite() & (pl.col("_size") > LIMIT)
    return scored.filter(far & (pl.col("_v") >= LARGE)).with_columns(pl.col("_size").round(1))


def _shifts(shown: pl.DataFrame, series: list[str], time: str) -> pl.DataFrame:
    """Years whose figure is at least three times that of the year before, or at most a third of it."""
    years = shown.filter(pl.col(time).str.contains(r"^\d{4}$")).with_columns(
        pl.col(time).cast(pl.Int32).alias("_year")
    )
    before = years.select(*series, pl.col("_year") + 1, pl.col("_v").alias("_before"))
    both = years.join(before, on=[*series, "_year"])
    ratio = pl.col("_v") / pl.col("_before")
    large = (pl.col("_v") >= LARGE) & (pl.col("_before") >= LARGE)
    change = pl.when(ratio < 1).then(1 / ratio).otherwise(ratio)
    shifted = both.with_columns(change.alias("_size")).filter(large & (pl.col("_size") >= FACTOR))
    return shifted.with_columns(pl.col("_size").round(1))
