"""Where all versions of a workspace stand, and what their approvals say of the ledger."""

from __future__ import annotations

from catalog.errors import Problem
from opendata.approvals import document
from opendata.approvals.table import Life, life
from opendata.errors import OpendataError
from opendata.ledger import Event, Ledger, open_ledger
from opendata.ledger.checking import Anchor
from opendata.workspace import Workspace


def states(workspace: Workspace, *, book: Ledger | None = None) -> dict[tuple[str, str], Life]:
    """Where every version stands that the ledger knows, by dataset and version.

    Args:
        workspace: The workspace.
        book: The ledger; by default that of the workspace.

    Raises:
        VerificationError: When the ledger is not whole, or holds what the state table does not allow.
    """
    histories: dict[tuple[str, str], list[Event]] = {}
    for event in (book or open_ledger(workspace)).events():
        if event.dataset and event.version:
            histories.setdefault((event.dataset, event.version), []).append(event)
    return {version: life(events) for version, events in histories.items()}


def anchors(workspace: Workspace) -> tuple[list[Anchor], list[Problem]]:
    """What the approvals beside the releases vouch for, for `opendata.ledger.check`.

    Returns:
        An anchor per signed act; and one problem per file of approvals that cannot be relied on.
    """
    found: list[Anchor] = []
    problems: list[Problem] = []
    for path in sorted((workspace.root / "releases").glob(f"*/*/{document.FILE}")):
        where = f"releases/{path.parent.parent.name}/{path.parent.name}/{document.FILE}"
        try:
            acts = document.read(path.read_bytes())
        except OpendataError as refused:
            problems += [Problem(where, one.what, one.remedy) for one in refused.problems]
        except OSError:
            continue  # it went away meanwhile
        else:
            found += [(where, act["ledger"]["number"], act["ledger"]["digest"]) for act in acts]
    return found, problems
