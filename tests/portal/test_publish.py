"""Publishing to a real CKAN: whole or not at all, once, and read back."""

import hashlib
import shutil

import pytest
import requests

from opendata import approvals, demo, ledger, workspace
from opendata.errors import GateError, PortalError, VerificationError
from opendata.portal import Portal
from opendata.release import Release
from opendata.verification import verify

pytestmark = pytest.mark.portal


def shown(portal, release, **more):
    address = f"{portal.url}/api/3/action/package_show"
    answer = requests.get(address, params={"id": release.id}, timeout=60, **more)
    return answer.json()["result"] if answer.ok else None


def test_first_publication(portal, reader, make, tmp_path):
    release = make(every_kind=True)
    plan = portal.plan(release)
    assert [change.kind for change in plan.changes] == ["create"] + ["upload"] * 13
    receipt = portal.publish(release)
    assert receipt.written == 3
    assert receipt.url == f"{portal.url}/dataset/{release.id}"
    assert {file.name for file in receipt.files} == {path.name for path in release.directory.iterdir()}
    for file in reader.files(release.id):
        got = reader.download(file, tmp_path / "down" / file.name)
        assert got.read_bytes() == (release.directory / file.name).read_bytes()
        assert file.size == got.stat().st_size
    assert sorted(path.name for path in (tmp_path / "down").iterdir()) == sorted(
        file.name for file in receipt.files
    )


def test_what_the_portal_says_of_it(portal, make):
    release = make()
    portal.publish(release)
    package = shown(portal, release)
    assert package["title"] == "Bệnh truyền nhiễm theo tỉnh"
    assert "Số ca" in package["notes"]
    assert "Small cells" in package["notes"]
    assert (package["version"], package["private"], package["state"]) == ("2026.1", False, "active")
    assert package["organization"]["name"] == "bo-y-te"
    assert [group["name"] for group in package["groups"]] == ["benh-truyen-nhiem"]
    tags = {"bệnh truyền nhiễm", "notifiable diseases", "giám sát 2025", "surveillance"}
    assert {tag["name"] for tag in package["tags"]} == tags
    extras = {extra["key"]: extra["value"] for extra in package["extras"]}
    assert extras["legal_basis"] == "decree-102-2025/10.2.c; decree-102-2025/18.3"
    assert extras["health_data_groups"] == "8, 14"
    assert extras["small_count_threshold"] == "5"
    assert (
        extras["manifest_sha256"]
        == hashlib.sha256((release.directory / "manifest.json").read_bytes()).hexdigest()
    )
    assert "publishing" not in extras
    parquet = next(item for item in package["resources"] if item["release_file"] == "data.parquet")
    assert parquet["name"] == f"{release.id}-2026.1.parquet"
    assert parquet["mimetype"] == "application/vnd.apache.parquet"
    assert parquet["format"] == "Parquet"
    assert parquet["url"].endswith(f"/{release.id}-2026.1.parquet")


def test_publishing_twice_writes_nothing(portal, make):
    release = make()
    portal.publish(release)
    before = shown(portal, release)
    assert portal.plan(release).changes == ()
    assert portal.publish(release).written == 0
    assert shown(portal, release) == before


def test_planning_writes_nothing_and_needs_no_token(portal, reader, make):
    release = make()
    assert reader.plan(release).changes
    assert shown(portal, release) is None
    portal.publish(release)
    assert reader.plan(release).changes == ()


def test_a_new_version_comes_beside_the_old(portal, reader, make):
    first, second = make(), make("2026.2", data=b"PAR1 other PAR1", frequency="MONTHLY")
    portal.publish(first)
    assert {change.kind for change in portal.plan(second).changes} == {"upload", "update"}
    assert portal.publish(second).written == 1
    assert reader.versions(first.id) == ["2026.1", "2026.2"]
    assert {file.version for file in reader.files(first.id)} == {"2026.2"}
    old = {file.name: file.sha256 for file in reader.files(first.id, "2026.1")}
    assert old["data.parquet"] == hashlib.sha256(b"PAR1 rows PAR1").hexdigest()
    assert portal.publish(first).written == 0
    assert shown(portal, first)["version"] == "2026.2"
    assert portal.plan(second).changes == ()


def test_an_older_version_may_come_late(portal, reader, make):
    late, newest = make("2026.9"), make("2026.10", data=b"PAR1 newest PAR1")
    portal.publish(newest)
    assert portal.publish(late).written == 1
    assert shown(portal, newest)["version"] == "2026.10"
    assert reader.versions(newest.id) == ["2026.9", "2026.10"]
    assert portal.plan(newest).changes == ()
    assert portal.publish(late).written == 0


@pytest.mark.parametrize("token", ["nonsense", "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJ4In0.AAAA", "có dấu\n", None])
def test_a_wrong_token_is_refused_with_the_remedy(site, make, token):
    release = make()
    with pytest.raises(PortalError, match="token") as refused:
        Portal(site.url, token=token).publish(release)
    assert refused.value.exit_code == 7
    assert "OPENDATA_TOKEN" in refused.value.problems[0].remedy.vi
    assert not token or token not in str(refused.value)
    assert shown(Portal(site.url), release) is None


def test_the_token_is_never_shown(portal, site):
    assert site.token not in repr(portal)
    assert site.token not in repr(site)
    assert site.token not in str(portal)


def test_unknown_organisation_and_groups_are_named_together(portal, make):
    release = make(organization="so-y-te-x", groups=["khong-co", "benh-truyen-nhiem"])
    with pytest.raises(PortalError) as refused:
        portal.publish(release)
    assert [problem.where.split()[-1] for problem in refused.value.problems] == ["so-y-te-x", "khong-co"]
    assert shown(portal, release) is None


def test_a_release_changed_on_disk_is_not_published(portal, make):
    release = make()
    (release.directory / "data.csv").write_bytes(b"changed\n")
    with pytest.raises(VerificationError):
        portal.publish(release)
    assert shown(portal, release) is None


def test_nothing_is_published_that_nobody_approved(portal, make):
    release = make(approved=False)
    assert "approvals.jsonld" not in {change.where for change in portal.plan(release).changes}
    for repair in (False, True):
        with pytest.raises(GateError, match="not submitted") as refused:
            portal.publish(release, repair=repair)
        assert refused.value.exit_code == 6
    assert shown(portal, release) is None


def test_a_copy_outside_the_workspace_is_not_published(portal, make, tmp_path):
    release = make()
    copy = tmp_path / "copy" / release.version
    shutil.copytree(release.directory, copy)
    with pytest.raises(GateError, match="no workspace"):
        portal.publish(Release(copy, release.id, release.version))
    assert shown(portal, release) is None


def test_approvals_go_out_with_the_release_and_the_ledger_knows(portal, reader, make):
    release = make()
    receipt = portal.publish(release)
    portal.publish(release)
    (file,) = [file for file in reader.files(release.id) if file.name == "approvals.jsonld"]
    assert file.size == (release.directory / "approvals.jsonld").stat().st_size
    book = ledger.open_ledger(workspace.find(release.directory.parents[2]))
    kinds = [event.kind for event in book.events(release.id)]
    assert kinds == ["built", "submitted", "approved", "approved", "published"]
    assert book.events(release.id)[-1].facts == {"url": receipt.url}
    second = make("2026.2", data=b"PAR1 other PAR1")
    portal.publish(second)
    assert approvals.state(book.events(release.id, "2026.1")) == "superseded"
    found = verify(receipt.url)
    assert (found.version, len(found.signers)) == ("2026.2", 3)


def test_what_broke_off_after_the_portal_is_written_down_by_the_next_run(portal, make, monkeypatch):
    release = make()
    with monkeypatch.context() as broken:
        broken.setattr(approvals.Permit, "published", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            portal.publish(release)
    book = ledger.open_ledger(workspace.find(release.directory.parents[2]))
    assert approvals.state(book.events(release.id, "2026.1")) == "approved"
    assert portal.publish(release).written == 0
    assert approvals.state(book.events(release.id, "2026.1")) == "published"


def test_a_rehearsal_is_good_for_this_machine_only(make):
    with pytest.raises(GateError, match="rehearsal"):
        Portal("https://data.example.org", token="x").publish(make())


def test_rehearsing_again_signs_nothing_twice(make):
    release = make()
    demo.approve_for_rehearsal(release)
    book = ledger.open_ledger(workspace.find(release.directory.parents[2]))
    kinds = [event.kind for event in book.events(release.id)]
    assert kinds == ["built", "submitted", "approved", "approved"]


def test_a_dataset_of_someone_else_is_left_alone(portal, admin, make):
    release = make()
    admin.action.package_create(name=release.id, owner_org="bo-y-te", title="Khác")
    before = shown(portal, release)
    for repair in (False, True):
        with pytest.raises(PortalError, match="another dataset"):
            portal.publish(release, repair=repair)
    assert shown(portal, release) == before


def test_unknown_dataset_and_version(reader, portal, make):
    release = make()
    with pytest.raises(PortalError, match="There is no"):
        reader.files(release.id)
    portal.publish(release)
    with pytest.raises(PortalError, match=r"2099\.1"):
        reader.files(release.id, "2099.1")
