"""The joint attack with everything that is out, once more before somebody approves."""

from __future__ import annotations

from opendata.approvals.cases import Case
from opendata.release import Release


def hold(release: Release, case: Case) -> None:
    """Refuse a release that was safe when it was built, and is not with what was released since.

    Args:
        release: The release.
        case: The same, in its workspace.

    Raises:
        DisclosureError: Naming the releases that together give something away.
    """
