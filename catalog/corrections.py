"""Notices of changes, additions and errors (Decree 102/2025, Article 24(1)): received, decided, counted.

A notice is about figures, and may come from a person whom they reflect. So it holds no name: who wrote stays in
the agency's own records. What is published of notices is how many there are; and the answer is the same
whatever was decided, because an answer that changes with the decision tells whether someone is in a cell.

Few people send notices, so a count may be one of them, and two counts a week apart tell of the one between. What is
published is therefore coarse in three ways: intervals of five whole numbers and no totals, so that no count can be
computed; all datasets together, so that nobody is tied to a table; and as things stood at the end of a calendar year,
so that no change is seen the day it happens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from catalog.errors import Text
from catalog.labels import Day, Labels, Said, Strict

NoticeKind = Literal["change", "addition", "error"]
NoticeState = Literal["open", "overdue", "accepted", "corrected", "declined"]
NoticeOutcome = Literal["pending", "accepted", "declined"]
BAND = 5  # whole numbers in a published interval


class Ruling(Strict):
    """What was decided about a notice.

    Attributes:
        outcome: Whether the figures are to be corrected.
        date: Day of the decision.
        reason: Why; for the agency's own use.
        version: The version that corrects the figures, once it is released.
    """

    outcome: Literal["accepted", "declined"]
    date: Day
    reason: Labels
    version: Said | None = None

    @model_validator(mode="after")
    def _one_outcome(self) -> Ruling:
        if self.outcome == "declined" and self.version is not None:
            raise PydanticCustomError(
                "declined",
                "a declined notice corrects no version",
                {"vi": "thông báo không chấp nhận thì không có version"},
            )
        return self


class Notice(Strict):
    """One notice; never who sent it.

    Attributes:
        dataset: Id of the dataset that it is about.
        kind: A change, an addition or an error.
        received: Day on which it came in.
        matter: What it says of the figures, without any person; for the agency's own use.
        ruling: What was decided; None while it is open.
    """

    dataset: Annotated[Said, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,98}[a-z0-9]$")]
    kind: NoticeKind
    received: Day
    matter: Labels
    ruling: Ruling | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Notice:
        if self.ruling and self.ruling.date < self.received:
            raise PydanticCustomError(
                "date_order",
                "the ruling comes before the notice",
                {"vi": "quyết định trước ngày nhận thông báo"},
            )
        return self


@dataclass(frozen=True, slots=True)
class Tally:
    """How many notices of one kind are in one state; for the agency alone."""

    kind: NoticeKind
    state: NoticeState
    count: int


@dataclass(frozen=True, slots=True)
class Band:
    """Between which numbers the notices of one kind and outcome are; all that is published of notices."""

    kind: NoticeKind
    outcome: NoticeOutcome
    at_least: int
    at_most: int


def due(notice: Notice, days: int) -> date:
    """The day by which a notice is to be settled.

    Args:
        notice: The notice.
        days: The period; the decree says "promptly" and gives no number, so the agency declares one.
    """
    return notice.received + timedelta(days=days)


def state(notice: Notice, *, days: int, today: date) -> NoticeState:
    """Where a notice stands; "overdue" when it is not settled, by a refusal or a corrected version, in time."""
    if notice.ruling and notice.ruling.outcome == "declined":
        return "declined"
    if notice.ruling and notice.ruling.version:
        return "corrected"
    if due(notice, days) < today:
        return "overdue"
    return "accepted" if notice.ruling else "open"


def statistics(notices: Iterable[Notice], *, days: int, today: date) -> tuple[Tally, ...]:
    """The agency's own statistics: every kind in every state, over all datasets together, zeros included."""
    counts = Counter((notice.kind, state(notice, days=days, today=today)) for notice in notices)
    return tuple(
        Tally(kind, where, counts[kind, where])
        for kind in get_args(NoticeKind)
        for where in get_args(NoticeState)
    )


def bands(notices: Iterable[Notice], *, on: date) -> tuple[Band, ...]:
    """The public statistics: every kind with every outcome in an interval, as they stood on a day; no totals.

    Args:
        notices: The notices.
        on: What was received or decided later is left out; see `counted_until`.
    """
    counts = Counter((notice.kind, _outcome(notice, on)) for notice in notices if notice.received <= on)
    return tuple(
        Band(kind, outcome, *band(counts[kind, outcome]))
        for kind in get_args(NoticeKind)
        for outcome in get_args(NoticeOutcome)
    )


def band(count: int) -> tuple[int, int]:
    """The published interval in which a count lies: 0 to 4, 5 to 9, ..."""
    low = count - count % BAND
    return low, low + BAND - 1


def counted_until(today: date) -> date:
    """The last day of the last calendar year that is over: what came later is not counted in public yet."""
    return date(today.year - 1, 12, 31)


def _outcome(notice: Notice, on: date) -> NoticeOutcome:
    return notice.ruling.outcome if notice.ruling and notice.ruling.date <= on else "pending"


def answer(notice: Notice, *, days: int) -> Text:
    """The standard answer to whoever sent a notice; the same text whatever was or will be decided."""
    received, until = f"{notice.received:%d/%m/%Y}", f"{due(notice, days):%d/%m/%Y}"
    return Text(
        f"Cơ quan đã nhận thông báo ngày {received} về bộ dữ liệu {notice.dataset} và xem xét chậm nhất đến {until}. "
        "Nếu số liệu thay đổi, thay đổi được công bố cho mọi người trong nhật ký phiên bản của bộ dữ liệu. "
        "Cơ quan không xác nhận và không phủ nhận việc một người có hay không có trong bất kỳ ô số liệu nào.",
        f"Your notice of {received} about the dataset {notice.dataset} was received and is considered by {until} "
        "at the latest. If figures change, the change is published for everybody in the dataset's changelog. "
        "The agency neither confirms nor denies that any person is or is not in any cell.",
    )
