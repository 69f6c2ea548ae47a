"""A catalogue of many datasets: clean against the published shapes, both forms the same, every version described."""

from dataclasses import replace

import pytest
import rdflib
from rdflib import DCAT, DCTERMS, RDF, Literal, URIRef
from rdflib.compare import isomorphic

import catalog
from catalog.dcat import dataset_iri, version_iri
from tests.catalog.conftest import labels
from tests.catalog.test_dcat import read, violations

VERSION = URIRef(f"{DCAT}version")  # DCAT 3; rdflib knows DCAT 2


def made(edition, *, url=None):
    """Two datasets, one of them in two versions, with letters that need an escape."""
    here = replace(edition, base=f"{url}/datasets" if url else None)
    title = labels('Tên "có" \\ và\nxuống dòng', 'A "name" \\ and\na line')
    other = replace(here, id="other", entry=edition.entry.model_copy(update={"title": title}))
    about = catalog.Catalog(
        labels("Danh mục", "Catalogue"), labels("Mọi thứ", "All"), edition.entry.publisher, url
    )
    datasets = [
        catalog.Listed((replace(here, version="2026.2"), here), "datasets/notifiable-diseases/index.html"),
        catalog.Listed((other,), "datasets/other/index.html"),
    ]
    return about, datasets


@pytest.fixture(scope="module")
def shapes(shared):
    return rdflib.Graph().parse(shared / "data" / "shapes" / "dcat-ap-3.0.1-SHACL.ttl")


@pytest.mark.parametrize("url", [None, "https://example.org/open"])
def test_no_violation_of_the_dcat_ap_shapes(edition, shapes, url):
    assert violations(catalog.catalog_rdf(*made(edition, url=url))[0], shapes) == []


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD
@pytest.mark.parametrize("url", [None, "https://example.org/open"])
def test_turtle_and_json_ld_say_the_same(edition, url):
    turtle, jsonld = catalog.catalog_rdf(*made(edition, url=url))
    assert isomorphic(read(turtle), read(jsonld, "json-ld"))


def test_what_the_catalogue_says_of_a_dataset_is_what_its_own_file_says(edition):
    alone = read(catalog.dcat_turtle(edition))
    about, _ = made(edition)
    together = read(catalog.catalog_rdf(about, [catalog.Listed((edition,), "page.html")])[0])
    assert set(alone) <= set(together)


def test_every_dataset_is_listed_and_texts_keep_their_quotes_and_lines(edition):
    graph = read(catalog.catalog_rdf(*made(edition))[0])
    (name,) = graph.subjects(RDF.type, DCAT.Catalog)
    assert len(set(graph.objects(name, DCAT.dataset))) == 2
    assert (None, DCTERMS.title, Literal('Tên "có" \\ và\nxuống dòng', lang="vi")) in graph
    assert not [n for triple in graph for n in triple if isinstance(n, rdflib.BNode)]


def test_the_newest_version_is_the_dataset_and_older_ones_are_its_versions(edition):
    about, datasets = made(edition, url="https://example.org/open")
    newest, older = datasets[0].editions
    graph = read(catalog.catalog_rdf(about, datasets)[0])
    dataset, version = URIRef(dataset_iri(newest)), URIRef(version_iri(older))
    assert str(graph.value(dataset, VERSION)) == "2026.2"
    assert (dataset, URIRef(f"{DCAT}hasVersion"), version) in graph
    assert (version, URIRef(f"{DCAT}isVersionOf"), dataset) in graph
    places = {str(place) for place in graph.objects(None, DCAT.downloadURL)}
    folder = "https://example.org/open/datasets/notifiable-diseases"
    assert {f"{folder}/2026.1/data.csv", f"{folder}/2026.2/data.csv"} <= places


def test_an_empty_catalogue_is_still_one(edition):
    about, _ = made(edition)
    turtle, jsonld = catalog.catalog_rdf(about, [])
    assert (None, RDF.type, DCAT.Catalog) in read(turtle)
    assert "dcat:dataset" not in jsonld
