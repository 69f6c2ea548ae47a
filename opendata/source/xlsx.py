"""Workbooks in .xlsx and .xlsm: cells through calamine, and a pass of our own over every XML part.

Our pass comes first and is what makes calamine safe to call: it refuses entities, zip bombs and a sheet whose
one far cell would make a dense grid of billions. It also finds what calamine does not tell: formula errors
(it gives them as empty), comments, properties, page headers, text boxes, caches of pivot tables, strings that
no cell shows.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from xml.parsers import expat

import python_calamine

from opendata.source.grid import Area, Book, Flaw, Sheet, Value, address, position
from opendata.source.records import Kind, Located

MAX_UNPACKED = 1 << 30
MAX_RATIO = 400  # a sheet of nothing but zeros packs about 100 to 1
MAX_CELLS = 20_000_000

_SILENT = re.compile(
    r"\[Content_Types\]\.xml|.*\.rels|xl/styles\.xml|xl/theme/.*|xl/calcChain\.xml|.*/printerSettings.*"
)
# Attributes that show a text to somebody: alternative texts, prompts, cached values of pivot tables, people.
_SPEAKING = frozenset(
    (
        "v",
        "displayName",
        "descr",
        "title",
        "tooltip",
        "prompt",
        "promptTitle",
        "error",
        "errorTitle",
        "author",
    )
)


class Bomb(ValueError):
    """A file that unpacks to more than is reasonable, or declares entities."""


class Encrypted(ValueError):
    """A file that is protected with a password."""


@dataclass(slots=True)
class _Part:
    """What one XML part holds."""

    texts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)  # addresses of formula errors
    last: tuple[int, int] = (0, 0)


def open_xlsx(data: bytes, path: str) -> Book:
    """Read a .xlsx workbook.

    Raises:
        Bomb: If it is larger unpacked than reasonable.
        Encrypted: If it needs a password.
        Exception: Whatever zipfile, expat and calamine raise on a damaged file; the caller turns it into a
        refusal.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _check(archive)
        parts = {
            i.filename: _part(archive.read(i), i.filename) for i in archive.infolist() if _is_text(i.filename)
        }
        places = _sheet_parts(archive)
    if any((p.last[0] + 1) * (p.last[1] + 1) > MAX_CELLS for p in parts.values()):
        raise Bomb
    sheets = _sheets(data, {name: parts[part].errors for name, part in places.items() if part in parts})
    return Book(path, sheets, tuple(_extras(path, parts, sheets)))


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


def _is_text(name: str) -> bool:
    return name.endswith((".xml", ".vml")) and not _SILENT.fullmatch(name)


def _part(xml: bytes, name: str) -> _Part:
    """Texts of one part, and of a sheet the addresses of its errors and its last cell."""
    part = _Part()
    reader = _SheetReader(part) if name.startswith("xl/worksheets/") else _TextReader(part)
    parser = expat.ParserCreate(namespace_separator=None)
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if name.endswith(".vml"):
        xml = re.sub(rb"<br\s*>", b"<br/>", xml)  # Excel itself writes unclosed line breaks there
    parser.Parse(xml, True)
    return part


def _refuse_doctype(*_: object) -> None:
    raise Bomb


class _TextReader:
    """Collects every text node, and the attributes that show a text to somebody."""

    def __init__(self, part: _Part) -> None:
        self.part = part
        self.run: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.part.texts += [v for k, v in attributes.items() if k in _SPEAKING and not v.isspace()]
        self._flush(tag)

    def end(self, tag: str) -> None:
        self._flush(tag)

    def data(self, text: str) -> None:
        self.run.append(text)

    def _flush(self, tag: str) -> None:
        # The runs of one rich text belong together: a name may be half bold.
        if tag.rpartition(":")[2] in (
            "r",
            "t",
            "rPr",
            "rPh",
            "b",
            "sz",
            "color",
            "rFont",
            "family",
            "charset",
            "scheme",
        ):
            return
        text = "".join(self.run).strip()
        self.run = []
        if text:
            self.part.texts.append(text)


class _SheetReader:
    """Notes the last cell, the errors, texts inside formulas, and texts outside the cells."""

    def __init__(self, part: _Part) -> None:
        self.part = part
        self.run: list[str] = []
        self.row, self.column = -1, -1
        self.in_cell = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        self.run = []
        if kind == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
        elif kind == "c":
            self._cell(attributes)
        elif not self.in_cell:
            self.part.texts += [v for k, v in attributes.items() if k in _SPEAKING]

    def _cell(self, attributes: dict[str, str]) -> None:
        here = attributes.get("r")
        self.row, self.column = position(here) if here else (self.row, self.column + 1)
        self.in_cell = True
        last = self.part.last
        self.part.last = max(last[0], self.row), max(last[1], self.column)
        if attributes.get("t") == "e":
            self.part.errors.append(address(self.row, self.column))

    def end(self, tag: str) -> None:
        kind = tag.rpartition(":")[2]
        text = "".join(self.run).strip()
        if text and (not self.in_cell or (kind == "f" and '"' in text)):
            self.part.texts.append(text)
        self.run = []
        self.in_cell = self.in_cell and kind != "c"

    def data(self, text: str) -> None:
        self.run.append(text)


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> its part, by workbook.xml and its relations."""
    sheets: dict[str, str] = {}
    targets: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("Relationship"):
            targets[attributes["Id"]] = posixpath.normpath(
                posixpath.join("/xl", attributes["Target"])
            ).lstrip("/")

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            ids = [v for k, v in attributes.items() if k.rpartition(":")[2] == "id"]
            sheets[attributes["name"]] = targets.get(ids[0] if ids else "", "")

    for name, handler in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
        parser = expat.ParserCreate()
        parser.StartElementHandler = handler
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.Parse(archive.read(name), True)
    return sheets


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


def _extras(path: str, parts: dict[str, _Part], sheets: tuple[Sheet, ...]) -> Iterator[Located]:
    shown = {value for sheet in sheets for row in sheet.cells for value in row if isinstance(value, str)}
    shown |= {value.strip() for value in shown} | {sheet.name for sheet in sheets}
    for name, part in sorted(parts.items()):
        kind = _kind(name)
        for text in dict.fromkeys(part.texts):
            if kind != "other" or (text not in shown and any(c.isalnum() for c in text)):
                yield Located(f"{path} ({name})", text, kind)


def _kind(part: str) -> Kind:
    if part.startswith("docProps/"):
        return "property"
    return "note" if re.match(r"xl/(comments|threadedComments|persons)", part) else "other"
