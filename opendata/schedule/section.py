"""Section `schedule` of a spec: on which days a dataset is due, and how long after the period that it reports."""

from __future__ import annotations

import calendar
import zoneinfo
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from catalog.labels import Day

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
TIMEZONE = "Asia/Ho_Chi_Minh"
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def _known_zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError(
            "timezone",
            "no time zone of the IANA database, such as Asia/Ho_Chi_Minh",
            {"vi": "không phải múi giờ của cơ sở dữ liệu IANA, ví dụ Asia/Ho_Chi_Minh"},
        ) from None
    return name


class Lag(BaseModel):
    """How long after the end of the period the release is due.

    Attributes:
        months: Of cycles of months: the release is due in this month after the last one of the period; 1 is the next.
        days: Of cycles of days: on this day after the last one of the period; 1 is the next.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    months: int | None = Field(default=None, ge=1, le=120)
    days: int | None = Field(default=None, ge=1, le=366)


class Schedule(BaseModel):
    """When a dataset is due; how often stands in `entry.frequency`.

    Attributes:
        first: `from` in the spec: the first day on which a release is due; every other follows from it.
        day: Of the month (31: its last), or of the week; by default that of `from`.
        hour: At what time of that day, hours and minutes.
        timezone: Where that time is told; of the IANA database.
        lag: How long after the period; by default in the month after it, or on the day after it.
        until: No release is due after this day; by default the series goes on.
        ahead: How many days before it is due a release may be made and put before those who approve; it is published
            on its day all the same.
        retries: How often a portal that gives trouble is asked again within one run.
        embargo: Whether nothing of a release is published before it is due.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    first: Day = Field(alias="from", strict=False)
    day: Annotated[int, Field(ge=1, le=31)] | Weekday | None = None
    hour: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "09:00"
    timezone: Annotated[str, AfterValidator(_known_zone)] = TIMEZONE
    lag: Lag = Lag()
    until: Annotated[Day, Field(strict=False)] | None = None
    ahead: int = Field(default=0, ge=0, le=60)
    retries: int = Field(default=3, ge=0, le=9)
    embargo: bool = True


def day_in(schedule: Schedule, year: int, month: int) -> int:
    """The day of a month on which a release is due: the last one where the month is shorter."""
    wanted = schedule.day if isinstance(schedule.day, int) else schedule.first.day
    return min(wanted, calendar.monthrange(year, month)[1])
