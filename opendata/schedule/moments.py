"""The moments at which a dataset is due, and the period that each of them reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from catalog.entry import Frequency
from catalog.frequencies import cycles, months_later
from opendata.schedule.section import TIMEZONE, Schedule, day_in

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """A release that is promised.

    Attributes:
        moment: When it is due, in UTC: nothing of it is published before.
        day: The same as the day where the publisher is; the release bears this date, however late it comes.
        start: First day of the period that it adds.
        end: Last day of that period, and of what the release tells.
    """

    moment: datetime
    day: date
    start: date
    end: date


def dues(schedule: Schedule, frequency: Frequency) -> Iterator[Due]:
    """Every release that is due, oldest first: without end, or to `until`.

    A cycle of n months that is due on day D reports the n calendar months up to the month that lies `lag.months`
    before that of the due day: monthly on 10 February, January. A cycle of n days reports the n days up to the one
    that lies `lag.days` before the due day.

    Args:
        schedule: Of the dataset.
        frequency: Of its catalogue record.
    """
    cycle = cycles()[frequency]
    for number in count():
        due = (
            _by_months(schedule, cycle.months, number)
            if cycle.months
            else _by_days(schedule, cycle.days, number)
        )
        if due is None or (schedule.until is not None and due.day > schedule.until):
            return
        yield due


def moment(schedule: Schedule, day: date) -> datetime:
    """The hour of the schedule on a day, in UTC."""
    local = datetime.combine(day, time.fromisoformat(schedule.hour), ZoneInfo(schedule.timezone))
    return local.astimezone(UTC)


def day_of(schedule: Schedule, at: datetime) -> date:
    """The day that a moment is, where the publisher is."""
    return at.astimezone(ZoneInfo(schedule.timezone)).date()


def local(at: datetime) -> date:
    """The day that a moment is in Viet Nam, for what is told of several datasets at once."""
    return at.astimezone(ZoneInfo(TIMEZONE)).date()


def late_days(schedule: Schedule, due: Due, at: datetime) -> int:
    """How many days after its day something came, or is still awaited; 0 on the day itself or before."""
    return max(0, (day_of(schedule, at) - due.day).days)


def _by_months(schedule: Schedule, months: int, number: int) -> Due | None:
    month = _month(schedule.first, number * months)
    if month is None:
        return None
    day = month.replace(day=day_in(schedule, month.year, month.month))
    last = schedule.lag.months or 1
    start = months_later(month, -(last + months - 1))
    return Due(moment(schedule, day), day, start, months_later(month, 1 - last) - _DAY)


def _month(first: date, later: int) -> date | None:
    """The first day of a month; None where the calendar ends."""
    month = first.replace(day=1)
    return (
        months_later(month, later) if (first.year * 12 + first.month + later) < date.max.year * 12 else None
    )


def _by_days(schedule: Schedule, days: int, number: int) -> Due | None:
    try:
        day = schedule.first + number * days * _DAY
        end = day - (schedule.lag.days or 1) * _DAY
    except OverflowError:
        return None
    return Due(moment(schedule, day), day, end - (days - 1) * _DAY, end)
