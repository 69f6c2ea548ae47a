"""Which version was the newest on a day: what a reader of that day got.

Days are those of release, as each version's manifest declares them. A version that a source no longer offers, such as
one that was withdrawn, is none of `sources.versions` and so never the answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from opendata.client import cache as kept
from opendata.client import messages, sources
from opendata.client.cache import Listing
from opendata.release import MANIFEST, digest


def as_day(given: date | str | None) -> date | None:
    """A day as readers give it: a date, or a text such as "2026-03-31".

    Raises:
        SpecError: When it is none.
    """
    if isinstance(given, str):
        try:
            return date.fromisoformat(given)
        except ValueError:
            raise messages.bad_day() from None
    if given is not None and not isinstance(given, date):
        raise messages.bad_day()
    return given.date() if isinstance(given, datetime) else given


def asked(portal: str, id: str, day: date, cache: Path) -> Listing:
    """The version that was the newest on a day, from the source itself.

    Raises:
        MissingError: When there is no such dataset, or nothing of it was out yet.
        PortalError: When nobody answers.
        VerificationError: When a version is not what was published.
    """
    first = ("", day)
    for version in reversed(sources.versions(portal, id)):
        known = kept.recall(cache, portal, id, version) if sources.is_address(portal) else None
        listing = known or sources.asked(portal, id, version)
        out = released(portal, listing, cache)
        if out <= day:
            return listing
        first = (version, out)
    raise messages.nothing_yet(portal, id, day, first)


def held(portal: str, id: str, day: date, cache: Path) -> Listing | None:
    """The newest of that day whose data and manifest are on this machine; None when there is none."""
    here = (one for one in kept.all_known(cache, portal, id) if kept.has_data(cache, one))
    return next((one for one in here if _out(one, cache, day)), None)


def released(portal: str, listing: Listing, cache: Path) -> date:
    """The day of release, from the manifest of a version, its SHA-256 checked.

    Raises:
        VerificationError: When its manifest is not what was published, or says no day.
    """
    for file in listing.files:
        if file.name == MANIFEST:
            path = kept.fetched(cache, portal, file) if sources.is_address(portal) else Path(file.url)
            if digest(path) != file.sha256:
                raise messages.spoiled(f"{listing.version} {MANIFEST}")
            return _day(path)
    raise messages.odd_listing(portal)


def _out(listing: Listing, cache: Path, day: date) -> bool:
    """Whether a version was out on a day, as far as this machine knows."""
    manifests: Iterable[Path] = (
        kept.place(cache, file)
        for file in listing.files
        if file.name == MANIFEST and kept.is_kept(cache, file)
    )
    return any(_day(path) <= day for path in manifests)


def _day(manifest: Path) -> date:
    try:
        return date.fromisoformat(json.loads(manifest.read_text(encoding="utf-8"))["released"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise messages.odd_listing(MANIFEST) from None
