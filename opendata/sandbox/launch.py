"""Start one process in the background for good; a script, so that nothing ties the process to its starter.

The process gets a session of its own, no standard input, and a log file for its output: it outlives the
command that started it and holds none of its pipes. Its record (pid and start time) is written here,
beside the start itself, so that a starter killed at any moment leaves no process that nobody knows of.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def main(order: dict[str, object]) -> None:
    """Start what the order says.

    Args:
        order: `command`, `environment`, `folder` (working directory), `log`, `record` (where to write the
            pid), and `account` ([uid, gid] to run as, or None).
    """
    account = order["account"]
    identity = (
        {"user": account[0], "group": account[1], "extra_groups": []} if isinstance(account, list) else {}
    )
    log = os.open(str(order["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    process = subprocess.Popen(
        order["command"],  # type: ignore[call-overload]
        env=order["environment"],
        cwd=order["folder"],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        umask=0o077,
        **identity,
    )
    started = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[19]
    record = Path(str(order["record"]))
    draft = record.with_suffix(".new")
    draft.write_text(json.dumps({"pid": process.pid, "started": started}))
    draft.replace(record)
    os._exit(0)  # no clean-up: the process is meant to go on without us


if __name__ == "__main__":
    main(json.loads(sys.stdin.read()))
