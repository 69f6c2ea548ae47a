"""What columns and codes mean, as tables, and labels for a reader's own frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import polars as pl

from catalog.codebooks import read_codebook
from catalog.columns import Column
from catalog.errors import CatalogError
from catalog.labels import Labels
from opendata.client import messages
from opendata.errors import VerificationError

Language = Literal["vi", "en"]
_COLUMNS = (
    "name",
    "role",
    "type",
    "label_vi",
    "label_en",
    "unit_vi",
    "unit_en",
    "codelist",
    "of",
    "note_vi",
    "note_en",
)
_CODES = ("column", "codelist", "vintage", "code", "parent", "label_vi", "label_en", "note_vi", "note_en")


def columns(text: str) -> tuple[Column, ...]:
    """The columns of a `codebook.json`.

    Raises:
        VerificationError: When the text is none.
    """
    try:
        return read_codebook(text)
    except CatalogError as error:
        raise VerificationError(error.problems) from None


def described(found: Sequence[Column]) -> pl.DataFrame:
    """One row per column: name, role, type, labels, units, code list, the measure it explains, notes."""
    rows = [
        (
            column.name,
            column.role,
            column.type,
            *_both(column.labels),
            *_both(column.unit),
            column.codelist and column.codelist.id,
            column.of,
            *_both(column.note),
        )
        for column in found
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")


def codes(found: Sequence[Column]) -> pl.DataFrame:
    """One row per code of every coded column, in the order of its list: names, the code it belongs to, vintage."""
    rows = [
        (
            column.name,
            column.codelist.id,
            column.codelist.vintage,
            code.code,
            code.parent,
            *_both(code.labels),
            *_both(code.note),
        )
        for column in found
        if column.codelist is not None
        for code in column.codelist.codes
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(_CODES, pl.String), orient="row")


def labelled(frame: pl.DataFrame, found: Sequence[Column], language: Language) -> pl.DataFrame:
    """The frame with a column `<name>_label` right after each coded column that it has.

    Raises:
        SpecError: When a column holds codes that are not in its list.
    """
    if language not in ("vi", "en"):
        raise messages.wrong_use("language", ("vi", "en"))
    names = {
        column.name: {code.code: getattr(code.labels, language) for code in column.codelist.codes}
        for column in found
        if column.codelist is not None
    }
    shown: list[pl.Expr] = []
    frame = frame.drop([f"{name}_label" for name in names], strict=False)  # labels in another language
    for name in frame.columns:
        shown.append(pl.col(name))
        if name in names:
            if not frame[name].drop_nulls().is_in(list(names[name])).all():
                raise messages.other_codes(name)
            label = pl.col(name).replace_strict(names[name], default=None, return_dtype=pl.String)
            shown.append(label.alias(f"{name}_label"))
    return frame.select(shown)


def _both(labels: Labels | None) -> tuple[str | None, str | None]:
    return (labels.vi, labels.en) if labels else (None, None)
