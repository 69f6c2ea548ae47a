"""How far a long computation is: it tells, and whoever listens shows it. Nobody listens unless somebody asked to.

Telling costs a look at a context variable, so that it may stand in the loops of a search; it never changes a result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ytemo_display.card import Bilingual

Listener = Callable[[Bilingual, float | None], None]
"""Called with what is being done and how much of it is done, 0 to 1; None when that is not known."""

_listener: ContextVar[Listener | None] = ContextVar("progress", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Whatever runs inside tells this listener; a listener further out hears nothing meanwhile."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def heard() -> bool:
    """Whether anybody listens."""
    return _listener.get() is not None


def tell(stage: Bilingual, done: float = 0, total: float = 0) -> None:
    """Say what is being done and how far it is.

    Args:
        stage: What is being done; the same words for as long as it is the same.
        done: How much is done.
        total: Of how much; 0 when that is not known.
    """
    listener = _listener.get()
    if listener is not None:
        listener(stage, min(max(done / total, 0.0), 1.0) if total > 0 else None)
