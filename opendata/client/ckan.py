"""Published data on a CKAN portal, through its Action API."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from opendata.client.cache import Listing
from opendata.client.sources import LARGEST, TIMEOUT, Found
from opendata.errors import MissingError
from opendata.portal import Portal
from opendata.portal.connection import Connection, checked_address, connect, fetch, read
from opendata.portal.plan import extras_of, resources_of, tombstones_of, versions_of, withdrawn_of
from opendata.withdrawal.tombstone import JSON, refusal
from opendata.withdrawal.tombstone import read as read_stone

_PAGE = 100  # datasets per question


@dataclass(frozen=True, slots=True)
class Ckan:
    """A CKAN portal.

    Attributes:
        url: Base address.
    """

    url: str

    def listing(self, id: str, version: str | None) -> Listing:
        """The files of a version; see `Source`."""
        try:
            files = Portal(self.url, timeout=TIMEOUT).files(id, version)
        except MissingError:
            self._refuse_withdrawn(id, version)
            raise
        return Listing(files[0].version, f"{self.url}/dataset/{id}", tuple(files))

    def versions(self, id: str) -> list[str]:
        """The versions, oldest first; see `Source`."""
        return Portal(self.url, timeout=TIMEOUT).versions(id)

    def _refuse_withdrawn(self, id: str, version: str | None) -> None:
        """Refuse a version that was withdrawn, or the newest of a dataset of which nothing is out any more."""
        with connect(checked_address(self.url, has_token=False), None, timeout=TIMEOUT) as connection:
            package = read(connection, "package_show", id=id) or {}
            gone = withdrawn_of(package)
            asked = version or (gone[-1] if gone and not versions_of(package) else "")
            for item in tombstones_of(package, asked):
                if item.get("withdrawn_file") == JSON:
                    target = io.BytesIO()
                    fetch(connection, str(item["url"]), target, limit=LARGEST)
                    raise refusal(read_stone(target.getvalue(), where=self.url), where=self.url)

    def names(self) -> list[str]:
        """The ids of all datasets; see `Source`."""
        with connect(checked_address(self.url, has_token=False), None, timeout=TIMEOUT) as connection:
            return [str(name) for name in read(connection, "package_list") or ()]

    def found(self, query: str, group: int | None) -> Iterator[Found]:
        """The datasets that were published with this software; see `Source`."""
        with connect(checked_address(self.url, has_token=False), None, timeout=TIMEOUT) as connection:
            for package in _packages(connection, query):
                one = _row(package)
                if one and (group is None or group in one.groups):
                    yield one


def _packages(connection: Connection, query: str) -> Iterator[Mapping[str, Any]]:
    """Everything that a search finds, page by page; letters and digits only, since the rest is its search's syntax."""
    words = " ".join(re.findall(r"\w+", query))
    order = {} if words else {"sort": "metadata_modified desc"}
    for start in range(0, 1_000_000, _PAGE):
        answer = read(
            connection, "package_search", q=words or "*:*", start=str(start), rows=str(_PAGE), **order
        )
        results = (answer or {}).get("results") or ()
        yield from results
        if len(results) < _PAGE:
            return


def _row(package: Mapping[str, Any]) -> Found | None:
    extras, version = extras_of(package), str(package.get("version") or "")
    files = resources_of(package, version)
    if "manifest_sha256" not in extras or not files:
        return None
    return Found(
        str(package["name"]),
        str(package.get("title") or ""),
        extras.get("title_en", ""),
        extras.get("publisher_name", ""),
        version,
        _day(extras.get("modified") or extras.get("issued")),
        tuple(int(number) for number in re.findall(r"\d+", extras.get("health_data_groups", ""))),
        extras.get("licence", ""),
        tuple(sorted(name.removeprefix("data.") for name in files if name.startswith("data."))),
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
