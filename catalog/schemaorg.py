"""schema.org Dataset of one version: what search engines read from the page of a dataset."""

from __future__ import annotations

import json
from typing import Any

from catalog.columns import Column, Edition, basename, place
from catalog.dcat import agent_iri, dataset_iri
from catalog.entry import Agent
from catalog.files import File
from catalog.tabular import data_files
from catalog.terms import licences


def schema_org(edition: Edition) -> str:
    """The version in JSON-LD, on few lines, for a `<script type="application/ld+json">`.

    Names are Vietnamese with the English one beside them; the description holds both languages.
    Source: https://schema.org/Dataset

    Args:
        edition: The version; its data files become downloads.

    Returns:
        JSON without "<", which would end the script; ends in a newline.
    """
    facts = {"@context": "https://schema.org/", "@type": "Dataset"} | dataset_facts(edition)
    facts["distribution"] = [
        {"@type": "DataDownload"} | file_facts(file, edition) for file in data_files(edition)
    ]
    measured = [column for column in edition.columns if column.role in ("measure", "rate")]
    facts["variableMeasured"] = [_variable(column) for column in measured]
    return json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c") + "\n"


def dataset_facts(edition: Edition) -> dict[str, Any]:
    """What schema.org and its descendants say of the dataset itself, without files and columns."""
    entry = edition.entry
    return {
        "@id": dataset_iri(edition),
        "name": entry.title.vi,
        "alternateName": entry.title.en,
        "description": f"{entry.description.vi}\n\n{entry.description.en}",
        "identifier": edition.id,
        "version": edition.version,
        "inLanguage": ["vi", "en"],
        "keywords": list(dict.fromkeys(word for k in entry.keywords for word in (k.vi, k.en))),
        "datePublished": edition.released.isoformat(),
        "temporalCoverage": f"{entry.temporal.start.isoformat()}/{entry.temporal.end.isoformat()}",
        "spatialCoverage": {"@type": "Place", "identifier": entry.spatial},
        "publisher": _organization(entry.publisher),
        "creator": _organization(entry.creator or entry.publisher),
        "license": licence(edition),
        "isAccessibleForFree": True,
    }


def licence(edition: Edition) -> str | dict[str, str]:
    """The terms of use: their address, or their text when they have none."""
    terms = licences()[edition.entry.licence]
    if terms.uri:
        return terms.uri
    return {
        "@type": "CreativeWork",
        "name": terms.name.vi,
        "alternateName": terms.name.en,
        "text": f"{terms.terms.vi}\n\n{terms.terms.en}",
    }


def _organization(agent: Agent) -> dict[str, str]:
    named = {"@type": "Organization", "@id": agent_iri(agent)}
    return named | {"name": agent.name.vi, "alternateName": agent.name.en}


def file_facts(file: File, edition: Edition) -> dict[str, str]:
    """What schema.org and its descendants say of a file."""
    return {
        "name": basename(file),
        "contentUrl": place(edition, file),
        "encodingFormat": file.media_type,
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }


def _variable(column: Column) -> dict[str, str]:
    named = {"@type": "PropertyValue", "name": column.name, "alternateName": column.labels.vi}
    if column.note:
        named["description"] = column.note.vi
    return named | ({"unitText": column.unit.vi} if column.unit else {})
