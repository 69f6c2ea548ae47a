"""A due release on its way: what it takes to make and publish it, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from opendata.approvals import Key, State, state
from opendata.datasets import Dataset
from opendata.ledger import Event, Ledger, open_ledger
from opendata.ledger.store import Clock, now
from opendata.pipeline import Progress, silent
from opendata.portal import Portal
from opendata.release import Release, release_manifest, versions
from opendata.schedule.moments import Due, late_days
from opendata.schedule.section import Schedule
from opendata.spec import Spec
from opendata.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Means:
    """What a run works with.

    Attributes:
        workspace: The workspace.
        portal: Where it publishes.
        key: Of the scheduler, who submits what is due; None when nobody may, and it can only be built.
        clock: What time it is.
        pause: Waits some seconds before a portal is asked again.
        progress: Told what happens.
    """

    workspace: Workspace
    portal: Portal
    key: Key | None = field(default=None, repr=False)
    clock: Clock = now
    pause: Callable[[float], None] = field(default=lambda seconds: None, repr=False)
    progress: Progress = field(default=silent, repr=False)

    @property
    def book(self) -> Ledger:
        """The ledger, which tells the same time."""
        return open_ledger(self.workspace, clock=self.clock)


@dataclass(frozen=True, slots=True)
class Task:
    """One release that is due.

    Attributes:
        means: What it is made and published with.
        id: The dataset's id.
        spec: Its spec, as declared.
        schedule: Its schedule.
        due: What is due.
        retries: How often a portal in trouble is asked again.
        version: The version that told the period already, by this run or by hand; empty while there is none.
    """

    means: Means
    id: str
    spec: Spec
    schedule: Schedule
    due: Due
    retries: int = 0
    version: str = ""

    @property
    def folder(self) -> Path:
        """`releases/<id>/`."""
        return self.means.workspace.root / "releases" / self.id

    @property
    def dataset(self) -> Dataset:
        """The dataset as it is on the due day."""
        return Dataset(self.id, self.spec.at(self.due), self.means.workspace)

    @property
    def why(self) -> str:
        """The reason for which it is submitted."""
        period = f"{self.due.start.isoformat()} – {self.due.end.isoformat()}"
        return f"Phát hành theo lịch / Scheduled release {self.due.day.isoformat()}: {period}"


def written(task: Task) -> Release | None:
    """The version that told what is due, or the newest that was written for it; None before there is one.

    Raises:
        VerificationError: When a manifest cannot be read.
    """
    if task.version:
        return Release(task.folder / task.version, task.id, task.version)
    for version in reversed(versions(task.folder)):
        if _dates(task.folder / version) == (task.due.day, task.due.end):
            return Release(task.folder / version, task.id, version)
    return None


def standing(task: Task, release: Release) -> State:
    """Where a version stands.

    Raises:
        VerificationError: When the ledger is not whole.
    """
    return state(history(task, release))


def history(task: Task, release: Release) -> list[Event]:
    """What the ledger holds of a version, oldest first."""
    return task.means.book.events(release.id, release.version)


def passed(task: Task) -> bool:
    """Whether the moment is over at which it was due."""
    return task.due.moment <= task.means.clock()


def late_by(task: Task) -> int:
    """How many days after its day the release was published, or is awaited by now.

    Raises:
        VerificationError: When the ledger or a manifest cannot be read.
    """
    release = written(task)
    events = history(task, release) if release else []
    out = next((event.at for event in events if event.kind == "published"), task.means.clock())
    return late_days(task.schedule, task.due, out)


def _dates(directory: Path) -> tuple[date, date] | None:
    manifest = release_manifest(directory)
    try:
        return (
            date.fromisoformat(manifest["released"]),
            date.fromisoformat(manifest["entry"]["temporal"]["end"]),
        )
    except (KeyError, TypeError, ValueError):
        return None  # of another format: none that this program wrote for a due day
