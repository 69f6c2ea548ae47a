"""`<version>.private/truth.parquet`: what a later release must know of this one. Confidential, never uploaded.

One row per cell and measure: the codes, the true number, and what was promised for it. What the release counts, and
where, stands in the metadata of the file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl

import anonymize
from anonymize.goals import goals
from anonymize.linked import NUMBERS
from catalog.errors import Problem, Text
from opendata.data import as_cells
from opendata.errors import VerificationError
from opendata.memory.subjects import Subject, as_json, from_json
from opendata.release import private_folder

TRUTH = "truth.parquet"
_KEY = "ytemo"


@dataclass(frozen=True, slots=True, repr=False)
class Remembered:
    """A release as the memory has it. Confidential.

    Attributes:
        subject: What it counts and where.
        cells: One row per cell and measure: the dimensions and `measure` (String), `value` (Int64, null where hidden),
            `NUMBERS` (Int64), `seen` (Boolean), `primary` (Boolean): sensitive by the rules.
    """

    subject: Subject
    cells: pl.DataFrame


def write(safe: anonymize.Protected, policy: anonymize.Protection, about: Subject, private: Path) -> None:
    """Write the truth of a release into its confidential part, for nobody but the owner of the workspace.

    Args:
        safe: The protected table; holds the true numbers.
        policy: What is promised.
        about: What it counts and where.
        private: The folder.
    """
    table, promised = safe.table, goals(safe.table, policy)
    cells = table.cells.rename({"value": "truth"}).with_columns(
        pl.Series("truth", table.values),
        *(pl.Series(name, getattr(promised, name)) for name in NUMBERS if name != "truth"),
        seen=pl.Series(table.seen),
        primary=pl.Series(promised.sensitive | promised.always),
    )
    if "measure" not in cells.columns:
        cells = cells.with_columns(measure=pl.lit(table.measures[0]))
    path = private / TRUTH
    path.touch(mode=0o600)
    said = json.dumps(as_json(about), ensure_ascii=False, sort_keys=True)
    cells.write_parquet(path, compression="zstd", statistics=False, metadata={_KEY: said})


def about(directory: Path) -> Subject:
    """What a written release counts and where, without reading its cells.

    Raises:
        VerificationError: When its truth cannot be read.
    """
    try:
        return from_json(json.loads(pl.read_parquet_metadata(_path(directory))[_KEY]))
    except (OSError, pl.exceptions.PolarsError, ValueError, KeyError, TypeError, AttributeError):
        raise unreadable(directory) from None


def read(directory: Path) -> Remembered:
    """A written release: what its readers have, beside the truth.

    Args:
        directory: `releases/<id>/<version>/`, every byte of it checked.

    Raises:
        VerificationError: When its truth cannot be read, or is not that of the release.
    """
    found = about(directory)
    keys = [*found.dimensions, "measure"]
    try:
        cells = pl.read_parquet(_path(directory)).select(*keys, *NUMBERS, "seen", "primary")
    except (OSError, pl.exceptions.PolarsError):
        raise unreadable(directory) from None
    shown = as_cells(directory / "data.parquet", list(found.measures))
    if "measure" not in shown.columns:
        shown = shown.with_columns(measure=pl.lit(next(iter(found.measures))))
    whole = cells.join(shown, on=keys, how="left", validate="1:1", maintain_order="left")
    if (
        whole.filter(pl.col("value") != pl.col("truth")).height
        or shown.join(cells, on=keys, how="anti").height
    ):
        raise unreadable(directory)
    return Remembered(found, whole.select(*keys, "value", *NUMBERS, "seen", "primary"))


def unreadable(directory: Path) -> VerificationError:
    """The refusal of a release whose confidential part is missing or not what it was."""
    where = f"releases/{directory.parent.name}/{directory.name}.private/{TRUTH}"
    return VerificationError([Problem(where, _LOST, restore(directory))])


def restore(directory: Path) -> Text:
    """How a release comes back."""
    id, version = directory.parent.name, directory.name
    return Text(
        f"Khôi phục từ bản sao lưu, hoặc lập lại từ cùng nguồn: opendata build {id} --version {version}.",
        f"Restore it from a backup, or build it again from the same source: opendata build {id} --version {version}.",
    )


def _path(directory: Path) -> Path:
    return private_folder(directory) / TRUTH


_LOST = Text(
    "số liệu gốc của bản phát hành này bị thiếu hoặc đã thay đổi, nên không xét được những gì nó làm lộ.",
    "the truth of this release is missing or not what it was, so that nothing can be judged beside it.",
)
