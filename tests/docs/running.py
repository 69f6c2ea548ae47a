"""Runs the blocks of a page as a reader would: one shell and one Python session per page, in a folder of its own."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opendata import sandbox
from tests.docs.blocks import ROOT, TOLD, Block, Page
from tests.docs.command import answer, warm

_SHELL = """set -euo pipefail
trap 'pwd > "{state}/folder"; env -0 > "{state}/environment"' EXIT
{text}
"""
_LONGEST = 900  # seconds of one block
_COMMITTER = {f"GIT_{who}_{what}": "ytemo" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
_NOT_COPIED = (".git", ".venv", "*.egg-info", ".*cache", ".hypothesis", "demo")


@dataclass(slots=True)
class Session:
    """What a reader's terminal and Python remember between two blocks."""

    folder: Path
    environment: dict[str, str]
    state: Path
    ask: socket.socket | None  # where the warm command asks; None: the installed command is used
    names: dict[str, Any] = field(default_factory=dict)
    printed: str = ""


def run(page: Page, folder: Path, *, tiers: set[str], cold: bool = False) -> None:
    """Run every block of a page that belongs to one of the tiers, in order.

    Args:
        page: The page.
        folder: An empty folder.
        tiers: "unit", "portal", "nightly".
        cold: Use the installed command, not the one of this process.
    """
    with _session(page, folder, cold=cold) as session:
        skipped = False
        for block in page.blocks:
            if block.language not in TOLD:
                skipped = block.tier not in tiers
            if not skipped:
                _run(page, block, session)


@contextmanager
def _session(page: Page, folder: Path, *, cold: bool) -> Iterator[Session]:
    work, state = folder / "work", folder / "state"
    state.mkdir()
    if page.in_checkout:
        shutil.copytree(ROOT, work, ignore=shutil.ignore_patterns(*_NOT_COPIED))
    else:
        work.mkdir()
    with warm() as (command, listening):
        path = [str(Path(sys.executable).parent), os.environ["PATH"]]
        own = {
            "PATH": os.pathsep.join(path if cold else [str(command), *path]),
            "HOME": str(folder / "home"),
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            **_COMMITTER,
            "PYTHONPATH": str(work if page.in_checkout else ROOT),
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("OPENDATA_", "PYTEST_", "GIT_"))}
        (folder / "home").mkdir()
        try:
            yield Session(work, kept | own, state, None if cold else listening)
        finally:
            for left in work.rglob(".sandbox"):
                sandbox.remove(left)


def _run(page: Page, block: Block, session: Session) -> None:
    where = f"{page.name}:{block.line}"
    match block.language:
        case "text" | "mermaid":
            if "output" in block.words:
                _compare(block.text, session.printed, where)
        case "yaml" | "toml":
            assert block.path, f"{where}: the first line must be a comment with the path of the file"
            _write(session.folder / block.path, block)
        case "python":
            session.printed = _python(block, session, where)
        case "sh" if until := block.value("until"):
            session.printed = _until(until, block, session, where)
        case "sh":
            session.printed = _shell(block, session, where)
        case other:
            raise AssertionError(f"{where}: nobody runs {other!r}")


def _shell(block: Block, session: Session, where: str) -> str:
    with _started(block.text, session) as (process, log):
        ends = time.monotonic() + _LONGEST
        while process.poll() is None and time.monotonic() < ends:
            if session.ask:
                answer(session.ask)
            else:
                time.sleep(0.05)
        printed = log.read_text(encoding="utf-8")
        code = process.poll()
    wanted = block.value("exit", "0")
    assert code is not None, f"{where}: not done after {_LONGEST} s\n{printed}"
    assert wanted in ("any", str(code)), f"{where}: exit code {code}\n{printed}"
    session.folder = Path((session.state / "folder").read_text().strip())
    dumped = (session.state / "environment").read_text(encoding="utf-8").split("\0")
    session.environment = dict(line.split("=", 1) for line in dumped if "=" in line)
    return printed


def _until(text: str, block: Block, session: Session, where: str) -> str:
    """Run what does not end by itself until it prints a text, then interrupt it as a person would."""
    own = {"PATH": os.pathsep.join([str(Path(sys.executable).parent), session.environment["PATH"]])}
    with _started(block.text, session, own) as (process, log):
        ends = time.monotonic() + 120
        while text not in (printed := log.read_text(encoding="utf-8")):
            assert process.poll() is None, f"{where}: it ended\n{printed}"
            assert time.monotonic() < ends, f"{where}: too slow\n{printed}"
            time.sleep(0.1)
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=60)
    return printed


@contextmanager
def _started(
    text: str, session: Session, more: dict[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    log = session.state / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["bash", "-c", _SHELL.format(state=session.state, text=text)],
            cwd=session.folder,
            env=session.environment | (more or {}),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process, log
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _python(block: Block, session: Session, where: str) -> str:
    """In this process; relative paths are those of the page's folder."""
    before, home, out = Path.cwd(), os.environ.get("HOME"), io.StringIO()
    os.chdir(session.folder)
    os.environ["HOME"] = session.environment["HOME"]
    try:
        with redirect_stdout(out):
            exec(compile("\n" * (block.line - 1) + block.text, where, "exec"), session.names)
    finally:
        os.chdir(before)
        if home is not None:
            os.environ["HOME"] = home
    return out.getvalue()


def _write(path: Path, block: Block) -> None:
    """Write a file, or replace the sections of one that is there."""
    text = block.text
    if path.exists():
        text = path.read_text(encoding="utf-8")
        for name, section in _sections(block.text, block.language).items():
            old = _sections(text, block.language).get(name)
            text = text.replace(old, section) if old else f"{text.rstrip()}\n\n{section}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _sections(text: str, language: str) -> dict[str, str]:
    """The top-level sections of a YAML or TOML file, by name, with everything up to the next one."""
    head = r"^(\w+):" if language == "yaml" else r"^\[(\w+)\]"
    starts = [*re.finditer(head, text, re.MULTILINE)]
    ends = [found.start() for found in starts[1:]] + [len(text)]
    return {found[1]: text[found.start() : end] for found, end in zip(starts, ends, strict=True)}


def _compare(expected: str, printed: str, where: str) -> None:
    """Every line that the page shows must have been printed, in order; `…` stands for anything."""
    lines = [line.rstrip() for line in expected.strip("\n").splitlines()]
    pattern = r"\n(?:.*\n)*?".join(re.escape(line).replace("…", ".*") for line in lines)
    found = "\n".join(line.rstrip() for line in printed.splitlines())
    assert re.search(rf"^{pattern}$", found, re.MULTILINE), f"{where}: this was printed\n{printed}"
