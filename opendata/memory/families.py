"""Which measures of which releases count the same as a table does: its family, and the cells it can have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from opendata.memory import shelf
from opendata.memory.releases import Out
from opendata.memory.shelf import Shelf
from opendata.memory.subjects import Subject
from opendata.memory.trees import joined


@dataclass(frozen=True, slots=True)
class Family:
    """What a table is judged with.

    Attributes:
        concepts: What tells of a measure -> what it counts, for all that the table touches.
        members: Dataset -> version -> its measures that count something the table touches.
        parts: Pairs of concepts of which the first never exceeds the second.
    """

    concepts: Mapping[str, str]
    members: Mapping[str, Mapping[str, tuple[str, ...]]]
    parts: tuple[tuple[str, str], ...]


def family(subject: Subject, shelves: Mapping[str, Shelf]) -> Family:
    """The family of a table among all that is out.

    Measures count the same when they have a concept in common, or come from the same column of the same file; and what
    is a part of something belongs to it.

    Args:
        subject: What the table counts.
        shelves: All datasets that are out.
    """
    every = [subject.measures, *(said for one in shelves.values() for said, _ in _told(one))]
    group = _groups(every)
    pairs = _pairs(subject.measures, subject.parts, group)
    pairs |= {
        pair for one in shelves.values() for said, parts in _told(one) for pair in _pairs(said, parts, group)
    }
    touched = {group[_any(said)] for said in subject.measures.values()}
    together = joined(group.values(), pairs)
    reached = {together[one] for one in touched}
    label = {group[_any(said)]: name for name, said in reversed([*subject.measures.items()])}
    kept = {said: label.get(one, one) for said, one in group.items() if together[one] in reached}
    members = {
        one.id: {
            out.version: tuple(
                name for name, said in shelf.measures(one, out.version).items() if _any(said) in kept
            )
            for out in one.out
        }
        for one in shelves.values()
    }
    shown = {
        (label.get(part, part), label.get(whole, whole)) for part, whole in pairs if together[part] in reached
    }
    return Family(
        kept,
        {
            id: {v: found for v, found in of.items() if found}
            for id, of in members.items()
            if any(of.values())
        },
        tuple(sorted(shown)),
    )


def counted(found: Family, said: Iterable[str]) -> str:
    """What a measure of the family counts, by what tells of it."""
    return found.concepts[_any(said)]


def seal(found: Family, shelves: Mapping[str, Shelf]) -> str:
    """SHA-256 of the releases that the family is made of: another one since, and the audit is worth nothing."""
    lines = [f"{one.id} {one.version} {one.manifest} {one.truth}" for one in _members(found, shelves)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _members(found: Family, shelves: Mapping[str, Shelf]) -> Iterator[Out]:
    return (
        one for id in sorted(found.members) for one in shelves[id].out if one.version in found.members[id]
    )


def _told(one: Shelf) -> Iterator[tuple[Mapping[str, frozenset[str]], list[tuple[str, str]]]]:
    return ((shelf.measures(one, out.version), shelf.parts(one, out.version)) for out in one.out)


def _groups(every: Iterable[Mapping[str, frozenset[str]]]) -> dict[str, str]:
    sets = {said for measures in every for said in measures.values()}
    pairs = {(_any(said), other) for said in sets for other in said}
    return joined({name for said in sets for name in said}, pairs)


def _pairs(
    measures: Mapping[str, frozenset[str]], parts: Iterable[tuple[str, str]], group: Mapping[str, str]
) -> set[tuple[str, str]]:
    return {(group[_any(measures[part])], group[_any(measures[whole])]) for part, whole in parts}


def _any(said: Iterable[str]) -> str:
    return min(said)
