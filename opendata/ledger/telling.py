"""Events in plain words, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from catalog.errors import Text
from opendata.ledger.events import Event, stamp
from opendata.messages import Language
from ytemo_display.card import tame

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Where moments are told, unless another zone is asked for."""


def line(event: Event, language: Language, *, zone: ZoneInfo = ZONE) -> str:
    """One event on one line: number, when, about what, what happened, by whom and why.

    Args:
        event: The event.
        language: In which the words are.
        zone: Where the moment is told.
    """
    about = f"{event.dataset} {event.version}".strip()
    happened = getattr(WORDS.get(event.kind, Text(event.kind, event.kind)), language)
    who = event.who or getattr(_PROGRAM, language)
    parts = [f"{about}: {happened}" if about else happened, who, *([f"“{event.why}”"] if event.why else [])]
    return f"{event.number:>5}  {local(event.at, zone)}  {' · '.join(map(tame, parts))}"


def as_json(events: Iterable[Event]) -> str:
    """Events as a JSON list; moments in UTC."""
    return json.dumps([_object(event) for event in events], ensure_ascii=False, indent=1)


def local(moment: datetime, zone: ZoneInfo = ZONE) -> str:
    """A moment as ISO 8601 tells it in a zone: 2026-12-10T16:00:00+07:00."""
    return moment.astimezone(zone).isoformat(timespec="seconds")


def since(events: Iterable[Event], day: date, *, zone: ZoneInfo = ZONE) -> list[Event]:
    """The events of a day of a zone, and all after it."""
    return [event for event in events if event.at.astimezone(zone).date() >= day]


def _object(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in Event.__slots__} | {"at": stamp(event.at)}


WORDS: Mapping[str, Text] = {
    "built": Text("đã tạo", "built"),
    "submitted": Text("đã trình phê duyệt", "submitted for approval"),
    "approved": Text("đã phê duyệt", "approved"),
    "returned": Text("đã trả lại", "returned"),
    "refused": Text("đã từ chối", "refused"),
    "published": Text("đã công bố", "published"),
    "superseded": Text("đã có phiên bản mới hơn thay thế", "superseded by a newer version"),
    "withdrawn": Text("đã thu hồi", "withdrawn"),
    "restored": Text("đã khôi phục sau thu hồi", "restored after a withdrawal"),
    "removed": Text("đã gỡ khỏi cổng", "taken off a portal"),
    "announced": Text("đã báo trước thay đổi", "a change was announced"),
    "corrected": Text("đã đính chính", "corrected"),
    "key_added": Text("đã thêm khóa ký", "a key was added"),
    "key_revoked": Text("đã hủy khóa ký", "a key was revoked"),
    "standing_approved": Text("đã phê duyệt thường trực", "a standing approval was given"),
    "standing_revoked": Text("đã hủy phê duyệt thường trực", "a standing approval was revoked"),
    "run": Text("đã chạy theo lịch", "a scheduled run"),
    "ledger_restored": Text("đã khôi phục sổ cái từ bản sao lưu", "the ledger was restored from a backup"),
}
"""What each kind of event means."""

_PROGRAM = Text("chương trình", "the program")
