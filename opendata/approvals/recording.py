"""Signing an act and writing it into the ledger, in one step: what is signed names the event before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opendata.approvals import acts
from opendata.approvals.acts import Key
from opendata.ledger import Entry, Event, Ledger, Writer
from opendata.ledger.events import stamp


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody is about to sign.

    Attributes:
        act: The act, as the statement calls it.
        event: The same, as the ledger calls it.
        subject: `dataset`, `version`, `manifest`; what is missing is empty.
        why: The reason.
        more: What the act needs besides.
    """

    act: str
    event: str
    subject: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def record(book: Ledger, writer: Writer, key: Key, said: Said) -> Event:
    """Sign and write down.

    Args:
        book: The ledger, which knows the time.
        writer: The one who writes it now.
        key: Of whoever acts.
        said: What they say.
    """
    at = book.clock()
    number, digest = writer.head
    when = {"at": stamp(at), "ledger": {"number": number, "digest": digest}}
    statement = acts.statement(said.act, said.subject, who=key.id, why=said.why, **when, **said.more)
    facts = acts.sign(statement, key).facts
    entry = Entry(said.event, **said.subject, who=key.id, why=said.why, facts=facts)
    return writer.append(entry, at=at)
