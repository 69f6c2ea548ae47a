"""DCAT-AP 3: clean against the published shapes, both languages, the same bytes in every process."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
import rdflib
from rdflib import DCAT, DCTERMS, FOAF, RDF, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

import catalog
from catalog.dcat import dataset_iri

DQV = Namespace("http://www.w3.org/ns/dqv#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
LEGISLATION = URIRef("http://data.europa.eu/r5r/applicableLegislation")


def read(text, form="turtle"):
    return rdflib.Graph().parse(data=text, format=form, publicID="https://example.org/here/")


@pytest.fixture(scope="module")
def shapes(shared):
    return rdflib.Graph().parse(shared / "data" / "shapes" / "dcat-ap-3.0.1-SHACL.ttl")


def violations(text, shapes):
    pyshacl = pytest.importorskip("pyshacl")
    conforms, _, report = pyshacl.validate(read(text), shacl_graph=shapes, inference="none", advanced=False)
    return [] if conforms else report.splitlines()


def variants(edition):
    terse = edition.entry.model_copy(
        update={"notes": None, "legal_basis": (), "access": None, "spatial": "VN-HN"}
    )
    measured = (catalog.Measurement("period_coverage", 1.0), catalog.Measurement("timeliness", 0.9171))
    cc = edition.entry.model_copy(update={"licence": "CC-BY-4.0", "access": "other"})
    return {
        "as it is": edition,
        "no portal known": replace(edition, base=None),
        "only what is required": replace(edition, entry=terse, files=()),
        "another licence and access class": replace(edition, entry=cc),
        "its quality measured": replace(edition, quality=measured),
    }


@pytest.mark.parametrize(
    "variant",
    [
        "as it is",
        "no portal known",
        "only what is required",
        "another licence and access class",
        "its quality measured",
    ],
)
def test_no_violation_of_the_dcat_ap_shapes(edition, shapes, variant):
    assert violations(catalog.dcat_turtle(variants(edition)[variant]), shapes) == []


def test_the_shapes_do_see_a_mistake(edition, shapes):
    text = catalog.dcat_turtle(edition).replace("dct:Frequency", "dct:Location")
    assert violations(text, shapes)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD
def test_turtle_and_json_ld_say_the_same_to_the_letter(edition):
    for made in variants(edition).values():
        assert isomorphic(read(catalog.dcat_turtle(made)), read(catalog.dcat_jsonld(made), "json-ld"))


def test_both_languages_stand_in_title_description_and_keywords(edition):
    graph = read(catalog.dcat_turtle(edition))
    dataset = URIRef(dataset_iri(edition))
    assert (dataset, RDF.type, DCAT.Dataset) in graph
    for predicate in (DCTERMS.title, DCTERMS.description, DCAT.keyword):
        assert {text.language for text in graph.objects(dataset, predicate)} == {"vi", "en"}
    assert Literal("Bệnh truyền nhiễm theo tỉnh", lang="vi") in set(graph.objects(dataset, DCTERMS.title))


def test_each_measurement_and_the_score_is_stated_with_its_metric(edition):
    graph = read(catalog.dcat_turtle(variants(edition)["its quality measured"]))
    found = {
        graph.value(graph.value(node, DQV.isMeasurementOf), DQV.inDimension): float(
            graph.value(node, DQV.value)
        )
        for node in graph.objects(URIRef(dataset_iri(edition)), DQV.hasQualityMeasurement)
    }
    ldqd = "http://www.w3.org/2016/05/ldqd#"
    assert found == {URIRef(f"{ldqd}completeness"): 1.0, URIRef(f"{ldqd}timeliness"): 0.9171, None: 95.0}


def test_data_files_are_distributions_and_the_rest_are_pages(edition):
    graph = read(catalog.dcat_turtle(edition))
    places = {str(place) for place in graph.objects(None, DCAT.downloadURL)}
    folder = "https://example.org/r/notifiable-diseases/2026.1"
    assert places == {f"{folder}/data.{kind}" for kind in ("csv", "parquet", "xlsx")}
    pages = {str(page) for page in graph.objects(None, FOAF.page)}
    assert pages == {f"{folder}/codebook.json", f"{folder}/report.html"}
    assert {str(s) for s in graph.objects(None, SPDX.checksumValue)} == {"0a" * 32}


def test_without_a_portal_files_are_found_beside_the_metadata(edition):
    graph = read(catalog.dcat_turtle(replace(edition, base=None)))
    assert URIRef("https://example.org/here/data.csv") in set(graph.objects(None, DCAT.downloadURL))


def test_a_dataset_keeps_its_name_over_versions_and_not_over_publishers(edition):
    here = replace(edition, base=None)
    assert dataset_iri(here) == dataset_iri(replace(here, version="2027.1"))
    other = edition.entry.model_copy(
        update={"publisher": catalog.Agent(name=catalog.Labels(vi="Cục Y tế dự phòng", en="Other office"))}
    )
    assert dataset_iri(here) != dataset_iri(replace(here, entry=other))


def test_applicable_legislation_is_what_the_entry_cites(edition):
    graph = read(catalog.dcat_turtle(edition))
    cited = {
        str(graph.value(law, DCTERMS.identifier))
        for law in graph.objects(URIRef(dataset_iri(edition)), LEGISLATION)
    }
    assert cited == {"decree-102-2025/10.2.c", "law-20-2023/43"}


def test_an_unknown_citation_is_not_written(edition):
    entry = edition.entry.model_copy(update={"legal_basis": ("decree-1-1900/1",)})
    with pytest.raises(catalog.LawError):
        catalog.dcat_turtle(replace(edition, entry=entry))


def test_no_node_is_blank(edition):
    graph = read(catalog.dcat_turtle(edition))
    assert not [n for triple in graph for n in triple if isinstance(n, rdflib.BNode)]


WRITE = """
import datetime, hashlib, catalog
text = {"vi": "Số liệu", "en": "Figures"}
entry = catalog.Entry.model_validate({"title": text, "description": text,
  "keywords": [text, {"vi": "a b", "en": "b"}], "publisher": {"name": text},
  "contact": {"name": text, "email": "a@example.org"}, "access": "open",
  "legal_basis": ["decree-102-2025/10.2.c", "law-20-2023/43"], "frequency": "ANNUAL",
  "temporal": {"start": "2013-01-01", "end": "2016-12-31"}, "issued": "2026-03-01", "licence": "CC-BY-4.0"})
codes = catalog.builtin("province-63")
columns = (catalog.Column("province", "dimension", "string", entry.title, codelist=codes),)
files = tuple(catalog.File(n, "0" * 64, 1, "text/csv") for n in ("b.csv", "a.csv"))
edition = catalog.Edition("x", "1", datetime.date(2026, 3, 1), entry, columns, files)
for name in ("dcat_turtle", "dcat_jsonld", "datapackage", "codebook", "citation_cff"):
    print(hashlib.sha256(getattr(catalog, name)(edition).encode()).hexdigest())
"""


def test_the_bytes_do_not_depend_on_the_process():
    def written(seed):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        run = [sys.executable, "-c", WRITE]
        return subprocess.run(run, env=environment, capture_output=True, text=True, check=True).stdout

    first = written("1")
    assert len(first.split()) == 5
    assert written("2") == first == written("77")


def test_json_ld_is_plain_json_with_vietnamese_letters(edition):
    text = catalog.dcat_jsonld(edition)
    assert text.endswith("}\n")
    assert "Bệnh truyền nhiễm" in text
    assert json.loads(text)["@graph"]
