"""Acts: statements that a person signed.

A statement says who does what with which bytes, when and why, and which event of the ledger was the last when it was
signed. It is hashed and signed as canonical JSON with Ed25519, which has one signature for one text and one key.
Source: RFC 8032, RFC 8785 (in spirit: no numbers but whole ones occur).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from catalog.errors import Problem, Text
from opendata.canonical import canonical
from opendata.errors import OpendataError, VerificationError

FORMAT = "ytemo-act/1"
_PREFIX = "ed25519:"
_ALWAYS = ("format", "act", "dataset", "version", "manifest", "who", "at", "why")


@dataclass(frozen=True, slots=True)
class Key:
    """A private key and whose it is; never shown.

    Attributes:
        id: Id of the person.
        private: The key.
    """

    id: str
    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> str:
        """The public key as opendata.toml and acts hold it: "ed25519:" and 44 letters."""
        return _PREFIX + _text(self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


@dataclass(frozen=True, slots=True)
class Act:
    """A signed statement.

    Attributes:
        statement: What was signed: format, act, dataset, version, manifest, who, at, why, ledger, and what the act
            needs besides.
        signature: Base64 of the Ed25519 signature over its canonical JSON.
        key: The public key.
    """

    statement: Mapping[str, Any]
    signature: str
    key: str

    @property
    def facts(self) -> dict[str, Any]:
        """The act as an event of the ledger and `approvals.jsonld` hold it."""
        return {"statement": dict(self.statement), "signature": self.signature, "key": self.key}

    def __getitem__(self, name: str) -> Any:
        """What the statement says under a name."""
        return self.statement[name]


def statement(act: str, subject: Mapping[str, str], *, who: str, why: str, **more: Any) -> dict[str, Any]:
    """A statement to be signed.

    Args:
        act: What is done, such as "approve".
        subject: `dataset`, `version`, `manifest` (SHA-256 of the manifest); what is missing is empty.
        who: Id of the person.
        why: The reason.
        more: `at` (a moment as `ledger.events.stamp` writes it), `ledger` (number and digest of the last event), and
            what the act needs besides.
    """
    about = {name: subject.get(name, "") for name in ("dataset", "version", "manifest")}
    return {"format": FORMAT, "act": act, **about, "who": who, "why": why, **more}


def sign(said: Mapping[str, Any], key: Key) -> Act:
    """Sign a statement.

    Raises:
        SpecError: When the statement is not JSON.
    """
    return Act(dict(said), _text(key.private.sign(canonical(said).encode())), key.public)


def check_signed(facts: object, *, place: str) -> Act:
    """Read an act and check its signature; whose key it is, `opendata.approvals.persons` knows.

    Args:
        facts: As `Act.facts`.
        place: Where it stands, for messages.

    Raises:
        VerificationError: When it is none, or the signature is not that of the key over these very words.
    """
    try:
        if not isinstance(facts, Mapping) or facts.keys() != {"statement", "signature", "key"}:
            raise ValueError
        said = facts["statement"]
        whole = said["format"] == FORMAT and all(isinstance(said[name], str) for name in _ALWAYS)
        if not whole or not _plain(said["ledger"]):
            raise ValueError
        public = Ed25519PublicKey.from_public_bytes(public_bytes(facts["key"]))
        public.verify(_bytes(facts["signature"]), canonical(said).encode())
    except (InvalidSignature, ValueError, TypeError, KeyError, AttributeError, OpendataError):
        raise VerificationError([Problem(place, _BAD, _TELL)]) from None
    return Act(said, facts["signature"], facts["key"])


def public_bytes(key: str) -> bytes:
    """The 32 bytes of a public key.

    Raises:
        ValueError: When the text is none.
    """
    found = _bytes(key.removeprefix(_PREFIX))
    if not key.startswith(_PREFIX) or len(found) != 32:
        raise ValueError(_PREFIX)
    return found


def _plain(head: Any) -> bool:
    """Whether this is number and digest of an event."""
    return (
        head.keys() == {"number", "digest"}
        and type(head["number"]) is int
        and isinstance(head["digest"], str)
        and len(head["digest"]) == 64
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    """Base64 in the one way in which we write it: other letters for the same bytes would be a changed file."""
    try:
        found = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError(_PREFIX) from None
    if _text(found) != text:
        raise ValueError(_PREFIX)
    return found


_BAD = Text(
    "chữ ký không đúng, hoặc nội dung đã ký bị sửa.",
    "the signature is wrong, or what was signed was altered.",
)
_TELL = Text(
    "Đừng dùng; báo người phụ trách phát hành.", "Do not rely on it; tell whoever is in charge of releases."
)
