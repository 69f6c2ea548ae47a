"""The comparison itself, of two public tables and their codebooks; nothing else comes in.

A cell that either version hides counts in a transition of statuses and nowhere else: no key, no value and no size of
change is given for it, not even what the other version shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from catalog.codelists import CodeList
from catalog.columns import Column
from opendata.diff.model import Change, CodeDiff, Diff, MeasureDiff, Rows, Transition
from opendata.diff.schema import same_rows, same_values, schema

LARGEST = 10
"""So many of the largest relative changes are told, per measure."""


@dataclass(frozen=True, slots=True, repr=False)
class Edition:
    """The public part of a version.

    Attributes:
        id: The dataset.
        version: The version.
        columns: Its columns, as its codebook describes them.
        table: Its table.
    """

    id: str
    version: str
    columns: tuple[Column, ...]
    table: pl.DataFrame

    @property
    def dimensions(self) -> list[str]:
        """The columns that tell its rows apart."""
        return [column.name for column in self.columns if column.role == "dimension"]


def compare(before: Edition, after: Edition) -> Diff:
    """What changed from one version to another.

    Args:
        before: The earlier version.
        after: The later version.

    Returns:
        The diff, a function of the two tables and codebooks alone.
    """
    comparable = same_rows(before.columns, after.columns)
    shown = same_values(before.columns, after.columns) if comparable else ()
    attributes = _attributes(before, after) if comparable else []
    pairs = _pairs(before, after, [*shown, *(f"{name}_status" for name in shown), *attributes])
    values = {name: _differing(pairs, after.dimensions, name) for name in shown}
    keys = _keys(before, after, [*values.values(), *(_reworded(pairs, after, a) for a in attributes)])
    return Diff(
        after.id,
        before.version,
        after.version,
        comparable,
        _counted(keys, pairs),
        tuple(_measure(pairs, values[name], name) for name in shown),
        schema(before.columns, after.columns),
        tuple(_codes(before.columns, after.columns)),
        keys=keys,
        values=values,
    )


def _attributes(before: Edition, after: Edition) -> list[str]:
    """The columns of both that only say more of a row; what a register holds."""
    held = {column.name for column in before.columns if column.role == "attribute"}
    return [column.name for column in after.columns if column.role == "attribute" and column.name in held]


def _pairs(before: Edition, after: Edition, columns: Sequence[str]) -> pl.DataFrame:
    """The rows of both versions side by side: keys, the later columns, the earlier ones with `_before`."""
    keys = after.dimensions
    if not same_rows(before.columns, after.columns):
        return after.table.select(keys).clear()
    earlier = before.table.select(*keys, *(pl.col(name).alias(f"{name}_before") for name in columns))
    return after.table.select(*keys, *columns).join(
        earlier, on=keys, how="inner", maintain_order="left", validate="1:1"
    )


def _differing(pairs: pl.DataFrame, keys: Sequence[str], name: str) -> pl.DataFrame:
    """Values that both versions show and that differ; a hidden or missing one is null and so never among them."""
    differ = pairs.filter(pl.col(name) != pl.col(f"{name}_before"))
    return differ.select(*keys, pl.col(f"{name}_before").alias("before"), pl.col(name).alias("after"))


def _reworded(pairs: pl.DataFrame, after: Edition, name: str) -> pl.DataFrame:
    return pairs.filter(pl.col(name).ne_missing(pl.col(f"{name}_before"))).select(after.dimensions)


def _keys(before: Edition, after: Edition, changed: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The rows that were added, removed or changed, each once, by kind and key."""
    names = after.dimensions
    if same_rows(before.columns, after.columns):
        added = after.table.select(names).join(before.table, on=names, how="anti")
        removed = before.table.select(names).join(after.table, on=names, how="anti")
    else:
        names = list(dict.fromkeys([*before.dimensions, *after.dimensions]))
        added, removed = after.table.select(after.dimensions), before.table.select(before.dimensions)
    other = [frame.select(after.dimensions) for frame in changed]
    parts = {
        "added": added,
        "removed": removed,
        "changed": pl.concat(other).unique() if other else added.clear(),
    }
    found = [frame.with_columns(pl.lit(kind).alias("change")) for kind, frame in parts.items()]
    return pl.concat(found, how="diagonal").select(*names, "change").sort("change", *names, nulls_last=True)


def _counted(keys: pl.DataFrame, pairs: pl.DataFrame) -> Rows:
    kinds = dict(keys["change"].value_counts().iter_rows())
    changed = kinds.get("changed", 0)
    return Rows(kinds.get("added", 0), kinds.get("removed", 0), changed, pairs.height - changed)


def _measure(pairs: pl.DataFrame, values: pl.DataFrame, name: str) -> MeasureDiff:
    both = int((pairs[name].is_not_null() & pairs[f"{name}_before"].is_not_null()).sum())
    return MeasureDiff(
        name,
        both - values.height,
        values.height,
        values.filter(pl.col("before") == 0).height,
        _transitions(pairs, f"{name}_status"),
        _largest(values),
    )


def _transitions(pairs: pl.DataFrame, status: str) -> tuple[Transition, ...]:
    moved = pairs.filter(pl.col(status) != pl.col(f"{status}_before"))
    counted = (
        moved.group_by(pl.col(f"{status}_before"), pl.col(status)).len().sort(f"{status}_before", status)
    )
    return tuple(Transition(*row) for row in counted.iter_rows())


def _largest(values: pl.DataFrame) -> tuple[Change, ...]:
    """The largest relative changes, ties by their codes; what was 0 has none."""
    keys = [name for name in values.columns if name not in ("before", "after")]
    old, new = (pl.col(name).cast(pl.Float64) for name in ("before", "after"))
    sized = values.filter(pl.col("before") != 0).with_columns(((new - old) / old.abs()).alias("_relative"))
    top = sized.sort(pl.col("_relative").abs(), *keys, descending=[True, *(False for _ in keys)]).head(
        LARGEST
    )
    return tuple(
        Change(
            tuple((name, row[name]) for name in keys),
            float(row["before"]),
            float(row["after"]),
            round(row["_relative"], 6),
        )
        for row in top.iter_rows(named=True)
    )


def _codes(before: Sequence[Column], after: Sequence[Column]) -> list[CodeDiff]:
    """The dimensions of both whose codes differ, in the order of their lists."""
    old = {column.name: column.codelist for column in before if column.role == "dimension"}
    found = []
    for column in after:
        if column.role == "dimension" and column.name in old:
            were, are = _named(old[column.name]), _named(column.codelist)
            added, gone = tuple(c for c in are if c not in were), tuple(c for c in were if c not in are)
            if added or gone:
                found.append(CodeDiff(column.name, added, gone))
    return found


def _named(codes: CodeList | None) -> dict[str, None]:
    return dict.fromkeys(code.code for code in codes.codes) if codes else {}
