"""Croissant 1.0: a version as tools for machine learning load it."""

from __future__ import annotations

import json
from typing import Any

from catalog.cff import reference
from catalog.codelists import CodeList
from catalog.columns import Column, Edition, basename
from catalog.files import File
from catalog.schemaorg import dataset_facts, file_facts
from catalog.tabular import data_files, lists_in_use

_ROWS = "rows"
_TYPES = {"string": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "date": "sc:Date"}
# Readers know Parquet by the name that it had before its registration.
_FORMATS = {"application/vnd.apache.parquet": "application/x-parquet"}
# The context of the specification, whole: readers compare it term by term.
_PREFIXES = {
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}
_TERMS = (
    "citeAs column equivalentProperty extract field fileObject fileProperty fileSet format includes isLiveDataset "
    "jsonPath key md5 parentField path recordSet references regex repeated replace samplingRate separator source "
    "subField transform"
)
_CONTEXT = {
    "@language": "vi",
    "@vocab": "https://schema.org/",
    **_PREFIXES,
    **{term: f"cr:{term}" for term in _TERMS.split()},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}


def croissant(edition: Edition) -> str:
    """The text of `croissant.json`: the files, the rows with typed fields, and the code lists with both labels.

    Fields are read from the Parquet, whose types are certain. Source: http://mlcommons.org/croissant/1.0

    Args:
        edition: The version, with a Parquet file.

    Returns:
        JSON-LD, which is also a schema.org Dataset; ends in a newline.

    Raises:
        ValueError: When it has no Parquet file, or several.
    """
    (source,) = (file for file in data_files(edition) if file.media_type in _FORMATS)
    lists = lists_in_use(edition)
    found = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        **dataset_facts(edition),
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "citeAs": reference(edition).vi,
        "distribution": [_file(file, edition) for file in data_files(edition)],
        "recordSet": [_rows(edition, basename(source)), *(_codes(lists[name]) for name in sorted(lists))],
    }
    return json.dumps(found, ensure_ascii=False) + "\n"


def _file(file: File, edition: Edition) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": basename(file),
        **file_facts(file, edition),
        "encodingFormat": _FORMATS.get(file.media_type, file.media_type),
    }


def _rows(edition: Edition, source: str) -> dict[str, Any]:
    keys = [{"@id": f"{_ROWS}/{column.name}"} for column in edition.columns if column.role == "dimension"]
    return {
        "@type": "cr:RecordSet",
        "@id": _ROWS,
        "name": _ROWS,
        "key": keys,
        "field": [_field(column, source) for column in edition.columns],
    }


def _field(column: Column, source: str) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{_ROWS}/{column.name}",
        "name": column.name,
        "description": f"{column.labels.vi} / {column.labels.en}",
        "dataType": _TYPES[column.type],
        "source": {"fileObject": {"@id": source}, "extract": {"column": column.name}},
    }
    if column.codelist is not None:
        field["references"] = {"field": {"@id": f"{column.codelist.id}/code"}}
    return field


def _codes(codelist: CodeList) -> dict[str, Any]:
    names = [f"{codelist.id}/{part}" for part in ("code", "vi", "en")]
    return {
        "@type": "cr:RecordSet",
        "@id": codelist.id,
        "name": codelist.id,
        "dataType": "sc:Enumeration",
        "key": {"@id": names[0]},
        "field": [
            {"@type": "cr:Field", "@id": name, "name": name.rpartition("/")[2], "dataType": "sc:Text"}
            for name in names
        ],
        "data": [
            dict(zip(names, (code.code, code.labels.vi, code.labels.en), strict=True))
            for code in codelist.codes
        ],
    }
