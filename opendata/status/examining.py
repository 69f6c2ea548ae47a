"""One look at a whole workspace."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from catalog.errors import Problem
from opendata.approvals import anchors
from opendata.approvals.cases import Case
from opendata.errors import VerificationError
from opendata.ledger import Event, Ledger, building, open_ledger
from opendata.ledger.store import Clock, now
from opendata.lock import exclusive
from opendata.release import order, release_manifest
from opendata.schedule.calendar import Row
from opendata.status import deciding, integrity
from opendata.status.awaiting import awaited
from opendata.status.standing import Standing, by_version, standing
from opendata.workspace import Workspace

_JUST_NOW = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Status:
    """What was found.

    Attributes:
        versions: Every version that the ledger knows, by dataset, oldest first.
        problems: Whatever is not as it was written down; empty when all is well.
        awaited: What is overdue by the calendar, then the next release of each dataset.
    """

    versions: tuple[Standing, ...]
    problems: tuple[Problem, ...]
    awaited: tuple[Row, ...] = ()


def examine(workspace: Workspace, dataset: str | None = None, *, clock: Clock = now) -> Status:
    """Read the ledger whole and compare it with everything that lies in the workspace.

    A build that was interrupted after its release had its name is written down first.

    Args:
        workspace: The workspace.
        dataset: Look only at the releases of this dataset; the ledger is checked whole all the same.
        clock: What time it is.

    Raises:
        SpecError: When the ledger's database cannot be reached.
    """
    book = open_ledger(workspace, clock=clock)
    found, last = _look(workspace, book, dataset)
    if found.problems and last is not None and abs(book.clock() - last.at) < _JUST_NOW:
        time.sleep(_JUST_NOW.total_seconds() / 10)  # somebody is at work: what was half done is done by then
        return _look(workspace, book, dataset)[0]
    return found


def _look(workspace: Workspace, book: Ledger, dataset: str | None) -> tuple[Status, Event | None]:
    """What is to be seen now, and the last event."""
    releases = workspace.root / "releases"
    # The disk first: what is built meanwhile is then in the ledger that is read after it.
    found = {one for one in integrity.on_disk(releases) if dataset in (None, one[0])}
    try:
        _heal(book, releases)
        events = book.events()
    except VerificationError as refused:
        return Status((), refused.problems), None
    documented, unreadable = anchors(workspace)
    chain = book.check(anchors=[*documented, *_stated(events)])
    asked = {event.dataset for event in events if dataset in (None, event.dataset)}
    here = {one for one in asked if book.path is not None or integrity.is_here(workspace, one)}
    built = [event for event in events if event.kind == "built" and event.dataset in here]
    standings, against_rules = _standings(workspace, events, dataset)
    rows, untold = awaited(workspace, dataset, now=book.clock())
    problems = [
        *chain,
        *deciding.unsigned(events),
        *deciding.unvouched(workspace, events),
        *integrity.contradicting(built),
        *(problem for event in built for problem in integrity.altered(releases, event)),
        *integrity.unknown(found, built),
        *unreadable,
        *against_rules,
        *_unproven(workspace, book, events, here),
        *untold,
    ]
    return Status(standings, tuple(dict.fromkeys(problems)), rows), events[-1] if events else None


def _heal(book: Ledger, releases: Path) -> None:
    for folder in {note.parent for note in releases.glob(f"*/{building.NOTE}*")}:
        with exclusive(folder / ".lock"):
            building.heal(book, folder)


def _standings(
    workspace: Workspace, events: Iterable[Event], dataset: str | None
) -> tuple[tuple[Standing, ...], list[Problem]]:
    versions = by_version(events)
    chosen = sorted((one for one in versions if dataset in (None, one[0])), key=lambda v: (v[0], order(v[1])))
    told = [standing(versions[one], released=_released(workspace.root, *one)) for one in chosen]
    return tuple(one for one, _ in told), [problem for _, problems in told for problem in problems]


def _released(root: Path, dataset: str, version: str) -> str:
    try:
        return str(release_manifest(root / "releases" / dataset / version).get("released", ""))
    except VerificationError:  # told by `integrity.altered`
        return ""


def _unproven(workspace: Workspace, book: Ledger, events: list[Event], here: set[str]) -> Iterator[Problem]:
    for (id, version), own in by_version(events).items():
        if id in here:
            manifest = next((event.manifest for event in own if event.kind == "built"), "")
            yield from deciding.unproven(Case(workspace, book, id, version, manifest), own, events)


def _stated(events: Iterable[Event]) -> Iterator[tuple[str, int, str]]:
    for event in events:
        yield from integrity.anchors(event.facts, f"ledger, event {event.number}")
