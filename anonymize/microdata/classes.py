"""Equivalence classes: the records that an intruder cannot tell apart, one row per class."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

N = "records"
"""Records of a class; quasi-identifiers are named q0, q1, ... so that no column of the extract can clash."""


def extract(frame: pl.DataFrame, quasi_identifiers: Sequence[str], **others: str) -> pl.DataFrame:
    """The columns of one check under fixed names: q0, q1, ..., and `others` by keyword; NaN becomes null."""
    columns = {f"q{i}": name for i, name in enumerate(quasi_identifiers)} | others
    return frame.select(_plain(frame.schema[name], name).alias(short) for short, name in columns.items())


def keys(frame: pl.DataFrame) -> list[str]:
    """The columns of the quasi-identifiers."""
    return [name for name in frame.columns if name.startswith("q")]


def sizes(data: pl.DataFrame) -> pl.DataFrame:
    """Per class its `records` and its `size`: distinct persons where there is a column `person`, else records.

    Records without a person count as one person together: the careful way.
    """
    size = pl.col("person").n_unique() if "person" in data.columns else pl.len()
    return data.group_by(keys(data)).agg(pl.len().alias(N), size.alias("size"))


def wildcard_sizes(data: pl.DataFrame) -> pl.DataFrame:
    """Like `sizes`, where null agrees with everything: `size` counts the records that a record does not contradict.

    Classes are grouped by which columns are null; two such patterns are compared on the columns that both know.
    """
    names = keys(data)
    blanks = [pl.col(name).is_null().alias(f"null {name}") for name in names]
    parts = (
        sizes(data)
        .select(*names, N)
        .with_columns(blanks)
        .partition_by([f"null {name}" for name in names], as_dict=True, include_key=False)
    )
    found = []
    for blank, part in parts.items():
        size = [
            _agreeing(part, other, [n for n, *null in zip(names, blank, also, strict=True) if not any(null)])
            for also, other in parts.items()
        ]
        found.append(part.with_columns(size=pl.sum_horizontal(size)))
    return pl.concat(found)


def _agreeing(part: pl.DataFrame, other: pl.DataFrame, on: list[str]) -> pl.Series:
    """Per row of `part` the records of `other` that are equal in the columns `on`."""
    if not on:
        return pl.Series([int(other[N].sum())] * part.height, dtype=pl.Int64)
    counted = other.group_by(on).agg(pl.col(N).sum().cast(pl.Int64).alias("size"))
    return part.select(on).join(counted, on=on, how="left", maintain_order="left")["size"].fill_null(0)


def tallies(data: pl.DataFrame, *, leave_out: bool) -> pl.DataFrame:
    """How often each value of column `s` occurs in each class: keys, `s`, `n`.

    Args:
        data: An extract with the sensitive column `s`.
        leave_out: Whether records without a value are left out, or null is a value.
    """
    known = data.filter(pl.col("s").is_not_null()) if leave_out else data
    return known.group_by(*keys(data), "s").agg(pl.len().alias("n"))


def _plain(kind: pl.DataType, name: str) -> pl.Expr:
    if isinstance(kind, pl.Categorical):
        return pl.col(name).cast(pl.String)
    return pl.col(name).fill_nan(None) if kind.is_float() else pl.col(name)
