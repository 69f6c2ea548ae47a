"""What is kept beside the releases is derived: damaged, old or gone, it is made again and says the same."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from opendata import memory
from opendata.workspace import Workspace
from tests.opendata.memory import offices
from tests.opendata.memory.test_leaks_across_time import by_area


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Three versions of `cases`, of which the last two changed one count each."""
    made = offices.office(tmp_path_factory.mktemp("shelf") / "office")
    for number in range(3):
        offices.add(made, "cases", by_area(S2=70 + number))
        offices.build(made, "cases")
    offices.add(made, "again", by_area())
    return made


def recalled(office: Workspace) -> list[tuple[str, pl.DataFrame]]:
    found, table = offices.opened(office, "again")
    subject = memory.subject(found.spec, table, found.code_lists())
    earlier = memory.recall(office, ("again", "2026.1"), subject).memory.earlier
    return [(one.name, one.cells) for one in earlier]


def test_what_did_not_change_is_kept_once(office):
    (_, first), (_, second), (name, third) = recalled(office)
    assert name == "cases 2026.3"
    assert first.height == 8
    assert set(second["area"]) == {"S1", "S2", "S", "N", "VN"}  # the sums of the count that changed
    assert third.columns == second.columns


@pytest.mark.parametrize("damage", ["flip json", "flip parquet", "drop json", "drop parquet", "empty json"])
def test_a_damaged_shelf_is_made_again(office, damage):
    before = recalled(office)
    act, ending = damage.split()
    path = office.root / f"releases/.memory/cases.{ending}"
    if act == "drop":
        path.unlink()
    else:
        content = bytearray(path.read_bytes() if act == "flip" else b"")
        content[len(content) // 2 : len(content) // 2 + 1] = b"?"
        path.write_bytes(content)
    for (name, cells), (again, same) in zip(before, recalled(office), strict=True):
        assert name == again
        assert_frame_equal(cells, same)


def test_a_shelf_is_for_its_owner_alone_and_never_versioned(office):
    recalled(office)
    folder = office.root / "releases/.memory"
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.glob("cases.*"))
    assert (folder / ".gitignore").read_text() == "*\n"
