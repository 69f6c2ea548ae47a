"""What people do with a version: submit, approve, return, refuse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from catalog.columns import Edition
from catalog.dcat import version_iri
from catalog.entry import Entry
from catalog.errors import Problem, Text
from opendata import gates, provenance
from opendata.approvals import persons, standing, table
from opendata.approvals.acts import Key
from opendata.approvals.attacked import attacked
from opendata.approvals.cases import Case, case_of, submission
from opendata.approvals.permits import complete
from opendata.approvals.recording import Said, record
from opendata.approvals.terms import terms
from opendata.errors import GateError, SpecError
from opendata.ledger import Event, Ledger, Writer
from opendata.release import Release


def submit(release: Release, key: Key, *, why: str, book: Ledger | None = None) -> Event:
    """Submit a written release for approval.

    When its author is a scheduler and standing approvals cover it, it is approved by them at once.

    Args:
        release: The release, where it was written.
        key: Of its author or scheduler.
        why: What it is, in a sentence that everybody may read.
        book: The ledger; by default that of the workspace.

    Returns:
        The event `submitted`.

    Raises:
        GateError: When the state, the person or the key does not allow it, or the release was not built here.
        VerificationError: When the release, the ledger or the disclosure memory is not whole.
        PersonalDataError: When the reason holds personal data.
        SpecError: When there is no reason.
    """
    _reasoned(why)
    case = case_of(release, book=book)
    person = persons.require(persons.people(case.workspace), key.id)
    more: dict[str, Any] = {
        "approvers": case.workspace.config.governance.approvers,
        "environment": _environment(release),
        "entity": _entity(release),
    }
    if "scheduler" in person.roles:
        with suppress(GateError):  # a list of databases declares no protection: people approve it
            more["terms"] = terms(case.folder)
    attacked(case, case.book.events(case.dataset, case.version))
    with case.book.writing() as writer:
        event = _perform(case, writer, key, ("submit", why, more))
        standing.apply(case, writer, event)
    complete(case)
    return event


def approve(release: Release, key: Key, *, why: str = "", book: Ledger | None = None) -> Event:
    """Approve a submitted release: these very bytes, and no others.

    With the last approval that is needed, `approvals.jsonld` is written beside the release's files.

    Args:
        release: The release, where it was written.
        key: Of an approver who is not its author.
        why: What the approver found; everybody may read it.
        book: The ledger; by default that of the workspace.

    Returns:
        The event `approved`.

    Raises:
        GateError: When the state, the person or the key does not allow it, or the release was not built here.
        VerificationError: When the release, the ledger or the disclosure memory is not whole.
        PersonalDataError: When the reason holds personal data.
    """
    case = case_of(release, book=book)
    attacked(case, case.book.events(case.dataset, case.version))
    event = perform(case, key, "approve", why=why)
    complete(case)
    return event


def return_(release: Release, key: Key, *, why: str, book: Ledger | None = None) -> Event:
    """Return a release to its author, who must make a new version; this one is never published.

    Args:
        release: The release, where it was written.
        key: Of an approver who is not its author.
        why: What must be changed.
        book: The ledger; by default that of the workspace.

    Raises:
        GateError: When the state, the person or the key does not allow it.
        VerificationError: When the release or the ledger is not whole.
        PersonalDataError: When the reason holds personal data.
        SpecError: When there is no reason.
    """
    _reasoned(why)
    return perform(case_of(release, book=book), key, "return", why=why)


def refuse(release: Release, key: Key, *, why: str, book: Ledger | None = None) -> Event:
    """Refuse a release for good.

    Args:
        release: The release, where it was written.
        key: Of an approver who is not its author.
        why: The reason.
        book: The ledger; by default that of the workspace.

    Raises:
        GateError: When the state, the person or the key does not allow it.
        VerificationError: When the release or the ledger is not whole.
        PersonalDataError: When the reason holds personal data.
        SpecError: When there is no reason.
    """
    _reasoned(why)
    return perform(case_of(release, book=book), key, "refuse", why=why)


def perform(case: Case, key: Key, act: str, *, why: str, more: Mapping[str, Any] | None = None) -> Event:
    """Do an act of the state table that people do: checked, signed and written into the ledger.

    Args:
        case: The version.
        key: Of whoever acts.
        act: "approve", "return", "refuse", "withdraw", "restore".
        why: The reason.
        more: What the statement says besides.

    Returns:
        The event.

    Raises:
        GateError: When the state, the person or the key does not allow it.
        VerificationError: When the ledger is not whole.
        PersonalDataError: When the reason holds personal data.
    """
    if why:
        gates.personal_data([("why", why)])
    with case.book.writing() as writer:
        return _perform(case, writer, key, (act, why, more or {}))


def _perform(case: Case, writer: Writer, key: Key, said: tuple[str, str, Mapping[str, Any]]) -> Event:
    act, why, more = said
    events = writer.events(case.dataset, case.version)
    line = table.require(table.life(events), act, key.id, place=case.place)
    at, known = case.book.clock(), writer.events("")
    person = persons.permit(case.workspace, key, roles=line.roles, at=at, known=known)
    submitted = submission(events)
    if submitted is not None:
        _same_bytes(case, submitted)
        if act != "withdraw":
            _another(case, key, submitted)
    more = {**more, **persons.signs_as(person, line.roles)}
    return record(case.book, writer, key, Said(act, line.event, case.subject, why, more))


def _same_bytes(case: Case, submitted: Event) -> None:
    """What was submitted is what is acted on."""
    if case.manifest != submitted.manifest:
        raise GateError([Problem(case.place, _CHANGED, _NEW_VERSION)])


def _another(case: Case, key: Key, submitted: Event) -> None:
    """Nobody decides about what they made, under whatever id."""
    if key.id == submitted.who or key.public == submitted.facts.get("key"):
        raise GateError([Problem(f"{case.place}: {key.id}", _AUTHOR, _SOMEBODY)])


def _environment(release: Release) -> dict[str, Any]:
    """What the release was made with, as far as everybody may know."""
    found = provenance.made_with(release)
    environment = found["environment"]
    return {
        "code": found["code"],
        "python": environment["python"],
        "packages_sha256": environment["sha256"],
        "workspace": found["workspace"]["git"],
    }


def _entity(release: Release) -> str:
    """What `prov.jsonld` and the catalogue call this version; empty for one without a catalogue record."""
    manifest = release.manifest
    if "entry" not in manifest or "released" not in manifest:
        return ""
    entry, released = Entry.model_validate_json(json.dumps(manifest["entry"])), manifest["released"]
    return version_iri(Edition(release.id, release.version, date.fromisoformat(released), entry, ()))


def _reasoned(why: str) -> None:
    if not why.strip():
        raise SpecError([Problem("--why", _NO_REASON, _SAY_WHY)])
    gates.personal_data([("why", why)])


_CHANGED = Text("nội dung không còn là bản đã trình.", "its content is not what was submitted any more.")
_NEW_VERSION = Text(
    "Tạo phiên bản mới (opendata build) rồi trình lại.",
    "Make a new version (opendata build) and submit that.",
)
_AUTHOR = Text("người trình không được tự quyết định.", "whoever submitted it cannot decide about it.")
_SOMEBODY = Text("Cần người khác có vai trò approver.", "Somebody else with the role approver must.")
_NO_REASON = Text("cần có lý do.", "a reason is needed.")
_SAY_WHY = Text("Ghi một câu ngắn; ai cũng đọc được.", "Write a short sentence; everybody may read it.")
