"""The memory that a table is judged with: everything its readers may have already, as the joint attack takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import polars as pl

from anonymize.linked import NUMBERS, Memory, Publication
from catalog.errors import Problem, Text
from opendata.errors import SpecError
from opendata.memory import axes, releases, shelf
from opendata.memory.axes import Carrier
from opendata.memory.families import Family, counted, family, seal
from opendata.memory.places import atlas
from opendata.memory.releases import Name, Out
from opendata.memory.shelf import Shelf
from opendata.memory.subjects import Subject, of_trees
from opendata.messages import unwritable
from opendata.workspace import Workspace


@dataclass(frozen=True, slots=True, repr=False)
class Recalled:
    """What was found. Confidential.

    Attributes:
        memory: For `anonymize.protect` and `anonymize.audit`.
        seal: SHA-256 of the releases that it was made of.
        own: The versions of the same dataset, oldest first.
        leaves: Axis on which the table or a release is fixed to one code -> all leaves of that axis.
    """

    memory: Memory
    seal: str
    own: tuple[Out, ...]
    leaves: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Member:
    """A version of the family."""

    out: Out
    subject: Subject
    placed: tuple[Carrier, ...]


def recall(workspace: Workspace, target: Name, subject: Subject) -> Recalled:
    """Everything that was released before and has something to do with a table.

    Args:
        workspace: The workspace.
        target: Dataset and version that the table is to become.
        subject: What the table counts and where.

    Raises:
        VerificationError: Naming every release that is missing or not what it was: the memory must be whole.
        SpecError: When the memory cannot be written, or the ledger not be read.
    """
    with _writable():
        shelves = _shelves(workspace, target)
        found = family(subject, shelves)
        own, members, fixed = _placed(subject, found, shelves)
        cells = {id: _by_version(shelf.cells(shelves[id])) for id in found.members}
    named = axes.slots(own, [one.placed for one in members])
    months = axes.reach(own, [one.placed for one in members])
    earlier = [
        publication
        for one in members
        for way in axes.ways(own, one.placed, named)
        for publication in _publications(one, found, way, cells[one.out.id].get(one.out.version))
    ]
    label = axes.labels(own, named)
    memory = Memory(
        target[0],
        {measure: counted(found, said) for measure, said in subject.measures.items()},
        {one.name: label[one.name] for one in own if one.constant is None},
        {label[one.name]: one.places for one in own},
        tuple(_within(earlier, axes.time(named), months)),
        found.parts,
    )
    own_versions = shelves[target[0]].out if target[0] in shelves else ()
    return Recalled(memory, seal(found, shelves), own_versions, _leaves(fixed, named))


def sealed(workspace: Workspace, target: Name, subject: Subject, *, alone: bool = False) -> str:
    """The seal that `recall` would give now.

    Args:
        workspace: The workspace.
        target: As for `recall`.
        subject: As for `recall`.
        alone: The caller sees to it that nobody adds a release meanwhile (`undisturbed`).

    Raises:
        VerificationError: As `recall`.
        SpecError: As `recall`.
    """
    with _writable():
        shelves = _shelves(workspace, target, alone=alone)
    return seal(family(subject, shelves), shelves)


@contextmanager
def _writable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SpecError([Problem("releases/.memory", unwritable(error), _PERMISSIONS)]) from None


def _shelves(workspace: Workspace, target: Name, *, alone: bool = False) -> dict[str, Shelf]:
    by_id: dict[str, list[Out]] = {}
    for one in releases.out(workspace, target, alone=alone):
        by_id.setdefault(one.id, []).append(one)
    return {id: shelf.shelf(workspace, id, out) for id, out in by_id.items()}


def _placed(
    subject: Subject, found: Family, shelves: Mapping[str, Shelf]
) -> tuple[tuple[Carrier, ...], list[_Member], dict[str, frozenset[str]]]:
    """The table and its family on their axes, the oldest release first; the leaves of axes that one is fixed on."""
    out = [
        (shelves[id], one)
        for id in found.members
        for one in shelves[id].out
        if one.version in found.members[id]
    ]
    read = [(one, shelf.subject(on, one.version)) for on, one in sorted(out, key=lambda pair: pair[1].number)]
    known = atlas(tree for one in (subject, *(said for _, said in read)) for tree in of_trees(one))
    members = [_Member(one, said, axes.carriers(known, said)) for one, said in read]
    return axes.carriers(known, subject), members, axes.fixed(known, [subject, *(said for _, said in read)])


def _leaves(fixed: Mapping[str, frozenset[str]], named: Mapping[axes.Slot, str]) -> dict[str, frozenset[str]]:
    """The leaves of axes by the names that these have, each as often as a release has it."""
    return {name: fixed[axis] for (axis, _), name in named.items() if axis in fixed}


def _by_version(cells: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {
        str(key[0]): part
        for key, part in cells.partition_by("_version", as_dict=True, include_key=False).items()
    }


def _publications(
    one: _Member, found: Family, way: Mapping[str, str], cells: pl.DataFrame | None
) -> Iterator[Publication]:
    """One publication per measure, its columns named by the axes."""
    if cells is None:
        return  # all of it was said before
    named = [
        pl.lit(carrier.constant).alias(way[carrier.name])
        if carrier.constant is not None
        else pl.col(carrier.name).alias(way[carrier.name])
        for carrier in one.placed
    ]
    places = {way[carrier.name]: carrier.places for carrier in one.placed}
    sums = {way[name]: dimension.sums for name, dimension in one.subject.dimensions.items()}
    for measure in found.members[one.out.id][one.out.version]:
        part = cells.filter(pl.col("measure") == measure).select(*named, "value", *NUMBERS, "seen")
        concept = counted(found, one.subject.measures[measure])
        yield Publication(
            f"{one.out.id} {one.out.version}", concept, places, sums, part, zeros=one.subject.zeros
        )


def _within(earlier: Sequence[Publication], time: str, months: frozenset[str]) -> Iterator[Publication]:
    """The publications without the cells of other times, which nothing adds up with those of the table."""
    for one in earlier:
        held = [code for code, place in one.places.get(time, {}).items() if place is None or place & months]
        cells = one.cells.filter(pl.col(time).is_in(held)) if time in one.places else one.cells
        if cells.height:
            yield Publication(one.name, one.concept, one.places, one.sums, cells, zeros=one.zeros)


_PERMISSIONS = Text("Kiểm tra quyền ghi và dung lượng đĩa.", "Check the permissions and the free disk space.")
