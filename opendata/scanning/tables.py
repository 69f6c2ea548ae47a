"""The tables in data files as frames, for the evidence that only a whole column gives; and the texts around them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import PurePath

import polars as pl

from catalog.errors import Problem, Text
from opendata.errors import PersonalDataError
from opendata.scanning.texts import Place, decoded, strings
from opendata.source.detect import detect, readings
from opendata.source.encodings import Encoding
from opendata.source.excel import book_texts, open_book
from opendata.source.grid import Book, Sheet, Value
from opendata.source.records import Located

DELIMITED = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".psv": "|"}
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls"})
ARROW = frozenset({".arrow", ".feather", ".ipc"})
KINDS = frozenset({".parquet"} | DELIMITED.keys() | WORKBOOKS | ARROW)
HEADERS = 10  # rows of a sheet among which headings stand


def read(data: bytes, name: str) -> tuple[list[Place], list[tuple[str, pl.DataFrame]]]:
    """What a data file holds.

    Args:
        data: Its bytes.
        name: Its name, the beginning of every place.

    Returns:
        The texts outside its tables (metadata, properties, comments, dictionaries; of a workbook those in cells too),
        and its tables by their places: one, or one a sheet.

    Raises:
        PersonalDataError: When the file cannot be read: what cannot be read cannot be scanned.
        SourceError: When it is no workbook.
    """
    kind = PurePath(name).suffix.lower()
    if kind in WORKBOOKS:
        return _workbook(open_book(data, name))
    if kind in DELIMITED:
        return [], [(name, _delimited(data, name, DELIMITED[kind]))]
    frame, around = (pl.read_parquet, parquet_texts) if kind == ".parquet" else (pl.read_ipc, _arrow_texts)
    try:
        return list(around(data, name)), [(name, _flat(frame(io.BytesIO(data))))]
    # polars raises a family of errors, or panics, on damaged bytes; their messages may hold some of them.
    except (Exception, pl.exceptions.PanicException):
        raise PersonalDataError([Problem(name, _DAMAGED, _AGAIN)]) from None


def _workbook(book: Book) -> tuple[list[Place], list[tuple[str, pl.DataFrame]]]:
    found = list(book_texts(book))
    encoding = detect(text.text for text in found).encoding
    sheets = [
        (f"{book.path}, sheet {number}", _sheet_frame(sheet, encoding))
        for number, sheet in enumerate(book.sheets, start=1)
    ]
    return _decoded(found, encoding), sheets


def workbook_surroundings(data: bytes, name: str) -> list[Place]:
    """The texts of a workbook outside its cells: names of sheets, comments, properties, charts, left-over strings."""
    found = [text for text in book_texts(open_book(data, name)) if text.kind not in ("cell", "number")]
    return _decoded(found, detect(text.text for text in found).encoding)


def _decoded(found: Iterable[Located], encoding: Encoding | None) -> list[Place]:
    return [(text.place, reading) for text in found for reading in readings(text.text, encoding)]


def parquet_texts(data: bytes, name: str) -> Iterator[Place]:
    """Key-value metadata, and what outlives a filter: texts in statistics and dictionaries."""
    yield from parquet_metadata(data, name)
    yield from ((f"{name}, statistics", text) for text in sorted(statistics(data)))
    yield from ((f"{name}, dictionary", text) for text in sorted(dictionaries(data)))


def parquet_metadata(data: bytes, name: str) -> Iterator[Place]:
    """The key-value metadata of a Parquet file."""
    import pyarrow.parquet as pq

    for key, value in (pq.read_metadata(io.BytesIO(data)).metadata or {}).items():
        # The Arrow schema is a binary copy of what the file says anyway.
        if key != b"ARROW:schema":
            yield f"{name}, metadata {key.decode(errors='replace')}", value.decode(errors="replace")


def statistics(data: bytes) -> set[str]:
    """The texts among the smallest and largest values that a Parquet file tells of its row groups."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(data))
    found: set[str] = set()
    for group in range(file.metadata.num_row_groups):
        for column in range(file.metadata.num_columns):
            told = file.metadata.row_group(group).column(column).statistics
            if told is not None and told.has_min_max:
                found |= {value for value in (told.min, told.max) if isinstance(value, str)}
    return found


def dictionaries(data: bytes) -> set[str]:
    """The texts in the dictionaries of a Parquet file: entries stay there when no row uses them any more."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pq.read_schema(io.BytesIO(data))
    kept = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    written = [field.name for field in schema if pa.types.is_string(field.type)]
    found: set[str] = set()
    table = pq.read_table(io.BytesIO(data), columns=[*kept, *written], read_dictionary=written)
    for column in table.columns:
        for chunk in column.chunks:
            if pa.types.is_dictionary(chunk.type):
                found |= {str(value) for value in chunk.dictionary.to_pylist()}
    return found


def _arrow_texts(data: bytes, name: str) -> Iterator[Place]:
    import pyarrow as pa

    table = pa.ipc.open_file(io.BytesIO(data)).read_all()
    for key, value in (table.schema.metadata or {}).items():
        yield f"{name}, metadata {key.decode(errors='replace')}", value.decode(errors="replace")
    for field, column in zip(table.schema, table.columns, strict=True):
        if pa.types.is_dictionary(field.type):
            kept = {str(value) for chunk in column.chunks for value in chunk.dictionary.to_pylist()}
            yield from ((f"{name}, dictionary of {field.name}", text) for text in sorted(kept))


def _delimited(data: bytes, name: str, delimiter: str) -> pl.DataFrame:
    """Every field as text; headings as they stand. Lines of different length are padded: titles above a table."""
    text = decoded(data, name)
    try:
        frame = pl.read_csv(text.encode(), separator=_sniffed(text, delimiter), infer_schema=False)
        if not any("_duplicated_" in c for c in frame.columns):
            return _numbered(frame)
    except pl.exceptions.PolarsError:
        pass
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_sniffed(text, delimiter)))
    width = max(map(len, rows), default=0)
    columns = {f"column {i + 1}": [row[i] if i < len(row) else None for row in rows] for i in range(width)}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns of plain whole numbers as such, see `_column`; a leading zero says that they are codes."""
    numbers = [
        name
        for name in frame.columns
        if frame[name].str.contains(r"^-?(0|[1-9][0-9]{0,17})$").fill_null(True).all()
    ]
    return frame.with_columns(pl.col(numbers).cast(pl.Int64)) if numbers else frame


def _sniffed(text: str, usual: str) -> str:
    """The delimiter: a Vietnamese Excel writes CSV with semicolons."""
    first = text.split("\n", 1)[0]
    return ";" if usual == "," and first.count(";") > first.count(",") else usual


def _sheet_frame(sheet: Sheet, encoding: Encoding | None) -> pl.DataFrame:
    """The columns of a sheet, decoded, named by the first text among its heading rows."""
    columns: dict[str, pl.Series] = {}
    for c in range(max(map(len, sheet.cells), default=0)):
        cells = [row[c] if c < len(row) else None for row in sheet.cells]
        top = next((r for r, v in enumerate(cells[:HEADERS]) if isinstance(v, str) and v.strip()), None)
        name = readings(str(cells[top]), encoding)[0] if top is not None else f"column {c + 1}"
        name = name if name not in columns else f"{name} ({c + 1})"
        columns[name] = _column([v for r, v in enumerate(cells) if r != top], encoding)
    height = max(map(len, columns.values()), default=0)
    return pl.DataFrame(
        {name: column.extend_constant(None, height - len(column)) for name, column in columns.items()}
    )


def _column(cells: list[Value], encoding: Encoding | None) -> pl.Series:
    """Whole numbers as such: an identity number that a spreadsheet took for one has lost its leading zeros."""
    texts = [_text(value, encoding) for value in cells]
    if any(texts) and all(value is None or isinstance(value, float) for value in cells):
        numbers = pl.Series(texts, dtype=pl.String).cast(pl.Int64, strict=False)
        if numbers.null_count() == texts.count(None):
            return numbers
    return pl.Series(texts, dtype=pl.String)


def _text(value: Value, encoding: Encoding | None) -> str | None:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str):
        return readings(value, encoding)[0] if value else None
    return None if value is None else str(value)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Nested columns as text, so that what is inside them is read too."""
    nested = [name for name, kind in frame.schema.items() if kind.is_nested() or kind == pl.Binary]
    parts = [
        pl.col(name).map_elements(lambda v: _nested_text(v), return_dtype=pl.String).alias(name)
        for name in nested
    ]
    return frame.with_columns(parts)


def _nested_text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    plain = value.to_list() if isinstance(value, pl.Series) else value
    return " ; ".join(text for _, text in strings(plain, ""))


_DAMAGED = Text("tệp dữ liệu hỏng hoặc không đọc được.", "the data file is damaged or cannot be read.")
_AGAIN = Text("Tạo lại tệp này rồi quét lại.", "Write this file again and repeat the scan.")
