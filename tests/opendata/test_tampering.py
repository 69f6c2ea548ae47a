"""Whoever changes a byte of data, metadata, approvals or the ledger is found out by `verify` or `status`.

For every file of a workspace with an approved release: bytes are flipped, put in and taken away, the file is deleted,
cut, emptied, and changes places with another.
"""

import shutil
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from opendata import approvals, ledger, pipeline, status, verification
from opendata import workspace as workspaces
from opendata.approvals import Office
from opendata.errors import OpendataError
from opendata.release import private_folder
from tests.opendata.conftest import fresh
from tests.opendata.test_cli import opendata

DAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
PEOPLE = {"thong-ke": ("author",), "kiem-duyet-1": ("approver",), "kiem-duyet-2": ("approver",)}
SMALL = 512  # bytes; of larger files every k-th


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A workspace with one release that two people approved."""
    root = tmp_path_factory.mktemp("tampering")
    place = fresh(root / "workspace")
    book = ledger.open_ledger(place, clock=lambda: DAY)
    keys = {id: approvals.new_key(root / "keys", id) for id in PEOPLE}
    for id, roles in PEOPLE.items():
        approvals.add_person(place, keys[id], Office(roles), book=book)
    place = workspaces.find(place.root)
    release, _ = pipeline.build("cases", place.root)
    approvals.submit(release, keys["thong-ke"], why="Số liệu năm 2024", book=book)
    for who in ("kiem-duyet-1", "kiem-duyet-2"):
        approvals.approve(release, keys[who], book=book)
    return place.root


@pytest.fixture
def place(original, tmp_path) -> Path:
    shutil.copytree(original, tmp_path / "w")
    return tmp_path / "w"


def release_files(root: Path) -> list[Path]:
    """Every file of the release, public and confidential."""
    public = root / "releases/cases/2026.1"
    return sorted(
        path for folder in (public, private_folder(public)) for path in folder.rglob("*") if path.is_file()
    )


def found_out(root: Path) -> bool:
    """Whether `status` refuses; what it says must be readable in both languages."""
    try:
        problems = status.examine(workspaces.find(root)).problems
    except OpendataError as refused:
        problems = refused.problems
    assert all(one.what.vi and one.what.en and one.remedy.vi and one.remedy.en for one in problems)
    return bool(problems)


def mutations(data: bytes, flipped):
    """What somebody could make of the bytes of a file."""
    for place in flipped:
        yield f"flip {place}", data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    for place in some(data):
        yield f"blank {place}", data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
        yield f"insert {place}", data[:place] + b" " + data[place:]
        yield f"delete {place}", data[:place] + data[place + 1 :]
    yield "append", data + b"\n"
    yield "empty", b""
    yield "cut", data[: len(data) // 2]


def some(data: bytes) -> list[int]:
    return sorted({0, len(data) // 3, len(data) // 2, len(data) - 1}) if data else []


def many(data: bytes) -> list[int]:
    return list(range(0, len(data), max(1, len(data) // SMALL)))


def test_nothing_is_wrong_with_what_nobody_touched(place):
    assert status.examine(workspaces.find(place)).problems == ()
    (standing,) = status.examine(workspaces.find(place)).versions
    assert standing.state == "approved"
    verification.verify(str(place / "releases/cases/2026.1"))


@pytest.mark.parametrize(
    "choose", [some, pytest.param(many, marks=[pytest.mark.nightly, pytest.mark.timeout(7200)])]
)
def test_any_byte_of_a_release_and_its_confidential_part(place, choose):
    overlooked = []
    for path in release_files(place):
        whole = path.read_bytes()
        for what, data in mutations(whole, choose(whole)):
            path.write_bytes(data)
            if data != whole and not found_out(place):
                overlooked.append(f"{path.name}: {what}")
        path.write_bytes(whole)
    assert overlooked == []
    assert not found_out(place)


def test_readers_see_any_byte_of_what_is_public(place):
    """`verify` needs nothing but the folder, or what a portal serves."""
    folder = place / "releases/cases/2026.1"
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        for what, data in mutations(whole, some(whole)):
            path.write_bytes(data)
            with pytest.raises(OpendataError) as refused:
                verification.verify(str(folder))
            assert refused.value.exit_code == 8, (path.name, what)
        path.write_bytes(whole)
    verification.verify(str(folder))


def test_files_that_are_gone(place):
    for path in release_files(place):
        whole = path.read_bytes()
        path.unlink()
        assert found_out(place), path.name
        path.write_bytes(whole)


def test_files_that_changed_places(place):
    paths = release_files(place)
    for one, other in pairwise(paths):
        kept = one.read_bytes(), other.read_bytes()
        one.write_bytes(kept[1])
        other.write_bytes(kept[0])
        assert found_out(place), (one.name, other.name)
        one.write_bytes(kept[0])
        other.write_bytes(kept[1])


def test_folders_that_are_gone_moved_or_not_known(place):
    folder = place / "releases/cases/2026.1"
    for path in (folder, private_folder(folder), folder.parent, folder.parent.parent):
        path.rename(place / "aside")
        assert found_out(place), path.name
        (place / "aside").rename(path)
    shutil.copytree(folder, folder.with_name("2026.2"))
    assert found_out(place)
    shutil.rmtree(folder.with_name("2026.2"))
    folder.rename(folder.with_name("2026.3"))
    assert found_out(place)


def test_files_that_were_put_in(place):
    folder = place / "releases/cases/2026.1"
    for path in (folder / "extra.csv", folder / ".hidden"):
        path.write_bytes(b"a\n")
        assert found_out(place)
        path.unlink()


@pytest.mark.parametrize(
    "choose", [some, pytest.param(many, marks=[pytest.mark.nightly, pytest.mark.timeout(7200)])]
)
def test_any_byte_of_the_ledger(place, choose):
    """A byte that no event lies in may be another: then every event still reads the same."""
    path = place / "ledger.sqlite"
    whole, events = path.read_bytes(), ledger.open_ledger(workspaces.find(place)).events()
    positions = sorted(
        {*choose(whole), *(whole.find(text) for text in (b"approved", b"submitted", b"kiem-duyet-2"))}
    )
    overlooked = []
    for what, data in mutations(whole, positions):
        path.write_bytes(data)
        if not found_out(place) and ledger.open_ledger(workspaces.find(place)).events() != events:
            overlooked.append(what)
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
    path.write_bytes(whole)
    assert overlooked == []
    assert not found_out(place)


def test_every_byte_of_the_note_of_the_last_event(place):
    path = place / "ledger.head"
    whole = path.read_bytes()
    for what, data in mutations(whole, range(len(whole))):
        path.write_bytes(data)
        assert data == whole or found_out(place), what
    path.unlink()
    assert found_out(place)


@pytest.mark.parametrize("name", ["ledger.sqlite", "ledger.head"])
def test_a_ledger_that_is_gone(place, name):
    (place / name).unlink()
    assert found_out(place)


def test_a_ledger_that_was_begun_anew(place):
    """With ledger and note gone together, the releases and what people signed still tell."""
    for name in ("ledger.sqlite", "ledger.head"):
        (place / name).unlink()
    assert found_out(place)


def test_every_byte_of_the_people(place):
    """A byte that changes nothing that is read, such as a space, may be another."""
    path = place / "opendata.toml"
    whole = path.read_bytes()
    people = workspaces.find(place).config.people
    overlooked = []
    for what, data in mutations(whole, range(whole.index(b"[[people]]"), len(whole), 3)):
        path.write_bytes(data)
        if not found_out(place) and not _reads(place, people):
            overlooked.append(what)
    assert overlooked == []


def _reads(root, people) -> bool:
    """Whether nobody is another; that somebody is missing gives nobody any rights."""
    return set(workspaces.find(root).config.people) <= set(people)


def test_the_command_ends_with_8_and_names_the_place(place):
    done = opendata("--lang", "en", "status", cwd=place)
    assert (done.returncode, done.stderr) == (0, "")
    (place / "releases/cases/2026.1/data.csv").write_bytes(b"")
    done = opendata("--lang", "en", "status", cwd=place)
    assert done.returncode == 8
    assert "releases/cases/2026.1/data.csv" in done.stderr
