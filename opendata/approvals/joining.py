"""People who come and go: `[[people]]` of opendata.toml and the ledger, together."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from catalog.errors import Problem, Text
from catalog.labels import Labels
from opendata import atomic, gates
from opendata import workspace as workspaces
from opendata.approvals import keys, persons
from opendata.approvals.acts import Key
from opendata.approvals.persons import Person
from opendata.approvals.recording import Said, record
from opendata.errors import SpecError
from opendata.ledger import Entry, Event, Ledger, open_ledger
from opendata.lock import exclusive
from opendata.messages import unwritable
from opendata.workspace import CONFIG, Workspace

ROLES = ("author", "approver", "scheduler")


@dataclass(frozen=True, slots=True)
class Office:
    """Somebody who is about to join.

    Attributes:
        roles: "author", "approver", "scheduler".
        title: What the office is called; it stands in public approvals.
        rehearsal: Whether the key is that of a rehearsal, which only a portal on this machine accepts.
    """

    roles: tuple[str, ...]
    title: Labels | None = None
    rehearsal: bool = False


def join(
    workspace: Workspace, place: Path, id: str, office: Office, *, passphrase: str | None = None
) -> Person:
    """Make a key for somebody new and add them; nothing is left of it when that is refused.

    Args:
        workspace: Whose.
        place: The folder of keys, outside the workspace.
        id: Id of the person, such as "kiem-duyet-1".
        office: Roles and title.
        passphrase: What it takes to use the key; None when the file is enough.

    Raises:
        SpecError: As `add_person`, and when the folder is inside the workspace.
        PersonalDataError: When the title holds personal data.
    """
    _roles(office)
    if place.resolve().is_relative_to(workspace.root):
        raise SpecError([Problem(str(place), _INSIDE, _OUTSIDE)])
    if id in persons.people(workspace):
        raise SpecError([Problem(f"{CONFIG}: people.{id}", _KNOWN, _OTHER_ID)])
    key = keys.new_key(place, id, passphrase=passphrase)
    try:
        return add_person(workspace, key, office)
    except BaseException:
        (place / f"{id}.pem").unlink()
        raise


def add_person(workspace: Workspace, key: Key, office: Office, *, book: Ledger | None = None) -> Person:
    """Add somebody to opendata.toml and write `key_added`, signed with the new key.

    Args:
        workspace: Whose.
        key: Their key, whose id becomes theirs.
        office: Roles and title.
        book: The ledger; by default that of the workspace.

    Raises:
        SpecError: When the id or the key is somebody's already, a role is none, or the file cannot be written.
        PersonalDataError: When the title holds personal data.
    """
    book = book or open_ledger(workspace)
    person = Person(key.id, office.title, office.roles, key.public, rehearsal=office.rehearsal)
    if office.title:
        gates.personal_data([("title.vi", office.title.vi), ("title.en", office.title.en)])
    path = workspace.root / CONFIG
    with exclusive(workspace.root / ".opendata.lock"), book.writing() as writer:
        _refuse_known(writer.events(""), person)
        text = _checked(path.read_text(encoding="utf-8") + block(person), person)
        record(book, writer, key, Said("add_key", "key_added", more=persons.facts_of(person)))
        _replace(path, text)
    return person


def revoke_key(workspace: Workspace, id: str, *, why: str, book: Ledger | None = None) -> Event:
    """Write `key_revoked`: whatever this person signs from now on does not count; what they signed before does.

    Anybody with the workspace may: the owner of a stolen key cannot be asked to sign with it.

    Args:
        workspace: Whose.
        id: Id of the person.
        why: The reason.
        book: The ledger; by default that of the workspace.

    Raises:
        GateError: When there is nobody of this id.
        SpecError: When the key is revoked already, or no reason is given.
        PersonalDataError: When the reason holds personal data.
    """
    persons.require(persons.people(workspace), id)
    if not why.strip():
        raise SpecError([Problem("--why", _NO_REASON, _SAY_WHY)])
    gates.personal_data([("why", why)])
    with (book or open_ledger(workspace)).writing() as writer:
        if any(event.kind == "key_revoked" and event.who == id for event in writer.events("")):
            raise SpecError([Problem(id, _REVOKED, _NOTHING)])
        return writer.append(Entry("key_revoked", who=id, why=why))


def _roles(office: Office) -> None:
    """Refuse roles that are none."""
    if not office.roles or not set(office.roles) <= set(ROLES):
        raise SpecError([Problem("--role", _NO_ROLE, _ROLES)])


def block(person: Person) -> str:
    """A person as opendata.toml holds them."""
    lines = ["", "[[people]]", f"id = {_quoted(person.id)}"]
    if person.title:
        lines.append(f"title = {{vi = {_quoted(person.title.vi)}, en = {_quoted(person.title.en)}}}")
    lines.append(f"roles = [{', '.join(map(_quoted, person.roles))}]")
    lines.append(f"key = {_quoted(person.key)}")
    if person.rehearsal:
        lines.append("rehearsal = true")
    return "\n".join(lines) + "\n"


def _checked(text: str, person: Person) -> str:
    """The new text of opendata.toml, when it says what it must.

    Raises:
        SpecError: When it would not be valid any more.
    """
    with tempfile.TemporaryDirectory(prefix="ytemo-") as folder:
        (Path(folder) / CONFIG).write_text(text, encoding="utf-8")
        found = persons.people(workspaces.find(folder))
    if found.get(person.id) != person:
        raise SpecError([Problem(CONFIG, _NOT_APPENDED, _BY_HAND)])
    return text


def _refuse_known(events: list[Event], person: Person) -> None:
    """One key is one person for ever, and one id too, also when it was revoked."""
    for event in events:
        if event.kind == "key_added" and (event.who == person.id or event.facts.get("key") == person.key):
            raise SpecError([Problem(f"ledger, event {event.number}", _KNOWN, _OTHER_ID)])


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    try:
        atomic.write(path, text.encode(), mode=path.stat().st_mode)
    except OSError as error:
        raise SpecError([Problem(CONFIG, unwritable(error), _PERMISSIONS)]) from None


def _quoted(text: str) -> str:
    """A text in TOML, whose basic strings are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


_NO_ROLE = Text("vai trò không có.", "there is no such role.")
_ROLES = Text(f"Dùng: {', '.join(ROLES)}.", f"Use: {', '.join(ROLES)}.")
_KNOWN = Text("mã hoặc khóa này đã có người dùng.", "this id or key is somebody's already.")
_OTHER_ID = Text(
    "Chọn mã khác; mã đã dùng không bao giờ được dùng lại.",
    "Choose another id; one that was used is never used again.",
)
_INSIDE = Text("thư mục khóa nằm trong không gian làm việc.", "the folder of keys lies in the workspace.")
_OUTSIDE = Text(
    f"Chọn thư mục ngoài không gian làm việc ({keys.VARIABLE}).",
    f"Choose a folder outside the workspace ({keys.VARIABLE}).",
)
_NOT_APPENDED = Text("không thêm được người vào tệp này.", "a person cannot be added to this file.")
_BY_HAND = Text(
    "Chuyển bảng [[people]] xuống cuối tệp, rồi chạy lại.",
    "Move the tables [[people]] to its end, then run again.",
)
_NO_REASON = Text("cần có lý do.", "a reason is needed.")
_SAY_WHY = Text("Ghi một câu ngắn.", "Write a short sentence.")
_REVOKED = Text("khóa này đã bị hủy.", "this key was revoked already.")
_NOTHING = Text("Không cần làm gì.", "Nothing needs to be done.")
_PERMISSIONS = Text("Kiểm tra quyền ghi và dung lượng đĩa.", "Check the permissions and the free disk space.")
