"""The published table and its files: Parquet, CSV and XLSX with the same rows, read back and compared."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from catalog.errors import Problem, Text
from opendata.errors import VerificationError

if TYPE_CHECKING:
    import xlsxwriter

STATUS = {"published": "A", "suppressed": "Q"}  # SDMX CL_OBS_STATUS: normal; missing value, suppressed
EXCEL_ROWS = 1_048_576 - 1  # a sheet's rows less the header
ROW_GROUP = 250_000


def published(cells: pl.DataFrame, dimensions: Sequence[str], measures: Sequence[str]) -> pl.DataFrame:
    """Protected cells as the published table: one row per cell, per measure a nullable number and its status.

    Args:
        cells: `Protected.cells`.
        dimensions: The dimension columns, in order.
        measures: The measures, in order.

    Returns:
        Columns: dimensions (String), then `<measure>` (Int64, null if hidden) and `<measure>_status` (String);
        sorted by the dimensions.
    """
    if "measure" not in cells.columns:
        cells = cells.with_columns(pl.lit(measures[0]).alias("measure"))
    out = cells.select(dimensions).unique(maintain_order=True)
    for measure in measures:
        one = cells.filter(pl.col("measure") == measure).select(
            *dimensions,
            pl.col("value").cast(pl.Int64).alias(measure),
            pl.col("status").replace_strict(STATUS, return_dtype=pl.String).alias(f"{measure}_status"),
        )
        out = out.join(one, on=list(dimensions), how="left", validate="1:1")
    if any(out[f"{measure}_status"].null_count() for measure in measures):
        raise ValueError("a cell has no status")
    return out.sort(dimensions)


def as_cells(path: Path, measures: Sequence[str]) -> pl.DataFrame:
    """The cells that a written release shows, as `anonymize` takes known cells.

    A count that is not published but in a rate that is counts as shown: its rounding is no protection.

    Args:
        path: Its `data.parquet`.
        measures: Those that are asked for; the release may lack some and hold others.

    Returns:
        Dimension columns, `measure` when there are several, and `value`: null where the release hides it.

    Raises:
        VerificationError: When it shows rates of counts that it does not publish, and its confidential part, where
            these stand, is not there.
    """
    from opendata import rates  # brings the whole spec with it, which readers of data never need

    data = rates.with_inferred(pl.read_parquet(path), path.parent)
    held = [name.removesuffix("_status") for name in data.columns if name.endswith("_status")]
    counted = [name for name in held if data.schema[name].is_integer()]
    dimensions = [name for name in data.columns if name.removesuffix("_status") not in held]
    parts = [
        data.select(*dimensions, pl.lit(measure).alias("measure"), pl.col(measure).alias("value"))
        for measure in measures
        if measure in counted
    ]
    schema = {**dict.fromkeys([*dimensions, "measure"], pl.String), "value": pl.Int64}
    cells = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    return cells if len(measures) > 1 else cells.drop("measure")


def content_sha256(data: pl.DataFrame) -> str:
    """A digest of the table itself, the same whatever library wrote the file: SHA-256 of its canonical CSV."""
    return hashlib.sha256(data.write_csv(quote_style="non_numeric").encode()).hexdigest()


def write_parquet(data: pl.DataFrame, path: Path, metadata: Mapping[str, str]) -> None:
    """Write Parquet: zstd, sorted rows, plain strings, no timestamp, no pandas or Arrow schema in the metadata."""
    import pyarrow.parquet as pq

    table = data.to_arrow(compat_level=pl.CompatLevel.oldest()).replace_schema_metadata(dict(metadata))
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=3,
        row_group_size=ROW_GROUP,
        store_schema=False,
        version="2.6",
    )


def write_csv(data: pl.DataFrame, path: Path) -> None:
    """Write CSV as UTF-8 with a byte order mark, so that Excel shows Vietnamese; hidden values are empty."""
    data.write_csv(path, include_bom=True, line_terminator="\r\n")


def write_xlsx(data: pl.DataFrame, path: Path, title: str) -> bool:
    """Write an Excel workbook with codes as text and hidden values as empty cells.

    Returns:
        False, and no file, when the table has more rows than a sheet can hold.
    """
    import xlsxwriter

    if data.height > EXCEL_ROWS:
        return False
    book = new_workbook(str(path), {"title": title}, constant_memory=True)
    sheet = book.add_worksheet("data")
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, data.columns, book.add_format({"bold": True}))
    shown = {n: book.add_format(_digits(k)) for n, k in enumerate(data.dtypes) if isinstance(k, pl.Decimal)}
    for number, row in enumerate(data.iter_rows(), start=1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            elif isinstance(value, Decimal):
                sheet.write_number(number, column, float(value), shown[column])
            elif value is not None:
                sheet.write_string(number, column, str(value))  # a day as 2026-02-02, as in the CSV
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise OSError(getattr(error.args[0], "errno", None), "cannot write the workbook") from None
    return True


def new_workbook(
    target: str | io.BytesIO, properties: Mapping[str, str] | None = None, **options: bool
) -> xlsxwriter.Workbook:
    """A workbook to be filled: texts stay texts, and the same content gives the same bytes, so its date is fixed.

    Args:
        target: The file's path, or memory.
        properties: Title and the like.
        options: Further options of `xlsxwriter.Workbook`.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False, **options})
    book.set_properties(
        {**(properties or {}), "created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)}
    )
    return book


def read_back(folder: Path) -> dict[str, list[tuple[str, ...]]]:
    """Read the written files with readers other than the writers, as rows of text; hidden values are empty.

    Returns:
        File name -> rows, the header first.
    """
    import pyarrow.parquet as pq
    from python_calamine import CalamineWorkbook

    table = pq.read_table(folder / "data.parquet")
    columns = [["" if v is None else _exact(v) for v in column.to_pylist()] for column in table.columns]
    rows = {"data.parquet": [tuple(table.column_names), *zip(*columns, strict=True)]}
    text = (folder / "data.csv").read_text(encoding="utf-8-sig")
    rows["data.csv"] = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""))]
    if (folder / "data.xlsx").exists():
        sheet = CalamineWorkbook.from_path(folder / "data.xlsx").get_sheet_by_name("data")
        scales = [getattr(field.type, "scale", 0) for field in table.schema]
        rows["data.xlsx"] = [tuple(map(_plain, row, scales)) for row in sheet.to_python()]
    return rows


def check_written(table: pl.DataFrame, folder: Path) -> None:
    """Read every data file with another reader; what stands in it must be the published table and nothing else.

    Raises:
        VerificationError: Naming the files that hold something else.
    """
    text = table.select(pl.all().cast(pl.String).fill_null(""))
    expected = [tuple(table.columns), *text.rows()]
    wrong = [name for name, rows in read_back(folder).items() if rows != expected]
    wrong += leftovers(folder, table)
    if wrong:
        raise VerificationError([Problem(name, _NOT_AS_WRITTEN, _REPORT) for name in wrong])


def leftovers(folder: Path, table: pl.DataFrame) -> list[str]:
    """The data files that hold a text besides those of the published table: entries of dictionaries and statistics.

    A row that was filtered out may live on there (Polars Enum and Arrow dictionary arrays write every entry).
    """
    from opendata.scanning.tables import dictionaries, statistics

    data = (folder / "data.parquet").read_bytes()
    texts = [table[name].drop_nulls().unique() for name, kind in table.schema.items() if kind == pl.String]
    published = {text for column in texts for text in column}
    return [] if dictionaries(data) | statistics(data) <= published else ["data.parquet"]


def _plain(cell: object, scale: int) -> str:
    """A cell as text, with the decimals of its column; Excel knows no others, so 3.0 is 3 or 3.00."""
    if not isinstance(cell, float):
        return str(cell)
    if cell.is_integer() and not scale:
        return str(int(cell))
    exact = Decimal(repr(cell))
    shown = f"{exact:.{scale}f}"
    return shown if Decimal(shown) == exact else str(cell)


def _exact(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _digits(kind: pl.Decimal) -> dict[str, str]:
    """Excel's format of a column: every decimal that is published, zeros too."""
    return {"num_format": f"0.{'0' * kind.scale}" if kind.scale else "0"}


_NOT_AS_WRITTEN = Text("đọc lại không giống bảng đã công bố.", "does not read back as the published table.")
_REPORT = Text(
    "Dữ liệu không được phát hành; hãy báo lỗi phần mềm.",
    "Nothing was released; this is a fault of the software: report it.",
)
