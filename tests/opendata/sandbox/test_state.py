"""The sandbox's memory: whole or not at all, and for its owner only."""

import stat
import threading
from pathlib import Path

import pytest

from opendata.errors import PortalError
from opendata.sandbox import state
from opendata.sandbox.state import Ports

PORTS = Ports(1, 2, 3)


def test_remembered(tmp_path):
    made = state.fresh(PORTS, tmp_path / "home")
    state.save(tmp_path, made)
    assert state.load(tmp_path) == made
    assert state.moved(made, Ports(4, 5, 6)).secret == made.secret
    assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600
    assert state.load(tmp_path / "none") is None


def test_every_sandbox_has_secrets_of_its_own_and_shows_none(tmp_path):
    one, other = (state.fresh(PORTS, tmp_path) for _ in range(2))
    assert one.secret != other.secret
    assert one.database_password != other.database_password
    secrets = [one.secret, one.database_password, *one.passwords.values()]
    assert not [secret for secret in secrets if secret in repr(one)]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"ports": {"site": 1}}', '{"ports": 3}'])
def test_spoiled(tmp_path, text):
    (tmp_path / "state.json").write_text(text)
    with pytest.raises(PortalError, match="Remove the folder"):
        state.load(tmp_path)


def test_a_secret_replaces_the_old_one_whatever_a_crash_left(tmp_path):
    path = tmp_path / "token"
    for text in ("one", "two"):
        path.with_name("token.new").write_text("left by a crash")
        state.write_secret(path, text)
        assert path.read_text() == text
        assert [item.name for item in tmp_path.iterdir()] == ["token"]


def test_the_second_command_waits(tmp_path):
    said = []

    def second():
        with state.locked(tmp_path):
            said.append("second")

    with state.locked(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.1)
        said.append("first")
    thread.join()
    assert said == ["first", "second"]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PortalError, match="cannot be written"), state.locked(tmp_path / "file" / "sandbox"):
        pass


def test_the_ini_survives_percent_signs(tmp_path):
    from configparser import ConfigParser

    from opendata.sandbox.postgres import Database
    from opendata.sandbox.settings import write_ini

    memory = state.fresh(PORTS, tmp_path)
    write_ini(tmp_path, memory, Database(Path("/x"), 3, "a%b"))
    parsed = ConfigParser()
    parsed.read(tmp_path / "ckan.ini")
    assert parsed["app:main"]["sqlalchemy.url"] == "postgresql://ckan:a%b@127.0.0.1:3/postgres"
    assert stat.S_IMODE((tmp_path / "ckan.ini").stat().st_mode) == 0o600
