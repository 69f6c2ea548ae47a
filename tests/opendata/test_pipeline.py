"""The main job on a small workspace: what comes out, and that refusals leave nothing behind."""

import csv
import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import anonymize as an
from anonymize.pii import Finding
from anonymize.protect import publish
from opendata import pipeline, reviews
from opendata.datasets import dataset
from opendata.errors import (
    DisclosureError,
    GateError,
    OpendataError,
    PersonalDataError,
    SourceError,
    SpecError,
)
from opendata.release import Release, digest, private_folder
from opendata.workspace import Workspace
from tests.opendata.conftest import RECORDS, respec, written

FILES = {
    "CHANGELOG.md", "CITATION.cff", "SHA256SUMS", "codebook.json", "data.csv", "data.parquet", "data.xlsx",
    "datapackage.json", "dcat.jsonld", "dcat.ttl", "manifest.json", "prov.jsonld", "report.html",
}  # fmt: skip


def build(workspace: Workspace, **options: str) -> tuple[Release, bool]:
    return pipeline.build("cases", workspace.root, progress=lambda vi, en: None, **options)


def test_a_release_holds_every_file_of_the_design(workspace):
    release, wrote = build(workspace)
    assert wrote
    assert {path.name for path in release.directory.iterdir()} == FILES
    assert release.version == "2026.1"
    assert Release.open(release.directory).id == "cases"


def test_small_counts_and_what_would_give_them_back_are_hidden(workspace):
    release, _ = build(workspace)
    data = pl.read_parquet(release.directory / "data.parquet")
    small = data.filter(area="N1", sex="M").row(0, named=True)
    assert (small["cases"], small["cases_status"]) == (None, "Q")
    row = data.filter(area="N1")
    assert row["cases_status"].to_list().count("Q") >= 2  # else the total gives it back
    zero = data.filter(area="N1", sex="M").row(0, named=True)
    assert (zero["deaths"], zero["deaths_status"]) == (0, "A")  # a zero is a zero


def test_the_columns_are_codes_numbers_and_statuses(workspace):
    release, _ = build(workspace)
    data = pl.read_parquet(release.directory / "data.parquet")
    assert dict(data.schema) == {
        "area": pl.String, "sex": pl.String, "cases": pl.Int64, "cases_status": pl.String,
        "deaths": pl.Int64, "deaths_status": pl.String,
    }  # fmt: skip
    assert data.equals(data.sort("area", "sex"))
    assert set(data["cases_status"]) <= {"A", "Q"}


def test_a_rebuild_gives_the_same_bytes_and_writes_nothing(workspace, tmp_path):
    first, _ = build(workspace)
    again, wrote = build(workspace)
    assert (again.version, wrote) == (first.version, False)
    moved = tmp_path / "elsewhere"
    shutil.copytree(workspace.root, moved, ignore=shutil.ignore_patterns("releases"))
    other, _ = pipeline.build("cases", moved, progress=lambda vi, en: None)
    for path in first.directory.iterdir():
        assert digest(path) == digest(other.directory / path.name), path.name


def test_a_suppressed_value_is_nowhere_in_the_bytes(workspace):
    release, _ = build(workspace)
    data = pl.read_parquet(release.directory / "data.parquet")
    hidden = data.filter(pl.col("cases_status") == "Q").join(_records(), on=["area", "sex"])
    telling = [value for value in hidden["cases_right"].to_list() if value > 1000]
    assert telling  # a secondary cell with a number that cannot be there by chance
    for path in release.directory.iterdir():
        content = path.read_bytes()
        for value in telling:
            for form in (str(value).encode(), value.to_bytes(8, "little"), float(value).hex().encode()):
                assert form not in content, path.name


def _records() -> pl.DataFrame:
    return pl.read_csv(RECORDS.encode(), schema_overrides={"area": pl.String, "sex": pl.String})


def test_nothing_public_tells_primary_from_secondary(workspace):
    release, _ = build(workspace)
    for path in release.directory.iterdir():
        content = path.read_bytes().lower()
        assert b'primary"' not in content.replace(b"primarykey", b"")
        assert b"secondary" not in content, path.name
    assert (private_folder(release.directory) / "reasons.parquet").is_file()
    assert private_folder(release.directory).stat().st_mode & 0o077 == 0


def test_csv_and_parquet_hold_the_same_table(workspace):
    release, _ = build(workspace)
    with (release.directory / "data.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    data = pl.read_parquet(release.directory / "data.parquet")
    assert [row["cases"] for row in rows] == ["" if v is None else str(v) for v in data["cases"]]


def test_the_manifest_says_where_everything_came_from(workspace):
    release, _ = build(workspace)
    manifest = json.loads((release.directory / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"] == [{"name": "data/records.csv"}]
    assert manifest["audit"]["ok"] is True
    assert manifest["law"]["conditions"] == ["9.2.a", "9.2.b", "9.2.c"]
    assert "evidence" not in manifest["entry"]


def test_nothing_public_lets_a_reader_test_guesses_at_the_source(workspace):
    release, _ = build(workspace)
    sha256 = digest(workspace.root / "data/records.csv").encode()
    assert not [path.name for path in release.directory.iterdir() if sha256 in path.read_bytes()]
    assert sha256 in (private_folder(release.directory) / "inputs.json").read_bytes()


@pytest.mark.parametrize("version", ["2026.0", "2025.9", "0", "2026"])
def test_a_new_version_comes_after_all_that_are_out(workspace, version):
    build(workspace)
    with pytest.raises(SpecError, match="must come after"):
        build(workspace, version=version)


def test_a_measure_that_was_published_cannot_be_forgotten(workspace):
    build(workspace)
    path = workspace.spec_path("cases")
    path.write_text(path.read_text(encoding="utf-8").replace("cases", "patients"), encoding="utf-8")
    (workspace.root / "data/records.csv").write_text(RECORDS.replace("cases", "patients"), encoding="utf-8")
    with pytest.raises(SpecError, match="the column is gone"):
        build(workspace)


@pytest.mark.parametrize("damage", ["manifest.json", "data.parquet"])
def test_the_memory_of_earlier_releases_must_be_whole(workspace, damage):
    release, _ = build(workspace)
    (release.directory / damage).unlink()
    with pytest.raises(OpendataError) as refused:
        build(workspace, version="2026.2")
    assert refused.value.exit_code == 8
    # Nobody can download it from a portal that it was never on.
    (problem,) = refused.value.problems
    assert problem.where == f"releases/cases/2026.1/{damage}"
    assert "backup" in problem.remedy.en


def test_the_audit_must_be_by_the_declared_policy_and_know_everything(workspace):
    opened = dataset("cases", workspace=workspace)
    table = opened.aggregate(opened.read())
    weak = an.Protection(rules=(an.SmallCount(threshold=2),))
    safe = an.protect(table, weak)
    with pytest.raises(DisclosureError, match="another policy"):
        opened.release(safe, an.audit(safe, weak))
    right = opened.protect(table)
    blind = opened.audit(right)
    build(workspace)
    with pytest.raises(DisclosureError, match="without everything that is out"):
        opened.release(right, blind, version="2026.2")


def test_a_version_released_meanwhile_voids_the_audit(workspace):
    opened = dataset("cases", workspace=workspace)
    safe = opened.protect(opened.aggregate(opened.read()))
    late = opened.release(safe, opened.audit(safe), version="2026.7")
    build(workspace)
    with pytest.raises(SpecError, match="meanwhile"):
        late.write()


def test_what_is_written_is_what_was_judged(workspace):
    opened = dataset("cases", workspace=workspace)
    safe = opened.protect(opened.aggregate(opened.read()))
    release = opened.release(safe, opened.audit(safe))
    safe.cells[0, "value"] = 123_456_789
    release.write()
    assert b"123456789" not in (release.directory / "data.csv").read_bytes()


def test_a_release_moved_to_another_place_is_not_published(workspace):
    release, _ = build(workspace)
    shutil.copytree(release.directory, release.directory.with_name("2027.5"))
    with pytest.raises(SpecError, match="another release"):
        pipeline.written("cases", workspace)


@pytest.mark.parametrize("name", ["../cases", "../../evil", "a/b", "."])
def test_a_dataset_is_named_by_its_id_alone(workspace, name):
    with pytest.raises(SpecError):
        workspace.spec(name)


def test_changed_figures_make_the_next_version_and_an_old_one_never_changes(workspace):
    build(workspace)
    records = workspace.root / "data/records.csv"
    records.write_text(RECORDS.replace("S3,M,48,0", "S3,M,53,0"), encoding="utf-8")
    second, wrote = build(workspace)
    assert (second.version, wrote) == ("2026.2", True)
    with pytest.raises(SpecError, match="other content"):
        build(workspace, version="2026.1")


def test_the_steps_of_the_notebook_are_those_of_the_command(workspace):
    opened = dataset("cases", workspace=workspace)
    safe = opened.protect(opened.aggregate(opened.read()))
    release = opened.release(safe, opened.audit(safe), version="2026.1")
    assert release.write()
    assert {path.name for path in release.directory.iterdir()} == FILES


def test_a_release_refuses_the_audit_of_other_cells(workspace):
    opened = dataset("cases", workspace=workspace)
    table = opened.aggregate(opened.read())
    safe = opened.protect(table)
    records = workspace.root / "data/records.csv"
    records.write_text(RECORDS.replace("S3,M,48", "S3,M,49"), encoding="utf-8")
    other = opened.protect(opened.aggregate(opened.read()))
    with pytest.raises(DisclosureError, match="not of the cells"):
        opened.release(safe, opened.audit(other))


def test_an_audit_that_fails_stops_the_release(workspace):
    opened = dataset("cases", workspace=workspace)
    table = opened.aggregate(opened.read())
    bare = publish(table, np.zeros(table.cells.height, bool), opened.spec.protection)
    found = opened.audit(bare)
    assert (found.ok, found.exact > 0) == (False, True)
    with pytest.raises(DisclosureError) as refused:
        opened.release(bare, found)
    assert refused.value.exit_code == 5
    assert any("area N1, sex M" in problem.where for problem in refused.value.problems)
    assert written(workspace) == []


REFUSALS = {
    "name in the title": ("entry.title.vi", "Danh sách của Nguyễn Văn An", PersonalDataError),
    "id in a note": ("entry.notes", {"vi": "CCCD 001085012345", "en": "see the register"}, PersonalDataError),
    "phone in a label": ("table.measures.cases.label.en", "Cases, call 0912345678", PersonalDataError),
    "no groups": ("entry.groups", [], GateError),
    "no legal basis": ("entry.legal_basis", [], GateError),
    "no evidence": ("entry.evidence", [], GateError),
    "a repealed basis": ("entry.legal_basis", ["decree-47-2020/17"], GateError),
    "not open": ("entry.access", "personal", GateError),
    "a wrong key": ("entry.titel", "x", SpecError),
    "an unknown rule": ("protection.rules", [{"kind": "smal_count", "threshold": 5}], SpecError),
    "an unknown code list": ("table.dimensions.area.codes", "nowhere", SpecError),
    "a missing file": ("source.files", [{"path": "data/other.csv"}], SourceError),
    "an undeclared column": ("source.columns", [{"name": "area", "codes": "areas"}], OpendataError),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_names_the_place_and_leaves_nothing(workspace, spec, case):
    path, value, error = REFUSALS[case]
    node = spec
    *parents, last = path.split(".")
    for key in parents:
        node = node[key]
    node[last] = value
    respec(workspace, spec)
    with pytest.raises(error) as refused:
        build(workspace)
    assert all(
        p.where and p.what.vi and p.what.en and p.remedy.vi and p.remedy.en for p in refused.value.problems
    )
    assert "Nguyễn" not in str(refused.value)
    assert "001085012345" not in str(refused.value)
    assert written(workspace) == []


@pytest.mark.parametrize(
    ("evidence", "today", "says"),
    [({"expires": "2026-02-03"}, date(2026, 11, 22), "9"), ({}, date(2026, 1, 31), "in the future")],
)
def test_law_and_evidence_must_hold_on_the_day_of_the_build_too(workspace, spec, evidence, today, says):
    spec["entry"]["evidence"][0] |= evidence
    respec(workspace, spec)
    with pytest.raises(GateError, match=says):
        pipeline.build("cases", workspace.root, progress=lambda vi, en: None, today=today)
    assert written(workspace) == []


@pytest.mark.parametrize("planted", ["Trần Thị Bình", "001085012345", "binh.tran@example.com"])
def test_personal_data_in_the_source_come_before_any_other_mistake(workspace, planted):
    records = workspace.root / "data/records.csv"
    records.write_text(RECORDS + f"{planted},F,7,0\n", encoding="utf-8")
    with pytest.raises(PersonalDataError) as refused:
        build(workspace)
    assert planted not in str(refused.value)
    assert written(workspace) == []


def test_a_name_in_a_file_name_would_be_published_in_the_manifest(workspace, spec):
    (workspace.root / "data/records.csv").rename(workspace.root / "data/so Nguyễn Văn An.csv")
    spec["source"]["files"] = [{"path": "data/so Nguyễn Văn An.csv"}]
    respec(workspace, spec)
    with pytest.raises(PersonalDataError) as refused:
        build(workspace)
    assert "manifest.json.inputs.0.name" in {problem.where for problem in refused.value.problems}
    assert written(workspace) == []


def test_what_cannot_be_protected_is_refused_with_the_cells_named(workspace):
    build(workspace)
    # The released version shows a count that the new threshold calls sensitive: nobody can take it back.
    text = workspace.spec_path("cases").read_text(encoding="utf-8")
    workspace.spec_path("cases").write_text(text.replace("threshold: 5", "threshold: 45"), encoding="utf-8")
    with pytest.raises(DisclosureError) as refused:
        build(workspace)
    assert refused.value.exit_code == 5
    assert "area=" in str(refused.value)
    assert [name for name in written(workspace) if name.startswith("cases/2026.2")] == []


CRASH = """
import os, sys
from pathlib import Path
from opendata import pipeline, release
name, where = sys.argv[1], Path(sys.argv[2])
{patch}
pipeline.build("cases", where, progress=lambda vi, en: None)
"""
STEPS = {
    "before sealing": "import opendata.contents as c; c.seal = lambda *a: os._exit(9)",
    "while writing data": "import opendata.data as d; d.write_csv = lambda *a: os._exit(9)",
    "after the first rename": (
        "import pathlib; p = pathlib.Path; keep = p.rename\n"
        "def rename(self, to):\n"
        "    keep(self, to); os._exit(9)\n"
        "p.rename = rename"
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_leaves_no_release_and_the_next_run_completes(workspace, step):
    code = CRASH.format(patch=STEPS[step])
    done = subprocess.run([sys.executable, "-c", code, "cases", str(workspace.root)], check=False)
    assert done.returncode == 9
    folder = workspace.root / "releases/cases"
    assert not (folder / "2026.1").exists()
    release, wrote = build(workspace)
    assert wrote
    assert sorted(p.name for p in folder.iterdir()) == [".lock", "2026.1", "2026.1.private"]
    assert Release.open(release.directory).version == "2026.1"


def test_an_unwritable_folder_is_a_message(workspace):
    (workspace.root / "releases").rmdir()
    (workspace.root / "releases").write_text("a file, not a folder")
    with pytest.raises(SpecError, match="cannot be written"):
        build(workspace)


def test_every_changed_byte_is_found(workspace):
    release, _ = build(workspace)
    for path in sorted(release.directory.iterdir()):
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(OpendataError) as refused:
            Release.open(release.directory)
        assert refused.value.exit_code == 8
        path.write_bytes(content)
    (release.directory / "extra.txt").write_text("x")
    with pytest.raises(OpendataError, match="not listed"):
        Release.open(release.directory)
    Path(release.directory / "extra.txt").unlink()
    assert Release.open(release.directory)


def reviewed(findings, **more):
    named = {"decision": "harmless", "reason": "the author of a cited book", "by": "Trần Thị Bình"} | more
    return [{"place": f.place, "entity": f.entity, "digest": f.digest} | named for f in findings]


def test_a_finding_reviewed_as_harmless_passes_and_the_release_says_who_said_so(workspace, spec):
    spec["entry"]["notes"] = {"vi": "Theo sách của bác sĩ Nguyễn Văn An.", "en": "After a book."}
    respec(workspace, spec)
    with pytest.raises(PersonalDataError) as refused:
        build(workspace)
    spec["reviews"] = reviewed(refused.value.findings)
    respec(workspace, spec)
    release, _ = build(workspace)
    told = json.loads((release.directory / "manifest.json").read_text(encoding="utf-8"))["reviews"]
    assert told == [
        {
            "place": "entry.notes.vi",
            "entity": "PERSON",
            "reason": "the author of a cited book",
            "by": "Trần Thị Bình",
        }
    ]
    spec["entry"]["notes"]["vi"] += " Và của bác sĩ Lê Thị Hoa."
    respec(workspace, spec)
    with pytest.raises(PersonalDataError):
        build(workspace)


def test_a_reminder_is_published_nowhere(workspace, spec):
    finding = Finding("entry.notes.vi", "PERSON", 0.9, "[3 words]", 1, None, "0" * 64, "value")
    spec["reviews"] = reviewed([finding], decision="drop", reason="the name goes")
    respec(workspace, spec)
    release, _ = build(workspace)
    assert json.loads((release.directory / "manifest.json").read_text(encoding="utf-8"))["reviews"] == []


def test_a_review_without_a_name_is_no_review(workspace, spec):
    finding = Finding("entry.notes.vi", "PERSON", 0.9, "[3 words]", 1, None, "0" * 64, "value")
    spec["reviews"] = reviewed([finding], by="")
    respec(workspace, spec)
    with pytest.raises(SpecError, match="reviews"):
        build(workspace)


def test_findings_of_a_build_can_be_written_down_for_review(workspace, spec):
    spec["entry"]["notes"] = {"vi": "Hỏi bác sĩ Nguyễn Văn An.", "en": "Ask."}
    respec(workspace, spec)
    file = workspace.root / "review.yaml"
    runner = [sys.executable, "-m", "opendata.cli", "build", "cases", "--review", str(file)]
    done = subprocess.run(runner, cwd=workspace.root, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert [review.place for review in reviews.read(file)] == ["entry.notes.vi"]
    assert "Nguyễn" not in file.read_text(encoding="utf-8") + done.stdout + done.stderr
