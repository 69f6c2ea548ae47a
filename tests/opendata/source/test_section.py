"""The section `source`: what a spec may say, and that every mistake in it is found before a file is opened."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from opendata import source
from opendata.source.section import template_parts
from tests.opendata.source.samples import CROSS, section

TABLE = "kind: csv\nfiles: [{path: a.csv}]\ncolumns: [{name: a}, {name: n, type: count}]"
REASON = {"reason": "why"}


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        (CROSS, {"kind": "ods"}),
        (CROSS, {"unknown": 1}),
        (CROSS, {"files": []}),
        (CROSS, {"files": [{"path": "/etc/a.xlsx"}]}),
        (CROSS, {"files": [{"path": "../a.xlsx"}]}),
        (CROSS, {"files": [{"path": "a.xlsx"}, {"path": "a.xlsx"}]}),
        (CROSS, {"files": [{"path": "a.xlsx", "set": {"year": 1}}, {"path": "b.xlsx"}]}),
        (CROSS, {"files": [{"path": "a.xlsx", "set": {"disease": "x"}}]}),
        (CROSS, {"encoding": "latin-1"}),
        (CROSS, {"sheets": {"values": {}}}),
        (CROSS, {"header": {"rows": 1}}),
        (CROSS, {"measures": []}),
        (CROSS, {"measures": ["cases"]}),
        (CROSS, {"rows": {"column": "province", "header": "x"}}),
        (CROSS, {"rows": {"column": "province", "header": "x", "codes": "a", "values": {"b": "c"}}}),
        (
            CROSS,
            {"spread": {"header": ["{month}", "{measure}"], "values": {"month": {"first": 1, "last": 12}}}},
        ),
        (CROSS, {"spread": {"header": ["x", "{m}"], "values": {"m": {"first": 2, "last": 1}}}}),
        (CROSS, {"columns": [{"name": "a"}]}),
        (CROSS, {"compose": {"month": "{year}-{day}"}}),
        (CROSS, {"compose": {"month": "{year"}}),
        (CROSS, {"compose": {"province": "{year}-{month}"}}),
        (CROSS, {"repairs": [{"kind": "guess", **REASON}]}),
        (CROSS, {"repairs": [{"kind": "truncate"}]}),
        (CROSS, {"repairs": [{"kind": "truncate", "cells": ["8P"], **REASON}]}),
        (CROSS, {"repairs": [{"kind": "drop_columns", **REASON}]}),
        (CROSS, {"repairs": [{"kind": "drop_rows", **REASON}]}),
        (CROSS, {"repairs": [{"kind": "drop_rows", "rows": [3], **REASON}]}),
        (CROSS, {"repairs": [{"kind": "truncate", "file": "b.xlsx", **REASON}]}),
        (CROSS, {"repairs": [{"kind": "truncate", "sheet": "Soi", **REASON}]}),
        (CROSS, {"repairs": [{"kind": "drop_sheet", "sheet": "ta", **REASON}]}),
        (TABLE, {"columns": []}),
        (TABLE, {"columns": [{"name": "a"}]}),
        (TABLE, {"columns": [{"name": "a"}, {"name": "a", "type": "count"}]}),
        (TABLE, {"columns": [{"name": "A b", "type": "count"}]}),
        (TABLE, {"columns": [{"name": "a", "type": "count", "codes": "x"}]}),
        (TABLE, {"columns": [{"name": "a", "empty": "zero"}, {"name": "n", "type": "count"}]}),
        (TABLE, {"delimiter": ";;"}),
        (TABLE, {"repairs": [{"kind": "rename_sheet", "from": "a", "to": "b", **REASON}]}),
    ],
)
def test_mistakes_in_a_section(text: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        section(text, **changes)


def test_a_section_has_a_schema_for_editors() -> None:
    schema = TypeAdapter(source.Source).json_schema()
    assert set(schema["discriminator"]["mapping"]) == {"excel", "csv", "parquet"}


def test_a_section_survives_its_own_json() -> None:
    spec = section(CROSS, repairs=[{"kind": "rename_sheet", "from": "a", "to": "Ta", **REASON}])
    again = TypeAdapter(source.Source).validate_json(spec.model_dump_json(by_alias=True))
    assert again == spec


def test_templates() -> None:
    assert template_parts("{year}-{month:02}") == {"year": 0, "month": 2}
