"""What a catalogue says of a version that was withdrawn: that it was, when, why, and what replaces it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import rdflib
from rdflib import DCAT, DCTERMS, PROV, URIRef
from rdflib.compare import isomorphic

import catalog
from catalog.dcat import dataset_iri, version_iri
from catalog.withdrawn import STATUS
from tests.catalog.conftest import labels
from tests.catalog.test_dcat import read, violations

ADMS = rdflib.Namespace("http://www.w3.org/ns/adms#")
AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture(params=[None, "https://example.org/open"])
def about(request, edition):
    return catalog.Catalog(
        labels("Danh mục", "Catalogue"), labels("Mọi thứ", "All"), edition.entry.publisher, request.param
    )


def listed(about, edition, *, out=(), successor=None):
    here = replace(edition, base=f"{about.url}/datasets" if about.url else None)
    gone = catalog.Withdrawn(
        replace(here, files=()), AT, labels("Tính lại được một ô.", "A cell can be computed."), successor
    )
    editions = tuple(replace(here, version=version) for version in out)
    return catalog.Listed(editions, "datasets/notifiable-diseases/index.html", (gone,)), here


@pytest.fixture(scope="module")
def shapes(shared):
    return rdflib.Graph().parse(shared / "data" / "shapes" / "dcat-ap-3.0.1-SHACL.ttl")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD
@pytest.mark.parametrize("out", [(), ("2026.2",), ("2026.3", "2026.2")])
def test_clean_and_the_same_in_both_forms(about, edition, shapes, out):
    one, _ = listed(about, edition, out=out, successor=out[0] if out else None)
    turtle, jsonld = catalog.catalog_rdf(about, [one])
    assert violations(turtle, shapes) == []
    assert isomorphic(read(turtle), read(jsonld, "json-ld"))


def test_the_version_keeps_its_name_and_has_no_files(about, edition):
    one, here = listed(about, edition, out=("2026.2",), successor="2026.2")
    graph = read(catalog.catalog_rdf(about, [one])[0])
    version, dataset = URIRef(version_iri(here)), URIRef(dataset_iri(here))
    assert graph.value(version, ADMS.status) == URIRef(STATUS)
    assert graph.value(dataset, ADMS.status) is None
    assert graph.value(version, DCTERMS.isReplacedBy) == dataset
    assert str(graph.value(version, PROV.invalidatedAtTime)).startswith("2026-05-04T09:30")
    assert (dataset, URIRef(f"{DCAT}hasVersion"), version) in graph
    assert not list(graph.objects(version, DCAT.distribution))


def test_a_dataset_of_which_nothing_is_out_stays_and_says_so(about, edition):
    one, here = listed(about, edition)
    graph = read(catalog.catalog_rdf(about, [one])[0])
    dataset = URIRef(dataset_iri(here))
    assert (None, DCAT.dataset, dataset) in graph
    assert graph.value(dataset, ADMS.status) == URIRef(STATUS)
    assert not list(graph.objects(None, DCAT.downloadURL))
    assert not list(graph.objects(None, DCTERMS.isReplacedBy))
