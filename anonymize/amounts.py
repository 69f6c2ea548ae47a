"""Amounts of magnitude tables as whole numbers: scaled by a power of ten, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.errors import Problem, TableError, Text

DECIMALS = 6
"""More decimals than this are a mistake of the source (a division, a currency rate), not a measurement."""
LARGEST = 1 << 50
"""Amounts beyond this are not exact as floating-point numbers."""

Index = NDArray[np.int64]


def scaled(frame: pl.DataFrame, columns: Sequence[str], *, decimals: int | None = None) -> tuple[Index, int]:
    """The columns as whole numbers.

    Args:
        frame: Holds the columns: integers, floats or decimals.
        columns: The columns.
        decimals: The power of ten; None for the smallest that keeps every amount.

    Returns:
        Int64, rows x columns: amount x 10^decimals; and the decimals.

    Raises:
        TableError: An amount is missing, infinite, too large or has more decimals than allowed. Only the columns
            and numbers of rows are named.
    """
    problems = [p for name in columns for p in _faults(frame[name])]
    if problems:
        raise TableError(problems)
    found = {name: _decimals(frame[name]) for name in columns}
    most = DECIMALS if decimals is None else decimals
    problems = [_too_fine(name, most) for name, d in found.items() if d is None or d > most]
    used = max((d for d in found.values() if d is not None), default=0) if decimals is None else decimals
    problems = problems or [_too_large(n) for n in columns if _magnitude(frame[n]) * 10.0**used > LARGEST]
    if problems:
        raise TableError(problems)
    return np.stack([_whole(frame[name], used) for name in columns], axis=1), used


def unscaled(amounts: Index, decimals: int) -> pl.Series:
    """Whole numbers as they are published: Int64, or Decimal with this many decimals."""
    whole = pl.Series("value", amounts, dtype=pl.Int64)
    if not decimals:
        return whole
    unit = pl.lit(Decimal(1).scaleb(-decimals))
    return pl.select(
        (pl.lit(whole).cast(pl.Decimal(38, 0)) * unit).cast(pl.Decimal(38, decimals))
    ).to_series()


def fits(column: pl.Series, decimals: int) -> bool:
    """Whether every amount of the column has at most this many decimals (nulls aside)."""
    found = 0 if column.dtype == pl.Null else _decimals(column.drop_nulls())
    return found is not None and found <= decimals


def sums_fit(sizes: Mapping[str, Index]) -> list[Problem]:
    """One problem per measure whose amounts add up to more than is exact."""
    return [_too_large(name) for name, size in sizes.items() if np.abs(size).sum(dtype=np.float64) > LARGEST]


def _faults(column: pl.Series) -> list[Problem]:
    if not column.dtype.is_numeric() and len(column):
        return [_problem(column.name, "phải là số.", "must be numeric.")]
    lacking = column.null_count()
    if column.dtype.is_float():
        lacking += int((~column.drop_nulls().is_finite()).sum())
    if not lacking:
        return []
    return [_problem(column.name, f"có {lacking} dòng thiếu số.", f"has {lacking} rows without a number.")]


def _decimals(column: pl.Series) -> int | None:
    """The fewest decimals that hold every amount, None when more than DECIMALS are needed."""
    if column.dtype.is_integer():
        return 0
    if isinstance(column.dtype, pl.Decimal):
        return _decimal_places(column)
    # A float stands for the shortest decimal number that it is nearest to.
    amounts = column.cast(pl.Float64).to_numpy()
    if column.dtype == pl.Float32:
        amounts = np.array([float(str(x)) for x in column.to_numpy()])
    for places in range(DECIMALS + 1):
        if (np.rint(amounts * 10.0**places) / 10.0**places == amounts).all():
            return places
    return None


def _decimal_places(column: pl.Series) -> int | None:
    for places in range(DECIMALS + 1):
        if (column.cast(pl.Decimal(38, places)).cast(pl.Decimal(38, column.dtype.scale)) == column).all():  # type: ignore[attr-defined]
            return places
    return None


def _magnitude(column: pl.Series) -> float:
    largest = column.cast(pl.Float64).abs().max()
    return 0.0 if largest is None else float(largest)  # type: ignore[arg-type]


def _whole(column: pl.Series, decimals: int) -> Index:
    if isinstance(column.dtype, pl.Decimal):
        return column.cast(pl.Decimal(38, decimals)).to_physical().cast(pl.Int64).to_numpy()
    if column.dtype.is_integer():
        return np.asarray(column.cast(pl.Int64).to_numpy() * 10**decimals)
    if column.dtype == pl.Float32:
        column = pl.Series(column.name, [float(str(x)) for x in column.to_numpy()], dtype=pl.Float64)
    return np.rint(column.cast(pl.Float64).to_numpy() * 10.0**decimals).astype(np.int64)


def _too_fine(name: str, most: int) -> Problem:
    return _problem(
        name,
        f"có số với hơn {most} chữ số thập phân.",
        f"has numbers with more than {most} decimals.",
        Text("Làm tròn số liệu nguồn trước khi tổng hợp.", "Round the source before it is aggregated."),
    )


def _too_large(name: str) -> Problem:
    return _problem(
        name,
        "có số quá lớn để tính chính xác.",
        "has numbers too large to be exact.",
        Text("Đổi sang đơn vị lớn hơn, ví dụ nghìn đồng.", "Use a larger unit, such as thousands."),
    )


def _problem(name: str, vi: str, en: str, remedy: Text | None = None) -> Problem:
    remedy = remedy or Text("Sửa dữ liệu nguồn.", "Correct the source.")
    return Problem(f"column {name}", Text(f"Cột {vi}", f"The column {en}"), remedy)
