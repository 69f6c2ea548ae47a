"""The sandbox: up, up again, killed, half built, down."""

import errno
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests
from ckanapi import CKANAPIError

from opendata import sandbox
from opendata.errors import PortalError
from opendata.portal import Portal
from opendata.sandbox import control, postgres, processes

pytestmark = pytest.mark.portal
PARTS = ("postgres", "search", "ckan")


def quiet(_):
    """No progress."""


def pids(folder):
    return {name: processes.find(folder, name).pid for name in PARTS}


def database(folder):
    return Path(json.loads((folder / "state.json").read_text())["home"])


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A sandbox of this file's own, to be maltreated."""
    folder = tmp_path_factory.mktemp("own") / "a b" / ".sandbox"
    try:
        yield sandbox.up(folder, progress=quiet)
    finally:
        sandbox.remove(folder)


def test_up_again_does_nothing(own):
    before = pids(own.folder)
    said = []
    again = sandbox.up(own.folder, progress=said.append)
    assert again == own
    assert again.token == own.token
    assert pids(own.folder) == before
    assert [text.en for text in said] == [f"The sandbox is up at {own.url}"]


def test_it_answers_in_vietnamese_and_only_here(own):
    page = requests.get(own.url, timeout=60)
    assert 'lang="vi"' in page.text
    assert "Bộ Y tế" in requests.get(f"{own.url}/organization/", timeout=60).text
    assert requests.get(f"{own.url}/en/dataset/?q=benh", timeout=60).ok
    port = int(own.url.rpartition(":")[2])
    assert 1024 < port < 32768
    listening = [
        line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if " 0A " in line
    ]
    ours = {f"{number:04X}" for number in range(port, port + 3)}
    assert {address.split(":")[0] for address in listening if address.split(":")[1] in ours} == {"0100007F"}


def test_secrets_are_for_their_owner_only(own):
    for name in ("state.json", "ckan.ini", "admin.token", "editor.token"):
        assert stat.S_IMODE((own.folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(own.folder.stat().st_mode) == 0o700
    assert (own.folder / ".gitignore").read_text() == "*\n"
    for log in (own.folder / "logs").iterdir():
        text = log.read_text(errors="replace")
        assert own.token not in text


def test_the_editor_is_no_administrator(own):
    headers = {"Authorization": own.token}
    answer = requests.post(
        f"{own.url}/api/3/action/organization_create", json={"name": "x"}, headers=headers, timeout=60
    )
    assert answer.status_code == 403
    mine = requests.get(
        f"{own.url}/api/3/action/organization_list_for_user", headers=headers, timeout=60
    ).json()
    assert [(item["name"], item["capacity"]) for item in mine["result"]] == [("bo-y-te", "editor")]


def test_more_organisations_and_groups(own):
    sandbox.up(
        own.folder, organizations={"so-y-te-01": "Sở Y tế Hà Nội"}, groups={"khac": "Khác"}, progress=quiet
    )
    listed = requests.get(f"{own.url}/api/3/action/organization_list", timeout=60).json()["result"]
    assert listed == ["bo-y-te", "so-y-te-01"]


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_comes_back_with_everything_published(own, make, part):
    portal = Portal(own.url, token=own.token)
    release = make()
    portal.publish(release)
    processes.stop(processes.find(own.folder, part), 9)
    state = sandbox.status(own.folder)
    assert state.running == {name: name != part for name in PARTS}
    assert not state.answers
    again = sandbox.up(own.folder, progress=quiet)
    assert (again.url, again.token) == (own.url, own.token)
    assert sandbox.status(own.folder).answers
    assert portal.publish(release).written == 0
    found = requests.get(
        f"{own.url}/api/3/action/package_search", params={"q": f"name:{release.id}"}, timeout=60
    )
    assert found.json()["result"]["count"] == 1


def test_all_killed_at_once_with_stale_records(own, make):
    portal, release = Portal(own.url, token=own.token), make()
    portal.publish(release)
    for part in PARTS:
        processes.stop(processes.find(own.folder, part), 9)
    records = own.folder / "processes"
    (records / "ckan.json").write_text(
        json.dumps({"pid": os.getpid(), "started": "1"})
    )  # reused by someone else
    (records / "search.json").write_text("{half")
    (records / "postgres.json").unlink()
    assert not any(sandbox.status(own.folder).running.values())
    assert sandbox.up(own.folder, progress=quiet).token == own.token
    assert portal.publish(release).written == 0


def test_a_part_whose_record_is_lost_is_found(own):
    (own.folder / "processes" / "postgres.json").unlink()
    assert sandbox.status(own.folder).running["postgres"]
    sandbox.down(own.folder)
    assert postgres.running(database(own.folder) / "data") is None
    sandbox.up(own.folder, progress=quiet)


def test_down_leaves_no_process_and_keeps_the_data(own, make):
    portal, release = Portal(own.url, token=own.token), make()
    portal.publish(release)
    before = pids(own.folder)
    sandbox.down(own.folder)
    sandbox.down(own.folder)
    assert not any(Path(f"/proc/{pid}").exists() and "Z" not in state(pid) for pid in before.values())
    assert not any(sandbox.status(own.folder).running.values())
    with pytest.raises(PortalError, match="does not answer"):
        portal.plan(release)
    sandbox.up(own.folder, progress=quiet)
    assert portal.plan(release).changes == ()


def state(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_taken_ports_are_left_to_their_owner(own, make):
    portal, release = Portal(own.url, token=own.token), make()
    portal.publish(release)
    sandbox.down(own.folder)
    with socket.create_server(("127.0.0.1", int(own.url.rpartition(":")[2]))):
        moved = sandbox.up(own.folder, progress=quiet)
        assert moved.url != own.url
        assert Portal(moved.url, token=moved.token).publish(release).written == 0
        assert all(file.url.startswith(moved.url) for file in Portal(moved.url).files(release.id))
        sandbox.down(own.folder)
    state = json.loads((own.folder / "state.json").read_text())
    first = int(own.url.rpartition(":")[2])
    state["ports"] = {"site": first, "search": first + 1, "database": first + 2}
    (own.folder / "state.json").write_text(json.dumps(state))
    sandbox.up(own.folder, progress=quiet)


def test_half_built_state_is_repaired(tmp_path):
    folder = tmp_path / "half"
    try:
        info = sandbox.up(folder, progress=quiet)
        sandbox.down(folder)
        home = database(folder)
        shutil.rmtree(home / "data")
        (home / "data.new").mkdir()
        (home / "data.new" / "PG_VERSION").write_text("16")
        (folder / "editor.token").write_text("half")
        (folder / "state.json.new").write_text("{")
        again = sandbox.up(folder, progress=quiet)
        assert again.token != info.token
        assert sandbox.status(folder).answers
    finally:
        sandbox.remove(folder)
    assert not folder.exists()
    assert not home.exists()


def test_a_site_that_refuses_is_told_with_its_log(own, monkeypatch):
    def refuse(*_, **__):
        raise CKANAPIError("no")

    monkeypatch.setattr(control, "seed", refuse)
    with pytest.raises(PortalError, match=r"ckan\.log"):
        sandbox.up(own.folder, progress=quiet)


def test_a_full_disk_is_told(own, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device", "/x")

    monkeypatch.setattr(control, "seed", full)
    with pytest.raises(PortalError, match="No space left on device"):
        sandbox.up(own.folder, progress=quiet)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps databases apart from their sandboxes")
def test_databases_of_removed_sandboxes_are_swept(monkeypatch, tmp_path):
    monkeypatch.setattr(postgres, "SHARED_HOME", tmp_path / "homes")
    folders = [tmp_path / name for name in ("kept", "fresh", "forgotten", "removed")]
    homes = [postgres.new_home(folder) for folder in folders]
    for folder, home in zip(folders[:3], homes[:3], strict=True):
        folder.mkdir()
        (folder / "state.json").write_text(
            json.dumps({"home": str(home) if folder.name == "kept" else "/other"})
        )
    for home in (homes[0], *homes[2:]):
        os.utime(home / "origin", (0, 0))
    postgres.new_home(tmp_path / "next")
    assert [home.exists() for home in homes] == [True, True, False, False]


def test_nothing_there(tmp_path):
    folder = tmp_path / "none"
    assert sandbox.status(folder) == sandbox.Status(None, dict.fromkeys(PARTS, False), answers=False)
    sandbox.down(folder)
    sandbox.remove(folder)
    assert not folder.exists()


def test_a_spoiled_state_is_named(tmp_path):
    (tmp_path / "state.json").write_text("{")
    with pytest.raises(PortalError, match="state cannot be read"):
        sandbox.up(tmp_path, progress=quiet)


def test_two_commands_at_once_share_one_sandbox_and_keep_no_pipe(own):
    """Started from the command line: detached from the terminal, its pipes and its process group."""
    sandbox.down(own.folder)
    code = f"from pathlib import Path; from opendata import sandbox; print(sandbox.up(Path({str(own.folder)!r})).url)"
    done = []

    def run():
        done.append(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.returncode for process in done] == [0, 0]
    assert {process.stdout.strip() for process in done} == {own.url}
    assert "Đang khởi động CKAN" in "".join(process.stderr for process in done)
    for pid in pids(own.folder).values():
        assert os.getsid(pid) == pid
        assert str(Path(f"/proc/{pid}/fd/0").readlink()) == "/dev/null"
