"""`opendata` with a kill -9 at the n-th point: before or after a step, a rename, an event, a write to the portal.

`python -m tests.portal.crashing` reads one order a line, as JSON: `number` (0: nothing is killed), `trace` (a file for
the points that were passed, one a line), `told` (files for the two outputs), `arguments`; and answers with the exit
code. Each order is carried out by a fork, so that only the first pays for the imports. Nothing in the program knows of
this.
"""

import json
import os
import shutil
import signal
import sys
from dataclasses import replace
from functools import wraps
from pathlib import Path

from opendata import pipeline  # noqa: F401 (before the fork)
from opendata.cli import main
from opendata.ledger import store
from opendata.portal import publish
from opendata.schedule import running
from opendata.site import pages  # noqa: F401 (before the fork)

ASIDE = "ytemo-"  # temporary folders, in which nothing that stays is written


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
        if args and isinstance(args[0], str | Path) and f"/{ASIDE}" in str(args[0]):
            return function(*args, **options)
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
    Path.unlink = around(point, "Path.unlink", Path.unlink)
    store.Writer.append = around(point, "ledger append", store.Writer.append)
    store.remember = around(point, "ledger commit", store.remember)  # comes right after it


def carry_out(order) -> None:
    """Run the command in this process, which ends with it."""
    for path, stream in zip(order["told"], (sys.stdout, sys.stderr), strict=True):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream.fileno())
    sys.argv = ["opendata", *order["arguments"]]
    instrument(armed(order["number"], Path(order["trace"])))
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code or 0
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def serve() -> None:
    """Carry out orders until there are no more."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            carry_out(json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()
