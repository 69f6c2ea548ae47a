"""Small workbooks, sources and refusals for the tests of reading."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml
from pydantic import TypeAdapter

import catalog
from opendata import source
from opendata.errors import SourceError

Rows = Sequence[Sequence[Any]]

CROSS = """
kind: excel
files: [{path: a.xlsx, set: {year: 2020}}]
sheets: {column: disease, values: {Ta: cholera}}
header: {rows: 2}
rows: {column: province, header: Tỉnh, values: {Bắc: "01", Trung: "02", Nam: "03"}}
spread:
  header: ["Tháng {month}", "{measure}"]
  values: {month: {first: 1, last: 2}, measure: {M: cases, C: deaths}}
measures: [cases, deaths]
"""
HEADER: Rows = [["Tỉnh", "Tháng 1", None, "Tháng 2", None], [None, "M", "C", "M", "C"]]
BODY: Rows = [["Bắc", 1, 0, 2, 0], ["Trung", 3, 1, 4, 1], ["Nam", 5, 2, 6, 2]]


def section(text: str, **changes: Any) -> source.Source:
    """A section from YAML, with some keys replaced."""
    return TypeAdapter(source.Source).validate_python(yaml.safe_load(text) | changes)


def leaves(name: str) -> Mapping[str, str]:
    codes = catalog.builtin(name)
    inner = set(catalog.parents(codes).values())
    return {label: code for label, code in catalog.match(codes).items() if code not in inner}


def write(
    path: Path, sheets: Mapping[str, Rows], *, merge: Sequence[str] = ("B1:C1", "D1:E1", "A1:A2")
) -> Path:
    """A .xlsx workbook; the ranges are merged on every sheet that has enough rows. `=...` texts are formulas."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for area in merge if len(rows) > 1 else ():
                sheet.merge_range(area, "")
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    _cell(book, sheet, (r, c), value)
    return path


def _cell(book: Any, sheet: Any, at: tuple[int, int], value: Any) -> None:
    if isinstance(value, str) and value.startswith("#"):
        sheet.write_formula(*at, "=1/0", None, value)
    elif hasattr(value, "isoformat"):
        sheet.write_datetime(*at, value, book.add_format({"num_format": "dd/mm/yyyy"}))
    elif value is not None:
        sheet.write(*at, value)


def refusal(read: Callable[[], object]) -> list[tuple[str, str]]:
    """(place, what) of every mistake of a refusal, once exit code, languages and remedies were checked."""
    with pytest.raises(SourceError) as caught:
        read()
    assert caught.value.exit_code == 3
    for problem in caught.value.problems:
        assert all((*problem.what, *problem.remedy))
        assert problem.what.vi != problem.what.en
    return [(p.where, p.what.en) for p in caught.value.problems]
