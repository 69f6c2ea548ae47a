"""Leave to publish: what `Portal.publish` asks for, and what it writes down afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from catalog.errors import Problem, Text
from opendata import atomic
from opendata.approvals import document
from opendata.approvals.acts import Act
from opendata.approvals.cases import REMOVE, Case, case_of
from opendata.approvals.proving import CHANGED, NEW_VERSION, in_rehearsal, proven
from opendata.approvals.table import possible
from opendata.approvals.table import state as state_of
from opendata.errors import GateError, SpecError, VerificationError
from opendata.ledger import Entry, Event, Ledger, Writer
from opendata.messages import unwritable
from opendata.release import Release, order
from opendata.schedule import embargo

_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


class Published(Protocol):
    """What was read back after publishing (`opendata.portal.Receipt`)."""

    @property
    def url(self) -> str:
        """Of the dataset's page."""

    @property
    def written(self) -> int:
        """How many times the portal was written to."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to publish a release.

    Attributes:
        case: The release in its workspace.
        acts: The submission and the approvals, proven.
    """

    case: Case
    acts: tuple[Act, ...]

    def hold_for(self, manifest_sha256: str) -> None:
        """Refuse bytes that are not those which were approved.

        Args:
            manifest_sha256: Of the manifest that is about to be published.

        Raises:
            GateError: When it is another: the release was changed meanwhile.
        """
        if manifest_sha256 != self.case.manifest:
            raise GateError([Problem(self.case.place, CHANGED, NEW_VERSION)])

    def published(self, receipt: Published) -> list[Event]:
        """Write down that the release is out, once per address, and that older versions gave way to it.

        One that was withdrawn and restored is written down anew.

        Args:
            receipt: What the portal gave back.

        Returns:
            The events that were written; none when all was known.

        Raises:
            GateError: When it was withdrawn while it was being published: it is out and must be taken off.
            SpecError: When the ledger cannot be written: the release is out all the same, and running again is safe.
            VerificationError: When the ledger is not whole.
        """
        with self.case.book.writing() as writer:
            events = writer.events(self.case.dataset)
            own = [event for event in events if event.version == self.case.version]
            if state_of(own) == "withdrawn":
                raise GateError([Problem(self.case.place, _MEANWHILE, _TAKE_OFF)])
            own = own[max((n for n, e in enumerate(own) if e.kind == "restored"), default=0) :]
            known = any(e.kind == "published" and e.facts.get("url") == receipt.url for e in own)
            made = [] if known else [_append(self.case, writer, "published", {"url": receipt.url})]
            return made + _give_way(self.case, writer)


def permitted(release: Release, *, portal: str | None = None, book: Ledger | None = None) -> Permit:
    """Leave to publish a release, when it was approved as it is.

    Args:
        release: The release, where it was written.
        portal: Address of the portal; approvals of a rehearsal are good for one on this machine only.
        book: The ledger; by default that of the workspace.

    Raises:
        GateError: When approvals are missing or void, naming each; or when it tells figures that are not due yet.
        VerificationError: When the release, the ledger or a signature is not whole.
    """
    case = case_of(release, book=book)
    embargo.require(case.workspace, release, clock=case.book.clock)
    acts = proven(case, case.book.events())
    _rehearsed(case, acts, portal)
    _keep(case, acts)
    return Permit(case, acts)


def complete(case: Case) -> None:
    """Write `approvals.jsonld` when a version has all its approvals.

    Raises:
        GateError: When one of them does not count.
        VerificationError: When another file of that name is there.
    """
    events = case.book.events()
    own = [event for event in events if (event.dataset, event.version) == (case.dataset, case.version)]
    if any(line.act == "publish" for line in possible(state_of(own))):
        _keep(case, proven(case, events))


def _rehearsed(case: Case, acts: tuple[Act, ...], portal: str | None) -> None:
    """Refuse what was signed in a rehearsal, for a portal that is not on this machine."""
    if portal is None or urlsplit(portal).hostname in _HERE:
        return
    who = in_rehearsal(case, acts)
    if who:
        raise GateError([Problem(f"{case.place}: {one}", _REHEARSAL, _REAL) for one in who])


def _keep(case: Case, acts: tuple[Act, ...]) -> None:
    """Write `approvals.jsonld`, whole or not at all; beside the folder first, where nobody verifies it."""
    path, data = case.folder / document.FILE, document.render(acts)
    try:
        if path.exists():
            if path.read_bytes() != data:
                raise VerificationError([Problem(f"{case.place}: {document.FILE}", _ANOTHER, REMOVE)])
            return
        atomic.write(path, data, mode=0o644, draft_in=case.folder.parent)
    except OSError as error:
        raise SpecError(
            [Problem(f"{case.place}: {document.FILE}", unwritable(error), _PERMISSIONS)]
        ) from None


def _give_way(case: Case, writer: Writer) -> list[Event]:
    """Write `superseded` for every published version that a newer published one has replaced."""
    histories: dict[str, list[Event]] = {}
    for event in writer.events(case.dataset):
        histories.setdefault(event.version, []).append(event)
    out = sorted((v for v, own in histories.items() if v and state_of(own) == "published"), key=order)
    return [
        writer.append(
            Entry(
                "superseded",
                dataset=case.dataset,
                version=version,
                manifest=histories[version][-1].manifest,
                facts={"by": out[-1]},
            )
        )
        for version in out[:-1]
    ]


def _append(case: Case, writer: Writer, kind: str, facts: dict[str, str]) -> Event:
    return writer.append(Entry(kind, **case.subject, facts=facts))


_MEANWHILE = Text("bị thu hồi trong khi đang công bố.", "was withdrawn while it was being published.")
_TAKE_OFF = Text(
    "Gỡ ngay khỏi cổng: chạy lại opendata withdraw.",
    "Take it off the portal at once: run opendata withdraw again.",
)
_REHEARSAL = Text(
    "chữ ký này thuộc một buổi diễn tập, chỉ dùng cho cổng thử nghiệm trên máy này.",
    "this signature is a rehearsal's, good for a portal on this machine only.",
)
_REAL = Text(
    "Tạo phiên bản mới và để ba người thật trình, phê duyệt (opendata key new).",
    "Make a new version, and have three real people submit and approve it (opendata key new).",
)
_ANOTHER = Text(
    "tệp đã có không phải do các phê duyệt này tạo ra.",
    "the file that is there is not that of these approvals.",
)
_PERMISSIONS = Text("Kiểm tra quyền ghi và dung lượng đĩa.", "Check the permissions and the free disk space.")
