"""`keys.json`: whose public keys these are, as the publisher says; what a reader compares signatures with.

It proves something when it comes another way than the data: from the publisher's repository or site, by post, or kept
since the last time.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from catalog.errors import Problem, Text
from catalog.labels import Labels
from opendata.approvals.acts import public_bytes
from opendata.approvals.persons import LOCAL
from opendata.errors import SpecError

FILE = "keys.json"
FORMAT = "ytemo-keys/1"
_LARGEST = 1 << 20


class Known(Protocol):
    """A person of opendata.toml (`opendata.config.PersonConfig`)."""

    @property
    def id(self) -> str:
        """The id."""

    @property
    def title(self) -> Labels | None:
        """What the office is called."""

    @property
    def roles(self) -> tuple[str, ...]:
        """What it may do."""

    @property
    def key(self) -> str:
        """Its public key."""

    @property
    def since(self) -> date | None:
        """First day on which acts count."""

    @property
    def until(self) -> date | None:
        """Last day on which they count."""

    @property
    def rehearsal(self) -> bool:
        """Whether it is a rehearsal's."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """Somebody whose key a reader trusts.

    Attributes:
        id: The id.
        roles: What they may do.
        since: First day on which acts count; None is from the beginning.
        until: Last day on which acts count; None is for ever.
        rehearsal: Whether the key is that of a rehearsal.
    """

    id: str
    roles: tuple[str, ...]
    since: date | None = None
    until: date | None = None
    rehearsal: bool = False

    def may(self, who: str, role: str, at: datetime) -> bool:
        """Whether an act of this role, by this id and at this moment, counts."""
        day = at.astimezone(LOCAL).date()
        early, late = self.since is not None and day < self.since, self.until is not None and day > self.until
        return who == self.id and role in self.roles and not (early or late)


Keys = Mapping[str, Trusted]  # public key -> whose it is


def keys_json(people: Iterable[Known]) -> str:
    """The text of `keys.json`, from the people of opendata.toml."""
    listed = [
        {
            "id": one.id,
            "title": one.title.model_dump() if one.title else None,
            "roles": list(one.roles),
            "key": one.key,
            "fingerprint": fingerprint(one.key),
            "since": one.since and one.since.isoformat(),
            "until": one.until and one.until.isoformat(),
            "rehearsal": one.rehearsal,
        }
        for one in sorted(people, key=lambda one: one.id)
    ]
    return json.dumps({"format": FORMAT, "people": listed}, ensure_ascii=False, indent=1) + "\n"


def read_keys(where: str | Path) -> Keys:
    """The trusted keys of a file or an address.

    Raises:
        SpecError: When they cannot be read: nothing is then trusted, and nothing verified.
        PortalError: When the address does not answer.
    """
    try:
        said = json.loads(_bytes(str(where)))
        if said["format"] != FORMAT:
            raise ValueError
        return {str(one["key"]): _trusted(one) for one in said["people"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise SpecError([Problem(str(where), _NO_KEYS, _GET_KEYS)]) from None


def fingerprint(key: str) -> str:
    """A public key as people compare it, over the telephone if need be: 32 hexadecimal digits of its SHA-256."""
    digits = hashlib.sha256(public_bytes(key)).hexdigest()[:32]
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _trusted(one: Mapping[str, Any]) -> Trusted:
    public_bytes(one["key"])
    since, until = (one.get(name) for name in ("since", "until"))
    first = date.fromisoformat(since) if since else None
    last = date.fromisoformat(until) if until else None
    rehearsal = bool(one.get("rehearsal", False))
    return Trusted(str(one["id"]), tuple(map(str, one["roles"])), first, last, rehearsal)


def _bytes(where: str) -> bytes:
    if not where.startswith(("http://", "https://")):
        return Path(where).read_bytes()
    from opendata.portal.connection import checked_address, connect, fetch

    target = io.BytesIO()
    with connect(checked_address(where, has_token=False), None, timeout=60) as connection:
        fetch(connection, where, target, limit=_LARGEST)
    return target.getvalue()


_NO_KEYS = Text("không đọc được danh sách khóa.", "is no list of keys.")
_GET_KEYS = Text(
    "Lấy keys.json từ nơi công bố (kho mã hoặc danh mục tĩnh), kiểm tra dấu vân tay qua kênh khác.",
    "Get keys.json from the publisher (repository or static catalogue); compare fingerprints another way.",
)
