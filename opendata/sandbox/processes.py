"""Background processes of the sandbox: started detached, found again, stopped and waited for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from catalog.errors import Problem, Text
from opendata import ports
from opendata.errors import PortalError


@dataclass(frozen=True, slots=True)
class Process:
    """A process of ours; the start time (clock ticks since boot) tells it from a later one with its pid."""

    pid: int
    started: str


@dataclass(frozen=True, slots=True)
class Launch:
    """What to start.

    Attributes:
        command: Program and arguments.
        environment: The whole environment it gets.
        folder: Its working directory.
        account: (uid, gid) to run as; None is the caller's own.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    account: tuple[int, int] | None = None


def start(state: Path, name: str, launch: Launch) -> Process:
    """Start a process detached from the caller; its output goes to `logs/<name>.log` of the state folder.

    Raises:
        PortalError: It cannot be started at all.
    """
    folders = {part: state / part for part in ("logs", "processes")}
    for folder in folders.values():
        folder.mkdir(mode=0o700, exist_ok=True)
    order = {
        "command": list(launch.command),
        "environment": dict(launch.environment),
        "folder": str(launch.folder),
        "log": str(folders["logs"] / f"{name}.log"),
        "record": str(folders["processes"] / f"{name}.json"),
        "account": launch.account,
    }
    script = str(resources.files("opendata.sandbox") / "launch.py")
    done = subprocess.run(
        [sys.executable, "-I", script], input=json.dumps(order), capture_output=True, text=True, check=False
    )
    process = _recorded(state, name) if done.returncode == 0 else None
    if process is None:
        raise failure(state, name)
    return process


def find(state: Path, name: str) -> Process | None:
    """The recorded process of this name, if it is alive; a stale record counts as none."""
    process = _recorded(state, name)
    return process if process is not None and alive(process) else None


def _recorded(state: Path, name: str) -> Process | None:
    try:
        record = json.loads((state / "processes" / f"{name}.json").read_text())
        return Process(int(record["pid"]), str(record["started"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def alive(process: Process) -> bool:
    """Whether the very same process still runs (a zombie does not)."""
    try:
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] not in "ZX" and fields[19] == process.started


def stop(process: Process | None, *signals: int, patience: float = 15.0) -> None:
    """End a process and wait for it: each signal in turn (SIGTERM by default), SIGKILL in the end."""
    for number in (*(signals or (signal.SIGTERM,)), signal.SIGKILL):
        if process is None or not alive(process):
            return
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)
        wait_until(lambda: not alive(process), patience)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Look again and again until a condition holds; False when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def free_ports(base: int, *, count: int) -> tuple[int, ...]:
    """The first `count` neighbouring ports from `base` upwards that nobody listens on, below 32768.

    Raises:
        PortalError: There are none.
    """
    found = ports.free(base, count=count, step=10)
    if found:
        return found
    last = ports.HIGHEST_PORT
    what = Text(f"Không còn cổng trống từ {base} đến {last}.", f"No free port from {base} to {last}.")
    remedy = Text("Chọn cổng bắt đầu nhỏ hơn.", "Choose a lower first port.")
    raise PortalError([Problem("sandbox", what, remedy)])


def failure(state: Path, name: str) -> PortalError:
    """What to tell when a part does not start: where its log is."""
    log = state / "logs" / f"{name}.log"
    what = Text(
        f"Thành phần “{name}” của hộp thử nghiệm không khởi động được.",
        f"The sandbox's {name} did not start.",
    )
    remedy = Text(
        f"Xem {log}, rồi chạy lại `opendata sandbox up`.",
        f"Read {log}, then run `opendata sandbox up` again.",
    )
    return PortalError([Problem("sandbox", what, remedy)])
