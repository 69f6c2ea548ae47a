"""Whether the figures of a period have arrived: a release tells its period, all of it and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from catalog.errors import Problem, Text
from opendata.errors import SourceError
from opendata.source import Records
from opendata.spec import CalendarDimension, Spec


class NotArrivedError(SourceError):
    """The source holds nothing yet of the period that is due: late, not wrong."""


def within(spec: Spec, records: Records) -> Records:
    """The records of a scheduled dataset up to the end of its period (`entry.temporal.end`).

    Months after it are left out: they are partial, or belong to a later release that is not due. Of a dataset without
    a schedule, or without a calendar, every record is kept.

    Args:
        spec: The spec, of the release that is due (`Spec.at`).
        records: All that is in the source.

    Raises:
        NotArrivedError: When there is no record of the last month of the period.
    """
    names = [name for name, one in spec.table.dimensions.items() if isinstance(one, CalendarDimension)]
    if spec.schedule is None or not names or not set(names) <= set(records.frame.columns):
        return records
    last = _month(spec.entry.temporal.end)
    for name in names:
        if not _told(spec, records.frame, pl.col(name) == last):
            raise NotArrivedError([Problem(name, _missing(last), _WAIT)])
    later = pl.any_horizontal(pl.col(name) > last for name in names)
    kept = records.frame.filter(~later)
    if kept.height == records.frame.height:
        return records
    told = Problem(names[0], _later(last), _NEXT)
    return replace(records, frame=kept, warnings=(*records.warnings, told))


def _told(spec: Spec, frame: pl.DataFrame, month: pl.Expr) -> bool:
    """Whether any row of the month has a figure: rows that wait to be filled in have none."""
    figures = [name for name in spec.table.measures if name in frame.columns]
    return bool(frame.select((month & pl.any_horizontal(pl.col(figures).is_not_null())).any()).item())


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _missing(month: str) -> Text:
    return Text(
        f"nguồn chưa có số liệu của {month}, tháng cuối của kỳ này.",
        f"the source has not arrived: nothing of {month}, the last month of this period.",
    )


def _later(month: str) -> Text:
    return Text(
        f"các tháng sau {month} không thuộc kỳ này nên được bỏ ra.",
        f"months after {month} are not of this period and are left out.",
    )


_WAIT = Text(
    "Lấy bản trích mới vào nguồn đã khai, rồi chạy lại; bản cũ không bao giờ được công bố dưới ngày mới.",
    "Bring the new extract to the declared source and run again; old figures are never published under a new date.",
)
_NEXT = Text("Chúng có trong bản phát hành của kỳ sau.", "They come with the release of their own period.")
