"""The codebook and the Data Package, read back by an independent reader."""

import csv
import hashlib
import json
from dataclasses import replace

import pytest

import catalog

ROWS = [
    {"province": "01", "month": "2013-01", "cases": "12", "cases_status": "A"},
    {"province": "VN", "month": "2013-Q1", "cases": "", "cases_status": "Q"},
]


@pytest.fixture
def folder(tmp_path, edition):
    def write(rows):
        path = tmp_path / "data.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=list(ROWS[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        content = path.read_bytes()
        file = catalog.File("data.csv", hashlib.sha256(content).hexdigest(), len(content), "text/csv")
        text = catalog.datapackage(replace(edition, files=(file,)))
        (tmp_path / "datapackage.json").write_text(text, encoding="utf-8")
        return tmp_path / "datapackage.json"

    return write


def mistakes(descriptor):
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(descriptor))
    return sorted({kind for (kind,) in report.flatten(["type"])})


def test_frictionless_finds_the_package_valid(folder):
    assert mistakes(folder(ROWS)) == []


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"province": "03"}, "constraint-error"),
        ({"month": "2013-13"}, "constraint-error"),
        ({"cases_status": "suppressed"}, "constraint-error"),
        ({"cases": "<5"}, "type-error"),
        ({"cases_status": ""}, "constraint-error"),
        ({"province": "01", "month": "2013-01"}, "primary-key"),
    ],
)
def test_frictionless_sees_what_the_package_forbids(folder, change, mistake):
    assert mistakes(folder([ROWS[0], ROWS[1] | change])) == [mistake]


def test_bytes_that_changed_are_seen(folder):
    descriptor = folder(ROWS)
    data = descriptor.with_name("data.csv")
    data.write_bytes(data.read_bytes().replace(b",12,", b",13,"))
    assert mistakes(descriptor) == ["hash-count"]


def test_the_csv_is_the_resource_and_other_formats_are_alternates(edition):
    package = json.loads(catalog.datapackage(edition))
    assert [r["path"] for r in package["resources"]] == ["data.csv"]
    assert [r["path"] for r in package["alternates"]] == ["data.parquet", "data.xlsx"]
    assert package["resources"][0]["schema"]["primaryKey"] == ["province", "month"]


def test_the_codebook_explains_every_column_and_code(edition):
    book = json.loads(catalog.codebook(edition))
    assert [c["name"] for c in book["columns"]] == [c.name for c in edition.columns]
    lists = {one["id"]: one for one in book["codelists"]}
    assert set(lists) == {c["codelist"] for c in book["columns"] if c["codelist"]}
    assert lists["province-63"]["valid_to"] == "2025-06-30"
    hidden = next(c for c in lists["obs-status"]["codes"] if c["code"] == "Q")
    assert "không phải số 0" in hidden["note"]["vi"]


def test_columns_that_use_parts_of_one_list_share_it(edition):
    whole = catalog.builtin("sex")
    parts = [replace(whole, codes=whole.codes[:2]), replace(whole, codes=whole.codes[:1] + whole.codes[2:])]
    columns = tuple(
        catalog.Column(f"c{i}", "dimension", "string", edition.entry.title, codelist=part)
        for i, part in enumerate(parts)
    )
    book = json.loads(catalog.codebook(replace(edition, columns=columns)))
    assert [c["code"] for c in book["codelists"][0]["codes"]] == ["_T", "M", "F"]


def test_text_files_end_in_one_newline_and_keep_vietnamese_letters(edition):
    for write in (catalog.codebook, catalog.datapackage, catalog.citation_cff):
        text = write(edition)
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert "Bệnh" in text
