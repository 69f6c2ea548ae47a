"""Whether every decision in the ledger was signed by somebody who could, and files of approvals tell the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from catalog.errors import Problem, Text
from opendata.approvals import document
from opendata.approvals.acts import check_signed
from opendata.approvals.cases import Case, submission
from opendata.approvals.persons import entitled, people
from opendata.approvals.proving import proven
from opendata.approvals.table import life, possible, transitions
from opendata.errors import OpendataError, VerificationError
from opendata.ledger import Event
from opendata.release import APPROVALS
from opendata.workspace import Workspace

_SIGNED = {line.event for line in transitions() if line.people != 0} | {"key_added", "standing_approved"}


def unsigned(events: Iterable[Event]) -> list[Problem]:
    """Acts of people in the ledger whose signature is missing or wrong."""
    found: list[Problem] = []
    for event in events:
        if event.kind in _SIGNED or "statement" in event.facts:
            place = f"ledger, event {event.number}"
            found += _refusal(partial(check_signed, event.facts, place=place))
    return found


def unvouched(workspace: Workspace, events: Iterable[Event]) -> list[Problem]:
    """People of opendata.toml whose key, roles or title the ledger does not know."""
    added = [event for event in events if event.kind == "key_added"]
    found: list[Problem] = []
    for person in people(workspace).values():
        always = replace(person, since=None, until=None)  # the question is not whether they may act today
        found += _refusal(partial(entitled, always, always.roles, at=_ANY, known=added))
    return found


def unproven(case: Case, own: Sequence[Event], events: Sequence[Event]) -> list[Problem]:
    """What is wrong with the approvals of one version: in the ledger, and in the file that stands beside the release.

    Args:
        case: The version, with the manifest that the ledger holds.
        own: Its events.
        events: All events of the ledger.
    """
    path = case.folder / APPROVALS
    place = f"releases/{case.dataset}/{case.version}/{APPROVALS}"
    try:
        now = life(own)
    except VerificationError:  # told with its state
        return []
    problems = []
    if any(line.act == "publish" for line in possible(now.state)):
        problems = _refusal(partial(proven, case, list(events)))
    submitted, given = submission(list(own)), [event for event in own if event.kind == "approved"]
    if submitted is None or len(given) < now.approvers:
        return [*problems, *([Problem(place, _TOO_EARLY, _REMOVE)] if path.exists() else [])]
    if not path.is_file():
        return [*problems, Problem(place, _MISSING, _AGAIN)]
    return problems or _other(path, (submitted, *given), place)


def _other(path: Path, told: Iterable[Event], place: str) -> list[Problem]:
    try:
        acts = [check_signed(event.facts, place=place) for event in told]
        same = document.render(acts) == path.read_bytes()
    except (OpendataError, OSError, KeyError, TypeError, AttributeError):
        same = False
    return [] if same else [Problem(place, _OTHER, _AGAIN)]


def _refusal(check: Callable[[], object]) -> list[Problem]:
    try:
        check()
    except OpendataError as refused:
        return list(refused.problems)
    except (KeyError, TypeError, ValueError, AttributeError):  # an act that nobody made with this program
        return [Problem("ledger", _NOT_UNDERSTOOD, _TELL)]
    return []


_NOT_UNDERSTOOD = Text("có việc ghi không đúng mẫu.", "holds an act that is not as it must be.")
_TELL = Text("Báo người phụ trách sổ cái.", "Tell whoever is in charge of the ledger.")
_ANY = datetime(2026, 1, 1, tzinfo=UTC)
_TOO_EARLY = Text(
    "có tệp phê duyệt, nhưng sổ cái không có đủ phê duyệt.",
    "there is a file of approvals, but the ledger does not hold as many.",
)
_REMOVE = Text(
    "Đừng công bố; tìm xem ai đặt tệp này ở đây, rồi xóa.",
    "Do not publish; find out who put it here, then remove it.",
)
_MISSING = Text("thiếu tệp phê duyệt.", "the file of approvals is missing.")
_OTHER = Text("khác với phê duyệt trong sổ cái.", "differs from the approvals in the ledger.")
_AGAIN = Text(
    "Xóa tệp (nếu có) và chạy opendata publish: tệp được viết lại từ sổ cái.",
    "Remove it, if it is there, and run opendata publish: it is written again from the ledger.",
)
