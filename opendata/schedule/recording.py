"""What is done once at the end of a run: the static catalogue, and the events `run` of the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from opendata import site
from opendata.errors import OpendataError
from opendata.ledger import Entry, Event
from opendata.schedule.moments import Due, local
from opendata.schedule.outcomes import Outcome
from opendata.schedule.tasks import Means, Task, late_by, written
from opendata.site.writing import HOME
from opendata.workspace import Workspace

CALENDAR = "calendar.json"


def recorded(events: Iterable[Event], due: Due) -> bool:
    """Whether a run has seen a due release through to the end.

    Args:
        events: Of its dataset.
        due: What was due.
    """
    return any(
        event.kind == "run"
        and (event.facts.get("due"), event.facts.get("state")) == (due.day.isoformat(), "published")
        for event in events
    )


def refresh_site(means: Means, outcomes: Sequence[Outcome], *, done: bool) -> list[Outcome]:
    """Write the static catalogue anew, when there is one and it does not tell what is out or late.

    Args:
        means: What the run works with.
        outcomes: How it went.
        done: Whether anything was published.

    Returns:
        The outcomes; where the catalogue could not be written, those that it would have told say so.
    """
    late = any(outcome.late_days for outcome in outcomes)
    if not _configured(means.workspace) or not (done or (late and not _tells_today(means))):
        return list(outcomes)
    try:
        site.write(means.workspace, today=local(means.clock()), clock=means.clock)
    except OpendataError as refused:
        problems, code = refused.problems, refused.exit_code
        return [
            replace(one, exit_code=one.exit_code or code, problems=(*one.problems, *problems))
            if one.published or one.late_days
            else one
            for one in outcomes
        ]
    return list(outcomes)


def record(means: Means, done: Sequence[Task], outcomes: Sequence[Outcome]) -> None:
    """Write into the ledger what came to its end, and what else has changed since the last run.

    A release whose catalogue could not be written has not come to its end: the next run takes it up.

    Raises:
        SpecError: When the ledger cannot be written.
        VerificationError: When it is not whole.
    """
    failed = {outcome.id for outcome in outcomes if outcome.exit_code and outcome.state == "published"}
    out = [_published(means, task) for task in done if task.id not in failed]
    others = [_entry(means, outcome) for outcome in outcomes if outcome.due and outcome.state != "published"]
    if not (out or others):
        return
    with means.book.writing() as writer:
        known = writer.events()
        for entry in (*out, *others):
            if not _same(known, entry):
                writer.append(entry)


def _configured(workspace: Workspace) -> bool:
    """Whether the workspace has a static catalogue: its address is known, or it was written before."""
    return workspace.config.site.url is not None or (workspace.root / "site" / HOME).is_file()


def _tells_today(means: Means) -> bool:
    """Whether the calendar on the site is of this day; also where there is no site that could be wrong."""
    home = means.workspace.root / "site"
    if not (home / HOME).is_file():
        return True
    try:
        said = json.loads((home / CALENDAR).read_text(encoding="utf-8"))
        return bool(said["as_of"] == local(means.clock()).isoformat())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _published(means: Means, task: Task) -> Entry:
    due, release = task.due, written(task)
    version = release.version if release else ""
    facts = {"due": due.day.isoformat(), "period_end": due.end.isoformat(), "state": "published"}
    late = {"late_days": late_by(task), "exit_code": 0}
    return Entry("run", dataset=task.id, version=version, who=_who(means), facts=facts | late)


def _entry(means: Means, outcome: Outcome) -> Entry:
    """That a dataset stands where it stands; `outcome.due` is there."""
    due = outcome.due
    facts = {"due": due.day.isoformat() if due else "", "state": outcome.state}
    more = {"late_days": outcome.late_days, "exit_code": outcome.exit_code}
    return Entry("run", dataset=outcome.id, version=outcome.version, who=_who(means), facts=facts | more)


def _same(known: Sequence[Event], entry: Entry) -> bool:
    """Whether the last run of this dataset said the same: what stays as it is is not written down each time."""
    last = next((one for one in reversed(known) if (one.kind, one.dataset) == ("run", entry.dataset)), None)
    names = ("due", "state", "exit_code")
    return (
        last is not None
        and last.version == entry.version
        and all(last.facts.get(name) == entry.facts.get(name) for name in names)
    )


def _who(means: Means) -> str:
    return means.key.id if means.key else ""
