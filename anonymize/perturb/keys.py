"""Keys of cells: what makes the same cell be perturbed the same way in every table, whatever the order of rows."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize import margins
from anonymize.checks import frame_problems
from anonymize.errors import PolicyError, Problem, TableError, Text
from anonymize.table import Frame, Table

Keys = NDArray[np.uint64]


def hashed(texts: Sequence[str], *, seed: int) -> Keys:
    """A secret 64-bit number for each text: nobody can compute it without the seed."""
    secret = str(seed).encode()
    secret = blake2b(secret, digest_size=32).digest()
    numbers = b"".join(blake2b(text.encode(), digest_size=8, key=secret).digest() for text in texts)
    return np.frombuffer(numbers, np.uint64).copy()


def mixed(keys: Keys, purpose: str, *, seed: int) -> Keys:
    """Hashes keys once more, for one purpose: the key of A + B tells nothing of those of A and B."""
    secret = blake2b(f"{seed}\x1f{purpose}".encode(), digest_size=32).digest()
    distinct, place = np.unique(keys, return_inverse=True)
    raw = distinct.tobytes()
    numbers = (blake2b(raw[i : i + 8], digest_size=8, key=secret).digest() for i in range(0, len(raw), 8))
    found: Keys = np.frombuffer(b"".join(numbers), np.uint64)
    return found[place]


def code_keys(table: Table, *, seed: int) -> Keys:
    """One key per row of `table.cells`, from its codes: the same codes, the same key.

    The root of a dimension adds nothing: a province is the same cell in a table by sex and in one by age.
    """
    total: Keys = np.zeros(1, np.uint64)
    for name, hierarchy in table.dimensions.items():
        own = hashed([f"{name}\x1f{code}" for code in hierarchy.codes], seed=seed)
        own[[code == hierarchy.root for code in hierarchy.codes]] = 0
        total = np.add.outer(total, own).ravel()
    own = hashed([f"measure\x1f{name}" for name in table.measures], seed=seed)
    return np.asarray(np.add.outer(total, own).ravel())


def record_keys(table: Table, records: Frame, *, by: str, seed: int) -> Keys:
    """One key per row of `table.cells`: the sum of the keys of the records in it, modulo 2^64.

    The same records have the same key in every table, whatever its dimensions and hierarchies.

    Args:
        table: The table made of these records.
        records: The rows `table` was made of: dimension columns, count columns and `by`.
        by: The column that identifies a record (or person), the same in all tables.
        seed: Secret; the same for all tables.

    Raises:
        TableError: The records do not make this table.
        PolicyError: The column `by` is missing or has gaps.
    """
    data = records.collect() if isinstance(records, pl.LazyFrame) else records
    problems = frame_problems(data, table.dimensions, table.measures, leaves_only=True)
    if problems:
        raise TableError(problems)
    if by not in data.columns or data[by].null_count():
        raise PolicyError([_no_identity(by)])
    _same_counts(table, data)
    distinct = data[by].cast(pl.String).unique(maintain_order=True)
    own = pl.Series(hashed(distinct.to_list(), seed=seed), dtype=pl.UInt64)
    numbers = data[by].cast(pl.String).replace_strict(distinct, own, return_dtype=pl.UInt64).to_numpy()
    return _summed(table, data, numbers)


def checked(table: Table, keys: Keys | None, *, seed: int) -> Keys:
    """The keys given, or those of the codes.

    Raises:
        PolicyError: There is not one key per cell.
    """
    if keys is None:
        return code_keys(table, seed=seed)
    if keys.shape != table.values.shape or keys.dtype != np.uint64:
        raise PolicyError([_BAD_KEYS])
    return keys


def _summed(table: Table, data: pl.DataFrame, numbers: Keys) -> Keys:
    hierarchies = list(table.dimensions.values())
    place = _places(table, data)
    cube = np.zeros(table.shape, np.uint64)
    for m, name in enumerate(table.measures):
        there = data[name].to_numpy() > 0
        np.add.at(cube[..., m], tuple(axis[there] for axis in place), numbers[there])
    # Sums wrap in both readings of the 64 bits alike.
    with np.errstate(over="ignore"):
        filled = margins.fill(cube.view(np.int64), hierarchies)
    return filled.view(np.uint64).ravel()


def _places(table: Table, data: pl.DataFrame) -> tuple[NDArray[np.int64], ...]:
    return tuple(
        data[name].replace_strict(h.codes, range(len(h.codes)), return_dtype=pl.Int64).to_numpy()
        for name, h in table.dimensions.items()
    )


def _same_counts(table: Table, data: pl.DataFrame) -> None:
    cube = np.zeros(table.shape, np.int64)
    for m, name in enumerate(table.measures):
        np.add.at(cube[..., m], _places(table, data), data[name].cast(pl.Int64).to_numpy())
    if not np.array_equal(margins.fill(cube, list(table.dimensions.values())).ravel(), table.values):
        raise TableError([_OTHER_RECORDS])


def _no_identity(by: str) -> Problem:
    return Problem(
        f"record_keys.by: {by}",
        Text("thiếu cột định danh hoặc cột có ô trống.", "the identifying column is missing or has gaps."),
        Text("Chỉ ra cột định danh mỗi bản ghi.", "Name the column that identifies every record."),
    )


_OTHER_RECORDS = Problem(
    "record_keys.records",
    Text("các bản ghi không tạo thành bảng này.", "the records do not make this table."),
    Text("Dùng đúng các bản ghi của bảng.", "Give the records the table was made of."),
)
_BAD_KEYS = Problem(
    "perturb.keys",
    Text("cần một khoá (UInt64) cho mỗi ô.", "one key (uint64) per cell is needed."),
    Text(
        "Tạo khoá bằng record_keys cho chính bảng này.", "Make the keys with record_keys for this very table."
    ),
)
