"""Releases that count the same people in different ways, for tests: a table, its codes on axes, what it shows."""

from dataclasses import dataclass

import numpy as np
import polars as pl

import anonymize as an
from anonymize import linked


def small(threshold=5, **options):
    return an.Protection(rules=[an.SmallCount(threshold=threshold)], **options)


@dataclass(frozen=True)
class Release:
    """A table named `name`; `places`: axis -> code -> leaves; dimensions are named as their axes."""

    name: str
    table: an.Table
    places: dict
    concept: str = "cases"

    def memory(self, *earlier):
        out = tuple(one for release in earlier for one in release)
        axes = {name: name for name in self.table.dimensions}
        return linked.Memory(self.name, {"n": self.concept}, axes, self.places, out)

    def hiding(self, cells, policy=None):
        """What readers have with exactly these cells hidden."""
        keys = self.table.cells.select(self.table.keys).rows()
        hidden = np.array([key in cells or key[0] in cells for key in keys])
        return linked.publications(self.table, hidden, policy or small(), self.memory())

    def as_is(self, safe, policy=None):
        hidden = safe.table.cells.join(
            safe.cells.filter(pl.col("value").is_null()).select(safe.table.keys).with_columns(h=True),
            on=safe.table.keys, how="left", maintain_order="left",
        )["h"].fill_null(False)  # fmt: skip
        return linked.publications(self.table, hidden.to_numpy(), policy or small(), self.memory())


def release(name, records, concept="cases", constant=None, **axes):
    """A release of counts by leaf code, or by tuples of them.

    axes: axis -> {code: parent}; leaves of an axis are its codes without children. constant: axis -> {code: leaves}.
    """
    trees = {axis: an.Hierarchy.from_parents(axis, tree) for axis, tree in axes.items()}
    rows = [(key if isinstance(key, tuple) else (key,)) + (n,) for key, n in records.items()]
    frame = pl.DataFrame(rows, schema=[*axes, "n"], orient="row")
    table = an.Table.from_records(frame, trees, count="n")
    places = {axis: held(tree) for axis, tree in axes.items()}
    return Release(name, table, places | (constant or {}), concept)


def held(tree):
    """Code -> leaves of child -> parent; the root holds everything."""
    found = {}
    for leaf in set(tree) - set(tree.values()):
        code = leaf
        while code in tree:
            found.setdefault(code, set()).add(leaf)
            code = tree[code]
        found[code] = None
    return {code: None if leaves is None else frozenset(leaves) for code, leaves in found.items()}


def flat(codes, total="T"):
    return dict.fromkeys(codes, total)


def told(leaks):
    return {(leak.kind, leak.cell, leak.hidden_in, leak.by) for leak in leaks}
