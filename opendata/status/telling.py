"""A status as a table for people and as JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from catalog.errors import Text
from opendata.approvals import table as states
from opendata.ledger.events import stamp
from opendata.messages import Language
from opendata.schedule.calendar import Row
from opendata.status.awaiting import told as in_words
from opendata.status.examining import Status
from opendata.status.standing import Standing
from ytemo_display.card import tame


def table(found: Status, language: Language) -> str:
    """The versions as a table, one line each, and under it what the calendar awaits."""
    lines = [*_versions(found, language)]
    if found.awaited:
        lines += ["", getattr(_CALENDAR, language)]
        lines += [getattr(in_words(row), language) for row in found.awaited]
    return "\n".join(lines)


def _versions(found: Status, language: Language) -> Iterator[str]:
    if not found.versions:
        yield getattr(_UNREADABLE if found.problems else _NONE, language)
        return
    head = [str(getattr(name, language)) for name in _HEAD]
    rows = [[tame(cell) for cell in _row(one, language)] for one in found.versions]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for line in (head, ["-" * width for width in widths], *rows):
        yield "  ".join(map(str.ljust, line, widths)).rstrip()


def as_json(found: Status) -> str:
    """Everything, texts in both languages."""
    told = {
        "format": "ytemo-status/1",
        "ok": not found.problems,
        "versions": [_object(one) for one in found.versions],
        "awaited": [_row_object(row) for row in found.awaited],
        "problems": [
            {"where": one.where, "what": one.what._asdict(), "remedy": one.remedy._asdict()}
            for one in found.problems
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _row(one: Standing, language: Language) -> list[str]:
    state = states.words()[one.state] if one.state else _CONTRADICTORY
    waits = getattr(one.waits, language) if one.waits else ""
    people = f" ({', '.join(one.people)})" if one.people else ""
    places = ", ".join(one.published)
    return [one.dataset, one.version, getattr(state, language), one.released, places, f"{waits}{people}"]


def _object(one: Standing) -> dict[str, Any]:
    return {
        "dataset": one.dataset,
        "version": one.version,
        "state": one.state,
        "since": stamp(one.since),
        "released": one.released,
        "published": list(one.published),
        "waits": one.waits and one.waits._asdict(),
        "people": list(one.people),
    }


def _row_object(row: Row) -> dict[str, Any]:
    return {
        "dataset": row.id,
        "state": row.state,
        "due": stamp(row.due.moment),
        "period": [row.due.start.isoformat(), row.due.end.isoformat()],
        "late_days": row.late_days,
    }


_HEAD = (
    Text("Bộ dữ liệu", "Dataset"),
    Text("Phiên bản", "Version"),
    Text("Trạng thái", "State"),
    Text("Phát hành", "Released"),
    Text("Công bố tại", "Published at"),
    Text("Đang chờ", "Waits for"),
)
_CALENDAR = Text("Lịch phát hành:", "Release calendar:")
_NONE = Text("Sổ cái chưa ghi bản phát hành nào.", "The ledger holds no release yet.")
_UNREADABLE = Text("Không đọc được phiên bản nào từ sổ cái.", "No version can be told from the ledger.")
_CONTRADICTORY = Text("mâu thuẫn", "contradictory")
