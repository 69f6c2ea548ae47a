"""Standing approvals: what a scheduler publishes month after month is approved beforehand, within narrow terms.

Two approvers sign for a dataset as it is described and protected in a release they have seen, until a day. Another
column, code list, unit, rule or publisher, and the approval does not hold: people must look again.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from catalog.errors import Problem, Text
from opendata import gates
from opendata.approvals import persons
from opendata.approvals.acts import Act, Key, check_signed
from opendata.approvals.cases import Case, case_of, intact
from opendata.approvals.persons import LOCAL
from opendata.approvals.recording import Said, record
from opendata.approvals.table import APPROVERS
from opendata.approvals.terms import terms
from opendata.errors import GateError, SpecError
from opendata.ledger import Entry, Event, Ledger, Writer, open_ledger
from opendata.ledger.events import stamp
from opendata.release import Release
from opendata.workspace import Workspace

LONGEST = 400
"""Days that a standing approval holds at most."""


def approve_standing(
    release: Release, key: Key, *, until: date, why: str = "", book: Ledger | None = None
) -> Event:
    """Approve beforehand what a scheduler submits, as long as it looks like this release.

    Args:
        release: A written release of the dataset, which shows columns, code lists, units and protection.
        key: Of an approver.
        until: Last day on which it holds for what is submitted; at most 400 days from now.
        why: The reason; everybody may read it.
        book: The ledger; by default that of the workspace.

    Returns:
        The event `standing_approved`; it takes as many approvers as a release does.

    Raises:
        GateError: When the person or the key does not allow it.
        SpecError: When the day is past or too far.
        VerificationError: When the release or the ledger is not whole.
        PersonalDataError: When the reason holds personal data.
    """
    case = case_of(release, book=book)
    _within(until, case.book.clock())
    more = {"terms": terms(case.folder), "until": until.isoformat()}
    return _said(case, key, ("approve_standing", "standing_approved", why), more)


def revoke_standing(
    workspace: Workspace, dataset: str, key: Key, *, why: str, book: Ledger | None = None
) -> Event:
    """End every standing approval of a dataset; one approver is enough.

    Versions that they approved and that are not published yet are not published any more.

    Args:
        workspace: The workspace.
        dataset: The dataset's id.
        key: Of an approver.
        why: The reason.
        book: The ledger; by default that of the workspace.

    Raises:
        GateError: When the person or the key does not allow it.
        VerificationError: When the ledger is not whole.
        PersonalDataError: When the reason holds personal data.
    """
    found = book or open_ledger(workspace)
    intact(found)
    case = Case(workspace, found, dataset, "", "")
    return _said(case, key, ("revoke_standing", "standing_revoked", why), {})


def covers(release: Release, *, book: Ledger | None = None) -> list[Problem]:
    """Why the standing approvals of a dataset do not hold for a release if a scheduler submits it now.

    Args:
        release: The written release.
        book: The ledger; by default that of the workspace.

    Returns:
        One problem per standing approval that does not hold, and one when too few do; empty when it is covered.

    Raises:
        GateError: When the release is in no workspace, or not described.
        VerificationError: When the release or the ledger is not whole.
    """
    case = case_of(release, book=book)
    events = case.book.events()
    held, problems = holding(case, events, wanted=terms(case.folder), at=case.book.clock())
    wanted = case.workspace.config.governance.approvers
    if len(held) >= wanted:
        return []
    return [*problems, Problem(case.place, too_few(len(held), wanted), _ASK)]


def holding(
    case: Case, events: list[Event], *, wanted: dict[str, str], at: datetime
) -> tuple[list[Event], list[Problem]]:
    """The standing approvals that hold for a release, one per approver, and why others do not.

    Args:
        case: The release.
        events: All events of the ledger until then.
        wanted: From `terms`, of the release.
        at: When it is submitted.
    """
    held: dict[str, Event] = {}
    problems: list[Problem] = []
    for event in living(events, case.dataset):
        try:
            applies(case.workspace, event, wanted=wanted, at=at, known=events)
            held[event.who] = event
        except GateError as refused:
            problems += refused.problems
    return list(held.values()), problems


def living(events: list[Event], dataset: str) -> list[Event]:
    """The standing approvals of a dataset that nobody has revoked."""
    own = [event for event in events if event.dataset == dataset]
    ended = max((event.number for event in own if event.kind == "standing_revoked"), default=0)
    return [event for event in own if event.kind == "standing_approved" and event.number > ended]


def applies(
    workspace: Workspace, event: Event, *, wanted: dict[str, str], at: datetime, known: list[Event]
) -> None:
    """Refuse a standing approval that does not hold for a release.

    Args:
        workspace: The workspace.
        event: `standing_approved`.
        wanted: From `terms`, of the release.
        at: When the release is submitted.
        known: All events of the ledger until then.

    Raises:
        GateError: When its terms are others, it is over, or its approver may not approve any more.
        VerificationError: When its signature is wrong.
    """
    where = f"ledger, event {event.number}: {event.who}"
    act = check_signed(event.facts, place=where)
    person = persons.require(persons.people(workspace), event.who)
    persons.entitled(person, ("approver",), at=at, known=known)
    if not _is_of(act, event) or act.key != person.key:
        raise GateError([Problem(where, _NOT_SIGNED, _ASK)])
    if at.astimezone(LOCAL).date().isoformat() > act.statement.get("until", ""):
        raise GateError([Problem(where, _OVER, _ASK)])
    signed_terms = act.statement.get("terms", {})
    other = sorted(name for name in _WORDS if signed_terms.get(name) != wanted.get(name, ""))
    if other:
        raise GateError([Problem(where, _changed(other), _ASK)])


def _is_of(act: Act, event: Event) -> bool:
    """Whether an act is what this event tells: one that was revoked must not come back in another event."""
    told = (act["act"], *(act[name] for name in ("dataset", "version", "manifest", "who", "why", "at")))
    held = ("approve_standing", event.dataset, "", "", event.who, event.why, stamp(event.at))
    head = {"number": event.number - 1, "digest": event.previous}
    return told == held and act["ledger"] == head


def apply(case: Case, writer: Writer, submitted: Event) -> None:
    """Write the approvals that standing approvals give to what a scheduler has just submitted, if they do."""
    said: dict[str, Any] = submitted.facts["statement"]
    if "terms" not in said:
        return
    held, _ = holding(case, writer.events(), wanted=said["terms"], at=submitted.at)
    wanted = max(said["approvers"], APPROVERS)
    others = [event for event in held if event.who != submitted.who]
    for event in others[:wanted] if len(others) >= wanted else ():
        entry = Entry("approved", **case.subject, who=event.who, why=event.why, facts=event.facts)
        writer.append(entry, at=submitted.at)


def _said(case: Case, key: Key, said: tuple[str, str, str], more: dict[str, Any]) -> Event:
    act, kind, why = said
    if why:
        gates.personal_data([("why", why)])
    with case.book.writing() as writer:
        roles, at = ("approver",), case.book.clock()
        person = persons.permit(case.workspace, key, roles=roles, at=at, known=writer.events(""))
        signed = Said(act, kind, {"dataset": case.dataset}, why, {**more, **persons.signs_as(person, roles)})
        return record(case.book, writer, key, signed)


def _within(until: date, now: datetime) -> None:
    today = now.astimezone(LOCAL).date()
    if not today <= until <= today + timedelta(days=LONGEST):
        raise SpecError([Problem("--until", _TOO_FAR, _NEARER)])


def too_few(found: int, wanted: int) -> Text:
    """That approvals are missing, and how many."""
    return Text(f"mới có {found} trên {wanted} phê duyệt.", f"{found} of {wanted} approvals are there.")


_WORDS = {
    "schema": Text("cột, mã hoặc đơn vị", "columns, codes or units"),
    "protection": Text("quy tắc bảo vệ", "the protection"),
    "organization": Text("nơi công bố", "the publishing organisation"),
}


def _changed(names: list[str]) -> Text:
    vi, en = (", ".join(getattr(_WORDS[name], language) for name in names) for language in ("vi", "en"))
    return Text(
        f"phê duyệt trước không còn hiệu lực vì đã đổi: {vi}.",
        f"this standing approval does not hold, as these have changed: {en}.",
    )


_OVER = Text("phê duyệt trước đã hết hạn.", "this standing approval is over.")
_NOT_SIGNED = Text(
    "phê duyệt trước không do người này ký.", "this standing approval was not signed by this person."
)
_ASK = Text(
    "Phê duyệt phiên bản này (opendata approve ID), hoặc phê duyệt trước lại (--standing).",
    "Approve this version (opendata approve ID), or give standing approvals anew (--standing).",
)
_TOO_FAR = Text(
    "ngày phải từ hôm nay đến không quá 400 ngày.", "must lie between today and 400 days from now."
)
_NEARER = Text("Chọn ngày gần hơn, ví dụ 2027-06-30.", "Choose a nearer day, such as 2027-06-30.")
