"""Whatever is written in a workspace is in its ledger, once, whatever crashed in between."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from opendata import ledger, pipeline, status
from opendata.datasets import dataset
from opendata.errors import SpecError, VerificationError
from opendata.ledger import building
from opendata.release import MANIFEST, Release, digest, private_folder
from tests.opendata.conftest import RECORDS

DAY = datetime(2026, 12, 10, 9, tzinfo=UTC)


def ready(workspace) -> Release:
    opened = dataset("cases", workspace)
    safe = opened.protect(opened.aggregate(opened.read()), version="2026.1")
    return opened.release(safe, opened.audit(safe, version="2026.1"), version="2026.1")


def events(workspace):
    return ledger.open_ledger(workspace).events()


def crash(*_, **__):
    raise KeyboardInterrupt


def write_and_crash(workspace, monkeypatch, step):
    release = ready(workspace)
    with monkeypatch.context() as patched:
        patched.setattr(building, step, crash)
        with pytest.raises(KeyboardInterrupt):
            release.write()


def test_a_written_release_is_in_the_ledger_once(workspace):
    release = ready(workspace)
    assert release.write(at=DAY)
    assert not release.write()
    (event,) = events(workspace)
    assert (event.kind, event.dataset, event.version, event.at) == ("built", "cases", "2026.1", DAY)
    assert event.manifest == digest(release.directory / MANIFEST)
    assert event.facts["content_sha256"] == release.manifest["content_sha256"]
    assert event.facts["private"] == building.private_digests(release.directory)
    assert "reasons.parquet" in event.facts["private"]
    assert not list(release.directory.parent.glob(".unrecorded-*"))


def test_what_is_written_elsewhere_is_in_no_ledger(workspace, tmp_path):
    release = ready(workspace)
    Release(tmp_path / "cases" / "2026.1", "cases", "2026.1", release.render).write()
    assert events(workspace) == []


@pytest.mark.parametrize("step", ["announce", "record"])
def test_a_crash_before_or_after_the_rename_is_healed_by_the_next_build(workspace, monkeypatch, step):
    write_and_crash(workspace, monkeypatch, step)
    assert events(workspace) == []
    ready(workspace).write()
    assert [event.kind for event in events(workspace)] == ["built"]
    assert ledger.open_ledger(workspace).check() == []


def test_a_crash_is_healed_by_the_build_of_another_version(workspace, monkeypatch):
    write_and_crash(workspace, monkeypatch, "record")
    pipeline.build("cases", workspace.root, version="2026.2")
    assert [event.version for event in events(workspace)] == ["2026.1", "2026.2"]


def test_a_folder_that_somebody_put_there_is_not_healed(workspace):
    release = ready(workspace)
    release.write()
    shutil.copytree(release.directory, release.directory.with_name("2026.2"))
    building.heal(ledger.open_ledger(workspace), release.directory.parent)
    assert [event.version for event in events(workspace)] == ["2026.1"]


def test_a_version_that_was_deleted_cannot_come_back_as_another(workspace):
    release = ready(workspace)
    release.write()
    for folder in (release.directory, private_folder(release.directory)):
        shutil.rmtree(folder)
    (workspace.root / "data/records.csv").write_text(RECORDS.replace("8731", "8741"), encoding="utf-8")
    with pytest.raises(SpecError):
        ready(workspace).write()
    assert not release.directory.exists()
    (workspace.root / "data/records.csv").write_text(RECORDS, encoding="utf-8")
    assert ready(workspace).write()
    assert len(events(workspace)) == 1


def test_a_spoiled_ledger_refuses_what_would_be_written(workspace):
    (workspace.root / "ledger.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(VerificationError):
        ready(workspace).write()
    assert not (workspace.root / "releases/cases/2026.1").exists()


def test_a_reader_needs_no_database():
    code = "import opendata, opendata.release, opendata.client, sys; assert 'sqlalchemy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_release_of_before_the_ledger_is_adopted_by_somebody(workspace):
    release = ready(workspace)
    release.write()
    for name in ("ledger.sqlite", "ledger.head"):
        (workspace.root / name).unlink()
    book = ledger.open_ledger(workspace)
    with pytest.raises(SpecError):
        building.adopt(book, release.directory, who="thong-ke", why=" ")
    event = building.adopt(book, release.directory, who="thong-ke", why="Có trước sổ cái")
    assert (event.kind, event.who, event.manifest) == (
        "built",
        "thong-ke",
        digest(release.directory / MANIFEST),
    )
    assert status.examine(workspace).problems == ()
    with pytest.raises(SpecError):
        building.adopt(book, release.directory, who="thong-ke", why="lại")


def test_what_is_not_whole_is_not_adopted(workspace):
    release = ready(workspace)
    release.write()
    shutil.copytree(release.directory, other := release.directory.with_name("2026.2"))
    book = ledger.open_ledger(workspace)
    with pytest.raises(SpecError):  # another release lies there
        building.adopt(book, other, who="a", why="b")
    (other / "data.csv").write_bytes(b"")
    with pytest.raises(VerificationError):
        building.adopt(book, other, who="a", why="b")
    assert len(book.events()) == 1
