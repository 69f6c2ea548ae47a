"""What readers have of a release, what came before a table, and what the two give away together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from anonymize.errors import Text
from anonymize.protected import digest

WHOLE: Final = None
"""The place that holds everything on an axis, whatever leaves there are."""

Place = frozenset[str] | None
REST: Final = "≠ "
"""So begins the one leaf of what a place leaves of the whole (`rest_of`): it is no further leaf of the axis."""
Places = Mapping[str, Place]
Sums = tuple[tuple[str, tuple[str, ...]], ...]

NUMBERS: Final = ("truth", "need", "below", "above", "lower", "upper")
"""The Int64 columns of `Publication.cells` besides `value`."""


def rest_of(place: frozenset[str]) -> frozenset[str]:
    """The place of everything on an axis that is not in a place, whatever leaves there are."""
    return frozenset({REST + "\x1f".join(sorted(place))})


@dataclass(frozen=True, slots=True, repr=False)
class Publication:
    """One measure of one release: what its readers have and, for the auditor alone, the truth. Confidential.

    Every axis that distinguishes cells is named, constant ones too: a dataset of the year 2025 without a dimension of
    time has the axis `time` with one code that holds its twelve months. An axis that is not named is WHOLE.

    Attributes:
        name: The release as findings name it, e.g. "hospital-visits 2026.1".
        concept: What is counted, and of whom. Only publications of one concept have cells in common.
        places: Axis -> code -> the leaves it holds (WHOLE: everything). Leaves are the finest pieces any publication of
            the concept knows: the leaves of one axis exclude each other and mean the same in every publication. A
            code holds its leaves also where some of them had no records and so no code of their own.
        sums: Axis -> (code, the codes it is the sum of), as `Hierarchy.relations`; an axis without sums may be
            left out.
        cells: One row per cell: a String column per axis, then `value` (any number; null = hidden or never published),
            Int64 `truth`, `need`, `below`, `above`, `lower`, `upper` (`NUMBERS`, as `anonymize.goals.Goals`: need 0 =
            not sensitive; lower and upper = what everybody knows of the cell while it is hidden: put the bounds that a
            published rate or a rounded number gives there) and optionally Boolean `seen` (default true; false = a cell
            that is never published: nobody is told that it is not 0; such rows are wanted, the sums need them). All
            cells that the release shows or hides, zeros among them: sums with an absent cell are not used, and a
            cell is told to be empty only by a row. Only `value.is_not_null()` is read of `value`: what is shown
            must be the truth; a number that is not (rounded, perturbed) is a hidden cell with bounds.
        zeros: Zeros are shown, so that readers know a hidden cell not to be 0.
        people: The cells count people: whoever is alone in one (truth 1) knows it.
        decimals: The Int64 columns are the amounts times 10^decimals; 0 for counts.
    """

    name: str
    concept: str
    places: Mapping[str, Places]
    sums: Mapping[str, Sums]
    cells: pl.DataFrame
    zeros: bool = True
    people: bool = True
    decimals: int = 0

    def __repr__(self) -> str:
        return f"Publication({self.name!r}, {self.concept!r}, {self.cells.height} cells)"


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything that came before a table, and what the dimensions of the table mean in these terms.

    Attributes:
        name: The release that is being made, as findings name it.
        concepts: Measure -> what it counts; a measure that is not named has nothing in common with anything.
        axes: Dimension -> axis. Every dimension of the table.
        places: Axis -> code -> leaves, for every code of the dimension on this axis (pieces that are never published
            too), and for axes on which the table is constant one code: `{"time": {"2025": frozenset(months)}}`.
        earlier: What readers have already, the oldest first: own earlier versions, other datasets, withdrawn ones.
            Publications of other concepts may be among them; they cost nothing.
        parts: Pairs of concepts (part, whole) of which readers know that the first never exceeds the second, such as
            deaths and cases (`Protection.subsets`, in concepts).
    """

    name: str
    concepts: Mapping[str, str]
    axes: Mapping[str, str]
    places: Mapping[str, Places]
    earlier: tuple[Publication, ...] = field(default=(), repr=False)
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Leak:
    """A cell that several releases give away together.

    Attributes:
        kind: "exact": anybody can compute it. "narrow": it is known too closely. "insider": whoever is alone in
            another cell can compute it.
        concept: What it counts.
        cell: Its codes by axis, as the last release that hides it names them; axes where it holds everything are
            left out.
        hidden_in: The releases that hide it and promised that.
        by: The releases whose numbers give it away.
        relation: How, in codes, never with a number of a cell.
    """

    kind: Literal["exact", "narrow", "insider"]
    concept: str
    cell: tuple[tuple[str, str], ...]
    hidden_in: tuple[str, ...]
    by: tuple[str, ...]
    relation: Text


def fingerprint(memory: Memory) -> str:
    """SHA-256 of a memory: all that the joint attack depends on, in order."""
    lines = [memory.name, *_mapped(memory.concepts), *_mapped(memory.axes), repr(memory.parts)]
    lines += [line for axis in sorted(memory.places) for line in (axis, *_placed(memory.places[axis]))]
    for one in memory.earlier:
        lines += [one.name, one.concept, str(one.zeros), str(one.people), str(one.decimals)]
        for axis in sorted(one.places):
            lines += [axis, *_placed(one.places[axis]), repr(one.sums.get(axis, ()))]
        lines.append(digest(one.cells))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _mapped(names: Mapping[str, str]) -> Iterator[str]:
    return (f"{name}\x1f{names[name]}" for name in sorted(names))


def _placed(places: Places) -> Iterator[str]:
    for code in sorted(places):
        held = places[code]
        yield "\x1f".join([code, "*"] if held is None else [code, *sorted(held)])
