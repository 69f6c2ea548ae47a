"""Whether the joint attack of a release still stands when somebody is about to approve it."""

from __future__ import annotations

from catalog.errors import Problem, Text
from opendata.approvals.cases import Case
from opendata.errors import GateError, SpecError
from opendata.ledger import Event
from opendata.memory import releases
from opendata.messages import unwritable


def attacked(case: Case, events: list[Event]) -> None:
    """Refuse a release whose audit did not know everything that readers may have.

    A release is written only when it was attacked together with every release written before it, under one lock, and
    `built` says which bytes that were. Whatever was written later was attacked together with this one in turn, or not
    written. So nothing is to be attacked again, if these are the bytes that were built here and the memory is whole.

    Args:
        case: The release.
        events: Of this version.

    Raises:
        GateError: When it was not built in this workspace: nobody attacked it together with the others.
        VerificationError: When an earlier release is missing or another: the memory must be whole.
    """
    built_here(case, events)
    try:
        releases.out(case.workspace, (case.dataset, case.version))
    except OSError as error:
        raise SpecError([Problem("releases/.memory", unwritable(error), _PERMISSIONS)]) from None


def built_here(case: Case, events: list[Event]) -> None:
    """Refuse bytes that the ledger does not know as built.

    Raises:
        GateError: Then.
    """
    if not any(event.kind == "built" and event.manifest == case.manifest for event in events):
        raise GateError([Problem(case.place, _NOT_BUILT, _BUILD)])


_NOT_BUILT = Text(
    "không được tạo trong không gian làm việc này, nên chưa bị tấn công thử cùng các bản phát hành khác.",
    "was not built in this workspace, so that nobody attacked it together with the other releases.",
)
_BUILD = Text("Tạo bằng: opendata build ID.", "Build it: opendata build ID.")
_PERMISSIONS = Text("Kiểm tra quyền ghi và dung lượng đĩa.", "Check the permissions and the free disk space.")
