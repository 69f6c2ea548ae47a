"""The canonical description of one published version, from which every metadata file is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import quote

from catalog.codelists import CodeList
from catalog.entry import Entry
from catalog.files import File
from catalog.labels import Labels
from catalog.quality import Measurement

Role = Literal["dimension", "measure", "rate", "status", "attribute"]
ColumnType = Literal["string", "integer", "number", "date"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the published table.

    Attributes:
        name: Its name in the files.
        role: What it is for: the rows are one for each combination of dimensions; a rate is made of two measures; an
            attribute says more of a row and may be empty.
        type: What its values are.
        labels: Its title.
        unit: Unit of a measure or rate.
        codelist: The codes it may hold; None for free values.
        of: For a status column, the measure or rate whose values it explains; for a rate, the measure that is counted.
        note: What a reader must know about it.
        over: For a rate, the measure that it is counted among.
        per: For a rate, for how many of `over` it is, such as 100000.
        decimals: For a rate, its digits after the decimal mark.
    """

    name: str
    role: Role
    type: ColumnType
    labels: Labels
    unit: Labels | None = None
    codelist: CodeList | None = None
    of: str | None = None
    note: Labels | None = None
    over: str | None = None
    per: int | None = None
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """One published version of a dataset, as its metadata describe it.

    Attributes:
        id: Id of the dataset, also its name on the portal.
        version: The version.
        released: Day of release of this version.
        entry: The catalogue record.
        columns: The columns of the table, in the order of the files.
        files: Files published with it.
        base: Address under which releases are served, such as "https://host/releases": the files are then
            at `<base>/<id>/<version>/<name>`. None when it is not known: the dataset is then named by a
            `urn:uuid` made from the publisher and the id, and files relative to the metadata file.
        quality: What was measured of its quality.
    """

    id: str
    version: str
    released: date
    entry: Entry
    columns: tuple[Column, ...]
    files: tuple[File, ...] = ()
    base: str | None = None
    quality: tuple[Measurement, ...] = ()


def required(column: Column) -> bool:
    """Whether every row has a value in a column."""
    return column.role in ("dimension", "status")


def place(edition: Edition, file: File) -> str:
    """Where a file of a version is: under `base`, or beside the metadata file that names it."""
    if edition.base:
        folder = f"{edition.base.rstrip('/')}/{quote(edition.id)}/{quote(edition.version)}"
        return f"{folder}/{quote(file.name)}"
    return quote(file.name)


def basename(file: File) -> str:
    """The name of a file without folders."""
    return PurePosixPath(file.name).name
