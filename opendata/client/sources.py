"""Where published data are: a CKAN portal, a static catalogue, a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from opendata.client import messages
from opendata.client.cache import Listing, checked
from opendata.errors import MissingError, NotCkanError, PortalError

# The largest answer that is read into memory: a manifest, a page, the list of all datasets.
LARGEST = 64 << 20
TIMEOUT = 60.0  # seconds to wait for each answer


@dataclass(frozen=True, slots=True)
class Found:
    """A dataset as a search shows it.

    Attributes:
        id: Its id.
        title_vi: Its title.
        title_en: Its title in English.
        publisher: Who publishes it, in Vietnamese.
        version: The newest version.
        released: When that one was released.
        groups: Groups of Article 5, Decree 102/2025.
        licence: Id of the terms of use.
        formats: In which the data can be had: csv, parquet, xlsx.
    """

    id: str
    title_vi: str
    title_en: str
    publisher: str
    version: str
    released: date | None
    groups: tuple[int, ...]
    licence: str
    formats: tuple[str, ...]


class Source(Protocol):
    """What can be asked of any of them. Every method raises PortalError when nobody answers."""

    def listing(self, id: str, version: str | None) -> Listing:
        """The files of a version, by default the newest; MissingError when there is none."""

    def versions(self, id: str) -> list[str]:
        """The versions, oldest first; MissingError when there is no such dataset."""

    def names(self) -> list[str]:
        """The ids of all datasets."""

    def found(self, query: str, group: int | None) -> Iterator[Found]:
        """The datasets that a search finds."""


def is_address(portal: str | Path) -> bool:
    """Whether this is an address on the web; a folder otherwise."""
    return str(portal).strip().lower().startswith(("http://", "https://"))


def named(portal: str | Path) -> str:
    """The portal in its plain form: the same for all ways to write the address."""
    if is_address(portal):
        return str(portal).strip().removesuffix("/index.html").rstrip("/")
    return str(Path(portal).expanduser())


def asked(portal: str, id: str, version: str | None) -> Listing:
    """The files of a version, from the source itself.

    Raises:
        MissingError: When there is no such dataset, with names like it, or no such version, with those there are.
        PortalError: When nobody answers.
        VerificationError: When the names or checksums listed cannot be.
    """
    for source in _sources(portal):
        try:
            return checked(portal, source.listing(id, version))
        except NotCkanError:
            continue
        except MissingError:
            raise _unknown(source, portal, id, version) from None
    raise messages.not_a_source(portal)


def versions(portal: str, id: str) -> list[str]:
    """The versions of a dataset, oldest first.

    Raises:
        MissingError: When there is no such dataset.
        PortalError: When nobody answers.
    """
    for source in _sources(portal):
        try:
            return source.versions(id)
        except NotCkanError:
            continue
        except MissingError:
            raise _unknown(source, portal, id, None) from None
    raise messages.not_a_source(portal)


def searched(portal: str, query: str, group: int | None, limit: int) -> list[Found]:
    """The first datasets that a search finds.

    Raises:
        PortalError: When nobody answers.
    """
    for source in _sources(portal):
        try:
            return [one for one, _ in zip(source.found(query, group), range(limit), strict=False)]
        except NotCkanError:
            continue
    raise messages.not_a_source(portal)


def _sources(portal: str) -> Iterator[Source]:
    """What this may be, the likeliest first: a static catalogue answers CKAN's questions with its own "not found"."""
    if is_address(portal):
        from opendata.client.ckan import Ckan
        from opendata.client.website import Website

        yield Ckan(portal)
        yield Website(portal)
    else:
        from opendata.client.folder import opened

        yield opened(Path(portal))


def _unknown(source: Source, portal: str, id: str, version: str | None) -> MissingError:
    """Say what there is instead; when that cannot be had, only what there is not."""
    try:
        if version is not None:
            return messages.unknown_version(portal, id, version, source.versions(id))
    except PortalError:
        pass
    try:
        return messages.unknown_dataset(portal, id, source.names())
    except PortalError:
        return messages.unknown_dataset(portal, id, ())
