"""Where every version stands, and what is not as it was written down."""

import json
import shutil
from datetime import UTC, datetime

import pytest

from opendata import ledger, pipeline, status
from opendata import workspace as workspaces
from opendata.ledger import Entry
from opendata.release import private_folder
from tests.opendata.conftest import fresh
from tests.opendata.test_cli import opendata

DAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    place = fresh(tmp_path_factory.mktemp("status") / "w")
    pipeline.build("cases", place.root)
    return place


@pytest.fixture
def place(built, tmp_path):
    """A workspace with the release `cases 2026.1`."""
    shutil.copytree(built.root, tmp_path / "w")
    return workspaces.find(tmp_path / "w")


def say(place, *kinds, version="2026.1", **said):
    with ledger.open_ledger(place).writing() as writer:
        for kind in kinds:
            writer.append(Entry(kind, dataset="cases", version=version, **said), at=DAY)


def where(place, dataset=None):
    return [problem.where for problem in status.examine(place, dataset).problems]


def test_a_release_that_was_built_waits_to_be_submitted(place):
    found = status.examine(place)
    (one,) = found.versions
    assert (one.dataset, one.version, one.state, one.released) == ("cases", "2026.1", "draft", "2026-02-02")
    assert one.waits.en == "submit for approval"
    assert found.problems == ()


def test_an_empty_workspace(tmp_path):
    found = status.examine(workspaces.init(tmp_path))
    assert found == status.Status((), ())
    assert status.table(found, "en") == "The ledger holds no release yet."


def test_approvals_are_counted_and_the_unsigned_ones_told(place):
    say(place, "submitted", who="thong-ke")
    say(place, "approved", who="kiem-duyet-1")
    found = status.examine(place)
    assert (found.versions[0].waits.en, found.versions[0].people) == ("approve 1/2", ("kiem-duyet-1",))
    assert [p.where for p in found.problems] == ["ledger, event 2", "ledger, event 3"]
    assert "approve 1/2 (kiem-duyet-1)" in status.table(found, "en")


def test_approvals_that_nobody_signed_do_not_make_a_release_approved(place):
    say(place, "submitted", who="a")
    say(place, "approved", who="b")
    say(place, "approved", who="c")
    assert "releases/cases/2026.1/approvals.jsonld" in where(place)


def test_what_the_state_table_does_not_allow_is_told(place):
    say(place, "published", facts={"url": "https://data.example.org/dataset/cases"})
    found = status.examine(place)
    assert found.versions[0].state is None
    assert "contradictory" in status.table(found, "en")
    assert any("event 2: published" in problem.where for problem in found.problems)


def test_pages_on_which_it_is_out():
    from opendata.status.standing import _published

    def event(kind, url):
        return ledger.Event(1, DAY, kind, "cases", "2026.1", "", "", "", {"url": url}, "", "")

    assert _published([event("published", "a"), event("published", "b"), event("published", "a")]) == (
        "a",
        "b",
    )
    assert _published([event("published", "a"), event("removed", "a")]) == ()


def test_one_dataset_is_asked_for(place):
    (place.root / "releases/other/2026.1").mkdir(parents=True)
    assert where(place) == ["releases/other/2026.1"]
    assert where(place, "cases") == []


def test_a_build_that_crashed_is_written_down(place, monkeypatch):
    from opendata.ledger import building

    def crash(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(building, "record", crash)
        with pytest.raises(KeyboardInterrupt):
            pipeline.build("cases", place.root, version="2026.2")
    assert [one.version for one in status.examine(place).versions] == ["2026.1", "2026.2"]
    assert where(place) == []


def test_the_confidential_part_is_held_against_the_ledger(place):
    private = private_folder(place.root / "releases/cases/2026.1")
    (private / "note.txt").write_text("a reviewer's own")
    assert where(place) == []
    (private / "audit.txt").write_text("altered")
    assert where(place) == ["releases/cases/2026.1.private/audit.txt"]


def test_people_whom_the_ledger_does_not_know(place):
    with (place.root / "opendata.toml").open("a", encoding="utf-8") as file:
        file.write(f'[[people]]\nid = "kiem-duyet-9"\nroles = ["approver"]\nkey = "ed25519:{"A" * 43}="\n')
    assert where(workspaces.find(place.root)) == ["opendata.toml: people.kiem-duyet-9"]


def test_a_ledger_that_cannot_be_read(place):
    (place.root / "ledger.sqlite").write_bytes(b"no database at all" * 100)
    found = status.examine(place)
    assert found.versions == ()
    assert found.problems
    assert status.table(found, "en") == "No version can be told from the ledger."


def test_what_is_overdue_is_told(workspace):
    from tests.opendata.schedule.conftest import add

    add(workspace)
    found = status.examine(workspace, clock=lambda: datetime(2026, 2, 20, tzinfo=UTC))
    assert [row.state for row in found.awaited] == ["late", "due"]
    assert "overdue by 10 days (due 2026-02-10)" in status.table(found, "en")
    assert json.loads(status.as_json(found))["awaited"][0]["late_days"] == 10


def test_the_command_tells_it_in_both_languages_and_for_machines(place):
    vietnamese, english = (
        opendata("status", cwd=place.root),
        opendata("--lang", "en", "status", cwd=place.root),
    )
    assert (vietnamese.returncode, english.returncode) == (0, 0)
    assert "bản nháp" in vietnamese.stdout
    assert "draft: built, not submitted" in english.stdout
    (place.root / "releases/cases/2026.1/data.csv").unlink()
    refused = opendata("status", "--json", cwd=place.root)
    assert refused.returncode == 8
    told = json.loads(refused.stdout)
    assert (told["ok"], told["problems"][0]["where"]) == (False, "releases/cases/2026.1/data.csv")
