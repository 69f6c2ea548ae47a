"""Whether the files of a release that calls itself a register are those of one; nothing else goes without an audit."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalog.errors import Problem, Text
from catalog.registertables import IDS, REGISTERS, departures

FILES = frozenset(
    {"data.parquet", "data.csv", "data.xlsx", "codebook.json", "datapackage.json", "dcat.ttl", "dcat.jsonld"}
    | {"prov.jsonld", "report.html", "CHANGELOG.md", "CITATION.cff"}
)  # fmt: skip


def unlike(folder: Path, manifest: Mapping[str, Any]) -> list[Problem]:
    """Compare a release with the register that its manifest names.

    A statistical table does not pass by calling itself a register: its id, columns, codes and rows are not those of
    one. The CSV is read and the Parquet must hold the same; a workbook was compared with both when it was written.

    Args:
        folder: The release, its checksums already checked.
        manifest: Its manifest.

    Returns:
        One problem for each thing that no register has; empty when it is one.
    """
    register, id = manifest.get("register"), str(manifest.get("id"))
    if register not in REGISTERS or id.rpartition(IDS[register])[1:] != (IDS[register], ""):
        return [Problem("manifest.json: register", _NO_REGISTER, _AUDIT_IT)]
    strange = sorted({str(file["name"]) for file in manifest["files"]} - FILES)
    problems = [Problem(name, _STRANGE_FILE, _AUDIT_IT) for name in strange]
    try:
        header, *lines = _csv_rows(folder / "data.csv")
        same = _parquet_rows(folder / "data.parquet") == [header, *lines]
    except (OSError, ValueError, csv.Error):
        return [*problems, Problem("data", _UNREADABLE, _AUDIT_IT)]
    wrong = departures(register, header, lines)
    problems += [Problem(f"data.csv: {column}", _DEPARTS, _AUDIT_IT) for column in wrong]
    return problems if same else [*problems, Problem("data.parquet", _DIFFERS, _AUDIT_IT)]


def _csv_rows(path: Path) -> list[tuple[str, ...]]:
    text = path.read_text(encoding="utf-8-sig")
    return [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]


def _parquet_rows(path: Path) -> list[tuple[str, ...]]:
    import polars as pl

    try:
        table = pl.read_parquet(path).select(pl.all().cast(pl.String).fill_null(""))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise ValueError from None
    return [tuple(table.columns), *table.rows()]


_NO_REGISTER = Text("không phải danh mục nào của luật.", "is none of the registers of the law.")
_STRANGE_FILE = Text("tệp này không thuộc một danh mục.", "a register holds no such file.")
_UNREADABLE = Text("không đọc được bảng dữ liệu.", "the table cannot be read.")
_DEPARTS = Text("không phải nội dung của danh mục này.", "is not what this register holds.")
_DIFFERS = Text("khác với data.csv.", "differs from data.csv.")
_AUDIT_IT = Text(
    "Chỉ danh mục do opendata register --release tạo ra được miễn kiểm tra tiết lộ; số liệu thống kê thì không.",
    "Only the registers that opendata register --release makes go without a disclosure audit; statistics never do.",
)
