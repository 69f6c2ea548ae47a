"""Where a withdrawn version was: on the static catalogue, in the registers, for readers."""

import json
from datetime import date

import pytest
import rdflib
from rdflib import URIRef

import opendata as od
from catalog.withdrawn import STATUS
from opendata import registers, site, verification
from opendata.errors import MissingError, WithdrawnError
from tests.opendata.client.server import serving
from tests.opendata.withdrawal.conftest import REASON

ADMS = rdflib.Namespace("http://www.w3.org/ns/adms#")


def built(office):
    return site.write(office.workspace, today=date(2026, 12, 1)).folder


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_a_page_instead_of_the_version_and_no_files(office):
    office.withdraw("2026.1", successor="2026.2")
    folder = built(office) / "datasets/cases"
    assert names(folder / "2026.1") == {"tombstone.json", "tombstone.html"}
    page = (folder / "2026.1.html").read_text(encoding="utf-8")
    assert REASON[0] in page
    assert '<a href="2026.2.html">' in page
    assert "2026.1.html" in (folder / "index.html").read_text(encoding="utf-8")
    assert not [
        path for path in folder.iterdir() if path.name.startswith("2026.1.") and path.suffix != ".html"
    ]
    listed = json.loads((folder / "versions.json").read_text(encoding="utf-8"))
    assert (listed["latest"], [one["version"] for one in listed["withdrawn"]]) == ("2026.2", ["2026.1"])


def test_nothing_of_the_data_is_left_on_the_site(office):
    telling = (office.root / "releases/cases/2026.2/data.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    office.withdraw("2026.2")
    for path in built(office).rglob("*"):
        if path.is_file() and "2026.1" not in path.parts and "2026.1." not in path.name:
            assert telling.encode() not in path.read_bytes()


def test_harvesters_are_told(office):
    office.withdraw("2026.1", successor="2026.2")
    graph = rdflib.Graph().parse(built(office) / "catalog.ttl", publicID="https://example.org/")
    (version,) = graph.subjects(ADMS.status, URIRef(STATUS))
    assert graph.value(version, rdflib.DCTERMS.isReplacedBy) is not None
    assert str(graph.value(version, URIRef(f"{rdflib.DCAT}version"))) == "2026.1"


def test_a_dataset_of_which_nothing_is_out_keeps_its_name(office):
    office.withdraw("2026.1")
    day = office.withdraw("2026.2").stone.day
    folder = built(office)
    assert REASON[0] in (folder / "datasets/cases/index.html").read_text(encoding="utf-8")
    assert "datasets/cases/2026.2.html" in (folder / "all.html").read_text(encoding="utf-8")
    assert "WITHDRAWN" in (folder / "catalog.ttl").read_text(encoding="utf-8")
    register = (folder / "registers/open-data.html").read_text(encoding="utf-8")
    assert f"{day:%d/%m/%Y}" in register
    assert "withdrawn" in register


def test_the_open_data_list_tells_the_day(office):
    office.withdraw("2026.2")
    (one,) = registers.collect(office.workspace, today=date(2026, 12, 1)).datasets
    assert (one.version, one.withdrawn) == ("2026.1", None)
    day = office.withdraw("2026.1").stone.day
    (one,) = registers.collect(office.workspace, today=date(2026, 12, 1)).datasets
    assert (one.version, one.withdrawn) == ("2026.2", day)


@pytest.mark.parametrize("kind", ["workspace", "release", "site folder", "site"])
def test_a_reader_is_told_why_and_what_comes_instead(office, kind, tmp_path):
    office.withdraw("2026.1", successor="2026.2")
    folder = built(office)
    with serving(folder) as web:
        portal = {
            "workspace": office.root,
            "release": office.root / "releases/cases/2026.1",
            "site folder": folder,
            "site": web.url,
        }[kind]
        with pytest.raises(WithdrawnError, match=f"{REASON[1]}.*Use version 2026.2") as refused:
            od.load("cases", portal=portal, version="2026.1", cache=tmp_path)
        assert refused.value.exit_code == 8
        if kind != "release":
            newest = od.published("cases", portal=portal, cache=tmp_path)
            assert (newest.version, newest.versions()) == ("2026.2", ["2026.2"])
            assert od.published("cases", portal=portal, version="latest", cache=tmp_path).version == "2026.2"
            assert od.search("cases", portal=portal).height == 1


@pytest.mark.parametrize("kind", ["workspace", "site folder", "site"])
def test_latest_and_as_of_never_give_what_was_withdrawn(office, kind, tmp_path):
    office.withdraw("2026.2")
    folder = built(office)
    with serving(folder) as web:
        portal = {"workspace": office.root, "site folder": folder, "site": web.url}[kind]
        assert od.published("cases", portal=portal, cache=tmp_path).version == "2026.1"
        assert od.published("cases", portal=portal, as_of="2030-01-01", cache=tmp_path).version == "2026.1"
        with pytest.raises(WithdrawnError):
            od.load("cases", portal=portal, version="2026.2", cache=tmp_path)


@pytest.mark.parametrize("kind", ["workspace", "site folder", "site"])
def test_when_nothing_is_out_any_more(office, kind, tmp_path):
    office.withdraw("2026.1")
    office.withdraw("2026.2")
    folder = built(office)
    with serving(folder) as web:
        portal = {"workspace": office.root, "site folder": folder, "site": web.url}[kind]
        with pytest.raises(WithdrawnError, match=r"2026\.2"):
            od.load("cases", portal=portal, cache=tmp_path)
        with pytest.raises(MissingError):
            od.load("other", portal=portal, cache=tmp_path)
        assert od.search(portal=portal).is_empty()


def test_verify_says_that_it_was_withdrawn(office, tmp_path):
    folder = built(office)
    with serving(folder) as web:
        before = od.published("cases", portal=web.url, version="2026.1", cache=tmp_path)
        before.load()
        office.withdraw("2026.1")
        built(office)
        for where in (f"{web.url}/datasets/cases/2026.1.html", folder / "datasets/cases/2026.1"):
            with pytest.raises(WithdrawnError, match=REASON[1]):
                verification.verify(where)
        with pytest.raises(WithdrawnError):
            verification.verify(office.root / "releases/cases/2026.1")
        with pytest.raises(WithdrawnError):
            before.verify()  # although all of it is on this machine


def test_restored_is_shown_again(office):
    office.withdraw("2026.1")
    built(office)
    office.restore("2026.1", "kiem-duyet-1", "kiem-duyet-2")
    assert "data.parquet" in names(built(office) / "datasets/cases/2026.1")
