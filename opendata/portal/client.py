"""`Portal`: a CKAN site as a publisher and a researcher see it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog.errors import Problem, Text
from opendata.bars import progress
from opendata.errors import PortalError, VerificationError
from opendata.portal import failures
from opendata.portal.connection import Connection, checked_address, connect, fetch, read
from opendata.portal.description import Desired, describe
from opendata.portal.plan import Plan, differences, resources_of, versions_of
from opendata.portal.publish import altered, publish
from opendata.release import Release, plain_name, verify
from opendata.remote import RemoteFile
from ytemo_display import bundle

if TYPE_CHECKING:
    from opendata.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was read back after publishing.

    Attributes:
        url: Of the dataset's page.
        id: Of the dataset.
        version: Of the release.
        written: How many times the portal was written to; 0 when it served exactly this release already.
        files: What the public can download.
    """

    url: str
    id: str
    version: str
    written: int
    files: tuple[RemoteFile, ...]

    def _repr_mimebundle_(self, **_kinds: object) -> dict[str, str]:
        from opendata.cards import of_receipt

        return bundle(of_receipt(self))


@dataclass(frozen=True, slots=True)
class Portal:
    """A CKAN portal. Opens no connection before it is asked something, and keeps none open.

    Attributes:
        url: Base address.
        token: API token of an account that is an editor of the organisation; not needed for reading. It is
            sent to this address only, and shown nowhere.
        timeout: Seconds to wait for each answer.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    timeout: float = 120.0

    def plan(self, release: Release) -> Plan:
        """Compare a release with the portal; writes nothing and needs no token for what is public.

        Every file of this version that is already there is downloaded and its SHA-256 compared.

        Raises:
            PortalError: The portal cannot be read.
            VerificationError: The release is not as its manifest says.
        """
        with progress(_COMPARING), self._connected() as connection:
            desired, package = _look(connection, release)
            return self._plan(connection, desired, package)

    def publish(self, release: Release, *, repair: bool = False, book: Ledger | None = None) -> Receipt:
        """Publish a release; a release that is there already is not written again.

        A first publication stays private until every file was read back and its SHA-256 compared. A further
        version comes in one step beside the older ones, which stay. What someone changed on the portal after
        publication is refused. That it is out is written into the ledger of its workspace.

        Args:
            release: A written release of a workspace, with its approvals (`opendata.approvals`).
            repair: Replace what was changed on the portal by what the release says, instead of refusing.
            book: The ledger, which tells the time; by default that of the workspace.

        Raises:
            GateError: The release is not approved as it is, or lies in no workspace that could say so; or it tells
                figures that are not due yet.
            PortalError: The portal refuses, is down, or was changed by someone else; running again is safe.
            VerificationError: The release is not as its manifest says.
        """
        from opendata.approvals import permitted  # a reader's install has no ledger

        permit = permitted(release, portal=self.url, book=book)
        with progress(_COMPARING), self._connected() as connection:
            desired, package = _look(connection, release)
            permit.hold_for(desired.extras["manifest_sha256"])
            _authorised(connection, desired, has_token=bool(self.token))
            plan = self._plan(connection, desired, package)
            _refuse(plan, repair=repair)
            written = publish(connection, desired, package, plan.changes) if plan.changes else 0
        receipt = Receipt(plan.url, plan.id, plan.version, written, self._seen(desired))
        permit.published(receipt)
        return receipt

    def versions(self, id: str) -> list[str]:
        """The published versions of a dataset, oldest first.

        Raises:
            PortalError: There is no such dataset, or the portal cannot be read.
        """
        return versions_of(self._show(id))

    def files(self, id: str, version: str | None = None) -> list[RemoteFile]:
        """The files of a published release, sorted by name.

        Args:
            id: Of the dataset.
            version: Of the release; None is the newest.

        Raises:
            PortalError: There is no such dataset or version, or the portal cannot be read.
        """
        package = self._show(id)
        chosen = version or str(package.get("version") or "")
        found = _remote_files(package, chosen)
        if not found:
            raise failures.missing(self.url, f"{id} {chosen}".strip())
        return found

    def download(self, file: RemoteFile, target: Path) -> Path:
        """Download a file; it appears under its name only when its SHA-256 is right.

        Args:
            file: From `files`.
            target: The file to write.

        Raises:
            PortalError: It cannot be downloaded.
            VerificationError: Its bytes are not what was declared.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as output, self._connected() as connection:
                fetched = fetch(connection, file.url, output, limit=file.size or None)
            if fetched.sha256 != file.sha256:
                raise _spoiled(file)
            Path(draft).chmod(0o644)
            Path(draft).replace(target)
        finally:
            Path(draft).unlink(missing_ok=True)
        return target

    @contextmanager
    def _connected(self, *, anonymous: bool = False) -> Iterator[Connection]:
        token = None if anonymous else self.token
        address = checked_address(self.url, has_token=bool(token))
        with connect(address, token, timeout=self.timeout) as connection:
            yield connection

    def _show(self, id: str) -> Mapping[str, Any]:
        with self._connected() as connection:
            package = read(connection, "package_show", id=id)
        if package is None:
            raise failures.missing(self.url, id)
        if not isinstance(package, dict):
            raise failures.not_ckan(self.url, 200)
        return package

    def _plan(self, connection: Connection, desired: Desired, package: Mapping[str, Any] | None) -> Plan:
        others = altered(connection, desired, package) if package is not None else ()
        url = f"{connection.url}/dataset/{desired.id}"
        return Plan(url, desired.id, desired.version, tuple(differences(desired, package, altered=others)))

    def _seen(self, desired: Desired) -> tuple[RemoteFile, ...]:
        """What someone without a token sees."""
        with self._connected(anonymous=True) as connection:
            package = read(connection, "package_show", id=desired.id)
        files = _remote_files(package or {}, desired.version)
        if {file.name for file in files} != desired.resources.keys():
            raise failures.missing(self.url, f"{desired.id} {desired.version}")
        return tuple(files)


def _look(connection: Connection, release: Release) -> tuple[Desired, Mapping[str, Any] | None]:
    """What must be there, and what is."""
    problems = verify(release.directory)
    if problems:
        raise VerificationError(problems)
    licences = read(connection, "license_list") or ()
    desired = describe(release, [licence["id"] for licence in licences])
    return desired, read(connection, "package_show", id=desired.id)


def _authorised(connection: Connection, desired: Desired, *, has_token: bool) -> None:
    """Ask before writing what would be refused later, or, for an unknown group, dropped without a word.

    Raises:
        PortalError: No token, a token that the portal does not know, or no editor; naming each place.
    """
    if not has_token:
        raise failures.no_token(connection.url)
    own = read(connection, "organization_list_for_user", permission="create_dataset") or ()
    if not own and read(connection, "user_show") is None:
        raise failures.bad_token(connection.url)
    groups = {group["name"] for group in read(connection, "group_list_authz") or ()}
    refused: list[PortalError] = []
    organization = desired.fields["owner_org"]
    if organization not in {item["name"] for item in own}:
        refused.append(failures.not_editor(connection.url, Text("tổ chức", "organisation"), organization))
    for group in sorted(desired.groups - groups):
        refused.append(failures.not_editor(connection.url, Text("nhóm", "group"), group))
    if refused:
        raise PortalError([problem for error in refused for problem in error.problems])


def _refuse(plan: Plan, *, repair: bool) -> None:
    foreign = [change for change in plan.changes if change.kind == "foreign"]
    stopped = foreign or ([] if repair else plan.drift)
    if stopped:
        remedy = _OTHER_NAME if foreign else _REPAIR
        raise PortalError([Problem(f"{plan.url} {change.where}", change.what, remedy) for change in stopped])


_OTHER_NAME = Text(
    "Đổi id của bộ dữ liệu, hoặc nhờ quản trị viên gỡ bộ dữ liệu kia.",
    "Choose another id for the dataset, or have its administrator remove the other one.",
)
_REPAIR = Text(
    "Tìm hiểu ai đã sửa; nếu bản phát hành đúng, công bố lại với lựa chọn sửa chữa (--repair).",
    "Find out who changed it; if the release is right, publish again with --repair.",
)


def _remote_files(package: Mapping[str, Any], version: str) -> list[RemoteFile]:
    found = resources_of(package, version)
    if not all(plain_name(name) for name in found):
        raise VerificationError([Problem(version, _ODD_NAME, _TELL)])
    return [
        RemoteFile(
            name,
            item["url"],
            str(item.get("hash") or "").removeprefix("sha256:"),
            int(item.get("size") or 0),
            version,
        )
        for name, items in sorted(found.items())
        for item in items
    ]


_COMPARING = Text("So sánh với cổng", "Comparing with the portal")
_ODD_NAME = Text("tên tệp trên cổng không hợp lệ.", "the portal names a file that cannot be one.")
_TELL = Text("Đừng tải về; hãy báo nơi công bố.", "Do not download it; tell its publisher.")


def _spoiled(file: RemoteFile) -> VerificationError:
    what = Text(
        "Nội dung tải về không khớp mã SHA-256 đã công bố.",
        "What was downloaded is not what was declared (SHA-256).",
    )
    remedy = Text(
        "Tải lại; nếu vẫn sai, tệp trên cổng đã bị thay đổi: báo nơi công bố.",
        "Download again; if it stays, the file on the portal was changed: tell its publisher.",
    )
    return VerificationError([Problem(file.name, what, remedy)])
