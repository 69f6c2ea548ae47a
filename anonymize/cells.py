"""Contributions given with the cells themselves: numbers of contributors and largest amounts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize import amounts
from anonymize.checks import named
from anonymize.contributions import TOP, Contributions
from anonymize.errors import Problem, TableError, Text
from anonymize.marks import CellColumns

Index = NDArray[np.int64]


def given(
    frame: pl.DataFrame, cells: pl.DataFrame, columns: CellColumns, shape: tuple[int, int]
) -> Contributions | None:
    """The contributions that a frame of cells names, per row of a table.

    Who they are is not told, so that only the cells of one contributor are taken as known to somebody: each to
    somebody else.

    Args:
        frame: One row per cell.
        cells: Key columns and `value` of the table.
        columns: Names the columns.
        shape: Decimals of the values; number of measures.

    Raises:
        TableError: A column is missing or holds what it cannot, or a cell that is not zero lacks its contributors.
    """
    if columns.contributors is None and not columns.largest:
        return None
    decimals, width = shape
    used = [*columns.largest, *([columns.contributors] if columns.contributors else [])]
    _check(frame, used, columns)
    keys = [name for name in cells.columns if name not in ("measure", "value")]
    joined = cells.join(frame.select(*keys, *used), on=keys, how="left", maintain_order="left")
    lacking = joined.filter((pl.col("value") != 0) & pl.any_horizontal(pl.col(used).is_null()))
    if lacking.height:
        codes = lacking.select(keys).head(20).iter_rows(named=True)
        raise TableError([Problem(named(row), *_LACKING) for row in codes])
    joined = joined.with_columns(pl.col(used).fill_null(0))
    size = joined["value"].abs().to_numpy()
    count = np.full(len(size), -1)
    if columns.contributors:
        count = joined[columns.contributors].cast(pl.Int64).to_numpy()
    largest = np.zeros((len(size), TOP), np.int64)
    if columns.largest:
        found, _ = amounts.scaled(joined, columns.largest, decimals=decimals)
        largest[:, : found.shape[1]] = found
    who = np.full((len(size), TOP), -1)
    who[:, 0] = np.arange(len(size)) // width
    return Contributions(count, size, largest, who, np.zeros(len(size), np.int64), len(columns.largest))


def _check(frame: pl.DataFrame, used: list[str], columns: CellColumns) -> None:
    problems = [Problem(f"column {name}", *_MISSING) for name in used if name not in frame.columns]
    if not problems and columns.contributors:
        whole, decimals = amounts.scaled(frame.drop_nulls(columns.contributors), [columns.contributors])
        if decimals or (whole < 0).any():
            problems.append(Problem(f"column {columns.contributors}", *_COUNTS))
    if not problems and columns.largest:
        falling = frame.select(pl.all_horizontal(_falling(columns.largest)).fill_null(True)).to_series()
        if not falling.all():
            problems.append(Problem(f"column {columns.largest[0]}", *_ORDER))
    if len(columns.largest) > TOP:
        problems.append(Problem(f"column {columns.largest[TOP]}", *_MANY))
    if problems:
        raise TableError(problems)


def _falling(names: tuple[str, ...]) -> list[pl.Expr]:
    return [pl.col(a) >= pl.col(b) for a, b in pairwise(names)] + [pl.col(names[-1]) >= 0]


_LACKING = (
    Text("thiếu số đơn vị hoặc đóng góp lớn nhất.", "lacks its contributors or largest contributions."),
    Text("Điền các cột này cho mọi ô khác 0.", "Fill these columns for every cell that is not 0."),
)
_MISSING = (
    Text("Cột thiếu trong dữ liệu.", "The column is missing from the data."),
    Text("Sửa dữ liệu nguồn hoặc khai báo của bảng.", "Correct the source or the declaration of the table."),
)
_COUNTS = (
    Text("Cột phải là số đơn vị.", "The column must hold numbers of contributors."),
    Text("Dùng số nguyên từ 0.", "Use whole numbers from 0."),
)
_ORDER = (
    Text(
        "Các đóng góp phải giảm dần và không âm.",
        "Contributions must fall from column to column, not below 0.",
    ),
    Text("Sắp lại các cột đóng góp.", "Order the columns of contributions."),
)
_MANY = (
    Text(f"Chỉ dùng đến {TOP} đóng góp lớn nhất.", f"Only the {TOP} largest contributions are used."),
    Text("Bỏ các cột thừa.", "Leave out the rest."),
)
