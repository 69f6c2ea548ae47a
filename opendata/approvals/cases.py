"""A version that somebody is about to act on, and what the ledger knows of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from catalog.errors import Problem, Text
from opendata import workspace as workspaces
from opendata.errors import GateError, SpecError, VerificationError
from opendata.ledger import Event, Ledger, open_ledger
from opendata.release import APPROVALS, MANIFEST, Release, digest, verify
from opendata.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Case:
    """A version in a workspace.

    Attributes:
        workspace: The workspace.
        book: Its ledger.
        dataset: The dataset's id.
        version: The version.
        manifest: SHA-256 of its manifest, as it lies there now; "" when the act is about no bytes.
    """

    workspace: Workspace
    book: Ledger
    dataset: str
    version: str
    manifest: str

    @property
    def place(self) -> str:
        """What messages call it."""
        return f"{self.dataset} {self.version}".strip()

    @property
    def folder(self) -> Path:
        """`releases/<id>/<version>/`."""
        return self.workspace.root / "releases" / self.dataset / self.version

    @property
    def subject(self) -> dict[str, str]:
        """The version as a statement names it."""
        return {"dataset": self.dataset, "version": self.version, "manifest": self.manifest}


def case_of(release: Release, *, book: Ledger | None = None) -> Case:
    """The case of a written release; every byte of it is checked first, and so is the ledger.

    Args:
        release: Where it was written: `releases/<id>/<version>/` of a workspace.
        book: The ledger; by default that of the workspace.

    Raises:
        GateError: When the release lies in no workspace: nobody can have approved it.
        VerificationError: When the release is not as its manifest says, or the ledger is not whole.
    """
    folder = release.directory.resolve()
    where = f"{release.id} {release.version}"
    placed = folder.parts[-3:] == ("releases", release.id, release.version)
    if not placed or not (folder.parents[2] / workspaces.CONFIG).is_file():
        raise GateError([Problem(where, _ELSEWHERE, _IN_WORKSPACE)])
    try:
        workspace = workspaces.find(folder.parents[2])
    except SpecError as refused:
        raise GateError(refused.problems) from None
    problems = verify(folder)
    if problems:
        raise VerificationError([_here(problem) for problem in problems])
    manifest = release.manifest
    if (manifest["id"], manifest["version"]) != (release.id, release.version):
        raise GateError([Problem(where, _ANOTHER, _RESTORE)])
    found = _book(workspace, book)
    intact(found)
    return Case(workspace, found, release.id, release.version, digest(folder / MANIFEST))


def recorded_case(workspace: Workspace, dataset: str, version: str, *, book: Ledger | None = None) -> Case:
    """The case of a version as the ledger knows it, whatever has become of its files.

    Args:
        workspace: The workspace.
        dataset: The dataset's id.
        version: The version.
        book: The ledger; by default that of the workspace.

    Raises:
        GateError: When it was never submitted.
        VerificationError: When the ledger is not whole.
    """
    found = book or open_ledger(workspace)
    intact(found)
    submitted = submission(found.events(dataset, version))
    if submitted is None:
        raise GateError([Problem(f"{dataset} {version}", _NEVER, _SUBMIT)])
    return Case(workspace, found, dataset, version, submitted.manifest)


def _book(workspace: Workspace, given: Ledger | None) -> Ledger:
    """The ledger of a workspace, with the clock that was given; a copy elsewhere may have missed a refusal."""
    own = open_ledger(workspace)
    if given is not None and (given.root.resolve(), given.url) != (own.root, own.url):
        raise GateError([Problem("ledger", _OTHER_BOOK, _OWN_BOOK)])
    return given or own


def _here(problem: Problem) -> Problem:
    """A problem of a release as its publisher mends it: from a backup, or from the ledger."""
    return replace(problem, remedy=REMOVE if problem.where.startswith(APPROVALS) else _RESTORE)


def intact(book: Ledger) -> None:
    """Refuse a ledger that is not whole.

    Raises:
        VerificationError: With what is wrong with it.
    """
    problems = book.check()
    if problems:
        raise VerificationError(problems)


def submission(events: list[Event]) -> Event | None:
    """The event with which a version was submitted."""
    return next((event for event in events if event.kind == "submitted"), None)


REMOVE = Text(
    "Xóa tệp đó rồi chạy lại; tệp được tạo lại từ sổ cái.",
    "Remove it and run again; it is made from the ledger.",
)
_RESTORE = Text("Khôi phục thư mục từ bản sao lưu.", "Restore the folder from a backup.")
_ELSEWHERE = Text(
    "bản phát hành này không nằm trong không gian làm việc nào, nên không ai phê duyệt được.",
    "this release lies in no workspace, so that nobody can have approved it.",
)
_IN_WORKSPACE = Text(
    "Dùng bản trong releases/<mã>/<phiên bản>/ của không gian làm việc.",
    "Use the one in releases/<id>/<version>/ of the workspace.",
)
_ANOTHER = Text("thư mục này chứa bản phát hành khác.", "this folder holds another release.")
_OTHER_BOOK = Text("không phải sổ cái của không gian làm việc này.", "is not the ledger of this workspace.")
_OWN_BOOK = Text("Dùng sổ cái của không gian làm việc.", "Use the ledger of the workspace.")
_NEVER = Text("phiên bản này chưa từng được trình.", "this version was never submitted.")
_SUBMIT = Text("Trình: opendata submit ID --as NGƯỜI.", "Submit it: opendata submit ID --as WHO.")
