"""Tombstones: what stays where a version was, for whoever comes looking for it.

A tombstone says why, by which article and since when a version is withdrawn, what comes in its place, and the SHA-256
of what was withdrawn, so that whoever holds a copy can tell. It carries the signed act, so that anybody can check who
said so. Reading one needs nothing of the publisher's tools.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from catalog.entry import Contact
from catalog.errors import Problem, Text
from catalog.labels import Labels
from opendata.approvals.acts import check_signed
from opendata.approvals.persons import LOCAL
from opendata.errors import VerificationError, WithdrawnError
from opendata.release import STONE

FORMAT = "ytemo-tombstone/1"
JSON, HTML = STONE, "tombstone.html"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A version that was withdrawn.

    Attributes:
        id: The dataset's id.
        version: The version.
        title: The dataset's title.
        reason: Why.
        article: Id of the provision under which it was withdrawn, such as "decree-102-2025/11".
        at: When.
        emergency: Whether one person decided in an emergency.
        successor: The version that comes in its place; None when there is none yet.
        files: Name and SHA-256 of everything that was withdrawn.
        contact: Who answers questions.
        act: The signed statement (`opendata.approvals.acts`).
    """

    id: str
    version: str
    title: Labels
    reason: Labels
    article: str
    at: datetime
    emergency: bool
    successor: str | None
    files: tuple[tuple[str, str], ...]
    contact: Contact | None
    act: Mapping[str, Any] = field(repr=False)

    @property
    def day(self) -> date:
        """The day in Viet Nam on which it was withdrawn."""
        return self.at.astimezone(LOCAL).date()

    @property
    def told(self) -> Text:
        """That it is withdrawn, since when and why, in one sentence."""
        return Text(
            f"phiên bản này đã bị thu hồi ngày {self.day:%d/%m/%Y}: {self.reason.vi}",
            f"this version was withdrawn on {self.day}: {self.reason.en}",
        )

    def instead(self, *, kept: bool = False) -> Text:
        """What to do now.

        Args:
            kept: Whether this is the publisher's own copy, which must stay.
        """
        copy = _KEEP if kept else _DELETE
        if self.successor is None:
            return copy
        return Text(f"{copy.vi} Dùng phiên bản {self.successor}.", f"{copy.en} Use version {self.successor}.")


def written(stone: Tombstone) -> str:
    """The text of `tombstone.json`."""
    said = {
        "format": FORMAT,
        "id": stone.id,
        "version": stone.version,
        "title": stone.title.model_dump(),
        "status": "withdrawn",
        "withdrawn": stone.at.isoformat(),
        "reason": stone.reason.model_dump(),
        "article": stone.article,
        "emergency": stone.emergency,
        "successor": stone.successor,
        "sha256": dict(stone.files),
        "contact": stone.contact.model_dump(mode="json") if stone.contact else None,
        "act": dict(stone.act),
    }
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read(text: str | bytes, *, where: str) -> Tombstone:
    """A tombstone from the text of `tombstone.json`.

    The act must say the same: what stands around it is for readers, what is signed counts.

    Args:
        text: The text.
        where: Where it was found, for messages.

    Raises:
        VerificationError: When it is none, or says something else than its act.
    """
    try:
        said = json.loads(text)
        act = check_signed(said["act"], place=where)
        stone = Tombstone(
            str(said["id"]),
            str(said["version"]),
            Labels.model_validate(said["title"]),
            Labels.model_validate(said["reason"]),
            str(said["article"]),
            datetime.fromisoformat(said["withdrawn"]),
            said["emergency"] is True,
            None if said["successor"] is None else str(said["successor"]),
            tuple(sorted((str(name), str(sha256)) for name, sha256 in said["sha256"].items())),
            Contact.model_validate(said["contact"]) if said["contact"] else None,
            act.facts,
        )
        if said["format"] == FORMAT and says(act.statement) == _says(stone):
            return stone
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError):
        pass
    raise VerificationError([Problem(where, _NO_TOMBSTONE, _TELL)])


def says(statement: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a signed act of withdrawal says."""
    reason = Labels.model_validate(statement["reason"])
    return (
        statement["act"], statement["dataset"], statement["version"], datetime.fromisoformat(statement["at"]),
        reason, statement["article"], statement["emergency"], statement["successor"],
    )  # fmt: skip


def _says(stone: Tombstone) -> tuple[Any, ...]:
    return (
        "withdraw", stone.id, stone.version, stone.at, stone.reason, stone.article, stone.emergency, stone.successor,
    )  # fmt: skip


def refusal(stone: Tombstone, *, where: str, kept: bool = False) -> WithdrawnError:
    """The refusal to give a version that was withdrawn.

    Args:
        stone: Its tombstone.
        where: Where it was asked for.
        kept: Whether its files are the publisher's own, which must stay.
    """
    place = f"{where}: {stone.id} {stone.version}"
    return WithdrawnError([Problem(place, stone.told, stone.instead(kept=kept))])


_DELETE = Text("Xóa bản đã tải về.", "Delete the copy that you have.")
_KEEP = Text(
    "Giữ thư mục này: nó đã được đọc, và các bản sau được che với hiểu biết đó.",
    "Keep this folder: it was seen, and later versions are protected against that.",
)
_NO_TOMBSTONE = Text(
    "không đọc được thông báo thu hồi, hoặc chữ ký của nó không đúng.",
    "this notice of withdrawal cannot be read, or its signature is wrong.",
)
_TELL = Text("Đừng dùng; hãy báo nơi công bố.", "Do not rely on it; tell its publisher.")
