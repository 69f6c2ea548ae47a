"""Writing the site: into a folder beside it, scanned, and only then in its place."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import catalog
from catalog.annexes import Registers
from catalog.errors import CatalogError, Problem, Text
from catalog.registertables import REGISTERS, RegisterName
from opendata import registers
from opendata.bars import progress
from opendata.errors import SpecError
from opendata.ledger.store import Clock, now
from opendata.lock import exclusive
from opendata.messages import unwritable
from opendata.release import Release
from opendata.schedule import calendar
from opendata.site import pages
from opendata.site.checking import Checked, check
from opendata.site.exploring import DATA, embedded, explorable, programs, script
from opendata.site.gone import Lost, allowed, gone
from opendata.site.pages import Page, Site, dataset, harvested, lists
from opendata.site.reading import Shown, released
from opendata.verification.keys import FILE as KEYS
from opendata.verification.keys import keys_json
from opendata.workspace import FOLDERS, Workspace
from ytemo_display.progress import tell

HOME = "catalog.ttl"  # what tells a site from any other folder


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        folder: Where.
        datasets: How many datasets it shows.
        versions: How many versions of them.
    """

    folder: Path
    datasets: int
    versions: int


@dataclass(frozen=True, slots=True)
class Planned:
    """The release calendar.

    Attributes:
        rows: Its lines.
        now: The moment that parts what is late from what will come.
    """

    rows: Sequence[calendar.Row]
    now: datetime


def write(
    workspace: Workspace, out: Path | None = None, *, today: date | None = None, clock: Clock = now
) -> Written:
    """Write the static catalogue of everything that a workspace has released, its registers and its release calendar.

    The files of each release are copied and checked again, so that the folder serves its data without any portal;
    the same releases, registers and day give the same bytes, and only the pages of the registers and the calendar tell
    the day. It is built beside `out` and renamed when it is whole: a refusal leaves the old one as it was.

    Args:
        workspace: The workspace.
        out: Where; `site` in the workspace by default. An older site there is replaced.
        today: The day of the registers and of the calendar: what is overdue depends on it. By default that of the
            newest release.
        clock: What time it is: what is not due yet is not shown.

    Raises:
        SpecError: When nothing is released, several publishers need a name for the whole, a spec or a record of the
            registers is not as it must be, or `out` is something else.
        VerificationError: When the files of a release are not as written.
        PersonalDataError: When a page would hold personal data.
    """
    folder = (out or workspace.root / "site").resolve()
    _free(folder, workspace)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(workspace.root / "releases" / ".lock"), progress(_CHECKING):
            return _written(workspace, folder, today, clock())
    except CatalogError as error:
        raise SpecError(error.problems) from None
    except OSError as error:
        raise SpecError([Problem(str(folder), unwritable(error), _PERMISSIONS)]) from None


def about(workspace: Workspace, site: Site, lost: Lost | None = None) -> catalog.Catalog:
    """The catalogue as `opendata.toml` describes it.

    Raises:
        SpecError: When it names no publisher and the datasets have several.
    """
    said = workspace.config.site
    editions = [one.edition for shown in site.values() for one in shown[:1]]
    editions += [one.edition for taken in (lost or {}).values() for one in taken if one.edition]
    publishers = list(dict.fromkeys(one.entry.publisher for one in editions))
    if said.publisher is None and len(publishers) != 1:
        raise SpecError([Problem("opendata.toml: site.publisher", _SEVERAL, _NAME_ONE)])
    publisher = said.publisher or publishers[0]
    return catalog.Catalog(said.title, said.description, publisher, said.url and said.url.rstrip("/"))


def _written(workspace: Workspace, folder: Path, today: date | None, moment: datetime) -> Written:
    site, lost = released(workspace, now=moment), gone(workspace)
    if not (site or lost):
        raise SpecError([Problem("releases", _NOTHING, _BUILD)])
    day = today or max(_days(site, lost))
    noon = datetime.combine(day, time(12), UTC)
    planned = Planned(calendar.rows(workspace, now=noon), noon)
    found, config = registers.collect(workspace, today=day), workspace.config.registers
    ids = {register: config.id_of(register) for register in REGISTERS}
    partial = folder.with_name(f".partial-{folder.name}")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        made = about(workspace, site, lost)
        fill(partial, made, (site, lost), (found, ids), planned)
        if workspace.config.people:
            (partial / KEYS).write_text(keys_json(workspace.config.people), encoding="utf-8")
        everything = [one for versions in site.values() for one in versions]
        for number, shown in enumerate(everything):
            tell(_COPYING, number, len(everything))
            _copy(shown, partial / "datasets" / shown.edition.id / shown.edition.version)
        _swap(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Written(folder, len(site), sum(map(len, site.values())))


def fill(
    folder: Path,
    made: catalog.Catalog,
    shelf: tuple[Site, Lost],
    listed: tuple[Registers, Mapping[RegisterName, str]],
    planned: Planned,
) -> None:
    """Write every page and the catalogue, each scanned for personal data as the files of a release are.

    Args:
        folder: Where.
        made: The catalogue.
        shelf: What it shows, and what was withdrawn.
        listed: The registers, and the ids of the datasets under which they are released.
        planned: The release calendar.

    Raises:
        PersonalDataError: With one problem per finding.
    """
    checked, (found, ids), (site, lost) = Checked(), listed, shelf
    for number, (name, versions) in enumerate(site.items()):
        tell(_PAGES, number, len(site))
        taken = lost.get(name, ())
        drawn = [*dataset(made, name, versions, databases=found.databases, lost=taken)]
        _pages(folder, drawn, [*_allowed(versions), *allowed(taken)], checked)
    for name in lost.keys() - site.keys():
        _pages(folder, [*dataset(made, name, (), lost=lost[name])], allowed(lost[name]), checked)
    _programs(folder)
    everybody = [
        *_allowed(one for versions in site.values() for one in versions),
        *(text for taken in lost.values() for text in allowed(taken)),
    ]
    _pages(
        folder,
        [
            *lists(made, site, planned=bool(planned.rows), lost=lost),
            *harvested(made, site, lost),
            *pages.planned(made, site, planned.rows, now=planned.now),
        ],
        everybody,
        checked,
    )
    offices = registers.addresses(found)
    _pages(folder, [*pages.registers(made, site, found, ids)], offices, checked)


def _days(site: Site, lost: Lost) -> Iterator[date]:
    """The days on which something on the site changed last."""
    yield from (one.edition.released for versions in site.values() for one in versions)
    yield from (one.stone.day for taken in lost.values() for one in taken)


def _pages(folder: Path, pages: Sequence[Page], allow: Sequence[str], checked: Checked) -> None:
    check(checked, pages, allow)
    for path, text in pages:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())


def _programs(folder: Path) -> None:
    """Write the scripts of the explorer: the same for every site, so there is nothing of a dataset to be scanned."""
    for path, text in programs().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())


def _allowed(versions: Iterable[Shown]) -> list[str]:
    return list(dict.fromkeys(text for shown in versions for text in shown.allowed))


def _copy(shown: Shown, folder: Path) -> None:
    """Copy a release and check the copy: what the site serves is what was published."""
    shutil.copytree(shown.folder, folder, copy_function=shutil.copyfile)
    Release.open(folder)
    name = embedded(shown.edition) if explorable(shown.edition) else None
    if name is not None:  # of the bytes that were just checked
        (folder.parent / name).write_bytes(script((folder / DATA).read_bytes()).encode())


def _free(folder: Path, workspace: Workspace) -> None:
    """Refuse to replace anything but a site, or to write among what the workspace holds."""
    held = [workspace.root / name for name in FOLDERS]
    inside = any(folder == path or path in folder.parents for path in held)
    if inside or (folder.exists() and not (folder / HOME).is_file() and not _empty(folder)):
        raise SpecError([Problem(str(folder), _TAKEN, _ELSEWHERE)])


def _empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _swap(partial: Path, folder: Path) -> None:
    """Put the new site in place of the old one, which comes back when that fails."""
    old = folder.with_name(f".partial-{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    try:
        partial.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


_CHECKING = Text("Kiểm tra các bản phát hành", "Checking the releases")
_PAGES = Text("Viết các trang", "Writing the pages")
_COPYING = Text("Chép các bản phát hành", "Copying the releases")
_PERMISSIONS = Text("Kiểm tra quyền ghi và dung lượng đĩa.", "Check the permissions and the free disk space.")
_NOTHING = Text("chưa có bản phát hành nào.", "nothing is released yet.")
_BUILD = Text("Chạy: opendata build ID", "Run: opendata build ID")
_SEVERAL = Text("các bộ dữ liệu có nhiều cơ quan công bố.", "the datasets have several publishers.")
_NAME_ONE = Text(
    "Ghi publisher (cơ quan chịu trách nhiệm về danh mục) trong mục [site].",
    "Write publisher, who answers for the catalogue, under [site].",
)
_TAKEN = Text(
    "thư mục này đã có nội dung khác, hoặc thuộc không gian làm việc.",
    "this folder holds something else, or belongs to the workspace.",
)
_ELSEWHERE = Text("Chọn thư mục khác: --out.", "Choose another folder: --out.")
