"""Which versions the site may show: those that people have approved, once they are due."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from opendata.approvals import Case, State, life
from opendata.approvals.proving import in_rehearsal, proven
from opendata.errors import VerificationError
from opendata.ledger import Event, Ledger, open_ledger
from opendata.release import MANIFEST, digest, versions
from opendata.schedule import embargo
from opendata.workspace import Workspace

_OUT: Collection[State] = ("approved", "published", "superseded")
_UNDECIDED: Collection[State] = ("draft", "submitted")


def visible(workspace: Workspace, *, now: datetime) -> dict[str, list[str]]:
    """The versions that may be shown, by dataset; what the ledger calls approved must have been signed for.

    Where nobody approves (`[[people]]` of opendata.toml is empty) a site is a preview of what was written, but of
    nothing that is not due yet, or that was withdrawn. Where people are there for a rehearsal only it is a preview
    of what they approved; as soon as there is anybody else, nothing that was approved in a rehearsal is shown.

    Args:
        workspace: The workspace.
        now: The moment.

    Returns:
        Dataset id -> versions, oldest first; datasets without any are left out.

    Raises:
        VerificationError: When the ledger is not whole: then nobody knows.
        SpecError: When the spec of a dataset cannot be read.
        GateError: When approvals in the ledger do not count: somebody wrote them who could not.
    """
    book = open_ledger(workspace)
    events = _whole(book)
    people = workspace.config.people
    shown = _OUT if people else (*_OUT, *_UNDECIDED)
    earnest = not all(person.rehearsal for person in people)
    found = {}
    for folder in sorted(path for path in (workspace.root / "releases").glob("*") if path.is_dir()):
        own = [event for event in events if event.dataset == folder.name]
        spec = embargo.spec_of(workspace, folder.name)
        kept = [
            version
            for version in versions(folder)
            if _state(own, version) in shown
            and (spec is None or embargo.still_held(spec, folder / version, now=now) is None)
        ]
        if people:
            cases = [Case(workspace, book, folder.name, v, digest(folder / v / MANIFEST)) for v in kept]
            kept = [case.version for case in cases if _approved(case, events, earnest=earnest)]
        if kept:
            found[folder.name] = kept
    return found


def _approved(case: Case, events: list[Event], *, earnest: bool) -> bool:
    """Whether a version's approvals, which must be good ones, are for the public."""
    acts = proven(case, events)
    return not (earnest and in_rehearsal(case, acts))


def _state(events: list[Event], version: str) -> State:
    return life(event for event in events if event.version == version).state


def _whole(book: Ledger) -> list[Event]:
    problems = book.check()
    if problems:
        raise VerificationError(problems)
    return book.events()
