"""Records of contributors: what their columns must hold, and their contributions to every cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from anonymize import amounts
from anonymize.contributions import Contributions, Sources, gather, numbered
from anonymize.errors import Problem, TableError, Text
from anonymize.grid import Grid
from anonymize.hierarchy import Hierarchy
from anonymize.margins import places


@dataclass(frozen=True, slots=True)
class RecordColumns:
    """Which columns of records tell who contributes.

    Attributes:
        contributor: Code of the contributor.
        holding: Code of the group the contributor belongs to, null for none: the group counts as one contributor.
        weight: Sampling weight, from 0.
        request: Boolean: the contributor asked for protection.
    """

    contributor: str | None = None
    holding: str | None = None
    weight: str | None = None
    request: str | None = None

    @property
    def names(self) -> list[str]:
        """The columns that there are."""
        return [
            name for name in (self.contributor, self.holding, self.weight, self.request) if name is not None
        ]


@dataclass(frozen=True, slots=True)
class Read:
    """Records as whole numbers.

    Attributes:
        leaves: The dimension columns and per measure the amounts (Int64), weighted where there are weights.
        decimals: Amounts are times 10^decimals.
        signed: Whether an amount is negative.
        contributions: None where no contributor is named.
    """

    leaves: pl.DataFrame
    decimals: int
    signed: bool
    contributions: Contributions | None


def problems(frame: pl.DataFrame, columns: RecordColumns) -> list[Problem]:
    """Mistakes in the columns that tell who contributes."""
    missing = [name for name in columns.names if name not in frame.columns]
    if missing:
        return [_problem(name, _LACKING) for name in missing]
    if columns.contributor is None:
        return [_problem(n, _NEEDS) for n in (columns.holding, columns.request) if n is not None]
    found = []
    if frame[columns.contributor].null_count():
        found.append(_problem(columns.contributor, _NOBODY))
    if columns.request is not None and frame[columns.request].dtype != pl.Boolean:
        found.append(_problem(columns.request, _BOOLEAN))
    for name, text in ((columns.holding, _ONE_HOLDING), (columns.weight, _ONE_WEIGHT)):
        if name is None:
            continue
        by = _who(columns) if name == columns.weight else pl.col(columns.contributor)
        several = frame.group_by(by.alias("\x1f")).agg(pl.col(name).n_unique().alias("n"))
        if (several["n"] > 1).any():
            found.append(_problem(name, text))
    return found


def read(
    frame: pl.DataFrame,
    dimensions: Mapping[str, Hierarchy],
    measures: Sequence[str],
    columns: RecordColumns,
    *,
    grid: Grid,
) -> Read:
    """The amounts of records, and who contributes them.

    Raises:
        TableError: Amounts or weights that cannot be kept exactly, negative weights.
    """
    whole, decimals = amounts.scaled(frame, measures)
    weight, unit, places_of_weight = None, 1, 0
    if columns.weight is not None:
        weighted, places_of_weight = amounts.scaled(frame, [columns.weight])
        weight, unit = weighted[:, 0], 10**places_of_weight
        _check_weight(columns.weight, decimals + places_of_weight, bool((weight < 0).any()))
    total = whole if weight is None else whole * weight[:, None]
    large = amounts.sums_fit({name: total[:, m] for m, name in enumerate(measures)})
    if large:
        raise TableError(large)
    leaves = frame.select(*dimensions).with_columns(
        pl.Series(name, total[:, m]) for m, name in enumerate(measures)
    )
    contributions = None
    if columns.contributor is not None:
        asked = np.zeros(frame.height, bool)
        if columns.request is not None:
            asked = frame[columns.request].fill_null(False).to_numpy()
        who = numbered(frame.select(_who(columns)).to_series())
        where = tuple(places(frame[name], h) for name, h in dimensions.items())
        sources = Sources(where, who, whole, weight, unit, asked)
        found = gather(sources, list(dimensions.values()), grid)
        contributions = replace(found, requests=columns.request is not None)
    return Read(leaves, decimals + places_of_weight, bool((total < 0).any()), contributions)


def _who(columns: RecordColumns) -> pl.Expr:
    """The holding, or the contributor where there is none; codes of the two never collide."""
    own = pl.format("c{}", pl.col(columns.contributor or "").cast(pl.String))
    if columns.holding is None:
        return own
    group = pl.col(columns.holding).cast(pl.String)
    return pl.when(group.is_not_null()).then(pl.format("h{}", group)).otherwise(own)


def _check_weight(name: str, decimals: int, negative: bool) -> None:
    found = [_problem(name, _NEGATIVE)] if negative else []
    if decimals > amounts.DECIMALS:
        found.append(_problem(name, _FINE))
    if found:
        raise TableError(found)


def _problem(name: str, text: tuple[Text, Text]) -> Problem:
    return Problem(f"column {name}", *text)


_LACKING = (
    Text("Cột thiếu trong dữ liệu.", "The column is missing from the data."),
    Text("Sửa dữ liệu nguồn hoặc khai báo của bảng.", "Correct the source or the declaration of the table."),
)
_NEEDS = (
    Text("Cột cần có contributor đi kèm.", "The column needs a contributor column beside it."),
    Text("Khai báo contributor=.", "Declare contributor=."),
)
_NOBODY = (
    Text("Cột có dòng không rõ đơn vị.", "The column has rows without a contributor."),
    Text("Điền mã đơn vị cho mọi dòng.", "Give every row the code of its contributor."),
)
_BOOLEAN = (
    Text("Cột phải là đúng/sai.", "The column must be true or false."),
    Text("Đổi sang kiểu Boolean.", "Convert it to Boolean."),
)
_ONE_HOLDING = (
    Text("Một đơn vị thuộc nhiều nhóm.", "A contributor belongs to several holdings."),
    Text("Mỗi đơn vị chỉ thuộc một nhóm.", "Give each contributor one holding."),
)
_ONE_WEIGHT = (
    Text("Một đơn vị có nhiều quyền số.", "A contributor has several weights."),
    Text("Mỗi đơn vị (hoặc nhóm) có một quyền số.", "Give each contributor (or holding) one weight."),
)
_NEGATIVE = (
    Text("Cột có quyền số âm.", "The column has negative weights."),
    Text("Quyền số từ 0 trở lên.", "Weights start at 0."),
)
_FINE = (
    Text(
        f"Số liệu nhân quyền số có hơn {amounts.DECIMALS} chữ số thập phân.",
        f"Amounts times weights have more than {amounts.DECIMALS} decimals.",
    ),
    Text("Làm tròn quyền số hoặc số liệu.", "Round the weights or the amounts."),
)
