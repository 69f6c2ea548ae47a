"""CSV and Parquet files, and Excel sheets with one row for each record, to listings with declared types."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import polars as pl

from opendata.errors import SourceError
from opendata.source.detect import detect
from opendata.source.encodings import Encoding, Undecodable, decode
from opendata.source.grid import Value, address, letter, value_at
from opendata.source.headers import Fault3, Page, dropped_columns, header_of, unexpected
from opendata.source.listing import ROW, Listing
from opendata.source.numbers import MAX_COUNT, Fault, count, counter
from opendata.source.problems import gathered, problem
from opendata.source.repairs import normalise
from opendata.source.section import Column, CsvSource, Empty, ExcelSource, TextEncoding
from opendata.source.tally import Tally

_DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")


def csv_frame(data: bytes, path: str, section: CsvSource) -> pl.DataFrame:
    """Every cell of a CSV file as text, decoded; columns by heading, line numbers in `__row`.

    Raises:
        SourceError: If it is not a well-formed CSV in the declared encoding.
    """
    text = _csv_text(data, path, section.encoding)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=section.delimiter, strict=True)
    try:
        header = next(rows, [])
        lines = [(rows.line_num, row) for row in rows if row]
    except csv.Error:
        raise SourceError([problem("bad_table", f"{path}, line {rows.line_num}")]) from None
    ragged = [f"line {n}" for n, row in lines if len(row) != len(header)]
    if ragged:
        raise SourceError(gathered(path, "", [("bad_table", "", place) for place in ragged]))
    if len(set(map(normalise, header))) != len(header) or not all(h.strip() for h in header):
        raise SourceError([problem("bad_table", f"{path}, line 1")])
    columns = {
        name: pl.Series([row[i] for _, row in lines], dtype=pl.String) for i, name in enumerate(header)
    }
    return pl.DataFrame({ROW: pl.Series([n for n, _ in lines], dtype=pl.Int64)} | columns)


def _csv_text(data: bytes, path: str, encoding: TextEncoding) -> str:
    if not data.strip(b"\x00"):
        raise SourceError([problem("empty_file", path)])
    try:
        if encoding == "unicode" or encoding == "detect":
            return data.decode("utf-8-sig")
        return _legacy(data, encoding)
    except Undecodable:
        raise SourceError([problem("undecodable", path)]) from None
    except UnicodeDecodeError:
        if encoding == "unicode":
            raise SourceError([problem("undecodable", path)]) from None
    # Bytes that are not UTF-8 are not Unicode, whatever the letters look like.
    found = detect(data.decode("latin-1").splitlines()).encoding
    if found is None or found == "unicode":
        raise SourceError([problem("ambiguous", path)])
    return _legacy(data, found)


def _legacy(data: bytes, encoding: Encoding) -> str:
    return decode(data.decode("latin-1"), encoding)


def parquet_frame(data: bytes, path: str) -> pl.DataFrame:
    """A Parquet file with row numbers from 1 in `__row`.

    Raises:
        SourceError: If it is damaged.
    """
    if not data:
        raise SourceError([problem("empty_file", path)])
    try:
        return (
            pl.read_parquet(io.BytesIO(data))
            .with_row_index(ROW, offset=1)
            .with_columns(pl.col(ROW).cast(pl.Int64))
        )
    # polars raises a family of errors, or panics, on damaged bytes; their messages may hold some of them.
    except (Exception, pl.exceptions.PanicException):
        raise SourceError([problem("bad_table", path)]) from None


@dataclass(frozen=True, slots=True)
class _Frame:
    """A frame on its way to a listing: its file and row numbers, the account of repairs, what is wrong with it."""

    path: str
    rows: pl.Series
    tally: Tally
    faults: list[Fault3] = field(default_factory=list)
    unusable: set[str] = field(default_factory=set)


def frame_listing(
    frame: pl.DataFrame, path: str, columns: Sequence[Column], *, tally: Tally, empty: Empty
) -> Listing:
    """A listing of a frame whose columns stand under their headings (CSV: all text; Parquet: typed)."""
    how = _Frame(path, frame[ROW], tally)
    headings = {normalise(name): name for name in frame.columns if name != ROW}
    declared = {normalise(c.heading) for c in columns}
    unknown = [i for i, heading in enumerate(headings) if heading not in declared]
    how.faults.extend(("unknown_column", "", f"column {i + 1}") for i in unknown)
    data = {ROW: frame[ROW]}
    for column in columns:
        name = headings.get(normalise(column.heading))
        if name is None:
            how.faults.append(("missing_column", column.heading, ""))
            how.unusable.add(column.name)
        if column.type != "ignored":
            empty_here = column.empty or empty
            data[column.name] = (
                _typed(frame[name], column, empty_here, how) if name else _nothing(frame, column)
            )
    return Listing(path, "", pl.DataFrame(data), _row_place, how.faults, frozenset(how.unusable))


def _row_place(column: str, row: int) -> str:
    return f"row {row}, column {column}"


def _dtype(column: Column) -> pl.DataType:
    return pl.Int64() if column.type == "count" else pl.String()


def _nothing(frame: pl.DataFrame, column: Column) -> pl.Series:
    return pl.Series([None] * frame.height, dtype=_dtype(column))


def _typed(series: pl.Series, column: Column, empty: Empty, how: _Frame) -> pl.Series:
    """A column as text or counts. A Parquet column must have the right type; only CSV texts are parsed."""
    kind = series.dtype
    textual = kind == pl.String or kind == pl.Categorical or isinstance(kind, pl.Enum)
    if column.type == "count" and (kind.is_numeric() or kind == pl.String):
        return _counted(series, column, empty, how)
    if column.type == "date" and kind == pl.Date:
        return series.dt.to_string("%Y-%m-%d")
    if column.type in ("string", "date") and textual:
        texts = _tidied(series.cast(pl.String))
        if column.type == "date":
            _check_dates(texts, column, how)
        return texts
    how.faults.append(("wrong_type", column.type, f"column {column.name}"))
    how.unusable.add(column.name)
    return pl.Series([None] * series.len(), dtype=_dtype(column))


def _tidied(texts: pl.Series) -> pl.Series:
    """NFC, single spaces; null where nothing is left."""
    tidy = texts.str.normalize("NFC").str.replace_all(r"[\s\x{a0}]+", " ").str.strip_chars()
    return tidy.set(tidy == "", None)


def _check_dates(texts: pl.Series, column: Column, how: _Frame) -> None:
    bad = texts.is_not_null() & texts.str.to_date("%Y-%m-%d", strict=False, exact=True).is_null()
    how.faults.extend(
        ("not_date", "", _row_place(column.name, row)) for row in how.rows.filter(bad).to_list()
    )


def _counted(series: pl.Series, column: Column, empty: Empty, how: _Frame) -> pl.Series:
    """Counts of a column: plain ones all at once, and only the rest one by one."""
    plain = _tidied(series) if series.dtype == pl.String else series
    if plain.dtype == pl.String:
        plain = plain.set(~plain.str.contains(r"^[0-9]{1,15}$"), None).cast(pl.Int64)
    whole = plain.cast(pl.Int64, strict=False)
    sound = (whole == plain) & (whole >= 0) & (whole < MAX_COUNT)
    rest = (~sound).fill_null(value=True).arg_true().to_list()
    reader = counter(how.tally, how.path, "", empty)
    counts: dict[int, int | None] = {}
    for i in rest:
        place = _row_place(column.name, how.rows[i])
        value = count(_number(series[i]), place, reader)
        if isinstance(value, Fault):
            how.faults.append((value.kind, "", place))
        counts[i] = None if isinstance(value, Fault) else value
    return whole.scatter(list(counts), list(counts.values())) if counts else whole


def _number(value: object) -> Value:
    """A cell of a frame as a workbook would give it: a text that is a decimal number is a number."""
    if isinstance(value, str):
        text = value.replace("\xa0", " ").strip()
        return float(text) if _DECIMAL.fullmatch(text) else text or None
    return float(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def excel_listing(page: Page, section: ExcelSource) -> Listing:
    """A listing of one sheet with one row for each record."""
    headings = header_of(page.sheet, section.header)
    where = _declared_columns(page, section, headings)
    rows = _filled_rows(page, section, list(where.values()))
    data: dict[str, pl.Series] = {ROW: pl.Series([r + 1 for r in rows], dtype=pl.Int64)}
    for column in section.columns:
        if column.type != "ignored":
            cells = _cells(
                page, column, where.get(column.name), rows=rows, empty=column.empty or section.empty
            )
            data[column.name] = pl.Series(list(cells), dtype=_dtype(column))
    letters = {name: letter(c) for name, c in where.items()}
    missing = frozenset(c.name for c in section.columns if c.name not in where)

    def place(name: str, row: int) -> str:
        return f"{letters.get(name, '')}{row}"

    return Listing(page.path, page.sheet.name, pl.DataFrame(data), place, page.faults, missing)


def _declared_columns(page: Page, section: ExcelSource, headings: list[tuple[str, ...]]) -> dict[str, int]:
    """Name -> column; undeclared, missing and double columns are faults."""
    declared = {normalise(c.heading): c.name for c in section.columns}
    dropped = dropped_columns(page, headings)
    found: dict[str, int] = {}
    for c, texts in enumerate(headings):
        name = declared.get(normalise(" / ".join(dict.fromkeys(t for t in texts if t))))
        if c in dropped:
            continue
        if name is None:
            unexpected(page, texts, c, section.header.first - 1)
        elif name in found:
            page.faults.append(("double_column", name, letter(c)))
        else:
            found[name] = c
    page.faults += [("missing_column", c.heading, "") for c in section.columns if c.name not in found]
    return found


def _filled_rows(page: Page, section: ExcelSource, columns: list[int]) -> list[int]:
    """The rows that hold something in a declared column; an empty row before the last one is a fault."""
    filled = [
        r
        for r in range(section.header.last, len(page.sheet.cells))
        if any(value_at(page.sheet, r, c) is not None for c in columns)
    ]
    blank = sorted(set(range(section.header.last, filled[-1])) - set(filled)) if filled else []
    page.faults += [("blank_row", "", f"row {r + 1}") for r in blank]
    return filled


def _cells(
    page: Page, column: Column, c: int | None, *, rows: Sequence[int], empty: Empty
) -> Iterator[str | int | None]:
    how = counter(page.tally, page.path, page.sheet.name, empty)
    for r in rows:
        value = value_at(page.sheet, r, c) if c is not None else None
        place = address(r, c or 0)
        read = count(value, place, how) if column.type == "count" else _text(value, column)
        if isinstance(read, Fault):
            if c is not None:
                page.faults.append((read.kind, "", place))
            read = None
        yield read


def _text(value: Value, column: Column) -> str | Fault | None:
    """A text or date cell as text. A whole number in a text column is its digits, as Excel shows it."""
    if column.type == "date":
        return _date(value)
    if value is None or isinstance(value, str):
        return None if value is None else " ".join(value.replace("\xa0", " ").split())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return Fault("not_text")


def _date(value: Value) -> str | Fault | None:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value.strip())
        except ValueError:
            return Fault("not_date")
    return value.isoformat() if isinstance(value, date) else None if value is None else Fault("not_date")
