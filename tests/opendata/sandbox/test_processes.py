"""Background processes: detached, found again, never mistaken for another, stopped and waited for."""

import json
import os
import signal
import socket
import sys

import pytest

from opendata.errors import PortalError
from opendata.ports import are_free
from opendata.sandbox import processes
from opendata.sandbox.processes import Launch, Process

SLEEP = [sys.executable, "-I", "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    *(sys.executable, "-I", "-c"),
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


def started(folder, command=SLEEP):
    process = processes.start(folder, "part", Launch(command, {"A": "1"}, folder))
    log = folder / "logs" / "part.log"
    assert processes.wait_until(lambda: "up" in log.read_text(), 10)
    return process


def test_started_found_stopped(tmp_path):
    process = started(tmp_path)
    assert processes.find(tmp_path, "part") == process
    assert os.getsid(process.pid) == process.pid != os.getsid(0)
    processes.stop(process)
    assert not processes.alive(process)
    assert processes.find(tmp_path, "part") is None
    processes.stop(process)
    processes.stop(None)


def test_one_that_does_not_listen_is_killed(tmp_path):
    process = started(tmp_path, STUBBORN)
    processes.stop(process, signal.SIGTERM, patience=0.2)
    assert not processes.alive(process)


def test_another_process_with_the_same_pid_is_not_ours(tmp_path):
    (tmp_path / "processes").mkdir()
    record = tmp_path / "processes" / "part.json"
    for text in (json.dumps({"pid": os.getpid(), "started": "1"}), "{", "[]", '{"pid": "x", "started": "1"}'):
        record.write_text(text)
        assert processes.find(tmp_path, "part") is None
    assert not processes.alive(Process(2**22 + 1, "1"))


def test_one_that_cannot_start_is_told_with_its_log(tmp_path):
    with pytest.raises(PortalError, match=r"logs/part\.log"):
        processes.start(tmp_path, "part", Launch(["/nonexistent"], {}, tmp_path))


def test_free_ports_lie_below_the_range_of_outgoing_connections():
    ports = processes.free_ports(20000, count=3)
    assert ports[2] == ports[0] + 2 < 32768
    with socket.create_server(("127.0.0.1", ports[1])):
        assert not are_free(ports)
        assert processes.free_ports(ports[0], count=3)[0] > ports[0]
    with pytest.raises(PortalError, match="No free port"):
        processes.free_ports(32766, count=3)


def test_waiting_has_an_end():
    assert not processes.wait_until(lambda: False, 0.05)
    assert processes.wait_until(lambda: True, 0)
