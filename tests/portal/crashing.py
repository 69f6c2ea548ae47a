"""`opendata` with a kill -9 at the n-th point: before or after a step, a rename, an event, a write to the portal.

`python -m tests.portal.crashing N TRACE ARGUMENTS...`; with N = 0 nothing is killed. The points that were passed are
written to the file TRACE, one a line. Nothing in the program knows of this.
"""

import os
import shutil
import signal
import sys
from dataclasses import replace
from functools import wraps
from pathlib import Path

from opendata.cli import main
from opendata.ledger import store
from opendata.portal import publish
from opendata.schedule import running


def armed(number: int, trace: Path):
    """What is called at every point; the n-th is the last."""
    passed = []

    def point(name: str) -> None:
        passed.append(name)
        with trace.open("a") as file:
            file.write(f"{name}\n")
        if len(passed) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return point


def around(point, name: str, function):
    """A function with a point before and one after."""

    @wraps(function)
    def called(*args, **options):
        point(f"before {name}")
        result = function(*args, **options)
        point(f"after {name}")
        return result

    return called


def instrument(point) -> None:
    """Put points around every step and around everything that leaves a trace outside the process."""
    running.STEPS = tuple(
        replace(step, act=around(point, f"step {step.name}", step.act)) for step in running.STEPS
    )
    for name in ("refresh_site", "record"):
        setattr(running, name, around(point, name, getattr(running, name)))
    for name in ("write", "send"):
        setattr(publish, name, around(point, f"portal {name}", getattr(publish, name)))
    for name in ("rename", "replace"):
        setattr(os, name, around(point, f"os.{name}", getattr(os, name)))
    for name in ("rmtree", "copytree"):
        setattr(shutil, name, around(point, f"shutil.{name}", getattr(shutil, name)))
    for name in ("unlink", "mkdir"):
        setattr(Path, name, around(point, f"Path.{name}", getattr(Path, name)))
    store.Writer.append = around(point, "ledger append", store.Writer.append)
    store.remember = around(point, "ledger commit", store.remember)  # comes right after it


if __name__ == "__main__":
    instrument(armed(int(sys.argv[1]), Path(sys.argv[2])))
    sys.argv[1:] = sys.argv[3:]
    main()
