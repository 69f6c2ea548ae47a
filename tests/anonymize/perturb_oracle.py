"""Brute force for perturbed tables: every table that the method could have published as it is; independent."""

from itertools import product
from math import ceil, floor

import polars as pl

import anonymize as an


def outcomes(kind, count, *, base=0, redact=0, rows=(), inner=True):
    """All that one count may be published as; None is hidden. Written from the definitions, one count at a time."""
    if kind == "random_rounding":
        return {floor(count / base) * base, ceil(count / base) * base}
    if kind == "midpoint_rounding":
        return {ceil(count / base) * base - base // 2 if count else 0}
    if kind == "redacted_and_rounded":
        return {None} if 0 < count <= redact else {floor(count / base + 0.5) * base}
    if kind == "small_count_rounding":
        if not inner:
            return None
        return {0, base} if 0 < count < base else {count}
    if kind == "cell_key":
        row = rows[min(count, len(rows) - 1)]
        return {count + v - len(row) // 2 for v, p in enumerate(row) if p > 0}
    raise ValueError(kind)


def cells_of(shape):
    """cell (codes, T = total) -> leaf cells, for flat dimensions of these sizes."""
    axes = [[str(i) for i in range(n)] for n in shape]
    return {
        cell: tuple(product(*([c] if c != "T" else axis for c, axis in zip(cell, axes, strict=True))))
        for cell in product(*([*axis, "T"] for axis in axes))
    }


def table(shape, counts):
    leaves = list(product(*([str(i) for i in range(n)] for n in shape)))
    names = [f"d{i}" for i in range(len(shape))]
    dimensions = {
        name: an.Hierarchy.flat(name, [str(i) for i in range(n)], total="T")
        for name, n in zip(names, shape, strict=True)
    }
    frame = pl.DataFrame(
        [(*leaf, n) for leaf, n in zip(leaves, counts, strict=True)], [*names, "n"], orient="row"
    )
    return an.Table.from_records(frame, dimensions, count="n")


def possible(shape, shown, highest, kind, **parameters):
    """Cell -> the set of counts it has over all tables that could be published as `shown` (cell -> number)."""
    cells = cells_of(shape)
    leaves = [cell for cell in cells if "T" not in cell]
    options = []
    for leaf in leaves:
        fits = [n for n in range(highest + 1) if shown[leaf] in outcomes(kind, n, **parameters)]
        options.append(fits)
    found = {cell: set() for cell in cells}
    for counts in product(*options):
        leaf = dict(zip(leaves, counts, strict=True))
        totals = {cell: sum(leaf[part] for part in parts) for cell, parts in cells.items()}
        if all(_fits(kind, totals[c], shown[c], c, parameters) for c in cells):
            for cell, total in totals.items():
                found[cell].add(total)
    return found


def _fits(kind, count, shown, cell, parameters):
    allowed = outcomes(kind, count, inner="T" not in cell, **parameters)
    return allowed is None or shown in allowed
