"""One writer at a time, across processes; a lock dies with its process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file while the block runs; wait for whoever holds it.

    Args:
        path: The lock file; made if it is not there, and left there.

    Raises:
        OSError: When the file cannot be made.
    """
    import fcntl  # not on Windows, where a reader imports this module too

    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def attempt(path: Path) -> Iterator[bool]:
    """Hold an exclusive lock on a file while the block runs, unless somebody else does.

    Args:
        path: The lock file; made if it is not there, and left there.

    Yields:
        Whether the lock is ours.

    Raises:
        OSError: When the file cannot be made.
    """
    import fcntl

    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
