"""A reader of iCalendar after RFC 5545, written for the tests: strict, and independent of what writes it."""

import re
from datetime import UTC, datetime

_LINE = re.compile(r"([A-Z][A-Z0-9-]*)((?:;[A-Z0-9-]+=[^;:]*)*):(.*)")


def parse(data: bytes) -> list[dict[str, str]]:
    """The events of a calendar; AssertionError where it breaks the standard."""
    assert data.endswith(b"\r\n")
    raw = data[:-2].split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in raw)
    assert all(len(line) <= 75 for line in raw)
    for line in raw:
        line.decode()  # no letter is torn apart
    lines = b"\r\n".join(raw).replace(b"\r\n ", b"").decode().split("\r\n")
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    events, current, head = [], None, {}
    for line in lines[1:-1]:
        match = _LINE.fullmatch(line)
        assert match, line
        name, _, value = match.groups()
        if (name, value) == ("BEGIN", "VEVENT"):
            assert current is None
            current = {}
        elif (name, value) == ("END", "VEVENT"):
            events.append(current)
            current = None
        else:
            target = head if current is None else current
            assert name not in target, f"{name} twice"
            target[name] = unescaped(value) if name in ("SUMMARY", "DESCRIPTION") else value
    assert current is None
    assert head["VERSION"] == "2.0"
    assert head["PRODID"]
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART"} <= event.keys()
        moment(event["DTSTAMP"])
    assert len({event["UID"] for event in events}) == len(events)
    return events


def moment(text: str) -> datetime:
    """A DATE-TIME in UTC."""
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def unescaped(text: str) -> str:
    """A value of type TEXT."""
    assert re.fullmatch(r"(?:[^\\;,\x00-\x1f]|\\[\\;,nN])*", text), text
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)
