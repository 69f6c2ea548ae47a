"""From an id to its data: `published`, `load` and `scan`."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from opendata.client import cache as kept
from opendata.client import dating, messages, sources
from opendata.client.cache import Listing
from opendata.client.reading import Published
from opendata.errors import UnreachableError

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_VERSION = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.-]{0,30}[0-9A-Za-z])?")


def published(
    id: str,
    *,
    portal: str | Path,
    version: str | None = None,
    as_of: date | str | None = None,
    cache: str | Path | None = None,
) -> Published:
    """A version of a dataset: to load, to label, to cite, to verify.

    A version that was loaded before is known without asking the portal, since versions never change. Without a version
    the portal is asked for the newest; when it does not answer, the newest on this machine is taken, with a warning.

    Args:
        id: The dataset's id.
        portal: Where it is: the address of a CKAN portal, address or folder of a static catalogue, a workspace, or the
            folder of one release.
        version: By default, or as "latest", the newest.
        as_of: Instead of a version, a day such as "2026-03-31": what was the newest on it, by the days of release.
        cache: Where downloads are kept; by default `~/.cache/ytemo`. Folders are read where they are.

    Raises:
        PortalError: When the portal is down, or holds no such dataset or version, or nothing was out on that day.
        VerificationError: When this version is not what it was when it was loaded before.
        SpecError: When the id or version cannot be one, or the cache cannot be written.
    """
    return _opened(id, portal, _asked(version, as_of), cache)


def load(
    id: str,
    *,
    portal: str | Path,
    version: str | None = None,
    as_of: date | str | None = None,
    cache: str | Path | None = None,
    columns: Sequence[str] | None = None,
) -> pl.DataFrame:
    """A published dataset as a data frame; downloaded once, its SHA-256 checked every time.

    Args:
        id: The dataset's id.
        portal: Where it is; see `published`.
        version: By default, or as "latest", the newest. Name it in anything that is to be run again.
        as_of: Instead of a version, a day; see `published`.
        cache: Where downloads are kept; by default `~/.cache/ytemo`.
        columns: Only these, in this order.

    Returns:
        Dimension columns (String codes), then per measure a number (null if hidden or missing) and `<measure>_status`
        (A normal, Q suppressed, O missing; see `is_suppressed`).

    Raises:
        PortalError: When the portal is down, or holds no such dataset or version.
        VerificationError: When what arrives is not what was published.
        SpecError: When a column is none of the table's, or the cache cannot be written.
    """
    return _opened(id, portal, _asked(version, as_of), cache).load(columns)


def scan(
    id: str,
    *,
    portal: str | Path,
    version: str | None = None,
    as_of: date | str | None = None,
    cache: str | Path | None = None,
    verify: bool = True,
) -> pl.LazyFrame:
    """A published dataset as a lazy frame: only the columns and row groups that a query needs are read.

    Args:
        id: The dataset's id.
        portal: Where it is; see `published`.
        version: By default, or as "latest", the newest.
        as_of: Instead of a version, a day; see `published`.
        cache: Where downloads are kept; by default `~/.cache/ytemo`.
        verify: True: the whole file is downloaded once, its SHA-256 checked, and read lazily from disk. False: only
            parts are fetched over HTTP, and **nothing of them is verified**, since the SHA-256 is that of the whole
            file; what protects them is the connection (https) and Parquet's own structure. A file that is on this
            machine, is smaller than 1 MB, or lies on a server that gives no parts, is read whole and verified anyway.

    Raises:
        PortalError: When the portal is down, or holds no such dataset or version.
        VerificationError: When what arrives is not what was published.
    """
    return _opened(id, portal, _asked(version, as_of), cache).scan(verify=verify)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which version a reader wants: by its number, by a day, or the newest."""

    version: str | None
    day: date | None


def _asked(version: str | None, as_of: date | str | None) -> _Asked:
    if version is not None and not isinstance(version, str):
        raise messages.no_text("version", "2026.10")  # as a number, 2026.10 would be 2026.1
    number, day = None if version == "latest" else version, dating.as_day(as_of)
    if version is not None and day is not None:
        raise messages.two_versions()
    return _Asked(number, day)


def _opened(id: str, portal: str | Path, wanted: _Asked, cache: str | Path | None) -> Published:
    folder, version = Path(cache) if cache else kept.default_cache(), wanted.version
    if not isinstance(id, str):
        raise messages.no_text("id", "notifiable-diseases")
    where = sources.named(portal)
    if not _ID.fullmatch(id) or (version is not None and not _VERSION.fullmatch(version)):
        raise messages.bad_name(repr(id if version is None else f"{id} {version}"))
    found = (
        _online(where, id, wanted, folder)
        if sources.is_address(where)
        else _from_source(where, id, wanted, folder)
    )
    return Published(id, found.version, where, found.page, found.files, folder)


def _online(portal: str, id: str, wanted: _Asked, cache: Path) -> Listing:
    """What is known of a version whose data are here, or what the portal says; the newest here when nobody answers."""
    known = kept.recall(cache, portal, id, wanted.version) if wanted.version else None
    if known is not None and kept.has_data(cache, known):
        return known
    try:
        found = _from_source(portal, id, wanted, cache)
    except UnreachableError:
        held = _at_hand(portal, id, wanted, cache)
        if held is None:
            raise
        # Level 4: whoever called `published`, `load` or `scan`.
        warnings.warn(messages.offline(portal, id, held.version), stacklevel=4)
        return held
    kept.remember(cache, portal, id, found)
    return found


def _from_source(portal: str, id: str, wanted: _Asked, cache: Path) -> Listing:
    if wanted.day is not None:
        return dating.asked(portal, id, wanted.day, cache)
    return sources.asked(portal, id, wanted.version)


def _at_hand(portal: str, id: str, wanted: _Asked, cache: Path) -> Listing | None:
    if wanted.day is not None:
        return dating.held(portal, id, wanted.day, cache)
    return None if wanted.version else kept.newest(cache, portal, id)
