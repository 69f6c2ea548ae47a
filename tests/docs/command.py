"""`opendata` for the shell blocks of a page, answered by this process: what is imported once need not be again.

The shell finds a small `opendata` on its PATH, which sends arguments, folder and environment here and gets back what
the real command line wrote and its exit code. `make nightly` runs the same pages with the installed command.
"""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

from opendata import cli

_CLIENT = """#!{python} -IS
import json, os, socket, sys
line = socket.socket(socket.AF_UNIX)
line.connect({address!r})
line.sendall(json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode())
line.shutdown(socket.SHUT_WR)
code, out, err = json.loads(line.makefile().read())
sys.stdout.write(out)
sys.stdout.flush()
sys.stderr.write(err)
sys.exit(code)
"""


@contextmanager
def warm() -> Iterator[tuple[Path, socket.socket]]:
    """The folder with the small command, and the socket on which it asks."""
    with tempfile.TemporaryDirectory(prefix="od-") as made, socket.socket(socket.AF_UNIX) as listening:
        client = Path(made) / "opendata"
        address = str(Path(made) / "socket")
        client.write_text(_CLIENT.format(python=sys.executable, address=address), encoding="utf-8")
        client.chmod(client.stat().st_mode | stat.S_IXUSR)
        listening.bind(address)
        listening.listen()
        listening.settimeout(0.05)
        yield Path(made), listening


def answer(listening: socket.socket) -> None:
    """Run one command, if one is waiting."""
    try:
        line, _ = listening.accept()
    except TimeoutError:
        return
    with line, line.makefile() as asked:
        line.settimeout(None)
        reply = _run(*json.loads(asked.read()))
        line.sendall(json.dumps(reply).encode())


def _run(arguments: list[str], folder: str, environment: dict[str, str]) -> tuple[Any, str, str]:
    before, handler = Path.cwd(), signal.getsignal(signal.SIGTERM)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    os.chdir(folder)
    try:
        with (
            mock.patch.dict(os.environ, environment, clear=True),
            mock.patch.object(sys, "argv", ["opendata", *arguments]),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = _exit_code()
    finally:
        os.chdir(before)
        signal.signal(signal.SIGTERM, handler)
    return code, *(stream.detach().getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]


def _exit_code() -> int:
    try:
        cli.main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
