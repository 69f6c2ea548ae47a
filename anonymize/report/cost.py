"""What a recode costs in information."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

import polars as pl

from anonymize.report.moves import Plan
from anonymize.report.recode import coarser, places
from anonymize.table import Table


class Cost(NamedTuple):
    """The loss of information of a recode, before anything is suppressed; smaller is better, bits first.

    Attributes:
        bits: What a reader of the recoded leaf cells lacks to know the original leaf cell of a unit: the conditional
            entropy in bits, averaged over all units.
        cells: Cells that are no longer tabulated.
    """

    bits: float
    cells: int


def measure(table: Table) -> pl.DataFrame:
    """The weight of each leaf cell: the dimensions and `weight`, the sum of its measures."""
    leaf = (pl.col(name).is_in(hierarchy.leaves) for name, hierarchy in table.dimensions.items())
    rows = table.cells.filter(*leaf).group_by(list(table.dimensions)).agg(weight=pl.col("value").abs().sum())
    return rows.filter(pl.col("weight") > 0).sort(list(table.dimensions))


def cost(table: Table, leaves: pl.DataFrame, plan: Plan) -> Cost:
    """The cost of a plan.

    Source: the entropy measure of A. Gionis, T. Tassa, "k-Anonymization with minimal loss of information", IEEE TKDE
    21(2), 2009; it never falls when a table is recoded further.

    Args:
        table: The table before any recode.
        leaves: Its `measure`.
        plan: The recodes.
    """
    codes = {name: len(hierarchy.codes) for name, hierarchy in table.dimensions.items()}
    before, rows = prod(codes.values()), leaves
    for step in plan:
        hierarchy = table.dimensions[step.dimension]
        coarse = coarser(hierarchy, step)
        codes[step.dimension] = 1 if coarse is None else len(coarse.codes)
        place = places(hierarchy, step)
        column = pl.col(step.dimension).replace_strict(
            list(place), list(place.values()), return_dtype=pl.String
        )
        rows = rows.with_columns(column)
    group = pl.col("weight").sum().over(list(table.dimensions))
    lack = rows.select((pl.col("weight") * (group / pl.col("weight")).log(2)).sum()).item()
    total = leaves["weight"].sum()
    bits = round(float(lack) / float(total), 9) if total else 0.0
    return Cost(bits, (before - prod(codes.values())) * len(table.measures))
