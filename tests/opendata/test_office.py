"""An office with twelve datasets of twelve groups: catalogue and registers, each read back by an independent reader."""

import csv
from datetime import date

import frictionless
import pyarrow.parquet as pq
import pyshacl
import pytest
import rdflib
import yaml
from python_calamine import CalamineWorkbook
from rdflib import DCAT, DCTERMS

from opendata import annex, pipeline, registering, registers, site
from tests.opendata.conftest import fresh
from tests.opendata.test_registering import IDS, configured
from tests.opendata.test_registers import DATABASE

DAY = date(2026, 6, 1)
GROUPS = [1, 3, 5, 6, 11, 12, 14, 16, 19, 20, 21, 23]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = fresh(tmp_path_factory.mktemp("office") / "workspace")
    spec = yaml.safe_load(made.spec_path("cases").read_text(encoding="utf-8"))
    made.spec_path("cases").unlink()
    for number, group in enumerate(GROUPS, start=1):
        spec["entry"] |= {
            "groups": [group],
            "title": {"vi": f"Số liệu mẫu, bảng {number}", "en": f"Sample figures, table {number}"},
        }
        path = made.spec_path(f"table-{number:02}")
        path.write_text(yaml.safe_dump(spec, allow_unicode=True, sort_keys=False), encoding="utf-8")
        pipeline.build(path.stem, made.root, progress=lambda vi, en: None)
    for group in GROUPS:
        text = DATABASE.replace("groups: [1, 3]", f"groups: [{group}]")
        (made.root / f"databases/database-{group:02}.yaml").write_text(text, encoding="utf-8")
    made = configured(made)
    registering.release(made, registers.collect(made, today=DAY))
    return made


def test_the_catalogue_is_whole_and_conforms(office, shared, tmp_path):
    folder = site.write(office, tmp_path / "site").folder
    graph = rdflib.Graph().parse(folder / "catalog.ttl")
    assert len(set(graph.subjects(rdflib.RDF.type, DCAT.Dataset))) >= len(GROUPS)
    catalogue = graph.value(predicate=rdflib.RDF.type, object=DCAT.Catalog)
    assert len(list(graph.objects(catalogue, DCAT.dataset))) >= len(GROUPS)
    assert graph.value(catalogue, DCTERMS.publisher)
    shapes = rdflib.Graph().parse(shared / "data/shapes/dcat-ap-3.0.1-SHACL.ttl")
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, report
    packages = sorted(folder.glob("datasets/*/*/datapackage.json"))
    assert len(packages) == len(GROUPS) + len(IDS)
    assert all(frictionless.validate(str(package)).valid for package in packages)


def test_the_registers_name_every_database_and_dataset(office, tmp_path):
    made = registers.collect(office, today=DAY)
    tables = [path for path in annex.write(made, tmp_path) if path.suffix == ".csv"]
    rows = {
        path.stem: list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())) for path in tables
    }
    cells = {name: {cell for row in found for cell in row.values()} for name, found in rows.items()}
    told = set().union(*cells.values())
    assert {f"table-{n:02}" for n in range(1, 13)} <= told
    assert {f"database-{group:02}" for group in GROUPS} <= told
    covered = [name for name, found in rows.items() if len(found) == 24]
    assert len(covered) == 1


def test_the_released_registers_name_every_database_and_dataset(office):
    """Each read by another reader than the one that wrote it."""
    folder = office.root / "releases"
    databases = pq.read_table(folder / "health-databases/2026.1/data.parquet").column("id").to_pylist()
    assert databases == [f"database-{group:02}" for group in GROUPS]
    sheet = CalamineWorkbook.from_path(folder / "open-health-data/2026.1/data.xlsx").get_sheet_by_name("data")
    header, *lines = sheet.to_python()
    assert [line[0] for line in lines] == [f"table-{n:02}" for n in range(1, 13)]
    assert {line[header.index("status")] for line in lines} == {"published"}
    with (folder / "health-data-coverage/2026.1/data.csv").open(encoding="utf-8-sig", newline="") as file:
        covered = {int(row["group"]): int(row["published"]) for row in csv.DictReader(file)}
    assert covered == {group: int(group in GROUPS) for group in range(1, 25)}
