"""l-diversity: how well the sensitive column is mixed within each class."""

from __future__ import annotations

import polars as pl

from anonymize.microdata.classes import N, extract, keys, tallies
from anonymize.microdata.models import LDiversity

SLACK = 1e-9
"""Rounding of a logarithm must not fail a class of exactly l equally frequent values."""


def diversity(frame: pl.DataFrame, check: LDiversity) -> pl.DataFrame:
    """Per class `records` (those with a value), `reached` and `fails`.

    `reached` is the number of values, exp(entropy), or for "recursive" the factor c that the class would just miss:
    the most frequent value / the l-th and rarer ones together.
    """
    data = extract(frame, check.quasi_identifiers, s=check.sensitive)
    counts = tallies(data, leave_out=check.sensitive_nulls != "value")
    reached = _REACHED[check.kind](int(check.l))
    found = counts.group_by(keys(data)).agg(
        pl.col("n").sum().alias(N), reached.cast(pl.Float64).alias("reached")
    )
    return found.with_columns(fails=_fails(check))


def _fails(check: LDiversity) -> pl.Expr:
    if check.kind == "recursive":
        return pl.col("reached") >= check.c
    return pl.col("reached") < check.l * (1 - SLACK)


def _distinct(_: int) -> pl.Expr:
    return pl.len()


def _entropy(_: int) -> pl.Expr:
    share = pl.col("n") / pl.col("n").sum()
    return (-(share * share.log()).sum()).exp()


def _ratio(l: int) -> pl.Expr:  # noqa: E741
    """Infinite where fewer than l values occur: no factor is enough."""
    ordered = pl.col("n").sort(descending=True)
    return ordered.first() / ordered.slice(l - 1).sum()


_REACHED = {"distinct": _distinct, "entropy": _entropy, "recursive": _ratio}
