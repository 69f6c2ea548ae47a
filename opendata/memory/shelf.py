"""`releases/.memory/<id>`: the distinct cells of a dataset's versions, so that nobody reads every version every time.

Derived and confidential: made again from the releases whenever it is missing, damaged, of another program, or not of
exactly the versions that count. The digests of the releases decide, never what lies here; deleting the folder is safe.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from opendata.canonical import canonical
from opendata.memory import truth
from opendata.memory.distinct import SAID, fresh
from opendata.memory.releases import Out, check, folder
from opendata.memory.sources import digests, recognised
from opendata.memory.subjects import Subject, as_json, from_json
from opendata.memory.truth import Remembered
from opendata.release import digest
from opendata.workspace import Workspace

FORMAT = 2


@dataclass(frozen=True, slots=True, repr=False)
class Shelf:
    """What the memory keeps of a dataset. Confidential.

    Attributes:
        id: The dataset.
        out: The versions that it covers, oldest first.
        base: Where it lies, without the endings of its two files.
        header: What is said of the versions and of the file of cells.
    """

    id: str
    out: tuple[Out, ...]
    base: Path
    header: Mapping[str, Any]


def shelf(workspace: Workspace, id: str, out: Sequence[Out]) -> Shelf:
    """The shelf of a dataset, made or continued where it does not cover these versions.

    Args:
        workspace: The workspace.
        id: The dataset.
        out: Its versions, oldest first.

    Raises:
        VerificationError: When a version that must be read is not what it was.
        OSError: When the shelf cannot be written.
    """
    base = folder(workspace.root / "releases") / id
    held = _held(base)
    if held is None or held["covers"] != _covers(out):
        held = _made(base, out, held)
    return Shelf(id, tuple(out), base, held)


def cells(found: Shelf) -> pl.DataFrame:
    """The distinct cells: `_version`, the dimensions of any version, `measure`, and what is said of each cell.

    Raises:
        VerificationError: When a version is not what it was.
        OSError: When the shelf cannot be written.
    """
    check(found.out)
    path = found.base.with_suffix(".parquet")
    if not path.is_file() or digest(path) != found.header["cells"]:
        _made(found.base, found.out, None)
    return pl.read_parquet(path)


def measures(found: Shelf, number: str) -> dict[str, frozenset[str]]:
    """What each measure of a version counts, without reading all that is known of it."""
    return {name: frozenset(said) for name, said in found.header["subjects"][number]["measures"].items()}


def parts(found: Shelf, number: str) -> list[tuple[str, str]]:
    """The measures of a version that never exceed another."""
    return [(part, whole) for part, whole in found.header["subjects"][number]["parts"]]


def subject(found: Shelf, number: str) -> Subject:
    """What a version counts and where."""
    said = found.header["subjects"][number]
    return from_json({**said, "lists": [found.header["lists"][key] for key in said["lists"]]})


def _made(base: Path, out: Sequence[Out], held: Mapping[str, Any] | None) -> dict[str, Any]:
    """Read what the shelf does not hold; what it holds is kept if all the rest came after it."""
    done = _continued(base, out, held)
    first = max(done - 1, 0)
    check(out[first:])
    told, frames = {}, []
    before = None
    if done and held is not None:
        before = truth.read(out[first].directory)
        frames.append(pl.read_parquet(base.with_suffix(".parquet")))
        lists = held["lists"]
        told = {
            v: {**said, "lists": [lists[key] for key in said["lists"]]}
            for v, said in held["subjects"].items()
        }
    for one in out[done:]:
        now = truth.read(one.directory)
        frames.append(_row(one.version, now, before))
        told[one.version] = as_json(recognised(now.subject, digests(one.directory)))
        before = now
    return _keep(base, pl.concat(frames, how="diagonal"), told, _covers(out))


def _continued(base: Path, out: Sequence[Out], held: Mapping[str, Any] | None) -> int:
    """How many of the versions a shelf covers, if these are the oldest and its cells are as they were written."""
    if held is None:
        return 0
    covered, asked = list(held["covers"].items()), list(_covers(out).items())
    path = base.with_suffix(".parquet")
    whole = path.is_file() and digest(path) == held["cells"]
    return len(covered) if whole and covered == asked[: len(covered)] else 0


def _covers(out: Sequence[Out]) -> dict[str, list[str]]:
    return {one.version: [one.manifest, one.truth] for one in out}


def _row(number: str, now: Remembered, before: Remembered | None) -> pl.DataFrame:
    keys = [*now.subject.dimensions, "measure"]
    return fresh(now, before).select(pl.lit(number).alias("_version"), *keys, *SAID)


def _keep(
    base: Path, cells: pl.DataFrame, told: Mapping[str, dict[str, Any]], covers: Mapping[str, Any]
) -> dict[str, Any]:
    """Write the cells, then the header that vouches for them; a crash between the two leaves none that is believed."""
    data = base.with_suffix(".parquet")
    _write(data, lambda path: cells.write_parquet(path, compression="zstd", statistics=False))
    lists = {_sha256(canonical(one)): one for said in told.values() for one in said["lists"]}
    keyed = {
        v: {**said, "lists": [_sha256(canonical(one)) for one in said["lists"]]} for v, said in told.items()
    }
    body = {
        "format": FORMAT,
        "code": version("ytemo"),
        "cells": digest(data),
        "covers": covers,
        "lists": lists,
        "subjects": keyed,
    }
    text = json.dumps(body, ensure_ascii=False)
    sealed = f"{_sha256(text)}\n{text}\n"
    _write(base.with_suffix(".json"), lambda path: path.write_text(sealed, encoding="utf-8"))
    return body


def _held(base: Path) -> dict[str, Any] | None:
    """The header of a shelf, when it is as it was written, by this program."""
    try:
        seal, text, _ = base.with_suffix(".json").read_text(encoding="utf-8").split("\n")
        body: dict[str, Any] = json.loads(text)
        same = seal == _sha256(text) and body["format"] == FORMAT and body["code"] == version("ytemo")
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return body if same else None


def _write(path: Path, write: Callable[[Path], object]) -> None:
    """Put a file in its place at once, readable for its owner alone."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        new.touch(mode=0o600)
        write(new)
        new.replace(path)
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
