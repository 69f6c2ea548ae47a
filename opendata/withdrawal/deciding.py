"""Withdrawing a version and putting it back: the signed decision first, then the portal, then what was done there.

The decision stands in the ledger before anything else is touched, so that a run that breaks off is finished by the next
one, and so that nothing publishes the version any more from that moment on. The release stays in the workspace: it was
seen, and what is released later is protected against that knowledge.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from catalog import law
from catalog.errors import LawError, Problem, Text
from catalog.labels import Labels, flaw_of
from opendata import approvals, gates, pipeline, templating, words
from opendata.approvals import persons, table
from opendata.approvals.acts import Key
from opendata.approvals.cases import Case, submission
from opendata.errors import GateError, PortalError, SpecError
from opendata.ledger import Entry, Event, Ledger, open_ledger
from opendata.portal import Portal
from opendata.portal.removal import Removal, Removed, remove
from opendata.release import Release, versions
from opendata.withdrawal.remembering import mark, tombstone, withdrawal
from opendata.withdrawal.tombstone import HTML, JSON, Tombstone, written
from opendata.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided, for everybody to read.

    Attributes:
        reason: Why.
        article: Id of the provision under which it is, such as "decree-102-2025/11".
        successor: The version that comes in its place.
        emergency: Whether an author, who is no approver, decides alone because it cannot wait.
    """

    reason: Labels
    article: str
    successor: str | None = None
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was done.

    Attributes:
        stone: The tombstone.
        fresh: False when the decision stood in the ledger already, and only what was left of it was done now.
        removed: What was taken off the portal, and what still lies on its server; None where no portal was given.
        elsewhere: Pages of other portals on which the version was published, as the ledger knows.
    """

    stone: Tombstone
    fresh: bool
    removed: Removed | None
    elsewhere: tuple[str, ...]


def withdraw(case: Case, key: Key, decision: Decision, *, portal: Portal | None = None) -> Withdrawn:
    """Withdraw a version; one that is withdrawn already is taken off the portal, whatever broke off before.

    Args:
        case: The version, from `case_of`.
        key: Of an approver, or of an author in an emergency.
        decision: What is decided; of no account when it stands in the ledger already.
        portal: Where it is to be taken off.

    Raises:
        GateError: When the state, the person or the key does not allow it.
        SpecError: When the article is unknown, a reason says nothing, or the successor is not one.
        PersonalDataError: When a reason holds personal data.
        VerificationError: When the ledger is not whole.
        PortalError: When the portal refuses or is down; the version is withdrawn all the same, and running again
            goes on from there.
    """
    event = withdrawal(case.book.events(case.dataset, case.version))
    fresh = event is None
    if event is None:
        event = _decided(case, key, decision)
    mark(case.workspace, case.dataset, case.version)
    stone = tombstone(case.workspace, event)
    removed = _taken_off(case, stone, portal) if portal else None
    return Withdrawn(stone, fresh, removed, _elsewhere(case, removed))


def restore(release: Release, key: Key, *, why: str, book: Ledger | None = None) -> Event:
    """Agree that a withdrawn version is published again; two people must, neither of them its author.

    Args:
        release: The release, where it was written; every byte of it is checked.
        key: Of an approver.
        why: The reason.
        book: The ledger; by default that of the workspace.

    Returns:
        The event `restored`; with the second one the version can be published again.

    Raises:
        GateError: When the state, the person or the key does not allow it.
        VerificationError: When the release or the ledger is not whole.
        SpecError: When no reason is given.
        PersonalDataError: When the reason holds personal data.
    """
    if flaw_of(why) == "placeholder":
        raise SpecError([Problem("--why", _NO_REASON, _SAY_WHY)])
    case = approvals.case_of(release, book=book)
    try:
        return approvals.perform(case, key, "restore", why=why)
    finally:  # also after one that broke off between the ledger and the tombstone
        mark(case.workspace, case.dataset, case.version)


def reason(vi: str, en: str) -> Labels:
    """The reason of a decision.

    Raises:
        SpecError: When one of the texts says nothing.
    """
    bad = [name for name, text in (("--reason-vi", vi), ("--reason-en", en)) if flaw_of(text)]
    if bad:
        raise SpecError([Problem(name, _NO_REASON, _SAY_WHY) for name in bad])
    return Labels(vi=vi, en=en)


def portal_for(case: Case, url: str | None, environment: Mapping[str, str]) -> Portal | None:
    """The portal that a version is to be taken off: as for publishing; None when it was never out and none is known.

    Raises:
        PortalError: When no address is known, and the version was published.
    """
    try:
        return pipeline.portal_for(case.workspace, url, environment)
    except PortalError:
        if any(event.kind == "published" for event in case.book.events(case.dataset, case.version)):
            raise
        return None


def case_of(workspace: Workspace, dataset: str, version: str, *, book: Ledger | None = None) -> Case:
    """The case of a version that is to be withdrawn: what the ledger knows counts, also when its folder is damaged.

    Args:
        workspace: The workspace.
        dataset: The dataset's id.
        version: The version.
        book: The ledger; by default that of the workspace.

    Raises:
        SpecError: When the ledger knows no such version.
        VerificationError: When the ledger is not whole.
    """
    found = book or open_ledger(workspace)
    events = found.events(dataset, version) if version else []
    first = submission(events)
    if not events:
        raise SpecError([Problem(f"{dataset} {version}", _UNKNOWN, _SEE_STATUS)])
    return Case(workspace, found, dataset, version, first.manifest if first else events[0].manifest)


def page(stone: Tombstone) -> str:
    """The tombstone as a page that stands by itself, in both languages."""
    return templating.page(
        "tombstone.html", stone=stone, article=law.citation(stone.article), day=words.day(stone.day)
    )


def files(stone: Tombstone) -> dict[str, str]:
    """The files of a tombstone, by their names."""
    return {JSON: written(stone), HTML: page(stone)}


def _decided(case: Case, key: Key, decision: Decision) -> Event:
    """The signed decision, in the ledger."""
    now = table.life(case.book.events(case.dataset, case.version))
    table.require(now, "withdraw", key.id, place=case.place)
    _checked(case, decision)
    person = persons.require(persons.people(case.workspace), key.id)
    if not decision.emergency and "approver" not in person.roles:
        raise GateError([Problem(f"opendata.toml: people.{key.id}", _NOT_ALONE, _EMERGENCY)])
    said = decision.reason
    return approvals.perform(
        case,
        key,
        "withdraw",
        why=f"{said.vi} / {said.en}",
        more={
            "reason": said.model_dump(),
            "article": decision.article,
            "successor": decision.successor,
            "emergency": decision.emergency,
        },
    )


def _checked(case: Case, decision: Decision) -> None:
    """Refuse a decision that a reader could not follow."""
    problems = []
    try:
        law.citation(decision.article)
    except LawError:
        problems.append(Problem("--article", _NO_ARTICLE, _SUCH_AS))
    if decision.successor is not None and not _can_follow(case, decision.successor):
        problems.append(Problem("--successor", _NO_SUCCESSOR, _ANOTHER))
    if problems:
        raise SpecError(problems)
    said = decision.reason
    gates.personal_data([("--reason-vi", said.vi), ("--reason-en", said.en)])


def _can_follow(case: Case, version: str) -> bool:
    """Whether a version is there, is another one, and is out or about to be."""
    if version == case.version or version not in versions(case.folder.parent):
        return False
    state = table.state(case.book.events(case.dataset, version))
    return state in {"approved", "published", "superseded"}


def _taken_off(case: Case, stone: Tombstone, portal: Portal) -> Removed:
    """Take the version off the portal, and write down what was taken away and where it still lies."""
    with tempfile.TemporaryDirectory(prefix="ytemo-") as folder:
        paths = tuple(Path(folder) / name for name in files(stone))
        for path, text in zip(paths, files(stone).values(), strict=True):
            path.write_text(text, encoding="utf-8")
        try:
            done = remove(portal, Removal(case.dataset, case.version, paths, case.folder.parent))
        except PortalError as refused:
            raise PortalError([*refused.problems, Problem(case.place, _STANDS, _GO_ON)]) from None
    _noted(case, done)
    return done


def _noted(case: Case, done: Removed) -> None:
    """Write `removed` into the ledger, once for what was taken off."""
    said = {"url": done.url, "files": {one.file: one.path for one in done.files}}
    if not done.files:
        return
    with case.book.writing() as writer:
        known = [e.facts for e in writer.events(case.dataset, case.version) if e.kind == "removed"]
        if said not in known:
            writer.append(Entry("removed", **case.subject, facts=said))


def _elsewhere(case: Case, removed: Removed | None) -> tuple[str, ...]:
    """Pages on which the version was published and from which it was not taken off yet."""
    events = case.book.events(case.dataset, case.version)
    out = {str(event.facts["url"]): event.number for event in events if "url" in event.facts}
    gone = {str(event.facts["url"]): event.number for event in events if event.kind == "removed"}
    if removed is not None:
        gone[removed.url] = events[-1].number
    return tuple(sorted(url for url, number in out.items() if gone.get(url, 0) < number))


_NO_REASON = Text("cần có lý do.", "a reason is needed.")
_SAY_WHY = Text("Ghi một câu ngắn; ai cũng đọc được.", "Write a short sentence; everybody may read it.")
_UNKNOWN = Text("sổ cái không có phiên bản này.", "the ledger knows no such version.")
_SEE_STATUS = Text("Xem: opendata status.", "See: opendata status.")
_NO_ARTICLE = Text("không có điều khoản này.", "there is no such provision.")
_SUCH_AS = Text(
    "Ví dụ: decree-102-2025/11 (bảo vệ dữ liệu y tế), law-91-2025 (dữ liệu cá nhân), decree-102-2025/24.1 (sai sót).",
    "For example: decree-102-2025/11 (protection), law-91-2025 (personal data), decree-102-2025/24.1 (errors).",
)
_NO_SUCCESSOR = Text("phiên bản này không thay thế được.", "this version cannot come in its place.")
_ANOTHER = Text(
    "Ghi một phiên bản khác đã được phê duyệt hoặc công bố, hoặc bỏ --successor.",
    "Name another version that is approved or published, or leave --successor out.",
)
_NOT_ALONE = Text(
    "tác giả chỉ được tự thu hồi trong trường hợp khẩn cấp.",
    "an author withdraws alone only in an emergency.",
)
_EMERGENCY = Text(
    "Để người phê duyệt thu hồi, hoặc thêm --emergency.", "Have an approver withdraw it, or add --emergency."
)
_STANDS = Text(
    "đã ghi quyết định thu hồi vào sổ cái, nhưng cổng chưa gỡ xong.",
    "the decision stands in the ledger, but the portal is not done yet.",
)
_GO_ON = Text("Chạy lại cùng lệnh này cho đến khi xong.", "Run the same command again until it is done.")
