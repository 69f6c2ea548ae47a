"""From an id to its data: `published`, `load` and `scan`."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from opendata.client import cache as kept
from opendata.client import messages, sources
from opendata.client.cache import Listing
from opendata.client.reading import Published
from opendata.errors import UnreachableError

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_VERSION = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.-]{0,30}[0-9A-Za-z])?")


def published(
    id: str, *, portal: str | Path, version: str | None = None, cache: str | Path | None = None
) -> Published:
    """A version of a dataset: to load, to label, to cite, to verify.

    A version that was loaded before is known without asking the portal, since versions never change. Without a version
    the portal is asked for the newest; when it does not answer, the newest on this machine is taken, with a warning.

    Args:
        id: The dataset's id.
        portal: Where it is: the address of a CKAN portal, address or folder of a static catalogue, a workspace, or the
            folder of one release.
        version: By default the newest.
        cache: Where downloads are kept; by default `~/.cache/ytemo`. Folders are read where they are.

    Raises:
        PortalError: When the portal is down, or holds no such dataset or version.
        VerificationError: When this version is not what it was when it was loaded before.
        SpecError: When the id or version cannot be one, or the cache cannot be written.
    """
    return _opened(id, portal, version, cache)


def load(
    id: str,
    *,
    portal: str | Path,
    version: str | None = None,
    cache: str | Path | None = None,
    columns: Sequence[str] | None = None,
) -> pl.DataFrame:
    """A published dataset as a data frame; downloaded once, its SHA-256 checked every time.

    Args:
        id: The dataset's id.
        portal: Where it is; see `published`.
        version: By default the newest. Name it in anything that is to be run again.
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
    return _opened(id, portal, version, cache).load(columns)


def scan(
    id: str,
    *,
    portal: str | Path,
    version: str | None = None,
    cache: str | Path | None = None,
    verify: bool = True,
) -> pl.LazyFrame:
    """A published dataset as a lazy frame: only the columns and row groups that a query needs are read.

    Args:
        id: The dataset's id.
        portal: Where it is; see `published`.
        version: By default the newest.
        cache: Where downloads are kept; by default `~/.cache/ytemo`.
        verify: True: the whole file is downloaded once, its SHA-256 checked, and read lazily from disk. False: only
            parts are fetched over HTTP, and **nothing of them is verified**, since the SHA-256 is that of the whole
            file; what protects them is the connection (https) and Parquet's own structure. A file that is on this
            machine, is smaller than 1 MB, or lies on a server that gives no parts, is read whole and verified anyway.

    Raises:
        PortalError: When the portal is down, or holds no such dataset or version.
        VerificationError: When what arrives is not what was published.
    """
    return _opened(id, portal, version, cache).scan(verify=verify)


def _opened(id: str, portal: str | Path, version: str | None, cache: str | Path | None) -> Published:
    folder = Path(cache) if cache else kept.default_cache()
    where = sources.named(portal)
    if not _ID.fullmatch(id) or (version is not None and not _VERSION.fullmatch(version)):
        raise messages.bad_name(repr(id if version is None else f"{id} {version}"))
    found = (
        _online(where, id, version, folder)
        if sources.is_address(where)
        else sources.asked(where, id, version)
    )
    return Published(id, found.version, where, found.page, found.files, folder)


def _online(portal: str, id: str, version: str | None, cache: Path) -> Listing:
    """What is known of a version whose data are here, or what the portal says; the newest here when nobody answers."""
    known = kept.recall(cache, portal, id, version) if version else None
    if known is not None and kept.has_data(cache, known):
        return known
    try:
        found = sources.asked(portal, id, version)
    except UnreachableError:
        held = None if version else kept.newest(cache, portal, id)
        if held is None:
            raise
        # Level 4: whoever called `published`, `load` or `scan`.
        warnings.warn(messages.offline(portal, id, held.version), stacklevel=4)
        return held
    kept.remember(cache, portal, id, found)
    return found
