"""What a version says that the version before it did not: the memory grows with what changes, not with the months."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from anonymize.linked import NUMBERS, Sums
from opendata.memory.subjects import Subject
from opendata.memory.truth import Remembered

SAID = ["value", *NUMBERS, "seen"]


def fresh(now: Remembered, before: Remembered | None) -> pl.DataFrame:
    """The cells of a version without those of which the version before it told everything.

    A cell is left out when the version before held the very same and every sum that it is part of: equal cells of two
    versions are one unknown, equal sums one equation. A cell that is new, gone or not the same brings back all cells of
    its sums.

    Args:
        now: The version.
        before: The version before it; None for the first.
    """
    keys = [*now.subject.dimensions, "measure"]
    if before is None or not _comparable(now.subject, before.subject):
        return now.cells
    parts = [_changed(now.cells, before.cells, keys).select(keys)]
    for name, dimension in now.subject.dimensions.items():
        old = set(before.subject.dimensions[name].sums)
        sums = _members(dimension.sums, name)
        new = _members(tuple(one for one in dimension.sums if one not in old), name)
        rest = [key for key in keys if key != name]
        touched = [parts[0].join(sums, on=name).select("_sum", *rest)]
        touched.append(now.cells.join(new, on=name).select("_sum", *rest))
        parts.append(pl.concat(touched).unique().join(sums, on="_sum").select(keys))
    return now.cells.join(pl.concat(parts).unique(), on=keys, how="semi", maintain_order="left")


def _comparable(now: Subject, before: Subject) -> bool:
    """Whether cells of the same codes are the same cells, told by the same rules."""
    one, other = ({name: found.tree for name, found in of.dimensions.items()} for of in (now, before))
    told = ((of.fixed, of.zeros, of.measures, of.parts) for of in (now, before))
    period = now.months == before.months or None in one.values()  # else the period is one of the codes
    return one == other and next(told) == next(told) and period


def _changed(now: pl.DataFrame, before: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Cells that are not the same in both, those that only one holds among them."""
    here, there = now.select(*keys, *SAID), before.select(*keys, *SAID)
    every = [*keys, *SAID]
    return pl.concat([
        here.join(there, on=every, how="anti", nulls_equal=True),
        there.join(here, on=every, how="anti", nulls_equal=True),
    ])  # fmt: skip


def _members(sums: Sums, name: str) -> pl.DataFrame:
    """One row per sum and code in it."""
    rows = list(_rows(sums))
    return pl.DataFrame(rows, schema={"_sum": pl.String, name: pl.String}, orient="row")


def _rows(sums: Sums) -> Iterator[tuple[str, str]]:
    for whole, parts in sums:
        key = "\x1f".join((whole, *parts))
        yield from ((key, code) for code in (whole, *parts))
