"""The registers as releases: the lists that the law demands, published as datasets of their own.

They are lists of databases and datasets, so there are no cells to be attacked, and this module takes nothing but the
registers of a workspace: there is no way to hand it a table. The personal-data scan and the legal gate run as for any
release, and a condition that only a disclosure audit could answer refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

import catalog
from catalog.annexes import Registers
from catalog.entry import Entry
from catalog.errors import Problem, Text
from catalog.registertables import REGISTERS, RegisterName, cells, columns, rows
from opendata import data as tables
from opendata import gates
from opendata.config import RegistersConfig
from opendata.contents import check_version, code
from opendata.errors import GateError, SpecError
from opendata.registerentries import no_audit, period, record
from opendata.registers import addresses
from opendata.registerviews import view
from opendata.release import Release, Write, listing, order, seal, versions
from opendata.scanning.texts import strings
from opendata.templating import page
from opendata.workspace import Workspace

_SOURCES: dict[RegisterName, tuple[str, ...]] = {
    "databases": ("databases/*.yaml",),
    "open-data": ("datasets/*.yaml", "releases/"),
    "coverage": ("databases/*.yaml", "datasets/*.yaml", "releases/"),
    "notices": ("corrections/*.yaml",),
}
_TYPES = {"string": pl.String, "integer": pl.Int64, "date": pl.Date}


@dataclass(frozen=True, slots=True, repr=False)
class _Draft:
    """A register on its day, with what a version of it is made of and what is out.

    Attributes:
        register: Which one.
        config: Who publishes it.
        found: All registers.
        table: Its rows.
        history: The versions that are out, oldest first.
    """

    register: RegisterName
    config: RegistersConfig
    found: Registers
    table: pl.DataFrame
    history: tuple[Release, ...]


@dataclass(frozen=True, slots=True, repr=False)
class _Edition:
    """A version of a register that is about to be judged and written.

    Attributes:
        register: Which one.
        id: The dataset's id.
        version: The version.
        day: The day on which it was drawn up, also that of its release.
        entry: The catalogue record.
        table: The rows.
        before: The table of the version before it; None of the first.
        preceding: That version; None of the first.
    """

    register: RegisterName
    id: str
    version: str
    day: date
    entry: Entry
    table: pl.DataFrame
    before: pl.DataFrame | None
    preceding: str | None


def release(
    workspace: Workspace, found: Registers, *, version: str | None = None
) -> list[tuple[Release, bool]]:
    """Write a release of each register, when it says something new; all are judged before any is written.

    Args:
        workspace: The publisher's folder.
        found: Its registers, on their day.
        version: The version; by default the newest one when nothing has changed since, else the next of the year.

    Returns:
        The releases, and whether each was written (False: these very bytes were there already).

    Raises:
        SpecError: When `[registers]` lacks what a catalogue record needs, a list is empty, or a version cannot be.
        PersonalDataError: When a list or a file holds personal data.
        GateError: When the law demands evidence that is not there.
        VerificationError: When an earlier version is not as it was written.
    """
    _configured(workspace.config.registers)
    ready = [_ready(workspace, found, register, version) for register in REGISTERS]
    return [(one, one.write()) for one in ready]


def _configured(config: RegistersConfig) -> None:
    """Refuse when the catalogue record cannot be made."""
    needed = ("publisher", "contact", "organization", "category")
    missing = [name for name in needed if getattr(config, name) is None]
    if missing:
        raise SpecError([Problem(f"opendata.toml: registers.{name}", _MISSING, _ADD) for name in missing])


def _ready(workspace: Workspace, found: Registers, register: RegisterName, version: str | None) -> Release:
    """The release of one register, judged and ready to be written."""
    config = workspace.config.registers
    folder = workspace.root / "releases" / config.id_of(register)
    table = _table(register, found)
    if table.is_empty():
        raise SpecError([Problem(register, _EMPTY, _FILL[register])])
    draft = _Draft(register, config, found, table, _history(folder, register))
    made = _chosen(draft, version)
    about = _about(made, config, _judged(made, draft))
    after = tuple(one.version for one in draft.history if one.version != made.version)
    return Release(folder / made.version, made.id, made.version, _renderer(made, draft, about), after)


def _history(folder: Path, register: RegisterName) -> tuple[Release, ...]:
    """The versions that are out, oldest first; a dataset of another kind is never continued as a register."""
    out = tuple(Release.stored(folder / version) for version in versions(folder))
    if any(one.manifest.get("register") != register for one in out):
        raise SpecError([Problem(f"releases/{folder.name}", _OTHER_KIND, _PREFIX)])
    return out


def _chosen(draft: _Draft, version: str | None) -> _Edition:
    """The version to be written: one that is out when it is asked for or says the same already, else a new one."""
    out = {one.version: one for one in draft.history}
    newest = draft.history[-1].version if draft.history else None
    wanted = version or newest
    if wanted in out:
        again = _edition(draft, wanted)
        if version or _same(again, draft.config, out[wanted]):
            return again
    chosen = check_version(version or _next(draft.found.today, out))
    _newer(chosen, draft.found.today, draft.history)
    return _edition(draft, chosen)


def _edition(draft: _Draft, version: str) -> _Edition:
    """A version with its record; one that is out keeps its day."""
    register, config = draft.register, draft.config
    days = {one.version: date.fromisoformat(one.manifest["released"]) for one in draft.history}
    day = days.get(version, draft.found.today)
    earlier = [one for one in draft.history if order(one.version) < order(version)]
    issued = days[earlier[0].version] if earlier else day
    entry = record(register, config, (issued, day, period(register, draft.found, day)))
    before = pl.read_parquet(earlier[-1].directory / "data.parquet") if earlier else None
    preceding = earlier[-1].version if earlier else None
    return _Edition(register, config.id_of(register), version, day, entry, draft.table, before, preceding)


def _table(register: RegisterName, found: Registers) -> pl.DataFrame:
    schema = {column.name: _TYPES[column.type] for column in columns(register)}
    lines = [cells(register, row) for row in rows(register, found)]
    return pl.DataFrame(lines, schema=schema, orient="row")


def _same(made: _Edition, config: RegistersConfig, old: Release) -> bool:
    """Whether a version that is out was made of the same list and record, by the same program."""
    about, manifest = _about(made, config, _verdict(made)), old.manifest
    return all(manifest.get(key) == value for key, value in about.items())


def _next(today: date, out: Iterable[str]) -> str:
    numbers = [v.partition(".")[2] for v in out if v.startswith(f"{today.year}.")]
    return f"{today.year}.{max((int(n) for n in numbers if n.isdigit()), default=0) + 1}"


def _newer(version: str, today: date, history: Sequence[Release]) -> None:
    """Refuse a new version that would not come after all that are out."""
    if not history:
        return
    newest = history[-1]
    if order(version) <= order(newest.version) or today.isoformat() < newest.manifest["released"]:
        where = f"releases/{newest.id}/{version}"
        raise SpecError([Problem(where, _NOT_NEWER, _after(newest.version))])


def _judged(made: _Edition, draft: _Draft) -> catalog.Verdict:
    """Scan the record and the rows, then ask the legal gate."""
    entry = made.entry.model_dump(mode="json", exclude={"evidence"})
    gates.personal_data([*strings(entry, "entry"), *_texts(made)], allow=_addresses(draft))
    verdict = _verdict(made)
    if not verdict.ok:
        raise GateError(verdict.problems)
    return verdict


def _verdict(made: _Edition) -> catalog.Verdict:
    """What the legal gate says; there is no disclosure audit that could answer it, only the scan that passed."""
    digest = tables.content_sha256(made.table)
    scan = catalog.Proof(True, (digest,))
    return catalog.gate(made.entry, catalog.Provided(digest, personal_data_scan=scan), on=made.day)


def _texts(made: _Edition) -> Iterator[tuple[str, str]]:
    """Every text of the rows: they are titles and offices in the words of their owners, so each is read as a text."""
    for number, row in enumerate(made.table.iter_rows(named=True), start=1):
        yield from strings({k: v for k, v in row.items() if isinstance(v, str)}, f"{made.id}, row {number}")


def _addresses(draft: _Draft) -> list[str]:
    return addresses(draft.found, *([draft.config.contact] if draft.config.contact else []))


def _about(made: _Edition, config: RegistersConfig, verdict: catalog.Verdict) -> dict[str, Any]:
    """What the manifest says besides the files."""
    return {
        "id": made.id,
        "version": made.version,
        "released": made.day.isoformat(),
        "register": made.register,
        "title": made.entry.title.model_dump(),
        "entry": made.entry.model_dump(mode="json", exclude={"evidence"}),
        "publication": {"organization": config.organization, "groups": list(config.portal_groups)},
        "rows": made.table.height,
        "content_sha256": tables.content_sha256(made.table),
        "audit": {"applies": False, "reason": no_audit(made.register)._asdict()},
        "law": {
            "conditions": list(verdict.conditions),
            "answered": sorted({answer.kind for answer in verdict.answered}),
        },
        "repairs": [],
        "reviews": [],
        "code": code(),
    }


def _renderer(made: _Edition, draft: _Draft, about: dict[str, Any]) -> Write:
    def render(public: Path, private: Path) -> None:
        tables.write_parquet(
            made.table, public / "data.parquet", {"dataset": made.id, "version": made.version}
        )
        tables.write_csv(made.table, public / "data.csv")
        tables.write_xlsx(made.table, public / "data.xlsx", made.entry.title.vi)
        _metadata_files(made, draft.found, about, public)
        tables.check_written(made.table, public)
        seal(public, about)
        gates.written(public, allow=_addresses(draft))

    return render


def _metadata_files(made: _Edition, found: Registers, about: dict[str, Any], public: Path) -> None:
    """The metadata; those that list files come last, so that every file they name is there."""

    def edition() -> catalog.Edition:
        files = tuple(listing(public))
        return catalog.Edition(made.id, made.version, made.day, made.entry, columns(made.register), files)

    _write(public / "codebook.json", catalog.codebook(edition()))
    _write(public / "report.html", _report(made, found, about))
    _write(public / "CHANGELOG.md", _changelog(made))
    _write(public / "CITATION.cff", catalog.citation_cff(edition()))
    final = edition()
    _write(public / "datapackage.json", catalog.datapackage(final))
    _write(public / "dcat.ttl", catalog.dcat_turtle(final))
    _write(public / "dcat.jsonld", catalog.dcat_jsonld(final))
    _write(public / "prov.jsonld", catalog.prov_jsonld(final, _origin(made)))


def _origin(made: _Edition) -> catalog.Origin:
    """What a list is made from: the records of the workspace that it is drawn up of."""
    return catalog.Origin(_SOURCES[made.register], (code()["name"], code()["version"]), before=made.preceding)


def _report(made: _Edition, found: Registers, about: dict[str, Any]) -> str:
    return page(
        "register.html",
        entry=made.entry,
        version=made.version,
        view=view(made.register, found),
        no_audit=no_audit(made.register),
        legal_basis=[catalog.citation(name).name for name in made.entry.legal_basis],
        licence=catalog.licences()[made.entry.licence].name,
        conditions=about["law"]["conditions"],
    )


def _changelog(made: _Edition) -> str:
    """What a reader of the version before must know: rows that came, went, or say something else."""
    title = made.entry.title
    head = f"# {title.vi}\n\n{title.en}\n\n## {made.version} ({made.day})\n\n"
    if made.before is None:
        return f"{head}- {made.table.height} dòng.\n- {made.table.height} rows.\n"
    old, new = (_keyed(table, made.register) for table in (made.before, made.table))
    parts = (
        ("Thêm", "Added", sorted(new.keys() - old.keys())),
        ("Bỏ", "Removed", sorted(old.keys() - new.keys())),
        ("Thay đổi", "Changed", sorted(key for key in old.keys() & new.keys() if old[key] != new[key])),
    )
    lines = [f"- {vi} / {en}: {', '.join(names)}.\n" for vi, en, names in parts if names]
    return head + ("".join(lines) or "- Chỉ mô tả thay đổi.\n- Only the description changed.\n")


def _keyed(table: pl.DataFrame, register: RegisterName) -> dict[str, dict[str, Any]]:
    keys = [column.name for column in columns(register) if column.role == "dimension"]
    return {" ".join(str(row[key]) for key in keys): row for row in table.iter_rows(named=True)}


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _after(version: str) -> Text:
    return Text(
        f"Chọn số lớn hơn {version}, vào cùng ngày hoặc muộn hơn.",
        f"Choose one after {version}, on its day or later.",
    )


_FILL: dict[RegisterName, Text] = {
    "databases": Text("Thêm bản ghi vào databases/*.yaml.", "Add records to databases/*.yaml."),
    "open-data": Text(
        "Thêm khai báo với access: open vào datasets/.", "Add specs with access: open to datasets/."
    ),
}
_EMPTY = Text("danh mục này còn trống.", "this list is empty.")
_MISSING = Text("cần có để công bố danh mục.", "is needed to publish the registers.")
_ADD = Text("Ghi vào mục [registers] của opendata.toml.", "Write it under [registers] in opendata.toml.")
_OTHER_KIND = Text("thư mục này chứa bộ dữ liệu khác.", "this folder holds a dataset of another kind.")
_PREFIX = Text(
    "Đổi mã của bộ dữ liệu đó, hoặc ghi prefix trong mục [registers].",
    "Give that dataset another id, or write prefix under [registers].",
)
_NOT_NEWER = Text(
    "phiên bản mới phải sau mọi phiên bản đã có.", "a new version must come after all that are out."
)
