"""Published data on a static catalogue, as `opendata site` writes it, from any web server."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

from opendata.client import messages
from opendata.client.cache import Listing
from opendata.client.folder import described, matches
from opendata.client.sources import LARGEST, TIMEOUT, Found
from opendata.errors import MissingError
from opendata.portal import failures
from opendata.portal.connection import Connection, checked_address, connect, fetch
from opendata.release import APPROVALS, CHECKSUMS, MANIFEST, order
from opendata.remote import RemoteFile
from opendata.withdrawal.tombstone import JSON, refusal
from opendata.withdrawal.tombstone import read as read_stone

_SUM = re.compile(r"([0-9a-f]{64})  (\S.*)")
_FACTS = re.compile(r'<script\b[^>]*type="application/ld\+json"[^>]*>(.*?)</script>', re.DOTALL)
_INDEX = re.compile(r'<script\b[^>]*id="index"[^>]*>(.*?)</script>', re.DOTALL)
_VERSION = re.compile(r'<a href="([0-9A-Za-z][0-9A-Za-z.-]*)\.html"')


class _Row(NamedTuple):
    """A dataset on the start page, with all texts that are searched."""

    id: str
    version: str
    text: str
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Website:
    """A static catalogue.

    Attributes:
        url: Address of its start page, without `index.html`.
    """

    url: str

    def listing(self, id: str, version: str | None) -> Listing:
        """The files of a version; see `Source`. The list of checksums binds the manifest, which binds the rest."""
        with self._open() as site:
            chosen = version or _newest(site, id)
            folder = f"datasets/{quote(id)}/{quote(chosen)}"
            try:
                sums, manifest = _file(site, f"{folder}/{CHECKSUMS}"), _file(site, f"{folder}/{MANIFEST}")
            except MissingError:
                _refuse_withdrawn(site, folder)
                raise
            approvals = _approvals(site, folder, chosen)
        files = (*approvals, *_files(f"{self.url}/{folder}", (id, chosen), sums, manifest))
        return Listing(chosen, f"{self.url}/datasets/{quote(id)}/{quote(chosen)}.html", files)

    def versions(self, id: str) -> list[str]:
        """The versions, oldest first; see `Source`."""
        with self._open() as site:
            return _versions(site, id)

    def names(self) -> list[str]:
        """The ids of all datasets; see `Source`."""
        with self._open() as site:
            return [row.id for row in _index(site)]

    def found(self, query: str, group: int | None) -> Iterator[Found]:
        """What the search of the start page finds; see `Source`. Terms and formats are from each manifest."""
        with self._open() as site:
            for row in _index(site):
                if matches(query, row.text) and (group is None or group in row.groups):
                    path = f"datasets/{quote(row.id)}/{quote(row.version)}/{MANIFEST}"
                    yield described(_json(self.url, _text(site, path)))

    def _open(self) -> AbstractContextManager[Connection]:
        return connect(checked_address(self.url, has_token=False), None, timeout=TIMEOUT)


def _newest(site: Connection, id: str) -> str:
    """The newest version; of a dataset of which nothing is out any more, the one that was withdrawn last."""
    if found := _versions(site, id):
        return found[-1]
    return _withdrawn(site, id)[-1]


def _refuse_withdrawn(site: Connection, folder: str) -> None:
    try:
        stone = _text(site, f"{folder}/{JSON}")
    except MissingError:
        return
    raise refusal(read_stone(stone, where=site.url), where=site.url)


def _approvals(site: Connection, folder: str, version: str) -> tuple[RemoteFile, ...]:
    """The approvals, which no manifest can list: they vouch for themselves."""
    try:
        data = _text(site, f"{folder}/{APPROVALS}")
    except MissingError:
        return ()
    address = f"{site.url}/{folder}/{APPROVALS}"
    return (RemoteFile(APPROVALS, address, hashlib.sha256(data).hexdigest(), len(data), version),)


def _versions(site: Connection, id: str) -> list[str]:
    """The versions that the page of a dataset links to; none when all were withdrawn."""
    page = _text(site, f"datasets/{quote(id)}/index.html").decode(errors="replace")
    facts = _FACTS.search(page)
    said = _json(site.url, facts[1].encode()) if facts else {}
    if said.get("identifier") != id:
        if not facts and _withdrawn(site, id):
            return []
        raise failures.missing(site.url, id)
    return sorted({str(said["version"]), *_VERSION.findall(page)} - {"index"}, key=order)


def _withdrawn(site: Connection, id: str) -> list[str]:
    """The versions that were withdrawn, oldest first."""
    said = _json(site.url, _file(site, f"datasets/{quote(id)}/versions.json"))
    try:
        if said["id"] == id:
            return sorted((str(one["version"]) for one in said.get("withdrawn", ())), key=order)
    except (KeyError, TypeError):
        pass
    raise messages.odd_listing(site.url)


def _index(site: Connection) -> list[_Row]:
    """What the search of the start page reads."""
    try:
        found = _INDEX.search(_text(site, "index.html").decode(errors="replace"))
    except MissingError:
        found = None
    if found is None:
        raise messages.not_a_source(site.url)
    index = _json(site.url, found[1].encode())
    try:
        return [_row(index["agents"], row) for row in index["rows"]]
    except (KeyError, TypeError, ValueError, IndexError):
        raise messages.odd_listing(site.url) from None


def _row(agents: list[list[str]], row: list[Any]) -> _Row:
    id, version, _day, vi, en, agent, keywords, groups = row[:8]
    return _Row(id, version, " ".join([id, vi, en, *agents[agent], keywords]), tuple(groups))


def _files(folder: str, release: tuple[str, str], sums: bytes, manifest: bytes) -> tuple[RemoteFile, ...]:
    """The files of a release: those of its manifest, when the checksums say the same of each and of the manifest.

    Raises:
        VerificationError: When they do not.
    """
    listed = {
        match[2]: match[1]
        for line in sums.decode(errors="replace").splitlines()
        if (match := _SUM.fullmatch(line))
    }
    said = _json(folder, manifest)
    try:
        held = {str(file["name"]): str(file["sha256"]) for file in said["files"]}
        sizes = {str(file["name"]): int(file["size"]) for file in said["files"]}
    except (KeyError, TypeError, ValueError):
        raise messages.odd_listing(folder) from None
    bound = listed == held | {MANIFEST: hashlib.sha256(manifest).hexdigest()}
    if not bound or (said.get("id"), said.get("version")) != release:
        raise messages.odd_listing(folder)
    sizes |= {MANIFEST: len(manifest), CHECKSUMS: len(sums)}
    listed[CHECKSUMS] = hashlib.sha256(sums).hexdigest()
    return tuple(
        RemoteFile(name, f"{folder}/{quote(name)}", sha256, sizes[name], release[1])
        for name, sha256 in sorted(listed.items())
    )


def _json(where: str, text: bytes) -> dict[str, Any]:
    """An object in JSON.

    Raises:
        VerificationError: When it is none.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise messages.odd_listing(where) from None
    if not isinstance(found, dict):
        raise messages.odd_listing(where)
    return found


def _file(site: Connection, path: str) -> bytes:
    """A text of the site that is no page.

    Raises:
        NotCkanError: When a page stands in its place: that of a proxy, a log-in, a server that has one for everything.
    """
    found = _text(site, path)
    if found.lstrip().startswith(b"<"):
        raise failures.not_ckan(site.url, 200)
    return found


def _text(site: Connection, path: str) -> bytes:
    """A text of the site.

    Raises:
        MissingError: When it is not there.
        PortalError: When it cannot be had.
        VerificationError: When it is larger than any of ours.
    """
    target = io.BytesIO()
    if fetch(site, f"{site.url}/{path}", target, limit=LARGEST).size > LARGEST:
        raise messages.odd_listing(site.url)
    return target.getvalue()
