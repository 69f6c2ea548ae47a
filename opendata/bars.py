"""Progress bars: for a person at a terminal or in JupyterLab, after two seconds, gone without a trace; else silence.

A batch run shows nothing: no terminal (cron, a pipe), or a kernel whose client cannot be asked anything, which is how
nbval, papermill and nbconvert run a notebook. So the outputs that they keep do not depend on how fast a machine is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import escape
from importlib import import_module
from threading import Lock, Timer
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from ytemo_display.card import Bilingual
from ytemo_display.progress import heard, listening, tell

if TYPE_CHECKING:
    from rich.progress import Progress

AFTER = 2.0
"""Seconds until anything is shown."""
EVERY = 0.2
"""Seconds between two changes of what is shown."""


class Screen(Protocol):
    """Where a bar is shown."""

    def show(self, stage: Bilingual, share: float | None) -> None:
        """Show what is being done and how much of it is done; None when that is not known."""

    def clear(self) -> None:
        """Leave nothing behind."""


@contextmanager
def progress(stage: Bilingual, *, screen: Screen | None = None) -> Iterator[None]:
    """Show how far what runs inside is, where there is somebody to see it.

    Args:
        stage: What is being done, until what runs inside says more.
        screen: Where; by default the terminal or notebook that this runs in.

    `with od.progress(catalog.Text("Bảo vệ", "Protecting")): an.protect(table, policy)`; the methods of datasets,
    releases and portals do so themselves. Inside another bar, it is that bar that goes on.
    """
    shown = screen or (None if heard() else _screen())
    if shown is None:
        tell(stage)
        yield
        return
    watch = _Watch(shown, stage)
    timer = Timer(AFTER, watch.begin)
    timer.daemon = True
    timer.start()
    try:
        with listening(watch.hear):
            yield
    finally:
        timer.cancel()
        watch.end()


@dataclass(slots=True)
class _Watch:
    """What was heard last, and whether it is shown yet; the timer runs in a thread of its own."""

    screen: Screen
    stage: Bilingual
    share: float | None = None
    visible: bool = False
    over: bool = False
    last: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def hear(self, stage: Bilingual, share: float | None) -> None:
        self.stage, self.share = stage, share
        if self.visible and monotonic() - self.last >= EVERY:
            with self.lock:
                self._show()

    def begin(self) -> None:
        with self.lock:
            if not self.over:
                self.visible = True
                self._show()

    def end(self) -> None:
        with self.lock:
            self.over = True
            if self.visible:
                self.screen.clear()

    def _show(self) -> None:
        self.last = monotonic()
        with suppress(OSError):  # a terminal that went away stops no work
            self.screen.show(self.stage, self.share)


def _screen() -> Screen | None:
    """The notebook or the terminal that somebody sits at; None in a batch run."""
    kernel = _kernel()
    if kernel is not None:
        return Notebook() if _answers(kernel) else None
    return Terminal() if sys.stderr is not None and sys.stderr.isatty() else None


def _kernel() -> Any:
    """The Jupyter kernel that this runs in, if any."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None)


def _answers(kernel: Any) -> bool:
    """Whether the client that asked for this cell could also be asked something (`allow_stdin`): a person's can."""
    request = kernel.get_parent("shell") or {}
    return request.get("content", {}).get("allow_stdin") is True


@dataclass(slots=True)
class Terminal:
    """A bar of rich's on the last line of standard error."""

    _bar: Progress | None = None

    def show(self, stage: Bilingual, share: float | None) -> None:
        """Draw the bar; it goes on moving by itself."""
        if self._bar is None:
            self._bar = _bar()
            self._bar.add_task("", total=None)
            self._bar.start()
        total = None if share is None else 1.0
        self._bar.update(self._bar.task_ids[0], description=said(stage), completed=share or 0.0, total=total)

    def clear(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    # Standard output is not ours to move about: what is printed there may go to a file.
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


@dataclass(slots=True)
class Notebook:
    """A bar as an output of the running cell, emptied in the end: an output that holds nothing is not compared."""

    _handle: Any = None

    def show(self, stage: Bilingual, share: float | None) -> None:
        """Show the bar, or change it."""
        value = "" if share is None else f' value="{share:.3f}"'
        text = escape(said(stage))
        page = f'<label>{text} <progress max="1"{value} aria-label="{text}"></progress></label>'
        forms = {"text/html": page, "text/plain": said(stage)}
        if self._handle is None:
            self._handle = import_module("IPython.display").display(forms, raw=True, display_id=True)
        else:
            self._handle.update(forms, raw=True)

    def clear(self) -> None:
        """Empty the output."""
        if self._handle is not None:
            self._handle.update({}, raw=True)


def said(stage: Bilingual) -> str:
    """What is being done, in both languages."""
    return f"{stage.vi} / {stage.en} …"
