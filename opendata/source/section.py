"""Section `source` of a spec: which files, how they are laid out, and what in them is repaired."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from opendata.source.repairs import Repair, normalise

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
NonEmpty = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
TextEncoding = Literal["unicode", "tcvn3", "vni", "vps", "detect"]
Empty = Literal["refuse", "zero", "missing"]

_TABLE_REPAIRS = frozenset({"drop_rows", "rename", "truncate"})
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_PART = re.compile(r"\{([a-z][a-z0-9_]*)(?::0([1-9]))?\}")


class Part(BaseModel):
    """Base of every part of the section: unknown keys are mistakes, nothing is converted, nothing changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


def _inside(path: str) -> str:
    pure = PurePath(path)
    if pure.is_absolute() or ".." in pure.parts or "\\" in path:
        raise ValueError("must be a path inside the workspace, with /")
    return path


class File(Part):
    """One input file.

    Attributes:
        path: Relative to the workspace.
        set: Columns that have one value for the whole file, e.g. `{year: "2013"}`; numbers are read as text.
    """

    path: Annotated[NonEmpty, AfterValidator(_inside)]
    set: dict[Name, Annotated[str | int, AfterValidator(str)]] = {}


class Sheets(Part):
    """Which sheets are read. Every sheet of every workbook must be named here or dropped by a repair.

    Attributes:
        column: The column that says which sheet a row came from; None if the sheet does not matter.
        values: Sheet name -> value of that column. Names are compared without regard to case and extra
            spaces.
    """

    column: Name | None = None
    values: dict[NonEmpty, NonEmpty] = Field(min_length=1)


class Header(Part):
    """Where the header is.

    Attributes:
        first: Row number of the first header row, counted from 1 as Excel does.
        rows: How many rows the header has. Merged header cells count for every column that they cover.
        fill: "right": an empty cell of an upper header row means what stands to its left, where the workbook
            only centres a heading over several columns without merging.
    """

    first: int = Field(default=1, ge=1)
    rows: int = Field(default=1, ge=1, le=5)
    fill: Literal["none", "right"] = "none"

    @property
    def last(self) -> int:
        """Row number of the last header row."""
        return self.first + self.rows - 1


class Labels(Part):
    """The column that says what each row is about (for example the province).

    Attributes:
        column: Its name in the records.
        header: Its heading in the file.
        codes: Id of the code list that the labels are matched to, by name or alias.
        values: Instead of a code list: label -> code.
        complete: Whether every code must have a row in every sheet.
    """

    column: Name
    header: NonEmpty
    codes: NonEmpty | None = None
    values: dict[NonEmpty, NonEmpty] | None = None
    complete: bool = True

    @model_validator(mode="after")
    def _one(self) -> Labels:
        if (self.codes is None) == (self.values is None):
            raise ValueError("give either codes (id of a code list) or values (label: code)")
        return self


class Span(Part):
    """Whole numbers from `first` to `last`, e.g. the months 1 to 12."""

    first: int = Field(ge=0)
    last: int = Field(ge=0)

    @model_validator(mode="after")
    def _order(self) -> Span:
        if not self.first <= self.last <= self.first + 1000:
            raise ValueError("last must not be before first, nor 1000 beyond it")
        return self


class Spread(Part):
    """Columns to rows: a heading such as "Tháng 1 / M" says which month and measure the numbers below are.

    Attributes:
        header: One pattern for each header row; `{month}` stands for the text that becomes the value of
            column `month`. `{measure}` says which measure; without it there must be exactly one measure.
        values: For each name in the patterns, heading -> value, or first and last number. Every combination
            must be there exactly once.
    """

    header: tuple[NonEmpty, ...] = Field(min_length=1, max_length=5, strict=False)
    values: dict[Name, dict[NonEmpty, NonEmpty] | Span]

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the patterns, in order."""
        return tuple(name for pattern in self.header for name in _PLACE.findall(pattern))

    @model_validator(mode="after")
    def _declared(self) -> Spread:
        if len(set(self.names)) != len(self.names) or set(self.names) != set(self.values):
            raise ValueError("every {name} of the header patterns stands once in them and once in values")
        if isinstance(self.values.get("measure"), Span):
            raise ValueError("values.measure maps headings to the names of measures")
        return self

    def options(self, name: str) -> dict[str, str]:
        """Heading -> value of one name."""
        declared = self.values[name]
        if isinstance(declared, Span):
            return {str(n): str(n) for n in range(declared.first, declared.last + 1)}
        return dict(declared)


class Column(Part):
    """One column of a table with one row for each record.

    Attributes:
        name: Its name in the records.
        header: Its heading in the file; the name itself if None.
        type: string (as it stands), count (a whole number >= 0), date (ISO yyyy-mm-dd as text), ignored (not
            read, but scanned for personal data like everything else).
        codes: For strings: id of the code list that the texts are matched to.
        values: For strings: text -> code.
        empty: What an empty cell means; overrides the section's.
    """

    name: Name
    header: NonEmpty | None = None
    type: Literal["string", "count", "date", "ignored"] = "string"
    codes: NonEmpty | None = None
    values: dict[NonEmpty, NonEmpty] | None = None
    empty: Empty | None = None

    @property
    def heading(self) -> str:
        """The heading to look for."""
        return self.header or self.name

    @model_validator(mode="after")
    def _strings(self) -> Column:
        if (self.codes or self.values) and self.type != "string":
            raise ValueError("codes and values are for columns of type string")
        if self.codes and self.values:
            raise ValueError("give either codes (id of a code list) or values (text: code)")
        if self.type == "string" and self.empty == "zero":
            raise ValueError("an empty text cannot be zero")
        return self


class _Source(Part):
    files: tuple[File, ...] = Field(min_length=1, strict=False)
    compose: dict[Name, NonEmpty] = {}
    empty: Empty = "refuse"
    repairs: tuple[Repair, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _files(self) -> _Source:
        paths = [f.path for f in self.files]
        if len(set(paths)) != len(paths):
            raise ValueError("a file is listed twice")
        if len({frozenset(f.set) for f in self.files}) > 1:
            raise ValueError("every file must set the same columns")
        unknown = [i for i, r in enumerate(self.repairs) if r.file is not None and r.file not in paths]
        if unknown:
            raise ValueError(f"repairs {unknown}: file is not one of files")
        return self


class _Long(_Source):
    columns: tuple[Column, ...] = Field(default=(), strict=False)
    each_row: Name | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the count columns."""
        counted = tuple(c.name for c in self.columns if c.type == "count")
        return (*counted, self.each_row) if self.each_row else counted


class CsvSource(_Long):
    """CSV files, one row for each record, all columns declared.

    Attributes:
        delimiter: One character.
        encoding: utf8, or the legacy encoding of the bytes.
        columns: Every column of the file, by heading.
        each_row: Name of a count that is 1 for every row (a register: one row, one case); rows may then be
            alike.
    """

    kind: Literal["csv"]
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    encoding: TextEncoding = "unicode"
    columns: tuple[Column, ...] = Field(min_length=1, strict=False)

    @model_validator(mode="after")
    def _sound(self) -> CsvSource:
        _check_names(self)
        return self


class ParquetSource(_Long):
    """Parquet files, one row for each record, all columns declared."""

    kind: Literal["parquet"]
    columns: tuple[Column, ...] = Field(min_length=1, strict=False)

    @model_validator(mode="after")
    def _sound(self) -> ParquetSource:
        _check_names(self)
        return self


class ExcelSource(_Long):
    """Excel workbooks: a cross table (`rows` and `spread`), or one row for each record (`columns`).

    Attributes:
        encoding: What the texts are written in; `detect` refuses rather than guess.
        sheets: Which sheets are read and what they stand for.
        header: Where the header is.
        rows: Cross table: the label column.
        spread: Cross table: what the other columns stand for.
        measures: Cross table: names of the measures (Int64 columns of the records).
        columns: One row for each record: every column, by heading.
    """

    kind: Literal["excel"]
    encoding: TextEncoding = "unicode"
    sheets: Sheets
    header: Header = Header()
    rows: Labels | None = None
    spread: Spread | None = None
    counts: tuple[Name, ...] = Field(default=(), alias="measures", strict=False)

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures."""
        return self.counts or super().measures

    @property
    def is_wide(self) -> bool:
        """Whether this is a cross table."""
        return self.spread is not None

    @model_validator(mode="after")
    def _repaired_sheets(self) -> ExcelSource:
        known = {normalise(name) for name in self.sheets.values}
        named = [r.to if r.kind == "rename_sheet" else getattr(r, "sheet", None) for r in self.repairs]
        kinds = [r.kind for r in self.repairs]
        unknown = [
            i
            for i, (name, kind) in enumerate(zip(named, kinds, strict=True))
            if name is not None and (normalise(name) in known) == (kind == "drop_sheet")
        ]
        if unknown:
            raise ValueError(
                f"repairs {unknown}: sheet must be one of sheets.values (for drop_sheet: none of them)"
            )
        return self

    @model_validator(mode="after")
    def _layout(self) -> ExcelSource:
        if self.columns and not (self.rows or self.spread or self.counts):
            _check_names(self)
        elif self.rows and self.spread and self.counts and not (self.columns or self.each_row):
            _check_wide(self, self.spread)
        else:
            raise ValueError(
                "declare rows, spread and measures (a cross table), or columns (one row for each record)"
            )
        return self


Source = Annotated[ExcelSource | CsvSource | ParquetSource, Field(discriminator="kind")]


def keys(section: _Long) -> tuple[str, ...]:
    """Names of the String columns of the records, before `compose`, in order."""
    names = list(section.files[0].set)
    if isinstance(section, ExcelSource):
        names += [section.sheets.column] if section.sheets.column else []
        names += [section.rows.column] if section.rows else []
        names += [n for n in section.spread.names if n != "measure"] if section.spread else []
    return (*names, *(c.name for c in section.columns if c.type in ("string", "date")))


def _check_wide(section: ExcelSource, spread: Spread) -> None:
    if len(spread.header) != section.header.rows:
        raise ValueError("spread.header needs one pattern for each of header.rows")
    measured = (
        set(spread.options("measure").values()) if "measure" in spread.values else set(section.counts[:1])
    )
    if measured != set(section.counts):
        raise ValueError("spread.values.measure and measures must name the same measures")
    _check_names(section)


def _check_names(section: _Long) -> None:
    names = [*keys(section), *section.measures, *(c.name for c in section.columns if c.type == "ignored")]
    if len(set(names)) != len(names):
        raise ValueError("a column name is used twice")
    if not isinstance(section, ExcelSource) and any(r.kind not in _TABLE_REPAIRS for r in section.repairs):
        raise ValueError(f"repairs of a CSV or Parquet source: {', '.join(sorted(_TABLE_REPAIRS))}")
    if not section.measures:
        raise ValueError("no measure: declare a column of type count, or each_row")
    parts = {part for template in section.compose.values() for part in template_parts(template)}
    if not parts <= set(keys(section)) or set(section.compose) & (set(names) - parts):
        raise ValueError("compose: only columns of the records in {}, and no name that is already taken")


def template_parts(template: str) -> dict[str, int]:
    """Column -> number of digits to pad to (0: none) of a template such as `{year}-{month:02}`.

    Raises:
        ValueError: If there is no column in it, or a brace that is not part of one.
    """
    parts = {name: int(width or 0) for name, width in _PART.findall(template)}
    if not parts or set("{}") & set(_PART.sub("", template)):
        raise ValueError("compose: write columns as {name}, or {name:02} to pad with zeros")
    return parts
