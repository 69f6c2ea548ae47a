"""One look at a whole workspace."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.errors import Problem
from opendata.approvals.acts import check_signed
from opendata.approvals.people import people, vouched
from opendata.errors import OpendataError, VerificationError
from opendata.ledger import Event, Ledger, building, open_ledger
from opendata.lock import exclusive
from opendata.release import order, release_manifest
from opendata.status import integrity
from opendata.status.standing import Standing, by_version, standing
from opendata.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Status:
    """What was found.

    Attributes:
        versions: Every version that the ledger knows, by dataset, oldest first.
        problems: Whatever is not as it was written down; empty when all is well.
    """

    versions: tuple[Standing, ...]
    problems: tuple[Problem, ...]


def examine(workspace: Workspace, dataset: str | None = None) -> Status:
    """Read the ledger whole and compare it with everything that lies in the workspace.

    A build that was interrupted after its release had its name is written down first.

    Args:
        workspace: The workspace.
        dataset: Look only at the releases of this dataset; the ledger is checked whole all the same.

    Raises:
        SpecError: When the ledger's database cannot be reached.
    """
    book, releases = open_ledger(workspace), workspace.root / "releases"
    # The disk first: what is built meanwhile is then in the ledger that is read after it.
    found = {one for one in integrity.on_disk(releases) if dataset in (None, one[0])}
    try:
        _heal(book, releases)
        events = book.events()
    except VerificationError as refused:
        return Status((), refused.problems)
    documents = [folder / APPROVALS for folder in (releases / d / v for d, v in sorted(found))]
    chain = book.check(anchors=[*_documented(documents, workspace.root), *_stated(events)])
    built = [event for event in events if event.kind == "built" and dataset in (None, event.dataset)]
    standings, against_rules = _standings(workspace, events, dataset)
    problems = [
        *chain,
        *integrity.contradicting(built),
        *(problem for event in built for problem in integrity.altered(releases, event)),
        *integrity.unknown(found, built),
        *against_rules,
        *_unsigned(events),
        *_unvouched(workspace, events),
    ]
    return Status(standings, tuple(dict.fromkeys(problems)))


def _heal(book: Ledger, releases: Path) -> None:
    for folder in {note.parent for note in releases.glob(f"*/{building.NOTE}*")}:
        with exclusive(folder / ".lock"):
            building.heal(book, folder)


def _standings(
    workspace: Workspace, events: Iterable[Event], dataset: str | None
) -> tuple[tuple[Standing, ...], list[Problem]]:
    approvers = workspace.config.governance.approvers
    versions = by_version(events)
    chosen = sorted((one for one in versions if dataset in (None, one[0])), key=lambda v: (v[0], order(v[1])))
    told = [
        standing(versions[one], approvers=approvers, released=_released(workspace.root, *one))
        for one in chosen
    ]
    return tuple(one for one, _ in told), [problem for _, problems in told for problem in problems]


def _released(root: Path, dataset: str, version: str) -> str:
    try:
        return str(release_manifest(root / "releases" / dataset / version).get("released", ""))
    except VerificationError:  # told by `integrity.altered`
        return ""


def _stated(events: Iterable[Event]) -> Iterator[tuple[str, int, str]]:
    for event in events:
        yield from integrity.anchors(event.facts, f"ledger, event {event.number}")


def _documented(documents: Iterable[Path], root: Path) -> Iterator[tuple[str, int, str]]:
    for path in documents:
        place = path.relative_to(root).as_posix()
        try:
            yield from integrity.anchors(json.loads(path.read_text(encoding="utf-8")), place)
        except FileNotFoundError:
            continue
        except (OSError, ValueError, RecursionError):
            yield place, -1, ""  # an event that no ledger holds


def _unsigned(events: Iterable[Event]) -> list[Problem]:
    """Acts in the ledger whose signature is not right."""
    found: list[Problem] = []
    for event in events:
        if "statement" in event.facts:
            try:
                check_signed(event.facts, place=f"ledger, event {event.number}")
            except VerificationError as refused:
                found += refused.problems
    return found


def _unvouched(workspace: Workspace, events: Iterable[Event]) -> list[Problem]:
    """People of opendata.toml whose key, roles or title the ledger does not know."""
    found: list[Problem] = []
    added = [event for event in events if event.kind == "key_added"]
    after = max((event.number for event in added), default=0) + 1
    for person in people(workspace).values():
        try:
            vouched(person, added, before=after)
        except OpendataError as refused:
            found += refused.problems
    return found


APPROVALS = "approvals.jsonld"
