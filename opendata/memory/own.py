"""Earlier versions of a dataset in terms of its table: what `anonymize` takes as known cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

import anonymize
from opendata.data import as_cells
from opendata.memory import releases, truth
from opendata.memory.releases import Out
from opendata.memory.subjects import Subject


def known(out: Sequence[Out], table: anonymize.Table) -> list[pl.DataFrame]:
    """The cells of the earlier versions of a dataset, as far as its table can express them.

    Args:
        out: The versions, oldest first.
        table: The table.

    Raises:
        VerificationError: When one of them is not what it was.
    """
    releases.check(out)
    measures = list(table.measures)
    found = ((as_cells(one.directory / "data.parquet", measures), truth.about(one.directory)) for one in out)
    return [fitted(frame, subject, table) for frame, subject in found]


def fitted(frame: pl.DataFrame, subject: Subject, table: anonymize.Table) -> pl.DataFrame:
    """The cells of an earlier version that a table can express; the joint memory holds the others.

    Where the version lacks a dimension of the table it tells of all codes together; of a dimension that the table
    lacks its total counts.

    Args:
        frame: The cells: dimensions, `measure` where the table has several, and `value`.
        subject: What the version counted and where.
        table: The table.
    """
    found = frame.filter(_totals(subject, table)).with_columns(_roots(frame, table))
    return (
        found.filter(_expressed(table)).select(*table.keys, "value").unique(table.keys, maintain_order=True)
    )


def _totals(subject: Subject, table: anonymize.Table) -> pl.Expr:
    """The rows that tell of all codes of the dimensions that the table lacks; none where there is no total of them."""
    wanted = pl.lit(value=True)
    for name, dimension in subject.dimensions.items():
        if name not in table.dimensions:
            roots = (
                [code for code, parent in dimension.tree.parents.items() if parent is None]
                if dimension.tree
                else []
            )
            wanted &= pl.col(name).is_in(roots)
    return wanted


def _roots(frame: pl.DataFrame, table: anonymize.Table) -> Iterator[pl.Expr]:
    return (
        pl.lit(hierarchy.root).alias(name)
        for name, hierarchy in table.dimensions.items()
        if name not in frame.columns
    )


def _expressed(table: anonymize.Table) -> pl.Expr:
    """Codes that the table holds, or that it knows the parts of."""
    held = {name: [*one.codes, *one.omitted] for name, one in table.dimensions.items()}
    known = pl.all_horizontal(pl.col(name).is_in(codes) for name, codes in held.items())
    return known & pl.col("measure").is_in(table.measures) if len(table.measures) > 1 else known
