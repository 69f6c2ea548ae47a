"""The release calendar: what came when, and how late; what is awaited; what will come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Literal

import catalog
from catalog.frequencies import months_later
from opendata.ledger import Event, open_ledger
from opendata.schedule import history
from opendata.schedule.moments import Due, late_days, local
from opendata.schedule.section import Schedule
from opendata.spec import Spec
from opendata.workspace import Workspace

MONTHS = 12  # of the future that a calendar tells unless it is told otherwise
State = Literal["published", "late", "due"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the calendar.

    Attributes:
        id: The dataset's id.
        title: Its title.
        timezone: In which the day of `due` is a day.
        due: What is or was promised.
        state: "published"; "late" when its day is over without it; "due" before.
        version: The version that told the period first; empty while there is none.
        published: When that one was published, in UTC.
        late_days: How many days after its day it came, or is awaited since.
    """

    id: str
    title: catalog.Labels
    timezone: str
    due: Due
    state: State
    version: str
    published: datetime | None
    late_days: int


def rows(workspace: Workspace, *, now: datetime, months: int = MONTHS) -> list[Row]:
    """The calendar of every dataset that has a schedule, in the order of what is due.

    Args:
        workspace: The workspace.
        now: The moment that parts the past from the future.
        months: How many months of the future.

    Raises:
        SpecError: When a spec is not as it must be.
        VerificationError: When the ledger or a published release cannot be read: then nobody knows what was late.
    """
    specs = {name: workspace.spec(name) for name in workspace.datasets()}
    scheduled = {name: spec for name, spec in specs.items() if spec.schedule is not None}
    if not scheduled:
        return []
    events = open_ledger(workspace).events()
    until = datetime.combine(months_later(now.date(), months), time.max, UTC)
    found = []
    for name, spec in scheduled.items():
        own = [event for event in events if event.dataset == name]
        found += _of(workspace, (name, spec), own, (now, until))
    return sorted(found, key=lambda row: (row.due, row.id))


def as_json(found: Iterable[Row], *, now: datetime) -> str:
    """The calendar for machines: moments in UTC, days where the publisher is."""
    said = {
        "format": "ytemo-calendar/1",
        "as_of": local(now).isoformat(),
        "releases": [_said(row) for row in found],
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _of(
    workspace: Workspace,
    dataset: tuple[str, Spec],
    events: Sequence[Event],
    window: tuple[datetime, datetime],
) -> list[Row]:
    (name, spec), (now, until) = dataset, window
    schedule = spec.schedule
    if schedule is None:
        return []
    seen = history.published(workspace.root / "releases" / name, events)
    return [_row(dataset, schedule, one, now) for one in history.met(spec, seen, until=until)]


def _row(dataset: tuple[str, Spec], schedule: Schedule, one: history.Met, now: datetime) -> Row:
    name, spec = dataset
    late = late_days(schedule, one.due, one.by.at if one.by else now)
    state: State = "published" if one.by else "late" if late else "due"
    title, zone = spec.entry.title, schedule.timezone
    if one.by is None:
        return Row(name, title, zone, one.due, state, "", None, late)
    return Row(name, title, zone, one.due, state, one.by.version, one.by.at, late)


def _said(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": {"vi": row.title.vi, "en": row.title.en},
        "due": _stamp(row.due.moment),
        "day": row.due.day.isoformat(),
        "timezone": row.timezone,
        "period": {"start": row.due.start.isoformat(), "end": row.due.end.isoformat()},
        "state": row.state,
        "version": row.version or None,
        "published": _stamp(row.published) if row.published else None,
        "late_days": row.late_days,
    }


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
