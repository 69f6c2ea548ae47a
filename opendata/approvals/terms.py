"""What a standing approval is bound to: how a dataset looks and how it is protected, from a release's own files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalog.errors import Problem, Text
from opendata.canonical import canonical
from opendata.errors import GateError
from opendata.release import release_manifest

_MONTH = re.compile(r"\d{4}-\d{2}")


def terms(folder: Path) -> dict[str, str]:
    """Digests of the columns with their code lists and units, and of the protection; and who publishes.

    A calendar of months may go on: new months, quarters and years change nothing. A code of a list that had no records
    may have some: what counts is the whole list, whose digest the manifest holds.

    Args:
        folder: A release's folder, checked.

    Returns:
        `schema`, `protection` (SHA-256) and `organization`.

    Raises:
        GateError: When the release has no codebook: nobody can have approved what is not described.
    """
    manifest = release_manifest(folder)
    try:
        book = json.loads((folder / "codebook.json").read_text(encoding="utf-8"))
        whole = manifest.get("codelists", {})
        schema = {
            "columns": book["columns"],
            "codelists": [_lasting(one, whole) for one in book["codelists"]],
        }
    except (OSError, ValueError, KeyError, TypeError):
        raise GateError([Problem("codebook.json", _NO_CODEBOOK, _BY_PEOPLE)]) from None
    protection = manifest.get("audit", {}).get("protection")
    if protection is None:
        raise GateError([Problem("manifest.json: audit.protection", _NO_PROTECTION, _BY_PEOPLE)])
    publication = {"organization": str(manifest["publication"]["organization"])}
    return {"schema": _digest(schema), "protection": _digest(protection), **publication}


def _lasting(codelist: dict[str, Any], whole: Mapping[str, str]) -> dict[str, Any]:
    """A code list without what depends on the records of a month.

    Args:
        codelist: As the codebook holds it.
        whole: Digests of whole lists, from the manifest.
    """
    id, codes = codelist["id"], {one["code"] for one in codelist["codes"]}
    if id == "months" and any(_MONTH.fullmatch(code) for code in codes):
        return {"id": "months"}
    return {"id": id, "sha256": whole[id]} if id in whole else codelist


def _digest(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


_NO_CODEBOOK = Text("bản phát hành không có từ điển dữ liệu.", "the release has no codebook.")
_NO_PROTECTION = Text("bản phát hành không khai quy tắc bảo vệ.", "the release declares no protection.")
_BY_PEOPLE = Text(
    "Phê duyệt từng phiên bản: opendata approve ID.", "Approve each version: opendata approve ID."
)
