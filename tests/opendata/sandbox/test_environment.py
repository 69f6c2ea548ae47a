"""CKAN's environment: pinned, built once, never half."""

import re
import sys
from importlib import resources
from pathlib import Path

import pytest

from opendata.errors import PortalError
from opendata.sandbox import environment


def test_the_lock_pins_every_package_with_hashes_and_names_no_registry():
    text = (resources.files("opendata.sandbox") / environment.LOCK).read_text()
    pins = re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", text, re.MULTILINE)
    assert ("ckan", "2.12.0") in pins
    assert "psycopg2-binary" in dict(pins)
    assert "psycopg2" not in dict(pins)
    assert "://" not in text
    assert "--index" not in text
    blocks = re.split(r"\n(?=\S)", text.partition("\n")[2])
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)


def test_where_it_is_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert environment.cache_folder(Path("/else")) == tmp_path / "ytemo"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert environment.cache_folder(Path("/else")) == tmp_path / ".cache" / "ytemo"
    monkeypatch.setenv("HOME", "/nonexistent")
    assert environment.cache_folder(Path("/else")) == Path("/else")


def test_a_failed_build_leaves_nothing_and_says_why(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "LOCK", "ckan-2.12.in")  # no hashes: uv refuses without going anywhere
    leftover = tmp_path / "ckan-2.12-x"
    said = []
    with pytest.raises(PortalError, match="CKAN could not be installed") as refused:
        environment.ckan_python(tmp_path, said.append)
    assert "UV_INDEX_URL" in refused.value.problems[0].remedy.vi
    assert len(said) == 1
    assert not leftover.exists()
    assert [path.suffix for path in tmp_path.iterdir() if path.name != "uv"] == [".lock"]


def test_a_built_one_is_used_and_a_broken_one_is_built_again(monkeypatch, tmp_path):
    built = []

    def build(target):
        built.append(target)
        (target / "bin").mkdir(parents=True, exist_ok=True)
        python = target / "bin" / "python"
        python.unlink(missing_ok=True)
        python.write_text(f"#!/bin/sh\nexec {sys.executable} -c pass\n")
        python.chmod(0o755)

    monkeypatch.setattr(environment, "_build", build)
    first = environment.ckan_python(tmp_path, lambda _: None)
    assert environment.ckan_python(tmp_path, lambda _: None) == first
    assert len(built) == 1
    first.write_text("#!/bin/sh\nexit 1\n")
    environment.ckan_python(tmp_path, lambda _: None)
    assert len(built) == 2
