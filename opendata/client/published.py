"""`Published`: one version of a dataset, as a reader sees it."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from opendata.client import cache as kept
from opendata.client import citing, codebook, messages, sources, status
from opendata.client.cache import DATA, Listing
from opendata.client.citing import Style
from opendata.client.codebook import Language
from opendata.errors import UnreachableError
from opendata.release import Release, digest
from opendata.remote import RemoteFile

# Smaller files are read whole: the last part alone, which a reader of Parquet asks for first, is a quarter of it.
_WHOLE = 1 << 20
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_VERSION = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.-]{0,30}[0-9A-Za-z])?")


@dataclass(frozen=True, slots=True, repr=False)
class Published:
    """One version of a published dataset; made by `published`. Nothing is downloaded before it is asked for.

    Attributes:
        id: The dataset's id.
        version: The version.
        portal: Where it is, in its plain form.
        page: Address of its page; empty for a folder.
        files: Its files, with their SHA-256.
        cache: Where downloads are kept.
    """

    id: str
    version: str
    portal: str
    page: str
    files: tuple[RemoteFile, ...]
    cache: Path

    def load(self, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The table; see `load`."""
        path = local(self, DATA)
        if unknown := set(columns or ()) - set(held := pl.read_parquet_schema(path)):
            raise messages.wrong_use(f"columns: {', '.join(sorted(unknown))}", held)
        return pl.read_parquet(path, columns=None if columns is None else list(columns))

    def scan(self, *, verify: bool = True) -> pl.LazyFrame:
        """The table, lazily; see `scan`."""
        return pl.scan_parquet(local(self, DATA) if verify else _readable(self))

    def codebook(self) -> pl.DataFrame:
        """What the columns mean: name, role, type, label_vi, label_en, unit_vi, unit_en, codelist, of, notes."""
        return codebook.described(codebook.columns(text(self, "codebook.json")))

    def codes(self) -> pl.DataFrame:
        """What the codes mean: column, codelist, vintage, code, parent, label_vi, label_en, notes."""
        return codebook.codes(codebook.columns(text(self, "codebook.json")))

    def labels(self, frame: pl.DataFrame, language: Language = "vi") -> pl.DataFrame:
        """A frame of this version with a column `<name>_label` after each coded column.

        Raises:
            SpecError: When a column holds codes that this version does not know.
        """
        return codebook.labelled(frame, codebook.columns(text(self, "codebook.json")), language)

    def status(self) -> pl.DataFrame:
        """How many cells of each measure are what: measure, cells, above_zero, zero, suppressed, missing."""
        found = codebook.columns(text(self, "codebook.json"))
        return status.counts(self.load(), [column.name for column in found if column.role == "measure"])

    def cite(self, style: Style = "vi") -> str:
        """How to cite this version: "bibtex", "apa" (APA 7) or "vi"."""
        return citing.cite(citing.cited(json.loads(text(self, "manifest.json")), self.page), style)

    def changelog(self) -> str:
        """What changed, in Markdown."""
        return text(self, "CHANGELOG.md")

    def verify(self) -> pl.DataFrame:
        """Check every file of the release against its manifest and SHA256SUMS; downloads all of them once.

        Returns:
            The files that were checked: name, size in bytes, sha256.

        Raises:
            VerificationError: Naming every file that is missing, changed or not listed.
        """
        return verified(self)

    def versions(self) -> list[str]:
        """All versions that the portal has now, oldest first."""
        return sources.versions(self.portal, self.id)

    def __repr__(self) -> str:
        return (
            f"Published({self.id!r}, {self.version!r}, portal={self.portal!r})\n"
            "  .load()  .scan()  .codebook()  .codes()  .labels(frame)  .status()\n"
            '  .cite("bibtex" | "apa" | "vi")  .changelog()  .versions()  .verify()'
        )


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
    return published(id, portal=portal, version=version, cache=cache).load(columns)


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
    return published(id, portal=portal, version=version, cache=cache).scan(verify=verify)


def text(data: Published, name: str) -> str:
    """A text file of the release, its SHA-256 checked."""
    return local(data, name).read_text(encoding="utf-8")


def local(data: Published, name: str) -> Path:
    """A file of the release on this machine, its SHA-256 checked.

    Raises:
        MissingError: When the release has no such file.
        VerificationError: When its bytes are not what was published.
        PortalError: When it must be downloaded and cannot be.
    """
    file = _file(data, name)
    if sources.is_address(data.portal):
        return kept.fetched(data.cache, data.portal, file)
    if not Path(file.url).is_file() or digest(Path(file.url)) != file.sha256:
        raise messages.spoiled(f"{data.id} {data.version} {name}")
    return Path(file.url)


def verified(data: Published) -> pl.DataFrame:
    """Every file of a release, checked against the manifest and the list of checksums; see `Published.verify`."""
    if sources.is_address(data.portal):
        with tempfile.TemporaryDirectory(prefix="ytemo-") as folder:
            for file in data.files:
                shutil.copyfile(local(data, file.name), Path(folder) / file.name)
            release = Release.open(folder)
    else:
        release = Release.open(Path(_file(data, "manifest.json").url).parent)
    if (release.id, release.version) != (data.id, data.version):
        raise messages.odd_listing(data.portal)
    rows = [(file.name, file.size, file.sha256) for file in data.files]
    return pl.DataFrame(rows, schema={"name": pl.String, "size": pl.Int64, "sha256": pl.String}, orient="row")


def _online(portal: str, id: str, version: str | None, cache: Path) -> Listing:
    """What is known of a version, or what the portal says; the newest at hand when nobody answers."""
    known = kept.recall(cache, portal, id, version) if version else None
    if known is not None:
        return known
    try:
        found = sources.asked(portal, id, version)
    except UnreachableError:
        held = None if version else kept.newest(cache, portal, id)
        if held is None:
            raise
        warnings.warn(messages.offline(portal, id, held.version), stacklevel=3)
        return held
    kept.remember(cache, portal, id, found)
    return found


def _file(data: Published, name: str) -> RemoteFile:
    for file in data.files:
        if file.name == name:
            return file
    raise messages.no_file(f"{data.portal} {data.id} {data.version}", name)


def _readable(data: Published) -> Path | str:
    """Where the table can be read in parts, or the whole of it on this machine."""
    file = _file(data, DATA)
    if sources.is_address(data.portal) and file.size > _WHOLE and not kept.is_kept(data.cache, file):
        from opendata.portal.connection import connect, ranged

        with connect(data.portal, None, timeout=sources.TIMEOUT) as connection:
            if address := ranged(connection, file.url, file.size):
                return address
    return local(data, DATA)
