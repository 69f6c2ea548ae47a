"""An office at work: people with keys, a portal that keeps what it is given, a clock that a test moves."""

import shutil
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from opendata import approvals, ledger
from opendata import workspace as workspaces
from opendata.approvals import Key, Office
from opendata.errors import UnreachableError
from opendata.portal import Receipt
from opendata.release import digest
from opendata.remote import RemoteFile
from opendata.schedule import running
from opendata.schedule.tasks import Means
from opendata.workspace import Workspace
from tests.opendata.schedule.conftest import MONTHLY, at

ADDRESS = "http://127.0.0.1:25300"
ROLES = {
    "thong-ke": "author",
    "kiem-duyet-1": "approver",
    "kiem-duyet-2": "approver",
    "lich": "scheduler",
}


@dataclass(frozen=True)
class Shelf:
    """A portal as far as a run knows it: what was published stays in a folder, once.

    Attributes:
        folder: Where.
        troubles: Errors to be raised by the next publications, the first one first.
        asked: What was published, each time.
    """

    folder: Path
    troubles: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    token: str | None = "t"

    def publish(self, release, *, repair=False, book=None):
        self.asked.append(f"{release.id} {release.version}")
        permit = approvals.permitted(release, portal=ADDRESS, book=book)
        if self.troubles:
            raise self.troubles.pop(0)
        target = self.folder / release.id / release.version
        fresh = not target.exists()
        if fresh:
            shutil.copytree(release.directory, target)
        receipt = Receipt(f"{ADDRESS}/dataset/{release.id}", release.id, release.version, int(fresh), ())
        permit.published(receipt)
        return receipt

    def files(self, id, version=None):
        there = self.folder / id / version
        return [
            RemoteFile(path.name, str(path), digest(path), path.stat().st_size, version)
            for path in sorted(there.iterdir())
        ]

    def download(self, file, target):
        return Path(shutil.copyfile(file.url, target))


@dataclass
class Bureau:
    """A workspace, its people, its portal, and what time it is."""

    workspace: Workspace
    keys: dict[str, Key]
    shelf: Shelf
    now: datetime
    paused: list[float] = field(default_factory=list)

    @property
    def book(self):
        return ledger.open_ledger(self.workspace, clock=lambda: self.now)

    @property
    def means(self) -> Means:
        return Means(
            self.workspace,
            self.shelf,
            self.keys["lich"],
            clock=lambda: self.now,
            pause=self.paused.append,
        )

    def run(self, moment: str | None = None, *ids: str):
        """One run, at a moment in Ha Noi."""
        self.now = at(moment) if moment else self.now
        return running.run(self.means, ids)

    def approve(self, version: str, *who: str, id: str = MONTHLY) -> None:
        for one in who or ("kiem-duyet-1", "kiem-duyet-2"):
            approvals.approve(self.release(version, id), self.keys[one], book=self.book)

    def standing(self, version: str, until: str, id: str = MONTHLY) -> None:
        """Standing approvals that look like a version."""
        for one in ("kiem-duyet-1", "kiem-duyet-2"):
            approvals.approve_standing(
                self.release(version, id), self.keys[one], until=date.fromisoformat(until), book=self.book
            )

    def release(self, version: str, id: str = MONTHLY):
        from opendata.release import Release

        return Release.open(self.workspace.root / "releases" / id / version)

    def events(self, *kinds: str):
        return [event for event in self.book.events() if event.kind in kinds]


def staff(office: Workspace, folder: Path, moment: str) -> Bureau:
    """Give a workspace its people."""
    made = {}
    for id, role in ROLES.items():
        made[id] = approvals.new_key(folder / "keys", id)
        found = workspaces.find(office.root)
        book = ledger.open_ledger(found, clock=lambda: at("2026-01-02 08:00"))
        approvals.add_person(found, made[id], Office((role,)), book=book)
    return Bureau(workspaces.find(office.root), made, Shelf(folder / "shelf"), at(moment))


def copied(made: Bureau, folder: Path) -> Bureau:
    """The same office in another folder, to be changed by a test; the first one is left as it is."""
    shutil.copytree(made.workspace.root.parent, folder, dirs_exist_ok=True)
    office = workspaces.find(folder / made.workspace.root.name)
    return Bureau(office, made.keys, Shelf(folder / "shelf", asked=list(made.shelf.asked)), made.now)


def unreachable() -> UnreachableError:
    return UnreachableError([])
