"""`built`: a release that was written is in the ledger of its workspace, whatever crashed in between.

Before a release gets its name, a note with the digest of its manifest is put beside it; it is taken away when the event
is in the ledger. A note that is still there tells a crash from a folder that somebody put there.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from catalog.errors import Problem, Text
from opendata import workspace
from opendata.errors import SpecError
from opendata.ledger.events import Entry, Event
from opendata.ledger.store import Ledger, open_ledger
from opendata.release import MANIFEST, Release, digest, private_folder, release_manifest

NOTE = ".unrecorded-"
"""Name of the note, before the version."""


def book_of(directory: Path) -> Ledger | None:
    """The ledger of the workspace in which a release lies; None for one that lies elsewhere.

    Args:
        directory: `releases/<id>/<version>/` of a workspace, or any other folder.

    Raises:
        SpecError: When the workspace's `opendata.toml` is not as it must be.
    """
    releases = directory.resolve().parent.parent
    root = releases.parent
    if releases.name != "releases" or not (root / workspace.CONFIG).is_file():
        return None
    return open_ledger(workspace.find(root))


def announce(book: Ledger, directory: Path, sha256: str) -> None:
    """Note that a release is about to get its name.

    Args:
        book: The ledger.
        directory: Its folder, which is not there yet.
        sha256: Of its manifest.

    Raises:
        SpecError: When the ledger knows this version with another manifest: a version never changes.
        VerificationError: When the ledger is not whole.
    """
    _refuse_other(_found(book.events(directory.parent.name, directory.name)), directory, sha256)
    _note(directory).write_text(sha256, encoding="utf-8")


def record(book: Ledger, directory: Path, *, at: datetime | None = None) -> None:
    """Make sure that a release which stands is in the ledger, once.

    Args:
        book: The ledger.
        directory: The release's folder.
        at: When it was written; by default now.

    Raises:
        SpecError: When the ledger knows this version with another manifest, or cannot be written.
        VerificationError: When the ledger is not whole, or the release cannot be read.
    """
    sha256 = digest(directory / MANIFEST)
    if _found(book.events(directory.parent.name, directory.name)) is None:
        with book.writing() as writer:
            if _found(writer.events(directory.parent.name, directory.name)) is None:  # nobody was faster
                writer.append(_entry(directory), at=at)
    _refuse_other(_found(book.events(directory.parent.name, directory.name)), directory, sha256)
    _note(directory).unlink(missing_ok=True)


def heal(book: Ledger, folder: Path) -> list[str]:
    """Write down what a crash left unrecorded; nobody else may be writing there.

    Args:
        book: The ledger.
        folder: `releases/<id>/`, whose lock the caller holds.

    Returns:
        The versions that were written down now.

    Raises:
        SpecError: As `record`.
        VerificationError: As `record`.
    """
    healed = []
    for note in sorted(folder.glob(f"{NOTE}*")):
        directory = folder / note.name.removeprefix(NOTE)
        manifest = directory / MANIFEST
        if manifest.is_file() and digest(manifest) == note.read_text(encoding="utf-8"):
            record(book, directory)
            healed.append(directory.name)
        note.unlink(missing_ok=True)
    return healed


def adopt(book: Ledger, directory: Path, *, who: str, why: str) -> Event:
    """Write down a release that lies in the workspace unknown to the ledger, because somebody vouches for it.

    Args:
        book: The ledger.
        directory: The release's folder.
        who: Id of the person.
        why: Where it comes from.

    Raises:
        SpecError: When the ledger knows it, another release lies there, or there is no reason.
        VerificationError: When a file is missing, changed or not listed, or the ledger is not whole.
    """
    release = Release.stored(directory)
    with book.writing() as writer:
        if not why.strip() or _found(writer.events(release.id, release.version)) is not None:
            raise SpecError([Problem(f"{release.id} {release.version}", _NOT_ADOPTED, _NOTHING)])
        return writer.append(replace(_entry(directory), who=who, why=why))


def private_digests(directory: Path) -> dict[str, str]:
    """The SHA-256 of every file of a release's confidential part, by its name; empty when there is none."""
    private = private_folder(directory)
    files = sorted(path for path in private.rglob("*") if path.is_file())
    return {path.relative_to(private).as_posix(): digest(path) for path in files}


def _entry(directory: Path) -> Entry:
    facts = {
        "content_sha256": release_manifest(directory).get("content_sha256", ""),
        "private": private_digests(directory),
        # The event's digest is shown to everybody by later approvals: without this, a reader could test
        # guesses at the confidential part with it.
        "salt": secrets.token_hex(16),
    }
    sha256 = digest(directory / MANIFEST)
    return Entry("built", dataset=directory.parent.name, version=directory.name, manifest=sha256, facts=facts)


def _found(events: list[Event]) -> Event | None:
    return next((event for event in events if event.kind == "built"), None)


def _refuse_other(known: Event | None, directory: Path, sha256: str) -> None:
    if known is not None and known.manifest != sha256:
        raise SpecError([Problem(f"{directory.parent.name} {directory.name}", _OTHER, _NEW_VERSION)])


def _note(directory: Path) -> Path:
    return directory.with_name(f"{NOTE}{directory.name}")


_NOT_ADOPTED = Text(
    "sổ cái đã biết phiên bản này, hoặc chưa có lý do.",
    "the ledger knows this version, or no reason is given.",
)
_NOTHING = Text("Xem: opendata log; ghi lý do bằng --why.", "See: opendata log; give the reason with --why.")
_OTHER = Text(
    "sổ cái đã ghi phiên bản này với nội dung khác.", "the ledger holds this version with other content."
)
_NEW_VERSION = Text(
    "Phiên bản đã phát hành không bao giờ thay đổi: chọn số phiên bản mới.",
    "A version never changes once released: choose a new version.",
)
