"""Declared repairs: what in an input is knowingly changed or left out, why, and where it was applied.

A repair that applies to nothing is a mistake: the input changed, and nobody has looked.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Cell = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}[1-9][0-9]{0,6}$")]
Letter = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class _Repair(BaseModel):
    """What every repair says: why, and where it may apply.

    Attributes:
        reason: Why; goes into the release's provenance.
        file: Path of the file as in `files`; None: any.
        sheet: Name of the sheet (as renamed); None: any.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    reason: Words
    file: Words | None = None


class RenameSheet(_Repair):
    """A sheet that has another name in one file."""

    kind: Literal["rename_sheet"]
    from_: Words = Field(alias="from")
    to: Words


class DropSheet(_Repair):
    """A sheet that is not data. It is still scanned for personal data."""

    kind: Literal["drop_sheet"]
    sheet: Words


class _InSheet(_Repair):
    sheet: Words | None = None


class DropColumns(_InSheet):
    """Columns that are not data: by heading, or by letter where the column has no heading at all."""

    kind: Literal["drop_columns"]
    headers: tuple[Words, ...] = Field(default=(), strict=False)
    letters: tuple[Letter, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _something(self) -> DropColumns:
        if not (self.headers or self.letters):
            raise ValueError("give headers, or letters of columns without a heading")
        return self


class DropRows(_InSheet):
    """Rows that are not data (totals, footnotes, rows entered twice): by label, or by number in one file."""

    kind: Literal["drop_rows"]
    labels: tuple[Words, ...] = Field(default=(), strict=False)
    rows: tuple[Annotated[int, Field(ge=1)], ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _something(self) -> DropRows:
        if not (self.labels or self.rows):
            raise ValueError("give labels, or rows (row numbers)")
        if self.rows and not self.file:
            raise ValueError("rows are numbers in one file: give file too")
        return self


class Rename(_InSheet):
    """A label written differently from the code list.

    Attributes:
        column: Name of the column in the records; the label column of a cross table if None.
    """

    kind: Literal["rename"]
    column: Words | None = None
    from_: Words = Field(alias="from")
    to: Words


class _Numbers(_InSheet):
    cells: tuple[Cell, ...] = Field(default=(), strict=False)


class Truncate(_Numbers):
    """Counts that are not whole: what follows the decimal point is cut off.

    Attributes:
        cells: Only these cells; all of the sheets it applies to if empty.
    """

    kind: Literal["truncate"]


class Thousands(_Numbers):
    """Counts typed with the thousands point and read as decimals: 1.401 is 1401. Multiplied by 1000."""

    kind: Literal["thousands"]
    cells: tuple[Cell, ...] = Field(min_length=1, strict=False)


class TextToNumber(_Numbers):
    """Whole numbers that are stored as text."""

    kind: Literal["text_to_number"]


class SetEmpty(_Numbers):
    """Number cells whose content means that there is no figure (a dash, a formula error): read as empty."""

    kind: Literal["set_empty"]
    cells: tuple[Cell, ...] = Field(min_length=1, strict=False)


Repair = Annotated[
    RenameSheet
    | DropSheet
    | DropColumns
    | DropRows
    | Rename
    | Truncate
    | Thousands
    | TextToNumber
    | SetEmpty,
    Field(discriminator="kind"),
]
NumberRepair = Truncate | Thousands | TextToNumber | SetEmpty


def normalise(text: str) -> str:
    """Fold a heading, sheet name or label for comparison: no case, single spaces."""
    return re.sub(r"\s+", " ", text.replace("\xa0", " ")).strip().casefold()
