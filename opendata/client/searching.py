"""Finding datasets."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import polars as pl

from opendata.client import messages, sources

GROUPS = 24  # of Article 5, Decree 102/2025
_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.String,
    "title_vi": pl.String,
    "title_en": pl.String,
    "publisher": pl.String,
    "version": pl.String,
    "released": pl.Date,
    "groups": pl.List(pl.Int64),
    "licence": pl.String,
    "formats": pl.List(pl.String),
}


def search(query: str = "", *, portal: str | Path, group: int | None = None, limit: int = 20) -> pl.DataFrame:
    """The datasets that hold every word of a query, with or without diacritics, newest first or by relevance.

    Args:
        query: Words of the title, the publisher, the keywords or the id, in either language; all datasets when empty.
        portal: Where to look; see `opendata.client`. On a CKAN portal its own search decides what is found, and
            datasets that were not published with this software are left out.
        group: Only those of this group of Article 5, Decree 102/2025 (1 to 24).
        limit: How many at most.

    Returns:
        One row per dataset: id, title_vi, title_en, publisher, version (the newest), released (Date), groups, licence,
        formats. Give `id` to `od.load` or `od.published`.

    Raises:
        PortalError: When nobody answers, or `portal` is none.
        SpecError: When there is no such group, or `limit` is below 1.
    """
    if limit < 1:
        raise messages.wrong_use("limit", ("1", "2", "…"))
    if group is not None and group not in range(1, GROUPS + 1):
        raise messages.wrong_use(f"group {group!r}", (f"1 – {GROUPS}",))
    found = sources.searched(sources.named(portal), query, group, limit)
    return pl.DataFrame([asdict(one) for one in found], schema=_SCHEMA)
