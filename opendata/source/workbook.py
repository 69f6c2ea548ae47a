"""The sheets of a workbook as a spec sees them: decoded, renamed, each standing for a declared value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from catalog.errors import Problem
from opendata.errors import SourceError
from opendata.source.detect import detect
from opendata.source.encodings import Encoding, Undecodable, decode
from opendata.source.excel import book_texts
from opendata.source.grid import Book, Sheet, Value, address
from opendata.source.problems import at, gathered, problem
from opendata.source.repairs import DropSheet, RenameSheet, normalise
from opendata.source.section import ExcelSource
from opendata.source.tally import Tally, matching, note


def decoded(book: Book, section: ExcelSource) -> Book:
    """The workbook with every text in Unicode.

    Raises:
        SourceError: If the encoding cannot be told, or a text is not in it.
    """
    encoding: Encoding | None = section.encoding if section.encoding != "detect" else None
    if encoding is None:
        encoding = detect(t.text for t in book_texts(book) if t.kind in ("cell", "sheet")).encoding
    if encoding is None:
        raise SourceError([problem("ambiguous", book.path)])
    problems: list[Problem] = []
    sheets = tuple(_decoded_sheet(book.path, sheet, encoding, problems) for sheet in book.sheets)
    if problems:
        raise SourceError(problems)
    return replace(book, sheets=sheets)


def _decoded_sheet(path: str, sheet: Sheet, encoding: Encoding, problems: list[Problem]) -> Sheet:
    faults: list[tuple[str, str, str]] = []

    def unicode(value: Value, r: int, c: int) -> Value:
        if not isinstance(value, str):
            return value
        try:
            return decode(value, encoding)
        except Undecodable:
            faults.append(("undecodable", "", address(r, c)))
            return value

    cells = [[unicode(v, r, c) for c, v in enumerate(row)] for r, row in enumerate(sheet.cells)]
    name = unicode(sheet.name, 0, 0)
    problems += gathered(path, sheet.name, faults)
    return replace(sheet, name=str(name), cells=cells)


def chosen(
    section: ExcelSource, book: Book, *, tally: Tally, problems: list[Problem], warnings: list[str]
) -> Iterator[tuple[str, Sheet]]:
    """The sheets that are read, under their declared names, with the value that each stands for."""
    wanted = {normalise(name): (name, value) for name, value in section.sheets.values.items()}
    seen: set[str] = set()
    for sheet in book.sheets:
        if _is_dropped(tally, book.path, sheet):
            continue
        name = _renamed(tally, book.path, sheet)
        declared = wanted.get(normalise(name))
        if declared is None:
            problems.append(problem("unknown_sheet", at(book.path, sheet.name)))
        elif declared[0] in seen:
            problems.append(problem("double_sheet", at(book.path, sheet.name)))
        else:
            seen.add(declared[0])
            if not sheet.visible:
                warnings.append(
                    f"{at(book.path, sheet.name)}: this sheet is hidden in the workbook and was read"
                )
            yield declared[1], replace(sheet, name=declared[0])
    problems += [
        problem("missing_sheet", book.path, name) for name in section.sheets.values if name not in seen
    ]


def _is_dropped(tally: Tally, path: str, sheet: Sheet) -> bool:
    for index, repair in matching(tally, DropSheet, path):
        if normalise(repair.sheet) == normalise(sheet.name):
            note(tally, index, (path, sheet.name, sheet.name))
            return True
    return False


def _renamed(tally: Tally, path: str, sheet: Sheet) -> str:
    for index, repair in matching(tally, RenameSheet, path):
        if normalise(repair.from_) == normalise(sheet.name):
            note(tally, index, (path, repair.to, sheet.name))
            return repair.to
    return sheet.name
