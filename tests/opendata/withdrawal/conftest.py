"""A workspace with two approved versions of one dataset, its people and their keys; each test has a copy."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from opendata import approvals, ledger, pipeline, withdrawal
from opendata import workspace as workspaces
from opendata.approvals import Key, Office
from opendata.release import Release
from opendata.workspace import Workspace
from tests.opendata.conftest import RECORDS, fresh

PEOPLE = {
    "thong-ke": "author",
    "kiem-duyet-1": "approver",
    "kiem-duyet-2": "approver",
    "kiem-duyet-3": "approver",
}
ARTICLE = "decree-102-2025/11"
REASON = ("Một ô có thể tính lại được.", "One cell can be computed.")
PAGE = "https://data.example.org/dataset/cases"


@dataclass
class Bureau:
    """The workspace and its people's keys."""

    workspace: Workspace
    keys: dict[str, Key]

    @property
    def root(self) -> Path:
        return self.workspace.root

    def release(self, version: str) -> Release:
        return Release.stored(self.root / "releases/cases" / version)

    def events(self, version: str):
        return ledger.open_ledger(self.workspace).events("cases", version)

    def kinds(self, version: str):
        return [event.kind for event in self.events(version)]

    def publish(self, version: str, url: str = PAGE) -> None:
        approvals.permitted(self.release(version)).published(SimpleNamespace(url=url, written=1))

    def decision(self, **more):
        return withdrawal.Decision(withdrawal.reason(*REASON), more.pop("article", ARTICLE), **more)

    def withdraw(self, version: str, who: str = "kiem-duyet-1", *, portal=None, **more):
        case = withdrawal.case_of(self.workspace, "cases", version)
        return withdrawal.withdraw(case, self.keys[who], self.decision(**more), portal=portal)

    def restore(self, version: str, *who: str):
        return [
            withdrawal.restore(self.release(version), self.keys[one], why="Đã kiểm tra lại.") for one in who
        ]


@pytest.fixture(scope="session")
def approved(tmp_path_factory) -> tuple[Path, dict[str, Key]]:
    home = tmp_path_factory.mktemp("withdrawal")
    made = fresh(home / "workspace")
    for id, role in PEOPLE.items():
        approvals.join(workspaces.find(made.root), home / "keys", id, Office((role,)))
    keys = {id: approvals.read_key(home / "keys", id) for id in PEOPLE}
    for records in (RECORDS, RECORDS.replace("S3,M,48", "S3,M,59")):
        (made.root / "data/records.csv").write_text(records, encoding="utf-8")
        release, _ = pipeline.build("cases", made.root)
        approvals.submit(release, keys["thong-ke"], why="Số liệu năm 2024.")
        for who in ("kiem-duyet-1", "kiem-duyet-2"):
            approvals.approve(release, keys[who])
    return made.root, keys


@pytest.fixture
def office(approved, tmp_path) -> Bureau:
    root, keys = approved
    shutil.copytree(root, tmp_path / "workspace")
    return Bureau(workspaces.find(tmp_path / "workspace"), keys)
