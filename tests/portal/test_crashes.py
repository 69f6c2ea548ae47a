"""Kill -9 at every point of `run --due`: the next run completes, nothing is out twice, nobody saw a half of it."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
import requests

from opendata import approvals, ledger
from opendata import workspace as workspaces
from opendata.datasets import Dataset
from opendata.ledger.store import now
from opendata.pipeline import make
from opendata.release import Release, private_folder, versions
from opendata.schedule import dues
from tests.opendata.conftest import AREAS, SEXES
from tests.opendata.schedule.conftest import add, deliver
from tests.opendata.schedule.staffed import staff

pytestmark = [pytest.mark.portal, pytest.mark.timeout(600)]
ID = "t-crash"
ROOT = Path(__file__).parents[2]
SAMPLE = 6
ENOUGH = 50


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A workspace in which one release is due, to be built, approved by standing approvals, and published.

    A first version was made by people and returned by them: what it looks like is approved for a scheduler.
    """
    folder = tmp_path_factory.mktemp("crashes")
    made = workspaces.init(folder / "office")
    (made.root / "codes/areas.csv").write_text(AREAS, encoding="utf-8")
    (made.root / "codes/sexes.csv").write_text(SEXES, encoding="utf-8")
    config = made.root / "opendata.toml"
    config.write_text(config.read_text().replace('# url = "https://opendata', 'url = "https://opendata'))
    add(made, ID, until="2026-02-10")
    deliver(made, "2026-01")
    bureau = staff(made, folder, "2026-02-01 08:00")
    bureau.now = now()
    spec = bureau.workspace.spec(ID)
    (due,) = dues(spec.schedule, spec.entry.frequency)
    release, _ = make(Dataset(ID, spec.at(due), bureau.workspace))
    approvals.submit(release, bureau.keys["thong-ke"], why="Xem trước / To be looked at", book=bureau.book)
    bureau.standing("2026.1", f"{date.today() + timedelta(days=300)}", id=ID)
    approvals.return_(release, bureau.keys["kiem-duyet-1"], why="Thiếu / Incomplete", book=bureau.book)
    deliver(made, "2026-01", "2026-02")
    own = folder / "own"
    own.mkdir(mode=0o700)
    shutil.copy2(folder / "keys" / "lich.pem", own)
    return made.root


@pytest.fixture(scope="module")
def run(office, site, tmp_path_factory):
    """Run in a workspace, killed at a point; gives the exit code, the points that were passed, and what was said."""
    folder = tmp_path_factory.mktemp("told")
    trace, told = folder / "trace", (folder / "stdout", folder / "stderr")
    environment = {"OPENDATA_PORTAL": site.url, "OPENDATA_TOKEN": site.token}
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.portal.crashing"],
        cwd=ROOT,
        env=os.environ | environment | {"OPENDATA_KEYS": str(office.parent / "own")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ordered(workspace: Path, number: int = 0) -> tuple[int, list[str], str]:
        trace.unlink(missing_ok=True)
        arguments = ["--lang", "en", "run", "--due", "--json", "--workspace", str(workspace)]
        order = {"number": number, "trace": str(trace), "told": list(map(str, told)), "arguments": arguments}
        server.stdin.write(f"{json.dumps(order)}\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        said = [path.read_text() for path in told]
        return code, trace.read_text().splitlines() if trace.exists() else [], said[0] or said[1]

    yield ordered
    server.stdin.close()
    server.wait()
    server.stdout.close()


@pytest.fixture(scope="module")
def fresh(office, site, admin, tmp_path_factory):
    """A fresh copy of the workspace, and a portal without the dataset."""
    folder = tmp_path_factory.mktemp("copies")

    def copied(name: str) -> Path:
        shutil.copytree(office, folder / name)
        if shown(site.url, ID, token=site.token) is not None:
            admin.action.dataset_purge(id=ID)
        return folder / name

    return copied


def shown(url, id, token=None):
    headers = {"Authorization": token} if token else {}
    address = f"{url}/api/3/action/package_show"
    answer = requests.get(address, params={"id": id}, headers=headers, timeout=60)
    return answer.json()["result"] if answer.ok else None


def whole(url, folder):
    """Whether the public sees the release; AssertionError when it sees a part of it, or anything else."""
    package = shown(url, ID)
    if package is None:
        return False
    release = folder / "releases" / ID / "2026.2"
    there = [item["release_file"] for item in package["resources"]]
    assert sorted(there) == sorted(path.name for path in release.iterdir())
    for item in package["resources"]:
        assert requests.get(item["url"], timeout=60).content == (release / item["release_file"]).read_bytes()
    return True


def site_is_whole(folder):
    """The static catalogue is there with everything, or not at all."""
    home = folder / "site"
    if home.exists():
        assert (home / "catalog.ttl").is_file()
        assert (home / "calendar.ics").is_file()
        Release.open(home / "datasets" / ID / "2026.2")


def check_ledger(folder):
    book = ledger.open_ledger(workspaces.find(folder))
    assert book.check() == []
    return book.events(ID)


def kill_and_go_on(run, folder, site, number):
    code, passed, said = run(folder, number)
    assert (code, len(passed)) == (-9, number), said
    whole(site.url, folder)
    site_is_whole(folder)
    check_ledger(folder)
    code, _, said = run(folder)
    assert code == 0, f"{passed[-1]}: {said}"
    assert json.loads(said)["state"] in ("published", "nothing_due"), said
    finished(site, folder)
    shutil.rmtree(folder)


def finished(site, folder):
    """Everything is out, once, and nothing else is left."""
    assert whole(site.url, folder)
    site_is_whole(folder)
    assert (folder / "site").exists()
    events = check_ledger(folder)
    own = [event.kind for event in events if event.version == "2026.2"]
    assert own == ["built", "submitted", "approved", "approved", "published", "run"]
    home = folder / "releases" / ID
    assert versions(home) == ["2026.1", "2026.2"]
    assert private_folder(home / "2026.2").is_dir()


@pytest.fixture(scope="module")
def points(run, fresh, site):
    """Every point that a run passes."""
    folder = fresh("office")
    code, found, said = run(folder)
    assert code == 0, said
    finished(site, folder)
    assert len(found) >= ENOUGH
    for kind in (
        "step build",
        "step read back",
        "os.rename",
        "ledger append",
        "ledger commit",
        "portal send",
    ):
        assert f"after {kind}" in found
    return found


def test_killed_here_and_there(run, fresh, site, points):
    for place in range(SAMPLE):
        number = 1 + place * (len(points) - 1) // (SAMPLE - 1)
        kill_and_go_on(run, fresh(f"killed-{number}"), site, number)


def test_a_second_run_finds_nothing_to_do(run, fresh, site):
    folder = fresh("twice")
    assert run(folder)[0] == 0
    before, events = shown(site.url, ID), check_ledger(folder)
    code, _, said = run(folder)
    assert (code, json.loads(said)["state"]) == (0, "nothing_due")
    assert shown(site.url, ID) == before
    assert check_ledger(folder) == events


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_killed_everywhere(run, fresh, site, points):
    for number in range(1, len(points) + 1):
        kill_and_go_on(run, fresh(f"at-{number}"), site, number)
