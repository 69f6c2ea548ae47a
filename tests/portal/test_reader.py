"""The researcher's client on a real CKAN: the same answers as from the folder that was published."""

import pytest

import opendata as od
from opendata.demo import approve_for_rehearsal
from opendata.errors import MissingError
from opendata.release import Release
from tests.opendata.client.conftest import built  # noqa: F401 (a fixture)

pytestmark = pytest.mark.portal


@pytest.fixture(scope="module")
def where(site, built):  # noqa: F811
    """The portal's address, with both versions published; and the workspace they came from."""
    portal = od.Portal(site.url, token=site.token, timeout=60)
    for version in ("2026.1", "2026.2"):
        release = Release.stored(built.root / "releases/cases" / version)
        approve_for_rehearsal(release)
        portal.publish(release)
    return site.url, built.root


@pytest.mark.parametrize("version", ["2026.1", "2026.2", None])
def test_the_same_as_the_folder(where, version, tmp_path):
    url, folder = where
    online = od.published("cases", portal=url, version=version, cache=tmp_path)
    local = od.published("cases", portal=folder, version=version)
    assert online.version == local.version
    assert online.versions() == ["2026.1", "2026.2"]
    assert online.load().equals(local.load())
    assert online.scan(verify=False).collect().equals(local.load())
    assert online.codes().equals(local.codes())
    assert online.changelog() == local.changelog()
    assert sorted(online.verify().rows()) == sorted(local.verify().rows())
    assert online.cite("apa").endswith(f"(Version {local.version}) [Data set]. {url}/dataset/cases")


@pytest.mark.parametrize("query", ["", "benh vung", "Bệnh", "disease", "cases"])
def test_search(where, query):
    url, folder = where
    assert od.search(query, portal=url).filter(id="cases").equals(od.search("", portal=folder))
    assert od.search("", portal=url, group=1).filter(id="cases").height == 1
    assert od.search("", portal=url, group=2).filter(id="cases").is_empty()


def test_search_finds_nothing(where):
    assert od.search("zzz-khong-co", portal=where[0]).is_empty()


def test_what_is_not_there(where, tmp_path):
    with pytest.raises(MissingError, match="Did you mean: cases"):
        od.load("caes", portal=where[0], cache=tmp_path)
    with pytest.raises(MissingError, match=r"Its versions: 2026\.1, 2026\.2"):
        od.load("cases", version="2020.1", portal=where[0], cache=tmp_path)


def test_ranges(site):
    """Uploads are served in parts."""
    from opendata.portal.connection import connect, ranged

    file = next(f for f in od.Portal(site.url).files("cases") if f.name == "data.parquet")
    with connect(site.url, None, timeout=60) as connection:
        assert ranged(connection, file.url, file.size) == file.url
        assert ranged(connection, file.url, file.size + 1) is None
