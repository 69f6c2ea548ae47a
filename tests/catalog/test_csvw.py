"""CSV on the Web: the table can be read and checked with nothing but the metadata beside it."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest

import catalog

GOOD = {"province": "01", "month": "2013-01", "cases": "12", "cases_status": "A"}


def mistakes(metadata: str, text: str) -> list[str]:
    """A small reader of the standard: header, required, types and patterns."""
    schema = json.loads(metadata)["tableSchema"]
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    found = [] if list(rows[0]) == [c["name"] for c in schema["columns"]] else ["header"]
    for row, column in ((row, column) for row in rows for column in schema["columns"]):
        cell, kind = row[column["name"]], column["datatype"]
        if cell == "":
            found += ["required"] if column["required"] else []
        elif kind == "integer":
            found += [] if re.fullmatch(r"-?\d+", cell) else ["type"]
        elif not re.fullmatch(kind["format"], cell):
            found.append("code")
    keys = [tuple(row[name] for name in schema["primaryKey"]) for row in rows]
    return found + ([] if len(set(keys)) == len(keys) else ["key"])


def as_csv(*rows):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return "\ufeff" + stream.getvalue()


def test_a_table_as_declared_has_no_mistake(edition):
    hidden = GOOD | {"month": "2013-Q1", "cases": "", "cases_status": "Q"}
    assert mistakes(catalog.csvw(edition), as_csv(GOOD, hidden)) == []


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"province": "3"}, "code"),
        ({"month": "2013x01"}, "code"),
        ({"cases": "<5"}, "type"),
        ({"cases_status": ""}, "required"),
        ({"month": "2013-01"}, "key"),
    ],
)
def test_what_the_metadata_forbid_is_seen(edition, change, mistake):
    assert mistakes(catalog.csvw(edition), as_csv(GOOD, GOOD | {"month": "2013-02"} | change)) == [mistake]


def test_titles_labels_and_units_are_in_both_languages(edition):
    read = json.loads(catalog.csvw(edition))
    assert read["@context"][0] == "http://www.w3.org/ns/csvw"
    cases = next(column for column in read["tableSchema"]["columns"] if column["name"] == "cases")
    for texts in (read["dc:title"], read["dc:description"], cases["rdfs:label"], cases["schema:unitText"]):
        assert [text["@language"] for text in texts] == ["vi", "en"]


def test_the_csv_is_found_from_where_the_metadata_stand(edition):
    assert json.loads(catalog.csvw(edition))["url"].startswith(
        "https://example.org/r/notifiable-diseases/2026.1/"
    )
    moved = tuple(replace(file, name=f"2026.1/{file.name}") for file in edition.files)
    beside = json.loads(catalog.csvw(replace(edition, base=None, files=moved)))
    assert beside["url"] == "2026.1/data.csv"


def test_without_a_csv_there_is_nothing_to_describe(edition):
    with pytest.raises(ValueError, match="unpack"):
        catalog.csvw(replace(edition, files=()))
