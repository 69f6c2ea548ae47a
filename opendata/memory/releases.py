"""Every version of every dataset that the memory counts as seen, each what the ledger says it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from catalog.errors import Problem, Text
from opendata import ledger
from opendata.approvals import table
from opendata.errors import VerificationError
from opendata.ledger import building
from opendata.lock import exclusive
from opendata.memory.sources import INPUTS, LOST
from opendata.memory.truth import TRUTH, restore
from opendata.release import MANIFEST, digest, private_folder, release_manifest, versions
from opendata.workspace import Workspace

_UNSEEN = frozenset({"returned", "refused"})
Name = tuple[str, str]  # dataset, version


@dataclass(frozen=True, slots=True)
class Out:
    """A version that readers may have.

    Attributes:
        id: The dataset.
        version: The version.
        directory: Where it lies.
        manifest: SHA-256 of its manifest.
        truth: SHA-256 of its truth.
        inputs: SHA-256 of what is told of its source files; empty where the ledger does not tell.
        number: Of its event in the ledger: what has a lower one came before it.
    """

    id: str
    version: str
    directory: Path
    manifest: str
    truth: str
    inputs: str
    number: int


def folder(releases: Path) -> Path:
    """The memory's own folder under `releases/`, made for its owner alone."""
    path = releases / ".memory"
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (path / ".gitignore").write_text("*\n", encoding="utf-8")
    return path


@contextmanager
def undisturbed(releases: Path) -> Iterator[None]:
    """While the block runs nobody else adds a release: what is out stays what is out.

    Args:
        releases: The folder `releases/` of a workspace.

    Raises:
        OSError: When the lock cannot be written.
    """
    with exclusive(folder(releases) / ".lock"):
        yield


def out(workspace: Workspace, target: Name, *, alone: bool = False) -> tuple[Out, ...]:
    """What came before a version, oldest first: withdrawn versions too, not those that approvers kept from readers.

    Args:
        workspace: The workspace.
        target: The version to be judged. If it stands already, what was built after it did not come before it.
        alone: The caller sees to it that nobody adds a release meanwhile (`undisturbed`).

    Raises:
        VerificationError: Naming every release that is missing, that the ledger does not know, or whose manifest is
            not the one in the ledger, or what is wrong with the ledger: the memory must be whole.
        OSError: When the memory cannot be written.
    """
    root, book = workspace.root / "releases", ledger.open_ledger(workspace)
    if not alone:
        _heal(root, book)
    if not _standing(root) and not book.events():
        return ()
    with nullcontext() if alone else undisturbed(root):
        standing, events = _standing(root), book.events()
    problems = ledger.check(events)
    if problems:
        raise VerificationError(problems)
    built = {(event.dataset, event.version): event for event in reversed(events) if event.kind == "built"}
    end = built[target].number if target in built else None
    names = {*built, *standing} - kept_back(events) - {target}
    problems = [problem for name in sorted(names) for problem in _lost(root, name, built.get(name), book)]
    if problems:
        raise VerificationError(problems)
    found = (_out(root, built[name]) for name in names & standing)
    return tuple(
        sorted(
            (one for one in found if one and (end is None or one.number < end)), key=lambda one: one.number
        )
    )


def check(found: Iterable[Out]) -> None:
    """Refuse when a table or its truth is not what it was.

    Raises:
        VerificationError: Naming every release.
    """
    problems = [_problem(one.directory, what) for one in found for what in _flaws(one)]
    if problems:
        raise VerificationError(problems)


def _out(root: Path, event: ledger.Event) -> Out | None:
    """A version as the ledger knows it; None for a list of databases, which tells nothing of people."""
    directory = root / event.dataset / event.version
    # Of a release of before the memory, that somebody vouched for, the ledger does not tell the truth's digest.
    private = event.facts.get("private", {})
    truth = private.get(TRUTH) or _digest(private_folder(directory) / TRUTH) or ""
    if not truth and "register" in release_manifest(directory):
        return None
    return Out(
        event.dataset, event.version, directory, event.manifest, truth, private.get(INPUTS, ""), event.number
    )


def _lost(root: Path, name: Name, event: ledger.Event | None, book: ledger.Ledger) -> Iterator[Problem]:
    """What is wrong with a version that should be here."""
    directory = root / name[0] / name[1]
    if event is None or (directory.is_dir() and _digest(directory / MANIFEST) != event.manifest):
        yield _problem(directory, _UNKNOWN)
    elif not directory.is_dir():
        # A ledger that several workspaces share knows datasets that are none of this one.
        places = (root / name[0], root.parent / "datasets" / f"{name[0]}.yaml")
        if book.path is not None or any(place.exists() for place in places):
            yield _problem(directory, _MISSING)


def _flaws(one: Out) -> Iterator[Text]:
    listed = {file["name"]: file["sha256"] for file in release_manifest(one.directory)["files"]}
    if _digest(one.directory / "data.parquet") != listed.get("data.parquet", ""):
        yield _DATA
    if _digest(private_folder(one.directory) / TRUTH) != one.truth:
        yield _TRUTH
    if one.inputs and _digest(private_folder(one.directory) / INPUTS) != one.inputs:
        yield LOST


def _digest(path: Path) -> str | None:
    return digest(path) if path.is_file() else None


def kept_back(events: Iterable[ledger.Event]) -> set[Name]:
    """The versions that approvers never let out: returned or refused before they were approved.

    What all had approved may stand on a portal although a crash kept the ledger from saying so.
    """
    histories: dict[Name, list[ledger.Event]] = {}
    for event in events:
        histories.setdefault((event.dataset, event.version), []).append(event)
    return {name for name, own in histories.items() if _kept(own)}


def _kept(own: list[ledger.Event]) -> bool:
    kinds = [event.kind for event in own]
    return bool(_UNSEEN & set(kinds)) and "published" not in kinds and not _was_approved(own)


def _was_approved(own: list[ledger.Event]) -> bool:
    """Whether as many had approved a version as its submission asked for, whatever came after."""
    given = [number for number, event in enumerate(own, start=1) if event.kind == "approved"]
    return any(table.state(own[:number]) == "approved" for number in given)


def _standing(root: Path) -> set[Name]:
    folders = [path for path in root.glob("*") if path.is_dir() and not path.name.startswith(".")]
    return {(path.name, version) for path in folders for version in versions(path)}


def _heal(root: Path, book: ledger.Ledger) -> None:
    """Write down what a crash left unrecorded: it stands, so readers may have it."""
    for path in {note.parent for note in root.glob(f"*/{building.NOTE}*")}:
        with exclusive(path / ".lock"):
            building.heal(book, path)


def _problem(directory: Path, what: Text) -> Problem:
    return Problem(f"releases/{directory.parent.name}/{directory.name}", what, restore(directory))


_MISSING = Text(
    "bản phát hành này có trong sổ cái nhưng không còn ở đây.",
    "this release is in the ledger and no longer here.",
)
_UNKNOWN = Text(
    "sổ cái không có bản phát hành này, hoặc có với nội dung khác.",
    "the ledger does not hold this release, or holds it with other content.",
)
_DATA = Text("data.parquet khác với bản đã phát hành.", "data.parquet is not the one that was released.")
_TRUTH = Text(
    "số liệu gốc (truth.parquet) bị thiếu hoặc khác với lúc phát hành.",
    "its truth (truth.parquet) is missing or not the one of the release.",
)
