"""The utility a perturbation costs, measured cell by cell."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.hierarchy import Hierarchy
from anonymize.table import Table

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]

ALL = "all"


def measured(table: Table, published: pl.Series) -> pl.DataFrame:
    """One row for the whole table, then one per dimension and level.

    Args:
        table: The true counts.
        published: The published counts, aligned with `table.cells`, null where hidden.

    Returns:
        `dimension` (String, "all" first), `level` (Int64, 0 = root; null for "all"), `cells`, `hidden`, `changed`
        (Int64; a hidden cell is not counted as changed), `mean_abs`, `max_abs`, `root_mean_square` (of the shown
        cells, in counts), `hellinger_utility` (1 = nothing lost; hidden counts as 0). Source of the last: Shlomo,
        Antal and Elliot (2015), Measuring Disclosure Risk and Data Utility for Flexible Table Generators,
        Journal of Official Statistics 31(2).
    """
    hidden = published.is_null().to_numpy()
    shown = published.fill_null(0).to_numpy()
    rows = [(ALL, None, *_measures(table.values, shown, hidden))]
    for axis, (name, hierarchy) in enumerate(table.dimensions.items()):
        level = _levels(hierarchy)[np.unravel_index(np.arange(len(shown)), table.shape)[axis]]
        for depth in np.unique(level).tolist():
            there = level == depth
            rows.append((name, depth, *_measures(table.values[there], shown[there], hidden[there])))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def hellinger_utility(truth: Index, shown: Index) -> float:
    """1 - HD / sqrt(sum of the true counts), HD the Hellinger distance; 1 for an empty table left empty."""
    distance = np.sqrt(((np.sqrt(truth) - np.sqrt(shown)) ** 2).sum() / 2)
    total = float(np.sqrt(truth.sum()))
    return 1.0 - float(distance) / total if total else float(distance == 0)


def _measures(truth: Index, shown: Index, hidden: Mask) -> tuple[int, int, int, float, int, float, float]:
    off = np.abs(shown - truth)[~hidden]
    return (
        len(truth),
        int(hidden.sum()),
        int((off > 0).sum()),
        float(off.mean()) if len(off) else 0.0,
        int(off.max(initial=0)),
        float(np.sqrt((off.astype(float) ** 2).mean())) if len(off) else 0.0,
        hellinger_utility(truth, np.where(hidden, 0, shown)),
    )


def _levels(hierarchy: Hierarchy) -> Index:
    """Per tabulated code its distance from the root."""
    depth: dict[str, int] = {}

    def measure(code: str) -> int:
        if code not in depth:
            parent = hierarchy.parents.get(code)
            depth[code] = 0 if parent is None else 1 + measure(parent)
        return depth[code]

    return np.array([measure(code) for code in hierarchy.codes], np.int64)


_SCHEMA = {
    "dimension": pl.String,
    "level": pl.Int64,
    "cells": pl.Int64,
    "hidden": pl.Int64,
    "changed": pl.Int64,
    "mean_abs": pl.Float64,
    "max_abs": pl.Int64,
    "root_mean_square": pl.Float64,
    "hellinger_utility": pl.Float64,
}
