"""The XML parts inside a .xlsx file: their texts, and of a sheet what calamine does not tell."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from opendata.source.grid import address, position

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
# Tags inside one rich text. Its runs belong together: a name may be half bold.
_RUNS = frozenset(
    ("r", "t", "rPr", "rPh", "b", "i", "u", "sz", "color", "rFont", "family", "charset", "scheme")
)
_NOTES = frozenset(("comment", "threadedComment"))


class Bomb(ValueError):
    """A file that unpacks to more than is reasonable, or declares entities."""


@dataclass(slots=True)
class Part:
    """What one XML part holds.

    Attributes:
        texts: Texts that stand in no cell.
        notes: (address, text) of the notes on cells.
        errors: Addresses of formula errors.
        last: Row and column of the last cell, counted from 0.
    """

    texts: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    last: tuple[int, int] = (0, 0)


def read_part(xml: bytes, *, sheet: bool) -> Part:
    """Read one part.

    Args:
        xml: Its bytes.
        sheet: Whether it is a worksheet, whose cells are calamine's.

    Raises:
        Bomb: If it declares entities.
        expat.ExpatError: If it is not XML.
    """
    part = Part()
    reader = _SheetReader(part) if sheet else _TextReader(part)
    parser = _parser(reader.start)
    parser.buffer_text = True
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    # Excel itself leaves line breaks unclosed in its drawings of notes.
    parser.Parse(re.sub(rb"<br\s*>", b"<br/>", xml), True)
    return part


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> its part, by the workbook and its relations.

    Raises:
        KeyError: If a part is missing.
    """
    targets = dict(relations(archive, "xl/workbook.xml"))
    sheets: dict[str, str] = {}

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet":
            found = [v for k, v in attributes.items() if _local(k) == "id"]
            sheets[attributes["name"]] = archive.getinfo(targets[found[0]]).filename

    _parser(sheet).Parse(archive.read("xl/workbook.xml"), True)
    return sheets


def relations(archive: zipfile.ZipFile, part: str) -> list[tuple[str, str]]:
    """(id, part that it leads to) of the relations of a part."""
    folder, name = posixpath.split(part)
    path = f"{folder}/_rels/{name}.rels"
    found: list[tuple[str, str]] = []

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.join("/", folder, attributes["Target"])
            found.append((attributes["Id"], posixpath.normpath(target).lstrip("/")))

    if path in archive.namelist():
        _parser(relation).Parse(archive.read(path), True)
    return found


def _parser(start: Callable[[str, dict[str, str]], None]) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise Bomb


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


class _TextReader:
    """Collects every text node, and the attributes that show a text to somebody."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.run: list[str] = []
        self.noted = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._flush(tag)
        self.part.texts += [v for k, v in attributes.items() if k in _SPEAKING and v.strip()]
        if _local(tag) in _NOTES:
            self.noted = attributes.get("ref", "")

    def end(self, tag: str) -> None:
        self._flush(tag)
        if _local(tag) in _NOTES:
            self.noted = ""

    def data(self, text: str) -> None:
        self.run.append(text)

    def _flush(self, tag: str) -> None:
        if _local(tag) in _RUNS:
            return
        text = "".join(self.run).strip()
        self.run = []
        if text and self.noted:
            self.part.notes.append((self.noted, text))
        elif text:
            self.part.texts.append(text)


class _SheetReader:
    """Notes the last cell, the errors, texts inside formulas, and texts outside the cells."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.run: list[str] = []
        self.row, self.column = -1, -1
        self.in_cell = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = _local(tag)
        self.run = []
        if kind == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
        elif kind == "c":
            self._cell(attributes)
        elif not self.in_cell:
            self.part.texts += [v for k, v in attributes.items() if k in _SPEAKING and v.strip()]

    def _cell(self, attributes: dict[str, str]) -> None:
        here = attributes.get("r")
        self.row, self.column = position(here) if here else (self.row, self.column + 1)
        self.in_cell = True
        last = self.part.last
        self.part.last = max(last[0], self.row), max(last[1], self.column)
        if attributes.get("t") == "e":
            self.part.errors.append(address(self.row, self.column))

    def end(self, tag: str) -> None:
        kind = _local(tag)
        text = "".join(self.run).strip()
        if text and (not self.in_cell or (kind == "f" and '"' in text)):
            self.part.texts.append(text)
        self.run = []
        self.in_cell = self.in_cell and kind != "c"

    def data(self, text: str) -> None:
        self.run.append(text)
