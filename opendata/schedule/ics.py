"""The release calendar as iCalendar, for the calendar program of whoever waits for figures.

Source: RFC 5545 (lines end with CR LF and are folded at 75 octets; a UID is for ever).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from catalog.errors import Text
from opendata.schedule.calendar import Row

OCTETS = 75


def render(rows: Iterable[Row], *, now: datetime, site: str | None = None) -> str:
    """The calendar; the same rows, moment and site give the same bytes.

    Args:
        rows: From `calendar.rows`.
        now: Their moment.
        site: Address of the static catalogue, to which each event then points.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ytemo//release calendar//VI", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{_escaped('Lịch phát hành / Release calendar')}"]
    for row in rows:
        lines += _event(row, now, site)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def words(row: Row) -> Text:
    """What became of a release, or is expected of it."""
    if row.state == "due":
        return Text("sắp phát hành", "due")
    days = row.late_days
    if row.state == "late":
        return Text(f"chưa phát hành, trễ {days} ngày", f"not out yet, {days} days late")
    if not days:
        return Text(f"đã phát hành {row.version}, đúng hẹn", f"published as {row.version}, on time")
    return Text(
        f"đã phát hành {row.version}, trễ {days} ngày", f"published as {row.version}, {days} days late"
    )


def _event(row: Row, now: datetime, site: str | None) -> Iterator[str]:
    said, due = words(row), row.due
    period = f"{due.start.isoformat()} – {due.end.isoformat()}"
    yield "BEGIN:VEVENT"
    yield f"UID:{row.id}-{due.day.isoformat()}@ytemo"
    yield f"DTSTAMP:{_utc(row.published or now)}"
    yield f"DTSTART:{_utc(due.moment)}"
    yield f"SUMMARY:{_escaped(f'{row.title.vi} / {row.title.en}')}"
    yield f"DESCRIPTION:{_escaped(chr(10).join((period, said.vi, said.en)))}"
    if site:
        yield f"URL:{site}/datasets/{row.id}/index.html"
    yield "STATUS:CONFIRMED"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """A value of type TEXT (section 3.3.11)."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for letter in ("\\", ";", ","):
        plain = plain.replace(letter, f"\\{letter}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, no letter torn apart; those that go on begin with a space (3.1)."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > OCTETS:
            yield piece
            piece = " "
        piece += letter
    yield piece
