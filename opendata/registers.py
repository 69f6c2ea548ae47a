"""The registers of a workspace: `databases/*.yaml`, `corrections/*.yaml`, the specs and the releases, on one day."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from catalog import corrections
from catalog.annexes import Registers
from catalog.corrections import Notice
from catalog.databases import Database
from catalog.entry import Contact, Entry
from catalog.errors import Problem, Text
from catalog.registers import OpenDataset
from catalog.registertables import REGISTERS
from opendata import gates
from opendata.errors import OpendataError, SpecError
from opendata.release import Release, versions
from opendata.scanning.texts import Place, strings
from opendata.validation import Model, load
from opendata.withdrawal import Tombstone, tombstones
from opendata.workspace import Workspace

# A notice is known by its number in the agency's records: a file name could be a person's name.
_NOTICE = re.compile(r"\d{4}-\d{1,6}")
_DATABASE = re.compile(r"[a-z0-9][a-z0-9-]{1,98}[a-z0-9]")


def collect(workspace: Workspace, *, today: date) -> Registers:
    """Read everything that the registers are made of.

    Args:
        workspace: The publisher's folder.
        today: The day on which they are drawn up.

    Raises:
        SpecError: With every mistake of every file: databases, notices, specs, links to what is not there, days
            that lie ahead (a record reviewed in another century is never due again).
        VerificationError: When a released version is not as it was written.
        PersonalDataError: When a text that the registers would publish holds personal data, or a notice names a
            person.
    """
    found: list[Problem] = []
    databases = dict(_records(workspace.root / "databases", Database, _DATABASE, found))
    notices = dict(_records(workspace.root / "corrections", Notice, _NOTICE, found))
    datasets = _datasets(workspace, found)
    for dataset in datasets:
        found += undrawn(dataset.id, dataset.entry, databases) if dataset.declared else ()
    own = map(workspace.config.registers.id_of, REGISTERS)  # a list may be wrong too
    known = {name: workspace.root / "releases" / name for name in (*(d.id for d in datasets), *own)}
    for name, notice in notices.items():
        found += _links(f"corrections/{name}.yaml", notice, known)
    found += (Problem(where, _AHEAD, _PAST) for where, day in _days(databases, notices) if day > today)
    if found:
        raise SpecError(found)
    config = workspace.config.registers
    made = Registers(today, databases, datasets, notices, config.review_months, config.correction_days)
    _scan(made)
    return made


def answer(workspace: Workspace, number: str) -> Text:
    """The answer to whoever sent a notice, the same whatever was decided (`catalog.corrections.answer`).

    Args:
        workspace: The publisher's folder.
        number: The notice's number, the name of its file.

    Raises:
        SpecError: When there is no such notice, or its record is not as it must be.
    """
    where = f"corrections/{number}.yaml"
    path = workspace.root / where
    if not _NOTICE.fullmatch(number) or not path.is_file():
        raise SpecError([Problem(where, _NO_NOTICE, _NUMBER)])
    return corrections.answer(load(path, Notice, name=where), days=workspace.config.registers.correction_days)


def addresses(found: Registers, *more: Contact) -> list[str]:
    """The offices' own addresses, which are meant to be published; with those of `more` offices, sorted."""
    contacts = [one.contact for one in found.databases.values()]
    contacts += [one.entry.contact for one in found.datasets]
    given = {address for one in (*contacts, *more) for address in (one.email, one.url)}
    return sorted(address for address in given if address)


def undrawn(dataset: str, entry: Entry, databases: Collection[str]) -> Iterator[Problem]:
    """A problem for each database that a dataset says it is drawn from and that is not there."""
    for name in entry.databases:
        if name not in databases:
            yield Problem(f"datasets/{dataset}.yaml: entry.databases.{name}", _NO_DATABASE, _NAME_DATABASE)


def _records(
    folder: Path, model: type[Model], names: re.Pattern[str], found: list[Problem]
) -> Iterator[tuple[str, Model]]:
    """Every YAML file of a folder as a checked record, by its name; mistakes are added to `found`."""
    for number, path in enumerate(sorted(folder.glob("*.y*ml")), start=1):
        if path.suffix != ".yaml" or not names.fullmatch(path.stem):
            found.append(Problem(f"{folder.name}/ ({number})", _BAD_NAME, _good_name(names)))
            continue
        try:
            yield path.stem, load(path, model, name=f"{folder.name}/{path.name}")
        except SpecError as refused:
            found += refused.problems


def _datasets(workspace: Workspace, found: list[Problem]) -> list[OpenDataset]:
    """What is declared, and what was released and is not declared any more.

    Releases of the registers are left out: a list that names its own newest version would never be at rest.
    """
    declared, gone = workspace.datasets(), tombstones(workspace)
    released = sorted(p.name for p in (workspace.root / "releases").glob("*") if p.is_dir() and versions(p))
    listed = []
    for name in sorted({*declared, *released}):
        stones = {stone.version: stone for stone in gone.get(name, ())}
        newest = _newest(workspace.root / "releases" / name, stones)
        if newest and "register" in newest.manifest and name not in declared:
            continue
        try:
            entry = workspace.spec(name).entry if name in declared else _released_entry(newest)
        except OpendataError as refused:
            found += refused.problems
            continue
        listed.append(_listed(name, entry, newest, stones, name in declared))
    return listed


def _listed(
    name: str, entry: Entry, newest: Release | None, stones: Mapping[str, Tombstone], declared: bool
) -> OpenDataset:
    """A dataset with its newest version; when that was withdrawn, nothing else is out."""
    if newest is None:
        return OpenDataset(name, entry, declared=declared)
    day = date.fromisoformat(newest.manifest["released"])
    stone = stones.get(newest.version)
    return OpenDataset(name, entry, newest.version, day, declared, stone.day if stone else None)


def _newest(folder: Path, withdrawn: Collection[str]) -> Release | None:
    """The newest version that is out, or the newest that was, checked byte by byte."""
    found = versions(folder)
    out = [version for version in found if version not in withdrawn] or found
    return Release.stored(folder / out[-1]) if out else None


def _released_entry(release: Release | None) -> Entry:
    """The record under which a dataset was released."""
    assert release is not None, "what is not declared was released"
    try:
        return Entry.model_validate_json(json.dumps(release.manifest["entry"]))
    except (KeyError, ValidationError):
        raise SpecError([Problem(f"releases/{release.id}/{release.version}", _NO_ENTRY, _OLDER)]) from None


def _links(where: str, notice: Notice, known: dict[str, Path]) -> Iterator[Problem]:
    if notice.dataset not in known:
        yield Problem(f"{where}: dataset", _NO_DATASET, _NAME_DATASET)
    elif notice.ruling and notice.ruling.version not in (None, *versions(known[notice.dataset])):
        yield Problem(f"{where}: ruling.version", _NO_VERSION, _RELEASE_FIRST)


def _days(databases: Mapping[str, Database], notices: Mapping[str, Notice]) -> Iterator[tuple[str, date]]:
    """Every day on which something was done, and its place."""
    for name, database in databases.items():
        yield f"databases/{name}.yaml: reviewed", database.reviewed
    for name, notice in notices.items():
        yield f"corrections/{name}.yaml: received", notice.received
        if notice.ruling:
            yield f"corrections/{name}.yaml: ruling.date", notice.ruling.date


def _scan(made: Registers) -> None:
    """Refuse personal data in what is about to be published; the offices' own addresses may stand there.

    Notices are not published, but people read them who need not know who wrote: they name nobody either.
    """
    places: list[Place] = []
    for name, database in made.databases.items():
        places += strings(database.model_dump(mode="json"), f"databases/{name}.yaml")
    for dataset in made.datasets:
        places += strings(dataset.entry.model_dump(mode="json", exclude={"evidence"}), f"{dataset.id}: entry")
    for name, notice in made.notices.items():
        places += strings(notice.model_dump(mode="json"), f"corrections/{name}.yaml")
    once = {text: place for place, text in reversed(places)}  # an office's name stands in every record
    if once:
        gates.personal_data([(place, text) for text, place in once.items()], allow=addresses(made))


def _good_name(names: re.Pattern[str]) -> Text:
    if names is _NOTICE:
        return Text(
            "Đặt tên tệp theo số thông báo, ví dụ 2026-001.yaml.",
            "Name it by its number, such as 2026-001.yaml.",
        )
    return Text(
        "Dùng chữ thường a-z, chữ số, gạch nối và đuôi .yaml.",
        "Use lower-case a-z, digits, hyphens and .yaml.",
    )


_AHEAD = Text("ngày này chưa tới.", "this day lies ahead.")
_PAST = Text("Ghi ngày đã qua.", "Write the day on which it was done.")
_BAD_NAME = Text("tên tệp không hợp lệ.", "the file's name is not valid.")
_NO_ENTRY = Text("manifest không có bản ghi danh mục.", "the manifest holds no catalogue record.")
_OLDER = Text("Khôi phục khai báo trong datasets/.", "Restore the spec in datasets/.")
_NO_DATABASE = Text("không có cơ sở dữ liệu này.", "there is no such database.")
_NAME_DATABASE = Text(
    "Ghi mã của một bản ghi trong databases/, hoặc thêm bản ghi đó.",
    "Give the id of a record in databases/, or add that record.",
)
_NO_NOTICE = Text("không có thông báo này.", "there is no such notice.")
_NUMBER = Text("Ghi số của một tệp trong corrections/.", "Give the number of a file in corrections/.")
_NO_DATASET = Text("không có bộ dữ liệu này.", "there is no such dataset.")
_NAME_DATASET = Text(
    "Ghi mã của một bộ dữ liệu đã khai báo hoặc đã công bố.",
    "Give the id of one that is declared or released.",
)
_NO_VERSION = Text("chưa có phiên bản này.", "there is no such version.")
_RELEASE_FIRST = Text(
    "Phát hành bản sửa trước, rồi ghi số phiên bản.", "Release the correction first, then give its version."
)
