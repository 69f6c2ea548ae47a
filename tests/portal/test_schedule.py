"""Scheduled releases on a real CKAN: nothing before its moment, every missed period in its order, once."""

from dataclasses import replace

import pytest

from opendata import workspace as workspaces
from opendata.errors import GateError
from opendata.portal import Portal
from opendata.schedule import running
from tests.opendata.conftest import AREAS, SEXES
from tests.opendata.schedule.conftest import add, at, deliver
from tests.opendata.schedule.staffed import staff

pytestmark = [pytest.mark.portal, pytest.mark.timeout(600)]
ID = "t-schedule"


@pytest.fixture(scope="module")
def bureau(tmp_path_factory, site):
    """An office whose January waits for approval, five days before it is due; its portal is the sandbox."""
    folder = tmp_path_factory.mktemp("schedule")
    made = workspaces.init(folder / "office")
    (made.root / "codes/areas.csv").write_text(AREAS, encoding="utf-8")
    (made.root / "codes/sexes.csv").write_text(SEXES, encoding="utf-8")
    add(made, ID, ahead=7)
    deliver(made, "2026-01")
    found = staff(made, folder, "2026-02-05 09:00")
    found.shelf = Portal(site.url, token=site.token, timeout=60)
    found.run()
    found.approve("2026.1", id=ID)
    return found


def test_nothing_before_its_moment(bureau, reader):
    (outcome,) = bureau.run("2026-02-10 08:59")
    assert (outcome.state, outcome.version, outcome.exit_code) == ("prepared", "2026.1", 0)
    with pytest.raises(GateError, match="2026-02-10 09:00"):
        bureau.shelf.publish(bureau.release("2026.1", ID), book=bureau.book)
    assert reader.plan(bureau.release("2026.1", ID)).changes[0].kind == "create"


def test_a_portal_that_is_down_then_up_again(bureau, reader):
    bureau.now = at("2026-02-10 09:00")
    down = replace(bureau.means, portal=Portal("http://127.0.0.1:1", token="t", timeout=2))
    (outcome,) = running.run(down)
    assert (outcome.state, outcome.exit_code) == ("failed", 7)
    assert bureau.paused == [5.0, 10.0, 20.0]
    (outcome,) = bureau.run()
    assert (outcome.state, outcome.late_days) == ("published", 0)
    assert reader.versions(ID) == ["2026.1"]


def test_missed_months_are_caught_up(bureau, reader):
    bureau.standing("2026.1", "2026-12-31", id=ID)
    deliver(bureau.workspace, "2026-01", "2026-02", "2026-03", "2026-04")
    (outcome,) = bureau.run("2026-04-12 09:00")
    assert (outcome.published, outcome.late_days, outcome.exit_code) == (("2026.2", "2026.3"), 2, 0)
    assert reader.versions(ID) == ["2026.1", "2026.2", "2026.3"]
    for version in reader.versions(ID):
        sent = {path.name for path in bureau.release(version, ID).directory.iterdir()}
        assert {file.name for file in reader.files(ID, version)} == sent
    (again,) = bureau.run("2026-04-13 09:00")
    assert again.state == "nothing_due"
    kinds = [event.kind for event in bureau.book.events(ID, "2026.2")]
    assert kinds == ["built", "submitted", "approved", "approved", "published", "superseded", "run"]
    assert bureau.book.check() == []
