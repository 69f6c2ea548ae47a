"""Progress bars: after a while, where somebody sits, gone in the end; and nothing at all in a batch run."""

import os
import pty
import subprocess
import sys
from dataclasses import dataclass, field
from time import sleep

import nbformat
import pytest
from nbclient import NotebookClient

import anonymize as an
import opendata as od
from catalog.errors import Text
from opendata import bars
from tests.anonymize.test_display import policy, table
from ytemo_display.progress import heard, listening, tell

STAGE = Text("Đang làm", "Working")


@dataclass
class Recorder:
    """A screen that writes down what it was asked to show."""

    shown: list = field(default_factory=list)

    def show(self, stage, share):
        self.shown.append((stage.en, share))

    def clear(self):
        self.shown.append("cleared")


def wait(stage, share):
    """Let what is told be due."""
    sleep(0.05)
    tell(stage, share, 1)


@pytest.fixture
def soon(monkeypatch):
    monkeypatch.setattr(bars, "AFTER", 0.02)
    monkeypatch.setattr(bars, "EVERY", 0.0)


def test_what_is_soon_done_shows_nothing():
    screen = Recorder()
    with od.progress(STAGE, screen=screen):
        tell(STAGE, 1, 2)
    assert screen.shown == []


def test_what_takes_long_is_shown_and_cleared(soon):
    screen = Recorder()
    with od.progress(STAGE, screen=screen):
        wait(Text("Tìm", "Searching"), 0.5)
    assert screen.shown == [("Working", None), ("Searching", 0.5), "cleared"]


def test_a_failure_clears_the_bar(soon):
    screen = Recorder()

    def broken():
        wait(STAGE, 0.5)
        raise KeyError

    with pytest.raises(KeyError), od.progress(STAGE, screen=screen):
        broken()
    assert screen.shown[-1] == "cleared"


def test_the_outer_bar_goes_on(soon):
    screen = Recorder()
    with od.progress(STAGE, screen=screen), od.progress(Text("Trong", "Inner")):
        wait(STAGE, 0.5)
    assert ("Inner", None) in screen.shown
    assert screen.shown.count("cleared") == 1


def test_a_terminal_that_went_away_stops_no_work(soon):
    class Gone(Recorder):
        def show(self, stage, share):
            raise BrokenPipeError

    with od.progress(STAGE, screen=Gone()):
        wait(STAGE, 0.5)


def test_protection_and_audit_tell_and_choose_the_same():
    made = table([9, 1, 8, 70, 60, 50])
    silent = an.protect(made, policy())
    screen = Recorder()
    with od.progress(STAGE, screen=screen):
        assert heard()
        safe = an.protect(made, policy())
        an.audit(safe, policy())
    assert safe.digest == silent.digest


def test_what_protection_tells_is_named_in_both_languages(soon):
    told = []
    made = table([9, 1, 8, 70, 60, 50])
    with listening(lambda stage, share: told.append((stage.vi, stage.en, share))):
        an.audit(an.protect(made, policy()), policy())
    assert {"Choosing the cells to hide", "Attacking by sums"} <= {en for _, en, _ in told}
    assert all(vi and (share is None or 0 <= share <= 1) for vi, _, share in told)


SCRIPT = """
import sys, time
from catalog.errors import Text
from ytemo_display.progress import tell
from opendata import bars
bars.AFTER = 0.05
with bars.progress(Text("Đang làm", "Working")):
    time.sleep(0.3)
    tell(Text("Đang làm", "Working"), 1, 2)
    time.sleep(0.3)
print("done")
"""


def test_a_batch_run_prints_nothing():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("done\n", "")


def test_a_terminal_shows_a_bar_on_standard_error():
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, stderr=theirs, env=env, check=True
    )
    os.close(theirs)
    seen = os.read(ours, 65536).decode(errors="replace")
    os.close(ours)
    assert done.stdout == b"done\n"
    assert "Đang làm / Working" in seen
    assert seen.rstrip().endswith("\x1b[2K")  # the line was taken away


def executed(**answers):
    """The outputs of a notebook cell that takes a while."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SCRIPT)])
    client = NotebookClient(notebook, kernel_name="python3", timeout=60)
    if answers:
        client.create_kernel_manager()
        client.start_new_kernel()
        client.start_new_kernel_client()
        client.kc.allow_stdin = True
    client.execute(reset_kc=False)
    return notebook.cells[0].outputs


def test_a_notebook_run_in_a_batch_keeps_no_trace():
    (output,) = executed()
    assert output.output_type == "stream"
    assert output.text == "done\n"


def test_a_person_in_a_notebook_sees_a_bar_that_leaves_an_empty_output():
    outputs = executed(stdin=True)
    assert [(one.output_type, one.get("data")) for one in outputs if one.output_type != "stream"] == [
        ("display_data", {})
    ]
