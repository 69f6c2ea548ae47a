"""What a publisher declares about single cells: flags, what hiding costs, protection levels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize import amounts
from anonymize.checks import named
from anonymize.errors import Problem, TableError, Text

if TYPE_CHECKING:
    from anonymize.table import Table

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]

FLAGS = ("sensitive", "never", "always", "preferred", "structural")
UNSET = np.int64(-1)
ROW = "\x1frow"
"""A column of row numbers: no dimension has this name."""


@dataclass(frozen=True, slots=True)
class CellColumns:
    """Which columns of a frame of cells hold more than codes and values; None: there is no such column.

    Attributes:
        contributors: Number of contributors of the cell.
        largest: Its largest contributions, largest first (absolute, in the unit of the values).
        flag: "sensitive" (by decision, see rule `manual`), "never" (must stay published), "always" (hidden whatever the
            rules say), "preferred" (costs next to nothing to hide), "structural" (everybody knows that it must be
            0: men giving birth), or null.
        cost: What hiding the cell costs, a whole number from 0; null for the default, its value.
        lpl: Lower protection level: the interval must reach this far below the value; null for the rule's level.
        upl: Upper protection level, likewise.
    """

    contributors: str | None = None
    largest: tuple[str, ...] = ()
    flag: str | None = None
    cost: str | None = None
    lpl: str | None = None
    upl: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Marks:
    """Declarations, one entry per row of `Table.cells`.

    Attributes:
        sensitive: Sensitive by decision.
        never: Must stay published.
        always: Hidden in any case.
        preferred: Hidden before others.
        structural: Known to be zero.
        cost: Int64: what hiding costs; -1 for the default.
        lpl: Int64, in the unit of `Table.values`: lower protection level; -1 for that of the rule.
        upl: Likewise the upper protection level.
    """

    sensitive: Mask
    never: Mask
    always: Mask
    preferred: Mask
    structural: Mask
    cost: Index
    lpl: Index
    upl: Index


def mark(table: Table, frame: pl.DataFrame, columns: CellColumns | None = None) -> Table:
    """The table with declarations about some of its cells; earlier declarations about any cell are replaced.

    Args:
        table: The table.
        frame: One row per declared cell: the dimension columns, `measure` or not (then for every measure), and the
            columns named in `columns`.
        columns: Which column holds what; by default those of `flag`, `cost`, `lpl` and `upl` that the frame has.

    Raises:
        TableError: An unknown flag, cell or column, a negative cost or level, a structural zero that is not zero.
    """
    if columns is None:
        have = {name: name for name in ("flag", "cost", "lpl", "upl") if name in frame.columns}
        columns = CellColumns(**have)  # type: ignore[arg-type]
    # One column may hold both levels.
    named_columns = (columns.flag, columns.cost, columns.lpl, columns.upl)
    used = list(dict.fromkeys(name for name in named_columns if name is not None))
    keys = [name for name in table.keys if name != "measure" or name in frame.columns]
    missing = [name for name in (*keys, *used) if name not in frame.columns]
    if missing or not used:
        raise TableError([_missing(name) for name in missing or ["flag"]])
    rows = table.cells.select(table.keys).with_row_index(ROW)
    found = rows.join(frame.select(*keys, *used), on=keys, how="inner", maintain_order="left")
    strangers = frame.select(keys).join(rows, on=keys, how="anti")
    problems = [_where(named(row), _UNKNOWN) for row in strangers.head(20).iter_rows(named=True)]
    twice = found.select(ROW, *keys).filter(pl.col(ROW).is_duplicated()).unique(ROW, maintain_order=True)
    problems += [_where(named(row), _TWICE) for row in twice.select(keys).head(20).iter_rows(named=True)]
    if problems:
        raise TableError(problems)
    marks = _marks(table, found, columns)
    problems = [
        _where(named(codes), _NOT_ZERO)
        for codes in table.cells.select(table.keys)
        .filter(pl.Series(marks.structural & (table.values != 0)))
        .head(20)
        .to_dicts()
    ]
    if problems:
        raise TableError(problems)
    return replace(table, marks=marks)


def _marks(table: Table, found: pl.DataFrame, columns: CellColumns) -> Marks:
    size, place = len(table.values), found[ROW].to_numpy()
    flags = {name: np.zeros(size, bool) for name in FLAGS}
    if columns.flag is not None:
        _check_flags(found[columns.flag])
        for name in FLAGS:
            flags[name][place[(found[columns.flag] == name).fill_null(False).to_numpy()]] = True
    numbers = {
        "cost": _numbers(found, columns.cost, place, (size, 0)),
        "lpl": _numbers(found, columns.lpl, place, (size, table.decimals)),
        "upl": _numbers(found, columns.upl, place, (size, table.decimals)),
    }
    return Marks(*flags.values(), *numbers.values())


def _numbers(found: pl.DataFrame, name: str | None, place: Index, shape: tuple[int, int]) -> Index:
    size, decimals = shape
    result = np.full(size, UNSET)
    if name is None:
        return result
    given = found[name].is_not_null().to_numpy()
    if given.any():
        numbers, _ = amounts.scaled(found.filter(pl.Series(given)).select(name), [name], decimals=decimals)
        if (numbers < 0).any():
            raise TableError([_where(f"column {name}", _NEGATIVE)])
        result[place[given]] = numbers[:, 0]
    return result


def _check_flags(column: pl.Series) -> None:
    strange = 0 if column.dtype == pl.Null else int((~column.is_in(FLAGS)).sum())
    if column.dtype not in (pl.String, pl.Null) or strange:
        raise TableError([_where(f"column {column.name}", _STRANGE)])


def _where(where: str, text: tuple[Text, Text]) -> Problem:
    return Problem(where, *text)


def _missing(name: str) -> Problem:
    return _where(f"column {name}", _LACKING)


_LACKING = (
    Text("Thiếu cột này trong khai báo ô.", "The column is missing from the declared cells."),
    Text("Thêm cột hoặc bỏ khai báo.", "Add the column or do not name it."),
)
_UNKNOWN = (
    Text("không phải ô của bảng.", "is no cell of the table."),
    Text("Dùng mã của các cây mã của bảng.", "Use codes of the hierarchies of the table."),
)
_TWICE = (
    Text("được khai báo nhiều lần.", "is declared more than once."),
    Text("Giữ một dòng cho mỗi ô.", "Keep one row per cell."),
)
_NOT_ZERO = (
    Text("được khai là luôn bằng 0 nhưng khác 0.", "is declared a structural zero and is not 0."),
    Text("Sửa số liệu nguồn hoặc bỏ khai báo.", "Correct the source or drop the flag."),
)
_NEGATIVE = (
    Text("Cột có số âm.", "The column has negative numbers."),
    Text("Chi phí và mức bảo vệ từ 0 trở lên.", "Costs and protection levels start at 0."),
)
_STRANGE = (
    Text("Cột có cờ không biết.", "The column has unknown flags."),
    Text(
        f"Dùng một trong: {', '.join(FLAGS)}, hoặc để trống.",
        f"Use one of: {', '.join(FLAGS)}, or leave it empty.",
    ),
)
