"""PROV-O of a version: one connected graph, the same bytes every time, and no more of a source than its name."""

import json
from dataclasses import replace

import pytest
from rdflib import PROV, RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

import catalog
from catalog.dcat import dataset_iri, version_iri
from catalog.prov import Origin, digest_iri, prov_jsonld

# rdflib's own reader of JSON-LD
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
ORIGIN = Origin(("data/records.csv", "data/sổ 2.xlsx"), ("ytemo", "1.0"), "5b" * 32, "c7" * 32, "2025.4")


@pytest.fixture(scope="module")
def drawn(edition):
    return replace(edition, entry=edition.entry.model_copy(update={"databases": ("ho-so",)}))


@pytest.fixture
def graph(drawn):
    return Graph().parse(data=prov_jsonld(drawn, ORIGIN), format="json-ld")


def test_the_same_bytes_every_time(drawn):
    text = prov_jsonld(drawn, ORIGIN)
    assert text == prov_jsonld(drawn, ORIGIN)
    assert text.endswith("\n")
    assert "prov" in json.loads(text)["@context"]


def test_the_graph_is_connected_and_has_no_blank_node(graph):
    pairs = [(s, o) for s, p, o in graph if p != RDF.type and not isinstance(o, Literal)]
    nodes = {node for pair in pairs for node in pair} | set(graph.subjects())
    assert all(isinstance(node, URIRef) for node in nodes)
    reached, fresh = set(), {next(iter(nodes))}
    while fresh:
        reached |= fresh
        fresh = {b for s, o in pairs for a, b in ((s, o), (o, s)) if a in reached} - reached
    assert reached == nodes


def test_a_file_leads_to_its_sources_spec_and_program(graph, edition):
    start = digest_iri(edition.files[1].sha256)
    asked = f"SELECT ?x WHERE {{ <{start}> (prov:wasGeneratedBy/(prov:used|prov:wasAssociatedWith))+ ?x }}"
    names = {str(name) for (found,) in graph.query(asked) for name in graph.objects(found, DCTERMS.title)}
    assert {*ORIGIN.sources, "datasets/notifiable-diseases.yaml"} <= names
    found = {row[0] for row in graph.query(asked)}
    assert {digest_iri(ORIGIN.spec), digest_iri(ORIGIN.cells)} <= {str(one) for one in found}
    assert {one for one in found if (one, RDF.type, PROV.SoftwareAgent) in graph}


def test_only_what_holds_the_data_is_a_file_of_it(graph, edition):
    members = set(graph.objects(URIRef(version_iri(edition)), PROV.hadMember))
    assert members == {URIRef(digest_iri("0a" * 32))}  # in this edition they have the same digest
    titles = {str(title) for title in graph.objects(members.pop(), DCTERMS.title)}
    assert titles == {"data.csv", "data.parquet", "data.xlsx"}


def test_it_joins_the_dataset_the_version_before_and_the_database(graph, drawn):
    version = URIRef(version_iri(drawn))
    assert set(graph.objects(version, PROV.specializationOf)) == {URIRef(dataset_iri(drawn))}
    assert set(graph.objects(version, PROV.wasRevisionOf)) == {
        URIRef(version_iri(replace(drawn, version="2025.4")))
    }
    database = (
        Graph()
        .parse(data=catalog.dcat_turtle(drawn), format="turtle")
        .value(URIRef(dataset_iri(drawn)), PROV.wasDerivedFrom)
    )
    assert (version, PROV.wasDerivedFrom, database) in graph


def test_a_code_list_tells_when_its_codes_hold(graph):
    valid = {str(name): str(days) for one, days in graph.subject_objects(DCTERMS.valid)
             for name in graph.objects(one, DCTERMS.identifier)}  # fmt: skip
    assert valid["province-63"].endswith("/2025-06-30")


def test_the_first_version_revises_none_and_a_list_has_no_table(drawn):
    text = prov_jsonld(drawn, Origin(("databases",), ("ytemo", "1.0")))
    graph = Graph().parse(data=text, format="json-ld")
    assert not list(graph.triples((None, PROV.wasRevisionOf, None)))
    steps = {str(one).rpartition("#")[2] for one in graph.subjects(RDF.type, PROV.Activity)}
    assert steps == {"read", "release"}
