"""`opendata run --due`: everything that is due, made, published, read back, and written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from catalog.errors import Problem, Text
from opendata.errors import OpendataError, SpecError, UnreachableError
from opendata.schedule import history
from opendata.schedule.moments import late_days
from opendata.schedule.outcomes import Outcome
from opendata.schedule.recording import record, recorded, refresh_site
from opendata.schedule.steps import STEPS, Pause
from opendata.schedule.tasks import Means, Task, late_by, standing, written


@dataclass(frozen=True, slots=True)
class Course:
    """What a run has done so far.

    Attributes:
        ended: What became of each dataset.
        done: The releases that are out and read back.
    """

    ended: list[Outcome] = field(default_factory=list)
    done: list[Task] = field(default_factory=list)


def run(means: Means, ids: Sequence[str] = ()) -> list[Outcome]:
    """Take every release that is due as far as it goes.

    Missed releases are caught up in their order, each under the date on which it was due: the history is the product.
    A dataset that cannot go on does not keep the others. The caller holds the lock of the workspace.

    Args:
        means: What to work with.
        ids: Datasets; by default all that have a schedule.

    Returns:
        One outcome per dataset, in the order of their ids.

    Raises:
        OpendataError: When the run itself cannot be written down; running again is safe.
    """
    course = Course()
    patient = True
    for id in ids or means.workspace.datasets():
        patient = _dataset(means, id, course, patient=patient, asked=bool(ids))
    ended = refresh_site(means, course.ended, done=bool(course.done))
    record(means, course.done, ended)
    return ended


def plan(means: Means, ids: Sequence[str] = ()) -> list[Outcome]:
    """What `run` would do; writes nothing.

    Returns:
        One outcome per dataset: "due" with the next step among its problems, or "nothing_due".
    """
    course = Course()
    for id in ids or means.workspace.datasets():
        with_schedule = _open(means, id, course, asked=bool(ids))
        if with_schedule is None:
            continue
        course.ended.append(_planned(id, with_schedule))
    return course.ended


def tasks(means: Means, id: str) -> list[Task] | None:
    """What is due of a dataset and not seen through to the end, oldest first; None when it has no schedule.

    Raises:
        SpecError: When its spec is not as it must be.
        VerificationError: When the ledger or a published version cannot be read.
    """
    spec = means.workspace.spec(id)
    schedule = spec.schedule
    if schedule is None:
        return None
    events = means.book.events(id)
    seen = history.published(means.workspace.root / "releases" / id, events)
    until = means.clock() + timedelta(days=schedule.ahead)
    return [
        Task(means, id, spec, schedule, one.due, schedule.retries, one.by.version if one.by else "")
        for one in history.met(spec, seen, until=until)
        if one.by is None or not recorded(events, one.due)
    ]


def _dataset(means: Means, id: str, course: Course, *, patient: bool, asked: bool) -> bool:
    """Work on one dataset; tells whether the portal is still worth asking more than once."""
    began = means.clock()
    due = _open(means, id, course, asked=asked)
    if due is None:
        return patient
    outcome = Outcome(id, "nothing_due")
    for number, task in enumerate(due, start=1):
        outcome, unreachable = _through(task if patient else replace(task, retries=0), outcome.published)
        patient = patient and not unreachable
        if outcome.state != "published":
            outcome = replace(outcome, remaining=len(due) - number)
            break
        course.done.append(task)
    seconds = (means.clock() - began).total_seconds()
    course.ended.append(replace(outcome, seconds=seconds))
    return patient


def _open(means: Means, id: str, course: Course, *, asked: bool) -> list[Task] | None:
    """What is due of a dataset; None when there is nothing to look at, and what was wrong is told."""
    try:
        found = tasks(means, id)
        if found is None and asked:
            raise SpecError([Problem(f"datasets/{id}.yaml: schedule", _NO_SCHEDULE, _DECLARE)])
        return found
    except OpendataError as refused:
        course.ended.append(Outcome(id, "failed", exit_code=refused.exit_code, problems=refused.problems))
        return None


def _through(task: Task, published: tuple[str, ...]) -> tuple[Outcome, bool]:
    """Take one release through the steps; also tells whether the portal did not answer at all."""
    try:
        for step in STEPS:
            task.means.progress(f"{task.id}: {step.what.vi} …", f"{task.id}: {step.what.en} …")
            pause = step.act(task)
            if pause is not None:
                return _told(task, published, pause), False
    except OpendataError as refused:
        failed = _outcome(task, published, "failed", exit_code=refused.exit_code, problems=refused.problems)
        return failed, isinstance(refused, UnreachableError)
    except Exception as fault:  # it may quote what it was working on: only its kind is told
        said = Text(
            f"lỗi phần mềm ({type(fault).__name__}).", f"a fault of the software ({type(fault).__name__})."
        )
        problems = (Problem(task.id, said, _REPORT),)
        return _outcome(task, published, "failed", exit_code=1, problems=problems), False
    outcome = _outcome(task, published, "published")
    return replace(outcome, published=(*published, outcome.version)), False


def _told(task: Task, published: tuple[str, ...], pause: Pause) -> Outcome:
    return _outcome(task, published, pause.state, exit_code=pause.exit_code, problems=pause.problems)


def _outcome(
    task: Task,
    published: tuple[str, ...],
    state: str,
    *,
    exit_code: int = 0,
    problems: tuple[Problem, ...] = (),
) -> Outcome:
    version, late = _stands(task)
    return Outcome(
        task.id,
        state,
        task.due,
        version,
        published,
        late_days=late,
        exit_code=exit_code,
        problems=problems,
    )


def _stands(task: Task) -> tuple[str, int]:
    """The version that the task is about and how late it is, as far as that can be told."""
    try:
        found = written(task)
        return (found.version if found else ""), late_by(task)
    except OpendataError:
        return "", late_days(task.schedule, task.due, task.means.clock())


def _planned(id: str, due: Sequence[Task]) -> Outcome:
    if not due:
        return Outcome(id, "nothing_due")
    first, release = due[0], written(due[0])
    state = standing(first, release) if release else None
    following = STEPS[_NEXT[state]]
    problems = (
        Problem(
            f"{id} {first.due.day.isoformat()}", Text("bước tiếp theo.", "the next step."), following.what
        ),
    )
    return replace(_outcome(first, (), "due", problems=problems), remaining=len(due) - 1)


_NEXT: dict[str | None, int] = {
    None: 0, "returned": 0, "refused": 0, "draft": 1, "submitted": 2, "approved": 3,
    "published": 4, "superseded": 4, "withdrawn": 4,
}  # fmt: skip
_NO_SCHEDULE = Text("bộ dữ liệu này không có lịch.", "this dataset has no schedule.")
_DECLARE = Text(
    "Khai mục schedule, ví dụ: from: 2026-02-10.", "Declare a section schedule, such as: from: 2026-02-10."
)
_REPORT = Text(
    "Không có gì dở dang được công bố; hãy báo lỗi này.", "Nothing half-done was published; please report it."
)
