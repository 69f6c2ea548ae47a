"""Checksums, then signatures, then whose keys they are: what each step proves is told apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from catalog.errors import Problem, Text
from catalog.labels import Labels
from opendata.approvals.acts import Act
from opendata.approvals.document import read
from opendata.approvals.persons import LOCAL
from opendata.errors import VerificationError
from opendata.release import APPROVALS, MANIFEST, Release, digest
from opendata.verification.keys import Keys, fingerprint, read_keys
from opendata.verification.places import held, is_address

PROV = "prov.jsonld"
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed.

    Attributes:
        act: "submit", "approve" or "approve_standing".
        who: Id of the office.
        title: What it is called, as the act says.
        role: In which role.
        key: The public key.
        at: When, as the act says.
        why: The reason, in their words.
        rehearsal: Whether the key is that of a rehearsal.
        made_with: What the submission says of program and environment; empty of other acts.
    """

    act: str
    who: str
    title: Labels | None
    role: str
    key: str
    at: datetime
    why: str
    rehearsal: bool
    made_with: dict[str, Any]

    @property
    def day(self) -> date:
        """The day in Viet Nam."""
        return self.at.astimezone(LOCAL).date()

    @property
    def fingerprint(self) -> str:
        """The key as people compare it."""
        return fingerprint(self.key)


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found right.

    Attributes:
        id: The dataset's id.
        version: The version.
        manifest: SHA-256 of its manifest, to which the signatures belong.
        files: How many files are as published.
        signers: Who submitted and approved it; none of a draft.
        trusted: Whether every key is one that the reader trusts; None when no keys were given to compare with.
        origin: What `prov.jsonld` says; empty when there is none.
    """

    id: str
    version: str
    manifest: str
    files: int
    signers: tuple[Signer, ...]
    trusted: bool | None
    origin: dict[str, Any]

    @property
    def approved(self) -> bool:
        """Whether it was approved."""
        return bool(self.signers)


def verify(where: str | Path, *, version: str | None = None, keys: str | Path | None = None) -> Verified:
    """Check the files of a release against its manifest, and the manifest against the signatures.

    Args:
        where: A folder, the address of a dataset's page on a CKAN portal, or of a page of a static catalogue.
        version: The version, where the address names none; by default the newest.
        keys: File or address of the trusted keys (`keys.json`). Without them it is shown that nothing was altered
            since somebody signed, not who that was.

    Returns:
        What was found right. A folder without approvals is a draft; what is published without them is refused.

    Raises:
        WithdrawnError: When it was withdrawn, with the reason and what comes in its place.
        VerificationError: Naming every file that is missing, changed or not listed, and every signature that does not
            count.
        PortalError: When the address is none of a dataset, or cannot be read.
        SpecError: When the keys cannot be read.
    """
    given = read_keys(keys) if keys is not None else None
    place = str(where)
    with held(place, version) as folder:
        return judged(folder, place=place, keys=given)


def judged(folder: Path, *, place: str, keys: Keys | None) -> Verified:
    """As `verify`, of files that lie in a folder.

    Args:
        folder: The files.
        place: Where they came from: what is on the web must be approved.
        keys: The trusted keys.
    """
    release = Release.open(folder)  # checks the approvals too, when there are any
    path = folder / APPROVALS
    acts = read(path.read_bytes()) if path.is_file() else ()
    problems = [*_published(acts, place, keys), *(_strangers(acts, keys) if keys is not None else ())]
    if problems:
        raise VerificationError(problems)
    origin = folder / PROV
    return Verified(
        release.id,
        release.version,
        digest(folder / MANIFEST),
        len(release.files),
        tuple(_signer(act, rehearsal=_rehearsed(act, keys)) for act in acts),
        None if keys is None or not acts else True,
        json.loads(origin.read_text(encoding="utf-8")) if origin.is_file() else {},
    )


def _rehearsed(act: Act, keys: Keys | None) -> bool:
    """Whether this is a rehearsal's, by what the act says or by what the publisher says of the key."""
    whose = (keys or {}).get(act.key)
    return act.statement.get("rehearsal") is True or (whose is not None and whose.rehearsal)


def _published(acts: tuple[Act, ...], place: str, keys: Keys | None) -> Iterator[Problem]:
    """What must not be published: a draft, or what was approved in a rehearsal, but on this machine."""
    if not is_address(place):
        return
    if not acts:
        yield Problem(place, _NOT_APPROVED, _TELL)
    if urlsplit(place).hostname not in _HERE:
        rehearsed = sorted({str(act["who"]) for act in acts if _rehearsed(act, keys)})
        yield from (Problem(f"{APPROVALS}: {who}", _REHEARSAL, _TELL) for who in rehearsed)


def _strangers(acts: tuple[Act, ...], keys: Keys) -> Iterator[Problem]:
    for act in acts:
        whose = keys.get(act.key)
        if whose is None:
            yield Problem(f"{APPROVALS}: {act['who']}", _STRANGER, _ASK)
        elif not whose.may(act["who"], act["role"], datetime.fromisoformat(act["at"])):
            yield Problem(f"{APPROVALS}: {act['who']}", _NOT_THEIRS, _ASK)


def _signer(act: Act, *, rehearsal: bool) -> Signer:
    said = act.statement
    return Signer(
        str(said["act"]),
        str(said["who"]),
        Labels.model_validate(said["title"]) if said.get("title") else None,
        str(said["role"]),
        act.key,
        datetime.fromisoformat(said["at"]),
        str(said["why"]),
        rehearsal,
        dict(said.get("environment") or {}),
    )


_NOT_APPROVED = Text("được công bố mà không có phê duyệt.", "is published without approvals.")
_REHEARSAL = Text("chỉ được ký trong buổi diễn tập.", "was signed in a rehearsal only.")
_STRANGER = Text("khóa này không nằm trong danh sách tin cậy.", "this key is none of those that are trusted.")
_NOT_THEIRS = Text(
    "khóa tin cậy, nhưng không phải của người này, vai trò này hoặc vào ngày này.",
    "a trusted key, but not for this office, this role or this day.",
)
_ASK = Text("Hỏi nơi công bố về khóa của họ.", "Ask the publisher for their keys.")
_TELL = Text("Đừng dùng; hãy báo nơi công bố.", "Do not use it; tell its publisher.")
