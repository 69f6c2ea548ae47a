"""`Published`: one version of a dataset, as a reader sees it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from opendata.client import cache as kept
from opendata.client import messages, sources, status
from opendata.client.cache import DATA
from opendata.errors import UnreachableError
from opendata.release import digest
from opendata.remote import RemoteFile

if TYPE_CHECKING:
    from catalog import Column
    from opendata.client.citing import Style
    from opendata.client.codebook import Language

# Smaller files are read whole: the last part alone, which a reader of Parquet asks for first, is a quarter of it.
_WHOLE = 1 << 20


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
        columns = [columns] if isinstance(columns, str) else columns
        if unknown := set(columns or ()) - set(held := pl.read_parquet_schema(path)):
            raise messages.wrong_use(f"columns: {', '.join(sorted(unknown))}", held)
        return pl.read_parquet(path, columns=None if columns is None else list(columns))

    def scan(self, *, verify: bool = True) -> pl.LazyFrame:
        """The table, lazily; see `scan`."""
        return pl.scan_parquet(local(self, DATA) if verify else _readable(self))

    def codebook(self) -> pl.DataFrame:
        """What the columns mean: name, role, type, label_vi, label_en, unit_vi, unit_en, codelist, of, notes."""
        from opendata.client import codebook  # here and below: whoever only loads never pays for them

        return codebook.described(_columns(self))

    def codes(self) -> pl.DataFrame:
        """What the codes mean: column, codelist, vintage, code, parent, label_vi, label_en, notes."""
        from opendata.client import codebook

        return codebook.codes(_columns(self))

    def labels(self, frame: pl.DataFrame, language: Language = "vi") -> pl.DataFrame:
        """A frame of this version with a column `<name>_label` after each coded column.

        Raises:
            SpecError: When a column holds codes that this version does not know.
        """
        from opendata.client import codebook

        return codebook.labelled(frame, _columns(self), language)

    def status(self) -> pl.DataFrame:
        """How many cells of each measure and rate are what: measure, cells, above_zero, zero, suppressed, missing."""
        measures = [column.name for column in _columns(self) if column.role in ("measure", "rate")]
        return status.counts(self.load(), measures)

    def cite(self, style: Style = "vi") -> str:
        """How to cite this version: "bibtex", "apa" (APA 7) or "vi"."""
        from opendata.client import citing

        return citing.cite(citing.cited(text(self, "manifest.json"), self.page), style)

    def changelog(self) -> str:
        """What changed, in Markdown."""
        return text(self, "CHANGELOG.md")

    def verify(self, *, keys: str | Path | None = None) -> pl.DataFrame:
        """Check every file of the release against its manifest, and that against the signatures of who approved it.

        Downloads all files once, and asks the portal whether the version was withdrawn meanwhile. As `opendata verify`,
        which also tells who signed.

        Args:
            keys: File or address of the keys that you trust (`keys.json`); without them it is shown that nothing was
                altered since somebody signed, not who that was.

        Returns:
            The files that were checked: name, size in bytes, sha256.

        Raises:
            WithdrawnError: When it was withdrawn, with the reason and what comes in its place.
            VerificationError: Naming every file that is missing, changed or not listed, and every signature that does
                not count; also when it is published without approvals.
        """
        return verified(self, keys)

    def versions(self) -> list[str]:
        """All versions that the portal has now, oldest first."""
        return sources.versions(self.portal, self.id)

    def __repr__(self) -> str:
        return (
            f"Published({self.id!r}, {self.version!r}, portal={self.portal!r})\n"
            "  .load()  .scan()  .codebook()  .codes()  .labels(frame)  .status()\n"
            '  .cite("bibtex" | "apa" | "vi")  .changelog()  .versions()  .verify()'
        )


def _columns(data: Published) -> tuple[Column, ...]:
    from opendata.client import codebook

    return codebook.columns(text(data, "codebook.json"))


def text(data: Published, name: str) -> str:
    """A text file of the release, its SHA-256 checked."""
    try:
        return local(data, name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise messages.odd_listing(f"{data.id} {data.version} {name}") from None


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


def verified(data: Published, keys: str | Path | None = None) -> pl.DataFrame:
    """Every file of a release, checked; see `Published.verify`."""
    from opendata import verification  # whoever only loads never pays for it

    trusted = verification.read_keys(keys) if keys is not None else None
    if sources.is_address(data.portal):
        files = _offered(data)
        with tempfile.TemporaryDirectory(prefix="ytemo-") as folder:
            for file in files:
                shutil.copyfile(kept.fetched(data.cache, data.portal, file), Path(folder) / file.name)
            found = verification.judged(Path(folder), place=data.portal, keys=trusted)
    else:
        files = sources.asked(data.portal, data.id, data.version).files
        folder_of = Path(_file(data, "manifest.json").url).parent
        found = verification.judged(folder_of, place=data.portal, keys=trusted)
    if (found.id, found.version) != (data.id, data.version):
        raise messages.odd_listing(data.portal)
    rows = [(file.name, file.size, file.sha256) for file in files]
    return pl.DataFrame(rows, schema={"name": pl.String, "size": pl.Int64, "sha256": pl.String}, orient="row")


def _offered(data: Published) -> tuple[RemoteFile, ...]:
    """The files as the portal offers them now; as they were, when nobody answers."""
    try:
        return sources.asked(data.portal, data.id, data.version).files
    except UnreachableError:
        return data.files


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
