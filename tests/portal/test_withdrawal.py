"""Withdrawing from a real CKAN: nothing to download, a notice for everybody, the name kept, the server's disk."""

import subprocess

import pytest
import requests

import opendata as od
from opendata import demo, ledger, verification, withdrawal
from opendata import workspace as workspaces
from opendata.errors import GateError, PortalError, VerificationError, WithdrawnError
from opendata.portal import Portal
from opendata.release import digest
from opendata.withdrawal import deciding, telling

pytestmark = pytest.mark.portal
REASON = ("Một ô có thể tính lại được.", "One cell can be computed.")


def workspace_of(release):
    return workspaces.find(release.directory.parents[2])


def keys_of(release):
    return demo.rehearsal_keys(workspace_of(release))


def withdraw(release, portal, **more):
    _, first, _ = keys_of(release).values()
    decision = withdrawal.Decision(withdrawal.reason(*REASON), "decree-102-2025/11", **more)
    case = withdrawal.case_of(workspace_of(release), release.id, release.version)
    return withdrawal.withdraw(case, first, decision, portal=portal)


def killed(*_):
    raise KeyboardInterrupt


def kinds(release):
    events = ledger.open_ledger(workspace_of(release)).events(release.id, release.version)
    return [event.kind for event in events]


def shown(site, release):
    return requests.get(f"{site.url}/api/3/action/package_show?id={release.id}", timeout=60).json()["result"]


def test_bytes_go_the_notice_comes_and_the_dataset_stays(site, portal, reader, make):
    older, newer = (
        make(),
        make("2026.2", data=b"PAR1 others PAR1", title={"vi": "Tên mới", "en": "New title"}),
    )
    portal.publish(older)
    files = portal.publish(newer).files
    done = withdraw(newer, portal, successor="2026.1")
    assert done.removed.written == 1
    assert len(done.removed.files) == len(files)
    for file in files:
        assert requests.get(file.url, timeout=60).status_code == 404
    package = shown(site, newer)
    assert (package["name"], package["version"], package["private"]) == (newer.id, "2026.1", False)
    assert package["title"] == "Bệnh truyền nhiễm theo tỉnh"
    assert reader.versions(newer.id) == ["2026.1"]
    assert portal.plan(older).changes == ()
    stones = {item["withdrawn_file"]: item for item in package["resources"] if item.get("withdrawn_version")}
    page = requests.get(stones["tombstone.html"]["url"], timeout=60)
    assert page.headers["Content-Type"].startswith("text/html")
    assert REASON[0] in page.content.decode()
    told = requests.get(stones["tombstone.json"]["url"], timeout=60).json()
    assert (told["version"], told["successor"], told["reason"]["en"]) == ("2026.2", "2026.1", REASON[1])
    assert set(told["sha256"].values()) >= {file.sha256 for file in newer.files}


def test_the_stored_files_lie_where_the_instruction_says(site, portal, make):
    release = make()
    portal.publish(release)
    sums = {file.sha256 for file in portal.files(release.id)}
    done = withdraw(release, portal)
    storage = site.folder / "storage"
    paths = [storage / one.path for one in done.removed.files]
    assert {digest(path) for path in paths} == sums
    commands = "\n".join(telling.instruction(done.removed.files))
    subprocess.run(
        ["sh", "-ec", commands], env={"CKAN_STORAGE_PATH": str(storage), "PATH": "/usr/bin:/bin"}, check=True
    )
    assert not any(path.exists() for path in paths)


def test_running_again_writes_nothing_and_tells_the_same(portal, make):
    release = make()
    portal.publish(release)
    first, again = withdraw(release, portal), withdraw(release, portal)
    assert (again.fresh, again.removed.written) == (False, 0)
    assert again.removed.files == first.removed.files
    assert kinds(release)[-2:] == ["withdrawn", "removed"]


def test_the_only_version_leaves_an_empty_dataset_with_its_notice(site, portal, reader, make, tmp_path):
    release = make()
    portal.publish(release)
    withdraw(release, portal)
    assert shown(site, release)["state"] == "active"
    assert requests.get(f"{site.url}/dataset/{release.id}", timeout=60).status_code == 200
    for version in (None, "2026.1"):
        with pytest.raises(WithdrawnError, match=REASON[1]):
            od.load(release.id, portal=site.url, version=version, cache=tmp_path / "cache")
    with pytest.raises(WithdrawnError, match=REASON[1]) as refused:
        verification.verify(f"{site.url}/dataset/{release.id}")
    assert refused.value.exit_code == 8
    with pytest.raises(PortalError, match="There is no"):
        reader.files(release.id, "2026.1")
    successor = make("2026.2", data=b"PAR1 others PAR1")
    portal.publish(successor)
    assert shown(site, release)["version"] == "2026.2"


def test_one_who_restores_is_not_enough_two_bring_it_back(site, portal, reader, make):
    release = make()
    portal.publish(release)
    withdraw(release, portal)
    _, first, second = keys_of(release).values()
    with pytest.raises(GateError) as refused:
        portal.publish(release)
    assert refused.value.exit_code == 6
    withdrawal.restore(release, first, why="Đã kiểm tra lại.")
    with pytest.raises(GateError):
        portal.publish(release)
    withdrawal.restore(release, second, why="Đã kiểm tra lại.")
    assert {change.target for change in portal.plan(release).changes} == {"file", "tombstone", "field"}
    portal.publish(release)
    assert portal.plan(release).changes == ()
    assert {file.name for file in reader.files(release.id)} == {p.name for p in release.directory.iterdir()}
    assert not [item for item in shown(site, release)["resources"] if item.get("withdrawn_version")]
    assert kinds(release)[-3:] == ["restored", "restored", "published"]


def test_a_portal_that_is_down_delays_it(portal, make):
    release = make()
    portal.publish(release)
    with pytest.raises(PortalError, match="Run the same command again") as refused:
        withdraw(release, Portal("http://127.0.0.1:9", token="x", timeout=2))
    assert refused.value.exit_code == 7
    assert kinds(release)[-1] == "withdrawn"
    with pytest.raises(GateError):
        portal.publish(release)
    done = withdraw(release, portal)
    assert (done.fresh, done.removed.written) == (False, 1)


@pytest.mark.parametrize("step", ["remove", "_noted"])
def test_killed_at_any_step_the_next_run_finishes(portal, make, monkeypatch, step):
    release = make()
    portal.publish(release)
    with monkeypatch.context() as patched:
        patched.setattr(deciding, step, killed)
        with pytest.raises(KeyboardInterrupt):
            withdraw(release, portal)
    assert kinds(release)[-1] == "withdrawn"
    done = withdraw(release, portal)
    assert done.removed.written == (1 if step == "remove" else 0)
    events = ledger.open_ledger(workspace_of(release)).events(release.id, release.version)
    assert events[-1].kind == "removed"
    assert set(events[-1].facts["files"]) == {path.name for path in release.directory.iterdir()}


def test_what_was_never_on_the_portal(portal, make):
    release = make()
    done = withdraw(release, portal)
    assert (done.removed.written, done.removed.files) == (0, ())


def test_without_a_token(site, portal, make):
    release = make()
    portal.publish(release)
    with pytest.raises(PortalError, match="token"):
        withdraw(release, Portal(site.url))
    assert portal.files(release.id)


def test_verify_a_published_page(site, portal, admin, make):
    release = make()
    portal.publish(release)
    page = f"{site.url}/dataset/{release.id}"
    found = verification.verify(page)
    assert [one.act for one in found.signers] == ["submit", "approve", "approve"]
    assert found.trusted is None
    keys = release.directory.parents[2] / "keys.json"
    keys.write_text(verification.keys_json(workspace_of(release).config.people), encoding="utf-8")
    assert verification.verify(page, keys=keys).trusted
    approvals = next(r for r in shown(site, release)["resources"] if r["release_file"] == "approvals.jsonld")
    admin.action.resource_delete(id=approvals["id"])
    with pytest.raises(VerificationError, match="without approvals"):
        verification.verify(page)
