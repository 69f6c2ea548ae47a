"""Small files that appear whole or not at all, also after a crash or a power cut."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write(path: Path, data: bytes, *, mode: int = 0o600, draft_in: Path | None = None) -> None:
    """Put a file in its place by one rename, its bytes on the disk first; what was there is replaced.

    Args:
        path: The file; its folder is there.
        data: What it holds.
        mode: Its permissions.
        draft_in: Where the draft lies meanwhile, on the same disk; by default beside the file.

    Raises:
        OSError: When it cannot be written; what was there stays, and no draft is left.
    """
    handle, draft = tempfile.mkstemp(prefix=f".partial-{path.name}.", dir=draft_in or path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(mode)
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
