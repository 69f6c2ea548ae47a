"""What records, datasets, releases, plans, receipts and the gate show in a notebook."""

import json
import re
import shutil
from dataclasses import replace
from datetime import date

import pytest

import catalog
import opendata as od
from opendata.portal.client import Receipt
from opendata.portal.plan import Change, Plan
from opendata.release import MANIFEST, Release
from opendata.remote import RemoteFile
from tests.opendata.conftest import RECORDS, fresh

PAGE = "http://127.0.0.1:25300/dataset/cases"


def said(thing):
    """Everything that a notebook shows of something."""
    return "\n".join(thing._repr_mimebundle_(include=None, exclude=None).values())


def numbers(text):
    """The numbers in a text, however their thousands are set apart; shares and styles aside."""
    text = re.sub(r'\d+[.,]\d %|style="[^"]*"', "", text)
    return {int(re.sub(r"\D", "", found)) for found in re.findall(r"\d[\d.,]*", text)}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return od.dataset("cases", fresh(tmp_path_factory.mktemp("display") / "workspace"))


@pytest.fixture(scope="module")
def made(dataset):
    """Everything from the records to the release, which is not written."""
    records = dataset.read()
    table = dataset.aggregate(records)
    safe = dataset.protect(table)
    audit = dataset.audit(safe)
    return records, table, safe, audit, dataset.release(safe, audit)


@pytest.fixture(scope="module")
def files(made, tmp_path_factory):
    """The files of the release, set aside."""
    made[-1].write()
    return made[-1].directory.rename(tmp_path_factory.mktemp("release") / "files")


@pytest.fixture
def release(files, tmp_path):
    """The written release, to be changed by a test."""
    folder = tmp_path / "releases" / "cases" / "2026.1"
    shutil.copytree(files, folder)
    return Release(folder, "cases", "2026.1")


def change(release, **changes):
    """Write a changed manifest into a release."""
    path = release.directory / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


def test_no_count_of_the_source_or_the_table_is_shown(dataset, made, release):
    figures = {int(n) for n in re.findall(r"\d{3,}", RECORDS)}
    figures |= {n for n in made[1].cells["value"].to_list() if n >= 1000}
    for thing in (dataset, *made, release):
        assert not numbers(said(thing)) & figures


def test_records_tell_neither_rows_nor_sizes(made):
    """How many rows or bytes there are would let a reader test guesses at the counts."""
    text = said(made[0])
    assert "data/records.csv" in text
    assert "CONFIDENTIAL" in text
    assert not {made[0].frame.height, len(RECORDS.encode())} & numbers(text)


def test_a_dataset_tells_what_it_declares_and_what_is_out(workspace):
    opened = od.dataset("cases", workspace)
    assert "Released: –" in said(opened)
    (workspace.root / "releases/cases/2026.1").mkdir(parents=True)
    text = said(opened)
    assert "Released: 2026.1" in text
    assert "Next version: 2026.2" in text
    assert "records = ds.read()" in text


def test_a_release_is_first_to_be_written_then_to_be_published(made, release):
    assert "release.write()" in said(made[-1])
    text = said(release)
    assert "release.write()" not in text
    assert "od.Portal(url).plan(release)" in text
    assert "opendata submit cases --version 2026.1" in text
    assert "opendata publish cases --version 2026.1" in text


def test_a_written_release_tells_files_quality_hidden_cells_and_law(made, release):
    text = said(release)
    hidden = int((made[2].cells["status"] == "suppressed").sum())
    assert re.search(rf"cases +27 +{hidden} ", text)
    assert all(file.name in text for file in release.files)
    assert f"(of 100): {release.manifest['quality']['score']}" in text
    assert "Article 9(2)(a); Article 9(2)(b); Article 9(2)(c)" in text


def test_no_path_of_this_machine_is_shown(dataset, made, release):
    for thing in (dataset, *made, release):
        assert str(dataset.workspace.root) not in said(thing)
        assert str(release.directory) not in said(thing)


def test_a_damaged_release_says_so_and_what_to_do(release):
    (release.directory / MANIFEST).write_text("{}", encoding="utf-8")
    assert "CANNOT BE READ" in said(release)
    assert "Download it again" in said(release)


@pytest.mark.parametrize("odd", [{"title": 3}, {"law": None}, {"rows": "x"}, {"quality": {"score": []}}])
def test_a_manifest_of_another_form_is_no_fault_of_the_program(release, odd):
    change(release, **odd)
    assert "CANNOT BE READ" in said(release)


def test_hostile_metadata_stay_text(release):
    change(release, title={"vi": "<script>alert(1)</script>", "en": "x"})
    page = release._repr_mimebundle_()["text/html"]
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_id_of_a_release_cannot_add_to_the_command(release):
    assert "opendata publish 'x; rm -rf ~' --version 2026.1" in said(replace(release, id="x; rm -rf ~"))


def test_a_plan_lists_every_change_and_the_next_call():
    changes = (Change("upload", "file", "data.csv", catalog.Text("tải lên data.csv", "upload data.csv")),)
    text = said(Plan(PAGE, "cases", "2026.1", changes))
    assert "upload data.csv" in text
    assert "1 changes, nothing written" in text
    assert "portal.publish(release)" in text
    assert "Nothing needs to be done" in said(Plan(PAGE, "cases", "2026.1", ()))


@pytest.mark.parametrize(("kind", "after"), [("drift", "repair=True"), ("foreign", "Choose another id")])
def test_a_plan_that_must_stop_says_why_and_what_then(kind, after):
    changes = (Change(kind, "field", "title", catalog.Text("trường title", "the field title")),)
    text = said(Plan(PAGE, "cases", "2026.1", changes))
    assert "STOPPED" in text
    assert after in text


def test_a_receipt_tells_how_to_check_and_to_load():
    files = (RemoteFile("data.csv", f"{PAGE}/resource/1/download/file", "0" * 64, 512, "2026.1"),)
    text = said(Receipt(PAGE, "cases", "2026.1", 2, files))
    assert f"opendata verify {PAGE}" in text
    assert "od.load('cases', portal='http://127.0.0.1:25300', version='2026.1')" in text
    assert "512 B" in text
    assert "nothing written" in said(Receipt(PAGE, "cases", "2026.1", 0, files))


def test_the_gate_tells_conditions_what_answers_them_and_what_is_missing(dataset, made):
    entry, day, cells = dataset.spec.entry, date(2026, 2, 2), made[2].digest
    refused = said(catalog.gate(entry, None, on=day))
    assert "REFUSED" in refused
    assert "Protect and audit the very table to be published" in refused
    proof = catalog.Proof(True, (cells,))
    passed = said(catalog.gate(entry, catalog.Provided(cells, proof, proof), on=day))
    assert "MAY BE OPENED" in passed
    assert "consent of the owner: 01/VD-YTDP" in passed
    assert "disclosure audit passed" in passed


def test_the_same_thing_is_shown_the_same_way(dataset, made, release):
    things = dataset, *made, release
    assert [said(thing) for thing in things] == [said(thing) for thing in things]
