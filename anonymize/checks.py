"""What a frame must satisfy before it becomes a table; every mistake is reported, none with a value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from anonymize.errors import Problem, Text
from anonymize.hierarchy import Hierarchy

SHOWN = 5
_CODE_LIKE = re.compile(r"(?!\d{8,})[\w.+-]{1,24}")


def frame_problems(
    frame: pl.DataFrame,
    dimensions: Mapping[str, Hierarchy],
    measures: Sequence[str],
    *,
    leaves_only: bool,
    counts: bool = True,
) -> list[Problem]:
    """Mistakes of columns, codes and counts; empty when the frame can be aggregated."""
    missing = [name for name in (*dimensions, *measures) if name not in frame.columns]
    if missing or not measures or not dimensions:
        return [
            _column(name, "thiếu trong dữ liệu.", "is missing from the data.") for name in missing or ["?"]
        ]
    problems = [p for name, h in dimensions.items() for p in _code_problems(frame[name], h, leaves_only)]
    problems += [p for name in measures if counts for p in _count_problems(frame[name])]
    if not problems and not leaves_only:
        problems += _duplicates(frame, list(dimensions))
    return problems


def sum_problems(
    frame: pl.DataFrame, cells: pl.DataFrame, dimensions: Mapping[str, Hierarchy], measures: Sequence[str]
) -> list[Problem]:
    """Cells of the frame that are not the sum of their leaf cells, named by their codes."""
    keys = list(dimensions)
    long = frame.select(*keys, *measures).unpivot(
        on=list(measures), index=keys, variable_name="measure", value_name="given"
    )
    on = [*keys, "measure"] if len(measures) > 1 else keys
    wrong = long.join(cells, on=on).filter(pl.col("given") != pl.col("value")).sort(on)
    problems = [
        Problem(
            named(row),
            Text("không bằng tổng các ô thành phần.", "is not the sum of its parts."),
            Text("Sửa ô này hoặc các ô thành phần của nó.", "Correct this cell or its parts."),
        )
        for row in wrong.select(on).head(20).iter_rows(named=True)
    ]
    return problems + _rest(wrong.height - len(problems))


def named(codes: Mapping[str, str]) -> str:
    """A cell by its codes: `province=01, year=2016`."""
    return "cell " + ", ".join(f"{name}={code}" for name, code in codes.items())


def _code_problems(column: pl.Series, hierarchy: Hierarchy, leaves_only: bool) -> list[Problem]:
    if column.dtype != pl.String:
        return [_column(column.name, "phải chứa mã dạng chuỗi.", "must hold codes as text.")]
    allowed = hierarchy.leaves if leaves_only else [*hierarchy.codes, *hierarchy.leaves]
    unknown = column.filter(~column.is_in(allowed)).drop_nulls().unique().sort()
    problems = []
    if column.null_count():
        n = column.null_count()
        problems.append(_column(column.name, f"có {n} dòng thiếu mã.", f"lacks the code in {n} rows."))
    if len(unknown):
        kind = ("lá ", "leaf ") if leaves_only else ("", "")
        shown = ", ".join(code for code in unknown.head(SHOWN) if _CODE_LIKE.fullmatch(code)) or "-"
        problems.append(_column(
            column.name,
            f"có {len(unknown)} mã không phải mã {kind[0]}của cây mã: {shown}.",
            f"has {len(unknown)} codes that are no {kind[1]}code of the hierarchy: {shown}.",
        ))  # fmt: skip
    return problems


def _count_problems(column: pl.Series) -> list[Problem]:
    if not column.dtype.is_numeric():
        return [_column(column.name, "phải là số.", "must be numeric.")]
    values = column.cast(pl.Float64)
    tests = (
        (values.is_null().sum(), "dòng thiếu số", "rows without a number"),
        ((values < 0).sum(), "số âm", "negative numbers"),
        (
            (~values.is_finite() | (values != values.floor())).sum(),
            "số không nguyên",
            "numbers that are not whole",
        ),
        ((values > 2**52).sum(), "số quá lớn", "numbers too large to be exact"),
    )
    return [_column(column.name, f"có {n} {vi}.", f"has {n} {en}.") for n, vi, en in tests if n]


def _duplicates(frame: pl.DataFrame, keys: list[str]) -> list[Problem]:
    twice = frame.group_by(keys).len().filter(pl.col("len") > 1).sort(keys)
    problems = [
        Problem(
            named(row),
            Text("xuất hiện nhiều lần.", "appears more than once."),
            Text("Giữ một dòng cho mỗi ô.", "Keep one row per cell."),
        )
        for row in twice.select(keys).head(20).iter_rows(named=True)
    ]
    return problems + _rest(twice.height - len(problems))


def _rest(more: int) -> list[Problem]:
    if more <= 0:
        return []
    same = Text("cùng lỗi như trên.", "have the same mistake.")
    return [Problem(f"{more} more cells", same, Text("Sửa như trên.", "Correct them likewise."))]


def _column(name: str, vi: str, en: str) -> Problem:
    return Problem(
        f"column {name}",
        Text(f"Cột {vi}", f"The column {en}"),
        Text(
            "Sửa dữ liệu nguồn hoặc khai báo của bảng.", "Correct the source or the declaration of the table."
        ),
    )
