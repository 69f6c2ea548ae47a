"""Rates: one measure over another, rounded once from whole numbers; and what a published rate gives away of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

import catalog
from catalog.errors import Problem, Text
from opendata import words
from opendata.errors import VerificationError
from opendata.release import private_folder
from opendata.spec import TableSection

COUNTS = "counts.parquet"  # in the confidential part: the protected counts, where not all are published
WHOLE = pl.Int128  # 2 x a count x the largest `per` x 10^6 has 35 digits


@dataclass(frozen=True, slots=True)
class Formula:
    """How a rate is made: `of` / `over` x `per`, rounded half up.

    Attributes:
        of: The measure that is counted.
        over: The measure that it is counted among.
        per: For how many of `over`, such as 100000.
        decimals: Digits after the decimal mark.
    """

    of: str
    over: str
    per: int
    decimals: int

    @property
    def scale(self) -> int:
        """What a quotient is multiplied with to be the whole number that is rounded to."""
        return self.per * int(10**self.decimals)


def declared(section: TableSection) -> dict[str, Formula]:
    """The rates of a spec's section `table`, by the names of their columns."""
    return {
        name: Formula(rate.of, rate.over, rate.per, rate.decimals) for name, rate in section.rates.items()
    }


def columns(section: TableSection) -> list[catalog.Column]:
    """The columns of a spec's rates, each with its formula in numbers and in words."""
    labels = {name: measure.label for name, measure in section.measures.items()}
    formulas = declared(section)
    return [
        catalog.Column(
            name,
            "rate",
            "number",
            rate.label,
            unit=rate.unit,
            note=_note(formulas[name], labels),
            of=rate.of,
            over=rate.over,
            per=rate.per,
            decimals=rate.decimals,
        )
        for name, rate in section.rates.items()
    ]


def described(found: Iterable[catalog.Column]) -> dict[str, Formula]:
    """The rates that a codebook describes, by the names of their columns (`catalog.read_codebook`)."""
    return {
        column.name: Formula(
            str(column.of), str(column.over), int(column.per or 0), int(column.decimals or 0)
        )
        for column in found
        if column.role == "rate"
    }


def computed(table: pl.DataFrame, rates: Mapping[str, Formula]) -> pl.DataFrame:
    """The table with its rates, each from the counts of its own row: of a margin too, where rates never add up.

    Args:
        table: Per measure a count (Int64, null if hidden) and `<measure>_status`.
        rates: The rates by the names of their columns.

    Returns:
        The columns of `table`, then `<rate>` (Decimal(38, decimals)) and `<rate>_status`: Q where one of its counts is
        hidden, O where it is counted among none, else A.
    """
    return table.with_columns(column for name, rate in rates.items() for column in _columns(name, rate))


def shown(data: pl.DataFrame, rates: Mapping[str, Formula]) -> pl.DataFrame:
    """What published rates give away of counts that the same table does not show.

    A rate and one of its counts leave the other only the whole numbers that round to it. Of a measure that is not
    published each such count was protected as if it were; whoever judges a later release takes it as known.

    Args:
        data: Released rows: dimensions, per measure and rate a number and its status. A measure without a column is
            one that is not published.
        rates: The rates of this release, from its codebook (`described`).

    Returns:
        One row per cell, rate and count that the row itself does not show: the dimensions, `rate`, `measure`, `low` and
        `high` (Int64), both included. `high` is null where the rate is 0 and says nothing of how many it is counted
        among; both are null where neither count is published: the rate gives their proportion, and with its rounding
        it may give both, so that both are to be taken as known.
    """
    keys = _dimensions(data)
    parts = [
        part.select(
            *keys, pl.lit(name).alias("rate"), pl.lit(measure).alias("measure"), pl.col("low", "high")
        )
        for name, rate in rates.items()
        for measure, part in (
            (rate.of, _numerators(data, name, rate)),
            (rate.over, _denominators(data, name, rate)),
        )
    ]
    empty = data.clear().select(keys).with_columns(rate=pl.lit(""), measure=pl.lit(""), low=_NONE, high=_NONE)
    return pl.concat([empty, *parts])


def with_inferred(data: pl.DataFrame, directory: Path) -> pl.DataFrame:
    """A released table with the counts that it does not publish, where it shows a rate of them.

    Args:
        data: The released table; without rates it comes back as it is.
        directory: The release, written and checked.

    Raises:
        VerificationError: When its confidential part, where these counts stand, is not there.
    """
    if not any(isinstance(kind, pl.Decimal) for kind in data.dtypes):
        return data
    rates = described(catalog.read_codebook((directory / "codebook.json").read_text(encoding="utf-8")))
    used = {measure for rate in rates.values() for measure in (rate.of, rate.over)}
    unseen = sorted(used - set(data.columns))
    if not unseen:
        return data
    found, keys = _confidential(directory), _dimensions(data)
    told = {
        measure: [
            pl.col(f"{name}_status") != "Q" for name, rate in rates.items() if measure in (rate.of, rate.over)
        ]
        for measure in unseen
    }
    whole = data.join(
        found.select(*keys, *unseen), on=keys, how="left", validate="1:1", maintain_order="left"
    )
    return whole.with_columns(
        column
        for measure in unseen
        for column in (
            pl.when(pl.any_horizontal(told[measure])).then(pl.col(measure)).alias(measure),
            pl.lit("").alias(f"{measure}_status"),
        )
    )


def _confidential(directory: Path) -> pl.DataFrame:
    path = private_folder(directory) / COUNTS
    if not path.is_file():
        raise VerificationError([Problem(f"{directory.name}: {COUNTS}", _FORGOTTEN, _RESTORE)])
    return pl.read_parquet(path)


def _note(rate: Formula, labels: Mapping[str, catalog.Labels]) -> catalog.Labels:
    """How a rate is made, in words."""
    of, over, per = labels[rate.of], labels[rate.over], words.count(rate.per)
    return catalog.Labels(
        vi=f"{of.vi} ({rate.of}) ÷ {over.vi} ({rate.over}) × {per.vi}, tính từ hai số của chính ô đó, làm tròn đến "
        f"{rate.decimals} chữ số thập phân; trống khi một trong hai số bị che hoặc mẫu số bằng 0.",
        en=f"{of.en} ({rate.of}) ÷ {over.en} ({rate.over}) × {per.en}, from the two counts of the cell itself, rounded "
        f"half up to {rate.decimals} decimals; empty where one of the two is hidden or the denominator is 0.",
    )


def _columns(name: str, rate: Formula) -> tuple[pl.Expr, pl.Expr]:
    of, over = pl.col(rate.of), pl.col(rate.over)
    hidden = of.is_null() | over.is_null()
    status = pl.when(hidden).then(pl.lit("Q")).when(over == 0).then(pl.lit("O")).otherwise(pl.lit("A"))
    return _quotient(rate).alias(name), status.alias(f"{name}_status")


def _quotient(rate: Formula) -> pl.Expr:
    """Half up in whole numbers: (2 x of x scale + over) // (2 x over); null where there is none."""
    of, over = pl.col(rate.of).cast(WHOLE), pl.col(rate.over).cast(WHOLE)
    rounded = (2 * of * _whole(rate.scale) + over) // (2 * over)
    one = pl.lit(f"{10**-rate.decimals:.{rate.decimals}f}").cast(pl.Decimal(38, rate.decimals))
    found = rounded.cast(pl.Decimal(38, 0)) * one
    return pl.when(over > 0).then(found.cast(pl.Decimal(38, rate.decimals)))


def _numerators(data: pl.DataFrame, name: str, rate: Formula) -> pl.DataFrame:
    """Where the numerator does not stand in the row: the whole numbers that round to the rate."""
    value, over = _rounded(name, rate), _public(data, rate.over)
    low = _up((2 * value - 1) * over, 2 * rate.scale)
    high = _up((2 * value + 1) * over, 2 * rate.scale) - 1
    return _bounded(data, data[name].is_not_null(), rate.of, (low, high))


def _denominators(data: pl.DataFrame, name: str, rate: Formula) -> pl.DataFrame:
    """The same of the denominator; that it is 0 is told by the status."""
    value, twice = _rounded(name, rate), 2 * _public(data, rate.of) * _whole(rate.scale)
    none, number = pl.col(f"{name}_status") == "O", twice.is_not_null()
    low = pl.when(none).then(0).when(number).then(twice // (2 * value + 1) + 1)
    high = pl.when(none).then(0).when(number & (value > 0)).then(twice // (2 * value - 1))
    told = data[name].is_not_null() | (data[f"{name}_status"] == "O")
    return _bounded(data, told, rate.over, (low, high))


def _bounded(
    data: pl.DataFrame, told: pl.Series, measure: str, bounds: tuple[pl.Expr, pl.Expr]
) -> pl.DataFrame:
    """The rows where a rate tells of a count that the row does not show, with its bounds."""
    kept = told & data[measure].is_null() if measure in data.columns else told
    low, high = (bound.clip(upper_bound=_whole(2**63 - 1)).cast(pl.Int64) for bound in bounds)
    return data.filter(kept).with_columns(low=low, high=high)


def _rounded(name: str, rate: Formula) -> pl.Expr:
    """A published rate as the whole number that it was rounded to."""
    return (pl.col(name) * pl.lit(10**rate.decimals).cast(pl.Decimal(38, 0))).cast(WHOLE)


def _public(data: pl.DataFrame, measure: str) -> pl.Expr:
    """A count as the row shows it; null where it does not."""
    return pl.col(measure).cast(WHOLE) if measure in data.columns else pl.lit(None, WHOLE)


def _up(number: pl.Expr, by: int) -> pl.Expr:
    """A quotient, rounded up; 0 below it, since nothing counts less."""
    return (number.clip(lower_bound=_whole(0)) + _whole(by - 1)) // _whole(by)


def _whole(number: int) -> pl.Expr:
    return pl.lit(number, WHOLE)


def _dimensions(data: pl.DataFrame) -> list[str]:
    held = {name.removesuffix("_status") for name in data.columns if name.endswith("_status")}
    return [name for name in data.columns if name.removesuffix("_status") not in held]


_NONE = pl.lit(None, pl.Int64)
_FORGOTTEN = Text(
    "thiếu các số đếm mà bản này chỉ công bố qua tỷ suất; không thể bảo vệ bản sau khi chưa biết chúng.",
    "the counts that this release shows by rates alone are missing; no later one can be protected without them.",
)
_RESTORE = Text("Khôi phục phần mật từ bản sao lưu.", "Restore the confidential part from a backup.")
