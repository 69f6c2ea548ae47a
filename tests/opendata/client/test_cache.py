"""Downloads are kept by their SHA-256: used offline, never believed, whole or not there."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import opendata as od
from opendata.client import OfflineWarning
from opendata.errors import PortalError, SpecError, UnreachableError, VerificationError
from tests.opendata.client.conftest import as_ckan
from tests.opendata.client.server import serving


def kept(cache: Path) -> Path:
    (path,) = cache.glob("files/*/data.parquet")
    return path


def test_a_version_is_asked_for_once(web, cache):
    first = od.load("cases", portal=web.url, version="2026.1", cache=cache)
    asked = len(web.log)
    assert od.load("cases", portal=f"{web.url}/", version="2026.1", cache=cache).equals(first)
    assert len(web.log) == asked


def test_the_newest_is_asked_for_and_downloaded_once(web, cache):
    first = od.load("cases", portal=web.url, cache=cache)
    web.log.clear()
    assert od.load("cases", portal=web.url, cache=cache).equals(first)
    assert web.log
    assert not [path for path, _, _ in web.log if path.endswith(".parquet")]


@pytest.fixture
def gone(built, cache):
    """The address of a portal that is down; version 2026.1 was loaded from it before."""
    with serving(built.root / "site") as site:
        od.load("cases", portal=site.url, version="2026.1", cache=cache)
        od.published("cases", portal=site.url, version="2026.2", cache=cache)  # known, its data never loaded
    return site.url


def test_offline(gone, cache, built):
    frame = od.load("cases", portal=gone, version="2026.1", cache=cache)
    assert frame.equals(od.load("cases", portal=built.root, version="2026.1"))
    with pytest.warns(OfflineWarning, match=r"không trả lời.*cases 2026\.1 .*may not be the newest") as told:
        assert od.load("cases", portal=gone, cache=cache).equals(frame)
    assert told[0].filename == __file__
    with pytest.warns(OfflineWarning) as told:
        assert od.published("cases", portal=gone, cache=cache).version == "2026.1"
    assert told[0].filename == __file__


def test_offline_without_a_copy(gone, cache, tmp_path):
    with pytest.raises(UnreachableError, match="does not answer") as refused:
        od.load("cases", portal=gone, cache=tmp_path / "empty")
    assert "không trả lời" in refused.value.problems[0].what.vi
    with pytest.raises(UnreachableError):
        od.load("cases", portal=gone, version="2026.2", cache=cache)
    with pytest.raises(UnreachableError):
        od.search(portal=gone)


def test_a_dataset_that_was_taken_off_is_not_taken_from_the_cache(web, cache):
    od.load("cases", portal=web.url, cache=cache)
    (web.folder / "datasets/cases/index.html").unlink()
    with pytest.raises(PortalError, match="no dataset"):
        od.load("cases", portal=web.url, cache=cache)


@pytest.mark.parametrize("damage", [lambda p: p.write_bytes(p.read_bytes()[:100]), lambda p: p.write_bytes(b""),
                                    lambda p: p.write_bytes(p.read_bytes()[:-1] + b"X"), Path.unlink])  # fmt: skip
def test_a_spoiled_copy_is_downloaded_again(damage, web, cache):
    frame = od.load("cases", portal=web.url, version="2026.2", cache=cache)
    damage(kept(cache))
    assert od.load("cases", portal=web.url, version="2026.2", cache=cache).equals(frame)
    assert [path for path, _, _ in web.log if path.endswith(".parquet")] == [
        "/datasets/cases/2026.2/data.parquet"
    ] * 2


def test_a_spoiled_copy_is_never_used(gone, cache):
    kept(cache).write_bytes(b"PAR1 something else PAR1")
    with pytest.raises(UnreachableError):
        od.load("cases", portal=gone, version="2026.1", cache=cache)


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"version": "2026.2", "page": "", "files": [{"name": "../x"}]}']
)
def test_a_spoiled_record_is_asked_for_again(damage, web, cache):
    frame = od.load("cases", portal=web.url, version="2026.2", cache=cache)
    (record,) = cache.glob("known/*/cases/2026.2.json")
    record.write_bytes(damage)
    assert od.load("cases", portal=web.url, version="2026.2", cache=cache).equals(frame)


def test_a_version_that_changes_is_refused(web, cache):
    as_ckan(web, "cases", "2026.2")
    od.load("cases", portal=web.url, cache=cache)
    as_ckan(web, "cases", "2026.2", hash=f"sha256:{'0' * 64}")
    with pytest.raises(VerificationError, match="a version never changes"):
        od.load("cases", portal=web.url, cache=cache)


@pytest.fixture
def small_files():
    """No file of this process may grow beyond 1,000 bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk(web, cache, small_files):
    with pytest.raises(SpecError, match=r"cannot be written.*Free disk space") as refused:
        od.load("cases", portal=web.url, cache=cache)
    assert "không ghi được" in refused.value.problems[0].what.vi
    assert not [path for path in cache.rglob("*") if path.is_file()]


def test_a_cache_that_cannot_be(web, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SpecError, match="cannot be written"):
        od.load("cases", portal=web.url, cache=tmp_path / "file" / "cache")


def test_many_processes_at_once(web, cache):
    code = f"""if True:
        import opendata as od
        for version in ("2026.1", "2026.2", None):
            print(od.load("cases", portal={web.url!r}, version=version, cache={str(cache)!r}).hash_rows().sum())"""
    runs = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path.cwd(), env=os.environ)
        for _ in range(4)
    ]
    answers = {run.communicate()[0] for run in runs}
    assert [run.returncode for run in runs] == [0] * 4
    assert len(answers) == 1
    assert not [path for path in cache.rglob(".*") if path.is_file()]


def test_others_may_read_a_cache_that_is_shared(web, cache):
    od.load("cases", portal=web.url, cache=cache)
    kept = [path for path in cache.rglob("*") if path.is_file()]
    assert {path.suffix for path in kept} == {".json", ".parquet"}
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in kept)


def test_a_user_without_a_home(web, monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(SpecError, match="cache="):
        od.load("cases", portal=web.url)
