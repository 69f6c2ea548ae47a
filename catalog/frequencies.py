"""How often data are promised, and when the next update is due."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from catalog.entry import Frequency
from catalog.labels import Labels, Strict


class Cycle(Strict):
    """A code of the EU authority table "frequency".

    Attributes:
        labels: Its name.
        months: Months until the next update.
        days: Days until it, for cycles shorter than a month; both 0 when nothing is promised.
    """

    labels: Labels
    months: int
    days: int


@cache
def cycles() -> dict[Frequency, Cycle]:
    """Every frequency, by its code."""
    text = (files("catalog") / "data" / "frequencies.json").read_text(encoding="utf-8")
    return TypeAdapter(dict[Frequency, Cycle]).validate_json(text)


def next_due(last: date, frequency: Frequency) -> date | None:
    """The last day on which the next update is on time; None when none is promised."""
    cycle = cycles()[frequency]
    if not (cycle.months or cycle.days):
        return None
    return months_later(last, cycle.months) + timedelta(days=cycle.days)


def months_later(day: date, months: int) -> date:
    """The same day some months on; the last of the month where that one is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
