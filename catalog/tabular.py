"""Metadata of the table itself: the codebook, and a Data Package (version 2)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from catalog.codelists import Code, CodeList
from catalog.columns import Column, Edition, required
from catalog.files import File
from catalog.labels import Labels
from catalog.terms import licences

_PROFILES = "https://datapackage.org/profiles/2.0"
_EMPTY = Labels(
    vi="Ô trống: xem cột trạng thái tương ứng; không bao giờ có nghĩa là 0.",
    en="Empty: see the status column; it never means zero.",
)


def codebook(edition: Edition) -> str:
    """What every column and code means, in both languages: the text of `codebook.json`.

    Args:
        edition: The version.

    Returns:
        JSON: `id`, `version`, `title`, `columns` (name, role, type, labels, unit, code list, note; of a rate also
        `of`, `over`, `per` and `decimals`) and
        `codelists` (id, vintage, first and last day, codes with labels, parent and note). Ends in a newline.
    """
    lists = lists_in_use(edition)
    return _json(
        {
            "id": edition.id,
            "version": edition.version,
            "title": _labels(edition.entry.title),
            "missing": _labels(_EMPTY),
            "columns": [_column(c) for c in edition.columns],
            "codelists": [_codelist(lists[name]) for name in sorted(lists)],
        }
    )


def datapackage(edition: Edition) -> str:
    """The text of `datapackage.json`: Data Package version 2 over the CSV.

    The same table in other formats is listed under `alternates`: as resources, readers of the standard would
    try to open them with software they may not have.

    The Vietnamese text is in the standard's own properties; both languages are in `titles` and
    `descriptions`, since the standard has one language. Source: https://datapackage.org/standard/data-package/

    Args:
        edition: The version; other files than the data are not mentioned.

    Returns:
        JSON, ending in a newline.
    """
    entry, files = edition.entry, data_files(edition)
    package = {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": edition.id,
        "version": edition.version,
        "title": entry.title.vi,
        "titles": _labels(entry.title),
        "description": entry.description.vi,
        "descriptions": _labels(entry.description),
        "created": f"{edition.released.isoformat()}T00:00:00Z",
        "keywords": [k.vi for k in entry.keywords] + [k.en for k in entry.keywords if k.en != k.vi],
        "contributors": _contributors(edition),
        "licenses": [_licence(edition)],
        "resources": [_table(f, edition) for f in files if DATA_FORMATS[f.media_type] == "csv"],
        "alternates": [_file(f) for f in files if DATA_FORMATS[f.media_type] != "csv"],
    }
    return _json(package | ({"homepage": edition.base} if edition.base else {}))


def data_files(edition: Edition) -> list[File]:
    """The files that hold the table itself: CSV, Parquet, XLSX; by name."""
    return sorted((f for f in edition.files if f.media_type in DATA_FORMATS), key=lambda f: f.name)


DATA_FORMATS = {
    "text/csv": "csv",
    "application/vnd.apache.parquet": "parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


def _file(file: File) -> dict[str, Any]:
    return {
        "name": file.name.lower().replace(".", "-"),
        "path": file.name,
        "format": DATA_FORMATS[file.media_type],
        "mediatype": file.media_type,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }


def _table(file: File, edition: Edition) -> dict[str, Any]:
    return _file(file) | {
        "type": "table",
        "encoding": "utf-8",
        "dialect": {"$schema": f"{_PROFILES}/tabledialect.json", "delimiter": ",", "header": True},
        "schema": _schema(edition.columns),
    }


def _schema(columns: tuple[Column, ...]) -> dict[str, Any]:
    return {
        "$schema": f"{_PROFILES}/tableschema.json",
        "fields": [_field(c) for c in columns],
        "fieldsMatch": "exact",
        "primaryKey": [c.name for c in columns if c.role == "dimension"],
        "missingValues": [""],
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "title": column.labels.vi,
        "titles": _labels(column.labels),
        "role": column.role,
        "constraints": {"required": required(column)},
    }
    if column.unit is not None:
        field["unit"] = _labels(column.unit)
    if column.note is not None:
        field |= {"description": column.note.vi, "descriptions": _labels(column.note)}
    if column.codelist is not None:
        codes = column.codelist.codes
        field["constraints"]["enum"] = [c.code for c in codes]
        field["categories"] = [
            {"value": c.code, "label": c.labels.vi, "labels": _labels(c.labels)} for c in codes
        ]
        field["codelist"] = {"id": column.codelist.id, "vintage": column.codelist.vintage}
    return field | _relation(column)


def _relation(column: Column) -> dict[str, Any]:
    """What a status explains, or what a rate is made of."""
    if column.role == "rate":
        return {"rate": {"of": column.of, **_over(column)}}
    return {"statusOf": column.of} if column.of else {}


def _over(column: Column) -> dict[str, Any]:
    """Of a rate: what it is counted among, for how many, with how many decimals; nothing of other columns."""
    if column.role != "rate":
        return {}
    return {"over": column.over, "per": column.per, "decimals": column.decimals}


def _category(code: Code) -> dict[str, Any]:
    return {"value": code.code, "label": code.labels.vi, "labels": _labels(code.labels)}


def _contributors(edition: Edition) -> list[dict[str, Any]]:
    entry = edition.entry
    agents = [("publisher", entry.publisher), ("creator", entry.creator or entry.publisher)]
    return [
        {"title": agent.name.vi, "titles": _labels(agent.name), "roles": [role]}
        | ({"path": agent.uri} if agent.uri else {})
        for role, agent in agents
    ]


def _licence(edition: Edition) -> dict[str, Any]:
    terms = licences()[edition.entry.licence]
    named = {
        "name": terms.spdx or edition.entry.licence,
        "title": terms.name.vi,
        "titles": _labels(terms.name),
    }
    return named | {"terms": _labels(terms.terms), "dated": terms.dated.isoformat()}


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "role": column.role,
        "type": column.type,
        "labels": _labels(column.labels),
        "unit": column.unit and _labels(column.unit),
        "codelist": column.codelist and column.codelist.id,
        "of": column.of,
        "note": column.note and _labels(column.note),
        **_over(column),
    }


def lists_in_use(edition: Edition) -> dict[str, CodeList]:
    """The lists in use by id; columns that use different codes of one list share its union."""
    lists: dict[str, CodeList] = {}
    for column in edition.columns:
        if (used := column.codelist) is not None:
            known = lists.get(used.id, used)
            lists[used.id] = replace(known, codes=tuple(dict.fromkeys((*known.codes, *used.codes))))
    return lists


def _codelist(codelist: CodeList) -> dict[str, Any]:
    codes = [
        {"code": c.code, "parent": c.parent, "labels": _labels(c.labels)}
        | ({"note": _labels(c.note)} if c.note else {})
        for c in codelist.codes
    ]
    days = [day and day.isoformat() for day in (codelist.valid_from, codelist.valid_to)]
    return {
        "id": codelist.id,
        "vintage": codelist.vintage,
        "valid_from": days[0],
        "valid_to": days[1],
        "codes": codes,
    }


def _labels(labels: Labels) -> dict[str, str]:
    return {"vi": labels.vi, "en": labels.en}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
