"""A table as a publication: what its readers would have, and for the auditor the truth and the promises."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.errors import PolicyError, Problem, Text
from anonymize.goals import goals, take
from anonymize.linked.model import Memory, Publication
from anonymize.policy import Protection
from anonymize.table import Table

Mask = NDArray[np.bool_]


def publications(table: Table, hidden: Mask, policy: Protection, memory: Memory) -> tuple[Publication, ...]:
    """One publication per measure that counts something others count too; `cells` in the order of `Table.cells`.

    Args:
        table: The table.
        hidden: Per row of `Table.cells`; cells that are never published are not shown in any case.
        policy: Its promises.
        memory: What the dimensions and measures mean; `earlier` is not looked at.

    Raises:
        PolicyError: The memory lacks a dimension of the table or a place of one of its codes.
    """
    _check(table, memory)
    width, promised = len(table.measures), goals(table, policy)
    sums = {memory.axes[name]: h.relations for name, h in table.dimensions.items()}
    found = []
    for m, measure in enumerate(table.measures):
        if measure not in memory.concepts:
            continue
        rows = slice(m, None, width)
        cells = _axes(table, memory, rows)
        own, seen = take(promised, rows), table.seen[rows]
        shown = pl.Series(seen & ~hidden[rows])
        truth = pl.Series(table.values[rows], dtype=pl.Int64)
        numbers = [
            pl.Series(name, getattr(own, name)) for name in ("need", "below", "above", "lower", "upper")
        ]
        cells = cells.with_columns(
            pl.select(pl.when(shown).then(truth)).to_series().alias("value"),
            truth.alias("truth"),
            *numbers,
            pl.Series("seen", seen),
        )
        found.append(Publication(
            memory.name, memory.concepts[measure], memory.places, sums, cells,
            zeros=policy.zeros == "published" and not table.signed,
            people=not table.magnitude, decimals=table.decimals,
        ))  # fmt: skip
    return tuple(found)


def measures(table: Table, memory: Memory) -> list[int]:
    """The numbers of the measures that `publications` holds, in its order."""
    return [m for m, measure in enumerate(table.measures) if measure in memory.concepts]


def _axes(table: Table, memory: Memory, rows: slice) -> pl.DataFrame:
    codes = table.cells[rows.start :: rows.step].select(
        pl.col(name).alias(memory.axes[name]) for name in table.dimensions
    )
    named = set(memory.axes.values())
    constant = [
        pl.lit(next(iter(codes))).alias(axis) for axis, codes in memory.places.items() if axis not in named
    ]
    return codes.with_columns(constant)


def _check(table: Table, memory: Memory) -> None:
    problems = []
    named = [memory.axes.get(name) for name in table.dimensions]
    for name, hierarchy in table.dimensions.items():
        axis = memory.axes.get(name)
        places = memory.places.get(axis, {}) if axis is not None else {}
        lacking = sorted(set(hierarchy.codes) - set(places))
        if axis is None or named.count(axis) > 1:
            problems.append(
                _problem(name, "chưa có trục riêng trong bộ nhớ.", "has no axis of its own in the memory.")
            )
        elif lacking:
            listed = ", ".join(lacking[:5])
            problems.append(
                _problem(name, f"có mã chưa rõ nơi: {listed}.", f"has codes without a place: {listed}.")
            )
    constant = set(memory.places) - set(memory.axes.values())
    problems += [
        _problem(axis, "cần đúng một mã.", "needs exactly one code.")
        for axis in sorted(constant)
        if len(memory.places[axis]) != 1
    ]
    if problems:
        raise PolicyError(problems)


def _problem(name: str, vi: str, en: str) -> Problem:
    return Problem(
        f"memory: {name}",
        Text(f"Chiều {vi}", f"The dimension {en}"),
        Text("Khai báo trong bộ nhớ.", "Tell the memory what it means."),
    )
