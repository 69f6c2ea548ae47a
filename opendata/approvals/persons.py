"""The people of a workspace: `[[people]]` of opendata.toml, each vouched for by the ledger.

Whoever can edit a file must not become an approver by that: a person counts only when the ledger holds `key_added` with
the same id, key and roles, signed with that key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from catalog.errors import Problem, Text
from catalog.labels import Labels
from opendata.approvals.acts import Key, check_signed
from opendata.errors import GateError, VerificationError

if TYPE_CHECKING:
    from opendata.config import PersonConfig
    from opendata.ledger import Event
    from opendata.workspace import Workspace

LOCAL = timezone(timedelta(hours=7))
"""Days begin and end as in Viet Nam."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may act; an office rather than a name.

    Attributes:
        id: Such as "kiem-duyet-1".
        title: What the office is called.
        roles: "author", "approver", "scheduler".
        key: The public key, "ed25519:" and 44 letters.
        since: First day on which acts count; None is from the beginning.
        until: Last day on which acts count; None is for ever.
        rehearsal: Whether the key is that of a rehearsal, which no real portal accepts.
    """

    id: str
    title: Labels | None
    roles: tuple[str, ...]
    key: str
    since: date | None = None
    until: date | None = None
    rehearsal: bool = False

    def acts_on(self, moment: datetime) -> bool:
        """Whether acts of this moment count."""
        day = moment.astimezone(LOCAL).date()
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def people(workspace: Workspace) -> dict[str, Person]:
    """Everybody in opendata.toml, by id; whether the ledger vouches for them is another question (`permit`)."""
    return {one.id: _person(one) for one in workspace.config.people}


def permit(
    workspace: Workspace, key: Key, *, roles: tuple[str, ...], at: datetime, known: list[Event]
) -> Person:
    """The person who is about to act with a key.

    Args:
        workspace: The workspace.
        key: The private key.
        roles: One of these is needed.
        at: The moment.
        known: What the ledger says of keys until now.

    Raises:
        GateError: When this person may not act, with this key, at this moment, or in these roles.
    """
    person = require(people(workspace), key.id)
    own(person, key)
    entitled(person, roles, at=at, known=known)
    return person


def own(person: Person, key: Key) -> None:
    """Refuse a private key that is not this person's.

    Raises:
        GateError: Then.
    """
    if key.public != person.key:
        raise GateError([Problem(f"opendata.toml: people.{person.id}", _OTHER_KEY, _OWN_KEY)])


def entitled(person: Person, roles: tuple[str, ...], *, at: datetime, known: Iterable[Event]) -> None:
    """Refuse somebody who may not act at a moment.

    Args:
        person: From `people`.
        roles: One of these is needed.
        at: The moment.
        known: What the ledger held of keys at that moment.

    Raises:
        GateError: When the role or the day is wrong, or the ledger does not know the key, or knows it as revoked.
    """
    if not set(roles) & set(person.roles):
        raise GateError([Problem(f"opendata.toml: people.{person.id}", _no_role(roles), _OTHER_PERSON)])
    if not person.acts_on(at):
        day = _not_on(at.astimezone(LOCAL).date())
        raise GateError([Problem(f"opendata.toml: people.{person.id}", day, _OTHER_PERSON)])
    listed = list(known)
    added = [event for event in listed if event.kind == "key_added" and _is_about(event, person)]
    ids = {person.id, *(event.who for event in added)}  # a revoked key stays so under another id
    if any(event.kind == "key_revoked" and event.who in ids for event in listed):
        raise GateError([Problem(person.id, _REVOKED, _NEW_KEY)])
    # The first counts: nobody gives themselves another role later.
    if not added or not _adds(added[0], person):
        raise GateError([Problem(f"opendata.toml: people.{person.id}", _UNKNOWN, _NEW_KEY)])


def signs_as(person: Person, roles: tuple[str, ...]) -> dict[str, object]:
    """What an act says of whoever signs it, for those who read it without this workspace."""
    role = next(role for role in roles if role in person.roles)
    title = person.title.model_dump() if person.title else None
    return {"role": role, "title": title} | ({"rehearsal": True} if person.rehearsal else {})


def facts_of(person: Person) -> dict[str, object]:
    """What a person's key signs about them when it is added."""
    title = person.title.model_dump() if person.title else None
    return {
        "key": person.key,
        "roles": list(person.roles),
        "title": title,
        "rehearsal": person.rehearsal,
    }


def require(found: Mapping[str, Person], id: str) -> Person:
    """A person by id.

    Raises:
        GateError: When opendata.toml has nobody of that id.
    """
    if id not in found:
        raise GateError([Problem(f"opendata.toml: people.{id}", _NOBODY, _listed(found))])
    return found[id]


def _is_about(event: Event, person: Person) -> bool:
    return event.who == person.id or event.facts.get("key") == person.key


def _adds(event: Event, person: Person) -> bool:
    """Whether this is where the key of this person was added, signed with it."""
    try:
        act = check_signed(event.facts, place=f"ledger, event {event.number}")
    except VerificationError:
        return False
    said = {name: act.statement.get(name) for name in facts_of(person)}
    told = (act["act"], act["who"], event.who) == ("add_key", person.id, person.id)
    return told and act.key == person.key and said == facts_of(person)


def _person(one: PersonConfig) -> Person:
    return Person(one.id, one.title, one.roles, one.key, one.since, one.until, one.rehearsal)


def _listed(found: Mapping[str, Person]) -> Text:
    names = ", ".join(sorted(found)) or "-"
    return Text(
        f"Những người hiện có: {names}. Thêm: opendata key new ID --role VAI-TRÒ.",
        f"People here: {names}. To add one: opendata key new ID --role ROLE.",
    )


def _not_on(day: date) -> Text:
    return Text(
        f"người này không làm việc vào ngày {day:%d/%m/%Y} (since, until).",
        f"does not act on {day} (since, until).",
    )


def _no_role(roles: tuple[str, ...]) -> Text:
    listed = ", ".join(roles)
    return Text(
        f"người này không có vai trò cần thiết ({listed}).",
        f"has none of the roles that may do this ({listed}).",
    )


_OTHER_PERSON = Text("Cần người khác; xem: opendata key list.", "Somebody else must; see: opendata key list.")
_OTHER_KEY = Text("khóa riêng này không phải của người này.", "the private key is not that of this person.")
_OWN_KEY = Text(
    "Dùng đúng thư mục khóa (OPENDATA_KEYS) của người này.",
    "Use the folder of keys (OPENDATA_KEYS) of this person.",
)
_NOBODY = Text("không có người này.", "there is nobody of this id.")
_REVOKED = Text("khóa của người này đã bị hủy.", "the key of this person was revoked.")
_UNKNOWN = Text(
    "sổ cái không có khóa này, hoặc ghi vai trò khác.",
    "the ledger does not know this key, or knows it with other roles.",
)
_NEW_KEY = Text(
    "Tạo khóa mới: opendata key new ID --role VAI-TRÒ.", "Make a new key: opendata key new ID --role ROLE."
)
