"""The open-data list (Decree 102/2025, Articles 18(3), 22(2)) and the coverage of the 24 groups of Article 5."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from catalog import law
from catalog.databases import Database
from catalog.entry import Entry
from catalog.frequencies import months_later, next_due
from catalog.labels import Labels

OpenDataStatus = Literal["planned", "published", "overdue", "withdrawn"]


@dataclass(frozen=True, slots=True)
class OpenDataset:
    """A dataset of the open-data list.

    Attributes:
        id: Its id.
        entry: Its catalogue record.
        version: Newest version that was released; None before the first.
        released: Day of that version.
        declared: Whether the workspace still declares it; one that was released and is not any more is withdrawn.
        withdrawn: Day on which the last version that was out was withdrawn; None while one is.
    """

    id: str
    entry: Entry
    version: str | None = None
    released: date | None = None
    declared: bool = True
    withdrawn: date | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What there is of one group of Article 5.

    Attributes:
        group: Its number.
        labels: Its name.
        databases: How many databases hold data of the group.
        datasets: How many open datasets do, by status.
    """

    group: int
    labels: Labels
    databases: int
    datasets: dict[OpenDataStatus, int]


def due(dataset: OpenDataset) -> date | None:
    """The last day on which the next version is on time; None when no further one is promised."""
    if not dataset.declared or dataset.withdrawn:
        return None
    if dataset.released is None:
        return dataset.entry.modified or dataset.entry.issued
    return next_due(dataset.released, dataset.entry.frequency)


def status(dataset: OpenDataset, *, today: date) -> OpenDataStatus:
    """Where a dataset stands on a day: overdue when its first or next version should have come before."""
    if not dataset.declared or dataset.withdrawn:
        return "withdrawn"
    until = due(dataset)
    if until is not None and until < today:
        return "overdue"
    return "planned" if dataset.released is None else "published"


def open_data_list(datasets: Iterable[OpenDataset]) -> tuple[OpenDataset, ...]:
    """The datasets of the access class "open", by owner, first group and id.

    Other classes are listed as databases, with the route of access.
    """
    listed = [dataset for dataset in datasets if dataset.entry.access == "open"]
    return tuple(sorted(listed, key=lambda d: (d.entry.publisher.name.vi, sorted(d.entry.groups), d.id)))


def coverage(
    databases: Iterable[Database], datasets: Iterable[OpenDataset], *, today: date
) -> tuple[Coverage, ...]:
    """All 24 groups, also those of which there is nothing yet."""
    held = Counter(group for database in databases for group in database.groups)
    shown = Counter(
        (group, status(dataset, today=today))
        for dataset in open_data_list(datasets)
        for group in set(dataset.entry.groups)
    )
    statuses: tuple[OpenDataStatus, ...] = ("planned", "published", "overdue", "withdrawn")
    return tuple(
        Coverage(number, group.labels, held[number], {name: shown[number, name] for name in statuses})
        for number, group in sorted(law.groups().items())
    )


def review_due(database: Database, *, months: int) -> date:
    """The day by which the record of a database is to be reviewed again."""
    return months_later(database.reviewed, months)


def reviews_overdue(databases: dict[str, Database], *, months: int, today: date) -> Sequence[str]:
    """Ids of the databases whose record should have been reviewed before a day."""
    return sorted(name for name, found in databases.items() if review_due(found, months=months) < today)
