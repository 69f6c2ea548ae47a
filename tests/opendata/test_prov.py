"""prov.jsonld and approvals.jsonld of a release together: who approved this file, made from what, by which code."""

from datetime import date

import pytest
import rdflib

from opendata import demo, pipeline, registering, registers, verification
from opendata import workspace as workspaces
from opendata.release import digest
from tests.opendata.conftest import RECORDS, fresh

# rdflib's own reader of JSON-LD
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

REGISTERS = """[registers]
organization = "bo-y-te"
category = "2a"
publisher = {name = {vi = "Bộ Y tế", en = "Ministry of Health"}}
contact = {name = {vi = "Bộ phận dữ liệu mở", en = "Open data office"}, email = "opendata@example.org"}"""


def built(folder):
    made = fresh(folder)
    releases = []
    for records in (RECORDS, RECORDS.replace("S3,M,48", "S3,M,59")):
        (made.root / "data/records.csv").write_text(records, encoding="utf-8")
        releases.append(pipeline.build("cases", made.root)[0])
    return releases


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    """Two versions; the second one approved in a rehearsal."""
    made = built(tmp_path_factory.mktemp("prov") / "workspace")
    demo.approve_for_rehearsal(made[1])
    return made


@pytest.fixture
def graph(releases):
    made = rdflib.Dataset(default_union=True)
    for name in ("prov.jsonld", "approvals.jsonld"):
        made.parse(releases[1].directory / name, format="json-ld")
    return made


def test_who_approved_this_file_made_from_what_by_which_code(graph, releases):
    file = digest(releases[1].directory / "data.parquet")
    rows = graph.query(
        f"""
        SELECT ?who ?source ?program ?commit WHERE {{
            ?version prov:hadMember <nih:sha-256;{file}> , ?manifest .
            ?approval prov:used ?manifest ; dct:type "approve" ; prov:wasAssociatedWith/dct:identifier ?who .
            <nih:sha-256;{file}> prov:wasGeneratedBy/(prov:used/prov:wasGeneratedBy)* ?step .
            ?step prov:used/dct:title ?source ; prov:wasAssociatedWith/foaf:name ?program .
            ?submission prov:used ?manifest , ?commit ; dct:type "submit" .
            FILTER(STRSTARTS(STR(?commit), "urn:ytemo:commit:"))
        }}""",
        initNs={"prov": rdflib.PROV, "dct": rdflib.DCTERMS, "foaf": rdflib.FOAF},
    )
    found = [{str(name): str(value) for name, value in row.asdict().items()} for row in rows]
    assert {row["who"] for row in found} == {"kiem-duyet-1", "kiem-duyet-2"}
    assert "data/records.csv" in {row["source"] for row in found}
    assert {row["program"] for row in found} == {"ytemo"}


def test_nothing_of_a_source_but_its_name_nor_of_this_machine(releases):
    for release in releases:
        text = (release.directory / "prov.jsonld").read_text(encoding="utf-8")
        assert digest(release.directory.parents[2] / "data/records.csv") not in text
        assert str(release.directory.parents[2]) not in text
        assert "data/records.csv" in text


def test_the_same_inputs_give_the_same_bytes_elsewhere(releases, tmp_path):
    for one, again in zip(releases, built(tmp_path / "other"), strict=True):
        assert (again.directory / "prov.jsonld").read_bytes() == (one.directory / "prov.jsonld").read_bytes()


def test_a_register_tells_it_too(tmp_path):
    made = workspaces.init(tmp_path)
    demo.add_example(made)
    path = made.root / "opendata.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[registers]", REGISTERS), encoding="utf-8")
    found = workspaces.find(made.root)
    for release, _ in registering.release(found, registers.collect(found, today=date(2026, 12, 1))):
        assert rdflib.Dataset().parse(release.directory / "prov.jsonld", format="json-ld") is not None
        told = "\n".join(line.en for line in verification.chain(verification.verify(release.directory)))
        assert "Sources (names only; confidential): " in told
        assert "Steps: Read the sources and scan for personal data → Write the files" in told


def test_the_chain_in_plain_words(releases):
    told = [line.en for line in verification.chain(verification.verify(releases[1].directory))]
    text = "\n".join(told)
    for part in (
        "Sources (names only; confidential): data/records.csv", "Spec: datasets/cases.yaml (SHA-256",
        "Code lists: areas, sexes", "Steps: Read the sources", "Program: ytemo", "Version before: 2026.1",
        "Published by: Ministry of Health", "Submitted by:", "Approved by:", "packages SHA-256",
    ):  # fmt: skip
        assert part in text
    assert text.count("Approved by:") == 2
