"""A small release in a workspace, with an author, three approvers and a scheduler, each with a key."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from opendata import approvals, ledger
from opendata import workspace as workspaces
from opendata.approvals import Key, Office
from opendata.ledger import Ledger, building
from opendata.release import Release, seal
from opendata.workspace import Workspace

DAY = datetime(2026, 12, 10, 2, tzinfo=UTC)
OFFICES = {
    "thong-ke": ("author",),
    "kiem-duyet-1": ("approver",),
    "kiem-duyet-2": ("approver",),
    "kiem-duyet-3": ("approver", "author"),
    "lich": ("scheduler",),
}
CODEBOOK = (
    '{"columns": [{"name": "cases", "unit": null}], "codelists": [{"id": "sex", "codes": [{"code": "F"}]}]}'
)
PROTECTION = {"rules": [{"kind": "small_count", "threshold": 5}]}


@dataclass
class Bureau:
    """A workspace and the keys of its people, at a moment that a test moves on."""

    workspace: Workspace
    keys: dict[str, Key]
    now: datetime = DAY

    @property
    def book(self) -> Ledger:
        return ledger.open_ledger(self.workspace, clock=lambda: self.now)

    def release(self, version="2026.1", *, dataset="cases", codebook=CODEBOOK, **changes) -> Release:
        folder = self.workspace.root / "releases" / dataset / version
        folder.mkdir(parents=True)
        (folder / "data.csv").write_bytes(changes.pop("data", b"a,b\n"))
        (folder / "codebook.json").write_text(codebook)
        about = {
            "id": dataset,
            "version": version,
            "title": {"vi": "Số ca", "en": "Cases"},
            "publication": {"organization": changes.pop("organization", "bo-y-te")},
            "audit": {"ok": True, "protection": changes.pop("protection", PROTECTION)},
        }
        built = changes.pop("built", True)
        seal(folder, about | changes)
        if built:
            building.record(self.book, folder)
        return Release(folder, dataset, version)

    def submit(self, release, who="thong-ke"):
        return approvals.submit(release, self.keys[who], why="Kỳ tháng 11", book=self.book)

    def approve(self, release, *who):
        return [approvals.approve(release, self.keys[one], book=self.book) for one in who]

    def approved(self, version="2026.1", **changes) -> Release:
        release = self.release(version, **changes)
        self.submit(release)
        self.approve(release, "kiem-duyet-1", "kiem-duyet-2")
        return release

    def permit(self, release, **options):
        return approvals.permitted(release, book=self.book, **options)

    def state(self, release):
        return approvals.state(self.book.events(release.id, release.version))

    def later(self, **time) -> None:
        self.now += timedelta(**time)


@pytest.fixture(scope="session")
def staffed(tmp_path_factory) -> tuple[Path, dict[str, Key]]:
    """A workspace's own files with its people, made once, and their keys."""
    root = tmp_path_factory.mktemp("staffed")
    workspace = workspaces.init(root / "workspace")
    book = ledger.open_ledger(workspace, clock=lambda: DAY)
    keys = {id: approvals.new_key(root / "keys", id) for id in OFFICES}
    for id, roles in OFFICES.items():
        approvals.add_person(workspace, keys[id], Office(roles), book=book)
    return workspace.root, keys


@pytest.fixture
def bureau(staffed, tmp_path) -> Bureau:
    root, keys = staffed
    workspaces.init(tmp_path)
    for name in ("opendata.toml", "ledger.sqlite", "ledger.head"):
        (tmp_path / name).write_bytes((root / name).read_bytes())
    return Bureau(workspaces.find(tmp_path), keys)


class Receipt:
    """What a portal gives back."""

    def __init__(self, url="http://127.0.0.1:25300/dataset/cases"):
        self.url, self.written = url, 1
