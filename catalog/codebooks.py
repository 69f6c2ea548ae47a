"""Reading a codebook back: the columns and code lists of a version that was published."""

from __future__ import annotations

import json

from pydantic import TypeAdapter, ValidationError

from catalog.columns import Column
from catalog.errors import CatalogError, Problem, Text


def read_codebook(text: str) -> tuple[Column, ...]:
    """The columns that a `codebook.json` describes, each with its code list.

    Columns that use different codes of one list get their union, as the codebook holds it; aliases are not in it.

    Raises:
        CatalogError: When the text is not a codebook.
    """
    try:
        book = json.loads(text)
        lists = {None: None} | {one["id"]: one for one in book["codelists"]}
        columns = [column | {"codelist": lists[column["codelist"]]} for column in book["columns"]]
        return TypeAdapter(tuple[Column, ...]).validate_python(columns)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError):
        raise CatalogError([_NO_CODEBOOK]) from None


_NO_CODEBOOK = Problem(
    "codebook.json",
    Text("Tệp không phải từ điển dữ liệu.", "The file is not a codebook."),
    Text("Tải lại từ bản phát hành.", "Take it from the release again."),
)
