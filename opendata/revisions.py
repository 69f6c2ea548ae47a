"""What a spec says of its own changes: which figures are provisional, why final ones were corrected, what will break.

Sections `revisions` and `notice`. A figure that was published as final changes only by a correction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import polars as pl
from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from catalog.errors import Problem, Text
from catalog.labels import Day, Labels, Strict
from opendata.errors import SpecError

FINAL, PROVISIONAL = "A", "P"  # SDMX CL_OBS_STATUS: normal, provisional
SHOWN = 5  # cells that a refusal names
Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(?:0[1-9]|1[0-2])$")]


class Provisional(Strict):
    """From which month on figures are provisional; quarters and years that contain such a month are too.

    Attributes:
        dimension: The calendar dimension.
        since: The first provisional month; key `from`.
    """

    dimension: str
    since: Month = Field(alias="from")


class Correction(Strict):
    """Why figures that were final change.

    Attributes:
        date: The day of the decision, on or after the release that is corrected.
        what: What was wrong, for readers.
    """

    date: Day
    what: Labels


class Revisions(Strict):
    """The revision policy of a dataset. With this section, a final figure changes only by a correction.

    Attributes:
        policy: When and how figures are revised, for readers.
        provisional: Which figures are provisional; all are final without it.
        corrections: What was corrected, and why.
    """

    policy: Labels | None = None
    provisional: Provisional | None = None
    corrections: tuple[Correction, ...] = ()


class Announcement(Strict):
    """A change that will break what readers have written, told before it comes: section `notice` of a spec.

    Attributes:
        announced: The day on which it was decided to announce it.
        effective: The first day on which a release may make it.
        what: What will change, and what readers should do.
    """

    announced: Day
    effective: Day
    what: Labels

    @model_validator(mode="after")
    def _ahead(self) -> Announcement:
        if self.effective <= self.announced:
            raise PydanticCustomError(
                "notice_order",
                "effective must come after announced",
                {"vi": "effective (áp dụng) phải sau announced (công bố)"},
            )
        return self


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """The table of a version that is out.

    Attributes:
        version: The version.
        released: The day of its release.
        table: What it shows.
        measures: Its measures that mean the same as those of the version to come.
    """

    version: str
    released: date
    table: pl.DataFrame
    measures: tuple[str, ...]


def marked(table: pl.DataFrame, revisions: Revisions | None) -> pl.DataFrame:
    """The published table with status "P" in place of "A" where the policy says that figures are provisional."""
    if revisions is None or revisions.provisional is None:
        return table
    name, since = revisions.provisional.dimension, revisions.provisional.since
    open_still = [code for code in table[name].unique() if last_month(code) >= since]
    provisional = pl.col(name).is_in(open_still)
    return table.with_columns(
        pl.when(provisional & (pl.col(column) == FINAL))
        .then(pl.lit(PROVISIONAL))
        .otherwise(pl.col(column))
        .alias(column)
        for column in table.columns
        if column.endswith("_status")
    )


def last_month(code: str) -> str:
    """The last month of a period: of "2026", "2026-Q1" or "2026-03"."""
    year, _, part = code.partition("-")
    if part.startswith("Q"):
        return f"{year}-{3 * int(part[1:]):02}"
    return code if part else f"{year}-12"


def since(revisions: Revisions | None, first: date, last: date) -> tuple[Correction, ...]:
    """The corrections from one day to another, both included, oldest first."""
    found = [one for one in (revisions.corrections if revisions else ()) if first <= one.date <= last]
    return tuple(sorted(found, key=lambda one: one.date))


def require(
    revisions: Revisions | None, table: pl.DataFrame, *, before: Sequence[Shown], released: date
) -> None:
    """Refuse to change what was shown as final without saying why; without a policy everything may be revised.

    Args:
        revisions: The policy.
        table: The table that is to be released.
        before: The versions that are out, oldest first, as far as their cells can be compared with it.
        released: The day of the release to come.

    Raises:
        SpecError: Naming cells by their codes, never a value, and the version that showed them last.
    """
    if revisions is None:
        return
    problems = []
    for shown, measure, cells in _changed(table, before):
        if not since(revisions, shown.released, released):
            where = f"{measure}, {shown.version}: {_named(cells)}"
            problems.append(Problem(where, _final(cells.height), _correct(shown.released)))
    if problems:
        raise SpecError(problems)


def _changed(table: pl.DataFrame, before: Sequence[Shown]) -> Iterator[tuple[Shown, str, pl.DataFrame]]:
    """The cells that are final no longer as the last version that showed them has it, per version and measure."""
    seen: dict[str, list[pl.DataFrame]] = {}
    for shown in reversed(before):
        keys = [name for name in shown.table.columns if name in _keys(table)]
        for measure in shown.measures:
            final = _final_cells(shown.table, keys, measure)
            for newer in seen.setdefault(measure, []):
                final = final.join(newer, on=keys, how="anti", maintain_order="left")
            seen[measure].append(final.select(keys))
            after = table.select(
                *keys, pl.col(measure).alias("_new"), pl.col(f"{measure}_status").alias("_status")
            )
            both = final.join(after, on=keys, how="inner", maintain_order="left")
            other = both.filter((pl.col("_new") != pl.col("_old")) | (pl.col("_status") == PROVISIONAL))
            if other.height:
                yield shown, measure, other.select(keys)


def _keys(table: pl.DataFrame) -> list[str]:
    statuses = {name for name in table.columns if name.endswith("_status")}
    return [name for name in table.columns if name not in statuses and f"{name}_status" not in statuses]


def _final_cells(table: pl.DataFrame, keys: Sequence[str], measure: str) -> pl.DataFrame:
    final = table.filter(pl.col(f"{measure}_status") == FINAL)
    return final.select(*keys, pl.col(measure).alias("_old"))


def _named(cells: pl.DataFrame) -> str:
    rows = cells.head(SHOWN).to_dicts()
    named = "; ".join(", ".join(f"{name} {code}" for name, code in row.items()) for row in rows)
    return f"{named}; …" if cells.height > SHOWN else named


def _final(count: int) -> Text:
    return Text(
        f"{count} số liệu đã công bố là chính thức nay khác hoặc thành sơ bộ.",
        f"{count} figures that were published as final have changed or become provisional.",
    )


def _correct(released: date) -> Text:
    return Text(
        f"Khôi phục số liệu, hoặc ghi lý do vào revisions.corrections với ngày từ {released} đến ngày phát hành.",
        f"Restore them, or say why in revisions.corrections, dated from {released} to the day of release.",
    )
