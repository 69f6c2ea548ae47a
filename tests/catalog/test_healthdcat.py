"""HealthDCAT-AP: what the publisher declared and the table says, nothing of the European Union's law."""

from dataclasses import replace

import pytest
import rdflib
from pydantic import ValidationError
from rdflib import Literal, Namespace, URIRef

import catalog
from catalog.dcat import dataset_iri

HEALTH = Namespace("http://healthdataportal.eu/ns/health#")
DECLARED = {
    "population": {"vi": "Dân số thường trú", "en": "Resident population"},
    "ages": {"youngest": 0, "oldest": 100},
    "themes": ["http://www.wikidata.org/entity/Q12136"],
}


@pytest.fixture(scope="module")
def declared(edition):
    health = catalog.Entry.model_validate(edition.entry.model_dump() | {"health": DECLARED})
    return replace(edition, entry=health)


@pytest.fixture(scope="module")
def graph(declared):
    return rdflib.Graph().parse(data=catalog.healthdcat_turtle(declared, records=420))


def test_nothing_declared_nothing_written(edition):
    assert catalog.healthdcat_turtle(edition, records=420) is None


def test_what_is_declared_is_stated(declared, graph):
    dataset = URIRef(dataset_iri(declared))
    assert graph.value(dataset, HEALTH.healthTheme) == URIRef(DECLARED["themes"][0])
    assert graph.value(dataset, HEALTH.numberOfRecords).toPython() == 420
    assert graph.value(dataset, HEALTH.minTypicalAge).toPython() == 0
    assert Literal("Resident population", "en") in set(graph.objects(dataset, HEALTH.populationCoverage))


def test_nothing_of_the_european_union_is_invented(graph):
    said = {str(predicate) for predicate in graph.predicates()}
    assert {p for p in said if p.startswith(str(HEALTH))} == {
        str(HEALTH[name])
        for name in ("healthTheme", "numberOfRecords", "minTypicalAge", "maxTypicalAge", "populationCoverage")
    }
    assert not any("w3id.org/dpv" in p for p in said)


def test_it_is_the_dcat_ap_description_and_more(declared, graph, shared):
    plain = rdflib.Graph().parse(data=catalog.dcat_turtle(declared))
    assert not set(plain) - set(graph)
    pyshacl = pytest.importorskip("pyshacl")
    shapes = rdflib.Graph().parse(shared / "data" / "shapes" / "dcat-ap-3.0.1-SHACL.ttl")
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, report


def test_ages_are_in_order(edition):
    wrong = DECLARED | {"ages": {"youngest": 15, "oldest": 5}}
    with pytest.raises(ValidationError, match="oldest is below youngest"):
        catalog.Entry.model_validate(edition.entry.model_dump() | {"health": wrong})
