"""The memory must be whole: what is missing, changed or unknown to the ledger is refused, and how it comes back."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from opendata import ledger, memory
from opendata.errors import SpecError, VerificationError
from opendata.ledger import building
from opendata.release import private_folder
from opendata.workspace import Workspace
from tests.opendata.memory import offices
from tests.opendata.memory.test_leaks_across_time import by_area


@pytest.fixture
def office(tmp_path):
    """A workspace with the release `cases 2026.1`, and a dataset that counts the same and is not released yet."""
    made = offices.office(tmp_path / "office")
    offices.add(made, "cases", by_area())
    offices.build(made, "cases")
    offices.add(made, "again", by_area())
    return made


def truth(office: Workspace) -> Path:
    return office.root / "releases/cases/2026.1.private" / memory.TRUTH


def table(office: Workspace) -> Path:
    return office.root / "releases/cases/2026.1/data.parquet"


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def refused(office: Workspace, name: str = "again") -> str:
    found, made = offices.opened(office, name)
    with pytest.raises(VerificationError) as told:
        found.protect(made)
    assert told.value.exit_code == 8
    return str(told.value)


@pytest.mark.parametrize("damage", [Path.unlink, flip])
@pytest.mark.parametrize("where", [truth, table])
def test_a_release_whose_table_or_truth_is_missing_or_changed_is_named(office, where, damage):
    damage(where(office))
    assert "releases/cases/2026.1" in refused(office)


@pytest.mark.parametrize("damage", [Path.unlink, flip])
def test_the_truth_comes_back_when_the_same_version_is_built_again(office, damage):
    kept = truth(office).read_bytes()
    damage(truth(office))
    assert "opendata build cases --version 2026.1" in refused(office)
    offices.build(office, "cases", "2026.1")
    assert truth(office).read_bytes() == kept
    offices.build(office, "again")


def test_the_truth_is_for_its_owner_alone_and_no_public_file_holds_its_digest(office):
    assert truth(office).stat().st_mode & 0o077 == 0
    told = ledger.open_ledger(office).events("cases", "2026.1")[0].facts["private"][memory.TRUTH]
    for path in table(office).parent.iterdir():
        assert told.encode() not in path.read_bytes()


def test_a_release_that_is_gone_is_missed(office):
    shutil.rmtree(table(office).parent)
    assert "no longer here" in refused(office)


def test_a_release_that_the_ledger_does_not_know_is_no_release(office):
    shutil.copytree(table(office).parent, table(office).parent.with_name("2026.2"))
    assert "releases/cases/2026.2" in refused(office)


def test_a_release_of_before_the_memory_counts_once_somebody_vouches_for_it_and_its_truth_is_made_again(
    office,
):
    for path in [*office.root.glob("ledger*"), truth(office)]:
        path.unlink()
    assert "releases/cases/2026.1" in refused(office)
    book = ledger.open_ledger(office)
    building.adopt(book, table(office).parent, who="thong-ke", why="a release of before the ledger")
    assert "truth.parquet" in refused(office)
    offices.build(office, "cases", "2026.1")
    offices.build(office, "again")


def test_an_altered_ledger_is_refused(office):
    with sqlite3.connect(office.root / "ledger.sqlite") as found:
        found.execute("DROP TRIGGER no_update")
        found.execute("UPDATE events SET facts = '{}'")
    found.close()
    assert "ledger, event 1" in refused(office)


def test_a_manifest_that_is_not_the_one_of_the_ledger_is_refused(office):
    path = table(office).with_name("manifest.json")
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
    assert "releases/cases/2026.1" in refused(office)


@pytest.mark.parametrize(
    ("kinds", "counts"),
    [([], 1), (["withdrawn"], 1), (["returned"], 0), (["refused"], 0), (["published", "refused"], 1)],
)
def test_only_what_approvers_kept_from_readers_does_not_count(office, kinds, counts):
    with ledger.open_ledger(office).writing() as writer:
        for kind in kinds:
            writer.append(ledger.Entry(kind, dataset="cases", version="2026.1"))
    found, made = offices.opened(office, "again")
    subject = memory.subject(found.spec, made, found.code_lists())
    assert len(memory.recall(office, ("again", "2026.1"), subject).memory.earlier) == counts
    later, table = offices.opened(office, "cases")
    assert len(later.known(table)) == counts


def test_a_version_that_stands_is_judged_with_what_came_before_it(office):
    offices.build(office, "again")
    made, _ = (offices.build(office, name, "2026.1") for name in ("cases", "again"))
    assert private_folder(made.directory).is_dir()


def test_two_releases_of_a_family_made_at_once_do_not_both_pass(office):
    offices.add(office, "third", by_area())
    ready = []
    for name in ("again", "third"):
        found, made = offices.opened(office, name)
        safe = found.protect(made)
        ready.append(found.release(safe, found.audit(safe)))
    assert ready[0].write()
    with pytest.raises(SpecError, match="meanwhile"):
        ready[1].write()
    assert not ready[1].directory.exists()


def test_a_release_of_another_family_is_in_nobodys_way(office):
    offices.add(office, "beds", by_area().rename({"cases": "beds"}), ("beds",))
    found, made = offices.opened(office, "beds")
    safe = found.protect(made)
    ready = found.release(safe, found.audit(safe))
    offices.build(office, "again")
    assert ready.write()
