"""Whether a schedule fits the rest of its spec."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

from catalog.entry import Entry
from catalog.frequencies import Cycle, cycles
from opendata.schedule.moments import dues
from opendata.schedule.section import WEEKDAYS, Schedule, day_in

_EXACT_DAYS = frozenset({1, 7, 14})  # the other short cycles say how long at most, not on which day


def check(schedule: Schedule, entry: Entry) -> None:
    """Refuse a schedule that does not fit what the catalogue record promises.

    Raises:
        PydanticCustomError: With the first thing that does not fit.
    """
    cycle = cycles()[entry.frequency]
    if not cycle.months and cycle.days not in _EXACT_DAYS:
        raise _wrong(
            "entry.frequency names no days: use MONTHLY, QUARTERLY, ANNUAL, WEEKLY, DAILY and the like",
            "entry.frequency không có ngày xác định: dùng MONTHLY, QUARTERLY, ANNUAL, WEEKLY, DAILY hoặc tương tự",
        )
    if (schedule.lag.days if cycle.months else schedule.lag.months) is not None:
        raise _wrong(
            "schedule.lag counts months for cycles of months, days for cycles of days",
            "schedule.lag tính bằng tháng với chu kỳ theo tháng, bằng ngày với chu kỳ theo ngày",
        )
    if not _on_its_day(schedule, cycle):
        raise _wrong(
            "schedule.from is not on schedule.day",
            "schedule.from (từ ngày) không rơi vào schedule.day (ngày)",
        )
    if schedule.first < entry.issued or (schedule.until is not None and schedule.until < schedule.first):
        raise _wrong(
            "schedule.from comes before entry.issued or after schedule.until",
            "schedule.from trước entry.issued (phát hành) hoặc sau schedule.until",
        )
    if next(dues(schedule, entry.frequency)).end < entry.temporal.start:
        raise _wrong(
            "the first release would end before entry.temporal.start",
            "bản đầu tiên kết thúc trước entry.temporal.start",
        )


def _on_its_day(schedule: Schedule, cycle: Cycle) -> bool:
    if schedule.day is None:
        return True
    if isinstance(schedule.day, int):
        return (
            bool(cycle.months)
            and day_in(schedule, schedule.first.year, schedule.first.month) == schedule.first.day
        )
    return cycle.days in (7, 14) and WEEKDAYS[schedule.first.weekday()] == schedule.day


def _wrong(en: str, vi: str) -> PydanticCustomError:
    return PydanticCustomError("schedule", "{en}", {"en": en, "vi": vi})
