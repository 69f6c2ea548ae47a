"""Workbooks in .xlsx and .xlsm: cells through calamine, and a pass of our own over every XML part.

Our pass comes first and is what makes calamine safe to call: it refuses entities, zip bombs and a sheet whose
one far cell would make a dense grid of billions. It also finds what calamine does not tell: formula errors
(it gives them as empty), comments, properties, page headers, text boxes, caches of pivot tables, strings that
no cell shows.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta

import python_calamine

from opendata.source.grid import Area, Book, Flaw, Sheet, Value, position
from opendata.source.parts import Bomb, Part, read_part, relations, sheet_parts
from opendata.source.records import Kind, Located

MAX_UNPACKED = 1 << 30
MAX_RATIO = 400  # a sheet of nothing but zeros packs about 100 to 1
MAX_CELLS = 20_000_000

_SILENT = re.compile(r"\[Content_Types\]\.xml|.*\.rels|xl/styles\.xml|xl/theme/.*|xl/calcChain\.xml")


class Encrypted(ValueError):
    """A file that is protected with a password."""


def open_xlsx(data: bytes, path: str) -> Book:
    """Read a .xlsx workbook.

    Raises:
        Bomb: If it is larger unpacked than reasonable.
        Encrypted: If it needs a password.
        Exception: Whatever zipfile, expat and calamine raise on a damaged file; the caller makes it a refusal.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _check(archive)
        places = sheet_parts(archive)
        parts = {
            name: read_part(archive.read(name), sheet=name in places.values()) for name in _speaking(archive)
        }
        owners = {target: sheet for sheet, part in places.items() for _, target in relations(archive, part)}
    if any((p.last[0] + 1) * (p.last[1] + 1) > MAX_CELLS for p in parts.values()):
        raise Bomb
    sheets = _sheets(data, {name: parts[part].errors for name, part in places.items()})
    return Book(path, sheets, tuple(_extras(path, parts, owners, shown=_shown(sheets))))


def _speaking(archive: zipfile.ZipFile) -> list[str]:
    """The parts that may hold texts of people."""
    names = [name for name in archive.namelist() if name.endswith((".xml", ".vml"))]
    return [name for name in names if not _SILENT.fullmatch(name)]


def _check(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    if any(i.flag_bits & 1 for i in infos):
        raise Encrypted
    packed = sum(i.compress_size for i in infos)
    # zipfile reads no further than the declared size and then checks the CRC, so a lie ends as a damaged
    # file.
    unpacked = sum(i.file_size for i in infos)
    if unpacked > MAX_UNPACKED or len(infos) > 10_000 or unpacked > MAX_RATIO * max(packed, 50_000):
        raise Bomb
    if "xl/workbook.xml" not in archive.namelist():
        raise ValueError("no workbook inside")


def _sheets(data: bytes, errors: dict[str, list[str]]) -> tuple[Sheet, ...]:
    with python_calamine.load_workbook(io.BytesIO(data)) as book:
        worksheets = [m for m in book.sheets_metadata if m.typ == python_calamine.SheetTypeEnum.WorkSheet]
        return tuple(
            _sheet(book.get_sheet_by_name(m.name), m.visible, errors.get(m.name, [])) for m in worksheets
        )


def _sheet(sheet: python_calamine.CalamineSheet, visible: object, errors: list[str]) -> Sheet:
    cells = [[_value(v) for v in row] for row in sheet.to_python(skip_empty_area=False)]
    for place in errors:
        _put_error(cells, *position(place))
    merged: tuple[Area, ...] = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
    return Sheet(sheet.name, cells, merged, visible=visible == python_calamine.SheetVisibleEnum.Visible)


def _put_error(cells: list[list[Value]], row: int, column: int) -> None:
    cells.extend([] for _ in range(row + 1 - len(cells)))
    cells[row].extend(None for _ in range(column + 1 - len(cells[row])))
    cells[row][column] = Flaw.ERROR


def _value(value: object) -> Value:
    if isinstance(value, str):
        return value or None
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    assert value is None or isinstance(value, bool | float | date | time | timedelta)
    return value


def _shown(sheets: tuple[Sheet, ...]) -> set[str]:
    """The texts of the cells and the names of the sheets."""
    texts = {value for sheet in sheets for row in sheet.cells for value in row if isinstance(value, str)}
    return texts | {text.strip() for text in texts} | {sheet.name for sheet in sheets}


def _extras(
    path: str, parts: Mapping[str, Part], owners: Mapping[str, str], *, shown: set[str]
) -> Iterator[Located]:
    """The texts that stand in no cell: notes with their address, the others with the part that they are in."""
    for name, part in sorted(parts.items()):
        for cell, text in part.notes:
            yield Located(f"{path}, {owners.get(name, '')}!{cell} (note)", text, "note")
        kind = _kind(name)
        for text in dict.fromkeys(part.texts):
            if kind != "other" or (text not in shown and any(c.isalnum() for c in text)):
                yield Located(f"{path} ({name})", text, kind)


def _kind(part: str) -> Kind:
    if part.startswith("docProps/"):
        return "property"
    return "note" if re.match(r"xl/(comments|threadedComments|persons)", part) else "other"
