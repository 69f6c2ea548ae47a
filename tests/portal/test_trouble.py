"""When things break while publishing: nothing half-done is seen, and the next run finishes."""

import re
import shutil
import socket
import socketserver
import threading
from contextlib import contextmanager, suppress

import pytest
import requests

from opendata import sandbox
from opendata.errors import PortalError
from opendata.portal import Portal
from opendata.sandbox import processes

pytestmark = pytest.mark.portal
FILES = 6  # of a release made here, with its approvals


def seen(site, release):
    """What the public sees: None, or the names of the files."""
    answer = requests.get(f"{site.url}/api/3/action/package_show", params={"id": release.id}, timeout=60)
    return [item["release_file"] for item in answer.json()["result"]["resources"]] if answer.ok else None


@contextmanager
def between(site, *, action, number=1, forward=None, meanwhile=None):
    """A wire between client and site that breaks the n-th call of an action.

    It breaks after `forward` bytes of the request, when `meanwhile` is called; with None, when the site has
    answered and the client has not heard of it yet. With -1 nothing breaks and `meanwhile` is called before.
    """
    calls = []
    host, port = site.url.removeprefix("http://").split(":")

    def handle(client, *_):
        with client, socket.create_connection((host, int(port))) as server:
            head = client.recv(65536)
            hit = f"/{action} ".encode() in head.split(b"\r\n")[0]
            calls.append(hit)
            broken = hit and sum(calls) == number
            length = int((re.search(rb"(?i)content-length: (\d+)", head) or [0, 0])[1])
            left = head.index(b"\r\n\r\n") + 4 + length - len(head)
            if broken and meanwhile and forward == -1:
                meanwhile()
            server.sendall(head)
            sent = len(head)
            while left > 0:
                if broken and forward is not None and 0 <= forward <= sent:
                    if meanwhile:
                        meanwhile()
                    return
                piece = client.recv(65536)
                server.sendall(piece)
                left, sent = left - len(piece), sent + len(piece)
            answer = b"".join(iter(lambda: server.recv(65536), b""))
            if not broken or forward == -1:
                client.sendall(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handle, bind_and_activate=False) as wire:
        wire.daemon_threads = True
        wire.shutdown_request = lambda request: request.close()
        wire.server_bind()
        wire.server_activate()
        thread = threading.Thread(target=wire.serve_forever)
        thread.start()
        try:
            yield Portal(f"http://127.0.0.1:{wire.server_address[1]}", token=site.token, timeout=60)
        finally:
            wire.shutdown()
            thread.join()


def test_ckan_killed_in_the_middle_of_an_upload(site, portal, make):
    release = make(data=b"PAR1" + bytes(30_000_000))

    def kill():
        processes.stop(processes.find(site.folder, "ckan"), 9)

    wire = between(site, action="package_revise", forward=10_000_000, meanwhile=kill)
    with wire as broken, pytest.raises(PortalError) as refused:
        broken.publish(release)
    assert refused.value.exit_code == 7
    with pytest.raises(PortalError, match="does not answer"):
        portal.publish(release)
    assert sandbox.up(site.folder, progress=lambda _: None).token == site.token
    assert seen(site, release) is None
    assert portal.publish(release).written == 2
    assert len(seen(site, release)) == FILES
    assert portal.publish(release).written == 0


@pytest.mark.parametrize(
    ("broken_call", "left_to_do"),
    [
        ({"action": "package_create"}, 2),
        ({"action": "package_revise", "forward": 100_000}, 2),
        ({"action": "package_revise", "number": 1}, 1),
        ({"action": "package_revise", "number": 2}, 0),
    ],
    ids=["create-unanswered", "upload-cut", "upload-unanswered", "opening-unanswered"],
)
def test_a_broken_wire(site, portal, make, broken_call, left_to_do):
    release = make(data=b"PAR1" + bytes(1_000_000))
    with (
        between(site, **broken_call) as broken,
        pytest.raises(PortalError, match="running again is always safe"),
    ):
        broken.publish(release)
    assert seen(site, release) is None or left_to_do == 0
    assert portal.publish(release).written == left_to_do
    assert sorted(seen(site, release)) == sorted(path.name for path in release.directory.iterdir())


def test_another_version_after_a_broken_first_publication(site, portal, reader, make):
    broken_one, next_one = make(), make("2026.2", data=b"PAR1 2 PAR1")
    with between(site, action="package_revise") as broken, pytest.raises(PortalError):
        broken.publish(broken_one)
    assert {change.kind for change in portal.plan(next_one).changes} == {"upload", "update", "remove"}
    portal.publish(next_one)
    assert reader.versions(next_one.id) == ["2026.2"]
    assert len(seen(site, next_one)) == FILES
    assert portal.plan(next_one).changes == ()


def test_a_broken_wire_leaves_the_published_version_alone(site, portal, make):
    first, second = make(), make("2026.2", data=b"PAR1" + bytes(1_000_000))
    portal.publish(first)
    with between(site, action="package_revise", forward=100_000) as broken, pytest.raises(PortalError):
        broken.publish(second)
    assert portal.plan(first).changes == ()
    assert portal.publish(second).written == 1
    assert len(seen(site, second)) == 2 * FILES


def test_someone_edits_between_plan_and_publication(site, admin, portal, make):
    first, second = make(), make("2026.2", data=b"PAR1 2 PAR1")
    portal.publish(first)

    def edit():
        admin.action.package_patch(id=first.id, author="Người khác")

    wire = between(site, action="package_revise", forward=-1, meanwhile=edit)
    with wire as shared, pytest.raises(PortalError, match="Someone just changed this dataset"):
        shared.publish(second)
    assert len(seen(site, first)) == FILES
    assert admin.action.package_show(id=first.id)["author"] == "Người khác"
    assert portal.publish(second).written == 1
    assert admin.action.package_show(id=first.id)["author"] == "Bộ Y tế"


def meddle_bytes(admin, package, site):
    resource = next(item for item in package["resources"] if item["release_file"] == "data.csv")
    with (site.folder / "other.csv").open("wb+") as other:
        other.write(b"a,c\n")
        other.seek(0)
        admin.call_action("resource_patch", {"id": resource["id"]}, files={"upload": other})
    return "data.csv"


def meddle_disk(admin, package, site):
    key = next(item for item in package["resources"] if item["release_file"] == "data.parquet")["id"]
    stored = site.folder / "storage" / "resources" / key[:3] / key[3:6] / key[6:]
    stored.write_bytes(stored.read_bytes().replace(b"rows", b"ROWS"))
    return "data.parquet"


def meddle_resource(admin, package, site):
    resource = next(item for item in package["resources"] if item["release_file"] == "report.html")
    admin.action.resource_patch(id=resource["id"], hash="sha256:0")
    return "report.html"


def meddle_delete(admin, package, site):
    resource = next(item for item in package["resources"] if item["release_file"] == "manifest.json")
    admin.action.resource_delete(id=resource["id"])
    return "manifest.json"


def meddle_title(admin, package, site):
    admin.action.package_patch(id=package["id"], title="Khác")
    return "title"


def meddle_tags(admin, package, site):
    admin.action.package_patch(id=package["id"], tags=[{"name": "khác"}])
    return "tags"


def meddle_extras(admin, package, site):
    extras = [item for item in package["extras"] if item["key"] != "legal_basis"]
    admin.action.package_patch(id=package["id"], extras=extras)
    return "legal_basis"


def meddle_private(admin, package, site):
    admin.action.package_patch(id=package["id"], private=True)
    return "private"


MEDDLING = [
    meddle_bytes,
    meddle_disk,
    meddle_resource,
    meddle_delete,
    meddle_title,
    meddle_tags,
    meddle_extras,
]


@pytest.mark.parametrize("meddle", [*MEDDLING, meddle_private])
def test_a_change_on_the_portal_is_found_and_refused_and_repaired(site, admin, portal, make, meddle):
    release = make()
    portal.publish(release)
    where = meddle(admin, admin.action.package_show(id=release.id), site)
    before = admin.action.package_show(id=release.id)
    assert [change.where for change in portal.plan(release).drift] == [where]
    with pytest.raises(PortalError, match="--repair") as refused:
        portal.publish(release)
    assert [problem.where.split()[-1] for problem in refused.value.problems] == [where]
    assert admin.action.package_show(id=release.id) == before
    assert portal.publish(release, repair=True).written == 1
    assert portal.plan(release).changes == ()
    assert len(seen(site, release)) == FILES


def test_what_others_add_stays(admin, portal, make):
    release, second = make(), make("2026.2", data=b"PAR1 2 PAR1")
    portal.publish(release)
    package = admin.action.package_show(id=release.id)
    admin.action.package_patch(
        id=release.id,
        tags=[*package["tags"], {"name": "của cổng"}],
        extras=[*package["extras"], {"key": "harvest_source", "value": "x"}],
        groups=[*package["groups"], {"name": "nhom-rieng"}],
    )
    admin.action.resource_create(package_id=release.id, name="Hướng dẫn", url="https://example.org/doc")
    assert portal.publish(release).written == 0
    portal.publish(second)
    package = admin.action.package_show(id=release.id)
    assert {"key": "harvest_source", "value": "x"} in package["extras"]
    assert "của cổng" in {tag["name"] for tag in package["tags"]}
    assert "nhom-rieng" in {group["name"] for group in package["groups"]}
    assert "Hướng dẫn" in {item["name"] for item in package["resources"]}


def test_files_altered_on_the_way_are_taken_back(site, portal, reader, make, monkeypatch):
    """A proxy or disk that alters what was sent: seen at once, nobody can download it."""
    first, second = make(), make("2026.2", data=b"PAR1 2 PAR1")
    real = second.directory / "data.csv"
    from opendata.portal import publish

    def altering(connection, action, *, fields, uploads):
        sent = {
            key: item._replace(path=fake if item.path == real else item.path) for key, item in uploads.items()
        }
        return send(connection, action, fields=fields, uploads=sent)

    portal.publish(first)
    send, fake = publish.send, second.directory.parent / "fake.csv"
    shutil.copy(real, fake)
    fake.write_bytes(b"x" * real.stat().st_size)
    monkeypatch.setattr(publish, "send", altering)
    with pytest.raises(PortalError, match=r"not what was sent: data\.csv"):
        portal.publish(second)
    assert reader.versions(first.id) == ["2026.1"]
    assert portal.plan(first).changes == ()
    monkeypatch.undo()
    assert portal.publish(second).written == 1


def test_an_unfinished_first_publication_with_altered_files_stays_private(site, portal, make, monkeypatch):
    release = make()
    from opendata.portal import publish

    monkeypatch.setattr(publish, "read_back", lambda *_: ["data.csv"])
    with pytest.raises(PortalError, match=r"data\.csv"):
        portal.publish(release)
    assert seen(site, release) is None
    monkeypatch.undo()
    assert portal.publish(release).written == 2
    with suppress(PortalError):
        portal.plan(release)
    assert len(seen(site, release)) == FILES
