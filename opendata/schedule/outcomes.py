"""How a run went: one outcome per dataset, as a line for people and as an object for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from catalog.errors import Problem, Text
from opendata.messages import Language
from opendata.schedule.calendar import Row
from opendata.schedule.ics import words
from opendata.schedule.moments import Due

SEVERITY = (4, 8, 5, 1, 2, 3, 7, 6)
"""Exit codes, the worst first: personal data, altered files, disclosure, a fault; a missing approval last."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a dataset in a run.

    Attributes:
        id: The dataset's id.
        state: "published", "prepared" (approved, before its moment), "awaiting_source", "awaiting_approval",
            "returned", "failed", "due" (of a dry run), or "nothing_due".
        due: What it was about last; None when nothing was due.
        version: The version that it was about last; empty when there is none.
        published: The versions that this run saw through to the end.
        remaining: How many further releases are due and were not reached.
        late_days: How many days late the last one was published, or is by now.
        seconds: How long it took.
        exit_code: 0, or that of the refusal.
        problems: What went wrong, or whom it waits for.
    """

    id: str
    state: str
    due: Due | None = None
    version: str = ""
    published: tuple[str, ...] = ()
    remaining: int = 0
    late_days: int = 0
    seconds: float = 0.0
    exit_code: int = 0
    problems: tuple[Problem, ...] = ()


def worst(outcomes: Iterable[Outcome]) -> int:
    """The exit code of a run: the worst of its outcomes, 0 when all went as planned."""
    codes = {outcome.exit_code for outcome in outcomes}
    return next((code for code in SEVERITY if code in codes), 0)


def line(outcome: Outcome, language: Language) -> str:
    """One line for a terminal, a log or a mail."""
    mark = "✗" if outcome.exit_code else "✓"
    parts = [_words(outcome)]
    if outcome.published and outcome.state != "published":
        parts.insert(0, _out(outcome))
    said = "; ".join(getattr(part, language) for part in parts)
    return f"{mark} {outcome.id}: {said}{getattr(_late(outcome), language)}"


def as_object(outcome: Outcome) -> dict[str, Any]:
    """The outcome for machines: codes, dates and words, never a value."""
    due = outcome.due
    return {
        "id": outcome.id,
        "due": due.day.isoformat() if due else None,
        "period_end": due.end.isoformat() if due else None,
        "state": outcome.state,
        "version": outcome.version or None,
        "published": list(outcome.published),
        "remaining": outcome.remaining,
        "late_days": outcome.late_days,
        "seconds": round(outcome.seconds, 3),
        "exit_code": outcome.exit_code,
        "problems": [
            {"where": one.where, "what": one.what._asdict(), "remedy": one.remedy._asdict()}
            for one in outcome.problems
        ],
    }


def summary(outcomes: Iterable[Outcome]) -> str:
    """All of a run in one JSON object, for hooks."""
    listed = list(outcomes)
    said = {"format": "ytemo-run/1", "exit_code": worst(listed), "datasets": list(map(as_object, listed))}
    return json.dumps(said, ensure_ascii=False) + "\n"


def table(rows: Iterable[Row], language: Language) -> str:
    """The release calendar as lines for a terminal: the day, the dataset, the period, what became of it."""
    return "\n".join(
        f"{row.due.day.isoformat()}  {row.id}  {row.due.start.isoformat()} – {row.due.end.isoformat()}  "
        f"{getattr(words(row), language)}"
        for row in rows
    )


def _words(outcome: Outcome) -> Text:
    day = outcome.due.day.isoformat() if outcome.due else ""
    end = outcome.due.end.isoformat() if outcome.due else ""
    named = f" {outcome.version}" if outcome.version else ""
    known = {
        "published": Text(f"{_out(outcome).vi}, số liệu đến {end}", f"{_out(outcome).en}, figures to {end}"),
        "prepared": Text(
            f"đã chuẩn bị{named}, công bố ngày {day}", f"prepared{named}, to be published on {day}"
        ),
        "awaiting_source": Text(f"kỳ {day}: nguồn chưa có", f"due {day}: the source has not arrived"),
        "awaiting_approval": Text(f"kỳ {day}:{named} chờ phê duyệt", f"due {day}:{named} waits for approval"),
        "returned": Text(f"kỳ {day}:{named} bị trả lại", f"due {day}:{named} was returned"),
        "failed": Text(f"kỳ {day}: không xong", f"due {day}: not done")
        if day
        else Text("không xong", "not done"),
        "due": Text(f"kỳ {day} đến hạn{named}", f"due {day}{named}"),
        "nothing_due": Text("chưa đến hạn", "nothing is due"),
    }
    return known[outcome.state]


def _out(outcome: Outcome) -> Text:
    listed = ", ".join(outcome.published)
    return Text(f"đã công bố {listed}", f"published {listed}")


def _late(outcome: Outcome) -> Text:
    days, rest = outcome.late_days, outcome.remaining
    vi = [f"trễ {days} ngày"] * (days > 0) + [f"còn {rest} kỳ sau"] * (rest > 0)
    en = [f"{days} days late"] * (days > 0) + [f"{rest} more due"] * (rest > 0)
    return Text("".join(f", {part}" for part in vi), "".join(f", {part}" for part in en))
