"""What stands on the site in the place of versions that were withdrawn: a page and the tombstone, no data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import catalog
from catalog import law
from opendata import withdrawal
from opendata.errors import OpendataError
from opendata.site.reading import shown
from opendata.withdrawal import Tombstone
from opendata.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Gone:
    """A version that was withdrawn.

    Attributes:
        stone: Its tombstone.
        edition: Its description without files; None when its folder in the workspace is damaged.
    """

    stone: Tombstone
    edition: catalog.Edition | None


Lost = Mapping[str, Sequence[Gone]]  # dataset id -> its withdrawn versions, newest first


def gone(workspace: Workspace) -> dict[str, list[Gone]]:
    """Every version of a workspace that is withdrawn now.

    Raises:
        VerificationError: When the ledger is not whole.
    """
    found = withdrawal.tombstones(workspace)
    return {name: [_gone(workspace, stone) for stone in reversed(stones)] for name, stones in found.items()}


def listed(lost: Sequence[Gone]) -> tuple[catalog.Withdrawn, ...]:
    """Withdrawn versions as the catalogue for harvesters lists them."""
    return tuple(
        catalog.Withdrawn(one.edition, one.stone.at, one.stone.reason, one.stone.successor)
        for one in lost
        if one.edition is not None
    )


def facts(stone: Tombstone, versions: Sequence[str]) -> dict[str, object]:
    """What the page of a withdrawn version shows.

    Args:
        stone: Its tombstone.
        versions: The versions of the dataset that are out, newest first.
    """
    return {"stone": stone, "article": law.citation(stone.article), "shown": versions}


def files(stone: Tombstone) -> Iterator[tuple[str, str]]:
    """The tombstone where the files were, by their paths on the site."""
    for name, text in withdrawal.files(stone).items():
        yield f"datasets/{stone.id}/{stone.version}/{name}", text


def allowed(lost: Sequence[Gone]) -> list[str]:
    """Addresses that may stand on their pages: those of the office that answers."""
    contacts = [one.stone.contact for one in lost if one.stone.contact]
    return [text for one in contacts for text in (one.email, one.url) if text]


def _gone(workspace: Workspace, stone: Tombstone) -> Gone:
    try:
        one = shown(workspace.root / "releases" / stone.id / stone.version)
    except OpendataError:  # a damaged folder must not keep the page of what was withdrawn on the site
        return Gone(stone, None)
    return Gone(stone, replace(one.edition, files=(), quality=()))
