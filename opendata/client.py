"""For researchers: find, load and verify published data. Needs no account, no token, no publisher's tools."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from catalog.errors import Problem, Text
from opendata.errors import PortalError
from opendata.portal import Portal, RemoteFile
from opendata.release import digest

DATA = "data.parquet"


def load(
    id: str, *, portal: str, version: str | None = None, cache: str | Path | None = None
) -> pl.DataFrame:
    """A published dataset as a data frame; downloaded once, its SHA-256 checked every time.

    Args:
        id: The dataset's id on the portal.
        portal: The portal's address.
        version: By default the newest.
        cache: Where downloads are kept; by default `~/.cache/ytemo`.

    Returns:
        Dimension columns (String codes), then per measure a number (null if hidden) and `<measure>_status`
        (A normal, Q suppressed).

    Raises:
        PortalError: When the portal is down, or holds no such dataset or version.
        VerificationError: When what arrives is not what was published.
    """
    site = Portal(portal)
    found = [file for file in site.files(id, version) if file.name == DATA]
    if not found:
        raise PortalError([Problem(f"{portal} {id}", _NO_DATA, _ASK)])
    return pl.read_parquet(_cached(site, found[0], Path(cache) if cache else default_cache()))


def default_cache() -> Path:
    """Where downloads are kept."""
    return Path.home() / ".cache" / "ytemo"


def _cached(site: Portal, file: RemoteFile, folder: Path) -> Path:
    """The file under its checksum; a copy that is not what was published is downloaded again."""
    path = folder / "files" / file.sha256 / file.name
    if path.is_file() and digest(path) == file.sha256:
        return path
    return site.download(file, path)


_NO_DATA = Text("bộ dữ liệu này không có tệp Parquet.", "this dataset has no Parquet file.")
_ASK = Text("Chọn phiên bản khác, hoặc hỏi nơi công bố.", "Choose another version, or ask the publisher.")
