"""Where every version stands: its state, where it is published, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog.errors import Problem, Text
from opendata.approvals import table
from opendata.errors import VerificationError
from opendata.ledger import Event

_FORWARD = {"draft": "submit", "submitted": "approve", "approved": "publish"}


@dataclass(frozen=True, slots=True)
class Standing:
    """One version of a dataset as the ledger tells it.

    Attributes:
        dataset: The dataset's id.
        version: The version.
        state: Its state; None when its events contradict the state table.
        since: When the last event of this version happened.
        released: The day of release by its manifest; empty when that cannot be read.
        published: Addresses under which it is published now.
        waits: What it waits for, in words; None when nobody has to do anything.
        people: Ids of those who have begun what it waits for.
    """

    dataset: str
    version: str
    state: table.State | None
    since: datetime
    released: str
    published: tuple[str, ...]
    waits: Text | None
    people: tuple[str, ...]


def standing(events: Sequence[Event], *, released: str) -> tuple[Standing, tuple[Problem, ...]]:
    """Where one version stands, and what is wrong with its events.

    Args:
        events: All of this version, oldest first; at least one.
        released: The day of release by its manifest.
    """
    last = events[-1]
    try:
        life = table.life(events)
    except VerificationError as refused:
        told = Standing(last.dataset, last.version, None, last.at, released, _published(events), None, ())
        return told, refused.problems
    waits, people = _waiting(life)
    where = _published(events)
    return Standing(last.dataset, last.version, life.state, last.at, released, where, waits, people), ()


def by_version(events: Iterable[Event]) -> dict[tuple[str, str], list[Event]]:
    """The events of each version, by dataset and version, oldest first."""
    found: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        if event.dataset and event.version:
            found.setdefault((event.dataset, event.version), []).append(event)
    return found


def _waiting(life: table.Life) -> tuple[Text | None, tuple[str, ...]]:
    """The act that comes next: what somebody began, else what leads forward."""
    act = next(iter(life.acts), None) or _FORWARD.get(life.state)
    line = next((line for line in table.possible(life.state) if line.act == act), None)
    if line is None:
        return None, ()
    people, needed = life.acts.get(line.act, ()), table.needed(line, life.approvers)
    if needed < 2:
        return line.what, people
    counted = f"{len(people)}/{needed}"
    return Text(f"{line.what.vi} {counted}", f"{line.what.en} {counted}"), people


def _published(events: Iterable[Event]) -> tuple[str, ...]:
    """The pages on which it was published and from which it was not taken off."""
    found: dict[str, None] = {}
    for event in events:
        url = event.facts.get("url")
        if event.kind == "published" and isinstance(url, str):
            found[url] = None
        elif event.kind == "removed":
            found.pop(str(url), None)
    return tuple(found)
