"""Files that appear whole or not at all."""

from pathlib import Path

import pytest

from opendata import atomic


def test_what_was_there_is_replaced_and_no_draft_stays(tmp_path):
    path = tmp_path / "note"
    atomic.write(path, b"one")
    atomic.write(path, b"two", mode=0o644)
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o644
    assert [one.name for one in tmp_path.iterdir()] == ["note"]


def test_what_fails_leaves_everything_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "note"
    atomic.write(path, b"one")
    assert path.stat().st_mode & 0o777 == 0o600

    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        atomic.write(path, b"two")
    assert path.read_bytes() == b"one"
    assert [one.name for one in tmp_path.iterdir()] == ["note"]
