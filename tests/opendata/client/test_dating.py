"""The version of a day, from every kind of source, online and offline."""

import datetime
import json
import shutil

import pytest

import opendata as od
from opendata import pipeline, site
from opendata.client import OfflineWarning
from opendata.errors import MissingError, SpecError, UnreachableError, VerificationError
from tests.opendata.client.conftest import as_ckan
from tests.opendata.client.server import serving
from tests.opendata.conftest import RECORDS, SPEC, fresh

DAYS = {"2026.1": "2026-02-02", "2026.2": "2026-04-06", "2026.3": "2026-05-04"}


@pytest.fixture(scope="module")
def dated(tmp_path_factory):
    """A workspace with three versions of three days, and its static catalogue."""
    made = fresh(tmp_path_factory.mktemp("dated") / "workspace")
    for number, day in enumerate(DAYS.values()):
        records = RECORDS.replace("S3,M,48", f"S3,M,{59 + number}")
        (made.root / "data/records.csv").write_text(records, encoding="utf-8")
        spec = SPEC.replace("issued: 2026-02-02", f"issued: 2026-02-02\n  modified: {day}")
        made.spec_path("cases").write_text(spec, encoding="utf-8")
        pipeline.build("cases", made.root)
    site.write(made)
    return made


@pytest.fixture
def server(dated, tmp_path):
    folder = tmp_path / "www"
    shutil.copytree(dated.root / "site", folder)
    with serving(folder) as served:
        yield served


def ckan(server):
    """The server answers as CKAN does for all versions."""
    packages = []
    for version in DAYS:
        as_ckan(server, "cases", version)
        packages.append(server.actions["package_show", "cases"])
    resources = [resource for package in packages for resource in package["resources"]]
    server.actions["package_show", "cases"] = packages[-1] | {"resources": resources}


@pytest.fixture(params=["workspace", "site folder", "site", "ckan"])
def portal(request, dated, server):
    if request.param == "ckan":
        ckan(server)
    return {"workspace": dated.root, "site folder": dated.root / "site"}.get(request.param, server.url)


@pytest.mark.parametrize(
    ("day", "version"),
    [
        ("2026-02-02", "2026.1"),
        (datetime.date(2026, 4, 5), "2026.1"),
        (datetime.datetime(2026, 4, 6, 12), "2026.2"),
        ("2026-05-03", "2026.2"),
        ("2026-05-04", "2026.3"),
        ("2030-01-01", "2026.3"),
    ],
)
def test_the_newest_of_a_day(portal, cache, day, version):
    assert od.published("cases", portal=portal, as_of=day, cache=cache).version == version
    named = od.load("cases", portal=portal, version=version, cache=cache)
    assert od.load("cases", portal=portal, as_of=day, cache=cache).equals(named)
    assert od.scan("cases", portal=portal, as_of=day, cache=cache).collect().equals(named)


def test_before_the_first_nothing_was_out(portal, cache):
    with pytest.raises(MissingError, match=r"on 2026-02-01 nothing of cases was out.*2026\.1, on 2026-02-02"):
        od.load("cases", portal=portal, as_of="2026-02-01", cache=cache)
    with pytest.raises(MissingError, match="no dataset"):
        od.load("case", portal=portal, as_of="2026-02-01", cache=cache)


def test_latest_is_the_newest(portal, cache):
    assert od.published("cases", portal=portal, version="latest", cache=cache).version == "2026.3"
    assert od.load("cases", portal=portal, version="latest", cache=cache).equals(
        od.load("cases", portal=portal, cache=cache)
    )


def test_wrong_use(dated):
    with pytest.raises(SpecError, match="not a day"):
        od.load("cases", portal=dated.root, as_of="31/03/2026")
    for version in ("2026.1", "latest"):
        with pytest.raises(SpecError, match="not both"):
            od.load("cases", portal=dated.root, version=version, as_of="2026-03-31")


def test_a_version_that_is_offered_no_longer_is_not_the_answer(server, cache):
    ckan(server)
    package = server.actions["package_show", "cases"]
    package["resources"] = [one for one in package["resources"] if one["release_version"] != "2026.2"]
    assert od.published("cases", portal=server.url, as_of="2026-05-01", cache=cache).version == "2026.1"


def test_a_day_that_was_meddled_with_is_refused(server, cache):
    ckan(server)
    path = server.folder / "datasets/cases/2026.3/manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-05-04", "2026-03-04"), encoding="utf-8")
    with pytest.raises(VerificationError):
        od.load("cases", portal=server.url, as_of="2026-04-30", cache=cache)


def test_offline_the_newest_of_that_day_at_hand(dated, cache):
    with serving(dated.root / "site") as online:
        for day in ("2026-02-02", "2026-05-04"):
            od.load("cases", portal=online.url, as_of=day, cache=cache)
    for day, version in (("2026-04-30", "2026.1"), ("2026-06-01", "2026.3")):
        with pytest.warns(OfflineWarning, match=version) as told:
            found = od.published("cases", portal=online.url, as_of=day, cache=cache)
        assert found.version == version
        assert told[0].filename == __file__
    with pytest.raises(UnreachableError):
        od.load("cases", portal=online.url, as_of="2026-01-01", cache=cache)


def test_the_static_catalogue_lists_its_versions_for_programs(dated):
    listed = json.loads((dated.root / "site/datasets/cases/versions.json").read_text(encoding="utf-8"))
    versions = [{"version": version, "released": day} for version, day in reversed(DAYS.items())]
    assert listed == {"id": "cases", "latest": "2026.3", "versions": versions}
