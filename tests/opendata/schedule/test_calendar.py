"""The release calendar: what came when, what is late, what will come; as JSON and as iCalendar."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catalog
from opendata import ledger
from opendata.errors import VerificationError
from opendata.schedule import calendar, ics
from tests.opendata.schedule.conftest import MONTHLY, add, at
from tests.opendata.schedule.icalendar import moment, parse

NOW = at("2026-04-20 08:00")


def publish(office, version, end, when):
    """As if a version had been published: its manifest and the event."""
    folder = office.root / "releases" / MONTHLY / version
    folder.mkdir(parents=True)
    manifest = {"format": 1, "files": [], "entry": {"temporal": {"start": "2026-01-01", "end": end}}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with ledger.open_ledger(office).writing() as writer:
        writer.append(ledger.Entry("published", dataset=MONTHLY, version=version), at=at(when))


def told(office, now=NOW, months=2):
    return [
        (str(row.due.day), row.state, row.version, row.late_days)
        for row in calendar.rows(office, now=now, months=months)
    ]


def test_past_awaited_and_to_come(office):
    publish(office, "2026.1", "2026-01-31", "2026-02-10 09:01")
    publish(office, "2026.2", "2026-02-28", "2026-03-13 16:00")
    assert told(office) == [
        ("2026-02-10", "published", "2026.1", 0),
        ("2026-03-10", "published", "2026.2", 3),
        ("2026-04-10", "late", "", 10),
        ("2026-05-10", "due", "", 0),
        ("2026-06-10", "due", "", 0),
    ]


def test_a_period_that_came_with_a_later_one_came_then(office):
    publish(office, "2026.1", "2026-02-28", "2026-03-10 09:00")
    assert told(office)[:2] == [
        ("2026-02-10", "published", "2026.1", 28),
        ("2026-03-10", "published", "2026.1", 0),
    ]


def test_a_correction_does_not_make_the_first_one_later(office):
    publish(office, "2026.1", "2026-01-31", "2026-02-10 09:00")
    publish(office, "2026.2", "2026-01-31", "2026-04-01 09:00")
    assert told(office)[0] == ("2026-02-10", "published", "2026.1", 0)


def test_on_its_day_nothing_is_late_yet(office):
    assert told(office, at("2026-02-10 23:59"))[0] == ("2026-02-10", "due", "", 0)
    assert told(office, at("2026-02-11 00:00"))[0] == ("2026-02-10", "late", "", 1)


def test_nobody_guesses_at_what_was_published(office):
    publish(office, "2026.1", "2026-01-31", "2026-02-10 09:00")
    (office.root / "releases" / MONTHLY / "2026.1" / "manifest.json").write_text("{}")
    with pytest.raises(VerificationError):
        told(office)


def test_datasets_without_a_schedule_are_not_in_it(office):
    (office.root / "datasets" / f"{MONTHLY}.yaml").unlink()
    assert told(office) == []


def test_json(office):
    publish(office, "2026.1", "2026-01-31", "2026-02-12 09:00")
    rows = calendar.rows(office, now=NOW, months=1)
    said = json.loads(calendar.as_json(rows, now=NOW))
    assert said["format"] == "ytemo-calendar/1"
    assert said["releases"][0] == {
        "id": MONTHLY,
        "title": {"vi": "Số mắc bệnh theo vùng, năm 2024", "en": "Cases of disease by region, 2024"},
        "due": "2026-02-10T02:00:00Z",
        "day": "2026-02-10",
        "timezone": "Asia/Ho_Chi_Minh",
        "period": {"start": "2026-01-01", "end": "2026-01-31"},
        "state": "published",
        "version": "2026.1",
        "published": "2026-02-12T02:00:00Z",
        "late_days": 2,
    }


def test_icalendar(office):
    add(office, "weekly-too", hour="07:30")
    publish(office, "2026.1", "2026-01-31", "2026-02-12 09:00")
    rows = calendar.rows(office, now=NOW, months=1)
    events = parse(ics.render(rows, now=NOW, site="https://opendata.example.org").encode())
    assert len(events) == len(rows) == 8
    first = events[1]
    assert first["UID"] == f"{MONTHLY}-2026-02-10@ytemo"
    assert moment(first["DTSTART"]) == at("2026-02-10 09:00")
    assert moment(first["DTSTAMP"]) == at("2026-02-12 09:00")
    assert first["SUMMARY"] == "Số mắc bệnh theo vùng, năm 2024 / Cases of disease by region, 2024"
    assert "2 days late" in first["DESCRIPTION"]
    assert first["URL"] == f"https://opendata.example.org/datasets/{MONTHLY}/index.html"
    assert moment(events[0]["DTSTART"]) == at("2026-02-10 07:30")


def test_the_same_moment_gives_the_same_bytes_and_ids_stay(office):
    def made(now):
        return ics.render(calendar.rows(office, now=now, months=1), now=now)

    assert made(NOW) == made(NOW)
    later = made(NOW + timedelta(days=20))
    kept = {event["UID"] for event in parse(made(NOW).encode())}
    assert kept <= {event["UID"] for event in parse(later.encode())}


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\r"), max_size=200))
def test_any_title_is_read_back(title):
    said = replace(ROW, title=catalog.Labels.model_construct(vi=title, en="x"))
    (event,) = parse(ics.render([said], now=NOW).encode())
    assert event["SUMMARY"] == f"{title} / x".replace("\r\n", "\n").replace("\r", "\n")


def _row():
    from datetime import date

    from opendata.schedule import Due

    due = Due(NOW, date(2026, 4, 20), date(2026, 3, 1), date(2026, 3, 31))
    labels = catalog.Labels(vi="x", en="x")
    return calendar.Row("cases", labels, "Asia/Ho_Chi_Minh", due, "due", "", None, 0)


ROW = _row()
