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
from opendata.source.headers import Fault3
from opendata.source.problems import at, gathered, problem
from opendata.source.repairs import DropSheet, RenameSheet, normalise
from opendata.source.section import ExcelSource
from opendata.source.tally import Tally, matching, note


def encoding_of(book: Book, section: ExcelSource) -> Encoding:
    """The declared encoding, or the detected one.

    Raises:
        SourceError: If the evidence does not decide, or clearly speaks against what is declared.
    """
    found = detect(t.text for t in book_texts(book) if t.kind in ("cell", "sheet")).encoding
    if section.encoding == "detect":
        if found is None:
            raise SourceError([problem("ambiguous", book.path)])
        return found
    if found not in (None, "unicode", section.encoding):
        raise SourceError([problem("other_encoding", book.path, found)])
    return section.encoding


def chosen(
    section: ExcelSource, book: Book, *, tally: Tally, problems: list[Problem], warnings: list[Problem]
) -> Iterator[tuple[str, Sheet]]:
    """The sheets that are read, decoded, under their declared names, with the value that each stands for.

    Raises:
        SourceError: If the encoding cannot be told.
    """
    encoding = encoding_of(book, section)
    wanted = {normalise(name): (name, value) for name, value in section.sheets.values.items()}
    seen: set[str] = set()
    for sheet in (_named(sheet, encoding) for sheet in book.sheets):
        if _is_dropped(tally, book.path, sheet):
            continue
        declared = wanted.get(normalise(_renamed(tally, book.path, sheet)))
        if declared is None or declared[0] in seen:
            kind = "unknown_sheet" if declared is None else "double_sheet"
            problems.append(problem(kind, at(book.path, sheet.name)))
            continue
        seen.add(declared[0])
        warnings += _remarks(book, sheet)
        ready = _decoded(book.path, replace(sheet, name=declared[0]), encoding, problems)
        if ready is not None:
            yield declared[1], ready
    missing = [name for name in section.sheets.values if name not in seen]
    problems += [problem("missing_sheet", book.path, name) for name in missing]


def _named(sheet: Sheet, encoding: Encoding) -> Sheet:
    """The sheet with its name decoded; a name that cannot be stays, and is then not a declared one."""
    try:
        return replace(sheet, name=decode(sheet.name, encoding))
    except Undecodable:
        return sheet


def _decoded(path: str, sheet: Sheet, encoding: Encoding, problems: list[Problem]) -> Sheet | None:
    """The sheet with every text in Unicode; None, and mistakes, if a text is not in the encoding."""
    faults: list[Fault3] = []

    def unicode(value: Value, r: int, c: int) -> Value:
        if not isinstance(value, str):
            return value
        try:
            return decode(value, encoding)
        except Undecodable:
            faults.append(("undecodable", "", address(r, c)))
            return None

    cells = [[unicode(v, r, c) for c, v in enumerate(row)] for r, row in enumerate(sheet.cells)]
    problems += gathered(path, sheet.name, faults)
    return None if faults else replace(sheet, cells=cells)


def _remarks(book: Book, sheet: Sheet) -> Iterator[Problem]:
    """What is no mistake but a reviewer should know of a sheet that is read."""
    if not sheet.visible:
        yield problem("hidden_sheet", at(book.path, sheet.name))
    start = f"{book.path}, {sheet.name}!"
    noted = [t.place for t in book.extras if t.kind == "note" and t.place.startswith(start)]
    if noted:
        cells = [place.removeprefix(start).removesuffix(" (note)") for place in noted]
        yield problem("noted_cells", at(book.path, sheet.name, cells))


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
