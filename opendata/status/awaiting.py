"""What of the calendar is overdue, and what comes next."""

from __future__ import annotations

from datetime import datetime

from catalog.errors import Problem, Text
from opendata.errors import OpendataError
from opendata.schedule.calendar import Row, rows
from opendata.words import day
from opendata.workspace import Workspace


def awaited(
    workspace: Workspace, dataset: str | None, *, now: datetime
) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    """Everything that is overdue, and the next release of each dataset with a schedule; and why that cannot be told.

    Args:
        workspace: The workspace.
        dataset: Only this dataset.
        now: The moment.
    """
    try:
        found = [row for row in rows(workspace, now=now) if dataset in (None, row.id)]
    except OpendataError as refused:  # a spec that is not as it must be
        return (), refused.problems
    coming: dict[str, Row] = {}
    for row in found:
        if row.state == "due":
            coming.setdefault(row.id, row)
    late = [row for row in found if row.state == "late"]
    return (*late, *coming.values()), ()


def told(row: Row) -> Text:
    """A release that is awaited, in words."""
    start, end, due = day(row.due.start), day(row.due.end), day(row.due.day)
    if row.state == "late":
        return Text(
            f"! {row.id}: kỳ {start.vi}–{end.vi} quá hạn {row.late_days} ngày (hạn {due.vi})",
            f"! {row.id}: {start.en} to {end.en} is overdue by {row.late_days} days (due {due.en})",
        )
    return Text(
        f"  {row.id}: kỳ {start.vi}–{end.vi} đến hạn {due.vi}",
        f"  {row.id}: {start.en} to {end.en} is due {due.en}",
    )
