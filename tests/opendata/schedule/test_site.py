"""The release calendar on the static catalogue."""

import json
from datetime import date

import pytest

from opendata import site
from opendata.pipeline import build
from tests.opendata.schedule.conftest import MONTHLY, add, at, deliver
from tests.opendata.schedule.icalendar import parse


@pytest.fixture
def released(office):
    add(office, until="2026-05-10")
    deliver(office, "2026-01")
    build(MONTHLY, office.root)
    return office


def write(office, moment, day):
    return site.write(office, today=date.fromisoformat(day), clock=lambda: at(moment)).folder


def test_page_json_and_icalendar(released):
    home = write(released, "2026-03-12 09:00", "2026-03-12")
    assert 'href="calendar.html"' in (home / "index.html").read_text()
    page = (home / "calendar.html").read_text()
    assert f'href="datasets/{MONTHLY}/index.html"' in page
    assert "not out yet, 2 days late" in page
    assert "chưa phát hành, trễ 2 ngày" in page
    said = json.loads((home / "calendar.json").read_text())
    assert said["as_of"] == "2026-03-12"
    states = [row["state"] for row in said["releases"]]
    assert states == ["late", "late", "due", "due"]
    assert len(parse((home / "calendar.ics").read_bytes())) == 4


def test_the_same_day_gives_the_same_bytes(released):
    def made(moment):
        home = write(released, moment, "2026-03-12")
        return {path.name: path.read_bytes() for path in home.glob("calendar.*")}

    assert made("2026-03-12 09:00") == made("2026-03-12 17:00")


def test_without_schedules_there_is_no_calendar(released):
    text = released.spec_path(MONTHLY).read_text()
    released.spec_path(MONTHLY).write_text(text[: text.index("schedule:")])
    home = write(released, "2026-03-12 09:00", "2026-03-12")
    assert not list(home.glob("calendar.*"))
    assert "calendar.html" not in (home / "index.html").read_text()
