"""`run --due`: what is due is made, approved, published once, in its order, whatever happened before."""

import json
from dataclasses import replace

import pytest
import yaml

from opendata import approvals
from opendata.errors import PortalError, UnreachableError
from opendata.schedule import outcomes, running
from tests.opendata.schedule.conftest import MONTHLY, add, at, deliver, make_office, monthly
from tests.opendata.schedule.staffed import copied, staff, unreachable


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """The office on the morning of the first due day; the figures of January are there."""
    folder = tmp_path_factory.mktemp("opened")
    office = make_office(folder)
    deliver(office, "2026-01")
    return staff(office, folder, "2026-02-10 09:00")


@pytest.fixture(scope="module")
def out(opened, tmp_path_factory):
    """January is out; standing approvals hold until the end of the year."""
    made = copied(opened, tmp_path_factory.mktemp("out"))
    made.run()
    made.approve("2026.1")
    made.run()
    made.standing("2026.1", "2026-12-31")
    return made


@pytest.fixture
def bureau(opened, tmp_path):
    return copied(opened, tmp_path)


@pytest.fixture
def settled(out, tmp_path):
    return copied(out, tmp_path)


def told(found):
    return [(one.id, one.state, one.version, one.exit_code) for one in found]


def published(bureau):
    return [(event.dataset, event.version) for event in bureau.events("published")]


def test_it_waits_for_approval_then_goes_on_from_there(bureau):
    (first,) = bureau.run()
    assert told([first]) == [(MONTHLY, "awaiting_approval", "2026.1", 6)]
    assert "kiem-duyet-1, kiem-duyet-2" in first.problems[0].what.en
    assert published(bureau) == []
    bureau.approve("2026.1", "kiem-duyet-1")
    (second,) = bureau.run("2026-02-10 10:00")
    assert "by: kiem-duyet-2." in second.problems[0].what.en
    bureau.approve("2026.1", "kiem-duyet-2")
    (third,) = bureau.run("2026-02-11 09:00")
    assert told([third]) == [(MONTHLY, "published", "2026.1", 0)]
    assert (third.late_days, third.published) == (1, ("2026.1",))
    assert published(bureau) == [(MONTHLY, "2026.1")]
    assert bureau.book.check() == []


def test_then_nothing_is_due(settled):
    before = settled.book.events()
    assert told(settled.run("2026-03-10 08:59")) == [(MONTHLY, "nothing_due", "", 0)]
    assert settled.book.events() == before


def test_standing_approvals_let_it_through(settled):
    deliver(settled.workspace, "2026-01", "2026-02")
    (found,) = settled.run("2026-03-10 09:00")
    assert told([found]) == [(MONTHLY, "published", "2026.2", 0)]
    assert found.late_days == 0
    manifest = settled.release("2026.2").manifest
    assert (manifest["released"], manifest["entry"]["temporal"]["end"]) == ("2026-03-10", "2026-02-28")
    assert (settled.shelf.folder / MONTHLY / "2026.2" / "approvals.jsonld").is_file()


def test_missed_months_are_caught_up_in_their_order(settled):
    deliver(settled.workspace, "2026-01", "2026-02", "2026-03", "2026-04")
    (found,) = settled.run("2026-04-21 07:00")
    assert found.published == ("2026.2", "2026.3")
    assert (found.state, str(found.due.day), found.late_days) == ("published", "2026-04-10", 11)
    ends = [settled.release(v).manifest["entry"]["temporal"]["end"] for v in ("2026.2", "2026.3")]
    assert ends == ["2026-02-28", "2026-03-31"]
    assert [e.facts["due"] for e in settled.events("run") if e.facts["state"] == "published"] == [
        "2026-02-10", "2026-03-10", "2026-04-10",
    ]  # fmt: skip


def test_what_came_off_is_told_beside_what_did_not(settled):
    deliver(settled.workspace, "2026-01", "2026-02")
    (found,) = settled.run("2026-04-12 09:00")
    assert outcomes.line(found, "en") == (
        f"✗ {MONTHLY}: published 2026.2; due 2026-04-10: the source has not arrived, 2 days late"
    )


def test_a_source_that_is_late_is_told_so_and_nothing_is_published(settled):
    (found,) = settled.run("2026-03-14 09:00")
    assert told([found]) == [(MONTHLY, "awaiting_source", "", 3)]
    assert found.late_days == 4
    assert "2026-02" in found.problems[0].what.en
    assert [version for _, version in published(settled)] == ["2026.1"]


def test_what_stays_as_it_is_is_written_down_once(settled):
    settled.run("2026-03-14 09:00")
    count = len(settled.book.events())
    settled.run("2026-03-15 09:00")
    assert len(settled.book.events()) == count


def test_made_ahead_and_published_on_its_day(settled):
    add(settled.workspace, ahead=5)
    (early,) = settled.run("2026-03-05 09:00")
    assert told([early]) == [(MONTHLY, "awaiting_source", "", 0)]
    deliver(settled.workspace, "2026-01", "2026-02")
    (ready,) = settled.run("2026-03-06 09:00")
    assert told([ready]) == [(MONTHLY, "prepared", "2026.2", 0)]
    assert settled.shelf.asked == [f"{MONTHLY} 2026.1"]
    assert told(settled.run("2026-03-10 08:59")) == told([ready])
    assert told(settled.run("2026-03-10 09:00")) == [(MONTHLY, "published", "2026.2", 0)]


def test_what_people_look_at_is_not_replaced_when_the_source_changes(bureau):
    bureau.run()
    deliver(bureau.workspace, "2026-01", "2026-02")
    assert told(bureau.run("2026-02-12 09:00")) == [(MONTHLY, "awaiting_approval", "2026.1", 6)]


def test_what_was_returned_is_made_anew_once_something_has_changed(bureau):
    bureau.run()
    key = bureau.keys["kiem-duyet-1"]
    approvals.return_(bureau.release("2026.1"), key, why="Thiếu một tỉnh.", book=bureau.book)
    (found,) = bureau.run("2026-02-11 09:00")
    assert told([found]) == [(MONTHLY, "returned", "2026.1", 6)]
    assert "kiem-duyet-1" in found.problems[0].what.en
    path = bureau.workspace.root / "data/months.csv"
    path.write_text(path.read_text().replace("N1,2026-01,101", "N1,2026-01,131"))
    assert told(bureau.run("2026-02-12 09:00")) == [(MONTHLY, "awaiting_approval", "2026.2", 6)]


def test_without_a_scheduler_it_is_built_and_somebody_is_asked_to_submit(bureau):
    (found,) = running.run(replace(bureau.means, key=None))
    assert told([found]) == [(MONTHLY, "awaiting_approval", "2026.1", 6)]
    assert "scheduler" in found.problems[0].what.en


def test_trouble_with_the_portal_is_tried_again(settled):
    deliver(settled.workspace, "2026-01", "2026-02")
    settled.shelf.troubles.extend([unreachable(), PortalError([])])
    assert told(settled.run("2026-03-10 09:00")) == [(MONTHLY, "published", "2026.2", 0)]
    assert settled.paused == [5.0, 10.0]


def test_a_portal_that_is_down_is_exit_7_and_others_are_not_kept_waiting(settled):
    add(settled.workspace, "other")
    settled.shelf.troubles.extend([unreachable()] * 9)
    deliver(settled.workspace, "2026-01", "2026-02")
    settled.run("2026-03-10 09:00", "other")
    settled.approve("2026.1", id="other")
    found = settled.run("2026-03-10 09:00")
    assert told(found) == [(MONTHLY, "failed", "2026.2", 7), ("other", "failed", "2026.1", 7)]
    assert settled.paused == [5.0, 10.0, 20.0]  # asked in vain once, the second dataset asks without patience
    settled.shelf.troubles.clear()
    assert told(settled.run())[0] == (MONTHLY, "published", "2026.2", 0)


def test_one_that_fails_does_not_keep_the_others(settled):
    broken = monthly()
    broken["table"]["dimensions"]["area"]["codes"] = "nowhere"
    settled.workspace.spec_path("broken").write_text(yaml.safe_dump(broken, allow_unicode=True))
    settled.workspace.spec_path("absurd").write_text("entry: 1\n")
    deliver(settled.workspace, "2026-01", "2026-02")
    found = settled.run("2026-03-10 09:00")
    assert told(found) == [
        ("absurd", "failed", "", 2),
        ("broken", "failed", "", 2),
        (MONTHLY, "published", "2026.2", 0),
    ]
    assert outcomes.worst(found) == 2


def test_a_fault_of_the_software_quotes_nothing(settled, monkeypatch):
    def fault(*_args, **_options):
        raise RuntimeError("N1 8731")

    monkeypatch.setattr("opendata.pipeline.make", fault)
    (found,) = settled.run("2026-03-10 09:00")
    assert (found.exit_code, found.problems[0].what.en) == (1, "a fault of the software (RuntimeError).")


def test_what_was_published_by_hand_is_not_published_again(bureau):
    bureau.run()
    bureau.approve("2026.1")
    bureau.shelf.publish(bureau.release("2026.1"), book=bureau.book)
    (found,) = bureau.run()
    assert told([found]) == [(MONTHLY, "published", "2026.1", 0)]
    assert bureau.shelf.asked == [f"{MONTHLY} 2026.1"]
    assert told(bureau.run()) == [(MONTHLY, "nothing_due", "", 0)]


def test_a_portal_that_serves_something_else_is_found_out(bureau):
    bureau.run()
    bureau.approve("2026.1")
    bureau.shelf.publish(bureau.release("2026.1"), book=bureau.book)
    (bureau.shelf.folder / MONTHLY / "2026.1" / "data.csv").write_text("other")
    (found,) = bureau.run()
    assert (found.state, found.exit_code) == ("failed", 8)
    assert "data.csv" in found.problems[0].where


def test_a_dataset_that_was_asked_for_must_have_a_schedule(bureau, spec):
    bureau.workspace.spec_path("cases").write_text(yaml.safe_dump(spec, allow_unicode=True))
    (found,) = bureau.run(None, "cases")
    assert (found.state, found.exit_code) == ("failed", 2)
    assert [one.id for one in bureau.run()] == [MONTHLY]  # not asked for, it is passed over


def test_a_plan_changes_nothing(settled):
    deliver(settled.workspace, "2026-01", "2026-02", "2026-03")
    settled.now = at("2026-04-10 09:00")
    before = settled.book.events()
    (found,) = running.plan(settled.means)
    assert (found.state, found.remaining, found.problems[0].remedy.en[:5]) == ("due", 1, "build")
    assert settled.book.events() == before
    assert [path.name for path in (settled.workspace.root / "releases" / MONTHLY).iterdir()].count(
        "2026.2"
    ) == 0


def test_lines_and_objects(settled):
    deliver(settled.workspace, "2026-01", "2026-02", "2026-03")
    (found,) = settled.run("2026-04-12 09:00")
    vi, en = (outcomes.line(found, language) for language in ("vi", "en"))
    assert vi == f"✓ {MONTHLY}: đã công bố 2026.2, 2026.3, số liệu đến 2026-03-31, trễ 2 ngày"
    assert en == f"✓ {MONTHLY}: published 2026.2, 2026.3, figures to 2026-03-31, 2 days late"
    said = outcomes.as_object(found)
    assert (said["id"], said["due"], said["state"], said["version"]) == (
        MONTHLY, "2026-04-10", "published", "2026.3",
    )  # fmt: skip
    assert json.loads(outcomes.summary([found]))["exit_code"] == 0
    (late,) = settled.run("2026-05-14 09:00")
    assert (
        outcomes.line(late, "en") == f"✗ {MONTHLY}: due 2026-05-10: the source has not arrived, 4 days late"
    )


def test_the_worst_comes_first():
    codes = [outcomes.Outcome("a", "failed", exit_code=code) for code in (6, 7, 4, 0)]
    assert outcomes.worst(codes) == 4
    assert outcomes.worst(codes[:2]) == 7
    assert outcomes.worst([]) == 0


def test_the_catalogue_is_written_when_there_is_one(settled):
    from opendata import site

    site.write(settled.workspace, clock=lambda: settled.now)
    home = settled.workspace.root / "site"
    deliver(settled.workspace, "2026-01", "2026-02")
    settled.run("2026-03-10 09:00")
    listed = json.loads((home / "calendar.json").read_text())
    assert [row["version"] for row in listed["releases"][:2]] == ["2026.1", "2026.2"]
    assert (home / "datasets" / MONTHLY / "2026.2.html").is_file()
    settled.run("2026-04-13 09:00")  # late: the calendar says so
    listed = json.loads((home / "calendar.json").read_text())
    assert (listed["releases"][2]["state"], listed["releases"][2]["late_days"]) == ("late", 3)


def test_what_waits_for_approval_is_not_on_the_site(settled):
    from opendata import site
    from opendata.site.visible import visible

    deliver(settled.workspace, "2026-01", "2026-02")
    add(settled.workspace, "other")
    settled.run("2026-03-10 09:00")
    assert visible(settled.workspace, now=settled.now) == {MONTHLY: ["2026.1", "2026.2"]}
    assert site.write(settled.workspace, clock=lambda: settled.now).datasets == 1
    earlier = at("2026-03-10 08:59")
    assert visible(settled.workspace, now=earlier) == {MONTHLY: ["2026.1"]}


def test_a_catalogue_that_cannot_be_written_is_told_and_taken_up_again(settled):
    from opendata import site

    home = site.write(settled.workspace, clock=lambda: settled.now).folder
    deliver(settled.workspace, "2026-01", "2026-02")
    config = settled.workspace.root / "opendata.toml"
    (settled.workspace.root / "databases" / "bad.yaml").write_text("1\n")
    (found,) = settled.run("2026-03-10 09:00")
    assert (found.state, found.exit_code) == ("published", 2)
    assert not (home / "datasets" / MONTHLY / "2026.2.html").exists()
    (settled.workspace.root / "databases" / "bad.yaml").unlink()
    assert told(settled.run()) == [(MONTHLY, "published", "2026.2", 0)]
    assert (home / "datasets" / MONTHLY / "2026.2.html").exists()
    assert config.exists()


def test_unreachable_is_a_portal_error():
    assert issubclass(UnreachableError, PortalError)
