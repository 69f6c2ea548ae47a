"""From the section `source` and its files to records: exactly as declared, or one refusal."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from catalog.errors import Problem
from opendata.errors import SourceError
from opendata.source.cross import read_cross
from opendata.source.detect import detect, readings
from opendata.source.encodings import Encoding
from opendata.source.excel import book_texts, long_number, open_book
from opendata.source.grid import Book
from opendata.source.headers import Page
from opendata.source.labels import Codes, known
from opendata.source.listing import ROW, Listing, read_listing
from opendata.source.problems import capped, gathered, problem
from opendata.source.records import Input, Located, Records, Totals
from opendata.source.section import CsvSource, ExcelSource, File, ParquetSource, keys, template_parts
from opendata.source.tabular import csv_frame, excel_listing, frame_listing, parquet_frame
from opendata.source.tally import Tally, applied, unused
from opendata.source.workbook import chosen

AnySource = ExcelSource | CsvSource | ParquetSource


@dataclass(frozen=True, slots=True)
class Reading:
    """What every step of one reading needs.

    Attributes:
        section: The section.
        codes: Code lists.
        tally: Account of repairs.
        warnings: Facts for a reviewer.
    """

    section: AnySource
    codes: Codes
    tally: Tally
    warnings: list[Problem]


def texts(section: AnySource, root: Path) -> tuple[Located, ...]:
    """Every text of every input, decoded, for the personal-data scan: to be called before `read`.

    Nothing about the layout is checked, so that a planted name is found even in a file that would be refused.

    Args:
        section: The section `source` of the spec.
        root: The workspace.

    Raises:
        SourceError: If a file is missing or cannot be opened at all.
    """
    inputs, problems = _inputs(section, root)
    found: list[Located] = []
    for file, data in inputs:
        try:
            found += _texts_of(section, file, _opened(section, file, data))
        except SourceError as error:
            problems += error.problems
    if problems:
        raise SourceError(capped(problems))
    return tuple(found)


def read(section: AnySource, *, root: Path, codes: Codes) -> Records:
    """Read the source exactly as declared.

    Args:
        section: The section `source` of the spec.
        root: The workspace; `files` are relative to it.
        codes: Id of a code list -> (`catalog.normal(label)` -> code), with only the codes that a row may have
            (the leaves).

    Returns:
        The records, confidential.

    Raises:
        SourceError: With every mistake of every file: place and remedy, never a value.
    """
    inputs, problems = _inputs(section, root)
    reading = Reading(section, codes, Tally(section.repairs), [])
    frames: list[pl.DataFrame] = []
    found: list[Located] = []
    opened = 0
    for file, data in inputs:
        try:
            content = _opened(section, file, data)
            found += _texts_of(section, file, content)
            frames += [_with_set(frame, file) for frame in _frames_of(reading, file, content, problems)]
            opened += 1
        except SourceError as error:
            problems += error.problems
    problems += unused(reading.tally) if opened == len(section.files) else []
    problems += [] if problems else _double_rows(section, frames)
    if problems:
        raise SourceError(capped(problems))
    read_files = tuple(Input(f.path, hashlib.sha256(d).hexdigest(), len(d)) for f, d in inputs)
    frame = _finished(section, frames)
    totals = Totals(len(reading.tally.totals), sum(reading.tally.totals))
    return Records(frame, tuple(found), read_files, applied(reading.tally), tuple(reading.warnings), totals)


def _inputs(section: AnySource, root: Path) -> tuple[list[tuple[File, bytes]], list[Problem]]:
    """The bytes of every file, read once, so that what is hashed, scanned and read is the same."""
    inputs: list[tuple[File, bytes]] = []
    problems: list[Problem] = []
    for file in section.files:
        path = root / file.path
        if not path.is_file():
            problems.append(problem("no_file", file.path))
        else:
            try:
                inputs.append((file, path.read_bytes()))
            except OSError:
                problems.append(problem("unreadable", file.path))
    return inputs, problems


def _opened(section: AnySource, file: File, data: bytes) -> Book | pl.DataFrame:
    if isinstance(section, ExcelSource):
        return open_book(data, file.path)
    return (
        csv_frame(data, file.path, section)
        if isinstance(section, CsvSource)
        else parquet_frame(data, file.path)
    )


def _texts_of(section: AnySource, file: File, content: Book | pl.DataFrame) -> Iterator[Located]:
    if isinstance(content, pl.DataFrame):
        yield from _frame_texts(content, file.path)
        return
    raw = list(book_texts(content))
    encoding = _scan_encoding(section, (t.text for t in raw if t.kind in ("cell", "sheet")))
    read: dict[str, tuple[str, ...]] = {}  # most texts of a workbook stand in many cells
    for text in raw:
        if text.text not in read:
            read[text.text] = readings(text.text, encoding)
        for reading in read[text.text]:
            yield text if reading == text.text else replace(text, text=reading)


def _scan_encoding(section: AnySource, found: Iterator[str]) -> Encoding | None:
    """The encoding to scan in; None, which means all of them, when it is not known or not as declared."""
    declared = section.encoding if isinstance(section, ExcelSource) else "unicode"
    detected = detect(found).encoding
    if declared == "detect":
        return detected
    return declared if detected in (None, "unicode", declared) else None


def _frame_texts(frame: pl.DataFrame, path: str) -> Iterator[Located]:
    """The headings, and every distinct text and long number of a table where it first stands."""
    for name in frame.columns:
        if name == ROW:
            continue
        yield Located(f"{path} (heading)", unicodedata.normalize("NFC", name), "sheet")
        column = (
            frame.select(ROW, pl.col(name).alias("value"))
            .drop_nulls()
            .unique("value", keep="first", maintain_order=True)
        )
        for row, value in column.iter_rows():
            place = f"{path}, row {row}, column {name}"
            if isinstance(value, int | float) and not isinstance(value, bool):
                if abs(value) >= 10**8 and float(value).is_integer():
                    yield from (Located(place, digits, "number") for digits in long_number(int(value)))
            else:
                yield Located(place, unicodedata.normalize("NFC", str(value)), "cell")


def _frames_of(
    reading: Reading, file: File, content: Book | pl.DataFrame, problems: list[Problem]
) -> Iterator[pl.DataFrame]:
    """The frames of one file, one for each sheet; mistakes go to `problems`, and their sheet gives no frame."""
    section = reading.section
    if isinstance(section, ExcelSource) and isinstance(content, Book):
        sheets = chosen(section, content, tally=reading.tally, problems=problems, warnings=reading.warnings)
        for value, sheet in sheets:
            frame, found = _sheet_frame(reading, section, Page(file.path, sheet, reading.tally))
            problems += found
            if frame is not None:
                yield _with_constant(frame, section.sheets.column, value)
        return
    assert isinstance(content, pl.DataFrame)
    listing = frame_listing(content, file.path, section.columns, tally=reading.tally, empty=section.empty)
    frame, found = _listed(reading, listing)
    problems += found
    if frame is not None:
        yield frame


def _listed(reading: Reading, listing: Listing) -> tuple[pl.DataFrame | None, list[Problem]]:
    section = reading.section
    return read_listing(
        listing, section.columns, tally=reading.tally, codes=reading.codes, empty=section.empty
    )


def _sheet_frame(
    reading: Reading, section: ExcelSource, page: Page
) -> tuple[pl.DataFrame | None, list[Problem]]:
    if section.rows is not None:
        return read_cross(page, section, known(reading.codes, section.rows.codes, section.rows.values))
    return _listed(reading, excel_listing(page, section))


def _with_constant(frame: pl.DataFrame, name: str | None, value: str) -> pl.DataFrame:
    return frame if name is None else frame.with_columns(pl.lit(value, dtype=pl.String).alias(name))


def _with_set(frame: pl.DataFrame, file: File) -> pl.DataFrame:
    constants = [pl.lit(value, dtype=pl.String).alias(name) for name, value in file.set.items()]
    return frame.with_columns(*constants, pl.lit(file.path).alias("__file"))


def _double_rows(section: AnySource, frames: list[pl.DataFrame]) -> list[Problem]:
    """Rows alike in every String column, over all files: counted twice unless one row is one case."""
    if section.each_row or not frames:
        return []
    names = list(keys(section))
    columns = [*names, "__file", *([ROW] if ROW in frames[0].columns else [])]
    double = pl.concat([f.select(columns) for f in frames]).filter(pl.struct(names).is_duplicated())
    places: dict[str, list[str]] = {}
    for row in double.iter_rows(named=True):
        places.setdefault(row["__file"], []).append(f"row {row[ROW]}" if ROW in row else "")
    return [
        p for path, rows in places.items() for p in gathered(path, "", [("double_row", "", r) for r in rows])
    ]


def _finished(section: AnySource, frames: list[pl.DataFrame]) -> pl.DataFrame:
    """All files in one frame: keys composed, measures last, sorted."""
    names = keys(section)
    if section.each_row:
        frames = [f.with_columns(pl.lit(1, dtype=pl.Int64).alias(section.each_row)) for f in frames]
    frame = pl.concat([f.select(*names, *section.measures) for f in frames])
    composed = [_template(template).alias(name) for name, template in section.compose.items()]
    parts = {part for template in section.compose.values() for part in template_parts(template)}
    kept = [name for name in names if name not in parts]
    frame = frame.select(*kept, *composed, *section.measures)
    return frame.sort([c for c in frame.columns if c not in section.measures])


def _template(template: str) -> pl.Expr:
    """`{year}-{month:02}` as an expression."""
    widths = template_parts(template)
    pattern, arguments = template, []
    for name, width in widths.items():
        pattern = pattern.replace(f"{{{name}:0{width}}}" if width else f"{{{name}}}", f"\x00{name}\x00")
    pieces = pattern.split("\x00")
    for i, piece in enumerate(pieces):
        arguments.append(pl.col(piece).str.zfill(widths[piece]) if i % 2 else pl.lit(piece))
    return pl.concat_str(arguments)
