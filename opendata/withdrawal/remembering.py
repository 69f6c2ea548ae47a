"""What the ledger knows of versions that were withdrawn."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from catalog.entry import Contact
from catalog.errors import Problem, Text
from catalog.labels import Labels
from opendata import atomic
from opendata.approvals import table
from opendata.approvals.acts import check_signed
from opendata.errors import OpendataError, SpecError, VerificationError
from opendata.ledger import Event, open_ledger
from opendata.messages import unwritable
from opendata.release import MANIFEST, beside, digest, order
from opendata.withdrawal.tombstone import Tombstone, written
from opendata.workspace import Workspace

Stones = Mapping[str, tuple[Tombstone, ...]]  # dataset id -> its withdrawn versions, oldest first


def tombstones(workspace: Workspace, dataset: str | None = None) -> Stones:
    """The tombstones of all versions that are withdrawn now.

    Args:
        workspace: The workspace.
        dataset: Only of this dataset; by default of all.

    Raises:
        VerificationError: When the ledger is not whole, or holds a withdrawal that nobody signed.
    """
    lives: dict[tuple[str, str], list[Event]] = {}
    for event in open_ledger(workspace).events(dataset):
        lives.setdefault((event.dataset, event.version), []).append(event)
    found: dict[str, list[Tombstone]] = {}
    for (name, _), lived in lives.items():
        if (last := withdrawal(lived)) is not None:
            found.setdefault(name, []).append(tombstone(workspace, last))
    return {
        name: tuple(sorted(stones, key=lambda stone: order(stone.version)))
        for name, stones in sorted(found.items())
    }


def mark(workspace: Workspace, dataset: str, version: str) -> None:
    """Put the tombstone of a version beside its folder, or take it away, as the ledger says; for local readers.

    Raises:
        VerificationError: When the ledger is not whole.
        SpecError: When it cannot be written.
    """
    event = withdrawal(open_ledger(workspace).events(dataset, version))
    path = beside(workspace.root / "releases" / dataset / version)
    try:
        if event is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, written(tombstone(workspace, event)).encode(), mode=0o644)
    except OSError as error:
        raise SpecError([Problem(f"{dataset}/{path.name}", unwritable(error), _PERMISSIONS)]) from None


def withdrawal(events: Iterable[Event]) -> Event | None:
    """The event with which a version was withdrawn; None when it is not, or not any more.

    Args:
        events: Of this version, oldest first.

    Raises:
        VerificationError: When the events cannot have followed each other.
    """
    listed = list(events)
    if not any(event.kind == "withdrawn" for event in listed) or table.state(listed) != "withdrawn":
        return None
    return next(event for event in reversed(listed) if event.kind == "withdrawn")


def tombstone(workspace: Workspace, event: Event) -> Tombstone:
    """The tombstone of a version, from the signed act in the ledger and from what lies in the workspace.

    Args:
        workspace: The workspace; the release stays in it.
        event: From `withdrawal`.

    Raises:
        VerificationError: When the act is not one, or not about this version.
    """
    place = f"ledger, event {event.number}"
    act = check_signed(event.facts, place=place)
    folder = workspace.root / "releases" / event.dataset / event.version
    manifest = _manifest(folder, event.manifest)
    try:
        said = act.statement
        if (said["act"], said["dataset"], said["version"]) != ("withdraw", event.dataset, event.version):
            raise ValueError
        return Tombstone(
            event.dataset,
            event.version,
            _title(workspace, event.dataset, manifest),
            Labels.model_validate(said["reason"]),
            str(said["article"]),
            datetime.fromisoformat(said["at"]),
            said["emergency"] is True,
            None if said["successor"] is None else str(said["successor"]),
            _files(manifest, event.manifest),
            _contact(manifest),
            act.facts,
        )
    except (ValueError, KeyError, TypeError, ValidationError):
        raise VerificationError([Problem(place, _NO_ACT, _TELL)]) from None


def _manifest(folder: Path, sha256: str) -> dict[str, Any]:
    """What was withdrawn, as its manifest says; empty when the folder is damaged, which must not stop a withdrawal."""
    try:
        if digest(folder / MANIFEST) == sha256:
            found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            return found
    except (OSError, ValueError):
        pass
    return {}


def _files(manifest: Mapping[str, Any], sha256: str) -> tuple[tuple[str, str], ...]:
    listed = {str(file["name"]): str(file["sha256"]) for file in manifest.get("files", ())}
    return tuple(sorted((listed | {MANIFEST: sha256}).items()))


def _title(workspace: Workspace, dataset: str, manifest: Mapping[str, Any]) -> Labels:
    if "title" in manifest:
        return Labels.model_validate(manifest["title"])
    try:
        return workspace.spec(dataset).entry.title
    except OpendataError:
        return Labels(vi=dataset, en=dataset)


def _contact(manifest: Mapping[str, Any]) -> Contact | None:
    return Contact.model_validate(manifest["entry"]["contact"]) if "entry" in manifest else None


_PERMISSIONS = Text("Kiểm tra quyền ghi và dung lượng đĩa.", "Check the permissions and the free disk space.")
_NO_ACT = Text("không phải một quyết định thu hồi.", "is not an act of withdrawal.")
_TELL = Text("Báo người phụ trách sổ cái.", "Tell whoever is in charge of the ledger.")
