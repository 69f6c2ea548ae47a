"""`opendata run` and `opendata calendar`: exit codes, both languages, one line or object per dataset."""

import json
import sys
from datetime import date, timedelta

import pytest

from opendata import workspace as workspaces
from opendata.cli.scheduling import LOCK
from opendata.lock import attempt
from tests.opendata.schedule.conftest import MONTHLY, add, deliver
from tests.opendata.schedule.icalendar import parse
from tests.opendata.schedule.staffed import staff
from tests.opendata.test_cli import opendata

NOWHERE = ("--portal", "http://127.0.0.1:1")


def run(office, *arguments):
    return opendata("--lang", "en", "run", *arguments, "--workspace", str(office.root), *NOWHERE)


def test_it_must_be_told_what(office):
    assert run(office).returncode == 2


def test_nothing_is_due_yet(office):
    add(office, **{"from": f"{date.today() + timedelta(days=40)}"})
    done = run(office, "--due")
    assert (done.returncode, done.stdout) == (0, f"✓ {MONTHLY}: nothing is due\n")
    said = json.loads(run(office, "--due", "--json").stdout)
    assert (said["id"], said["state"], said["due"], said["exit_code"]) == (MONTHLY, "nothing_due", None, 0)


def test_two_at_once(office):
    with attempt(office.root / LOCK) as ours:
        assert ours
        done = run(office, "--due")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Another run is at work" in done.stderr


def test_what_waits_for_people_is_exit_6_and_the_hook_hears_of_it(office, tmp_path, monkeypatch):
    add(office, until="2026-02-10")
    deliver(office, "2026-01")
    staff(office, tmp_path, "2026-02-01 08:00")
    write = [sys.executable, "-c", "import sys; open('told', 'w').write(sys.stdin.read())"]
    path = office.root / "opendata.toml"
    path.write_text(path.read_text() + f"\n[hooks]\ncommand = {json.dumps(write)}\n")
    monkeypatch.setenv("OPENDATA_KEYS", str(tmp_path / "keys"))
    plan = run(office, "--due", "--dry-run")
    assert (plan.returncode, plan.stdout) == (0, f"✓ {MONTHLY}: due 2026-02-10, {days()} days late\n")
    assert not (office.root / "releases" / MONTHLY).exists()
    assert plan.stderr.startswith(f"· {MONTHLY} 2026-02-10: the next step.")  # what is planned is no failure
    done = run(office, "--due")
    assert done.returncode == 6
    assert done.stdout == f"✗ {MONTHLY}: due 2026-02-10: 2026.1 waits for approval, {days()} days late\n"
    assert f"✗ {MONTHLY} 2026.1: waits for approval by: kiem-duyet-1, kiem-duyet-2." in done.stderr
    assert f"opendata approve {MONTHLY} --version 2026.1" in done.stderr
    said = json.loads((office.root / "told").read_text())
    assert (said["exit_code"], said["datasets"][0]["state"]) == (6, "awaiting_approval")
    assert workspaces.find(office.root).config.hooks.command == tuple(write)


def days() -> int:
    """How late January is by now."""
    from opendata.ledger.store import now
    from opendata.schedule.moments import local

    return (local(now()) - date(2026, 2, 10)).days


def test_the_calendar(office, tmp_path):
    where = ("--workspace", str(office.root))
    add(office, until="2026-03-10")
    assert opendata("--lang", "en", "calendar", *where).stdout.splitlines()[0] == (
        f"2026-02-10  {MONTHLY}  2026-01-01 – 2026-01-31  not out yet, {days()} days late"
    )
    said = json.loads(opendata("calendar", "--json", *where).stdout)
    assert [row["day"] for row in said["releases"]] == ["2026-02-10", "2026-03-10"]
    file = tmp_path / "calendar.ics"
    assert opendata("calendar", "--ics", "--out", str(file), *where).returncode == 0
    assert len(parse(file.read_bytes())) == 2


@pytest.mark.parametrize(
    "wrong", [("--json", "--ics"), ("--out", "/nowhere/calendar.ics"), ("--months", "-1")]
)
def test_what_cannot_be_is_exit_2(office, wrong):
    assert opendata("calendar", *wrong, "--workspace", str(office.root)).returncode == 2
