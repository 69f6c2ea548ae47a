"""The registers as releases: whole, verified, new when a list says something new; nothing else goes unaudited."""

import json
import shutil
from datetime import date

import frictionless
import polars as pl
import pyshacl
import pytest
import rdflib
from rdflib import DCAT, DCTERMS

from opendata import pipeline, registering, registers
from opendata import workspace as workspaces
from opendata.errors import GateError, PersonalDataError, SpecError, VerificationError
from opendata.release import Release, digest, seal
from tests.opendata.conftest import SPEC, fresh, respec
from tests.opendata.test_cli import opendata
from tests.opendata.test_registers import DATABASE, NOTICE, TODAY

CONFIG = """
[registers]
publisher = {name = {vi = "Bộ Y tế", en = "Ministry of Health"}}
contact = {name = {vi = "Bộ phận dữ liệu mở", en = "Open data office"}, email = "opendata@example.org"}
organization = "bo-y-te"
category = "2a"
"""
IDS = ["health-databases", "open-health-data", "health-data-coverage", "health-data-notices"]


def configured(workspace, text=CONFIG):
    (workspace.root / "opendata.toml").write_text(text, encoding="utf-8")
    return workspaces.find(workspace.root)


@pytest.fixture
def office(workspace):
    (workspace.root / "databases/surveillance.yaml").write_text(DATABASE, encoding="utf-8")
    (workspace.root / "corrections/2026-001.yaml").write_text(NOTICE, encoding="utf-8")
    return configured(workspace)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An office whose dataset and registers are released, once; tests change a copy."""
    workspace = fresh(tmp_path_factory.mktemp("registers") / "workspace")
    (workspace.root / "databases/surveillance.yaml").write_text(DATABASE, encoding="utf-8")
    (workspace.root / "corrections/2026-001.yaml").write_text(NOTICE, encoding="utf-8")
    spec = workspace.spec_path("cases")
    spec.write_text(
        SPEC.replace("  frequency:", "  databases: [surveillance]\n  frequency:"), encoding="utf-8"
    )
    pipeline.build("cases", workspace.root, progress=lambda vi, en: None)
    workspace = configured(workspace)
    assert released(workspace) == dict.fromkeys([(name, "2026.1") for name in IDS], True)
    return workspace


@pytest.fixture
def copy(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "copy")
    return workspaces.find(tmp_path / "copy")


def released(office, today=TODAY, **options):
    made = registering.release(office, registers.collect(office, today=today), **options)
    return {(one.id, one.version): fresh for one, fresh in made}


def tree(folder):
    return {str(path.relative_to(folder)): digest(path) for path in folder.rglob("*") if path.is_file()}


def reseal(folder, **changes):
    """Write a manifest that says something else of the files that are there, with right checksums."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    about = {key: value for key, value in (manifest | changes).items() if key not in ("format", "files")}
    for name in ("manifest.json", "SHA256SUMS"):
        (folder / name).unlink()
    seal(folder, {key: value for key, value in about.items() if value is not None})


def test_every_register_is_a_release_that_other_readers_read(made, shared):
    shapes = rdflib.Graph().parse(shared / "data/shapes/dcat-ap-3.0.1-SHACL.ttl")
    for name in IDS:
        release = pipeline.written(name, made)
        assert {"data.parquet", "data.csv", "data.xlsx", "report.html"} < {
            file.name for file in release.files
        }
        report = frictionless.validate(str(release.directory / "datapackage.json"))
        assert report.valid, report.flatten(["message"])
        graph = rdflib.Graph().parse(release.directory / "dcat.ttl")
        assert pyshacl.validate(graph, shacl_graph=shapes, inference="none")[0]
        assert len(list(graph.objects(None, DCAT.distribution))) == 3
    table = pl.read_parquet(made.root / "releases/health-databases/2026.1/data.parquet")
    assert table.select("id", "groups", "datasets", "reviewed", "review_due").row(0) == (
        "surveillance", "1; 3", "cases", date(2026, 1, 15), date(2026, 7, 15),
    )  # fmt: skip


def test_the_manifest_says_that_no_audit_applies_and_why(made):
    for name in IDS:
        manifest = pipeline.written(name, made).manifest
        assert manifest["audit"].keys() == {"applies", "reason"}
        assert (manifest["audit"]["applies"], manifest["entry"]["groups"]) == (False, [23])
        assert manifest["publication"]["organization"] == "bo-y-te"


def test_nothing_new_is_no_new_version_on_any_day_of_the_year(copy):
    before = tree(copy.root / "releases")
    assert set(released(copy).values()) == {False}
    assert set(released(copy, date(2026, 7, 1), version="2026.1").values()) == {False}
    assert tree(copy.root / "releases") == before


def test_a_changed_list_is_the_next_version_and_says_what_changed(copy):
    (copy.root / "databases/workforce.yaml").write_text(DATABASE, encoding="utf-8")
    for options in ({"version": "2025.9"}, {"today": date(2026, 5, 31)}):
        with pytest.raises(SpecError, match="come after"):
            released(copy, **options)
    made = released(copy, date(2026, 7, 1))
    assert {key for key, fresh in made.items() if fresh} == {(name, "2026.2") for name in (IDS[0], IDS[2])}
    folder = copy.root / "releases/health-databases/2026.2"
    assert "Added: workforce" in (folder / "CHANGELOG.md").read_text(encoding="utf-8")
    entry = Release.open(folder).manifest["entry"]
    assert (entry["issued"], entry["modified"]) == ("2026-06-01", "2026-07-01")
    with pytest.raises(SpecError, match="other content"):
        released(copy, date(2026, 7, 1), version="2026.1")


def test_notices_are_those_of_the_years_that_are_over(copy):
    same = tree(copy.root / "releases/health-data-notices/2026.1")
    (copy.root / "corrections/2026-001.yaml").unlink()
    shutil.rmtree(copy.root / "releases/health-data-notices")
    released(copy)
    assert tree(copy.root / "releases/health-data-notices/2026.1") == same
    assert released(copy, date(2027, 1, 2))["health-data-notices", "2027.1"]


def test_the_registers_do_not_list_themselves_and_can_be_wrong_too(copy):
    text = NOTICE.replace("dataset: cases", "dataset: health-databases")
    (copy.root / "corrections/2026-002.yaml").write_text(text, encoding="utf-8")
    found = registers.collect(copy, today=TODAY)
    assert [one.id for one in found.datasets] == ["cases"]
    assert len(found.notices) == 2


def test_everything_that_is_missing_is_told_at_once(office):
    with pytest.raises(SpecError) as refused:
        released(configured(office, "[registers]\n"))
    needed = ("publisher", "contact", "organization", "category")
    assert [p.where for p in refused.value.problems] == [
        f"opendata.toml: registers.{name}" for name in needed
    ]
    (office.root / "databases/surveillance.yaml").unlink()
    with pytest.raises(SpecError, match="empty"):
        released(configured(office))
    assert not list((office.root / "releases").glob("*/*"))


def test_the_gate_asks_for_what_a_group_demands(office):
    with pytest.raises(GateError, match="trade secrets"):
        released(configured(office, f"{CONFIG}groups = [17]\n"))
    consent = '{kind = "owner_consent", holder = {vi = "Cục CNTT", en = "IT office"}, number = "1", date = 2026-01-05}'
    made = released(configured(office, f"{CONFIG}groups = [17]\nevidence = [{consent}]\n"))
    assert set(made.values()) == {True}


def test_a_group_of_information_about_people_is_refused_for_want_of_an_audit(office):
    consent = '{kind = "owner_consent", holder = {vi = "Cục CNTT", en = "IT office"}, number = "1", date = 2026-01-05}'
    with pytest.raises(GateError, match="disclosure audit is missing"):
        released(configured(office, f"{CONFIG}groups = [1]\nevidence = [{consent}]\n"))


def test_personal_data_in_the_record_refuse_all_of_them(office):
    text = CONFIG.replace("Bộ phận dữ liệu mở", "Ông Nguyễn Văn An, 0912345678")
    with pytest.raises(PersonalDataError) as refused:
        released(configured(office, text))
    assert "0912345678" not in str(refused.value)
    assert not list((office.root / "releases").glob("*/*"))


def test_a_province_has_its_own_ids_and_article(office):
    text = CONFIG.replace('category = "2a"', 'category = "2b"\nprefix = "hue"')
    made = released(configured(office, text))
    assert set(made) == {(f"hue-{name}", "2026.1") for name in IDS}
    entry = pipeline.written("hue-health-databases", office).manifest["entry"]
    assert entry["legal_basis"] == ["decree-102-2025/22.2"]


def test_a_dataset_of_another_kind_is_not_continued(copy):
    folder = copy.root / "releases/health-databases"
    shutil.rmtree(folder)
    shutil.copytree(copy.root / "releases/cases", folder)
    reseal(folder / "2026.1", id="health-databases")
    with pytest.raises(SpecError, match="another kind"):
        released(copy)


@pytest.mark.parametrize("name", IDS)
def test_statistics_do_not_pass_as_a_register(copy, name):
    release = pipeline.written(name, copy)
    told = {key: release.manifest[key] for key in ("register", "audit", "id")}
    folder = copy.root / "releases/cases/2026.1"
    reseal(folder, audit=told["audit"])
    with pytest.raises(VerificationError, match="no audit"):
        Release.open(folder)
    reseal(folder, **told)
    with pytest.raises(VerificationError, match="not what this register holds"):
        Release.open(folder)


@pytest.mark.parametrize(
    ("file", "what"), [("data.csv", "not what this register holds"), ("data.parquet", "differs from")]
)
def test_a_table_that_looks_right_carries_no_other_along(copy, file, what):
    folder = copy.root / "releases/health-data-coverage/2026.1"
    shutil.copy(copy.root / "releases/cases/2026.1" / file, folder / file)
    reseal(folder)
    with pytest.raises(VerificationError, match=what):
        Release.open(folder)
    (folder / file).write_bytes(b'"')
    reseal(folder)
    with pytest.raises(VerificationError):
        Release.open(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"audit": {"ok": True}},
        {"audit": {"applies": True, "reason": {}}},
        {"audit": {"applies": False, "reason": {}, "ok": True}},
        {"register": "cases"},
        {"register": "coverage"},
        {"register": ["databases"]},
        {"id": "cases"},
        {"register": None},
    ],
)
def test_a_register_is_what_its_manifest_says_or_refused(copy, changes):
    folder = copy.root / "releases/health-databases/2026.1"
    reseal(folder, **changes)
    with pytest.raises(VerificationError):
        Release.open(folder)


def test_a_file_that_no_register_has_is_refused(copy):
    folder = copy.root / "releases/health-data-coverage/2026.1"
    (folder / "more.csv").write_text("age,count\n7,1\n")
    reseal(folder)
    with pytest.raises(VerificationError, match=r"more\.csv"):
        Release.open(folder)


def test_a_dataset_names_the_databases_that_it_is_drawn_from(made, shared):
    graph = rdflib.Graph().parse(made.root / "releases/cases/2026.1/dcat.ttl")
    (database,) = graph.objects(None, rdflib.PROV.wasDerivedFrom)
    # No more than the id, which the public list gives too.
    assert set(graph.predicate_objects(database)) == {
        (rdflib.RDF.type, rdflib.PROV.Entity),
        (DCTERMS.identifier, rdflib.Literal("surveillance")),
    }
    shapes = rdflib.Graph().parse(shared / "data/shapes/dcat-ap-3.0.1-SHACL.ttl")
    assert pyshacl.validate(graph, shacl_graph=shapes, inference="none")[0]


def test_an_unknown_database_is_refused_before_anything_is_read(office, spec):
    spec["entry"]["databases"] = ["surveillance", "gone"]
    respec(office, spec)
    for refusing in (
        lambda: registers.collect(office, today=TODAY),
        lambda: pipeline.build("cases", office.root, progress=lambda vi, en: None),
    ):
        with pytest.raises(SpecError, match="no such database") as refused:
            refusing()
        assert [p.where for p in refused.value.problems] == ["datasets/cases.yaml: entry.databases.gone"]


def test_the_command_releases_and_says_what_is_unchanged(office):
    done = opendata("--lang", "en", "register", "--release", cwd=office.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("✓ Wrote") == 4
    again = opendata("--lang", "en", "register", "--release", cwd=office.root)
    assert again.stdout.count("✓ Unchanged") == 4
