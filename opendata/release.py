"""Releases: an immutable version of a dataset, its files and the manifest that binds them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from catalog.errors import Problem, Text
from catalog.files import File
from opendata.bars import progress
from opendata.errors import SpecError, VerificationError
from opendata.lock import exclusive
from opendata.messages import unwritable
from ytemo_display import bundle

MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"
APPROVALS = "approvals.jsonld"
STONE = "tombstone.json"  # stands where a version was that was withdrawn
"""The one file that comes to a release when it is there already: what people signed for it."""
MEDIA_TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".ttl": "text/turtle",
    ".html": "text/html",
    ".md": "text/markdown",
    ".cff": "application/yaml",
}

Write = Callable[
    [Path, Path], None
]  # writes public files into the first folder, confidential ones into the second


@dataclass(frozen=True, slots=True, repr=False)
class Release:
    """One version of a dataset.

    `Dataset.release` makes one that is not written yet; `write` puts it under `releases/`; `Release.open` reads one
    that was written and believes nothing but the checksums.

    Attributes:
        directory: `releases/<id>/<version>/`.
        id: The dataset's id, also its name on the portal.
        version: The version, also the folder's name.
        render: How its files are made; None for a release that was opened.
        after: The versions that were out when it was audited; another one since would make the audit worthless.
        still: Whether what was out of other datasets when it was audited is all that is out; asked while nobody adds
            a release.
    """

    directory: Path
    id: str
    version: str
    render: Write | None = None
    after: tuple[str, ...] = ()
    still: Callable[[], bool] | None = None

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest as written.

        Raises:
            VerificationError: When the release is not written, or its manifest cannot be read.
        """
        return release_manifest(self.directory)

    @property
    def files(self) -> tuple[File, ...]:
        """Every public file but the manifest and the list of checksums, sorted by name."""
        return tuple(File(**item) for item in self.manifest["files"])

    @staticmethod
    def open(directory: str | Path) -> Release:
        """Open a written release and check every byte of it.

        Raises:
            VerificationError: Naming every file that is missing, changed or not listed.
        """
        folder = Path(directory).resolve()
        problems = verify(folder)
        if problems:
            raise VerificationError(problems)
        manifest = release_manifest(folder)
        return Release(folder, str(manifest["id"]), str(manifest["version"]))

    @staticmethod
    def stored(directory: Path) -> Release:
        """Open a written release where it was written: `<id>/<version>`.

        Raises:
            VerificationError: Naming every file that is missing, changed or not listed.
            SpecError: When the folder holds another release.
        """
        place = f"releases/{directory.parent.name}/{directory.name}"
        try:
            release = Release.open(directory)
        except VerificationError as error:  # its publisher cannot download what may not be published yet
            raise VerificationError([_kept(place, problem) for problem in error.problems]) from None
        if (release.id, release.version) != (directory.parent.name, directory.name):
            raise SpecError([Problem(place, _MOVED, _RESTORE)])
        return release

    def write(self, *, at: datetime | None = None) -> bool:
        """Write the release: everything in a temporary sibling, then one rename; then `built` in the ledger.

        A release that lies in no workspace is in no ledger. The lock of the dataset is taken before that of the ledger.

        Args:
            at: When, for the ledger; by default now.

        Returns:
            True when it was written; False when the same bytes were there already.

        Raises:
            SpecError: When this version exists with other bytes, or the folder cannot be written.
            PersonalDataError: When the written files hold personal data.
            VerificationError: When a file does not read back as it was written, or the ledger is not whole.
        """
        if self.render is None:
            return False
        try:
            self.directory.parent.mkdir(parents=True, exist_ok=True)
            with exclusive(self.directory.parent / ".lock"), progress(_WRITING):
                out = tuple(v for v in versions(self.directory.parent) if v != self.version)
                if not self.directory.exists() and out != self.after:
                    raise SpecError([Problem(f"{self.id} {self.version}", _MEANWHILE, _AGAIN)])
                return _recorded(self, self.render, at)
        except OSError as error:
            where = f"releases/{self.id}/{self.version}"
            raise SpecError([Problem(where, unwritable(error), _PERMISSIONS)]) from None

    def _repr_mimebundle_(self, **_kinds: object) -> dict[str, str]:
        from opendata.cards import of_release

        return bundle(of_release(self))

    def __repr__(self) -> str:
        return f"Release({self.id!r}, {self.version!r}, {'written' if self.directory.is_dir() else 'not written'})"


def verify(folder: Path) -> list[Problem]:
    """Check the files of a release against its manifest and its list of checksums, and that it may stand there.

    A release holds an audit that passed. Registers hold none, since they are lists of databases and datasets and not
    statistics about people; only what is such a list goes for one (`opendata.registerfiles`).

    Returns:
        One problem per file that is missing, changed or not listed; empty when all is as published.
    """
    manifest = release_manifest(folder)
    listed = {file["name"]: str(file["sha256"]) for file in manifest["files"]}
    sums = folder / CHECKSUMS
    right = sums.is_file() and sums.read_bytes() == _checksums(folder, listed)
    problems = [] if right else [_problem(CHECKSUMS, _BAD_SUMS)]
    if not _audited(manifest):
        problems.append(_problem(MANIFEST, _NO_AUDIT))
    for name, sha256 in sorted(listed.items()):
        if not (folder / name).is_file():
            problems.append(_problem(name, _MISSING))
        elif digest(folder / name) != sha256:
            problems.append(_problem(name, _CHANGED))
    extra = {path.name for path in folder.iterdir()} - listed.keys() - {MANIFEST, CHECKSUMS, APPROVALS}
    problems += [_problem(name, _NOT_LISTED) for name in sorted(extra)]
    problems += _unapproved(folder)
    if problems or "register" not in manifest:
        return problems
    from opendata import registerfiles  # a reader of statistics never pays for it

    return registerfiles.unlike(folder, manifest)


def _unapproved(folder: Path) -> list[Problem]:
    """What is wrong with the approvals of a release; a release that has none yet is whole without."""
    path = folder / APPROVALS
    if not path.exists():
        return []
    if not path.is_file():
        return [_problem(APPROVALS, _NOT_LISTED)]
    from opendata.approvals import document  # what nobody signed needs no cryptography

    data = path.read_bytes()
    return document.check(digest(folder / MANIFEST), data) or document.unlike(folder, data)


def _audited(manifest: dict[str, Any]) -> bool:
    """Whether there is an audit that passed; of a register, that the manifest says that none applies, and why."""
    audit = manifest.get("audit")
    if not isinstance(audit, dict):
        return False
    if "register" in manifest:
        return audit.keys() == {"applies", "reason"} and audit["applies"] is False
    return audit.get("ok") is True


def seal(folder: Path, about: dict[str, Any]) -> None:
    """Write the manifest and the checksums of everything in a folder.

    Args:
        folder: The finished files.
        about: What the manifest says besides the files.
    """
    files = [
        {"name": f.name, "sha256": f.sha256, "size": f.size, "media_type": f.media_type}
        for f in listing(folder)
    ]
    text = json.dumps({"format": 1, **about, "files": files}, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    (folder / CHECKSUMS).write_bytes(_checksums(folder, {str(f["name"]): str(f["sha256"]) for f in files}))


def listing(folder: Path) -> list[File]:
    """The files in a folder, sorted by name."""
    return [
        File(path.name, digest(path), path.stat().st_size, media_type(path.name))
        for path in sorted(folder.iterdir())
    ]


def media_type(name: str) -> str:
    """The media type of a file by its ending."""
    return MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def private_folder(directory: Path) -> Path:
    """The confidential sibling of a release, which never leaves the workspace."""
    return directory.with_name(f"{directory.name}.private")


def beside(directory: Path) -> Path:
    """The tombstone of a version that was withdrawn and whose files stay in their workspace."""
    return directory.with_name(f"{directory.name}.{STONE}")


def versions(folder: Path) -> list[str]:
    """The versions of a dataset under `releases/<id>/`, oldest first."""
    names = [path.name for path in folder.glob("*") if path.is_dir()]
    return sorted((n for n in names if not n.startswith(".") and not n.endswith(".private")), key=order)


def _recorded(release: Release, render: Write, at: datetime | None) -> bool:
    """Write, and see to it that the ledger of the workspace knows; also after a crash between the two."""
    from opendata.ledger import building  # a reader's install has no database
    from opendata.memory import undisturbed

    directory = release.directory
    book = building.book_of(directory)
    if book is None:
        return _write(directory, render, lambda _: None, {})
    building.heal(book, directory.parent)
    built = next((e for e in book.events(release.id, release.version) if e.kind == "built"), None)
    with ExitStack() as held:

        def announce(sha256: str) -> None:
            if release.still is not None:
                held.enter_context(undisturbed(directory.parent.parent))
                if not release.still():
                    raise SpecError([Problem(f"{release.id} {release.version}", _MEANWHILE, _AGAIN)])
            building.announce(book, directory, sha256)

        done = _write(directory, render, announce, built.facts.get("private", {}) if built else {})
        building.record(book, directory, at=at)
    return done


def _write(
    directory: Path, render: Write, announce: Callable[[str], None], confidential: Mapping[str, str]
) -> bool:
    """Render into temporary siblings, compare with what is there, announce the manifest's digest, rename."""
    _clear_leftovers(directory)
    public = directory.with_name(f".partial-{directory.name}")
    private = directory.with_name(f".partial-{directory.name}.private")
    try:
        public.mkdir()
        private.mkdir(mode=0o700)
        render(public, private)
        if directory.exists():
            if verify(directory) or digest(public / CHECKSUMS) != digest(directory / CHECKSUMS):
                raise SpecError([Problem(f"{directory.parent.name} {directory.name}", _EXISTS, _NEW_VERSION)])
            _complete(private, private_folder(directory), confidential)
            return False
        announce(digest(public / MANIFEST))
        # The confidential part first: a public folder that stands is a finished release.
        private.rename(private_folder(directory))
        public.rename(directory)
        return True
    finally:
        for folder in (public, private):
            shutil.rmtree(folder, ignore_errors=True)


def _complete(made: Path, private: Path, told: Mapping[str, str]) -> None:
    """Put back what the confidential part of a release lost: the same release was made of the same source again.

    Args:
        made: The part made now; it is used up.
        private: The part that stands.
        told: Name -> SHA-256 of the files of that part as the ledger has them.
    """
    private.mkdir(mode=0o700, exist_ok=True)
    for path in sorted(made.iterdir()):
        old = private / path.name
        lost = old.is_file() and digest(old) != told.get(path.name) == digest(path)
        if lost or not old.exists():
            path.replace(old)


def _clear_leftovers(directory: Path) -> None:
    """Remove what a killed run left behind; the lock says that nobody is at work here."""
    for path in directory.parent.glob(".partial-*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    private = private_folder(directory)
    if private.exists() and not directory.exists():
        shutil.rmtree(private)


def release_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release's folder.

    Raises:
        VerificationError: When there is none that can be read.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = [File(**file) for file in manifest["files"]]
        if manifest["format"] == 1 and all(plain_name(file.name) for file in files):
            return manifest
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise VerificationError([Problem(f"{folder.name}/{MANIFEST}", _NO_MANIFEST, _DOWNLOAD)])


def plain_name(name: object) -> bool:
    """Whether a listed file stays inside the folder."""
    return isinstance(name, str) and name == Path(name).name and name not in {"", ".", ".."}


def _checksums(folder: Path, listed: dict[str, str]) -> bytes:
    """The list of checksums as `sha256sum -c` reads it: the files of the manifest, then the manifest."""
    sums = {**dict(sorted(listed.items())), MANIFEST: digest(folder / MANIFEST)}
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sums.items()).encode()


def order(version: str) -> list[tuple[int, int, str]]:
    """How versions are ordered, as people count: 2026.2 before 2026.10."""
    parts = re.findall(r"\d+|[^\d.]+", version)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]


def _kept(place: str, found: Problem) -> Problem:
    """What is wrong with a release where it was written: its place, and the publisher's remedy."""
    within = found.where.removeprefix(f"{place.rpartition('/')[2]}/")
    return Problem(f"{place}/{within}", found.what, _RESTORE)


def _problem(name: str, what: Text) -> Problem:
    return Problem(name, what, _DOWNLOAD)


_WRITING = Text("Ghi và đọc lại các tệp", "Writing the files and reading them back")
_MISSING = Text("thiếu tệp.", "the file is missing.")
_CHANGED = Text("tệp khác với bản đã công bố.", "the file is not the one that was published.")
_NOT_LISTED = Text("tệp không có trong danh sách.", "the file is not listed.")
_NO_AUDIT = Text("không có kiểm tra đạt.", "holds no audit that passed.")
_BAD_SUMS = Text("không khớp với manifest.json.", "does not match manifest.json.")
_NO_MANIFEST = Text(
    "không phải bản phát hành: không đọc được manifest.", "not a release: its manifest cannot be read."
)
_DOWNLOAD = Text(
    "Tải lại từ cổng dữ liệu; đừng dùng bản này.", "Download it again from the portal; do not use this copy."
)
_MEANWHILE = Text("một phiên bản khác vừa được phát hành.", "another version was released meanwhile.")
_AGAIN = Text("Chạy lại để kiểm tra cùng với nó.", "Build again, so that the audit knows it.")
_EXISTS = Text("phiên bản này đã có với nội dung khác.", "this version exists with other content.")
_NEW_VERSION = Text(
    "Phiên bản đã phát hành không bao giờ thay đổi: chọn số phiên bản mới.",
    "A version never changes once released: choose a new version.",
)
_PERMISSIONS = Text("Kiểm tra quyền ghi và dung lượng đĩa.", "Check the permissions and the free disk space.")
_MOVED = Text("thư mục này chứa bản phát hành khác.", "this folder holds another release.")
_RESTORE = Text("Khôi phục thư mục từ bản sao lưu.", "Restore the folder from a backup.")
