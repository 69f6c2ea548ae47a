"""The main job: one call from a spec to a written release, and one from there to the portal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import anonymize
from catalog.errors import Problem, Text
from opendata import ledger, memory
from opendata.contents import code, fingerprint
from opendata.datasets import Dataset, dataset
from opendata.errors import PortalError, SpecError
from opendata.gates import declaration, disclosure
from opendata.memory.releases import kept_back
from opendata.portal import Portal, Receipt
from opendata.release import Release, order, versions
from opendata.source import Records
from opendata.workspace import Workspace

Progress = Callable[[str, str], None]  # told one line in Vietnamese and in English


def silent(vi: str, en: str) -> None:
    """Tell nobody."""


def build(
    name: str,
    workspace: str | Path,
    *,
    version: str | None = None,
    progress: Progress = silent,
    today: date | None = None,
) -> tuple[Release, bool]:
    """Read, aggregate, protect, audit and write a release.

    Args:
        name: The dataset's id.
        workspace: The workspace's folder.
        version: The version; by default the newest one when nothing went into it that has changed, else the next.
        progress: Told what happens; by default nobody is.
        today: The day of the build: law and evidence must hold on it, besides the declared day of release.

    Returns:
        The release, and whether it was written (False: these very bytes were there already).

    Raises:
        OpendataError: Any refusal; nothing is written then.
    """
    return make(dataset(name, workspace), version=version, progress=progress, today=today)


def make(
    opened: Dataset,
    *,
    version: str | None = None,
    progress: Progress = silent,
    today: date | None = None,
    at: datetime | None = None,
) -> tuple[Release, bool]:
    """As `build`, of a dataset that is open already, such as one at a day on which it is due (`Spec.at`).

    Args:
        opened: The dataset.
        version: As for `build`.
        progress: As for `build`.
        today: As for `build`.
        at: When, for the ledger; by default now.
    """
    warn(declaration(opened.spec.entry, today=today), progress)
    opened.compatible(version)
    records = _read(opened, progress)
    chosen = version or _unchanged(opened, records) or opened.next_version()
    safe, found = _protected(opened, records, chosen, progress)
    progress("Ghi và đọc lại các tệp …", "Writing the files and reading them back …")
    release = opened.release(safe, found, version=chosen)
    return release, release.write(at=at)


def audited(name: str, workspace: str | Path, *, progress: Progress) -> anonymize.Audit:
    """Everything that `build` does up to the audit; nothing is written."""
    opened = dataset(name, workspace)
    return _protected(opened, _read(opened, progress), None, progress)[1]


def publish(
    name: str, workspace: Workspace, portal: Portal, *, version: str | None = None, repair: bool = False
) -> Receipt:
    """Publish a written release, checked byte by byte first.

    Args:
        name: The dataset's id.
        workspace: The workspace.
        portal: Where to.
        version: By default the newest one that was written.
        repair: Replace what was changed on the portal.

    Raises:
        SpecError: When there is no such release.
        VerificationError: When its files are not as written.
        PortalError: When the portal refuses or is down.
    """
    return portal.publish(written(name, workspace, version), repair=repair)


def written(name: str, workspace: Workspace, version: str | None = None) -> Release:
    """A written release of a dataset, by default the newest.

    Raises:
        SpecError: When there is none.
        VerificationError: When its files are not as written.
    """
    folder = workspace.root / "releases" / name
    found = versions(folder)
    chosen = version or (found[-1] if found else "")
    if chosen not in found:
        raise SpecError([Problem(f"releases/{name}/{chosen}", _NO_RELEASE, _build_first(name))])
    return Release.stored(folder / chosen)


def pair(
    name: str, workspace: Workspace, before: str | None = None, after: str | None = None
) -> tuple[Release, Release]:
    """Two written releases of a dataset: by default the newest, and the one before it that readers may have.

    Raises:
        SpecError: When there is none before, or no such release.
        VerificationError: When the files of one are not as written.
    """
    new = written(name, workspace, after)
    kept = kept_back(ledger.open_ledger(workspace).events(name))
    found = [one for one in versions(workspace.root / "releases" / name) if (name, one) not in kept]
    older = [version for version in found if order(version) < order(new.version)]
    if before is None and not older:
        raise SpecError([Problem(f"releases/{name}/{new.version}", _NONE_BEFORE, _build_next(name))])
    return written(name, workspace, before or older[-1]), new


def portal_for(workspace: Workspace, url: str | None, environment: Mapping[str, str]) -> Portal:
    """The portal of a workspace: the given address, or that of `opendata.toml`; the token from the environment.

    A sandbox of this workspace is known without either.

    Raises:
        PortalError: When no address is known.
    """
    from opendata import sandbox

    config = workspace.config.portal
    token = environment.get(config.token_variable)
    rehearsal = sandbox.status(workspace.root / ".sandbox")
    address = url or config.url or rehearsal.url
    if address is None:
        raise PortalError([Problem("opendata.toml: portal.url", _NO_PORTAL, _NAME_PORTAL)])
    if token is None and address == rehearsal.url:
        token = (workspace.root / ".sandbox" / "editor.token").read_text(encoding="utf-8").strip()
    return Portal(address, token=token)


def warn(warnings: Iterable[Problem], progress: Progress) -> None:
    """Tell what a person should look at and what does not stop a build, a line each."""
    for warning in warnings:
        what, remedy = warning.what, warning.remedy
        progress(f"  ! {warning.where}: {what.vi} {remedy.vi}", f"  ! {warning.where}: {what.en} {remedy.en}")


def _read(opened: Dataset, progress: Progress) -> Records:
    progress("Quét dữ liệu cá nhân và đọc nguồn …", "Scanning for personal data and reading the source …")
    records = opened.read()
    progress(
        f"  {records.frame.height} dòng, {len(records.repairs)} chỉnh sửa",
        f"  {records.frame.height} rows, {len(records.repairs)} repairs",
    )
    for warning in records.warnings:
        progress(f"  ! {warning.where}: {warning.what.vi}", f"  ! {warning.where}: {warning.what.en}")
    return records


def _protected(
    opened: Dataset, records: Records, version: str | None, progress: Progress
) -> tuple[anonymize.Protected, anonymize.Audit]:
    table = opened.aggregate(records)
    progress(f"Bảo vệ {table.cells.height} ô …", f"Protecting {table.cells.height} cells …")
    warn(opened.resembling(table, version=version), progress)
    safe = opened.protect(table, version=version)
    progress("Tấn công thử kết quả …", "Attacking the result …")
    found = opened.audit(safe, version=version)
    disclosure(found, safe, basis=found.basis)
    hidden = int((safe.cells["status"] == "suppressed").sum())
    progress(
        f"  {hidden} ô bị che, không ô nhạy cảm nào tính lại được",
        f"  {hidden} cells suppressed, no sensitive cell can be computed",
    )
    return safe, found


def _unchanged(opened: Dataset, records: Records) -> str | None:
    """The newest version, when the same spec, inputs and program made it."""
    found = versions(opened.releases)
    if not found:
        return None
    newest = opened.releases / found[-1]
    manifest = Release(newest, opened.id, found[-1]).manifest
    inputs = [asdict(item) for item in records.inputs]
    same = manifest.get("spec_sha256") == fingerprint(opened.spec) and memory.source_files(newest) == inputs
    return found[-1] if same and manifest.get("code") == code() else None


_NONE_BEFORE = Text("trước bản này chưa có bản nào để so.", "there is no version before it to compare with.")
_NO_RELEASE = Text("chưa có bản phát hành này.", "there is no such release.")
_NO_PORTAL = Text("chưa biết địa chỉ cổng dữ liệu.", "the portal's address is not known.")
_NAME_PORTAL = Text(
    "Ghi url trong mục [portal], dùng --portal, hoặc chạy: opendata sandbox up.",
    "Write url under [portal], use --portal, or run: opendata sandbox up.",
)


def _build_next(name: str) -> Text:
    return Text(
        f"Khi nguồn hoặc khai báo thay đổi, chạy: opendata build {name}",
        f"When the source or the spec has changed, run: opendata build {name}",
    )


def _build_first(name: str) -> Text:
    return Text(f"Chạy: opendata build {name}", f"Run: opendata build {name}")
