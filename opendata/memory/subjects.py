"""What a release counts and where: all that the memory must know of it besides its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import anonymize
import catalog
from anonymize.linked import Sums
from opendata.memory import trees
from opendata.memory.places import between
from opendata.memory.trees import Tree
from opendata.source import ExcelSource, Source
from opendata.spec import CodedDimension, Spec


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of a release.

    Attributes:
        tree: Its code list, whole; None for a calendar.
        codes: The codes that the table holds.
        sums: Which code is the sum of which others.
    """

    tree: Tree | None
    codes: tuple[str, ...]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Subject:
    """What a release counts and where.

    Attributes:
        months: The period of all of it.
        dimensions: By their columns.
        fixed: The one code of what all of it has in common: name -> (list, code).
        measures: Measure -> what tells that another measure counts the same: its concept, the columns it comes from.
        parts: Pairs of measures (part, whole): the first never exceeds the second, as readers know.
        zeros: Zeros are shown.
    """

    months: tuple[str, ...]
    dimensions: Mapping[str, Dimension]
    fixed: Mapping[str, tuple[Tree, str]]
    measures: Mapping[str, frozenset[str]]
    parts: tuple[tuple[str, str], ...]
    zeros: bool


def subject(spec: Spec, table: anonymize.Table, lists: Mapping[str, catalog.CodeList]) -> Subject:
    """What a table of a spec counts and where.

    Args:
        spec: The spec.
        table: Tells which codes there are and what is the sum of what.
        lists: The code lists that the spec names, whole, by their ids.
    """
    period = spec.entry.temporal
    kept = {name: trees.tree(codes) for name, codes in lists.items()}
    dimensions = {
        name: Dimension(
            kept[one.codes] if isinstance(one, CodedDimension) else None,
            table.dimensions[name].codes,
            table.dimensions[name].relations,
        )
        for name, one in spec.table.dimensions.items()
    }
    return Subject(
        between(period.start, period.end),
        dimensions,
        {name: (kept[one.codes], one.code) for name, one in spec.table.fixed.items()},
        {name: _told(spec, name) for name in spec.table.measures},
        tuple((subset.part, subset.whole) for subset in spec.protection.subsets),
        spec.protection.zeros == "published",
    )


def of_trees(found: Subject) -> Iterator[Tree]:
    """The code lists that a subject uses."""
    yield from (one.tree for one in found.dimensions.values() if one.tree is not None)
    yield from (tree for tree, _ in found.fixed.values())


def as_json(found: Subject) -> dict[str, Any]:
    """The subject as JSON holds it; every code list once."""
    lists = {one.id: trees.as_json(one) for one in of_trees(found)}
    return {
        "format": 1,
        "months": list(found.months),
        "lists": [lists[name] for name in sorted(lists)],
        "dimensions": {
            name: {"list": one.tree.id if one.tree else None, "codes": list(one.codes), "sums": one.sums}
            for name, one in found.dimensions.items()
        },
        "fixed": {name: {"list": tree.id, "code": code} for name, (tree, code) in found.fixed.items()},
        "measures": {name: sorted(said) for name, said in found.measures.items()},
        "parts": [list(pair) for pair in found.parts],
        "zeros": found.zeros,
    }


def from_json(stored: Mapping[str, Any]) -> Subject:
    """The subject that `as_json` wrote.

    Raises:
        KeyError: When something is missing.
        ValueError: When it is of another format.
    """
    if stored["format"] != 1:
        raise ValueError("another format")
    lists = {one["id"]: trees.from_json(one) for one in stored["lists"]}
    return Subject(
        tuple(stored["months"]),
        {
            name: Dimension(
                lists[one["list"]] if one["list"] else None, tuple(one["codes"]), _sums(one["sums"])
            )
            for name, one in stored["dimensions"].items()
        },
        {name: (lists[one["list"]], one["code"]) for name, one in stored["fixed"].items()},
        {name: frozenset(said) for name, said in stored["measures"].items()},
        tuple((part, whole) for part, whole in stored["parts"]),
        bool(stored["zeros"]),
    )


def _told(spec: Spec, measure: str) -> frozenset[str]:
    return frozenset({spec.table.measures[measure].concept or measure, *_columns(spec.source, measure)})


def _columns(source: Source, measure: str) -> Iterator[str]:
    """Where a measure comes from: another measure of the same column, whatever it is called, counts the same."""
    heading = next((column.heading for column in source.columns if column.name == measure), measure)
    if measure == source.each_row:
        heading = "*"  # every row counts
    if isinstance(source, ExcelSource) and source.is_wide:
        heading = measure
    return (f"{file.path}#{heading}" for file in source.files)


def _sums(stored: Iterable[Any]) -> Sums:
    return tuple((whole, tuple(parts)) for whole, parts in stored)
