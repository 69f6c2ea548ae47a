"""The steps from a due moment to a published release, as data.

Each step looks at the ledger and the releases, does what is not done yet, and may be repeated: whatever broke off, the
next run goes on from there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from catalog.errors import Problem, Text
from opendata import approvals, pipeline
from opendata.errors import GateError, PortalError, SourceError, VerificationError
from opendata.release import Release
from opendata.schedule import embargo
from opendata.schedule.arrival import NotArrivedError
from opendata.schedule.moments import day_of
from opendata.schedule.tasks import Task, history, passed, standing, written

Halt = Literal["awaiting_source", "awaiting_approval", "returned", "prepared"]
"""Why a run leaves a due release where it is, although nothing failed."""

BACKOFF = 5.0  # seconds before a portal is asked again; twice as many before each further time


@dataclass(frozen=True, slots=True)
class Pause:
    """A due release that cannot go on now.

    Attributes:
        state: Why.
        exit_code: 0 when it is as planned, otherwise that of the refusal.
        problems: What is missing, and who must do what.
    """

    state: Halt
    exit_code: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        name: Its name.
        what: What it does, for people.
        act: Does it; gives back why the release must wait, or None when the next step can follow.
    """

    name: str
    what: Text
    act: Callable[[Task], Pause | None]


def _build(task: Task) -> Pause | None:
    """Make the version, unless one is on its way already: what people are looking at is not replaced.

    One of which the ledger knows nothing broke off while it was written down: making it again does that.
    """
    found = written(task)
    known = found is not None and bool(history(task, found))
    if found is not None and known and standing(task, found) not in ("returned", "refused"):
        return None
    today = max(day_of(task.schedule, task.means.clock()), task.due.day)
    try:
        release, _ = pipeline.make(
            task.dataset, progress=task.means.progress, today=today, at=task.means.clock()
        )
    except SourceError as refused:
        if not passed(task):  # there is time to bring it, or to mend it
            return Pause("awaiting_source", 0, refused.problems)
        if isinstance(refused, NotArrivedError):
            return Pause("awaiting_source", refused.exit_code, refused.problems)
        raise
    if standing(task, release) in ("returned", "refused"):
        return Pause("returned", GateError.exit_code, _why_returned(task, release))
    return None


def _submit(task: Task) -> Pause | None:
    """Submit as the scheduler; standing approvals that cover it approve it at once."""
    release = _made(task)
    if standing(task, release) == "draft":
        if task.means.key is None:
            return Pause("awaiting_approval", GateError.exit_code, (_submitter(release),))
        approvals.submit(release, task.means.key, why=task.why, book=task.means.book)
    return None


def _approved(task: Task) -> Pause | None:
    """Wait for those who must approve, unless all have."""
    release = _made(task)
    if standing(task, release) != "submitted":
        return None
    code = GateError.exit_code if passed(task) else 0
    uncovered = approvals.covers(release, book=task.means.book)
    return Pause("awaiting_approval", code, (_approvers(task, release), *uncovered))


def _publish(task: Task) -> Pause | None:
    """Publish once the moment has come; a portal in trouble is asked again."""
    release = _made(task)
    if standing(task, release) != "approved":
        return None
    moment = embargo.held(task.means.workspace, release, now=task.means.clock())
    if moment is not None:
        return Pause("prepared", 0, (embargo.problem(release, task.schedule, moment),))
    for attempt in range(task.retries + 1):
        try:
            task.means.portal.publish(release, book=task.means.book)
            return None
        except PortalError:
            if attempt == task.retries:
                raise
            task.means.pause(BACKOFF * 2**attempt)
    return None


def _read_back(task: Task) -> Pause | None:
    """Look at it as a reader without an account does: every file, by its SHA-256."""
    release = _made(task)
    if standing(task, release) != "published":
        return None  # a newer one took its place, or it was withdrawn
    reader = replace(task.means.portal, token=None)
    seen = {file.name: file for file in reader.files(release.id, release.version)}
    sent = {file.name: file.sha256 for file in release.files}
    wrong = sorted(name for name in sent if name not in seen or seen[name].sha256 != sent[name])
    with tempfile.TemporaryDirectory(prefix="ytemo-") as folder:
        for name in sent.keys() - set(wrong):
            reader.download(seen[name], Path(folder) / name)  # refuses other bytes than were declared
    if wrong:
        raise VerificationError(
            [Problem(f"{release.id} {release.version} {name}", _NOT_SERVED, _TELL) for name in wrong]
        )
    return None


STEPS = (
    Step(
        "build",
        Text("tạo, kiểm tra cùng mọi bản đã phát hành", "build, audit with everything released"),
        _build,
    ),
    Step("submit", Text("trình phê duyệt", "submit for approval"), _submit),
    Step("approve", Text("chờ đủ phê duyệt", "have all approvals"), _approved),
    Step("publish", Text("công bố", "publish"), _publish),
    Step("read back", Text("đọc lại như người dùng", "read back as a reader"), _read_back),
)


def _made(task: Task) -> Release:
    release = written(task)
    if release is None:
        raise VerificationError([Problem(f"{task.id} {task.due.day.isoformat()}", _GONE, _AGAIN)])
    return release


def _why_returned(task: Task, release: Release) -> tuple[Problem, ...]:
    last = next(event for event in reversed(history(task, release)) if event.kind in ("returned", "refused"))
    said = Text(f"đã bị {last.who} trả lại hoặc từ chối.", f"was returned or refused by {last.who}.")
    return (Problem(f"{release.id} {release.version}", said, _CORRECT),)


def _approvers(task: Task, release: Release) -> Problem:
    """Who may approve what waits, those who have done so aside."""
    done = approvals.life(history(task, release)).acts.get("approve", ())
    people = approvals.people(task.means.workspace).values()
    names = ", ".join(one.id for one in people if "approver" in one.roles and one.id not in done) or "-"
    what = Text(f"chờ phê duyệt; có thể: {names}.", f"waits for approval by: {names}.")
    remedy = Text(
        f"Chạy: opendata approve {release.id} --version {release.version}",
        f"Run: opendata approve {release.id} --version {release.version}",
    )
    return Problem(f"{release.id} {release.version}", what, remedy)


def _submitter(release: Release) -> Problem:
    return Problem(f"{release.id} {release.version}", _NO_SCHEDULER, _KEY)


_GONE = Text("bản vừa tạo không còn.", "the version that was built is gone.")
_AGAIN = Text("Chạy lại; xem ai đã xóa.", "Run again, and see who removed it.")
_CORRECT = Text(
    "Sửa nguồn hoặc khai báo rồi chạy lại: sẽ có phiên bản mới.",
    "Correct the source or the spec and run again: that makes a new version.",
)
_NO_SCHEDULER = Text(
    "chưa trình: không có khóa của vai trò scheduler.", "not submitted: no key of a scheduler."
)
_KEY = Text(
    "Tạo: opendata key new ID --role scheduler; hoặc tự trình: opendata submit.",
    "Make one: opendata key new ID --role scheduler; or submit it yourself: opendata submit.",
)
_NOT_SERVED = Text("cổng không đưa đúng tệp đã gửi.", "the portal does not serve what was sent.")
_TELL = Text("Báo quản trị viên của cổng, rồi chạy lại.", "Tell the portal's administrator, then run again.")
