"""Legacy .xls workbooks (BIFF) through xlrd, with every text that such a file can hide."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import xlrd
from xlrd import compdoc, xldate

from opendata.source.grid import Area, Book, Flaw, Sheet, Value, address
from opendata.source.records import Located

_HEADER, _FOOTER, _TEXT_BOX, _CONTINUE = 0x14, 0x15, 0x1B6, 0x3C
_PROPERTY_STREAMS = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")
_STRINGS = {0x1E: "bytes", 0x1F: "utf-16"}


def open_xls(data: bytes, path: str) -> Book:
    """Read a .xls workbook.

    Raises:
        Exception: Whatever xlrd raises on a damaged or encrypted file; the caller turns it into a refusal.
    """
    # formatting_info, because merged ranges are only kept with it; on_demand, because else the strings are
    # thrown away.
    book = xlrd.open_workbook(
        file_contents=data, formatting_info=True, logfile=io.StringIO(), ragged_rows=True, on_demand=True
    )
    sheets = tuple(_sheet(sheet, book.datemode) for sheet in book.sheets())
    extras = (*_notes(book, path), *_left_over(book, sheets, path), *_streams(data, path))
    once = {
        text.text: text for text in reversed(extras)
    }  # a note is a text box too: the first place is the better
    return Book(
        path, sheets, tuple(text for text in extras if once[text.text] is text or text.kind == "note")
    )


def _sheet(sheet: Any, datemode: int) -> Sheet:
    cells = [[_value(cell, datemode) for cell in sheet.row(r)] for r in range(sheet.nrows)]
    merged: tuple[Area, ...] = tuple((r0, c0, r1 - 1, c1 - 1) for r0, r1, c0, c1 in sheet.merged_cells)
    return Sheet(sheet.name, cells, merged, visible=sheet.visibility == 0)


def _value(cell: Any, datemode: int) -> Value:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value) or None
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return float(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Flaw.ERROR
    return _date(cell.value, datemode) if cell.ctype == xlrd.XL_CELL_DATE else None


def _date(number: float, datemode: int) -> Value:
    try:
        found: datetime = xldate.xldate_as_datetime(number, datemode)
    except (ValueError, OverflowError):
        return Flaw.ERROR
    return found


def _notes(book: Any, path: str) -> Iterator[Located]:
    for sheet in book.sheets():
        for (row, column), note in sorted(sheet.cell_note_map.items()):
            place = f"{path}, {sheet.name}!{address(row, column)} (note)"
            yield from (Located(place, text, "note") for text in (note.text, note.author) if text)


def _left_over(book: Any, sheets: tuple[Sheet, ...], path: str) -> Iterator[Located]:
    """Strings in the table of strings that no cell shows (of deleted cells), and names that hold a text."""
    shown = {value for sheet in sheets for row in sheet.cells for value in row if isinstance(value, str)}
    stored = {s for s in (book._sharedstrings or ()) if isinstance(s, str) and s}
    yield from (Located(f"{path} (left-over string)", text, "other") for text in sorted(stored - shown))
    if book.user_name:
        yield Located(f"{path} (written by)", str(book.user_name), "property")


def _streams(data: bytes, path: str) -> Iterator[Located]:
    if not data.startswith(compdoc.SIGNATURE):
        return
    compound = compdoc.CompDoc(data, logfile=io.StringIO())
    for name in _PROPERTY_STREAMS:
        stream = compound.get_named_stream(name)
        yield from (
            Located(f"{path} (document property)", t, "property") for t in _properties(bytes(stream or b""))
        )
    for name in ("Workbook", "Book"):
        stream = compound.get_named_stream(name)
        yield from (
            Located(f"{path} (header, footer or text box)", t, "other")
            for t in _floating(bytes(stream or b""))
        )


def _floating(stream: bytes) -> Iterator[str]:
    """Texts of page headers, page footers and text boxes: [MS-XLS] Header, Footer, TxO records."""
    at, boxed = 0, False
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + size]
        if kind in (_HEADER, _FOOTER) and len(body) > 3:
            yield _characters(body[2:])
        if kind == _CONTINUE and boxed and len(body) > 1:
            yield _characters(body)
        boxed = kind == _TEXT_BOX
        at += 4 + size


def _characters(body: bytes) -> str:
    """An XLUnicodeStringNoCch: one byte of flags, then Latin-1 or UTF-16."""
    return body[1:].decode("utf-16-le" if body[0] & 1 else "latin-1", "replace")


def _properties(stream: bytes) -> Iterator[str]:
    """Text properties of an OLE property set stream ([MS-OLEPS] 2.21): title, author, last author, ..."""
    if len(stream) < 48:
        return
    (section,) = struct.unpack_from("<I", stream, 44)
    _, count = struct.unpack_from("<II", stream, section)
    for index in range(min(count, 256)):
        _, offset = struct.unpack_from("<II", stream, section + 8 + 8 * index)
        kind, size = struct.unpack_from("<II", stream, section + offset)
        start = section + offset + 8
        if kind in _STRINGS:
            length = size * 2 if kind == 0x1F else size
            text = _property_text(stream[start : start + length], kind).strip("\x00 ")
            if any(c.isalpha() for c in text):
                yield text


def _property_text(body: bytes, kind: int) -> str:
    if kind == 0x1F:
        return body.decode("utf-16-le", "replace")
    try:
        return body.rstrip(b"\x00").decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1")
