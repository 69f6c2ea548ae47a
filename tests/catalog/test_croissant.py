"""Croissant and schema.org: read back as linked data, every reference leads somewhere."""

import json
from dataclasses import replace

import pytest
import rdflib
from rdflib import RDF, Literal, Namespace, URIRef

import catalog
from catalog.dcat import dataset_iri

CR, SC = Namespace("http://mlcommons.org/croissant/"), Namespace("https://schema.org/")
pytestmark = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated"
)  # rdflib's own reader of JSON-LD


def read(text: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=text, format="json-ld", publicID="https://example.org/here/")


def schema_org(edition) -> rdflib.Graph:
    """As read with the vocabulary alone: its own context is on the network."""
    return read(json.dumps(json.loads(catalog.schema_org(edition)) | {"@context": {"@vocab": str(SC)}}))


def test_both_describe_the_dataset_that_dcat_describes(edition):
    for graph in (read(catalog.croissant(edition)), schema_org(edition)):
        (dataset,) = graph.subjects(RDF.type, SC.Dataset)
        assert str(dataset) == dataset_iri(edition)
        assert str(graph.value(dataset, SC.version)) == "2026.1"
        assert str(graph.value(dataset, SC.temporalCoverage)) == "2013-01-01/2016-12-31"
        assert {str(word) for word in graph.objects(dataset, SC.keywords)} == {
            "dịch tễ",
            "epidemiology",
            "Dengue",
        }


def test_every_field_is_read_from_a_file_that_is_listed(edition):
    graph = read(catalog.croissant(edition))
    files = set(graph.subjects(RDF.type, CR.FileObject))
    assert {str(graph.value(file, SC.sha256)) for file in files} == {"0a" * 32}
    assert set(graph.objects(None, CR.fileObject)) <= files
    columns = {str(column) for column in graph.objects(None, CR.column)}
    assert columns == {column.name for column in edition.columns}


def test_every_reference_leads_to_a_field_of_a_code_list(edition):
    graph = read(catalog.croissant(edition))
    fields = set(graph.subjects(RDF.type, CR.Field))
    targets = {t for r in graph.objects(None, CR.references) for t in graph.objects(r, CR.field)}
    assert len(targets) == 3
    assert targets <= fields
    lists = {one["@id"]: one for one in json.loads(catalog.croissant(edition))["recordSet"]}
    row = next(row for row in lists["province-63"]["data"] if row["province-63/code"] == "01")
    assert row["province-63/vi"].endswith("Hà Nội")


def test_the_rows_have_the_dimensions_as_their_key(edition):
    graph = read(catalog.croissant(edition))
    keys = {
        str(key).rpartition("/")[2] for key in graph.objects(URIRef("https://example.org/here/rows"), CR.key)
    }
    assert keys == {"province", "month"}


def test_downloads_carry_their_digest_and_terms_are_named(edition):
    graph = schema_org(edition)
    downloads = set(graph.subjects(RDF.type, SC.DataDownload))
    assert {str(graph.value(one, SC.name)) for one in downloads} == {"data.csv", "data.parquet", "data.xlsx"}
    assert (None, SC.sha256, Literal("0a" * 32)) in graph
    cc = edition.entry.model_copy(update={"licence": "CC-BY-4.0"})
    assert json.loads(catalog.schema_org(replace(edition, entry=cc)))["license"].startswith("http")


def test_a_text_cannot_end_the_script_it_stands_in(edition):
    title = catalog.Labels(vi="</script><b>", en="A <title> of letters")
    text = catalog.schema_org(replace(edition, entry=edition.entry.model_copy(update={"title": title})))
    assert "<" not in text
    assert json.loads(text)["name"] == title.vi
