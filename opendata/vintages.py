"""A table of figures carried from one vintage of a code list to another, with the breaks of its series marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from catalog.codelists import CodeList
from catalog.correspondences import Correspondence, breaks
from catalog.errors import CatalogError, Problem, Text
from catalog.rollup import Coded, MeasureKind, joinable, require
from opendata.errors import SpecError

Lists = tuple[CodeList | None, CodeList | None]
# SDMX CL_OBS_STATUS, what says most first: hidden, missing, break, estimated, provisional, normal.
_WORST = ("Q", "O", "B", "E", "P", "A")


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a table is carried over: the column of codes, what else tells rows apart, and the measures."""

    column: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]


def roll_up(
    frame: pl.DataFrame, column: str, along: Correspondence, measures: Mapping[str, MeasureKind]
) -> pl.DataFrame:
    """Add the figures of the earlier codes up into those of the later ones.

    What comes out is another publication of the same records: it is protected and audited together with the
    earlier one (`known`), or the differences between the two give hidden cells back.

    Args:
        frame: One row per code and combination of the other columns; `<measure>_status` columns may stand in it.
            Leaf codes only: margins are made again afterwards.
        column: The column of codes of the earlier list.
        along: The correspondence.
        measures: Name of each measure -> what it is; counts and amounts only can be added up.

    Returns:
        The same columns with later codes, sorted, and `<measure>_status` after each measure: "Q" or "O" and no
        figure where a part is hidden or missing, "B" where the code's area is not that of one earlier code, so that
        a series by this code breaks here, otherwise the worst status of the parts.

    Raises:
        SpecError: With every mistake: measures that do not add up, unknown codes, split codes, missing columns, a
            code twice in one combination.
    """
    plan = _plan(frame, column, measures)
    try:
        require(along, _codes(frame, column), measures)
    except CatalogError as refused:
        raise SpecError(refused.problems) from None
    if frame.select(column, *plan.keys).is_duplicated().any():
        raise SpecError([Problem(column, _TWICE, _ONE_ROW)])
    grouped = _with_statuses(frame, plan).join(_links(along), left_on=column, right_on="_before", how="inner")
    added = grouped.group_by("_after", *plan.keys).agg(
        expression for measure in plan.measures for expression in _added(measure)
    )
    return _shown(added.rename({"_after": column}), frame, plan)


def join(left: pl.DataFrame, right: pl.DataFrame, *, on: Sequence[str], codes: Lists) -> pl.DataFrame:
    """Join two tables whose first column of `on` holds codes of one list and vintage.

    Args:
        left: Every row of it is kept.
        right: At most one row for each combination of `on`.
        on: The columns; the first is the column of codes.
        codes: The list that codes the left table, and the one that codes the right; None where nobody declared it.

    Returns:
        The columns of both; null where the right table has no row.

    Raises:
        SpecError: With every mistake: a table without a list, lists that differ, codes that a list does not have,
            a row of the right table twice.
    """
    column = on[0]
    sides = zip(("left", "right"), (left, right), codes, strict=True)
    try:
        joinable(*(Coded(f"{side}.{column}", _codes(table, column), known) for side, table, known in sides))
    except CatalogError as refused:
        raise SpecError(refused.problems) from None
    if right.select(on).is_duplicated().any():
        raise SpecError([Problem(f"right.{column}", _TWICE, _ONE_ROW)])
    return left.join(right, on=list(on), how="left")


def _codes(frame: pl.DataFrame, column: str) -> frozenset[str]:
    return frozenset(str(code) for code in frame[column].unique())


def _plan(frame: pl.DataFrame, column: str, measures: Mapping[str, MeasureKind]) -> _Plan:
    missing = [name for name in (column, *measures) if name not in frame.columns]
    if missing:
        raise SpecError([Problem(name, _NO_COLUMN, _NAME_IT) for name in missing])
    own = {column, *measures, *(f"{measure}_status" for measure in measures)}
    return _Plan(column, tuple(name for name in frame.columns if name not in own), tuple(measures))


def _with_statuses(frame: pl.DataFrame, plan: _Plan) -> pl.DataFrame:
    """Every measure with a status: its own, or normal for a figure and missing for none."""
    return frame.with_columns(
        pl.when(pl.col(measure).is_null()).then(pl.lit("O")).otherwise(pl.lit("A")).alias(f"{measure}_status")
        for measure in plan.measures
        if f"{measure}_status" not in frame.columns
    )


def _links(along: Correspondence) -> pl.DataFrame:
    """Earlier code, later code, how many parts that one has, and whether its series breaks."""
    broken = breaks(along)
    rows = [(link.before, link.after, link.after in broken) for link in along.links]
    links = pl.DataFrame(
        rows, {"_before": pl.String, "_after": pl.String, "_breaks": pl.Boolean}, orient="row"
    )
    return links.with_columns(pl.len().over("_after").alias("_parts"))


def _added(measure: str) -> tuple[pl.Expr, pl.Expr]:
    """The sum, null unless every part has a figure; and its status."""
    value, status = pl.col(measure), pl.col(f"{measure}_status")
    whole = (value.count() == pl.col("_parts").first()).fill_null(value=False)
    worst = pl.lit("A")
    for found in reversed(_WORST):
        here = pl.col("_breaks").any() if found == "B" else (status == found).any()
        worst = pl.when(here).then(pl.lit(found)).otherwise(worst)
    hidden = pl.when((status == "Q").any()).then(pl.lit("Q")).otherwise(pl.lit("O"))
    return (
        pl.when(whole).then(value.sum()).alias(measure),
        pl.when(whole).then(worst).otherwise(hidden).alias(f"{measure}_status"),
    )


def _shown(added: pl.DataFrame, frame: pl.DataFrame, plan: _Plan) -> pl.DataFrame:
    """The columns in the order of the input, each status after its measure, rows sorted."""
    order: list[str] = []
    for name in frame.columns:
        if name in plan.measures:
            order += [name, f"{name}_status"]
        elif name.removesuffix("_status") not in plan.measures:
            order.append(name)
    return added.select(order).sort(plan.column, *plan.keys)


_NO_COLUMN = Text("bảng không có cột này.", "the table has no such column.")
_NAME_IT = Text("Ghi đúng tên cột.", "Name a column of the table.")
_TWICE = Text(
    "một mã xuất hiện nhiều lần trong cùng một tổ hợp.", "a code stands more than once in one combination."
)
_ONE_ROW = Text(
    "Cộng các dòng trùng trước, hoặc giữ cột phân biệt chúng.",
    "Add these rows up first, or keep the column that tells them apart.",
)
