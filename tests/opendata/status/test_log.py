"""`opendata log` and `opendata ledger`: what happened, in plain words, and copies of it."""

import json
from datetime import UTC, date, datetime

import pytest

from opendata import ledger
from opendata import workspace as workspaces
from opendata.ledger import Entry, telling
from tests.opendata.test_cli import opendata

EVENING = datetime(2026, 12, 9, 18, tzinfo=UTC)  # the 10th in Ha Noi


@pytest.fixture
def place(tmp_path):
    made = workspaces.init(tmp_path / "w")
    with ledger.open_ledger(made).writing() as writer:
        writer.append(
            Entry("built", dataset="visits", version="2026.1"), at=datetime(2026, 12, 1, 2, tzinfo=UTC)
        )
        writer.append(
            Entry("returned", dataset="visits", version="2026.1", who="kiem-duyet-1", why="Thiếu kỳ\x1b[31m"),
            at=EVENING,
        )
    return made.root


def test_every_kind_has_words():
    assert telling.WORDS.keys() == ledger.KINDS


def test_events_in_words(place):
    done = opendata("--lang", "en", "log", cwd=place)
    assert done.stdout.splitlines() == [
        "    1  2026-12-01T09:00:00+07:00  visits 2026.1: built · the program",
        "    2  2026-12-10T01:00:00+07:00  visits 2026.1: returned · kiem-duyet-1 · “Thiếu kỳ\ufffd[31m”",
    ]
    assert "đã trả lại" in opendata("log", "visits", cwd=place).stdout
    assert opendata("log", "other", cwd=place).stdout.strip() == ""


def test_events_since_a_day_where_people_are(place):
    told = opendata("log", "--json", "--since", "2026-12-10", cwd=place)
    (event,) = json.loads(told.stdout)
    assert (event["number"], event["at"]) == (2, "2026-12-09T18:00:00.000Z")
    assert opendata("log", "--since", "tomorrow", cwd=place).returncode == 2
    events = ledger.open_ledger(workspaces.find(place)).events()
    assert len(telling.since(events, date(2026, 12, 11))) == 0


def test_an_altered_ledger_is_not_told_as_if_it_were_whole(place):
    (place / "ledger.head").unlink()
    done = opendata("--lang", "en", "log", cwd=place)
    assert done.returncode == 8
    assert "ledger.head" in done.stderr


def test_backup_and_restore_by_command(place, tmp_path):
    copy = str(tmp_path / "copy.jsonl")
    assert "2 events" in opendata("--lang", "en", "ledger", "backup", copy, cwd=place).stdout
    (place / "ledger.sqlite").unlink()
    assert opendata("log", cwd=place).returncode == 8
    done = opendata(
        "--lang", "en", "ledger", "restore", copy, "--as", "thong-ke", "--why", "đĩa hỏng", cwd=place
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert opendata("log", cwd=place).stdout.count("\n") == 3
