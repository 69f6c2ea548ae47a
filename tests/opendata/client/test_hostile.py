"""What arrives is what was published, or nothing is used."""

import json
import shutil

import pytest

import opendata as od
from opendata.errors import OpendataError, PortalError, UnreachableError, VerificationError
from tests.opendata.client.conftest import as_ckan

DATA = "2026.2/data.parquet"


@pytest.fixture(params=["site", "ckan"])
def where(request, web):
    if request.param == "ckan":
        as_ckan(web, "cases", "2026.2")
    return web


def files(cache):
    return [path.name for path in cache.glob("files/**/*") if path.is_file()]


def test_wrong_bytes(where, cache):
    where.tricks[DATA] = "wrong"
    with pytest.raises(VerificationError, match="SHA-256") as refused:
        od.load("cases", portal=where.url, cache=cache)
    assert "SHA-256" in refused.value.problems[0].what.vi
    assert files(cache) == []


def test_truncated(where, cache):
    where.tricks[DATA] = "truncated"
    with pytest.raises(PortalError, match="broke off"):
        od.load("cases", portal=where.url, cache=cache)
    assert files(cache) == []


def test_endless(where, cache):
    where.tricks[DATA] = "endless"
    with pytest.raises(VerificationError):
        od.load("cases", portal=where.url, cache=cache)
    assert files(cache) == []
    assert where.sent < 50_000_000


def test_moved(where, cache):
    frame = od.load("cases", portal=where.url, cache=cache / "straight")
    where.tricks["/datasets/cases/" + DATA] = "moved"
    where.tricks["/elsewhere/datasets/cases/" + DATA] = ""
    where.tricks = dict(reversed(where.tricks.items()))
    assert od.load("cases", portal=where.url, cache=cache).equals(frame)
    assert any(path.startswith("/elsewhere") for path, _, _ in where.log)


def test_a_portal_in_trouble(where, cache):
    where.tricks[DATA] = 503
    with pytest.raises(UnreachableError, match="HTTP 503"):
        od.load("cases", portal=where.url, cache=cache)


@pytest.mark.parametrize("trick", ["page", 200, "endless"])
@pytest.mark.parametrize("file", ["SHA256SUMS", "manifest.json", "index.html"])
def test_one_page_for_everything(trick, file, web, cache):
    web.tricks[file] = trick
    with pytest.raises((VerificationError, PortalError)):
        od.load("cases", portal=web.url, cache=cache)
    assert files(cache) == []


def test_a_page_in_the_place_of_everything_is_no_catalogue(web, cache):
    for file in web.folder.rglob("*"):
        if file.is_file():
            file.write_text("<!doctype html><title>Log in to the network</title>", encoding="utf-8")
    for version in (None, "2026.2"):
        with pytest.raises(PortalError, match=r"neither a CKAN portal, nor a static catalogue.*proxy"):
            od.load("cases", portal=web.url, cache=cache, version=version)
    assert files(cache) == []


def test_a_manifest_that_is_not_bound(web, cache):
    path = web.folder / "datasets/cases/2026.2/manifest.json"
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    with pytest.raises(VerificationError, match="cannot be"):
        od.load("cases", portal=web.url, cache=cache)


def test_another_release_in_its_place(web, built, cache):
    for file in (built.root / "releases/cases/2026.1").iterdir():
        (web.folder / "datasets/cases/2026.2" / file.name).write_bytes(file.read_bytes())
    for portal in (web.url, web.folder):
        with pytest.raises(VerificationError, match="cannot be"):
            od.load("cases", portal=portal, cache=cache)


BAD = [
    {"release_file": "../../escape"},
    {"release_file": "/etc/x"},
    {"hash": "sha256:../../../escape"},
    {"hash": ""},
    {"hash": f"sha256:{'A' * 64}"},
    {"size": -1},
]


@pytest.mark.parametrize("change", BAD, ids=str)
def test_names_and_checksums_of_a_portal(change, web, cache, tmp_path):
    as_ckan(web, "cases", "2026.2", **change)
    before = set(tmp_path.rglob("*"))
    with pytest.raises(VerificationError):
        od.load("cases", portal=web.url, cache=cache)
    assert set(tmp_path.rglob("*")) == before


def test_a_folder_that_was_changed(web, tmp_path):
    folder = web.folder / "datasets/cases/2026.2"
    (folder / "data.parquet").write_bytes(b"PAR1 something else PAR1")
    for portal in (web.folder, folder):
        with pytest.raises(VerificationError, match=r"cases 2026\.2 data\.parquet"):
            od.load("cases", portal=portal)
        with pytest.raises(VerificationError, match=r"data\.parquet: the file is not the one"):
            od.published("cases", portal=portal).verify()


@pytest.mark.parametrize("file", ["data.csv", "report.html", "dcat.ttl"])
def test_verify_looks_at_every_file(file, where, cache):
    where.tricks[f"2026.2/{file}"] = "wrong"
    with pytest.raises(VerificationError, match=file):
        od.published("cases", portal=where.url, cache=cache).verify()


def test_verify_asks_for_a_manifest_that_lists_all(web, cache):
    """CKAN lists a file that the manifest does not know."""
    as_ckan(web, "cases", "2026.2")
    package = web.actions["package_show", "cases"]
    extra = package["resources"][0] | {"release_file": "extra.csv"}
    package["resources"].append(extra)
    with pytest.raises(VerificationError, match=r"extra\.csv: the file is not listed"):
        od.published("cases", portal=web.url, cache=cache).verify()


@pytest.mark.parametrize("answer", [[], {"success": True}, {"name": "cases", "resources": []}, "text", 3])
def test_a_portal_that_answers_nonsense(answer, web, cache):
    shutil.rmtree(web.folder / "datasets")  # a server that has nothing else
    web.actions = {("package_show", "cases"): answer}
    with pytest.raises(OpendataError):
        od.load("cases", portal=web.url, cache=cache)


def test_nonsense_on_the_start_page(web):
    page = (web.folder / "index.html").read_text(encoding="utf-8")
    for index in ({"rows": [[1]], "agents": []}, {"rows": 3}, {}):
        start, rest = page.split('id="index">')
        new = f'{start}id="index">{json.dumps(index)}{rest[rest.index("</script>") :]}'
        (web.folder / "index.html").write_text(new, encoding="utf-8")
        with pytest.raises(VerificationError):
            od.search(portal=web.url)


def test_no_password_in_a_message(web, cache):
    with pytest.raises(PortalError) as refused:
        od.load("cases", portal="http://me:secret@127.0.0.1:1", cache=cache)
    assert "secret" not in str(refused.value)


def test_a_proxy_that_does_not_answer_is_named_and_none_is_asked_for_this_machine(web, cache, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    with pytest.raises(UnreachableError, match="proxy"):
        od.load("cases", portal="http://data.example.org", cache=cache)
    assert od.load("cases", portal=web.url, cache=cache).height
