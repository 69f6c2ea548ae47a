"""Two written releases, compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

import catalog
from catalog.errors import CatalogError, Problem, Text
from opendata.data import STATUS
from opendata.diff.comparing import Edition, compare
from opendata.diff.model import Diff, NewlyHidden
from opendata.errors import SpecError, VerificationError
from opendata.release import Release, private_folder

Where = Release | str | Path


def diff(before: Where, after: Where, *, reasons: bool = False) -> Diff:
    """What changed from one written version of a dataset to another.

    Args:
        before: The earlier version: a release, or its folder.
        after: The later version.
        reasons: Also say why cells are hidden that were shown before, from the confidential part of the later
            version; what comes out is confidential then.

    Raises:
        VerificationError: When one of them is not as it was written, or its confidential part cannot be read.
        SpecError: When they are not versions of one dataset.
    """
    old, new = _opened(before), _opened(after)
    if old.id != new.id:
        raise SpecError([Problem(f"{old.id}, {new.id}", _TWO, _ONE)])
    found = compare(edition(old), edition(new))
    return replace(found, reasons=newly_hidden(old, new, found)) if reasons else found


def edition(release: Release) -> Edition:
    """The public part of a written release whose checksums were checked.

    Raises:
        VerificationError: When its codebook or its table cannot be read.
    """
    try:
        columns = catalog.read_codebook((release.directory / "codebook.json").read_text(encoding="utf-8"))
        table = pl.read_parquet(release.directory / "data.parquet")
        return Edition(release.id, release.version, columns, table)
    except (OSError, ValueError, pl.exceptions.PolarsError, CatalogError):
        where = f"{release.id} {release.version}"
        raise VerificationError([Problem(where, _UNREADABLE, _RESTORE)]) from None


def newly_hidden(before: Release, after: Release, found: Diff) -> tuple[NewlyHidden, ...]:
    """How many cells of each class are hidden now that were shown before; confidential.

    Args:
        before: The earlier version.
        after: The later version.
        found: Their diff.

    Raises:
        VerificationError: When the confidential part of the later version cannot be read.
    """
    old, new = edition(before), edition(after)
    why, keys = _reasons(after), new.dimensions
    rows: list[NewlyHidden] = []
    for one in found.measures:
        own = why.filter(pl.col("measure") == one.name) if "measure" in why.columns else why
        shown = old.table.filter(pl.col(one.name).is_not_null()).select(keys)
        hidden = new.table.filter(pl.col(f"{one.name}_status") == STATUS["suppressed"]).select(keys)
        classes = hidden.join(shown, on=keys, how="semi").join(own, on=keys, how="inner")
        counted = classes.group_by("reason").len().sort("reason")
        rows += [NewlyHidden(one.name, reason, cells) for reason, cells in counted.iter_rows()]
    return tuple(rows)


def _opened(where: Where) -> Release:
    return Release.open(where.directory if isinstance(where, Release) else where)


def _reasons(release: Release) -> pl.DataFrame:
    try:
        return pl.read_parquet(private_folder(release.directory) / "reasons.parquet")
    except (OSError, pl.exceptions.PolarsError):
        where = f"{release.id} {release.version}: reasons.parquet"
        raise VerificationError([Problem(where, _NO_REASONS, _RESTORE)]) from None


_TWO = Text("là hai bộ dữ liệu khác nhau.", "are two datasets.")
_ONE = Text("Chọn hai phiên bản của một bộ dữ liệu.", "Choose two versions of one dataset.")
_UNREADABLE = Text("không đọc được bảng hoặc từ điển dữ liệu.", "its table or its codebook cannot be read.")
_NO_REASONS = Text("không đọc được phần mật của bản này.", "its confidential part cannot be read.")
_RESTORE = Text("Khôi phục thư mục từ bản sao lưu.", "Restore the folder from a backup.")
