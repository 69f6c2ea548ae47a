"""CSV on the Web: what the columns of the CSV are, for readers of that standard."""

from __future__ import annotations

import json
import re
from typing import Any

from catalog.columns import Column, Edition, place, required
from catalog.files import File
from catalog.labels import Labels
from catalog.schemaorg import licence
from catalog.tabular import data_files


def csvw(edition: Edition) -> str:
    """The text of `data.csv-metadata.json`.

    A code list becomes a pattern, so that a validator sees a code that is not in it. Titles are labels beside the
    column's name: a `titles` of the standard would have to be what stands in the header.
    Source: https://www.w3.org/TR/tabular-metadata/

    Args:
        edition: The version, with exactly one CSV file.

    Returns:
        JSON, ending in a newline.

    Raises:
        ValueError: When it has no CSV file, or several.
    """
    (file,) = (file for file in data_files(edition) if file.media_type == "text/csv")
    return json.dumps(_table(file, edition), ensure_ascii=False) + "\n"


def _table(file: File, edition: Edition) -> dict[str, Any]:
    entry, terms = edition.entry, licence(edition)
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "vi"}],
        "url": place(edition, file),
        "dc:title": _texts(entry.title),
        "dc:description": _texts(entry.description),
        "dc:identifier": edition.id,
        "dc:publisher": _texts(entry.publisher.name),
        "dc:issued": {"@value": edition.released.isoformat(), "@type": "xsd:date"},
        "dc:license": {"@id": terms} if isinstance(terms, str) else terms["name"],
        "schema:version": edition.version,
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True},
        "tableSchema": {
            "columns": [_column(column) for column in edition.columns],
            "primaryKey": [column.name for column in edition.columns if column.role == "dimension"],
        },
    }


def _column(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "rdfs:label": _texts(column.labels),
        "datatype": _datatype(column),
        "required": required(column),
    }
    if column.unit is not None:
        found["schema:unitText"] = _texts(column.unit)
    if column.note is not None:
        found["dc:description"] = _texts(column.note)
    return found


def _datatype(column: Column) -> str | dict[str, str]:
    if column.codelist is None:
        return column.type
    return {"base": column.type, "format": "|".join(re.escape(code.code) for code in column.codelist.codes)}


def _texts(labels: Labels) -> list[dict[str, str]]:
    return [{"@value": labels.vi, "@language": "vi"}, {"@value": labels.en, "@language": "en"}]
