"""What reading gives: the records, the texts for the personal-data scan, and where everything came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from catalog.errors import Problem
from ytemo_display import bundle

Kind = Literal["cell", "number", "sheet", "note", "property", "other"]


@dataclass(frozen=True, slots=True)
class Located:
    """One text of an input and its place, for the personal-data scan only.

    Attributes:
        place: File, sheet and address; safe to show.
        text: The text, decoded; confidential, never shown.
        kind: cell, number (a whole number of 9 digits or more, as it may be an id or a phone), sheet (a
            sheet's name), note (a comment), property (who wrote the file, its title), other (headers, text
            boxes, left-over strings).
    """

    place: str
    text: str = field(repr=False)
    kind: Kind = "cell"


@dataclass(frozen=True, slots=True)
class Input:
    """One file that was read: path as declared, SHA-256 of its bytes, size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Applied:
    """One declared repair as applied to one sheet of one file.

    Attributes:
        kind: As declared, e.g. "truncate".
        file: Path as declared.
        sheet: Name of the sheet; empty for the whole file.
        places: Cells, columns or rows (addresses only), sorted; at most 20.
        count: How many there were in all.
        reason: As declared.
    """

    kind: str
    file: str
    sheet: str
    places: tuple[str, ...]
    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Totals that a source writes beside its figures, compared with the figures.

    Attributes:
        compared: How many were compared.
        agreeing: How many equal the sum of their rows.
    """

    compared: int = 0
    agreeing: int = 0


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where records came from, without them.

    Attributes:
        inputs: The files.
        repairs: What was mended in them.
        remarks: What is no mistake but a reviewer should know, with its place.
        figures: How many counts were read; confidential, as it may be a cell of the table.
        totals: The source's own totals, compared.
    """

    inputs: tuple[Input, ...]
    repairs: tuple[Applied, ...] = ()
    remarks: tuple[Problem, ...] = ()
    figures: int = field(default=0, repr=False)
    totals: Totals = Totals()


@dataclass(frozen=True, slots=True, repr=False)
class Records:
    """Source rows, confidential. They never leave the run: no file, log or message holds them.

    Attributes:
        frame: One row per combination; declared String columns, then Int64 measures (null: missing), sorted
            by every String column.
        texts: Every text of the inputs, for the personal-data scan.
        inputs: The files.
        repairs: What was repaired, for the provenance.
        warnings: What is no mistake but a reviewer should know, with its place.
        totals: The source's own totals, compared with the sums of their rows.
    """

    frame: pl.DataFrame
    texts: tuple[Located, ...]
    inputs: tuple[Input, ...]
    repairs: tuple[Applied, ...] = ()
    warnings: tuple[Problem, ...] = ()
    totals: Totals = Totals()

    @property
    def provenance(self) -> Provenance:
        """Where they came from."""
        figures = self.frame.height * sum(kind.is_integer() for kind in self.frame.dtypes)
        return Provenance(self.inputs, self.repairs, self.warnings, figures, self.totals)

    def _repr_mimebundle_(self, **_kinds: object) -> dict[str, str]:
        from opendata.cards import of_records

        return bundle(of_records(self))

    def __repr__(self) -> str:
        return (
            f"Records({self.frame.height} rows, {self.frame.width} columns, {len(self.texts)} texts, "
            f"{len(self.inputs)} files, {len(self.repairs)} repairs)"
        )
