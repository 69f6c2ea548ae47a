"""From records to the table with every margin of the declared hierarchies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import polars as pl

import anonymize
import catalog
from catalog.errors import Problem, Text
from opendata.errors import SourceError
from opendata.spec import CodedDimension, Dimension, TableSection

ALL_TIME = "_T"  # the root that `catalog.months` puts over its years
CodeLists = Mapping[str, catalog.CodeList]


Leaves = Mapping[str, Iterable[str]]


def code_lists(section: TableSection, leaves: Leaves, stored: CodeLists) -> dict[str, catalog.CodeList]:
    """The code list of every dimension, cut down to what the records hold.

    A code without any record is left out, never shown as zero: a disease nobody reported on is not a disease
    nobody had.

    Args:
        section: The spec's section `table`.
        leaves: Dimension name -> the codes that the records hold.
        stored: The code lists that the section names, by their ids.

    Returns:
        Dimension name -> code list with leaves, margins and labels in both languages.
    """
    return {
        name: _code_list(name, dimension, set(leaves[name]), stored)
        for name, dimension in section.dimensions.items()
    }


def aggregate(section: TableSection, frame: pl.DataFrame, stored: CodeLists) -> anonymize.Table:
    """Count the records into every cell and margin.

    Args:
        section: The spec's section `table`.
        frame: The records: one row per leaf cell or more; String columns of codes, measures as integers.
        stored: The code lists that the section names, by their ids.

    Returns:
        The table; each measure is a block of cells of its own.

    Raises:
        SourceError: When there are no records, or a column that the section names is not in them.
        TableError: When a code is not a leaf of its hierarchy, or a count is missing.
    """
    _require(section, frame)
    leaves = {name: frame[name].unique() for name in section.dimensions}
    hierarchies = {
        name: anonymize.Hierarchy.from_parents(
            name, catalog.parents(codes), omit=untabulated(section.dimensions[name], codes)
        )
        for name, codes in code_lists(section, leaves, stored).items()
    }
    return anonymize.Table.from_records(frame, hierarchies, count=list(section.measures))


def _require(section: TableSection, frame: pl.DataFrame) -> None:
    missing = [name for name in (*section.dimensions, *section.measures) if name not in frame.columns]
    extra = [
        name for name in frame.columns if name not in section.dimensions and name not in section.measures
    ]
    problems = [Problem(f"table: {name}", _NO_COLUMN, _DECLARE_COLUMN) for name in missing]
    problems += [Problem(f"source: {name}", _NOT_TABULATED, _TABULATE) for name in extra]
    if not frame.height:
        problems.append(Problem("source", _NO_RECORDS, _CHECK_FILES))
    if problems:
        raise SourceError(problems)


def untabulated(dimension: Dimension, codes: catalog.CodeList) -> frozenset[str]:
    """Codes that hold a hierarchy together and are never published.

    Years are not added up over all time, and a quarter or year with months missing is not a quarter or year.
    """
    if isinstance(dimension, CodedDimension):
        return frozenset()
    children: dict[str | None, list[str]] = {}
    for code in codes.codes:
        children.setdefault(code.parent, []).append(code.code)
    quarters = {code for code in children if code and "-Q" in code and len(children[code]) < 3}
    years = {
        code
        for code in children
        if code and code.isdigit() and (len(children[code]) < 4 or quarters & {*children[code]})
    }
    return frozenset({ALL_TIME, *quarters, *years})


def _code_list(name: str, dimension: Dimension, used: set[str], stored: CodeLists) -> catalog.CodeList:
    if isinstance(dimension, CodedDimension):
        return _prune(stored[dimension.codes], used)
    wrong = [code for code in used if not _MONTH.fullmatch(code)]
    if wrong:
        what = Text(f"{len(wrong)} mã tháng không đúng dạng.", f"{len(wrong)} codes are not months.")
        raise SourceError([Problem(f"table.dimensions.{name}", what, _AS_MONTHS)])
    years = [int(month[:4]) for month in used]
    return _prune(catalog.months(min(years), max(years)), used)


def _prune(codes: catalog.CodeList, used: set[str]) -> catalog.CodeList:
    """The list without codes that neither are used nor stand over one that is."""
    parent = {code.code: code.parent for code in codes.codes}
    kept: set[str] = set()
    for code in used:
        at: str | None = code
        while at is not None and at not in kept:
            kept.add(at)
            at = parent.get(at)
    return replace(codes, codes=tuple(code for code in codes.codes if code.code in kept))


_MONTH = re.compile(r"(?!0000)\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_AS_MONTHS = Text("Ghi tháng theo dạng 2016-04.", "Write months as 2016-04.")
_NO_COLUMN = Text("nguồn không có cột này.", "the source has no such column.")
_DECLARE_COLUMN = Text("Khai báo cột này trong mục source.", "Declare it in the section `source`.")
_NOT_TABULATED = Text(
    "cột của nguồn không nằm trong bảng.", "a column of the source that the table does not use."
)
_TABULATE = Text(
    "Thêm vào mục table, hoặc khai báo là ignored trong mục source.",
    "Add it to the section `table`, or declare it as ignored in `source`.",
)
_NO_RECORDS = Text("không có dòng nào.", "there are no records.")
_CHECK_FILES = Text("Kiểm tra các tệp nguồn.", "Check the source files.")
