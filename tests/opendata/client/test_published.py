"""One line to the data, from wherever they are."""

import datetime

import polars as pl
import pytest

import opendata as od
from opendata.errors import MissingError, SpecError
from tests.opendata.client.conftest import as_ckan
from tests.opendata.conftest import SPEC


@pytest.fixture(
    params=["workspace", "releases", "release", "site folder", "site", "site, sloppy address", "ckan"]
)
def portal(request, built, web):
    if request.param == "ckan":
        as_ckan(web, "cases", "2026.2")
    return {
        "workspace": built.root,
        "releases": str(built.root / "releases"),
        "release": built.root / "releases/cases/2026.2",
        "site folder": built.root / "site",
        "site": web.url,
        "site, sloppy address": f" {web.url}/index.html",
        "ckan": web.url,
    }[request.param]


def test_every_source_gives_the_same(portal, built, cache):
    expected = pl.read_parquet(built.root / "releases/cases/2026.2/data.parquet")
    data = od.published("cases", portal=portal, cache=cache)
    assert (data.id, data.version, data.versions()[-1]) == ("cases", "2026.2", "2026.2")
    assert data.load().equals(expected)
    assert data.scan().collect().equals(expected)
    assert data.scan(verify=False).collect().equals(expected)
    assert od.load("cases", portal=portal, cache=cache, version="2026.2").equals(expected)
    assert set(data.verify()["name"]) == {p.name for p in (built.root / "releases/cases/2026.2").iterdir()}
    assert "27 rows" in data.changelog()


def test_older_versions_stay(web, cache):
    older = od.load("cases", portal=web.url, version="2026.1", cache=cache)
    newer = od.load("cases", portal=web.url, cache=cache)
    assert od.published("cases", portal=web.url, cache=cache).versions() == ["2026.1", "2026.2"]
    assert older.columns == newer.columns
    assert not older.equals(newer)


def test_columns(web, cache):
    chosen = ["deaths", "area"]
    assert od.load("cases", portal=web.url, cache=cache, columns=chosen).columns == chosen
    with pytest.raises(SpecError, match=r"columns: death: .*area, sex, cases, cases_status, deaths"):
        od.load("cases", portal=web.url, cache=cache, columns=["area", "death"])


def test_nothing_is_downloaded_before_it_is_asked_for(web, cache):
    data = od.published("cases", portal=web.url, cache=cache)
    assert not any(path.endswith("data.parquet") for path, _, _ in web.log)
    assert "data" not in repr(data).replace("data.", "")
    assert ".load()" in repr(data)
    assert ".cite(" in repr(data)


def test_unknown_dataset_suggests(portal, cache):
    with pytest.raises(MissingError, match=r"no dataset “case”.*Did you mean: cases\?"):
        od.load("case", portal=portal, cache=cache)


def test_unknown_version_lists(portal, cache):
    with pytest.raises(MissingError, match=r"cases has no version 2025\.7.*2026\.2") as refused:
        od.load("cases", portal=portal, cache=cache, version="2025.7")
    assert "không có phiên bản 2025.7" in refused.value.problems[0].what.vi


@pytest.mark.parametrize("id", ["../cases", "cases/../x", "", ".", "a\0b", "Cases", "a b"])
def test_impossible_names(id, web, cache):
    with pytest.raises(SpecError, match="not an id"):
        od.load(id, portal=web.url, cache=cache)
    with pytest.raises(SpecError, match="not an id"):
        od.load("cases", portal=web.url, cache=cache, version=f"{id}/")
    assert web.log == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"version": 2026.1}, 'version: must be text. For example: "2026.10"'),
        ({"id": 5}, "id: must be text"),
        ({"id": None}, "id: must be text"),
        ({"as_of": 20260331}, "as_of: not a day"),
        ({"columns": "nope"}, "columns: nope: there is no such name"),
    ],
    ids=str,
)
def test_wrong_use_is_told(wrong, said, web, cache):
    with pytest.raises(SpecError) as refused:
        od.load(**{"id": "cases", "portal": web.url, "cache": cache, **wrong})
    assert said in str(refused.value)


def test_one_column_by_its_name(web, cache):
    assert od.load("cases", portal=web.url, cache=cache, columns="cases").columns == ["cases"]


@pytest.mark.parametrize("group", [0, 25, "x"])
def test_a_group_that_the_law_does_not_know(group, web):
    with pytest.raises(SpecError, match="group"):
        od.search(portal=web.url, group=group)


def test_neither_portal_nor_folder(tmp_path, web, cache):
    (web.folder / "index.html").unlink()
    for portal in (tmp_path, tmp_path / "absent", "ftp://host"):
        with pytest.raises(MissingError, match="neither a CKAN portal, nor a static catalogue"):
            od.load("cases", portal=portal, cache=cache)
        with pytest.raises(MissingError, match="neither a CKAN portal, nor a static catalogue"):
            od.search(portal=portal)
    with pytest.raises(MissingError, match="neither a CKAN portal"):
        od.search(portal=web.url)


SEARCH = ["workspace", "site folder", "site"]


@pytest.mark.parametrize("portal", SEARCH, indirect=True)
@pytest.mark.parametrize("query", ["", "vung benh", "Số MẮC", "cases region", "cases", "bo y te", "giám sát"])
def test_search(portal, query):
    found = od.search(query, portal=portal)
    row = found.row(0, named=True)
    assert found.height == 1
    assert row.pop("title_en") in SPEC
    assert row.pop("title_vi") in SPEC
    assert row == {
        "id": "cases",
        "publisher": "Bộ Y tế",
        "version": "2026.2",
        "released": datetime.date(2026, 2, 2),
        "groups": [1],
        "licence": "terms-art43-law-20-2023",
        "formats": ["csv", "parquet", "xlsx"],
    }


@pytest.mark.parametrize("portal", SEARCH, indirect=True)
def test_search_finds_nothing(portal):
    assert od.search("khong co", portal=portal).is_empty()
    assert od.search(portal=portal, group=2).schema == od.search(portal=portal, group=1).schema
    assert od.search(portal=portal, group=2).is_empty()
    assert od.search(portal=portal, group=1).height == 1
    with pytest.raises(SpecError, match="limit"):
        od.search(portal=portal, limit=0)
